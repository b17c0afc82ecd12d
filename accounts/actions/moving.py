"""People who live elsewhere from a day on: asked for by themselves and confirmed, or written by an officer of the place they leave.

What was recorded keeps the place of its day. From the day of the move on the officers of the old place see the person no more, and those
of the new one do.
"""

from contextlib import suppress
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.models import PENDING, Move, MoveState, Person, User
from lib import text
from lib.dates import local_day
from lib.refusals import Refusal
from provinces.models import Place

MOVED, REFUSED, TAKEN_BACK = "accounts.person_moved", "accounts.move_refused", "accounts.move_taken_back"
FURTHEST = timedelta(days=366)  # a day further off, or longer ago, is a slip of the keyboard


@transaction.atomic
def ask_move(*, person: Person, place: Place, moves_on: date, by: User, at: datetime) -> Move:
    """The person's own request, which waits for an officer of either place; asked again it says what was asked last.

    Raises Refusal for the place where somebody lives, a day that cannot be meant, and where an officer has confirmed a move already.
    """
    person = _held(person)
    _refuse(person, place, moves_on, at)
    if ahead := _ahead(person):
        if ahead.state == MoveState.CONFIRMED:
            raise Refusal(
                _(
                    "Cán bộ đã xác nhận một lần chuyển nơi ở của anh/chị, chưa tới ngày. Muốn đổi, hãy bấm “Bỏ lần chuyển này” trước."
                )
            )
        Move.objects.filter(pk=ahead.pk).update(after=place, moves_on=moves_on, before=person.place_id, asked_at=at)
        return Move.objects.get(pk=ahead.pk)
    return Move.objects.create(
        person=person, before=person.place, after=place, moves_on=moves_on, asked_by=by, asked_at=at
    )


@transaction.atomic
def write_move(*, person: Person, place: Place, moves_on: date, by: User, reason: str, at: datetime) -> Move:
    """An officer of the place that is left writes the move down: done at once where the day has come, else on that day. What the
    person asked for meanwhile is answered by it; pressed again it is the one that waits already. Raises Refusal as `ask_move` does, without
    a reason, and for oneself."""
    reason = _reason(reason)
    person = _held(person)
    _refuse_own(person, by)
    _refuse(person, place, moves_on, at)
    waiting = Move.objects.filter(person=person, state=MoveState.CONFIRMED, after=place, moves_on=moves_on)
    if moves_on > local_day(at) and (known := waiting.first()):
        return known
    Move.objects.filter(person=person, state__in=PENDING).update(
        state=MoveState.TAKEN_BACK, decided_by=by, decided_at=at
    )
    move = Move.objects.create(
        person=person,
        before=person.place,
        after=place,
        moves_on=moves_on,
        state=MoveState.CONFIRMED,
        asked_by=by,
        asked_at=at,
        decided_by=by,
        decided_at=at,
        reason=reason,
    )
    _log(move, person, MOVED, by, reason)
    _do(move, person, at)
    return move


@transaction.atomic
def decide_move(*, move: Move, by: User, is_confirmed: bool, reason: str, at: datetime) -> Move:
    """Raises Refusal for what was decided already, without a reason, and for oneself."""
    reason = _reason(reason)
    person, move = _held_with(move)
    _refuse_own(person, by)
    if move.state != MoveState.OPEN:
        raise Refusal(
            _("Yêu cầu này đã được quyết định hoặc đã bỏ, nên không ghi gì thêm. Hãy mở lại danh sách để xem.")
        )
    move.state = MoveState.CONFIRMED if is_confirmed else MoveState.REFUSED
    move.decided_by, move.decided_at, move.reason = by, at, reason
    move.save()
    _log(move, person, MOVED if is_confirmed else REFUSED, by, reason)
    if is_confirmed:
        _do(move, person, at)
    return move


@transaction.atomic
def take_back_move(*, move: Move, by: User, at: datetime) -> bool:
    """Before its day, by the person or by an officer; whether there was something to take back."""
    person, move = _held_with(move)
    taken = Move.objects.filter(pk=move.pk, state__in=PENDING).update(
        state=MoveState.TAKEN_BACK, decided_by=by, decided_at=at
    )
    if taken:
        _log(move, person, TAKEN_BACK, by, "")
    return bool(taken)


def do_due_moves(*, at: datetime) -> int:
    """Job: moves whose day has come; returns how many."""
    done = 0
    due = Move.objects.filter(state=MoveState.CONFIRMED, moves_on__lte=local_day(at)).order_by("pk")
    for move in due:
        with suppress(Move.DoesNotExist), transaction.atomic():  # the person was erased a moment ago
            person, held = _held_with(move)
            done += held.state == MoveState.CONFIRMED and _do(held, person, at)
    return done


def _do(move: Move, person: Person, at: datetime) -> bool:
    """Behind the lock of the person. Where an officer corrected the place meanwhile to the very one, there is nothing left to do."""
    if move.moves_on > local_day(at):
        return False
    if person.place_id == move.after_id:
        move.state, move.decided_at = MoveState.TAKEN_BACK, at
        move.save()
        return False
    move.before_id, move.state, move.done_at = person.place_id, MoveState.DONE, at
    move.save()
    person.place_id = move.after_id
    person.save(update_fields=["place"])
    return True


def _held(person: Person) -> Person:
    """Locked until the transaction ends: of two moves of one person the second waits. Alone: a locked row loses what is joined if that
    changed."""
    return Person.objects.select_for_update().get(pk=person.pk)


def _held_with(move: Move) -> tuple[Person, Move]:
    """A move and its person, who is locked first: every write about moves waits for that. Where two rows were joined while this waited, the
    move has gone to the row that stays, and so does the lock."""
    while True:
        person = _held(Person(pk=Move.objects.values_list("person", flat=True).get(pk=move.pk)))
        move = Move.objects.get(pk=move.pk)
        if move.person_id == person.pk:
            return person, move


def _ahead(person: Person) -> Move | None:
    return Move.objects.filter(person=person, state__in=PENDING).first()


def _refuse(person: Person, place: Place, moves_on: date, at: datetime) -> None:
    if person.is_gone:
        raise Refusal(
            _("Chưa ghi gì, vì hồ sơ này vừa được gộp vào hồ sơ khác hoặc đã xóa. Hãy mở lại danh sách để xem.")
        )
    if place.pk == person.place_id:
        raise Refusal(_("Chưa ghi gì, vì nơi ở đang ghi đã là nơi này. Hãy xem lại nơi ở mới."))
    if abs(moves_on - local_day(at)) > FURTHEST:
        raise Refusal(_("Chưa ghi gì: ngày chuyển cách hôm nay hơn một năm. Hãy xem lại ngày."))


def _refuse_own(person: Person, by: User) -> None:
    if person.pk == by.person_id:
        raise Refusal(_("Chưa ghi gì, vì đây là nơi ở của chính anh/chị. Hãy nhờ một cán bộ khác."))


def _reason(reason: str) -> str:
    reason = text.nfc(reason)[:200]
    if not text.is_seen(reason):
        raise Refusal(
            _("Chưa ghi gì, vì chưa có lý do. Hãy ghi đã xác minh thế nào, hoặc vì sao từ chối, rồi bấm lại.")
        )
    return reason


def _log(move: Move, person: Person, action: str, by: User, reason: str) -> None:
    log(
        instance=person,
        title=person.log_title,
        action=action,
        user=by,
        data={"move": move.pk, "moves_on": move.moves_on.isoformat(), "reason": reason},
    )
