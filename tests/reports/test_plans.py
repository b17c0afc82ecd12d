"""The year under the names that reports use, beside its targets; classes held elsewhere; each in the scope of whoever asks (threat A2)."""

import io
import re
from copy import deepcopy
from datetime import date, timedelta

import pytest
from python_calamine import CalamineWorkbook
from wagtail.models import ModelLogEntry

from accounts.models import User
from accounts.viewsets.decisions import decisions_visible_to
from courses.models import Enrolment
from lib.refusals import Refusal
from provinces.models import Place
from reports import actions as kept
from reports.models import OutsideClass, Target
from reports.plan import actions, queries
from tests import cast
from tests.conftest import made_for_a_file
from tests.reports.boards import BOARD, BOOK, manager
from tests.reports.conftest import two_in_each_commune
from workshops.models import Gender, Registration

pytestmark = pytest.mark.django_db
PLAN, PLAN_BOOK, TARGETS = (
    "/quan-tri/tien-do/ke-hoach/",
    "/quan-tri/tien-do/ke-hoach/xlsx/",
    "/quan-tri/tien-do/chi-tieu/",
)
ADD, LIST = "/quan-tri/tien-do/lop-ngoai/them/", "/quan-tri/outsideclass/"
NOW = cast.NOW + timedelta(days=4)
FIGURES = ("classes", "times", "persons", "subjects")


def held():
    """Two learners in each commune, of two provinces more, and a workshop in Cà Mau to which two came."""
    workshop = cast.workshop(two_in_each_commune())
    for name, gender in (("Chim Đến 1", Gender.FEMALE), ("Chim Đến 2", Gender.MALE)):
        one = cast.delegate(workshop, name, subject_name=f"Cơ sở {name}")
        Registration.objects.filter(pk=one.pk).update(gender=gender)
        cast.present(one)
    return workshop


made_workshop = made_for_a_file(held)


@pytest.fixture(autouse=True)
def workshop(made_workshop, db):
    with cast.on(NOW):
        yield deepcopy(made_workshop)


def centre(phone="0987654398") -> User:
    return cast.staff("manager", None, phone)


def set_to(place, by=None, year=2026, **values):
    return actions.set_targets(place=place, year=year, values=values, by=by or centre("0987654300"), at=NOW)


def outside(place, by, **fields):
    said = {
        "day": date(2026, 5, 12), "title": "Lớp tại xã", "topic": cast.topic(), "organiser": "Phòng Kinh tế", "people": 45, "women": 21,
    } | fields  # fmt: skip
    return actions.write_outside(place=place, **said, by=by, at=NOW)


def plan(user, place=None, year=2026):
    kept.bring_up_to_date(at=NOW)
    return queries.plan(user, place, year, now=NOW)


def book(client, address=PLAN_BOOK, **query) -> dict[str, list]:
    found = CalamineWorkbook.from_filelike(io.BytesIO(client.get(address, query).getvalue()))
    return {name: found.get_sheet_by_name(name).to_python() for name in found.sheet_names}


def tiles(page: str) -> dict[str, str]:
    """What the year's figures say, by name."""
    shown = page.partition("board__goals")[2].partition("</dl>")[0]
    each = [re.sub("<[^>]+>", " ", one).split() for one in shown.split('<div class="stat">')[1:]]
    return {" ".join(words): "" for words in each}


class TestFigures:
    def test_board_and_workbook_say_the_year_s_figures(self):
        client = manager("Cà Mau")
        page = " | ".join(tiles(client.get(BOARD).text))
        assert "Số lớp 1 | Số lượt người 6 | Số người 6 | Số chủ thể" in page
        sheet = {row[0]: row[1:] for row in book(client, BOOK)["Năm 2026"]}
        assert [sheet[name][0] for name in ("Số lớp", "Số lượt người", "Số người")] == [1, 6, 6]

    def test_they_are_of_the_year_that_is_asked_for(self):
        Enrolment.objects.update(enrolled_at=NOW - timedelta(days=400), completed_at=None)
        client = manager("Cà Mau")
        assert "Số lượt người 2 " in " | ".join(tiles(client.get(BOARD).text)) + " "
        assert "Số lượt người 4 " in " | ".join(tiles(client.get(BOARD, {"nam": 2025}).text)) + " "
        assert "Năm 2025" in book(client, BOOK, nam=2025)

    @pytest.mark.parametrize("year", ["abc", "0", "1999", "2999", "-2026", "9" * 30])
    def test_what_is_no_year_is_not_found(self, year):
        client = manager("Cà Mau")
        for address in (BOARD, BOOK, PLAN, PLAN_BOOK, TARGETS):
            assert client.get(address, {"nam": year}).status_code == 404

    def test_few_women_are_not_told_in_number(self, workshop):
        client = manager("Cà Mau")
        page = client.get(BOARD).text
        assert "Nữ dự lớp dưới 5 trong 2 lượt dự lớp có ghi nam, nữ" in " | ".join(tiles(page))
        assert "50%" not in " | ".join(tiles(page))
        assert ["Nữ, trong số lượt dự lớp có ghi nam, nữ", "dưới 5"] in [row[:2] for row in book(client)["Năm 2026"]]
        outside(cast.commune(), cast.staff("manager", cast.province(), "0987654311"))
        assert "Nữ dự lớp 22 trong 47 lượt dự lớp có ghi nam, nữ (46%)" in " | ".join(tiles(client.get(BOARD).text))

    def test_women_and_classes_agree_with_the_totals_of_workshops(self):
        from workshops.totals.counting import totals_of_all
        from workshops.totals.forms import year_of

        of_workshops = totals_of_all(cast.province(), year_of(2026), NOW).total
        done = plan(centre(), cast.province()).achieved
        assert (done.held, done.women, done.known) == (
            of_workshops.held, of_workshops.women, of_workshops.present - of_workshops.unknown,
        )  # fmt: skip

    def test_a_workshop_to_come_or_cancelled_is_no_class_yet(self, workshop):
        assert plan(centre(), cast.province()).achieved.held == 1
        early = queries.plan(User.objects.get(phone="+84987654398"), cast.province(), 2026, now=cast.NOW)
        assert early.achieved.held == 0
        type(workshop).objects.update(cancelled_at=NOW)
        assert plan(User.objects.get(phone="+84987654398"), cast.province()).achieved.held == 0

    def test_a_year_stays_chosen_on_the_way_down_and_up(self):
        client, place = manager(None), cast.province()
        page = client.get(BOARD, {"nam": 2025}).text
        assert page.count(f"?nam=2025&amp;dia-ban={place.pk}") >= 2, "in the table and on the map"
        below = client.get(BOARD, {"nam": 2025, "dia-ban": place.pk}).text
        assert "Năm 2025" in below
        assert f'href="{BOARD}?nam=2025"' in below
        assert "nam=2026&amp;dia-ban" not in client.get(BOARD).text.partition("board__table")[2]

    def test_with_a_course_chosen_the_year_is_left_out(self):
        course = Enrolment.objects.first().course
        client = manager("Cà Mau")
        assert "board__goals" not in client.get(BOARD, {"khoa": course.pk}).text
        assert "Năm 2026" not in book(client, BOOK, khoa=course.pk)

    @pytest.mark.parametrize("place", [None, "Cà Mau"])
    def test_rows_add_up_to_the_whole_where_nobody_moved(self, place):
        found = plan(centre(), cast.province(place) if place else None)
        for index, _figure in enumerate(FIGURES):
            assert sum(row.goals[index].value for row in found.rows) == found.goals[index].value

    def test_who_counts_in_two_communes_counts_once_above(self):
        person = Enrolment.objects.filter(place__name="Đất Mũi").first().person
        other = cast.enrolment(person, cast.course(slug="khac", title="Khác"))
        Enrolment.objects.filter(pk=other.pk).update(place=cast.commune())
        found = plan(centre(), cast.province())
        assert sum(row.achieved.persons for row in found.rows) == found.achieved.persons + 1
        assert found.achieved.of("times") == 7

    def test_cost_does_not_follow_the_enrolments(self, django_assert_max_num_queries):
        user = centre()
        kept.bring_up_to_date(at=NOW)
        with django_assert_max_num_queries(7):
            queries.of_year(user, None, 2026, scope=None, now=NOW)
        with django_assert_max_num_queries(13):
            queries.plan(user, cast.province(), 2026, now=NOW)


class TestTargets:
    def test_a_target_stands_beside_its_figure(self):
        set_to(cast.province(), times=12, persons=6)
        client = manager("Cà Mau")
        page = " | ".join(tiles(client.get(BOARD).text))
        assert "Số lượt người 6 / 12 đạt 50% chỉ tiêu, còn 6" in page
        assert "Số người 6 / 6 đạt chỉ tiêu (100%)" in page
        assert "Số lớp 1 chưa đặt chỉ tiêu" in page
        sheet = {row[0]: row[1:4] for row in book(client)["Năm 2026"]}
        assert sheet["Số lượt người"] == [6, 12, 50]

    def test_a_province_sees_its_communes_targets_and_their_sum_beside_its_own(self):
        set_to(cast.province(), times=12)
        for name, times in (("Phan Ngọc Hiển", 8), ("Đất Mũi", 10)):
            set_to(cast.commune(name), User.objects.get(phone="+84987654300"), times=times)
        client = manager("Cà Mau")
        page = client.get(PLAN).text
        assert re.search(r"Xã Đất Mũi</a></th><td[^>]*>0</td><td[^>]*>2 / 10 \(20%\)</td>", page)
        assert re.search(r"Cộng chỉ tiêu các nơi trên</th><td[^>]*>–</td><td[^>]*>18</td>", page)
        rows = {row[0]: row[1:] for row in book(client)["Theo địa bàn"]}
        assert rows["Xã Đất Mũi"][3:6] == [2, 10, 20]
        assert rows["Cộng chỉ tiêu các nơi trên"][4] == 18
        assert rows["Tỉnh Cà Mau"][3:6] == [6, 12, 50]

    @pytest.mark.parametrize("place", ["province", "commune"])
    def test_its_manager_sets_it_in_a_form_and_the_log_tells(self, place):
        where = cast.province() if place == "province" else cast.commune()
        user = cast.staff("manager", where, "0987654311")
        client = cast.client_of(user)
        assert client.get(TARGETS).status_code == 200
        answer = client.post(f"{TARGETS}?nam=2026", {"classes": "3", "times": "", "persons": "40", "subjects": ""})
        assert answer.status_code == 302
        assert dict(Target.objects.filter(place=where).values_list("figure", "value")) == {"classes": 3, "persons": 40}
        client.post(f"{TARGETS}?nam=2026", {"classes": "", "times": "", "persons": "50", "subjects": ""})
        assert dict(Target.objects.filter(place=where).values_list("figure", "value")) == {
            "classes": None,
            "persons": 50,
        }
        log = client.get("/quan-tri/nhat-ky/").text
        assert "Đã đổi chỉ tiêu năm: trước 40, nay 50" in log
        assert "Đã đổi chỉ tiêu năm: trước 3, nay không đặt" in log

    def test_the_centre_sets_the_country_s(self):
        client = cast.client_of(centre())
        client.post(f"{TARGETS}?nam=2026", {"persons": "1000"})
        assert Target.objects.get(place=None).value == 1000
        assert "/ 1.000" in client.get(BOARD).text
        assert "/ 1.000" not in manager("Cà Mau").get(BOARD).text

    def test_nobody_sets_another_place_s(self):
        foreign, below = cast.province("Lào Cai"), cast.staff("manager", cast.commune(), "0987654311")
        for user in (cast.staff("manager", cast.province(), "0987654312"), below):
            assert cast.client_of(user).post(f"{TARGETS}?dia-ban={foreign.pk}", {"classes": "3"}).status_code == 404
            for place in (foreign, None):
                with pytest.raises(Refusal):
                    set_to(place, user, classes=3)
        with pytest.raises(Refusal):
            set_to(cast.province(), below, classes=3)
        organiser = cast.staff("organiser", cast.province(), "0987654313")
        assert cast.client_of(organiser).get(TARGETS).status_code == 302
        with pytest.raises(Refusal):
            set_to(cast.province(), organiser, classes=3)
        assert not Target.objects.exists()

    @pytest.mark.parametrize("typed", ["0", "-1", "abc", "1.5", "9" * 20])
    def test_what_is_no_number_is_said_and_stays(self, typed):
        client = manager("Cà Mau")
        answer = client.post(TARGETS, {"classes": typed, "times": "77"})
        assert answer.status_code == 422
        assert f'value="{typed}"' in answer.text
        assert 'value="77"' in answer.text
        assert not Target.objects.exists()

    def test_of_two_who_set_it_at_once_the_second_reads_of_the_first(self):
        client = manager("Cà Mau")
        seen = re.search(r'name="seen" value="([^"]+)"', client.get(TARGETS).text)[1]
        set_to(cast.province(), classes=5)
        answer = client.post(TARGETS, {"classes": "3", "seen": seen})
        assert answer.status_code == 422
        assert "một cán bộ khác đã ghi chỉ tiêu" in answer.text
        assert Target.objects.get().value == 5

    def test_who_is_late_by_a_moment_is_told_and_writes_nothing(self, monkeypatch):
        """The other one's row comes in between the look and the writing."""
        client, write = manager("Cà Mau"), Target.save

        def late(target, **kwargs):
            if not Target.objects.exists():
                Target.objects.bulk_create(
                    [Target(place=target.place, year=target.year, figure=target.figure, value=5, at=NOW)]
                )
            write(target, **kwargs)

        monkeypatch.setattr(Target, "save", late)
        answer = client.post(TARGETS, {"classes": "3", "times": "9"})
        assert answer.status_code == 422
        assert "một cán bộ khác vừa ghi chỉ tiêu" in answer.text
        assert 'value="9"' in answer.text
        assert not Target.objects.filter(value__in=[3, 9]).exists()

    def test_the_log_of_one_province_s_targets_is_not_another_s(self):
        set_to(cast.province("Lào Cai"), classes=5)
        mine = decisions_visible_to(cast.staff("manager", cast.province(), "0987654311"))
        assert not mine.filter(action="reports.target_set").exists()
        assert decisions_visible_to(centre()).filter(action="reports.target_set").exists()


class TestOutside:
    @pytest.fixture
    def officer(self):
        return cast.staff("manager", cast.province(), "0987654311")

    def test_it_counts_as_a_class_and_as_people_s_times_but_never_as_persons_or_subjects(self, officer):
        before = plan(officer, cast.province()).achieved
        outside(cast.commune(), officer, subjects=30)
        after = plan(officer, cast.province()).achieved
        gained = {figure: after.of(figure) - before.of(figure) for figure in FIGURES}
        assert gained == {"classes": 1, "times": 45, "persons": 0, "subjects": 0}
        page = cast.client_of(officer).get(BOARD).text
        assert "trong đó 45 ngoài hệ thống" in page
        sheet = {row[0]: row[1:] for row in book(cast.client_of(officer))["Năm 2026"]}
        assert sheet["Số lượt người"][3] == 45

    def test_it_is_written_corrected_and_removed_by_forms_and_the_log_tells_why(self, officer):
        client = cast.client_of(officer)
        said = {
            "title": "Lớp tại xã", "day": "12/05/2026", "place": "Đất Mũi", "topic": cast.topic().pk, "organiser": "Phòng Kinh tế", "people": "45",
        }  # fmt: skip
        assert client.post(ADD, said).status_code == 302
        made = OutsideClass.objects.get()
        assert (made.place, made.day, made.women) == (cast.commune("Đất Mũi"), date(2026, 5, 12), None)
        assert "Lớp tại xã" in client.get(LIST).text
        correct = f"/quan-tri/tien-do/lop-ngoai/{made.pk}/sua/"
        assert client.post(correct, said | {"people": "50"}).status_code == 422, "without a reason"
        assert client.post(correct, said | {"people": "50", "reason": "Đếm lại"}).status_code == 302
        made.refresh_from_db()
        assert made.people == 50
        remove = f"/quan-tri/tien-do/lop-ngoai/{made.pk}/bo/"
        assert client.post(remove, {}).status_code == 422
        assert "Đã bỏ lớp" in client.post(remove, {"reason": "Ghi hai lần"}, follow=True).text
        assert "Lớp tại xã" not in client.get(LIST).text
        assert plan(officer, cast.province()).achieved.outside == 0
        assert client.get(correct).status_code == 404
        entries = ModelLogEntry.objects.filter(action__startswith="reports.outside_").order_by("pk")
        assert [one.data.get("reason") for one in entries] == [None, "Đếm lại", "Ghi hai lần"]
        assert "Ghi hai lần" in client.get("/quan-tri/nhat-ky/").text

    @pytest.mark.parametrize(
        ("field", "typed"),
        [("people", "0"), ("women", "46"), ("officials", "46"), ("subjects", "46"), ("day", "12/05/2027"), ("day", "hôm qua"), ("place", "Sa Pa, Lào Cai"), ("topic", "999999")],
    )  # fmt: skip
    def test_what_cannot_be_is_said_and_nothing_is_written(self, officer, field, typed):
        said = {
            "title": "Lớp tại xã", "day": "12/05/2026", "place": "Đất Mũi", "topic": cast.topic().pk, "organiser": "Phòng", "people": "45",
        } | {field: typed}  # fmt: skip
        answer = cast.client_of(officer).post(ADD, said)
        assert answer.status_code == 422
        assert "Lớp tại xã" in answer.text
        assert not OutsideClass.objects.exists()

    def test_another_province_s_is_neither_seen_nor_changed(self, officer):
        foreign = outside(cast.commune("Sa Pa", "Lào Cai"), centre(), title="CANARY ngoài tỉnh")
        client = cast.client_of(officer)
        for address in (LIST, f"{LIST}?place=&year=", f"{LIST}results/?year=2026", f"{LIST}?export=csv", PLAN, BOARD):
            assert "CANARY" not in client.get(address).getvalue().decode()
        for what in ("sua", "bo"):
            address = f"/quan-tri/tien-do/lop-ngoai/{foreign.pk}/{what}/"
            assert client.get(address).status_code == 404
            assert client.post(address, {"reason": "Thử"}).status_code == 404
        assert client.get(f"{LIST}inspect/{foreign.pk}/").status_code == 404
        assert plan(officer, cast.province()).achieved.outside == 0
        for act in (
            lambda: actions.remove_outside(outside=foreign, by=officer, at=NOW, reason="Thử"),
            lambda: actions.correct_outside(outside=foreign, by=officer, at=NOW, reason="Thử", people=1),
            lambda: outside(cast.commune("Sa Pa", "Lào Cai"), officer),
        ):
            with pytest.raises(Refusal):
                act()
        foreign.refresh_from_db()
        assert (foreign.people, foreign.removed_at) == (45, None)

    def test_one_of_a_former_unit_counts_for_what_it_became(self, officer):
        former = Place.objects.former().get(name="Rạch Gốc", parent__name="Cà Mau")
        outside(former, officer)
        rows = {row.label: row.achieved.outside for row in plan(officer, cast.province()).rows}
        assert rows["Xã Phan Ngọc Hiển"] == 1

    def test_its_file_holds_what_the_list_shows_and_no_formula(self, officer):
        outside(cast.commune(), officer, title="=HYPERLINK(1)")
        from openpyxl import load_workbook

        answer = cast.client_of(officer).get(LIST, {"export": "xlsx"})
        sheet = load_workbook(io.BytesIO(answer.getvalue())).active
        assert (sheet["A2"].value, sheet["A2"].data_type) == ("=HYPERLINK(1)", "s")


class TestYears:
    def offered(self, page: str) -> list[str]:
        return re.findall(r"\?nam=(\d+)", page.partition("board__years")[2].partition("</ul>")[0])

    def test_all_of_which_a_place_has_figures_are_offered_and_none_of_another_s(self, workshop):
        office = cast.staff("manager", cast.province(), "0987654311")
        outside(cast.commune(), office, day=date(2021, 3, 2))
        outside(cast.commune("Sa Pa", "Lào Cai"), centre(), day=date(2020, 3, 2))
        long_ago = NOW.replace(year=2023)
        workshop.sessions.update(starts_at=long_ago, ends_at=long_ago + timedelta(hours=3))
        client = cast.client_of(office)
        for address in (BOARD, PLAN):
            assert self.offered(client.get(address).text) == ["2026", "2025", "2024", "2023", "2021"]
        frozen = client.get("/quan-tri/tien-do/chot/").context["form"].fields["nam"].choices
        assert [year for year, _label in frozen] == [2026, 2025, 2024, 2023, 2021]
        assert "2020" in self.offered(cast.client_of(centre("0987654312")).get(BOARD).text)

    def test_what_is_no_year_of_the_programme_is_not_offered(self):
        office = cast.staff("manager", cast.province(), "0987654311")
        outside(cast.commune(), office, day=date(1999, 3, 2))
        assert self.offered(cast.client_of(office).get(PLAN).text) == ["2026", "2025", "2024"]


class TestScope:
    def test_a_plan_shows_no_other_province(self):
        set_to(cast.province("Lào Cai"), classes=31337)
        client = manager("Cà Mau")
        for query in ({}, {"dia-ban": ""}, {"nam": "2026", "x": "1"}):
            assert "Lào Cai" not in client.get(PLAN, query).text
            assert "31.337" not in client.get(PLAN, query).text
            assert not any("Lào Cai" in str(row) for rows in book(client, **query).values() for row in rows)
        for address in (PLAN, PLAN_BOOK, TARGETS):
            for value in (cast.province("Lào Cai").pk, "0", "abc", "9" * 40):
                assert client.get(address, {"dia-ban": value}).status_code == 404

    def test_of_a_province_of_which_only_some_communes_are_theirs_nobody_is_told_the_plan(self):
        from accounts import actions as accounts

        set_to(cast.province(), classes=31337)
        user = cast.staff("manager", cast.commune(), "0987654311")
        accounts.grant_role(user=user, role="manager", place=cast.commune("Đất Mũi"), by=None, at=cast.NOW)
        client = cast.client_of(user)
        assert "Tỉnh Cà Mau" in client.get(PLAN).text
        assert "31.337" not in client.get(PLAN).text
        assert not any(31337 in row for rows in book(client).values() for row in rows)

    def test_a_commune_has_its_figures_and_no_table(self):
        client = cast.client_of(cast.staff("manager", cast.commune(), "0987654311"))
        page = client.get(PLAN).text
        assert "Số lượt người 4" in " | ".join(tiles(page))
        assert "<table" not in page
        assert list(book(client)) == ["Năm 2026"]

    def test_trainees_and_editors_see_none(self):
        assert cast.client_of(cast.trainee("Ai Đó", "0933333333")).get(PLAN).status_code == 403
        assert cast.client_of(cast.staff("editor")).get(PLAN).status_code in (302, 403)

    def test_several_places_of_one_s_own_have_no_plan_together(self):
        from accounts import actions as accounts

        set_to(None, classes=31337)
        user = cast.staff("manager", cast.province(), "0987654311")
        accounts.grant_role(user=user, role="manager", place=cast.province("Lào Cai"), by=None, at=cast.NOW)
        page = cast.client_of(user).get(PLAN).text
        assert "Mọi địa bàn được giao" in page
        assert "31.337" not in page
