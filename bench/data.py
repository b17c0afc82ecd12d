"""Data of the benchmarks, made inside the scratch installation: people with sessions, and enrolments in bulk.

python -m bench.data < {"task": "people", "count": 400}, {"task": "enrolments", "count": 10000} or {"task": "attempts", …}
"""

import json
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import django
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string

ATTEMPTS, ANSWERS = (Path(__file__).with_name(name) for name in ("attempts.sql", "answers.sql"))
QUESTIONS = 10  # an attempt
COURSES = 5


def people(count: int) -> dict[str, Any]:
    """Trainees who may take the quiz of the first course, one in the middle of its lessons, and a manager of the country."""
    from courses.models import Activity, Completion, Course, CoursePage, Enrolment, LessonPage
    from quizzes.models import QuizPage

    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_row (word varchar(20) NOT NULL)")  # what bench-insert/ writes into
    page = CoursePage.objects.get(slug="bat-dau-voi-ocop", locale__language_code="vi")
    course = Course.objects.get(translation_key=page.translation_key)
    lessons = list(LessonPage.objects.child_of(page).live().order_by("path"))
    rows = [Activity.objects.get(translation_key=lesson.translation_key) for lesson in lessons]
    quiz = QuizPage.objects.child_of(page).get()
    trainees = _trainees(count + 1)
    enrolments = Enrolment.objects.bulk_create(
        Enrolment(
            person=user.person,
            course=course,
            place=user.person.place,
            person_kind="subject",
            enrolled_at=now,
            last_active_at=now,
        )
        for user in trainees
    )
    Completion.objects.bulk_create(
        Completion(enrolment=enrolment, activity=row, occurred_at=now, recorded_at=now)
        for number, enrolment in enumerate(enrolments)
        for row in (rows if number else rows[:1])
    )
    reader, *takers = [_session(user) for user in trainees]
    paper = _certificate(trainees[1].person, now)
    return {
        "reader": reader,
        "takers": takers,
        **_managers(now),
        "holder": takers[0],
        "paper": f"/c/{paper}/pdf/",
        "course": page.url,
        "lessons": [lesson.url for lesson in lessons],
        "quiz": quiz.url,
        "start": f"/kiem-tra/{quiz.translation_key}/bat-dau/",
    }


def _managers(now: datetime) -> dict[str, str]:
    """Who looks at the country, at a province and at a commune."""
    from accounts import actions as accounts
    from provinces.models import Place

    province = Place.objects.current().provinces().get(name="Cà Mau")
    places = {"manager": None, "province": province, "commune": province.children.current().order_by("pk")[0]}
    return {
        who: _session(
            accounts.create_staff(
                phone=f"098700001{number}",
                name="Cán bộ đo",
                password=get_random_string(20),
                roles=[("manager", place)],
                by=None,
                at=now,
            )
        )
        for number, (who, place) in enumerate(places.items())
    }


def _issuer() -> Any:
    from certificates.models import Issuer

    names = {"name": "Đo", "place_name": "Cà Mau", "signer_post": "Đo", "signer_name": "Đo"}
    return Issuer.objects.get_or_create(code="ĐO", defaults=names)[0]


def _certificate(person: Any, now: datetime) -> str:
    """The code of a certificate that somebody earned in another course."""
    from certificates.actions import configure_award, issue
    from courses.models import Course, Enrolment

    course = Course.objects.exclude(enrolments__person=person)[0]
    configure_award(course=course, issuer=_issuer(), duration="1 giờ")
    enrolment = Enrolment.objects.create(
        person=person,
        course=course,
        place=person.place,
        person_kind="subject",
        enrolled_at=now,
        last_active_at=now,
        completed_at=now,
    )
    credential = issue(enrolment_id=enrolment.pk, at=now)
    assert credential  # noqa: S101 (the course has an award)
    return credential.code


def _trainees(count: int) -> list[Any]:
    from accounts.models import Person, User
    from lib import text
    from provinces.models import Place

    place = Place.objects.current().communes().filter(parent__name="Cà Mau").first()
    assert place  # noqa: S101 (the migrations load places)
    names = [f"Nguyễn Thị Đo {number}" for number in range(count)]
    made = Person.objects.bulk_create(
        Person(
            name=name,
            sort_key=text.sort_key(name),
            search=text.fold(name),
            place=place,
            kind="subject",
            has_consented=True,
        )
        for name in names
    )
    now = timezone.now()
    return User.objects.bulk_create(
        User(phone=f"+849000{number:05}", phone_verified_at=now, password=make_password(None), person=person)
        for number, person in enumerate(made)
    )


def _session(user: Any) -> str:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = "accounts.backends.PhoneBackend"
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    if user.is_staff:
        store["account_authentication_methods"] = [{"method": "password", "at": 0}]
    store.set_expiry(timedelta(hours=12))
    store.save()
    return str(store.session_key)


def enrolments(count: int) -> dict[str, int]:
    """Fills up to so many enrolments over all communes of today, with subjects, completions and certificates (`manage.py fill`)."""
    from certificates.actions import configure_award
    from courses.models import Course, Enrolment
    from demo import filling
    from reports.actions import bring_up_to_date

    offered = Course.objects.offered()
    for course in offered.filter(award=None):
        configure_award(course=course, issuer=_issuer(), duration="1 giờ")
    trainees = -(-count // min(COURSES, offered.count()))
    for _line in filling.fill(trainees=trainees, enrolments=count, at=timezone.now(), is_demo=False):
        pass
    bring_up_to_date(at=timezone.now())
    return {"count": Enrolment.objects.count()}


def attempts(count: int) -> dict[str, Any]:
    """Finished attempts of the first quiz, each of ten questions with one answer; and an editor who reads their analysis."""
    from accounts import actions as accounts
    from courses.models import Enrolment
    from quizzes.models import Attempt, QuestionVersion, Quiz

    enrolments(max(count, Enrolment.objects.count()))
    quiz, now = Quiz.objects.order_by("pk")[0], timezone.now()
    asked = list(QuestionVersion.objects.filter(kind="single").order_by("pk")[:QUESTIONS])
    with transaction.atomic(), connection.cursor() as cursor:
        moment = connection.ops.adapt_datetimefield_value(now)
        own = {"quiz": quiz.pk, "now": moment, "questions": len(asked), "count": count}
        cursor.execute(ATTEMPTS.read_text(), own)
        for position, version in enumerate(asked, start=1):
            _answers(cursor, quiz.pk, position, version)
        cursor.execute(
            "UPDATE quizzes_attempt SET score = (SELECT sum(i.score) FROM quizzes_item i WHERE i.attempt_id = quizzes_attempt.id)"
            " WHERE quiz_id = %s AND max_score = %s AND score = 0",
            [quiz.pk, len(asked)],
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    roles: list[Any] = [("editor", None)]
    editor = accounts.create_staff(
        phone="0987000002", name="Người đo", password=get_random_string(20), roles=roles, by=None, at=now
    )
    path = f"/quan-tri/bai-kiem-tra/{quiz.pk}/phan-tich/"
    return {"editor": _session(editor), "path": path, "count": Attempt.objects.filter(quiz=quiz).count()}


def _answers(cursor: Any, quiz: int, position: int, version: Any) -> None:
    """The choices of a question in turn, so that every third or fourth is right."""
    choices = version.data["choices"]
    for turn, choice in enumerate(choices):
        values = {
            "quiz": quiz, "position": position, "version": version.pk, "order": json.dumps([]), "points": json.dumps({}),
            "answer": json.dumps(choice["id"]), "score": int(choice["right"]), "turns": len(choices), "turn": turn,
        }  # fmt: skip
        cursor.execute(ANSWERS.read_text(), values)


def tidy_up() -> None:
    """As PostgreSQL's autovacuum does within minutes, which is off here; not within a transaction."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)")


if __name__ == "__main__":
    question = json.load(sys.stdin)
    django.setup()
    done = {"people": people, "enrolments": enrolments, "attempts": attempts}[question["task"]](question["count"])
    tidy_up()
    print(json.dumps(done))  # noqa: T201 (its answer)
