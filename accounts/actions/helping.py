"""An officer helps a learner: agreed to, opened, credited, closed. Nobody tells anybody a password or PIN."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.models import Consent, ConsentText, Help, OneTimeCard, Person, User
from lib import codes
from lib.refusals import Refusal

from .consents import follow_ledger
from .logins import CARD, learner_of

CODE_MINUTES = 15
OPEN_FOR = timedelta(hours=5)  # more than any helped session lasts


@transaction.atomic
def ask_help(*, person: Person, by: User, texts: Iterable[ConsentText], at: datetime) -> Help:
    """What the learner agreed to aloud goes to the ledger, with who recorded it. Raises Refusal for oneself, for a record that was joined to
    another or erased meanwhile, for a log-in that lets nobody in, and where an agreement that is needed is still missing.

    A help whose code nobody has used yet goes on (a second press, or a code that was lost), and that code ends.
    """
    if person.pk == by.person_id:
        raise Refusal(_("Đây là hồ sơ của chính anh/chị. Muốn học, anh/chị đăng nhập bằng số của mình."))
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.is_gone:
        raise Refusal(
            _("Chưa bắt đầu, vì hồ sơ này vừa được gộp vào hồ sơ khác hoặc đã xóa. Hãy mở lại danh sách để xem.")
        )
    running = set(person.consents.filter(withdrawn_at=None).values_list("text", flat=True))
    Consent.objects.bulk_create(
        Consent(person=person, text=one, given_at=at, how=Consent.How.HELPED, recorded_by=by)
        for one in texts
        if one.pk not in running
    )
    follow_ledger(person)
    agrees = person.consents.filter(withdrawn_at=None, text__purpose=ConsentText.Purpose.HELP).exists()
    if not (person.has_consented and agrees):
        raise Refusal(
            _("Chưa bắt đầu, vì còn thiếu sự đồng ý. Hãy đọc cho người ấy nghe; người ấy đồng ý thì đánh dấu.")
        )
    learner_of(person, at)  # before anything says that there was a help
    if waiting := _waiting(person, by, at):
        return waiting
    given = Help.objects.create(person=person, by=by, asked_at=at)
    log(instance=person, title=person.log_title, action="accounts.helped", user=by, data={"help": given.pk})
    return given


def _waiting(person: Person, by: User, at: datetime) -> Help | None:
    unused = OneTimeCard.objects.filter(person=person, issued_by=by, help__isnull=False, used_at=None)
    unused.filter(expires_at__gt=at).update(expires_at=at)
    lately = at - timedelta(minutes=CODE_MINUTES)
    return Help.objects.filter(person=person, by=by, begun_at=None, asked_at__gt=lately).first()


@transaction.atomic
def begin_help(*, given: Help, at: datetime) -> User:
    """On the officer's own device: the learner's log-in. Raises Refusal for one that is switched off or a colleague's."""
    user = learner_of(given.person, at)
    Help.objects.filter(pk=given.pk).update(begun_at=at)
    return user


@transaction.atomic
def issue_help_code(*, given: Help, at: datetime) -> str:
    """For another device, shown this once (XXXXX-XXXXX): works once, for a quarter of an hour. Printed cards stay what they are."""
    learner_of(given.person, at)
    code = codes.random_code(10)
    OneTimeCard.objects.create(
        person=given.person,
        code_digest=codes.digest(CARD, code),
        issued_by=given.by,
        issued_at=at,
        expires_at=at + timedelta(minutes=CODE_MINUTES),
        help=given,
    )
    return f"{code[:5]}-{code[5:]}"


def help_of_code(*, code: str, at: datetime) -> Help | None:
    """The help that a code which was just used opens; None for a printed card."""
    card = OneTimeCard.objects.filter(code_digest=codes.digest(CARD, codes.tidy(code)), help__isnull=False)
    found = card.select_related("help__person", "help__by__person").first()
    if found is None or found.help is None:
        return None
    Help.objects.filter(pk=found.help.pk, begun_at=None).update(begun_at=at)
    return found.help


def end_help(*, pk: int, at: datetime) -> bool:
    return bool(Help.objects.filter(pk=pk, begun_at__isnull=False, ended_at=None).update(ended_at=at))


def end_old_helps(*, at: datetime) -> int:
    """Job: sessions that ended by themselves, and codes that nobody used."""
    old = Help.objects.filter(asked_at__lt=at - OPEN_FOR)
    unused = old.filter(begun_at=None)
    count = unused.count()
    OneTimeCard.objects.filter(help__in=unused).delete()
    unused.delete()
    return count + old.filter(begun_at__isnull=False, ended_at=None).update(ended_at=at)
