"""The demo's people: the same for the same seed, loaded once, and each can log in as `demo_logins` says."""

import json
from copy import deepcopy
from datetime import timedelta
from io import StringIO
from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import F
from django.test import Client

from accounts.models import Consent, ConsentText, Person, User
from certificates.models import Credential
from courses.models import Cohort, Enrolment
from demo import people
from lib import phones
from quizzes import actions as quiz_actions
from quizzes.models import Attempt, Item, QuestionBank
from tests import cast
from tests.conftest import made_for_a_file
from tests.quizzes.samples import SAMPLES

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # the browser's demo is loaded on both
COUNT = 5


@pytest.fixture(autouse=True)
def _workshops_are_loaded_elsewhere(monkeypatch):
    """In test_workshops.py, once: their delegates take ten times as long as these few."""
    monkeypatch.setattr(people.workshops, "load", lambda **_said: ())


@pytest.fixture
def courses(made_courses, db):
    return deepcopy(made_courses)


def two_courses():
    return [
        cast.course(lessons=2, with_quiz=True, slug=f"khoa-{number}", title=f"Khóa {number}") for number in range(2)
    ]


made_courses = made_for_a_file(two_courses)


def load(*, now=cast.NOW, seed=2026):
    return list(people.load(now=now, count=COUNT, seed=seed))


def figures(now=cast.NOW):
    """Everything that a visitor meets, by name; moments as their distance from today."""
    return {
        "people": list(
            Person.objects.order_by("pk").values_list(
                "name",
                "birth_year",
                "contact_phone",
                "place__name",
                "kind",
                "subject__name",
                "subject_role",
                "official_level",
            )
        ),
        "consents": list(Consent.objects.order_by("pk").values_list("person__name", "text__purpose")),
        "enrolments": [
            (name, course, now - begun, done and now - done)
            for name, course, begun, done in Enrolment.objects.order_by("pk").values_list(
                "person__name", "course__title", "enrolled_at", "completed_at"
            )
        ],
        "attempts": list(
            Attempt.objects.order_by("pk").values_list("enrolment__person__name", "number", "score", "passed")
        ),
    }


def once(**how):
    """The figures of one loading, taken back afterwards."""
    with transaction.atomic():
        load(**how)
        seen = figures(how.get("now", cast.NOW))
        transaction.set_rollback(True)
    return seen


def test_the_same_seed_gives_the_same_people_and_figures(courses):
    first = once()
    assert len(first["people"]) == COUNT + 2
    assert first["enrolments"]
    assert first["attempts"]
    assert once() == first
    assert once(seed=7)["people"] != first["people"]


def test_on_another_day_the_same_people_are_moved_to_that_day(courses):
    assert once(now=cast.NOW + timedelta(days=40)) == once()


def test_the_numbers_of_certificates_follow_their_days(courses):
    load()
    issued = list(Credential.objects.order_by("year", "sequence").values_list("issued_at", "enrolment__completed_at"))
    assert len(issued) > 2
    assert issued == sorted(issued)
    assert all(day == done for day, done in issued)


def test_most_people_can_be_called_each_at_a_number_of_their_own_and_some_cannot(courses):
    list(people.load(now=cast.NOW, count=9))
    numbers = [person.contact_phone for person in Person.objects.filter(user=None)]
    assert (numbers.count(""), len(set(numbers))) == (1, 9)
    assert not User.objects.filter(phone__in=filter(None, numbers)).exists()
    assert all(phones.is_stored(number) for number in filter(None, numbers))


def test_the_first_of_the_province_learn_together(courses):
    load()
    cohort = Cohort.objects.get(workshop=None)
    assert (cohort.name, cohort.place.name) == ("Nhóm đầu tiên của Cà Mau", "Cà Mau")
    seated = Enrolment.objects.filter(cohort=cohort)
    assert seated.exists()
    assert not seated.exclude(place__parent=cohort.place).exists()


def test_it_is_loaded_once(courses):
    load()
    seen = figures()
    assert load() == []
    assert figures() == seen


def test_everybody_carries_the_mark_of_the_demo_and_agreed_to_the_wording_of_today(courses):
    load()
    assert not Person.objects.filter(is_demo=False).exists()
    assert not User.objects.filter(is_demo=False).exists()
    assert not Person.objects.filter(has_consented=False).exists()


def test_nobody_agreed_to_words_that_were_not_there_yet(courses):
    load()
    assert Consent.objects.exists()
    assert not Consent.objects.filter(given_at__lt=F("text__published_at")).exists()
    for purpose in ConsentText.Purpose:
        dates = ConsentText.objects.filter(purpose=purpose).order_by("version").values_list("published_at", flat=True)
        assert list(dates) == sorted(dates)


def test_a_demo_of_before_agrees_to_a_new_wording_but_for_who_took_it_back(courses):
    load()
    named = Person.objects.filter(user__phone__in=["+84900000010", "+84900000011"]).order_by("pk")
    old = ConsentText.objects.get(purpose="learning-record", version=2, language="vi")
    Consent.objects.filter(text__purpose="learning-record").update(text=old)
    Person.objects.update(has_consented=False)
    named[0].consents.update(withdrawn_at=cast.NOW)
    load()
    assert [person.has_consented for person in named] == [False, True]


def test_a_loading_that_was_stopped_leaves_nothing_and_can_be_done_again(courses):
    lines = people.load(now=cast.NOW, count=COUNT)
    next(lines)
    assert User.objects.filter(is_demo=True).exists()
    lines.close()
    assert not User.objects.filter(is_demo=True).exists()
    load()
    assert len(people.logins()) == 9


def test_without_courses_it_says_what_comes_first():
    with pytest.raises(CommandError, match="load_courses"):
        call_command("load_demo")
    assert not User.objects.exists()


def test_without_the_demo_nobody_is_loaded(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("load_demo")
    assert not Person.objects.exists()


def logins(*options):
    out = StringIO()
    call_command("demo_logins", *options, stdout=out)
    return out.getvalue()


def test_the_log_ins_are_listed_by_role_in_words(courses):
    load()
    lines = logins().splitlines()
    assert len(lines) == 9
    for line, (role, name, phone) in zip(
        lines,
        [
            ("quản trị hệ thống cả nước", "Quản trị dùng thử", "0900 000 001"),
            ("người biên soạn cả nước", "Biên soạn dùng thử", "0900 000 002"),
            ("đơn vị tổ chức", "Tổ chức lớp dùng thử", "0900 000 003"),
            ("cán bộ theo dõi", "Cán bộ xã dùng thử", "0900 000 004"),
            ("cán bộ theo dõi", "Cán bộ tỉnh dùng thử", "0900 000 005"),
            ("cán bộ theo dõi cả nước", "Cán bộ trung ương dùng thử", "0900 000 006"),
            ("người soạn câu hỏi", "Soạn câu hỏi dùng thử", "0900 000 007"),
            ("học viên đang học", "Nguyễn Thị Mẫu", "0900 000 010"),
            ("học viên", "Trần Văn Thử", "0900 000 011"),
        ],
        strict=True,
    ):
        assert line.strip().startswith(role)
        assert name in line
        assert phone in line
    assert f"PIN {people.PIN}" in lines[-1]
    assert f"mật khẩu {people.PASSWORD}" in lines[0]


def test_whoever_finished_is_listed_as_certified(courses, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        load()
    certified = [row for row in people.logins() if row.role == "học viên đã có giấy chứng nhận"]
    assert [row.name for row in certified] == ["Trần Văn Thử"]
    shown = Credential.objects.get(shown_since__isnull=False)
    assert shown.evidence["name"] == "Trần Văn Thử"
    assert Client().get(f"/c/{shown.code}/gioi-thieu/").status_code == 200


def test_for_programs_the_same_list_is_json_and_every_row_of_it_opens(courses):
    load()
    rows = json.loads(logins("--json"))
    assert [row["name"] for row in rows] == [row.name for row in people.logins()]
    for row in rows:
        assert set(row) == {"role", "name", "phone", "way", "secret"}
        client = Client()
        client.post("/tai-khoan/dang-nhap/", {"login": row["phone"], "password": row["secret"]})
        assert "_auth_user_id" in client.session, row["role"]


def test_without_demo_people_there_is_nothing_to_list():
    assert logins() == ""
    assert json.loads(logins("--json")) == []


@pytest.fixture
def course_with_an_exercise(db):
    """A course of one lesson, and something to write that nobody has to."""
    page = cast.course_page()
    cast.lesson_page(page, "Bài 1", "bai-1")
    draft = cast.draft_quiz(page, is_required=False)
    bank = QuestionBank.objects.create(name="Bài tập", topic=cast.topic())
    essay = cast.question(bank, "viet", kind="essay", data=SAMPLES["essay"])
    quiz_actions.configure_quiz(activity=cast.row_of(draft), slots=[quiz_actions.SlotSpec(question=essay)], at=cast.NOW)
    draft.save_revision().publish()
    return cast.row_of(page)


def walk(course, essays, days):
    person = cast.person("Trần Thị Út", subject_name="Tôm khô Út (mẫu)")
    way = people.Walk(Random(1), person, course, cast.NOW, essays)  # noqa: S311
    way.study(lessons=9, until=cast.NOW + timedelta(days=days))
    return list(Attempt.objects.values_list("state", flat=True))


def test_what_somebody_wrote_of_late_waits_for_whoever_marks(course_with_an_exercise):
    essays = {"Mật ong": "Ba tôi gác kèo.", "Tôm khô": "Má tôi dạy phơi tôm."}
    assert walk(course_with_an_exercise, essays, days=40) == ["marking"]
    assert Item.objects.get().answer == "Má tôi dạy phơi tôm."
    assert list(essays) == ["Mật ong"], "each is handed in by one person, of its trade"


@pytest.mark.parametrize(
    ("essays", "days"), [({}, 40), ({"Mật ong": "Ba tôi gác kèo."}, 40), ({"Tôm khô": "Má tôi dạy phơi tôm."}, 400)]
)
def test_the_others_leave_out_what_nobody_has_to_do(course_with_an_exercise, essays, days):
    assert walk(course_with_an_exercise, essays, days) == []
