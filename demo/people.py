"""The demo's people: invented, the same for the same seed, and made only through the apps' own actions."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts import actions as accounts
from accounts.models import ConsentText, OfficialLevel, Person, PersonKind, Role, SubjectKind, SubjectRole, User
from accounts.queries import current_consent_texts, is_asked_again
from certificates import actions as certificates
from certificates.models import Credential, CredentialStatus, Issuer, Template
from courses import actions as courses
from courses.access import TO_CHANGE_COHORTS, enrolments_visible_to
from courses.models import Course, Enrolment
from demo import banks, content, monday, subjects, workshops
from lib import phones
from lib.dates import local_day
from lib.refusals import Refusal
from provinces.models import Place
from quizzes import actions as quizzes
from quizzes.kinds import KINDS, Kind
from quizzes.models import Attempt, Quiz

PASSWORD = "hoc-ocop-dung-thu"  # noqa: S105 (printed by `make demo`; production refuses demo accounts)
PIN = "246813"
MONTHS = 6
PROVINCE, COMMUNE = "Cà Mau", "Phan Ngọc Hiển"
ORGANISER, CERTIFIED = "0900000003", "0900000011"
FORGOTTEN = "không nhớ"
SEATS = 30
RECENT = timedelta(days=150)  # what was handed in earlier would surely have been marked


@dataclass(frozen=True)
class Login:
    """A demo person for whoever tries the platform."""

    role: str
    name: str
    phone: str
    way: str  # "password" or "pin"
    secret: str

    @property
    def how(self) -> str:
        return f"{'PIN' if self.way == 'pin' else 'mật khẩu'} {self.secret}"


def logins() -> list[Login]:
    """The named demo people that exist, by role, with how they log in."""
    rows = []
    for user in User.objects.filter(is_demo=True, phone__isnull=False).select_related("person").order_by("pk"):
        roles = [str(assignment) for assignment in user.roles.on(timezone.localdate()).select_related("place")]
        is_certified = Credential.objects.filter(person=user.person).exists()
        role = ", ".join(roles) or f"học viên {'đã có giấy chứng nhận' if is_certified else 'đang học'}"
        way, secret = ("pin", PIN) if user.has_pin else ("password", PASSWORD)
        rows.append(Login(role, user.get_full_name(), phones.readable(user.phone or ""), way, secret))
    return rows


def load(*, now: datetime, count: int = 400, seed: int = 2026) -> Iterator[str]:
    """Makes staff, the specimen issuer with its awards, and trainees with half a year of progress. Yields progress lines.

    Raises Refusal while there is no course.
    """
    if User.objects.filter(is_demo=True).exists():
        _agree_to_what_is_new(now)
        workshops.bring_to_today(now=now)
        yield from subjects.load(now=now, words=content.read(content.CONTENT / "people.yaml"), seed=seed)
        yield from monday.load(now=now)
        return
    if not Course.objects.exists():
        raise Refusal("Chưa có khóa học nào để học: hãy chạy load_courses trước. / Run load_courses first.")
    rng = random.Random(seed)  # noqa: S311 (invented people, not secrets)
    begun = now - timedelta(days=30 * MONTHS)
    with transaction.atomic():  # all or nothing: whoever stops it and starts again has a whole demo
        _texts_hold_since(begun)
        _staff(now=begun)
        banks.load(now=begun)
        yield "cán bộ dùng thử, ngân hàng câu hỏi của hai tỉnh"
        population = Population(rng, begun=begun, now=now)
        for index in range(count):
            population.add_trainee(index)
            if (index + 1) % 100 == 0:
                yield f"{index + 1} học viên"
        _named_trainee(begun)
        yield "học viên có tên"
        organiser = User.objects.get(phone=phones.to_e164(ORGANISER))
        _group(begun, organiser)
        yield from workshops.load(now=now, by=organiser, words=population.words, seed=seed)
        yield from subjects.load(now=now, words=population.words, seed=seed)
        _awards(now)
        _certificates()
        _shown()
        yield "đơn vị cấp mẫu, giấy chứng nhận"
        yield from monday.load(now=now)


def _texts_hold_since(begun: datetime) -> None:
    """Nobody agrees to words that were not there yet: the versions move back together, the newest to the first day."""
    newest = ConsentText.objects.latest("published_at").published_at
    if newest > begun:
        ConsentText.objects.update(published_at=F("published_at") - (newest - begun))


def _agree_to_what_is_new(at: datetime) -> None:
    """A demo of before goes on as it was: invented people need not be asked. Who took an agreement back stays so."""
    texts = current_consent_texts("vi")
    for person in Person.objects.filter(is_demo=True, has_consented=False):
        if is_asked_again(person):
            accounts.give_consents(person=person, texts=[one for one in texts if one.is_required], at=at)


def _place(name: str, province: str | None = None) -> Place:
    places = Place.objects.current().filter(name=name)
    return places.get(parent__name=province) if province else places.get(parent=None)


def _staff(*, now: datetime) -> None:
    province, commune = _place(PROVINCE), _place(COMMUNE, PROVINCE)
    rows: list[tuple[str, str, Role, Place | None]] = [
        ("0900000001", "Quản trị dùng thử", Role.ADMINISTRATOR, None),
        ("0900000002", "Biên soạn dùng thử", Role.EDITOR, None),
        (ORGANISER, "Tổ chức lớp dùng thử", Role.ORGANISER, province),
        ("0900000004", "Cán bộ xã dùng thử", Role.MANAGER, commune),
        ("0900000005", "Cán bộ tỉnh dùng thử", Role.MANAGER, province),
        ("0900000006", "Cán bộ trung ương dùng thử", Role.MANAGER, None),
        ("0900000007", "Soạn câu hỏi dùng thử", Role.AUTHOR, province),
    ]
    for phone, name, role, place in rows:
        accounts.create_staff(
            phone=phone, name=name, password=PASSWORD, roles=[(role, place)], by=None, at=now, is_demo=True
        )


def _awards(now: datetime) -> None:
    issuer, _made = Issuer.objects.get_or_create(
        code="MẪU",
        defaults={
            "name": "VĂN PHÒNG HỌC OCOP DÙNG THỬ",
            "parent_name": "ĐƠN VỊ MẪU, KHÔNG CÓ THẬT",
            "place_name": "Cà Mau",
            "signer_post": "CHÁNH VĂN PHÒNG (MẪU)",
            "signer_name": "Người Ký Mẫu",
            "is_specimen": True,
            "province": Place.objects.current().provinces().get(name="Cà Mau"),
        },
    )
    if not issuer.keys.exists():
        certificates.make_key(issuer=issuer, by=None, at=now)
    template = Template.objects.filter(look="formal", live=True).order_by("pk").first()
    first = Course.objects.offered().order_by("topic__position").first()
    for course in Course.objects.exclude(activities__workshop__closed_at__isnull=False):  # 2023 is told, not certified
        # Those of half a year ago end about now, so that a visitor sees a renewal.
        certificates.configure_award(
            course=course,
            issuer=issuer,
            duration=f"{course.minutes} phút học",
            template=template,
            validity_months=MONTHS if course == first else None,
        )


def _certificates() -> None:
    """In the order of their days: people are made one after another, and a register whose numbers jump looks broken."""
    finished = Enrolment.objects.filter(completed_at__isnull=False).order_by("completed_at", "pk")
    for enrolment in finished:
        certificates.issue(enrolment_id=enrolment.pk, at=enrolment.completed_at or enrolment.enrolled_at)


def _shown() -> None:
    """The one with a certificate whom a visitor can log in as lets everybody see a page about it."""
    held = Credential.objects.filter(person__user__phone=phones.to_e164(CERTIFIED), status=CredentialStatus.VALID)
    if credential := held.select_related("person").order_by("pk").first():
        certificates.show(credential=credential, person=credential.person, at=credential.issued_at)


def _named_trainee(at: datetime) -> None:
    """Two people whom a visitor can log in as: one in the middle of a course, one with a certificate."""
    for phone, name in (("0900000010", "Nguyễn Thị Mẫu"), (CERTIFIED, "Trần Văn Thử")):
        user = accounts.user_for_phone(phone=phones.to_e164(phone), at=at)
        user.is_demo, user.phone_verified_at = True, at
        user.save()
        person = accounts.register_person(
            user=user,
            name=name,
            place=_place(COMMUNE, PROVINCE),
            kind=PersonKind.SUBJECT,
            consents=current_consent_texts("vi"),
            at=at,
            subject_name=f"Tôm khô {name.split()[-1]} (mẫu)",
            subject_kind=SubjectKind.HOUSEHOLD,
            subject_role=SubjectRole.HEAD,
            is_demo=True,
        )
        accounts.set_pin(user=user, pin=PIN)
        course = Course.objects.offered().order_by("topic__position").first()
        if course:
            walk = Walk(random.Random(1), person, course, at)  # noqa: S311
            walk.study(lessons=1 if phone.endswith("0") else 99, until=at + timedelta(days=60))


def _group(at: datetime, organiser: User) -> None:
    """A cohort: the first people of the province who took its course."""
    course = Course.objects.offered().order_by("topic__position").first()
    if course is None:
        return
    cohort = courses.open_cohort(
        course=course,
        name="Nhóm đầu tiên của Cà Mau",
        starts_on=local_day(at),
        ends_on=local_day(at) + timedelta(days=60),
        place=_place(PROVINCE),
        organised_by="Đơn vị mẫu, không có thật",
        by=organiser,
        at=at,
    )
    seated = enrolments_visible_to(organiser, TO_CHANGE_COHORTS).filter(course=course).order_by("enrolled_at", "pk")
    courses.join_cohort(cohort=cohort, enrolments=list(seated[:SEATS]), by=organiser, at=at)


def _number(index: int) -> str:
    """A number to call, beside those of the log-ins; one person in eight has none."""
    return "" if index % 8 == 7 else phones.to_e164(f"0900{100 + index:06}")


class Population:
    """Trainees one after another, each with a home, a trade and some courses."""

    def __init__(self, rng: random.Random, *, begun: datetime, now: datetime) -> None:
        self.rng = rng
        self.words = content.read(content.CONTENT / "people.yaml")
        self.begun = begun
        self.now = now
        self.courses = list(Course.objects.offered())
        self.texts = current_consent_texts("vi")
        self.essays: dict[str, str] = dict(self.words["essays"])
        self.communes = {
            name: list(
                Place.objects.current()
                .communes()
                .filter(parent__name=name, parent__valid_to=None)
                .select_related("parent")
            )
            for name in self.words["homes"]
        }
        # The keenest commune is the one whose officer a visitor can log in as.
        self.communes[PROVINCE].sort(key=lambda place: place.name != COMMUNE)

    def add_trainee(self, index: int) -> None:
        rng = self.rng
        joined = self.begun + timedelta(seconds=rng.randint(0, int((self.now - self.begun).total_seconds() * 0.95)))
        person = self._person(joined, _number(index))
        moment = joined
        essays = self.essays if person.place.parent and person.place.parent.name == PROVINCE else {}
        for course in rng.sample(
            self.courses, rng.choice([1, 1, 1, 2, 2, min(3, len(self.courses))]) if len(self.courses) > 2 else 1
        ):
            moment = Walk(rng, person, course, moment, essays).study(
                lessons=rng.choice([0, 1, 2, 3, 99, 99, 99]), until=self.now
            )
            if moment >= self.now:
                break

    def _name(self) -> str:
        sex = self.words[self.rng.choices(["women", "men"], weights=[55, 45])[0]]
        parts = (self.words["family"], sex["middle"], sex["given"])
        return " ".join(self.rng.choice(part) for part in parts)

    def _person(self, at: datetime, phone: str) -> Person:
        rng = self.rng
        home = rng.choices(list(self.words["homes"]), weights=list(self.words["homes"].values()))[0]
        # Some communes are keener than others: a few get most of the people.
        communes = self.communes[home]
        place = communes[min(int(rng.expovariate(6 / len(communes))), len(communes) - 1)]
        name = self._name()
        is_subject = rng.random() < 0.8
        kind = rng.choices(list(SubjectKind), weights=[23, 33, 6, 38])[0]
        return accounts.register_person(
            user=None,
            name=name,
            place=place,
            kind=PersonKind.SUBJECT if is_subject else PersonKind.OFFICIAL,
            birth_year=rng.randint(1960, 2004),
            consents=self.texts[:1] if rng.random() < 0.4 else self.texts,
            at=at,
            contact_phone=phone,
            subject_name=f"{rng.choice(self.words['trades'])} {name.rsplit(maxsplit=1)[-1]} (mẫu)"
            if is_subject
            else "",
            subject_kind=kind,
            subject_role=rng.choices(list(SubjectRole), weights=[5, 2, 3])[0],
            official_level=""
            if is_subject
            else rng.choices([OfficialLevel.COMMUNE, OfficialLevel.PROVINCE], weights=[8, 2])[0],
            is_demo=True,
        )


class Walk:
    """One person's way through one course."""

    def __init__(
        self, rng: random.Random, person: Person, course: Course, start: datetime, essays: dict[str, str] | None = None
    ) -> None:
        self.rng = rng
        self.person = person
        self.course = course
        self.moment = start
        # One store for all people: what one of a trade has handed in is gone for the others.
        self.essays = {} if essays is None else essays

    def study(self, *, lessons: int, until: datetime) -> datetime:
        """Enrols and does up to so many lessons, then the quiz, as far as time goes; returns when it stopped."""
        enrolment = courses.enrol(person=self.person, course=self.course, at=self.moment)
        for activity in self.course.activities.filter(retired_at=None).order_by("position"):
            if lessons <= 0 or not self._later(until):
                return self.moment
            if activity.kind == "lesson":
                courses.complete_activity(enrolment=enrolment, activity=activity, at=self.moment)
                lessons -= 1
            elif not activity.is_required:
                self._exercise(enrolment, activity.quiz, until)
            else:
                self._quiz(enrolment, activity.quiz, until)
        return self.moment

    def _later(self, until: datetime) -> bool:
        self.moment += timedelta(hours=self.rng.choice([1, 5, 20, 30, 70, 150]), minutes=self.rng.randint(0, 59))
        return self.moment < until

    def _quiz(self, enrolment: Enrolment, quiz: Quiz, until: datetime) -> None:
        """Tries until passed, or until patience or attempts end; knows more each time."""
        for knowledge in (0.72, 0.85, 0.95):
            attempt = quizzes.start_attempt(enrolment=enrolment, quiz=quiz, language="vi", at=self.moment, rng=self.rng)
            self._answer(attempt, knowledge)
            attempt = quizzes.submit_attempt(attempt=attempt, at=self.moment)
            if attempt.passed or self.rng.random() < 0.25 or not self._later(until):
                return

    def _exercise(self, enrolment: Enrolment, quiz: Quiz, until: datetime) -> None:
        """Most leave out what nobody has to do."""
        trade = next(
            (one for one in self.essays if self.person.subject and self.person.subject.name.startswith(one)), None
        )
        if trade is None or until - self.moment > RECENT:
            return
        attempt = quizzes.start_attempt(enrolment=enrolment, quiz=quiz, language="vi", at=self.moment, rng=self.rng)
        for item in attempt.items.all():
            quizzes.save_answer(item=item, answer=self.essays.pop(trade), revision=item.revision, at=self.moment)
        quizzes.submit_attempt(attempt=attempt, at=self.moment)

    def _answer(self, attempt: Attempt, knowledge: float) -> None:
        for item in attempt.items.select_related("version"):
            kind, data = KINDS[item.version.kind], item.version.data
            is_known = self.rng.random() < knowledge
            posted = kind.solution(data) if is_known else _guess(kind, data, self.rng)
            quizzes.save_answer(item=item, answer=kind.clean(data, posted), revision=item.revision, at=self.moment)


def _guess(kind: Kind, data: dict, rng: random.Random) -> list[str]:  # type: ignore[type-arg]
    """What somebody ticks or writes who knows no more than the page shows."""
    shown = kind.shown(data, kind.order(data), {})
    if shown.fields:
        return [rng.choice(field.options).id if field.options else FORGOTTEN for field in shown.fields]
    return [rng.choice(shown.choices).id] if shown.choices else [FORGOTTEN]
