"""A named cast for tests: small functions that make one thing each, through the apps' own actions where there is one."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

from django.test import Client
from django.utils import timezone
from wagtail.models import Locale, Page, Site
from wagtail.signal_handlers import disable_reference_index_auto_update
from wagtail.signals import page_published

from accounts import actions as accounts
from accounts.models import ConsentText, Person, PersonKind, User
from accounts.queries import current_consent_texts
from accounts.sessions import STAFF_SESSION
from courses import actions as course_actions
from courses.models import Activity, CataloguePage, Cohort, Course, CoursePage, Enrolment, LessonPage, Topic
from lib import phones
from pages.models import HomePage
from provinces.models import Place
from quizzes import actions as quiz_actions
from quizzes.models import QuestionBank, Quiz, QuizPage

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
PASSWORD = "mat-khau-rat-dai-123"
PIN = "240679"


@contextmanager
def on(moment: datetime) -> Iterator[None]:
    """Another day for whoever asks Django for the time."""
    with patch("django.utils.timezone.now", lambda: moment):
        yield


def commune(name: str = "Phan Ngọc Hiển", province: str = "Cà Mau") -> Place:
    return Place.objects.current().get(level="commune", name=name, parent__name=province)


def province(name: str = "Cà Mau") -> Place:
    return Place.objects.current().get(level="province", name=name)


def texts() -> list[ConsentText]:
    return current_consent_texts("vi")


def person(name: str = "Trần Thị Út", place: Place | None = None, user: User | None = None, **fields: Any) -> Person:
    fields = {
        "kind": PersonKind.SUBJECT,
        "subject_name": "Tôm khô Út",
        "subject_kind": "household",
        "subject_role": "head",
    } | fields
    return accounts.register_person(user=user, name=name, place=place or commune(), consents=texts(), at=NOW, **fields)


def trainee(name: str = "Trần Thị Út", phone: str = "0912345678", place: Place | None = None) -> User:
    """A trainee with a confirmed number, a person and a PIN."""
    user = accounts.user_for_phone(phone=phones.to_e164(phone), at=NOW)
    user.phone_verified_at = NOW
    user.save()
    person(name, place, user)
    user.refresh_from_db()
    accounts.set_pin(user=user, pin=PIN)
    return user


def staff(role: str, place: Place | None = None, phone: str = "0987654321", name: str = "Lê Văn Cán Bộ") -> User:
    return accounts.create_staff(phone=phone, name=name, password=PASSWORD, roles=[(role, place)], by=None, at=NOW)


def client_of(user: User) -> Client:
    """A browser in which somebody is logged in; staff with their password."""
    client = Client()
    client.force_login(user, backend="accounts.backends.PhoneBackend")
    if user.is_staff:
        session = client.session
        session["account_authentication_methods"] = [{"method": "password", "at": 0}]
        session["account_authentication_methods_user"] = str(user.pk)
        session.set_expiry(STAFF_SESSION)
        session.save()
    return client


def home() -> HomePage:
    found = HomePage.objects.first()
    if found:
        return found
    locale = Locale.objects.get(language_code="vi")
    Page.objects.filter(depth=2).delete()
    page = publish(Page.get_first_root_node(), HomePage(title="Trang chủ", slug="trang-chu", locale=locale))
    Site.objects.update_or_create(is_default_site=True, defaults={"hostname": "localhost", "root_page": page})
    return page


def catalogue() -> CataloguePage:
    found = CataloguePage.objects.first()
    return found or publish(home(), CataloguePage(title="Khóa học", slug="khoa-hoc", locale=home().locale))


def publish[P: Page](parent: Page, page: P) -> P:
    """As Wagtail leaves a page whose first revision was published, and told to everybody who listens. What it would check, log
    and index on the way, three times over, took a third of all the tests' time."""
    page.first_published_at = page.last_published_at = timezone.now()
    parent.add_child(instance=page)
    with indexed_later():
        page.live_revision = page.save_revision(clean=False, changed=False)
        page.save(update_fields=["live_revision"], clean=False)
    page_published.send(sender=type(page), instance=page, revision=page.live_revision)
    return page


@contextmanager
def indexed_later() -> Iterator[None]:
    """A page is saved several times until it is published, and indexed each time anew; once is enough."""
    with disable_reference_index_auto_update(), patch("modelsearch.signal_handlers.insert_or_update_object_task"):
        yield


def topic() -> Topic:
    return Topic.objects.get_or_create(slug="story", defaults={"name": "Câu chuyện"})[0]


def course_page(title: str = "Kể chuyện", slug: str = "ke-chuyen", **fields: Any) -> CoursePage:
    return publish(catalogue(), CoursePage(title=title, slug=slug, topic=topic(), locale=home().locale, **fields))


def lesson_page(
    parent: CoursePage, title: str, slug: str, text: str = "<p>Tôm khô Rạch Gốc</p>", **fields: Any
) -> LessonPage:
    page = LessonPage(title=title, slug=slug, locale=parent.locale, **fields)
    page.body = page.body.stream_block.to_python([{"type": "text", "value": text}])
    return publish(parent, page)


def course(lessons: int = 2, *, with_quiz: bool = False, slug: str = "ke-chuyen", title: str = "Kể chuyện") -> Course:
    page = course_page(title, slug)
    for number in range(1, lessons + 1):
        lesson_page(page, f"Bài {number}", f"bai-{number}")
    if with_quiz:
        quiz(page)
    return row_of(page)


def row_of(page: Page) -> Any:
    model = Course if isinstance(page, CoursePage) else Activity
    return model.objects.get(translation_key=page.translation_key)


def quiz(page: CoursePage, questions: int = 3, attempts: int | None = 3) -> Quiz:
    """A quiz of single-choice questions; "a" is right everywhere."""
    quiz_page = draft_quiz(page)
    bank = QuestionBank.objects.create(name=f"Ngân hàng {page.slug}", topic=topic())
    for number in range(questions):
        question(bank, f"{page.slug}-{number}")
    slots = [quiz_actions.SlotSpec(bank=bank, draw=questions)]
    made = quiz_actions.configure_quiz(
        activity=row_of(quiz_page), pass_percent=70, attempts_allowed=attempts, slots=slots, at=NOW
    )
    quiz_page.save_revision().publish()
    made.refresh_from_db()
    return made


def draft_quiz(parent: CoursePage, **fields: Any) -> QuizPage:
    """As an editor's first save leaves it: with its rules, and without questions."""
    fields = {"title": "Bài kiểm tra", "slug": "kiem-tra"} | fields
    page = QuizPage(locale=parent.locale, live=False, **fields)
    parent.add_child(instance=page)
    page.save_revision()
    quiz_actions.prepare_quiz(page=page, at=NOW)
    return page


def ask(page: QuizPage) -> Quiz:
    """One question for a quiz in draft."""
    bank = QuestionBank.objects.create(name="Kể", topic=topic())
    question(bank, "ke-1")
    return quiz_actions.configure_quiz(
        activity=row_of(page), pass_percent=70, attempts_allowed=3, slots=[quiz_actions.SlotSpec(bank=bank)], at=NOW
    )


CHOICES = [
    {"id": "a", "text": "Kể thật", "right": True, "feedback": "PHẢN HỒI ĐÚNG"},
    {"id": "b", "text": "Bịa cho hay", "right": False, "feedback": "PHẢN HỒI SAI"},
    {"id": "c", "text": "Chép của người khác", "right": False, "feedback": ""},
]


def question(bank: QuestionBank, key: str, **fields: Any) -> Any:
    fields = {
        "kind": "single",
        "stem": f"Câu hỏi {key}?",
        "data": {"choices": CHOICES},
        "explanation": "GIẢI THÍCH BÍ MẬT",
        "status": "reviewed",
    } | fields
    return quiz_actions.save_question(bank=bank, key=key, at=NOW, **fields)


def posted(item: Any, choice: str) -> str:
    """What a browser sends for a choice ("a"); anything else goes out as it is."""
    from quizzes.kinds.masks import masked

    data = item.version.data
    return masked(data, [one["id"] for one in data.get("choices", [])]).get(choice, choice)


def enrolment(who: Person, what: Course, at: datetime = NOW) -> Enrolment:
    return course_actions.enrol(person=who, course=what, at=at)


def cohort(what: Course, by: User, name: str = "Nhóm chiều", **fields: Any) -> Cohort:
    """Of the commune of the cast, where it is not said otherwise."""
    fields = {"starts_on": NOW.date(), "place": commune()} | fields
    return course_actions.open_cohort(course=what, name=name, by=by, at=NOW, **fields)


def finish(who: Enrolment, at: datetime = NOW + timedelta(days=1)) -> None:
    """Completes every required activity, whatever its kind."""
    for activity in who.course.activities.filter(retired_at=None):
        course_actions.complete_activity(enrolment=who, activity=activity, at=at)
    who.refresh_from_db()


def award(what: Course, **fields: Any) -> Any:
    from certificates import actions as certificate_actions
    from certificates.models import Issuer

    fields = {
        "name": "Văn phòng Mẫu", "code": "MẪU", "place_name": "Cà Mau", "signer_post": "Chánh Văn phòng", "signer_name": "Người Ký Mẫu",
        "is_specimen": True,
    } | fields  # fmt: skip
    issuer = Issuer.objects.create(**fields)
    return certificate_actions.configure_award(course=what, issuer=issuer, duration="2 giờ học")


def picture(kind: str = "signature", colour: str = "navy", name: str = "") -> Any:
    """A picture that templates and signatories may print: a line in one colour."""
    from hashlib import sha256

    from django.core.files.uploadedfile import SimpleUploadedFile
    from PIL import Image, ImageDraw

    from certificates import pictures
    from certificates.models import Picture

    drawn, out = Image.new("RGB", (891, 630), "white"), io.BytesIO()
    ImageDraw.Draw(drawn).line((40, 600, 850, 30), fill=colour, width=30)
    drawn.save(out, "PNG")
    data, width, height = pictures.rewritten(SimpleUploadedFile("hinh.png", out.getvalue()), kind)
    known = {"kind": kind, "data": data, "width": width, "height": height, "name": name or f"{kind} {colour}"}
    return Picture.objects.create(sha256=sha256(data).hexdigest(), **known)


def signatory(issuer: Any, **fields: Any) -> Any:
    from certificates.models import Signatory

    usual = {"post": "Phó Chánh Văn phòng", "name": "Người Ký Thay", "valid_from": NOW.date() - timedelta(days=30)}
    return Signatory.objects.create(issuer=issuer, **usual | fields)


def workshop(what: Course | None = None, **fields: Any) -> Any:
    """A workshop of one session, two days after NOW, in a course that asks for it alone; `fields` are its own."""
    from workshops.models import Session, Workshop, WorkshopPage

    with on(NOW):
        parent = CoursePage.objects.get(translation_key=what.translation_key) if what else course_page()
        page = publish(parent, WorkshopPage(title="Bộ tiêu chí mới", slug="lop", locale=home().locale))
    begins = NOW + timedelta(days=2)
    made = Workshop.objects.create(
        **{
            "activity": row_of(page),
            "slug": "bo-tieu-chi-moi",
            "organiser": "Văn phòng Mẫu",
            "place": commune(),
            "venue": "Hội trường xã",
            "created_at": NOW,
        }
        | fields
    )
    Session.objects.create(workshop=made, name="Buổi chiều", starts_at=begins, ends_at=begins + timedelta(hours=3))
    return made


def delegate(workshop: Any, name: str = "Lê Văn Bé", **fields: Any) -> Any:
    """Somebody with a seat; `fields` are the person's."""
    from workshops.actions import register
    from workshops.models import RegistrationSource

    return register(workshop=workshop, person=person(name, **fields), source=RegistrationSource.NOMINATED, at=NOW)


def present(registration: Any, session: Any = None, at: datetime | None = None) -> Any:
    """At a session of the workshop, the first if none is named, from its beginning on."""
    from workshops.models import Attendance, CheckInWay

    session = session or registration.workshop.sessions.earliest("starts_at")
    when = at or session.starts_at
    return Attendance.objects.create(
        session=session, registration=registration, way=CheckInWay.SCAN, occurred_at=when, recorded_at=when
    )
