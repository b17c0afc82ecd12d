"""Of the people on lists of a week: who is sent a reminder now, in which words, and who is not and why."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Consent, ConsentText, Person, User
from accounts.queries import wants_no_calls
from certificates.models import Credential, CredentialStatus
from courses.models import Enrolment
from lib import codes, phones, sms
from reports.calling import access as calls
from reports.calling.choosing import SPOKEN_TO
from reports.models import CallList, Contact, Outcome, Reason
from workshops.models import Registration

from . import wording
from .models import REACHED, Reminder

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

REST, A_SEASON, A_SEASON_S = timedelta(days=7), timedelta(days=90), 3  # one within the first, three within the second

SUBJECT, DONE, WRONG = _("chưa có ai học (hãy gọi hoặc đến gặp)"), _("đã liên hệ được"), _("số điện thoại sai")
OVER = _("đã tự học tiếp, học xong hoặc gia hạn sau khi lập danh sách")
NO_PHONE, SWITCHED_OFF = _("không có số di động"), _("đang tạm ngừng đăng nhập")
NOT_ASKED, STOPPED = _("chưa đồng ý nhận tin nhắn"), _("không muốn nhận tin nhắn")
RECENT, OFTEN = _("đã nhắn trong 7 ngày qua"), _("đã nhắn 3 lần trong 90 ngày qua")
OBJECTED = _("xin đừng gọi, đừng nhắn nhắc học")
SHARED = _("dùng chung số điện thoại với người đã được nhắn")
NO_BUDGET = _("hôm nay đã hết số tin được gửi")


@dataclass(frozen=True)
class ToTell:
    contact: Contact
    number: str
    body: str

    @property
    def phone(self) -> str:
        return phones.masked(self.number)

    @property
    def length(self) -> int:
        return len(self.body)

    @property
    def parts(self) -> int:
        return sms.parts(self.body)


@dataclass(frozen=True)
class LeftOut:
    contact: Contact
    why: "StrOrPromise"


@dataclass
class Sorted:
    to_tell: list[ToTell] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)

    @property
    def parts(self) -> int:
        return sum(one.parts for one in self.to_tell)

    @property
    def seen(self) -> str:
        """By which a press tells to whom, and in which words, it was looked at."""
        return codes.digest("reminders", str([(one.contact.pk, one.number, one.body) for one in self.to_tell]))

    @property
    def reasons(self) -> "list[tuple[StrOrPromise, int]]":
        """How many are left out for what, the most first."""
        return Counter(one.why for one in self.left_out).most_common()


def contacts_of(lists: QuerySet[CallList]) -> QuerySet[Contact]:
    """Those who are still their commune's to call, as they are to be told: commune by commune, in the order of the lists."""
    rows = calls.theirs(Contact.objects.filter(list__in=lists))
    return rows.select_related("list__place__parent", "person__user", "subject", "course").order_by(
        "list__place__search", "list", "position"
    )


def sort_out(lists: QuerySet[CallList], *, left: int, at: datetime) -> Sorted:
    """`left`: messages that may still leave today, as providers count them."""
    contacts, found = list(contacts_of(lists)), Sorted()
    known = _Known(contacts, at)
    for contact in contacts:
        if why := _why_not(contact, known):
            found.left_out.append(LeftOut(contact, why))
            continue
        one = ToTell(contact, _number(contact), wording.body(contact))
        if one.parts > left:
            found.left_out.append(LeftOut(contact, NO_BUDGET))
            continue
        left -= one.parts
        known.recent.add(one.number)
        found.to_tell.append(one)
    return found


def _number(contact: Contact) -> str:
    return contact.person.contact_phone if contact.person else ""


class _Known:
    """Looked up once for all."""

    def __init__(self, contacts: Iterable[Contact], at: datetime) -> None:
        people = {one.person_id for one in contacts if one.person_id}
        asked = Consent.objects.filter(person__in=people, text__purpose=ConsentText.Purpose.MESSAGES)
        self.agreed = set(asked.filter(withdrawn_at=None).values_list("person", flat=True))
        muted = Registration.objects.filter(person__in=people, is_muted=True).order_by()
        self.stopped = {*asked.values_list("person", flat=True)} - self.agreed
        self.stopped |= set(muted.values_list("person", flat=True))
        self.off = set(User.objects.filter(person__in=people, is_active=False).values_list("person", flat=True))
        self.objected = set(Person.objects.filter(wants_no_calls("pk"), pk__in=people).values_list("pk", flat=True))
        self.recent, self.often = self._told(people, {_number(one) for one in contacts} - {""}, at)
        unfinished = Enrolment.objects.filter(person__in=people, completed_at=None, course__retired_at=None)
        papers = Credential.objects.filter(
            person__in=people, status=CredentialStatus.VALID, enrolment__course__retired_at=None
        )
        last_there = unfinished.values_list("person", "course", "last_active_at")
        self._last_there = {(person, course): last for person, course, last in last_there}
        self._ending = set(papers.values_list("person", "enrolment__course", "expires_on"))

    def _told(self, people: set[int], numbers: set[str], at: datetime) -> tuple[set[int | str], set[int | str]]:
        """Who had one lately, and who had as many as a season allows: persons, and numbers, which some share."""
        sharing = dict(Person.objects.filter(contact_phone__in=numbers).values_list("pk", "contact_phone"))
        told = Reminder.objects.filter(person__in=people | sharing.keys(), state__in=REACHED, at__gt=at - A_SEASON)
        times, recent = Counter[int | str](), set[int | str]()
        for person, when in told.order_by().values_list("person", "at"):
            both = {person, sharing.get(person, person)}
            times.update(both)
            if when > at - REST:
                recent |= both
        return recent, {who for who, number in times.items() if number >= A_SEASON_S}

    def is_over(self, contact: Contact) -> bool:
        """Whether what the list says of somebody has settled itself since it was drawn: a message would ask for what is done."""
        what = (contact.person_id or 0, contact.course_id or 0)
        if contact.reason == Reason.EXPIRING:
            return (*what, contact.since) not in self._ending
        return what not in self._last_there or self._last_there[what] > contact.list.drawn_at


def _why_not(contact: Contact, known: _Known) -> "StrOrPromise":
    """The first reason that holds; "" for none."""
    person = contact.person
    if person is None:
        return SUBJECT
    reasons = (
        (DONE, contact.outcome in SPOKEN_TO),
        (OVER, known.is_over(contact)),
        (WRONG, contact.outcome == Outcome.WRONG),
        (SWITCHED_OFF, person.pk in known.off),
        (OBJECTED, person.pk in known.objected),
        (STOPPED, person.pk in known.stopped),
        (NOT_ASKED, person.pk not in known.agreed),
        (NO_PHONE, not phones.is_stored(_number(contact))),
        (RECENT, person.pk in known.recent),
        (OFTEN, person.pk in known.often),
        (SHARED, _number(contact) in known.recent | known.often),
    )
    return next((why for why, holds in reasons if holds), "")
