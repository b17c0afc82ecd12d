"""How many said that they belong to an ethnic minority: a total of a province and of the country, from which no single answer follows."""

import json
from datetime import timedelta

import pytest

from accounts import actions as accounts
from accounts.models import MinorityAnswer, Person
from accounts.queries import text_of
from courses.models import Enrolment
from provinces.models import Place
from provinces.queries import places_within
from reports import actions, personal, triggers
from reports.minority import queries
from reports.minority.queries import Total
from reports.models import Minority, Snapshot, Stale
from tests import cast
from tests.reports.boards import BOARD, manager
from tests.reports.test_files import lines

pytestmark = pytest.mark.django_db
NOW = cast.NOW + timedelta(days=3)
TITLE = "Cách tính số người dân tộc thiểu số"


def people(yes: int, no: int, commune=None, course=None) -> list[Person]:
    """Enrolled in a commune, who said so."""
    course = (
        course
        or (Enrolment.objects.first() or cast.enrolment(cast.person("Chim Chưa Nói"), cast.course(lessons=1))).course
    )
    made = []
    for n in range(yes + no):
        made.append(cast.person(f"Chim {n}", commune or cast.commune()))
        cast.enrolment(made[-1], course)
        answer(made[-1], n < yes)
    return made


def answer(person: Person, is_minority: bool) -> None:
    accounts.answer_minority(person=person, text=text_of("minority", "vi"), is_minority=is_minority, at=cast.NOW)


def kept() -> dict[str, tuple[int, int]]:
    actions.bring_up_to_date(at=NOW)
    assert personal.violations() == []
    return {one.place.name: (one.persons, one.answered) for one in Minority.objects.select_related("place")}


def of_province(name: str = "Cà Mau") -> Total | None:
    actions.bring_up_to_date(at=NOW)
    place = cast.province(name)
    return queries.total(place, places_within(place))


def of_country() -> Total | None:
    actions.bring_up_to_date(at=NOW)
    return queries.total(None, None)


class TestKept:
    def test_each_person_counts_once_in_a_province(self):
        one = people(1, 1)[0]
        cast.enrolment(one, cast.course(lessons=1, slug="khac", title="Khác"))
        assert kept() == {"Cà Mau": (1, 2)}
        last = Enrolment.objects.filter(person=one).latest("pk")
        Enrolment.objects.filter(pk=last.pk).update(place=cast.commune("Đất Mũi"))
        assert kept() == {"Cà Mau": (1, 2)}
        Enrolment.objects.filter(pk=last.pk).update(place=cast.commune("Sa Pa", "Lào Cai"))
        assert kept() == {"Cà Mau": (1, 2), "Lào Cai": (1, 1)}

    def test_who_only_came_to_a_workshop_counts_and_who_only_signed_up_does_not(self):
        seat = cast.delegate(cast.workshop(cast.course(lessons=0, slug="lop", title="Lớp")))
        answer(seat.person, True)
        assert kept() == {}
        cast.present(seat)
        assert kept() == {"Cà Mau": (1, 1)}
        seat.attendances.update(taken_back_at=NOW)
        assert kept() == {}

    def test_who_does_neither_counts_nowhere(self):
        answer(cast.person(), True)
        assert kept() == {}

    CHANGES = {
        "another answer": lambda who: answer(who, False),
        "by hand": lambda who: MinorityAnswer.objects.filter(person=who).update(is_minority=False),
        "taken back": lambda who: accounts.withdraw_consent(
            person=who, consent_id=who.consents.get(text__purpose="minority").pk, at=NOW
        ),
        "removed": lambda who: MinorityAnswer.objects.filter(person=who).delete(),
        "moved away": lambda who: Enrolment.objects.filter(person=who).update(place=cast.commune("Sa Pa", "Lào Cai")),
        "not enrolled any more": lambda who: Enrolment.objects.filter(person=who).delete(),
        "joined": lambda who: accounts.merge_people(
            person=who, into=Person.objects.get(name="Chim 1"), by=None, reason="cùng người", at=NOW
        ),
    }  # fmt: skip

    @pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
    def test_whatever_changes_is_counted_again(self, change):
        who = people(2, 1)[0]
        before = kept()
        assert before == {"Cà Mau": (2, 3)}
        change(who)
        assert Stale.objects.exists()
        assert kept() != before

    def test_without_marks_the_audit_names_the_province(self):
        who = people(2, 1)[0]
        kept()
        triggers.drop()
        answer(who, False)
        found = [one for one in personal.violations() if one.startswith("place ")]
        triggers.create()
        assert [one.split(":")[0] for one in found] == [f"place {cast.province().pk}"]


class TestHiding:
    @pytest.mark.parametrize(("yes", "no"), [(4, 5), (5, 4), (0, 9), (9, 0), (1, 20), (0, 0)])
    def test_fewer_than_five_of_either_answer_hides_all(self, yes, no):
        people(yes, no)
        assert of_province() == Total(None, None)
        page = manager("Cà Mau").get(BOARD).text
        section = page.partition('id="dan-toc"')[2].partition("<details")[0]
        assert "chưa hiện" in section
        assert not [one for one in (yes, no, yes + no) if one != 5 and f">{one}<" in section]

    def test_five_of_each_are_shown(self):
        people(5, 6)
        assert of_province() == Total(5, 11)
        section = manager("Cà Mau").get(BOARD).text.partition('id="dan-toc"')[2].partition("<details")[0]
        assert '<dd class="stat__value">5</dd>' in section
        assert "trong 11 người tự trả lời" in section

    def test_the_country_less_what_is_shown_is_nothing(self):
        """Two provinces, one of which is hidden: their sum would tell it."""
        people(6, 7)
        people(3, 8, cast.commune("Sa Pa", "Lào Cai"))
        assert (of_province(), of_province("Lào Cai"), of_country()) == (Total(6, 13), Total(), Total(6, 13))
        people(2, 0, cast.commune("Sa Pa", "Lào Cai"))
        assert (of_province("Lào Cai"), of_country()) == (Total(5, 13), Total(11, 26))

    def test_a_country_of_hidden_provinces_is_hidden_however_many_they_are_together(self):
        people(4, 9)
        people(4, 9, cast.commune("Sa Pa", "Lào Cai"))
        assert of_country() == Total()

    def test_taken_back_it_is_hidden_again(self):
        who = people(5, 5)[0]
        assert of_province() == Total(5, 10)
        accounts.withdraw_consent(person=who, consent_id=who.consents.get(text__purpose="minority").pk, at=NOW)
        assert of_province() == Total()


class TestWhere:
    @pytest.fixture
    def shown(self):
        people(6, 7)
        actions.bring_up_to_date(at=NOW)

    def test_on_the_board_of_the_province_and_of_the_country_with_how_it_is_counted(self, shown):
        for client, query in ((manager("Cà Mau"), {}), (manager(None, "0987654398"), {})):
            page = client.get(BOARD, query).text
            assert TITLE in page
            assert "trong 13 người tự trả lời" in page

    def test_of_a_commune_and_under_a_filter_there_is_none(self, shown):
        client, course = manager("Cà Mau"), Enrolment.objects.first().course
        for query in (
            {"dia-ban": cast.commune().pk}, {"doi_tuong": "subject"}, {"khoa": course.pk}, {"chuyen_de": course.topic_id},
        ):  # fmt: skip
            answered = client.get(BOARD, query)
            assert answered.status_code == 200
            assert "người tự trả lời" not in answered.text
            assert "Dân tộc thiểu số" not in str(lines(client, BOARD, **query))
        commune = cast.client_of(cast.staff("manager", cast.commune(), "0987654397"))
        assert "người tự trả lời" not in commune.get(BOARD).text

    def test_of_a_foreign_or_a_former_province_there_is_none(self, shown):
        assert manager("Lào Cai").get(BOARD, {"dia-ban": cast.province().pk}).status_code == 404
        former = Place.objects.former().provinces()[0]
        assert queries.total(former, None) is None

    def test_who_has_several_places_is_told_of_each_province_alone(self, shown):
        user = cast.staff("manager", cast.province(), "0987654396")
        accounts.grant_role(user=user, role="manager", place=cast.province("Lào Cai"), by=None, at=cast.NOW)
        client = cast.client_of(user)
        assert "người tự trả lời" not in client.get(BOARD).text
        assert "trong 13 người" in client.get(BOARD, {"dia-ban": cast.province().pk}).text

    def test_files_and_snapshots_say_what_the_board_says(self, shown):
        client = manager("Cà Mau")
        assert ["Tỉnh Cà Mau", "6", "13"] in [row[:3] for row in lines(client, BOARD)]
        client.post(f"{BOARD}chot/", {"ten": "Sơ kết", "nam": 2026})
        assert (
            "trong 13 người tự trả lời câu hỏi về dân tộc có 6 người dân tộc thiểu số"
            in Snapshot.objects.get().content["sentence"]
        )

    def test_files_and_snapshots_hide_what_the_board_hides(self):
        people(4, 9)
        client = manager("Cà Mau")
        assert ["Tỉnh Cà Mau", "chưa hiện (dưới 5)", "chưa hiện (dưới 5)"] in [row[:3] for row in lines(client, BOARD)]
        client.post(f"{BOARD}chot/", {"ten": "Sơ kết", "nam": 2026})
        assert "thiểu số" not in json.dumps(Snapshot.objects.get().content, ensure_ascii=False)

    def test_the_page_asks_one_question_however_many_answered(self, django_assert_num_queries, shown):
        province = cast.province()
        for place in (province, None):
            with django_assert_num_queries(1):
                queries.total(place, None)
