"""Lists that upper floors fill in `AppConfig.ready`, so that lower floors can work through what they may not import."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass
class Registry[T]:
    """Named entries in the order in which they were added. Adding a name twice is an error."""

    what: str
    entries: dict[str, T] = field(default_factory=dict)

    def add(self, name: str, entry: T) -> None:
        if name in self.entries:
            raise ValueError(f"{self.what}: {name!r} is registered twice")
        self.entries[name] = entry

    def __getitem__(self, name: str) -> T:
        return self.entries[name]

    def __iter__(self) -> Iterator[tuple[str, T]]:
        return iter(self.entries.items())


@dataclass(frozen=True)
class PersonRecords:
    """What one model holds about a person (registered as "app.Model.field").

    repoint(from_id, to_id)  moves the rows to another person when two are merged
    export(person_id)        rows as plain values for the person's own copy of the data
    erase(person_id)         deletes or anonymises what law does not oblige us to keep; returns the number of rows. What was
                             registered last is erased first, so that it still finds what it rests on
    logged(person_id)        querysets of rows about the person whose entries in the log may hold words of officers
    title                    what the person reads above the rows; "" where nothing of it is told, as it follows from other rows
    kept                     what stays after erasing, and why; "" for nothing
    words                    names of values, and codes among them, in plain words
    is_own_only              whether nobody but the person is told of it, also not who hands a copy over
    hold(person_ids)         locks what `repoint` writes, in the order in which others lock it, before the persons themselves are
    """

    repoint: Callable[[int, int], int]
    export: Callable[[int], list[dict[str, Any]]]
    erase: Callable[[int], int]
    title: "StrOrPromise" = ""
    kept: "StrOrPromise" = ""
    words: "Mapping[str, StrOrPromise]" = field(default_factory=dict)
    logged: Callable[[int], list[Any]] = lambda person_id: []
    hold: Callable[[Collection[int]], None] | None = None
    is_own_only: bool = False


person_records: Registry[PersonRecords] = Registry("person records")


def hold_records(person_ids: Collection[int]) -> None:
    """What is locked before persons are, in that order; the persons themselves are whoever's who calls."""
    for _name, records in reversed(list(person_records)):
        if records.hold:
            records.hold(person_ids)


@dataclass(frozen=True)
class EnrolmentRecords:
    """What hangs on an enrolment (registered as "app.Model.field"), for when two of one person in one course become one.

    join(from_id, to_id, at=moment)   moves it to the other
    stands_apart(from_id, to_id)      whether the two cannot become one: both stay as they are, and the first counts no more
    hold(enrolment_ids)               locks what is locked before enrolments are
    """

    join: Callable[..., None]
    stands_apart: Callable[[int, int], bool] | None = None
    hold: Callable[[Collection[int]], None] | None = None


enrolment_records: Registry[EnrolmentRecords] = Registry("what hangs on an enrolment")


class Unfinished(int):
    """Things that a job has done, when it has more to do: the next round follows at once."""


# Called by `manage.py run_jobs` about once a minute: job(at=moment) -> number of things done.
jobs: Registry[Callable[..., int]] = Registry("jobs")

# Called by `manage.py audit_invariants`: check() -> sentences, one for each violation found.
invariants: Registry[Callable[[], list[str]]] = Registry("invariants")


@dataclass(frozen=True)
class Marked:
    """Something that needs a review from now on, and the log-ins of those who wrote it."""

    title: str
    authors: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Citing:
    """What of one kind rests on legal texts.

    mark(legal_text_id, what, at=moment)  marks it for review, because of the text's change `what`
    titles(legal_text_id)                 what keeps the text from being deleted
    """

    mark: Callable[..., list[Marked]]
    titles: Callable[[int], list[str]]


citing: Registry[Citing] = Registry("citing records")


@dataclass(frozen=True)
class Waiting:
    """Something marked "cần rà soát", as editors see it in their list; `address` is where it is edited, `course` where it stands."""

    pk: int
    title: str
    reason: str
    since: datetime
    address: str
    course: str = ""


@dataclass(frozen=True)
class UnderReview:
    """What of one kind is marked "cần rà soát". Seeing and lifting marks takes `permission`.

    count(user)                           how many this user may look into
    waiting(user)                         those
    reviewed(pk, since=, by=, at=)        takes one mark away, if it is still the one of `since`; whether it was
    """

    label: "StrOrPromise"
    permission: str
    count: Callable[[Any], int]
    waiting: Callable[[Any], list[Waiting]]
    reviewed: Callable[..., bool]


under_review: Registry[UnderReview] = Registry("what is under review")

# Called while a completed activity is taken back, in the same transaction:
# undo(enrolment_id, activity_id, by=user, reason=sentence, at=moment). What earned the completion must count no longer.
taking_back: Registry[Callable[..., None]] = Registry("taking back")


@dataclass(frozen=True)
class Notice:
    """Something that a learner is told of a finished course, and the one thing that can be done about it: a post of `action` to
    `address`, or a link where `is_link`; without an address nothing can be done here."""

    words: str
    action: str = ""
    address: str = ""
    is_link: bool = False
    is_late: bool = False


@dataclass(frozen=True)
class Reward:
    """Where the paper of a finished enrolment is shown, and what becomes of it with time."""

    address: str
    notice: Notice | None = None


@dataclass(frozen=True)
class Taught:
    """The days on which a course was held in a room."""

    began_on: date
    ended_on: date


# Asked for an enrolment whose course was finished in a room: taught(enrolment_id) -> its days, None where it was not.
taught: Registry[Callable[[int], Taught | None]] = Registry("taught in a room")


# Asked for a finished enrolment: reward(enrolment_id) -> the paper that it earned, None for none.
rewards: Registry[Callable[[int], Reward | None]] = Registry("rewards")


@dataclass(frozen=True)
class Work:
    """What a learner began in an activity, or handed in where somebody else marks it: `words` say how that stands, and may be empty
    of what is running. `address` is where one goes on, or where all of it is told."""

    enrolment_id: int
    activity_id: int
    address: str
    title: str
    words: str
    action: str = ""  # what one does there, of what is running
    is_running: bool = False
    is_settled: bool = False


# Asked for one's own learning: own_work(enrolment ids, now) -> the newest first.
own_work: Registry[Callable[[Collection[int], datetime], list[Work]]] = Registry("a learner's own work")


@dataclass(frozen=True)
class Meeting:
    """A dated meeting at which a person is expected, waits for a seat, or was; `address` is where that is told and changed, `paper` where
    what was earned there is found."""

    address: str
    title: str
    begins_at: datetime
    where: str
    words: str  # how it stands, where there is something to say
    is_urgent: bool = False
    is_past: bool = False  # or called off
    paper: str = ""


@dataclass(frozen=True)
class Errand:
    """What somebody came to do who has to log in or sign up first, as each page on that way tells it. `address`: where giving it up leads
    back to; `step` names what is left after signing up, and `go` is the button that leads there."""

    words: str
    title: "StrOrPromise"
    when: str  # day and hours; "" where that is not known
    address: str
    step: str
    go: str


# Asked by every list of the admin: ways(request) -> (words, address) of what can be done with the list as it stands, None where there is nothing.
list_ways: Registry[Callable[[Any], "tuple[StrOrPromise, str] | None"]] = Registry("ways on from a list")

# Asked for where somebody wants to go: errand(user, match) of that address's ResolverMatch -> what they came for, None where it is no errand.
errands: Registry[Callable[[Any, Any], Errand | None]] = Registry("errands")


# Asked for one's own learning: own_meetings(person_id, now) -> those to come, the next one first, then those of
# before, the latest first. Asks nothing while there are none at all.
own_meetings: Registry[Callable[[int, datetime], list[Meeting]]] = Registry("a person's own meetings")


@dataclass(frozen=True)
class EnrolmentState:
    """Enrolments that the board counts or that wait for somebody; condition(now) is a Q of Enrolment that joins nothing twice."""

    label: "StrOrPromise"
    condition: Callable[[datetime], Any]


enrolment_states: Registry[EnrolmentState] = Registry("states of enrolments")


@dataclass(frozen=True)
class CohortList:
    """A list of what members of a cohort did, shown to whoever has `permission`; address(cohort_id) narrows it to them."""

    label: "StrOrPromise"
    permission: str
    address: Callable[[int], str]


cohort_lists: Registry[CohortList] = Registry("lists of a cohort")

# Asked for an officer: outdated(person, user) -> papers that still bear a name of before, and where that is put right.
outdated_papers: Registry[Callable[[Any, Any], "list[Fact]"]] = Registry("papers with a name of before")

# Asked before people change their own name: stands(person_id) -> whether it stands on a paper that was issued to them.
names_on_paper: Registry[Callable[[int], bool]] = Registry("names on paper")

# Which Wagtail and model permissions a role has: app label -> {role: codenames of that app}. Wagtail's page, image and
# document permissions of roles are set by accounts.
role_permissions: Registry[dict[str, list[str]]] = Registry("role permissions")


@dataclass(frozen=True)
class Fact:
    """A line on a person's page in the admin; `address` is where more is told, empty where that is not for whoever reads."""

    words: str
    detail: str
    address: str


@dataclass(frozen=True)
class PersonFacts:
    """What one app tells officers about a person; it takes `permission`, and rows(person, user) gives what that user may see."""

    label: "StrOrPromise"
    permission: str
    rows: Callable[[Any, Any], list[Fact]]


person_facts: Registry[PersonFacts] = Registry("facts about a person")


# Asked for who has learnt: trained() -> a query of rows whose `person` finished at least one course.
trained_people: Registry[Callable[[], Any]] = Registry("trained people")


# Asked for who learns: enrolled() -> a query of rows whose `person` is enrolled in a course, finished or not.
enrolled_people: Registry[Callable[[], Any]] = Registry("enrolled people")
