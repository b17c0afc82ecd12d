"""…/tap-huan/tong-hop/: what all workshops of a time come to, by place and by topic, as the reports of each say it."""

import io
import json
import re
from datetime import date, timedelta

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from certificates import actions as certificates
from provinces.queries import named_on
from tests import cast
from workshops import actions
from workshops.models import Registration, RegistrationSource, Workshop
from workshops.reporting.facts import gather
from workshops.totals.counting import Period, Sums, totals, totals_of_all
from workshops.totals.forms import year_of

from . import filled

pytestmark = pytest.mark.django_db
PAGE = "/quan-tri/tap-huan/tong-hop/"
YEAR, AFTER = year_of(2026), cast.NOW + timedelta(days=5)


@pytest.fixture
def workshop(planned):
    """Of two communes: three women of whom two came, a man who came, and somebody of whom nobody said it."""
    Workshop.objects.update(capacity=None)
    planned.refresh_from_db()
    here = [filled.subject(planned, name) for name in ("Lê Thị An", "Lê Thị Ba", "Lê Văn Bảy")]
    there = [filled.subject(planned, name, cast.commune("Năm Căn")) for name in ("Trần Thị Út", "Kim Sa Rây")]
    for one, gender in zip([*here, *there], ("female", "female", "male", "female", ""), strict=True):
        Registration.objects.filter(pk=one.pk).update(gender=gender)
    filled.here(*here, there[1])
    with cast.on(AFTER):
        yield planned


@pytest.fixture
def organiser(workshop):
    return cast.staff("organiser", cast.province())


def of(user, place=None, period=YEAR):
    return totals(user, place, period, AFTER)


def test_the_total_is_what_the_report_of_the_workshop_says(workshop, organiser):
    facts, found = gather(workshop), of(organiser)
    assert found.total == Sums(held=1, classes=1, delegates=5, present=4, women=2, unknown=1)
    assert (found.total.delegates, found.total.present) == (facts.total.registered, facts.total.present)
    assert (found.total.women, found.total.unknown) == (facts.genders.women, facts.genders.unknown)


def test_who_gave_the_seat_to_another_before_coming_counts_once_with_whoever_came(workshop, organiser):
    absent = workshop.registrations.get(person__name="Trần Thị Út")
    actions.replace(registration=absent, person=cast.person("Danh Sà Mây"), at=cast.NOW, by=None, unit="", post="")
    assert of(organiser).total.delegates == gather(workshop).total.registered == 5
    came = workshop.registrations.get(person__name="Lê Thị An")
    actions.replace(registration=came, person=cast.person("Danh Sà Bé"), at=cast.NOW, by=None, unit="", post="")
    assert of(organiser).total.delegates == gather(workshop).total.registered == 6


@pytest.mark.parametrize("what", ["waiting", "cancelled"])
def test_who_waits_or_cancelled_and_did_not_come_is_not_counted(workshop, organiser, what):
    more = {"waiting_since": cast.NOW} if what == "waiting" else {}
    Registration.objects.filter(person__name="Trần Thị Út").update(state=what, **more)
    assert of(organiser).total.delegates == 4


def test_lines_of_places_and_topics_add_up_to_the_total(workshop, organiser):
    found = of(organiser)
    assert [(one.label, one.sums.held, one.sums.delegates, one.sums.present, one.sums.women) for one in found.places] == [
        ("Xã Phan Ngọc Hiển", 1, 3, 3, 2), ("Xã Năm Căn", 0, 2, 1, 0),
    ]  # fmt: skip
    for lines in (found.places, found.topics):
        added = zip(*(one.sums.numbers[2:] for one in lines), strict=True)
        assert tuple(map(sum, added)) == found.total.numbers[2:]
    assert [one.sums.numbers[2:] for one in found.classes] == [found.total.numbers[2:]]


def test_certificates_are_those_of_whoever_was_there(workshop, organiser):
    cast.award(workshop.activity.course)
    for name in ("Lê Thị An", "Trần Thị Út"):  # the second was not
        enrolled = cast.enrolment(Registration.objects.get(person__name=name).person, workshop.activity.course)
        cast.finish(enrolled, cast.NOW)
        certificates.issue(enrolment_id=enrolled.pk, at=cast.NOW)
    assert of(organiser).total.certified == 1


def test_a_workshop_that_was_cancelled_or_began_in_another_year_is_none_of_it(workshop, organiser):
    assert of(organiser, period=year_of(2025)).total == Sums()
    assert of(organiser, period=Period(date(2026, 11, 1), date(2026, 11, 30))).total.classes == 1
    actions.cancel_workshop(workshop=workshop, reason="Bão", by=organiser, at=cast.NOW)
    assert of(organiser).total == Sums()


@pytest.mark.parametrize(("first", "last", "classes"), [(0, 0, 1), (-1, -1, 0), (1, 1, 0), (-1, 0, 1), (0, 1, 1)])
def test_both_days_of_a_period_are_in_it(workshop, organiser, first, last, classes):
    day = cast.NOW.date() + timedelta(days=2)
    assert (
        of(organiser, period=Period(day + timedelta(days=first), day + timedelta(days=last))).total.classes == classes
    )


def test_somebody_in_two_workshops_is_two_delegates_and_a_place_has_two_classes(workshop, organiser):
    person = Registration.objects.get(person__name="Lê Thị An").person
    other = cast.workshop(cast.course(title="Đóng gói", slug="dong-goi"), slug="lop-hai")
    actions.register(workshop=other, person=person, source=RegistrationSource.NOMINATED, at=cast.NOW)
    found = of(organiser)
    assert (found.total.held, found.total.classes, found.total.delegates, found.total.present) == (2, 2, 6, 4)
    assert [(one.label, one.sums.held, one.sums.classes, one.sums.delegates) for one in found.places] == [
        ("Xã Phan Ngọc Hiển", 2, 2, 4), ("Xã Năm Căn", 0, 1, 2),
    ]  # fmt: skip


class TestWhoSeesWhat:
    def test_a_commune_has_its_own_people_wherever_the_workshop_was(self, workshop):
        nam_can = cast.staff("manager", cast.commune("Năm Căn"))
        found = of(nam_can, cast.commune("Năm Căn"))
        assert found.total == Sums(held=0, classes=1, delegates=2, present=1, women=0, unknown=1)
        assert "Phan Ngọc Hiển" not in str([one.label for one in found.places])
        assert [one.is_open for one in found.classes] == [False]  # held elsewhere

    def test_a_line_leads_on_to_the_same_numbers(self, workshop, organiser):
        for line in of(organiser).places:
            assert of(organiser, line.leads_to).total == line.sums

    def test_the_country_goes_by_provinces_and_a_province_by_communes(self, workshop):
        filled.here(filled.subject(workshop, "Vàng A Chinh", cast.commune("Bảo Nhai", "Lào Cai")))
        found = of(cast.staff("manager", None))
        assert [(one.label, one.sums.present) for one in found.places] == [("Tỉnh Cà Mau", 4), ("Tỉnh Lào Cai", 1)]
        assert found.total.present == 5
        assert {one.label for one in of(cast.staff("manager", cast.province(), phone="0987654300")).places} == {
            "Xã Phan Ngọc Hiển",
            "Xã Năm Căn",
        }

    @pytest.mark.parametrize("address", [PAGE, f"{PAGE}xlsx/"])
    def test_a_foreign_place_looks_like_none(self, workshop, address):
        client = cast.client_of(cast.staff("manager", cast.commune("Năm Căn")))
        for key in (cast.commune().pk, cast.province().pk, 10**9, "x"):
            assert client.get(f"{address}?dia-ban={key}").status_code == 404
        assert client.get(f"{address}?dia-ban={cast.commune('Năm Căn').pk}").status_code == 200

    @pytest.mark.parametrize("address", [PAGE, f"{PAGE}xlsx/"])
    def test_whoever_looks_after_no_workshop_is_not_let_in(self, address):
        assert cast.client_of(cast.staff("author")).get(address).status_code in (302, 403)


class TestThePage:
    def test_numbers_of_the_screen_are_those_of_the_workbook(self, workshop, organiser):
        page = cast.client_of(organiser).get(f"{PAGE}?nam=2026")
        answer = cast.client_of(organiser).get(f"{PAGE}xlsx/?nam=2026")
        book = openpyxl.load_workbook(io.BytesIO(answer.content))
        found = page.context["found"]
        rows = {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)][1:] for sheet in book}
        assert list(rows) == ["Tổng hợp", "Địa bàn", "Chuyên đề", "Lớp"]
        assert tuple(row[1] for row in rows["Tổng hợp"][3:]) == found.total.numbers
        for name, lines in (("Địa bàn", found.places), ("Chuyên đề", found.topics)):
            assert rows[name] == [
                *([one.label, *one.sums.numbers] for one in lines),
                ["Tổng cộng", *found.total.numbers],
            ]
        assert [row[3:] for row in rows["Lớp"]] == [list(one.sums.numbers[2:]) for one in found.classes]
        assert rows["Tổng hợp"][1][1] == "năm 2026"
        assert "tong-hop-lop-tap-huan" in answer["Content-Disposition"]
        assert "nam-2026" in answer["Content-Disposition"]

    def test_the_year_stays_chosen_on_the_way_down(self, workshop, organiser):
        text = cast.client_of(organiser).get(f"{PAGE}?nam=2026").text
        assert f"?nam=2026&amp;dia-ban={cast.commune().pk}" in text
        assert "và 1 chưa rõ" in text

    @pytest.mark.parametrize("what", ["", "xlsx/"])
    @pytest.mark.parametrize("said", ["nam=abc", "nam=1", "tu=99/99/2026", "tu=31/12/2026&den=1/1/2026"])
    def test_what_is_no_time_is_said_and_no_numbers_of_another_are_shown(self, workshop, organiser, said, what):
        answer = cast.client_of(organiser).get(f"{PAGE}{what}?{said}")
        assert (answer.status_code, answer["Content-Type"]) == (422, "text/html; charset=utf-8")
        assert "help-critical" in answer.text
        assert "năm 2026" not in answer.text
        assert "plan__sums" not in answer.text
        assert "Bộ tiêu chí mới" not in answer.text

    def test_a_wrong_time_of_a_foreign_place_is_no_place_all_the_same(self, workshop):
        client = cast.client_of(cast.staff("manager", cast.commune("Năm Căn")))
        for what in ("", "xlsx/"):
            assert client.get(f"{PAGE}{what}?nam=abc&dia-ban={cast.commune().pk}").status_code == 404

    def test_each_number_of_a_card_has_its_name(self, workshop, organiser):
        text = cast.client_of(organiser).get(f"{PAGE}?nam=2026").text
        cells = re.findall(r'<td[^>]*class="number"[^>]*>', text)
        assert len(cells) > 15
        assert [one for one in cells if 'data-label="' not in one] == []

    def test_the_list_of_workshops_leads_there(self, organiser):
        assert reverse("workshops_totals:page") in cast.client_of(organiser).get("/quan-tri/tap-huan/").text

    def test_too_many_workbooks_are_refused(self, workshop, organiser, settings):
        settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"print_workshop": "2/m/ip"}
        client = cast.client_of(organiser)
        assert [client.get(f"{PAGE}xlsx/").status_code for _ in range(3)] == [200, 200, 429]

    def test_the_number_of_queries_does_not_grow(self, workshop, organiser, django_assert_max_num_queries):
        with django_assert_max_num_queries(20) as few:
            of(organiser)
        for number, commune in enumerate(["Năm Căn", "Đất Mũi"] * 3):
            filled.here(
                filled.subject(
                    workshop, f"Lê Thị {['Một', 'Hai', 'Ba', 'Tư', 'Năm', 'Sáu'][number]}", cast.commune(commune)
                )
            )
        with django_assert_max_num_queries(len(few)):
            of(organiser)


def test_a_workshop_to_come_is_told_apart_and_counted_by_nothing(workshop, organiser):
    later = cast.workshop(cast.course(title="Đóng gói", slug="dong-goi"), slug="lop-hai")
    later.sessions.update(starts_at=AFTER + timedelta(hours=1), ends_at=AFTER + timedelta(hours=3))
    actions.register(workshop=later, person=cast.person("Lý Thị Bé"), source=RegistrationSource.NOMINATED, at=cast.NOW)
    found = of(organiser)
    assert (found.total.held, found.total.classes, found.total.delegates, found.coming) == (1, 1, 5, 1)
    assert [one.workshop.pk for one in found.classes] == [workshop.pk]
    assert "Còn 1 lớp sắp tới" in cast.client_of(organiser).get(f"{PAGE}?nam=2026").text
    assert totals(organiser, None, YEAR, AFTER + timedelta(hours=1)).total.classes == 2


class TestTheCommand:
    def ask(self, capsys, *arguments):
        call_command("workshop_totals", *arguments)
        return capsys.readouterr().out

    def test_it_says_the_same_numbers(self, workshop, organiser, capsys, tmp_path):
        found = of(organiser)
        said = json.loads(
            self.ask(capsys, "--year", "2026", "--place", "Cà Mau", "--json", "--out", str(tmp_path / "a.xlsx"))
        )
        assert tuple(said["total"].values()) == found.total.numbers
        assert [one["name"] for one in said["places"]] == [one.label for one in found.places]
        assert openpyxl.load_workbook(tmp_path / "a.xlsx").sheetnames == ["Tổng hợp", "Địa bàn", "Chuyên đề", "Lớp"]
        assert "Có mặt: 4" in self.ask(capsys, "--first", "2026-11-01", "--last", "2026-11-30")

    @pytest.mark.parametrize(
        "said",
        [
            ["--place", "Không Có Nơi Này"],
            ["--year", "99999"],
            ["--first", "2026-01-01"],
            ["--first", "2026-02-01", "--last", "2026-01-01"],
        ],
    )
    def test_what_cannot_be_counted_is_said(self, workshop, said):
        with pytest.raises(CommandError):
            call_command("workshop_totals", *said)

    def test_all_is_what_an_administrator_sees(self, workshop):
        assert totals_of_all(None, YEAR, AFTER).total == of(cast.staff("administrator")).total


def test_the_year_may_be_that_of_a_workshop_of_before_by_the_names_of_today(workshop, organiser):
    """Whoever came from a unit of before counts for what it is today."""
    cast.catalogue()
    rach_goc = named_on(date(2023, 12, 11), "Rạch Gốc, Cà Mau")[0]
    workshop.registrations.filter(person__name="Lê Thị An").update(place=rach_goc)
    found = of(organiser)
    assert found.total.delegates == 5
    assert [(one.label, one.sums.delegates) for one in found.places] == [("Xã Phan Ngọc Hiển", 3), ("Xã Năm Căn", 2)]
