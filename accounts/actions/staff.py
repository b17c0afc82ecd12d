"""Staff and their roles."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.models import COUNTRYWIDE, PROVINCEWIDE, Role, RoleAssignment, User
from accounts.queries import delegable_until
from accounts.rules import PRESSED_TWICE
from lib import dates, phones, text
from lib.dates import local_day
from lib.refusals import Refusal
from provinces.models import Level, Place


@transaction.atomic
def grant_role(
    *,
    user: User,
    role: str,
    place: Place | None,
    by: User | None,
    at: datetime,
    valid_from: date | None = None,
    valid_until: date | None = None,
) -> RoleAssignment:
    """Gives a role within a place, from a day (today unless told) until the end of another.

    Two presses of the button give it once. Raises Refusal for a place where the role has none (`COUNTRYWIDE`) or that is no province (`PROVINCEWIDE`), for a role that is held
    already, and for what `by` may not give (`rules.gives_until`); without `by` it is the system that gives.
    """
    if role in COUNTRYWIDE and place is not None:
        raise Refusal(_("Vai trò này là của cả nước: hãy chọn “Cả nước”."))
    if role in PROVINCEWIDE and place is not None and place.level != Level.PROVINCE:
        raise Refusal(_("Vai trò này là của cả tỉnh: hãy gõ tên tỉnh, thành phố."))
    _check_giver(user=user, role=role, place=place, last=valid_until, by=by, at=at)
    said = {"valid_from": valid_from or local_day(at), "valid_until": valid_until, "granted_by": by}
    if given := _make_room(user=user, role=role, place=place, said=said, at=at):
        return given
    assignment = RoleAssignment.objects.create(user=user, role=role, place=place, granted_at=at, **said)
    sync_groups(user=user, at=at)
    log(instance=user, action="accounts.role_granted", user=by, data={"role": role, "place": str(place or "")})
    return assignment


def _is_free_to_give(by: User | None) -> bool:
    return by is None or by.is_superuser


def _roles_locked(user: User, by: User, at: datetime) -> list[RoleAssignment]:
    """What `by` holds. Both stay as they are until the end: a role that its giver loses meanwhile is not given."""
    list(User.objects.select_for_update().filter(pk__in=[user.pk, by.pk]).order_by("pk"))
    return list(RoleAssignment.objects.on(local_day(at)).filter(user=by, user__is_active=True).select_related("place"))


def _check_giver(
    *, user: User, role: str, place: Place | None, last: date | None, by: User | None, at: datetime
) -> None:
    if by is None or _is_free_to_give(by):
        return
    if user.pk == by.pk:
        raise Refusal(_("Anh/Chị không tự giao vai trò cho mình được. Hãy nhờ cán bộ cấp trên."))
    limit = delegable_until(_roles_locked(user, by, at), role, place)
    if limit is None:
        raise Refusal(_("Anh/Chị không giao được vai trò này ở nơi này, nên chưa giao gì."))
    if limit != date.max and (last is None or last > limit):
        said = _("Vai trò của anh/chị chỉ đến hết ngày %(day)s, nên không giao cho người khác lâu hơn được.")
        raise Refusal(said % {"day": dates.localised(limit)})


def _make_room(
    *, user: User, role: str, place: Place | None, said: dict[str, Any], at: datetime
) -> RoleAssignment | None:
    """One such role at a time: one that ran out is closed, one that holds or will hold is not given twice. Returns what the same form has
    just given."""
    User.objects.select_for_update().get(pk=user.pk)  # two presses: the second finds the first one's
    same = RoleAssignment.objects.filter(user=user, role=role, place=place, ended_at=None)
    same.filter(valid_until__lt=local_day(at)).update(ended_at=at)
    given = same.filter(**said, granted_at__gt=at - PRESSED_TWICE).first() if said["granted_by"] else None
    if given is None and same.exists():
        raise Refusal(
            _(
                "Chưa giao thêm gì: người này đã có vai trò này, cùng phạm vi. Muốn đổi ngày, hãy cho thôi vai trò cũ rồi giao lại."
            )
        )
    return given


@transaction.atomic
def end_role(*, assignment: RoleAssignment, by: User | None, reason: str, at: datetime) -> None:
    """Takes a role at once, or before it begins. Raises Refusal for one's own role, for one that is over, and for one that `by` could
    not give."""
    if by is not None and by.pk == assignment.user_id:
        raise Refusal(
            _(
                "Anh/Chị không tự cho mình thôi vai trò được, nên chưa có gì thay đổi. Hãy nhờ một quản trị hệ thống khác."
            )
        )
    if by is not None and not _is_free_to_give(by):
        held = _roles_locked(assignment.user, by, at)
        if delegable_until(held, assignment.role, assignment.place) is None:
            raise Refusal(_("Vai trò này không do anh/chị giao hay cho thôi được, nên chưa có gì thay đổi."))
    user = User.objects.select_for_update().get(pk=assignment.user_id)
    running = RoleAssignment.objects.not_over(local_day(at)).filter(pk=assignment.pk)
    if not running.update(ended_at=at, ended_by=by, end_reason=reason):
        raise Refusal(_("Vai trò này đã hết từ trước, không có gì thay đổi."))
    sync_groups(user=user, at=at)
    data = {"role": assignment.role, "place": str(assignment.place or ""), "reason": reason}
    log(instance=user, action="accounts.role_ended", user=by, data=data)


@transaction.atomic
def extend_role(*, assignment: RoleAssignment, valid_until: date, by: User | None, at: datetime) -> None:
    """Lets a role that ends some day last until a later one.

    Raises Refusal for a role that is over, has no end or lasts as long already, and for what `by` may not give so long.
    """
    user, before = assignment.user, assignment.valid_until
    _check_giver(user=user, role=assignment.role, place=assignment.place, last=valid_until, by=by, at=at)
    user = User.objects.select_for_update().get(pk=user.pk)
    running = RoleAssignment.objects.not_over(local_day(at)).filter(pk=assignment.pk, valid_until__lt=valid_until)
    if not running.update(valid_until=valid_until):
        raise Refusal(_("Vai trò này đã hết, hoặc không ngắn hơn ngày ấy, nên không có gì thay đổi."))
    days = {"from": str(before), "until": str(valid_until)}
    data = {"role": assignment.role, "place": str(assignment.place or "")} | days
    log(instance=user, action="accounts.role_extended", user=by, data=data)


@transaction.atomic
def sync_groups(*, user: User, at: datetime) -> None:
    """Groups and rights follow the assignments of the day: Wagtail's permissions hang on groups.

    One after another for a user: what another call changes meanwhile is waited for, as no job would put right a group
    that was given for a role that is over.
    """
    user.refresh_from_db(from_queryset=User.objects.select_for_update())
    user.roles_known = None
    roles = set(RoleAssignment.objects.on(local_day(at)).filter(user=user).values_list("role", flat=True))
    mine = [Group.objects.get_or_create(name=role)[0] for role in sorted(roles)]
    others = Group.objects.filter(name__in=[role for role in Role.values if role not in roles])
    user.groups.remove(*others)
    user.groups.add(*mine)
    _give_rights(user, roles)


def _give_rights(user: User, roles: set[str]) -> None:
    """A PIN ends on the day on which somebody becomes staff, and not before: staff need a password."""
    user.is_superuser, user.is_staff = Role.ADMINISTRATOR in roles, bool(roles)
    if user.is_staff and user.has_pin:
        user.set_unusable_password()
        user.has_pin = False
    user.save(update_fields=["is_superuser", "is_staff", "has_pin", "password"])


def end_expired_roles(*, at: datetime) -> int:
    """Takes the rights of assignments whose last day has passed; returns how many people lost some."""
    running = RoleAssignment.objects.on(local_day(at)).filter(user=OuterRef("user"))
    expired = RoleAssignment.objects.filter(valid_until__lt=local_day(at), user__is_staff=True)
    held = expired.filter(
        Q(user__groups__name=F("role")) | Q(role=Role.ADMINISTRATOR, user__is_superuser=True) | ~Exists(running),
        ~Exists(running.filter(role=OuterRef("role"))),
    )
    users = {assignment.user for assignment in held.select_related("user")}
    for user in users:
        sync_groups(user=user, at=at)
    return len(users)


def begin_due_roles(*, at: datetime) -> int:
    """Gives the rights of assignments whose first day has come; returns how many people gained some."""
    member = User.groups.through.objects.filter(user=OuterRef("user"), group__name=OuterRef("role"))
    due = RoleAssignment.objects.on(local_day(at)).filter(~Exists(member))
    users = {assignment.user for assignment in due.select_related("user")}
    for user in users:
        sync_groups(user=user, at=at)
    return len(users)


@transaction.atomic
def create_staff(
    *,
    phone: str,
    name: str,
    password: str,
    roles: Iterable[tuple[str, Place | None]],
    by: User | None,
    at: datetime,
    valid_from: date | None = None,
    valid_until: date | None = None,
    is_demo: bool = False,
) -> User:
    """A staff member by name, phone number and password; the number is proved by its first code, as everybody's.

    Raises ValidationError for a weak password or a taken number, Refusal for a role that `by` may not give.
    """
    roles = list(roles)
    if not roles and not _is_free_to_give(by):
        raise Refusal(_("Hãy chọn vai trò."))
    number = phones.to_e164(phone)
    if User.objects.filter(phone=number).exists():
        raise ValidationError(
            _(
                "Số điện thoại này đã có tài khoản. Hãy tìm số này trong mục Học viên hoặc Cán bộ, rồi giao vai trò cho người đó."
            )
        )
    validate_password(password)
    user = User(phone=number, display_name=text.nfc(name), is_demo=is_demo, date_joined=at)
    user.set_password(password)
    user.save()
    log(instance=user, action="wagtail.create", user=by)
    for role, place in roles:
        grant_role(user=user, role=role, place=place, by=by, at=at, valid_from=valid_from, valid_until=valid_until)
    return user


def created_just_now(
    *, phone: str, name: str, password: str, role: str, place: Place | None, by: User, at: datetime
) -> User | None:
    """Whom the same form has made a moment ago: a second press finds a taken number, and the first password is told only once."""
    given = {"roles__role": role, "roles__place": place, "roles__granted_by": by}
    known = User.objects.filter(phone=phones.to_e164(phone), display_name=text.nfc(name), **given)
    user = known.filter(date_joined__gt=at - PRESSED_TWICE).first()
    return user if user and user.check_password(password) else None
