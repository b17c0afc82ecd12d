"""Who stays behind: what is kept of each place is what the records say, whoever changes them, and numbers lead to just those."""

import io
import re
from copy import deepcopy
from datetime import timedelta

import pytest
from django.core.management import call_command
from python_calamine import CalamineWorkbook

from accounts import actions as accounts
from accounts.models import Person, Product, Subject, User
from certificates import actions as certificates
from certificates.models import Credential
from courses.models import Completion, Course, Enrolment
from quizzes.models import Attempt, Quiz
from reports import actions, personal, triggers
from reports.models import Behind, Reach, Stale
from tests import cast
from tests.conftest import made_for_a_file
from tests.reports.boards import BOARD, manager

pytestmark = pytest.mark.django_db
NOW = cast.NOW + timedelta(days=60)
STATES = ("unstarted", "stalled", "failed", "expiring", "absent", "stars")
PAGE, BOOK, ABSENT = (
    "/quan-tri/tien-do/can-quan-tam/",
    "/quan-tri/tien-do/can-quan-tam/xlsx/",
    "/quan-tri/tien-do/chu-the-chua-hoc/",
)


def attempt(enrolment, quiz, *, number, passed):
    return Attempt.objects.create(
        enrolment=enrolment, quiz=quiz, number=number, state="finished", pass_percent=70, passed=passed, score=0, max_score=1,
        started_at=cast.NOW, finished_at=cast.NOW,
    )  # fmt: skip


def product(subject, name, *, days, stars=4):
    until = NOW.date() + timedelta(days=days)
    return Product.objects.create(subject=subject, name=name, stars=stars, valid_until=until)


def one_of_each():
    """In one commune: never started, stopped after a lesson, failed twice, about to expire; a subject of which nobody has come, and one whose stars run out."""
    course = cast.course(lessons=2, with_quiz=True)
    cast.award(course)
    lesson, quiz = course.activities.filter(kind="lesson").first(), Quiz.objects.get()
    made = {
        name: cast.enrolment(cast.person(f"Chim {name}", subject_name=f"Cơ sở {name}"), course)
        for name in ("unstarted", "stalled", "failed", "expiring")
    }
    Completion.objects.create(enrolment=made["stalled"], activity=lesson, occurred_at=cast.NOW, recorded_at=cast.NOW)
    for number in (1, 2):
        attempt(made["failed"], quiz, number=number, passed=False)
    cast.finish(made["expiring"])
    certificates.issue(enrolment_id=made["expiring"].pk, at=cast.NOW)
    Credential.objects.update(expires_on=NOW.date() + timedelta(days=90))
    Subject.objects.create(name="Cơ sở vắng", kind="household", place=cast.commune(), leader="Bà Vắng")
    product(made["failed"].person.subject, "Tôm khô", days=183)
    actions.bring_up_to_date(at=NOW)
    return made | {"course": course, "quiz": quiz, "lesson": lesson}


made_here = made_for_a_file(one_of_each)


@pytest.fixture
def here(made_here, db):
    with cast.on(NOW):
        yield deepcopy(made_here)


def kept(place=None, reach=Reach.PLACE) -> tuple[int, ...]:
    rows = Behind.objects.filter(place=place or cast.commune(), reach=reach)
    return rows.values_list(*STATES).first() or (0,) * 6


def sound() -> bool:
    actions.bring_up_to_date(at=NOW)
    return personal.violations() == []


def begun(here):
    Completion.objects.bulk_create(
        Completion(enrolment=here["unstarted"], activity=one, occurred_at=NOW, recorded_at=NOW)
        for one in here["course"].activities.filter(kind="lesson")
    )


def take_back(person):
    for consent in person.consents.filter(withdrawn_at=None):
        accounts.withdraw_consent(person=person, consent_id=consent.pk, at=NOW)


def switch_off(person):
    User.objects.create(person=person)
    User.objects.filter(person=person).update(is_active=False)


def leave(here):
    """Nobody of a subject is enrolled any more."""
    Person.objects.filter(pk=here["unstarted"].person_id).update(subject=None, subject_role="")


CHANGES = {
    "begun, with two lessons at once": begun,
    "begun with a test": lambda here: attempt(here["unstarted"], here["quiz"], number=1, passed=False),
    "unbegun": lambda here: Completion.objects.filter(enrolment=here["stalled"]).delete(),
    "test removed": lambda here: Attempt.objects.all().delete(),
    "passed after all": lambda here: attempt(here["failed"], here["quiz"], number=3, passed=True),
    "graded anew": lambda here: Attempt.objects.filter(number=2).update(passed=True),
    "annulled": lambda here: Attempt.objects.filter(number=2).update(annulled_at=NOW, annulled_reason="Mất điện"),
    "for practice": lambda here: Attempt.objects.filter(number=2).update(is_practice=True),
    "back again": lambda here: Enrolment.objects.filter(pk=here["stalled"].pk).update(last_active_at=NOW),
    "finished": lambda here: Enrolment.objects.filter(pk=here["failed"].pk).update(completed_at=NOW),
    "course closed": lambda here: Course.objects.update(retired_at=NOW),
    "valid for longer": lambda here: Credential.objects.update(expires_on=NOW.date() + timedelta(days=91)),
    "valid for ever": lambda here: Credential.objects.update(expires_on=None),
    "subject closed": lambda here: Subject.objects.filter(name="Cơ sở vắng").update(closed_at=NOW),
    "subject of another place": lambda here: Subject.objects.filter(name="Cơ sở vắng").update(
        place=cast.commune("Sa Pa", "Lào Cai")
    ),
    "subject written": lambda here: Subject.objects.create(name="Cơ sở mới", kind="group", place=cast.commune()),
    "subject removed": lambda here: Subject.objects.filter(name="Cơ sở vắng").delete(),
    "stars of another subject too": lambda here: product(Subject.objects.get(name="Cơ sở vắng"), "Mắm", days=0),
    "recognised anew": lambda here: Product.objects.update(valid_until=NOW.date() + timedelta(days=1100)),
    "no day any more": lambda here: Product.objects.update(valid_until=None),
    "no stars any more": lambda here: Product.objects.update(stars=None),
    "product removed": lambda here: Product.objects.all().delete(),
    "product of a subject elsewhere": lambda here: Product.objects.update(
        subject=Subject.objects.create(name="Cơ sở xa", kind="group", place=cast.commune("Sa Pa", "Lào Cai"))
    ),
    "subject with stars closed": lambda here: Subject.objects.filter(name="Cơ sở failed").update(closed_at=NOW),
    "somebody of it enrols": lambda here: cast.enrolment(
        cast.person("Chim mới", subject_name="Cơ sở vắng"), here["course"]
    ),
    "its only learner leaves": leave,
    "removed": lambda here: Enrolment.objects.filter(pk=here["unstarted"].pk).delete(),
    "merged": lambda here: Person.objects.filter(pk=here["unstarted"].person_id).update(
        merged_into=here["failed"].person
    ),
    "agreement taken back": lambda here: take_back(here["stalled"].person),
    "log-in switched off": lambda here: switch_off(here["stalled"].person),
    "erased": lambda here: Person.objects.filter(pk=here["expiring"].person_id).update(erased_at=NOW),
}  # fmt: skip


def test_each_is_counted_in_its_state(here):
    assert kept() == (1, 2, 1, 1, 1, 1), "who failed twice stopped as well"
    assert kept(cast.province(), Reach.PROVINCE) == (1, 2, 1, 1, 1, 1)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_changes_is_counted_again(here, change):
    before = set(Behind.objects.values_list("place", *STATES))
    change(here)
    assert Stale.objects.exists()
    assert sound()
    assert set(Behind.objects.values_list("place", *STATES)) != before


@pytest.mark.parametrize("what", sorted(CHANGES))
def test_without_marks_the_audit_names_the_place_and_reconcile_mends_it(here, what):
    triggers.drop()
    CHANGES[what](here)
    assert [sentence for sentence in personal.violations() if sentence.startswith("place ")]
    triggers.create()
    call_command("reconcile")
    assert personal.violations() == []


def ask_again(person):
    """The wording to which somebody agreed tells no longer all."""
    Person.objects.filter(pk=person.pk).update(has_consented=False)


def test_who_is_to_be_asked_again_is_behind_also_without_messages_until_the_agreement_itself_is_taken_back(here):
    person = here["stalled"].person
    person.consents.filter(text__purpose="messages").update(withdrawn_at=NOW)
    ask_again(person)
    actions.bring_up_to_date(at=NOW)
    assert kept() == (1, 2, 1, 1, 1, 1)
    person.consents.filter(withdrawn_at=None).update(withdrawn_at=NOW)
    actions.bring_up_to_date(at=NOW)
    assert kept() == (1, 1, 1, 1, 1, 1)


@pytest.mark.parametrize("change", [take_back, switch_off])
def test_who_took_back_the_agreement_or_has_no_log_in_any_more_is_not_behind(here, change):
    change(here["stalled"].person), change(here["unstarted"].person)
    assert sound()
    assert kept() == (0, 1, 1, 1, 1, 1)


def test_who_was_erased_waits_for_nobody(here):
    Person.objects.update(erased_at=NOW)
    assert sound()
    assert kept() == (0, 0, 0, 0, 1, 1)


def test_further_lessons_mark_nothing(here):
    Completion.objects.create(
        enrolment=here["stalled"], activity=here["course"].activities.filter(kind="lesson").last(), occurred_at=NOW, recorded_at=NOW
    )  # fmt: skip
    assert not Stale.objects.exists()


@pytest.mark.parametrize(("days", "expiring"), [(-1, 0), (0, 1), (90, 1), (91, 0)])
def test_a_paper_is_about_to_expire_from_one_midnight_to_another(here, days, expiring):
    actions.bring_up_to_date(at=NOW + timedelta(days=days))
    assert kept()[3] == expiring
    assert personal.violations() == []


@pytest.mark.parametrize(("days", "ending"), [(-1, 0), (0, 1), (183, 1), (184, 0)])
def test_stars_are_about_to_run_out_from_one_midnight_to_another(here, days, ending):
    actions.bring_up_to_date(at=NOW + timedelta(days=days))
    assert kept()[5] == ending
    assert personal.violations() == []


def test_a_subject_counts_once_and_not_for_what_has_run_out_has_no_stars_or_ends_later(here):
    product(Subject.objects.get(name="Cơ sở failed"), "Tôm chua", days=1)
    for name, days, stars in (("stalled", -1, 3), ("unstarted", 9, None), ("expiring", 184, 5)):
        product(Subject.objects.get(name=f"Cơ sở {name}"), "Mắm", days=days, stars=stars)
    assert sound()
    assert kept()[5] == 1


def test_a_change_of_a_product_s_name_or_number_of_stars_marks_nothing(here):
    Product.objects.update(name="Tôm sấy", stars=5, decision="9/QĐ-UBND")
    product(Subject.objects.get(name="Cơ sở stalled"), "Chưa phân hạng", days=9, stars=None)
    assert not Stale.objects.exists()


def listed(client, address: str) -> set[str]:
    page = client.get(address)
    assert page.status_code == 200
    return {
        name for name in Person.objects.values_list("name", flat=True) if f">\n{name}" in page.text or name in page.text
    }


def test_the_board_s_numbers_lead_to_just_those(here):
    client = manager("Cà Mau")
    page = client.get(BOARD).text.partition("board__behind")[2].partition("</ul>")[0]
    found = re.findall(r'<a href="([^"]+)"><strong>([\d.]+)</strong>', page)
    assert [number for _address, number in found] == ["1", "2", "1", "1", "1", "1"]
    expected = [{"unstarted"}, {"stalled", "failed"}, {"failed"}, {"expiring"}]
    for (address, _number), names in zip(found, expected, strict=False):
        assert listed(client, address.replace("&amp;", "&")) == {f"Chim {name}" for name in names}
    absent = client.get(found[4][0].replace("&amp;", "&")).text
    assert "Cơ sở vắng" in absent
    assert "Cơ sở stalled" not in absent
    ending = client.get(found[5][0].replace("&amp;", "&")).text
    assert ("Cơ sở failed" in ending, "Cơ sở stalled" in ending) == (True, False)


def test_the_number_of_stars_of_a_commune_is_that_of_the_register(here):
    product(Subject.objects.get(name="Cơ sở vắng"), "Mắm", days=20, stars=None)
    closed = Subject.objects.create(name="Cơ sở nghỉ", kind="group", place=cast.commune(), closed_at=NOW)
    product(closed, "Khô", days=20)
    client = manager("Cà Mau")
    address = re.search(
        r'href="(/quan-tri/subject/[^"]+)">1</a>', client.get(PAGE, {"dia-ban": cast.province().pk}).text
    )[1]
    page = client.get(address.replace("&amp;", "&")).text
    assert [name in page for name in ("Cơ sở failed", "Cơ sở vắng", "Cơ sở nghỉ")] == [True, False, False]


def test_from_the_centre_to_a_person_in_three_clicks(here):
    client, address = manager(None), PAGE
    for place in ("Tỉnh Cà Mau", "Xã Phan Ngọc Hiển"):
        page = client.get(address).text
        address = PAGE + re.search(rf'<a href="([^"]+)">{place}</a>', page)[1].replace("&amp;", "&")
    address = re.search(r'href="(/quan-tri/enrolment/[^"]+state=unstarted)"', client.get(address).text)[1]
    assert listed(client, address.replace("&amp;", "&")) == {"Chim unstarted"}


def test_the_workbook_says_what_the_page_says(here):
    book = CalamineWorkbook.from_filelike(io.BytesIO(manager("Cà Mau").get(BOOK).getvalue()))
    shown = book.get_sheet_by_index(0).to_python()
    rows = {row[0]: row[1:] for row in shown}
    assert shown[0][0].startswith("Cần quan tâm: Tỉnh Cà Mau, tính đến ")
    assert rows["Xã Phan Ngọc Hiển"] == rows["Tỉnh Cà Mau"] == [1, 2, 1, 1, 1, 1]


def test_another_province_sees_none_of_it(here):
    client = manager("Lào Cai")
    for address in (PAGE, ABSENT, BOARD):
        page = client.get(address).text
        assert "Cà Mau" not in page
        assert "Cơ sở vắng" not in page
    for address in (PAGE, BOOK, ABSENT):
        for value in (cast.province().pk, cast.commune().pk, "0", "abc"):
            assert client.get(address, {"dia-ban": value}).status_code == 404
    assert "board__behind" not in client.get(BOARD).text, "nothing to care for is not said"
