"""Importing a list of people in the admin: the file, what was understood of it, what would come of each row, and the button."""

import io
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import actions
from accounts.access import home_of, managed_places, people_visible_to, staff_with
from accounts.models import ConsentText, Person, User
from accounts.queries import current_consent_texts, people_listed_by
from lib.headings import heading
from lib.lists import decisions_of, returning
from lib.lists.forms import ListForm
from lib.lists.keeping import Keeping, Kept, as_said, begun
from lib.refusals import Refusal
from provinces.models import Level

from .columns import LIST, detect, says_gender
from .deciding import Listing, Scope, Verdict
from .forms import AgreementForm, SettingForm, SheetForm
from .planning import plan
from .sample import workbook

TO_REGISTER, TO_SEE, TO_CORRECT = "accounts.add_person", "accounts.view_person", "accounts.change_person"
KEEPING = Keeping("people")


def _scope(user: User) -> Scope:
    return Scope(
        people=people_visible_to(user, TO_SEE),
        correctable=people_visible_to(user, TO_CORRECT) if user.has_perm(TO_CORRECT) else Person.objects.none(),
        places=managed_places(user, TO_REGISTER),
        home=home_of(user, TO_REGISTER),
        own=user.person_id,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with(TO_REGISTER)
def begin(request: HttpRequest, user: User) -> HttpResponse:
    is_sent = request.method == "POST"
    form = ListForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    if is_sent and form.is_valid():
        home = _scope(user).home
        commune = home if home and home.level == Level.COMMUNE else None
        said = {"place": commune.pk if commune else None, "place_said": commune.full_name if commune else ""}
        return _kept_as(user, begun(form.cleaned_data, detect, **said))
    context = {"form": form} | heading(_("Nhập danh sách học viên"), "user", _list())
    return render(request, "accounts/admin/newcomers.html", context, status=422 if is_sent else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with(TO_REGISTER)
def look(request: HttpRequest, user: User, token: str) -> HttpResponse:
    """Nothing is written before the button; a second press of it changes nothing and says so."""
    kept = KEEPING.find(token, owner=user.pk, at=timezone.now())
    if kept is None:
        messages.info(
            request, _("Danh sách này không còn được giữ. Hãy tải lên lại; ai đã nhập rồi thì không bị nhập hai lần.")
        )
        return redirect("accounts_admin:import_people")
    listing, scope, do = _listing(kept), _scope(user), request.POST.get("do", "")
    posted = request.POST if do == "columns" else None
    sheet_forms = [
        SheetForm(posted, sheet=sheet, columns=columns, prefix=f"s{at}")
        for at, (sheet, columns) in enumerate(zip(listing.sheets, listing.columns, strict=True))
    ]
    said = {"place": kept.about.get("place_said", ""), "is_correcting": listing.is_correcting}
    setting = SettingForm(posted, within=scope.places, home=scope.home, initial=said)
    if do == "columns" and all([setting.is_valid(), *[form.is_valid() for form in sheet_forms]]):
        return _kept_as(user, _as_set(kept, setting, sheet_forms))
    planned = plan(listing, scope=scope, this_year=timezone.localdate().year)
    agreement = AgreementForm(request.POST if do == "confirm" and planned.of(Verdict.NEW) else None)
    if do in ("decide", "confirm"):
        decided = decisions_of(request.POST, planned.lines, kept.decisions)
        if decided != kept.decisions:  # kept, beside whichever button it was said
            if do == "confirm":
                messages.warning(request, _("Đã ghi các lựa chọn của anh/chị. Hãy xem lại rồi bấm nhập lần nữa."))
            return _kept_as(user, kept.saying(decisions=decided))
    is_wrong = do == "columns" or (agreement.is_bound and not agreement.is_valid())
    if agreement.errors:  # Wagtail adds the button that leads to the first one
        messages.error(request, _("Chưa nhập ai. Hãy xem chỗ chưa đúng ở phần “Sự đồng ý của người mới”."))
    if do == "confirm" and not is_wrong and (done := _import(request, user, listing, agreement)):
        return done
    texts = _texts()
    context = planned.shown | _written_before(user, listing) | {
        "token": token, "name": kept.about["name"], "sheet_forms": sheet_forms, "setting": setting, "agreement": agreement, "texts": texts,
        "are_columns_open": do == "columns" or not planned.lines, "says_gender": any(map(says_gender, listing.sheets, listing.columns)),
    } | heading(_("Xem trước danh sách"), "user", _list(), _above())  # fmt: skip
    return render(request, "accounts/admin/newcomers_look.html", context, status=422 if is_wrong else 200)


@require_safe
@staff_with(TO_REGISTER)
def left(request: HttpRequest, user: User, token: str) -> Any:
    """What does not come in, as a workbook."""
    kept = KEEPING.find(token, owner=user.pk, at=timezone.now())
    if kept is None:
        messages.info(request, _("Danh sách này không còn được giữ. Hãy tải lên lại."))
        return redirect("accounts_admin:import_people")
    listing = _listing(kept)
    rows = plan(listing, scope=_scope(user), this_year=timezone.localdate().year).left
    file = io.BytesIO(returning.workbook(rows, list(zip(listing.sheets, listing.columns, strict=True)), LIST))
    return FileResponse(file, as_attachment=True, filename="chua-nhap.xlsx")


@require_safe
@staff_with(TO_REGISTER)
def sample(request: HttpRequest, user: User) -> Any:
    return FileResponse(io.BytesIO(workbook()), as_attachment=True, filename="mau-danh-sach-hoc-vien.xlsx")


def _import(request: HttpRequest, user: User, listing: Listing, agreement: AgreementForm) -> HttpResponse | None:
    try:
        done = actions.import_people(
            listing=listing,
            scope=_scope(user),
            seen=request.POST.get("seen", ""),
            consents=_texts(),
            how=agreement.cleaned_data["how"] if agreement.is_bound else "",
            by=user,
            at=timezone.now(),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return None
    if done.has_changed:
        said = _("Đã nhập: %(new)s người mới, %(changed)s hồ sơ được bổ sung.")
        messages.success(request, said % {"new": len(done.new), "changed": done.changed})
    else:
        messages.info(request, _("Danh sách này đã nhập từ trước: không có gì thay đổi."))
    return redirect(request.path)


def _texts() -> list[ConsentText]:
    return [one for one in current_consent_texts("vi") if one.is_required]


def _written_before(user: User, listing: Listing) -> dict[str, Any]:
    """How those get in whom this file wrote down, and where their cards are printed."""
    key: UUID = listing.key
    people = people_visible_to(user, TO_REGISTER).filter(pk__in=people_listed_by(key))
    written, without = people.count(), people.filter(user__phone=None).count()
    return {"written": written, "with_number": written - without, "without_number": without, "list_key": key}


def _as_set(kept: Kept, setting: SettingForm, sheet_forms: list[SheetForm]) -> Kept:
    place = setting.cleaned_data["place"]
    return kept.saying(
        columns=as_said(sheet_forms),
        place=place.pk if place else None,
        place_said=place.full_name if place else "",
        is_correcting=setting.cleaned_data["is_correcting"],
    )


def _kept_as(user: User, kept: Kept) -> HttpResponse:
    return redirect("accounts_admin:look_at_people", KEEPING.keep(kept, owner=user.pk, at=timezone.now()))


def _listing(kept: Kept) -> Listing:
    about = kept.about
    return Listing(kept.sheets, kept.columns, kept.decisions, about.get("place"), about.get("is_correcting", False))


def _list() -> tuple[str, str]:
    return reverse("person:index"), _("Học viên")


def _above() -> tuple[str, str]:
    return reverse("accounts_admin:import_people"), _("Nhập danh sách học viên")


PATTERNS = [
    path("nhap/", begin, name="import_people"),
    path("nhap/mau.xlsx", sample, name="sample_of_people"),
    path("nhap/<str:token>/", look, name="look_at_people"),
    path("nhap/<str:token>/chua-nhap.xlsx", left, name="left_of_people"),
]
