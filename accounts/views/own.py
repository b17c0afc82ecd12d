"""One's own pages: account, name, PIN, agreements; for colleagues their roles."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import actions, forms, helping
from accounts.access import person_required, the_person
from accounts.models import Consent, User
from accounts.queries import (
    has_staff_password,
    is_asked_again,
    is_name_on_paper,
    is_or_was_colleague,
    open_consent_texts,
    own_roles,
    running_consents,
)
from accounts.rules import OWN_ONLY
from lib.refusals import Refusal

from .journey import next_address, onward, the_user, to


@never_cache
@person_required
def home(request: HttpRequest) -> HttpResponse:
    person = the_person(request)
    context = {
        "person": person,
        "consents": _to_see(request),
        "is_helped": bool(helping.of(request)),
        "is_name_on_paper": is_name_on_paper(person),
        "has_staff_password": has_staff_password(the_user(request)),
        "has_more_to_agree": bool(open_consent_texts(person, get_language() or "vi")),
    }
    return render(request, "accounts/home.html", context)


def _to_see(request: HttpRequest) -> list[Consent]:
    """What the person agrees to; while an officer looks on, without what is not for officers."""
    running = running_consents(the_person(request))
    return [one for one in running if not (helping.of(request) and one.text.purpose in OWN_ONLY)]


@never_cache
@login_required
@require_safe
def colleague(request: HttpRequest) -> HttpResponse:
    """Who works here without being a learner: the roles, the way to the admin, and learning as a choice."""
    user = the_user(request)
    if user.person_id or not is_or_was_colleague(user):
        return to("accounts_profile", request)
    there = next_address(request)
    is_for_learners = not there.startswith(reverse("wagtailadmin_home"))
    return render(request, "accounts/colleague.html", own_roles(user) | {"next": there if is_for_learners else ""})


@never_cache
@person_required
@require_http_methods(["GET", "HEAD", "POST"])
def name(request: HttpRequest) -> HttpResponse:
    person = the_person(request)
    form = forms.PrintedNameForm(request.POST or None, initial={"name": person.name})
    if request.method == "POST" and form.is_valid():
        try:
            by = helping.helper_of(request) or the_user(request)
            is_changed = actions.correct_own_name(person=person, by=by, **form.cleaned_data)
        except Refusal as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, _("Đã sửa tên.") if is_changed else _("Không có gì thay đổi."))
        return redirect("accounts_home")
    return render(request, "accounts/name.html", {"form": form, "is_name_on_paper": is_name_on_paper(person)})


@never_cache
@person_required
@require_http_methods(["GET", "HEAD", "POST"])
def pin(request: HttpRequest) -> HttpResponse:
    user = the_user(request)
    if helping.of(request):
        said = _(
            "Chưa đặt mã PIN, vì cán bộ đang giúp trên máy này. Mã PIN chỉ mình anh/chị biết: hãy tự đặt trên máy của mình."
        )
        messages.warning(request, said)
        return redirect("accounts_home")
    if not user.phone:
        messages.warning(
            request,
            _(
                "Chưa đặt được mã PIN, vì tài khoản này chưa có số điện thoại. Anh/Chị nhờ cán bộ xã ghi số điện thoại, rồi quay lại đặt mã."
            ),
        )
        return redirect("accounts_home")
    form = forms.PinForm(request.POST or None, birth_year=user.person.birth_year if user.person else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_pin(user=user, pin=form.cleaned_data["pin"])
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            _keep_session(request, user)
            messages.success(request, _("Đã đặt mã PIN. Lần sau vào máy khác chỉ cần số điện thoại và mã này."))
            return redirect("accounts_home")
    return render(request, "accounts/pin.html", {"form": form})


def _keep_session(request: HttpRequest, user: User) -> None:
    from django.contrib.auth import update_session_auth_hash

    update_session_auth_hash(request, user)


@never_cache
@person_required
@require_http_methods(["GET", "HEAD", "POST"])
def consent(request: HttpRequest) -> HttpResponse:
    """What the person has not agreed to, took back, or is asked again, to agree to now."""
    person = the_person(request)
    texts = open_consent_texts(person, get_language() or "vi")
    form = forms.ConsentForm(request.POST if request.method == "POST" else None, texts=texts)
    if texts and request.method == "POST" and form.is_valid():
        by = helping.helper_of(request)
        how = Consent.How.HELPED if by else Consent.How.SELF
        actions.give_consents(person=person, texts=form.given(), at=timezone.now(), how=how, recorded_by=by)
        return onward(request, "accounts_home")
    if not texts:
        if (
            not person.has_consented
        ):  # the ledger says otherwise: whoever was sent here would be sent here again and again
            actions.give_consents(person=person, texts=[], at=timezone.now())
        return onward(request, "accounts_home")
    context = {"form": form, "person": person, "is_asked_again": is_asked_again(person), "next": next_address(request)}
    return render(request, "accounts/consent.html", context)


@never_cache
@person_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """A link says first what follows from taking an agreement back; only the button there does it. Not while an officer helps: the ledger
    would say that the person did it alone. At the office it is written down as a request."""
    person = the_person(request)
    if helping.of(request):
        said = _(
            "Chưa rút lại, vì cán bộ đang giúp trên máy này. Anh/Chị rút lại trên máy của mình, hoặc nhờ cán bộ ghi yêu cầu rút lại sự đồng ý."
        )
        messages.warning(request, said)
        return redirect("accounts_home")
    row = next((row for row in _to_see(request) if row.pk == pk), None)
    if row is not None and request.method != "POST":
        return render(request, "accounts/withdraw.html", {"consent": row})
    if row is not None and actions.withdraw_consent(person=person, consent_id=pk, at=timezone.now()):
        messages.success(request, _after_withdrawal(row))
    return redirect("accounts_home")


def _after_withdrawal(row: Consent) -> str:
    if row.text.is_required:
        return _(
            "Đã rút lại sự đồng ý. Từ giờ chúng tôi không ghi thêm kết quả học; những gì đã ghi vẫn được giữ. Anh/Chị đồng ý lại lúc nào cũng được, trong mục Tài khoản."
        )
    if row.text.purpose in OWN_ONLY:
        return _("Đã rút lại sự đồng ý và xóa câu trả lời. Việc học và kết quả của anh/chị không thay đổi.")
    return _("Đã rút lại sự đồng ý. Việc học và kết quả của anh/chị không thay đổi.")
