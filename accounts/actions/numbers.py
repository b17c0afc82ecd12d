"""A lost SIM or a new number: asked for by the person, confirmed by an officer."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.models import UNFINISHED, Person, PhoneChange, User
from accounts.queries import has_staff_password
from lib import text
from lib.refusals import Refusal
from messaging.actions import enqueue
from provinces.models import Place


@transaction.atomic
def request_phone_change(*, name: str, place: Place, old_phone: str, new_phone: str, at: datetime) -> PhoneChange:
    """Puts the request into the queue of the place's officer; the same request twice is one.

    By name as well, however it is typed: two people who never had a number may ask for the same new one, and an officer
    has to see both.
    """
    change, _created = PhoneChange.objects.get_or_create(
        old_phone=old_phone,
        new_phone=new_phone,
        search=text.fold(text.name(name))[:120],
        status=PhoneChange.Status.OPEN,
        defaults={"name": name, "place": place, "requested_at": at},
    )
    return change


@transaction.atomic
def decide_phone_change(
    *, change: PhoneChange, by: User, is_confirmed: bool, person: Person | None, reason: str, at: datetime
) -> None:
    """An officer's decision, audited. Confirming gives the person's log-in the new number and tells that number.

    What else the same person sent for that number is closed with it: nobody is called, or told, twice. Raises Refusal when
    the request was decided already, no reason is given, no person is chosen, or the new number belongs to somebody else.
    """
    # All of one number, and in one order: two officers who confirm two requests of one person wait, and do not block each other.
    same_number = list(PhoneChange.objects.select_for_update().filter(new_phone=change.new_phone).order_by("pk"))
    change = next(one for one in same_number if one.pk == change.pk)
    if change.status != PhoneChange.Status.OPEN:
        raise Refusal(
            _(
                "Yêu cầu này đã có người quyết định trước rồi, nên lần này không ghi thêm gì. Hãy mở lại danh sách để xem quyết định đó."
            )
        )
    reason = text.nfc(reason)[:200]
    if not reason:
        raise Refusal(
            _("Chưa ghi quyết định, vì chưa có lý do. Hãy ghi đã xác minh thế nào, hoặc vì sao từ chối, rồi bấm lại.")
        )
    closed, is_off = [change], False
    if is_confirmed:
        if person is None:
            raise Refusal(
                _("Chưa xác nhận được vì chưa chọn người. Hãy chọn đúng người đã gửi yêu cầu này, rồi bấm lại.")
            )
        is_off = not _give_number(person, change.new_phone, at).is_active
        log(instance=person, title=person.log_title, action="accounts.number_given", user=by, data={"reason": reason})
        closed += _repeats(change, person, same_number)
    status = PhoneChange.Status.CONFIRMED if is_confirmed else PhoneChange.Status.REFUSED
    for one in closed:
        one.status, one.person, one.decided_by, one.decided_at, one.reason = status, person, by, at, reason
        one.save()
        log(
            instance=one,
            title=f"{one._meta.verbose_name} {one.pk}",
            action="accounts.phone_change_decided",
            user=by,
            data={"status": status, "reason": reason},
        )
    enqueue(to=change.new_phone, body=_told(is_confirmed, is_off), purpose="phone-change", at=at)


def _told(is_confirmed: bool, is_off: bool) -> str:
    """Nobody is asked in whose log-in is switched off."""
    if not is_confirmed:
        return "Hoc OCOP: yeu cau doi so dien thoai chua duoc xac nhan. Ket qua hoc cua anh/chi van con nguyen. Hay gap can bo xa de duoc giup."
    if is_off:
        return "Hoc OCOP: da doi sang so nay, ket qua hoc van con nguyen. Tai khoan dang tam ngung dang nhap: hay gap can bo xa de duoc mo lai."
    return "Hoc OCOP: da doi sang so nay, ket qua hoc van con nguyen. Anh/chi vao bang ma gui qua tin nhan, roi dat ma PIN moi. Ma PIN cu da huy."


def _repeats(change: PhoneChange, person: Person, same_number: list[PhoneChange]) -> list[PhoneChange]:
    """By the name as declared or the person's own; somebody of another name who asks for that number is still called."""
    names, is_open = {change.search, person.search}, PhoneChange.Status.OPEN
    return [one for one in same_number if one.pk != change.pk and one.status == is_open and one.search in names]


def _tell_the_number_before(phone: str, at: datetime) -> None:
    """Where the wrong person was chosen, whoever is out now learns why, and whom to ask."""
    body = "Hoc OCOP: can bo vua doi so dang nhap cua tai khoan nay sang so khac. Ket qua hoc van con nguyen. Neu khong phai anh/chi xin doi, hay bao ngay can bo xa."
    enqueue(to=phone, body=body, purpose="phone-change", at=at)


def _draft_of(unfinished: QuerySet[User]) -> dict[str, Any]:
    """What somebody typed who was signing up with the number: kept with it, for when they say that it is theirs."""
    return next(iter(unfinished.values_list("profile_draft", flat=True)), {})


def _give_number(person: Person, phone: str, at: datetime) -> User:
    others = User.objects.filter(phone=phone).exclude(person=person, person__isnull=False)
    if others.exclude(UNFINISHED | Q(person__merged_into__isnull=False)).exists():
        raise Refusal(
            _(
                "Chưa đổi số: số mới đang là số đăng nhập của người khác. Yêu cầu vẫn còn chờ; hãy gọi hỏi lại người gửi, hoặc từ chối và ghi lý do."
            )
        )
    draft = _draft_of(others)
    others.delete()
    known = User.objects.filter(person=person).first()
    if known and has_staff_password(known):
        raise Refusal(
            _(
                "Chưa đổi số, vì đây là tài khoản cán bộ: số do quản trị hệ thống đổi trong mục Cán bộ. Yêu cầu vẫn còn chờ; hãy báo quản trị hệ thống đổi giúp, gọi cho người ấy biết, rồi từ chối yêu cầu này kèm lý do."
            )
        )
    user = known or User(person=person, date_joined=at)
    if user.phone and user.phone != phone:
        _tell_the_number_before(user.phone, at)
    user.phone, user.phone_verified_at = phone, None  # the next code confirms it
    # Whoever holds the old phone is out: sessions hang on the password's hash, and PIN and link were made on that phone.
    user.set_unusable_password()
    user.has_pin, user.profile_draft = False, draft
    user.save()
    user.identities.all().delete()
    person.contact_phone = phone
    person.save(update_fields=["contact_phone"])
    return user
