"""“Dữ liệu của tôi”: what is kept, a copy to take along, what may be asked for. Nothing of it is ever kept by a browser."""

import json

from allauth.core.exceptions import RateLimited
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import helping
from accounts.access import person_required, the_person
from accounts.forms import digits
from accounts.models import DataRequest, Person
from accounts.queries import deletion_of, is_name_on_paper, told_to_staff
from accounts.views.journey import next_address, onward, the_user
from lib.dates import local_day, short
from lib.refusals import Refusal

from . import actions, kept, proving, rules
from .forms import AskForm

Kind = DataRequest.Kind
LOOKED_AT = 20  # requests
BELOW = ("accounts.Consent.person", "accounts.DataRequest.person")  # in words of their own
# What is asked of an officer in words of one's own; the rest is done here, or has a page of its own.
ASKED = {
    "sua": (
        Kind.CORRECT,
        gettext_lazy("Nhờ sửa thông tin"),
        gettext_lazy("Điều gì ghi chưa đúng (nơi ở, chủ thể, năm sinh…), đúng ra là gì?"),
    ),
    "han-che": (
        Kind.RESTRICT,
        gettext_lazy("Xin hạn chế việc dùng dữ liệu"),
        gettext_lazy("Anh/Chị muốn chúng tôi tạm ngừng dùng dữ liệu nào, vào việc gì?"),
    ),
    "phan-doi": (
        Kind.OBJECT,
        gettext_lazy("Phản đối việc dùng dữ liệu"),
        gettext_lazy("Anh/Chị phản đối việc gì, ví dụ gọi điện nhắc học?"),
    ),
}


def _requests(person: Person) -> list[DataRequest]:
    return list(person.data_requests.order_by("-received_at", "-pk")[:LOOKED_AT])


@never_cache
@person_required
@require_safe
def data(request: HttpRequest) -> HttpResponse:
    person = the_person(request)
    is_helped, consents = bool(helping.of(request)), person.consents.all()
    told = [one for one in kept.kinds(person, by_staff=is_helped) if one.name not in BELOW]
    context = {
        "kinds": [one for one in told if one.rows],
        "empty": [one.title for one in told if not one.rows],
        "is_helped": is_helped,
        "consents": (told_to_staff(consents) if is_helped else consents)
        .select_related("text")
        .order_by("-given_at", "-pk"),
        "requests": _requests(person),
        "deletion": deletion_of(person),
    }
    return render(request, "accounts/rights/data.html", context)


@never_cache
@person_required
@require_safe
def correct(request: HttpRequest) -> HttpResponse:
    """Where each thing is put right."""
    context = {"is_name_on_paper": is_name_on_paper(the_person(request)), "is_helped": bool(helping.of(request))}
    return render(request, "accounts/rights/correct.html", context)


@never_cache
@proving.proof_required
@require_http_methods(["GET", "HEAD", "POST"])
def copy(request: HttpRequest) -> HttpResponse:
    """The page has two buttons; a file is made at once, and that it was is noted."""
    if request.method != "POST":
        return render(request, "accounts/rights/copy.html")
    person, now = the_person(request), timezone.now()
    answer = file_of(person, for_machines="json" in request.POST)
    actions.note_done(person=person, kind=Kind.EXPORT, at=now)
    return answer


def file_of(person: Person, *, for_machines: bool, by_staff: bool = False) -> HttpResponse:
    now = timezone.now()
    name = f"du-lieu-ca-nhan-{local_day(now):%Y-%m-%d}"
    if for_machines:
        body = json.dumps(kept.as_data(person, now, by_staff=by_staff), ensure_ascii=False, indent=1)
        answer = HttpResponse(body, content_type="application/json; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{name}.json"'
    else:
        context = {"person": person, "kinds": kept.kinds(person, by_staff=by_staff), "at": now}
        answer = HttpResponse(render_to_string("accounts/rights/file.html", context))
        answer["Content-Disposition"] = f'attachment; filename="{name}.html"'
    return answer


@never_cache
@proving.proof_required
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest) -> HttpResponse:
    """What stays and why is read first, and on which day it happens."""
    person, now = the_person(request), timezone.now()
    if request.method == "POST":
        made = actions.ask(person=person, kind=Kind.DELETE, at=now)
        proving.forget(request)
        said = _("Đã nhận. Dữ liệu sẽ được xóa vào ngày %(day)s; trước ngày ấy anh/chị đổi ý thì bấm “Không xóa nữa”.")
        messages.success(request, said % {"day": short(made.erase_on) if made.erase_on else ""})
        return redirect("accounts_data")
    context = {
        "stays": kept.what_stays(),
        "day": rules.erase_on(local_day(now), settings.ERASE_WAIT_DAYS),
        "deletion": deletion_of(person),
    }
    return render(request, "accounts/rights/delete.html", context)


@never_cache
@person_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, what: str) -> HttpResponse:
    if what not in ASKED:
        raise Http404
    kind, title, question = ASKED[what]
    person = the_person(request)
    waiting = person.data_requests.filter(kind=kind, state__in=DataRequest.UNSETTLED).first()
    form = AskForm(request.POST or None)
    form.fields["note"].label = question
    if request.method == "POST" and not waiting and form.is_valid():
        by = helping.helper_of(request)
        made = actions.ask(person=person, kind=kind, note=form.cleaned_data["note"], at=timezone.now(), by=by)
        said = _("Đã gửi. Cán bộ trả lời chậm nhất ngày %(reply)s và làm xong chậm nhất ngày %(done)s.")
        messages.success(request, said % {"reply": short(made.reply_by), "done": short(made.done_by)})
        return redirect("accounts_data")
    context = {"form": form, "title": title, "kind": kind, "waiting": waiting}
    return render(request, "accounts/rights/ask.html", context)


@never_cache
@person_required
@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Nothing is lost by it, so that nobody has to prove anything; while an officer helps, it is written down as told to them."""
    mine = get_object_or_404(DataRequest.objects.filter(person=the_person(request)), pk=pk)
    if actions.take_back(request=mine, at=timezone.now(), by=helping.helper_of(request)):
        messages.success(
            request,
            _("Đã rút lại yêu cầu. Dữ liệu của anh/chị vẫn còn nguyên.")
            if mine.kind == Kind.DELETE
            else _("Đã rút lại yêu cầu."),
        )
    return redirect("accounts_data")


@sensitive_post_parameters("secret", "code", "card")
@never_cache
@person_required
@require_http_methods(["GET", "HEAD", "POST"])
def prove(request: HttpRequest) -> HttpResponse:
    """That this is the account's own holder; asked again after ten minutes."""
    user = the_user(request)
    error = ""
    if request.method == "POST":
        try:
            if _proved(request):
                return onward(request, "accounts_data")
        except Refusal as refusal:  # also that the day's messages are used up
            error = str(refusal)
        except RateLimited:
            return render(request, "429.html", status=429)
    context = {
        "error": error,
        "has_secret": user.has_usable_password(),
        "is_sent": proving.is_sent(request),
        "next": next_address(request),
    }
    return render(request, "accounts/rights/prove.html", context)


def _proved(request: HttpRequest) -> bool:
    """By what was typed; a code that is asked for proves nothing yet."""
    user, typed = the_user(request), request.POST
    if "secret" in typed and user.has_usable_password():
        proving.by_secret(request, user, typed["secret"])
    elif "send" in typed and user.phone:
        proving.send(request, user)
    elif "code" in typed and user.phone:
        proving.by_code(request, user, digits(typed["code"]))
    elif "card" in typed:
        proving.by_card(request, user, typed["card"])
    return proving.is_proven(request)
