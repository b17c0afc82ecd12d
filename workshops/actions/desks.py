"""Desks at the door and their codes: made, given another code, ended, and shut where somebody else has got hold of one."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from wagtail.log_actions import log

from accounts.models import User
from lib import codes, text
from lib.refusals import Refusal
from workshops import queries
from workshops.access import is_manned
from workshops.models import Desk, Workshop

from .registering import locked

CODE_LENGTH = 10  # 48 bits: a roster that was taken off a phone is opened by trying codes alone
PURPOSE = "desk"
LONGEST_HOURS = 72


@transaction.atomic
@sensitive_variables()
def make_desk(
    *, workshop: Workshop, name: str, hours: int, by: User | None, at: datetime, sent_as: UUID | None = None
) -> tuple[Desk, str]:
    """A desk, and its code, which nobody can be shown again. A second press of the button (`sent_as` tells all that the form said) makes no second
    desk, and its code is the one that counts, as the answer to the first press is shown to nobody. Raises Refusal for a workshop that is cancelled,
    closed or over."""
    workshop = locked(workshop)
    if sent_as and (known := workshop.desks.filter(made_by=by, sent_as=sent_as).first()):
        return known, recode_desk(desk=known, by=by, at=at)
    end = queries.desk_ends(workshop, min(hours, LONGEST_HOURS), at)
    if workshop.cancelled_at or workshop.closed_at or end <= at:
        raise Refusal(_("Lớp này đã hủy hoặc đã kết thúc, nên không lập bàn điểm danh nữa."))
    code, name = _new_code(), text.nfc(name)[:60] or _("Bàn %(number)s") % {"number": workshop.desks.count() + 1}
    desk = Desk.objects.create(
        workshop=workshop, name=name, code_hash=codes.digest(PURPOSE, code), made_by=by, made_at=at, expires_at=end,
        sent_as=sent_as,
    )  # fmt: skip
    _log(desk, "workshops.desk_made", by)
    return desk, code


@transaction.atomic
@sensitive_variables()
def recode_desk(*, desk: Desk, by: User | None, at: datetime) -> str:
    """Another code for a desk whose code was lost. The old one opens it for no phone any more; phones that have its list keep that sealed with
    the code by which they opened it, and go on. Raises Refusal for a desk that is over."""
    desk = Desk.objects.select_for_update(of=("self",)).select_related("workshop__activity").get(pk=desk.pk)
    if not is_manned(desk, at):
        raise Refusal(_("Bàn này đã đóng hoặc hết giờ, nên không cấp mã mới. Hãy lập bàn khác."))
    code = _new_code()
    desk.code_hash = codes.digest(PURPOSE, code)
    desk.save(update_fields=["code_hash"])
    _log(desk, "workshops.desk_recoded", by)
    return code


@transaction.atomic
def end_desk(*, desk: Desk, by: User | None, at: datetime) -> bool:
    """Whether it was still open. What its devices recorded before still counts when it comes in."""
    if not Desk.objects.filter(pk=desk.pk, ended_at=None, expires_at__gt=at).update(ended_at=at):
        return False
    _log(desk, "workshops.desk_ended", by)
    return True


@transaction.atomic
def shut_desk(*, desk: Desk, by: User | None, at: datetime) -> bool:
    """Ends a desk that others got hold of, and takes its word for nothing that comes from now on, whenever that is said to have happened: it is
    kept for the organiser to look at. Whether it was not shut yet."""
    if not Desk.objects.filter(pk=desk.pk, shut_at=None).update(shut_at=at):
        return False
    Desk.objects.filter(pk=desk.pk, ended_at=None, expires_at__gt=at).update(ended_at=at)
    _log(desk, "workshops.desk_shut", by)
    return True


def _new_code() -> str:
    return codes.random_code(CODE_LENGTH)


def _log(desk: Desk, action: str, by: User | None) -> None:
    workshop = desk.workshop
    log(instance=workshop, title=workshop.title, action=action, user=by, data={"desk": desk.name})
