import io
import re
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from zipfile import ZipFile

import pytest
from django.core import signing
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts import actions as accounts
from accounts.models import Consent, ConsentText, PhoneChange, User
from accounts.rights import actions as rights
from certificates import actions as certificates
from certificates.models import Award, CopyKind, Credential, Issuer, Layout, Template
from courses import actions as courses
from courses.models import Activity, CoursePage, Enrolment, LegalText
from quizzes import actions as quizzes
from quizzes.models import Attempt, Item, Question, QuestionBank, Quiz
from reports.calling import actions as calling
from reports.freezing import actions as freezing
from reports.models import CallList, Contact, OutsideClass, Sending
from reports.saving import actions as saving
from reports.sending import actions as sending
from tests import cast
from tests.conftest import made_for_a_file
from workshops import actions as workshops
from workshops.access import token_of
from workshops.hall.addresses import KIOSK_SALT
from workshops.models import FollowUp, FormQuestion, HallTest, Moment, Quota, RegistrationSource, Reminder, ReportPhoto

WRITES = re.compile(r'^\s*(?:INSERT\s+(?:OR \w+ )?INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)
KEPT_ABOUT_LOOKING = {
    "django_session",
    "cache",  # who tried how often
    "certificates_givenfile",  # the digest of a file, when it first goes out
    "pages_operator",  # the row of settings, made when it is first asked for
    "reports_cell",
    "reports_headcount",
    "reports_scattered",
    "reports_sliceheadcount",
    "reports_slicescattered",
    "reports_yearly",
    "reports_behind",
    "reports_covered",
    "reports_minority",
    "reports_monthly",
    "reports_yearlyscattered",
    "reports_stale",
    "reports_tally",  # sums over what is there
    "reports_calllist",
    "reports_contact",  # the list of a week is drawn by whoever asks first
    "wagtailimages_rendition",  # a picture is made smaller when it is first asked for
    "wagtailadmin_editingsession",  # who else has this page open
    "wagtailusers_userprofile",  # made for a colleague on the first visit
}
NAME, PHONE, SUBJECT = "Chim Hoàng Yến Canary", "0911222333", "Cơ sở Canary"
TRACES = (NAME, "911222333", SUBJECT)


@contextmanager
def written():
    """The tables that anything is written into meanwhile."""
    tables: set[str] = set()

    def watch(execute, sql, params, many, context):
        found = WRITES.match(sql)
        if found:
            tables.add(found[1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield tables


class AtADesk(Client):
    """Whoever opened a desk of the owner's workshop on a phone, and holds nothing else: its cookie, and what its script brings. It is the hour
    of that workshop."""

    def __init__(self, token: str) -> None:
        super().__init__(headers={"X-Desk": token})
        self.cookies["desk"] = token

    def request(self, **said: Any) -> Any:
        with cast.on(cast.NOW + timedelta(days=2)):
            return super().request(**said)


@dataclass
class World:
    """One owner in xã Phan Ngọc Hiển with one record of each kind; who asks for it is another matter."""

    owner: User
    ids: dict[str, Any]
    users: dict[str, User | None] = field(default_factory=dict)
    wrote: dict[str, set[str]] = field(default_factory=dict)

    def client(self, role: str) -> Client:
        if role == "at_a_desk":
            return AtADesk(self.ids["desk_token"])
        user = self.users[role]
        return cast.client_of(user) if user else Client()

    def look(self, client: Client, path: str, method: str = "get") -> Any:
        """What is there; looking must write nothing about anybody (threat I5)."""
        with written() as tables:
            answer = getattr(client, method)(path)
        if tables - KEPT_ABOUT_LOOKING:
            self.wrote[path] = tables - KEPT_ABOUT_LOOKING
        return answer


def leaks(response: Any) -> list[str]:
    body = b"".join(response) if response.streaming else response.content
    text = _unpacked(body).decode(errors="replace") + str(dict(response.items()))
    return [trace for trace in TRACES if trace in text]


def _unpacked(body: bytes) -> bytes:
    """A workbook is a packed file, which would hide every name."""
    if not body.startswith(b"PK"):
        return body
    with ZipFile(io.BytesIO(body)) as packed:
        return b"".join(map(packed.read, packed.namelist()))


def _to_mark(owner: User) -> Item:
    """What somebody wrote in the quiz of another course, and nobody has marked."""
    course = cast.course(lessons=0, with_quiz=True, slug="viet", title="Viết")
    quiz = Quiz.objects.get(activity__course=course)
    rubric = {"rubric": [{"id": "a", "text": "Có thật", "points": "1"}]}
    essay = cast.question(quiz.slots.first().bank, "viet", kind="essay", data=rubric)
    slots = [quizzes.SlotSpec(question=essay)]
    quizzes.configure_quiz(activity=quiz.activity, pass_percent=70, attempts_allowed=3, slots=slots, at=cast.NOW)
    enrolment = cast.enrolment(owner.person, course)
    attempt = quizzes.start_attempt(enrolment=enrolment, quiz=quiz, language="vi", at=cast.NOW)
    Item.objects.filter(attempt=attempt).update(answer="Nhà tôi phơi tôm")
    quizzes.submit_attempt(attempt=attempt, at=cast.NOW)
    return attempt.items.get()


@pytest.fixture
def world(made_world: World, db: None, settings: Any) -> World:
    """With an issuer of OpenID Connect that does not answer: without one its addresses are nobody's."""
    issuer = {"issuer": "http://127.0.0.1:9", "client_id": "x", "client_secret": "x", "name": "VNeID"}
    settings.OIDC = settings.OIDC | issuer
    return deepcopy(made_world)


def _regularly(reader: User) -> dict[str, int]:
    """A report of the owner's commune that somebody above ordered, and that failed once."""
    ordered = sending.subscribe(
        user=reader, place=cast.commune(), what="board", every="week", way="message", by=reader, at=cast.NOW
    )
    failed = Sending.objects.create(
        subscription=ordered, due_at=cast.NOW, next_try_at=cast.NOW, state="failed", settled_at=cast.NOW
    )
    return {"subscription": ordered.pk, "sending": failed.pk}


def _make() -> World:
    course = cast.course(lessons=1, with_quiz=True)
    cast.award(course)
    owner = cast.trainee(NAME, PHONE)
    owner.person.subject.name = SUBJECT
    owner.person.subject.save()
    product = accounts.write_product(
        subject=owner.person.subject, name="Tôm khô", stars=4, decision="", valid_until=None, by=None
    )
    enrolment = cast.enrolment(owner.person, course)
    cast.finish(enrolment)
    credential = certificates.issue(enrolment_id=enrolment.pk, at=cast.NOW)
    certificates.take_copy(
        credential=credential, kind=CopyKind.PAPER, data=b"a scan", signers="", signed_at=cast.NOW, by=None, at=cast.NOW
    )
    attempt = quizzes.start_attempt(enrolment=enrolment, quiz=Quiz.objects.get(), language="vi", at=cast.NOW)
    key = certificates.adopt_key(issuer=credential.issuer, public=bytes(32), by=None, at=cast.NOW)
    change = PhoneChange.objects.create(
        name=NAME, place=cast.commune(), new_phone="+84911222334", requested_at=cast.NOW
    )
    asked = rights.ask(person=owner.person, kind="object", note=NAME, at=cast.NOW)
    twin = cast.person("Ai Khác")
    move = accounts.ask_move(
        person=owner.person,
        place=cast.commune("Tân Tiến"),
        moves_on=timezone.localdate(),
        by=owner,
        at=timezone.now(),
    )
    QuestionBank.objects.update(owner_place=cast.province("Cà Mau"))
    legal = LegalText.objects.create(
        key="nd-46", kind="Nghị định", number="46", name="An toàn", review_by=cast.NOW, checked_on=cast.NOW
    )
    ids = {
        "coursepage": CoursePage.objects.get().pk,
        "person": owner.person.pk, "twin": twin.pk, "move": move.pk, "subject": owner.person.subject_id, "product": product.pk, "phonechange": change.pk,
        "datarequest": asked.pk,
        "consent": Consent.objects.filter(person=owner.person).first().pk, "consenttext": ConsentText.objects.first().pk,
        "course": course.pk, "activity": Activity.objects.first().pk, "enrolment": Enrolment.objects.get().pk,
        "question": Question.objects.first().pk, "questionbank": QuestionBank.objects.first().pk,
        "quiz": Quiz.objects.get().pk, "attempt": Attempt.objects.get().pk, "credential": Credential.objects.get().pk,
        "issuer": Issuer.objects.first().pk, "award": Award.objects.first().pk, "signingkey": key.pk, "legaltext": legal.pk,
        "template": Template.objects.first().pk, "picture": cast.picture().pk,
        "signatory": cast.signatory(Issuer.objects.first()).pk,
        "code": credential.code, "lesson_key": course.activities.get(kind="lesson").translation_key,
        "course_key": course.translation_key, "quiz_key": attempt.quiz.activity.translation_key,
        "user": owner.pk, "page": course.pages.first().pk if hasattr(course, "pages") else 1,
    }  # fmt: skip
    ids["item"] = _to_mark(owner).pk
    users = _users(owner)
    batch = certificates.make_batch(
        token="t",
        enrolments=[enrolment.pk],
        title="",
        layout=Layout.ONE,
        is_told=False,
        by=users["organiser"],
        at=cast.NOW,
    )
    ids["batch"] = batch.pk
    ids["colleague"], ids["role"] = users["commune_manager"].pk, users["commune_manager"].roles.get().pk
    users["commune_manager"].roles.update(valid_until=timezone.localdate() + timedelta(days=300))  # may be extended
    token, _secret = accounts.issue_token(
        name="Trang số liệu", place=cast.province("Cà Mau"), with_subjects=True, valid_until=timezone.localdate(),
        by=users["province_manager"], at=timezone.now(),
    )  # fmt: skip
    ids["token"] = token.pk
    ids["snapshot"] = freezing.take(
        name="Sơ kết", place=cast.commune(), year=2026, by=users["commune_manager"], at=timezone.now()
    ).pk
    ids["savedview"] = saving.save(
        name="Của tôi",
        page="person:index",
        query={"kind": "subject"},
        unit="",
        by=users["province_manager"],
        at=timezone.now(),
    ).pk
    ids |= _regularly(users["province_manager"])
    cohort = cast.cohort(course, users["commune_manager"])
    courses.join_cohort(cohort=cohort, enrolments=[enrolment], by=users["commune_manager"], at=cast.NOW)
    ids["cohort"] = cohort.pk
    workshop = cast.workshop(course)
    quota = Quota.objects.create(workshop=workshop, place=cast.commune(), seats=5)
    ticket = workshops.register(
        workshop=workshop, person=owner.person, source=RegistrationSource.NOMINATED, at=cast.NOW, quota=quota
    )
    reminder = Reminder.objects.create(workshop=workshop, due_at=cast.NOW)
    call = FollowUp.objects.create(registration=ticket, drawn_at=cast.NOW, outcome="declined")
    photo = ReportPhoto.objects.create(
        workshop=workshop,
        data=cast.picture(colour="teal").data,
        width=1,
        height=1,
        position=1,
        caption=NAME,
        added_at=cast.NOW,
    )
    listed = CallList.objects.create(place=cast.commune(), week=calling.week_of(timezone.now()), drawn_at=cast.NOW)
    contact = Contact.objects.create(
        list=listed, position=1, person=ticket.person, reason="unstarted", since=cast.NOW.date()
    )
    outside = OutsideClass.objects.create(
        place=cast.commune(), day=cast.NOW.date(), title="Lớp ở xã", topic=cast.topic(), organiser="Phòng", people=9, at=cast.NOW
    )  # fmt: skip
    ids |= {
        "outsideclass": outside.pk,
        "reminder": reminder.pk,
        "call": call.pk,
        "report_photo": photo.pk,
        "contact": contact.pk,
        "workshop": workshop.pk,
        "slug": workshop.slug,
        "ticket": ticket.code,
        "registration": ticket.pk,
        "quota": quota.pk,
    }
    for moment in Moment:
        HallTest.objects.create(workshop=workshop, moment=moment, made_at=cast.NOW, opened_at=cast.NOW)
    FormQuestion.objects.create(workshop=workshop, stage="feedback", label="Thế nào?", kind="faces")
    ids["kiosk"] = signing.dumps(workshop.pk, salt=KIOSK_SALT)
    desk, _code = workshops.make_desk(workshop=workshop, name="", hours=72, by=None, at=cast.NOW)
    session = workshop.sessions.get()
    workshops.sign_sheet(session=session, registrations=[ticket], by=users["organiser"], at=session.starts_at)
    ids |= {
        "desk": desk.pk,
        "desk_token": token_of(desk),
        "session": session.pk,
        "attendance": ticket.attendances.get().pk,
    }
    return World(owner, ids, users)


made_world = made_for_a_file(_make)


def _users(owner: User) -> dict[str, User | None]:
    camau, laocai = cast.province("Cà Mau"), cast.province("Lào Cai")
    staff = {
        "commune_manager": ("manager", cast.commune()),
        "province_manager": ("manager", camau),
        "other_manager": ("manager", laocai),
        "centre_manager": ("manager", None),
        "organiser": ("organiser", camau),
        "other_organiser": ("organiser", laocai),
        "editor": ("editor", None),
        "author": ("author", camau),
        "other_author": ("author", laocai),
        "administrator": ("administrator", None),
    }
    made: dict[str, User | None] = {
        role: cast.staff(kind, place, f"09876543{number:02}", f"Cán bộ {role}")
        for number, (role, (kind, place)) in enumerate(staff.items())
    }
    return made | {
        "anonymous": None,
        "at_a_desk": None,
        "owner": owner,
        "other": cast.trainee("Danh Sà Mây", "0912345679", cast.commune()),
    }
