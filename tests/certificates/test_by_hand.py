"""A workshop's list becomes certificates: looked at first, confirmed once, with evidence, in one's own places."""

import io
from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import actions as accounts
from accounts.models import Person
from certificates import actions, by_hand, personal
from certificates.designing.words import english
from certificates.models import Credential, WorkshopList
from courses import actions as courses
from courses.models import Completion, Enrolment
from lib.refusals import Refusal
from tests import cast
from tests.conftest import made_for_a_file

pytestmark = pytest.mark.once

NEW = "/quan-tri/cap-theo-danh-sach/"
HERE = "xã Phan Ngọc Hiển, Cà Mau"
HEADS = ["STT", "Họ và tên", "Năm sinh/Ngày sinh", "Số điện thoại", "Đơn vị/Tên chủ thể", "Xã, phường"]


def workbook(*rows) -> bytes:
    output = io.BytesIO()
    with xlsxwriter.Workbook(output) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([["DANH SÁCH HỌC VIÊN"], [], HEADS, *rows]):
            sheet.write_row(number, 0, row)
    return output.getvalue()


class TestReading:
    def test_a_workbook_as_offices_write_it(self):
        rows = [
            [1, "TRẦN THỊ ÚT", 1975, 912345678, "HTX Tôm khô", "Phan Ngọc Hiển"],
            [2, "Lê Văn Ba", "15/3/1980", "", "nt", "-nt-"],
            ["", "", "", "", "", ""],
        ]
        first, second = by_hand.read(workbook(*rows), "ds.XLSX")
        assert (first.name, first.born, first.phone) == ("Trần Thị Út", "1975", "0912345678")
        assert (second.born, second.unit, second.place) == ("1980", "HTX Tôm khô", "Phan Ngọc Hiển")

    @pytest.mark.parametrize("between", ["\t", ";", ","])
    def test_pasted_rows_without_heads(self, between):
        (line,) = by_hand.read(between.join(["Lê Ba", "1980", "0912345678", "HTX", "Đất Mũi"]).encode(), "")
        assert (line.name, line.born, line.unit, line.place) == ("Lê Ba", "1980", "HTX", "Đất Mũi")

    def test_a_quote_for_the_same_as_above_swallows_nothing(self):
        rows = [
            "Trần Thị Út\t1975\t0912345678\tHTX\tĐất Mũi",
            'Lê Văn Ba\t1980\t\t"\t"',
            'Lê Văn Tư\t1981\t\t"\t"',
            '"Lê Năm\t1982\t\t"Tôm khô\nRạch Gốc"\tNăm Căn',
        ]
        found = by_hand.read("\r\n".join(rows).encode(), "")
        assert [(one.name.strip('"'), one.unit, one.place) for one in found] == [
            ("Trần Thị Út", "HTX", "Đất Mũi"),
            ("Lê Văn Ba", "HTX", "Đất Mũi"),
            ("Lê Văn Tư", "HTX", "Đất Mũi"),
            ("Lê Năm", "Tôm khô Rạch Gốc", "Năm Căn"),
        ]

    def test_people_with_blank_rows_between_are_all_read(self):
        people = [[number, f"Trần Thị {'Út' * number}", 1975, "", "HTX", "Đất Mũi"] for number in range(1, 151)]
        rows = [row for one in people for row in (one, [""] * 6)]
        assert len(by_hand.read(workbook(*rows), "a.xlsx")) == 150

    def test_a_very_long_field_is_cut_where_it_is_pasted(self):
        (line,) = by_hand.read(f"Lê Ba\t1980\t\t{'x' * 140_000}\tĐất Mũi".encode(), "")
        assert len(line.unit) == 150

    @pytest.mark.parametrize(
        "row", [f"Lê Ba,1980,,{'x' * 140_000},Đất Mũi", 'Lê Ba,1980,,"HTX,Đất Mũi\nLê Tư,1981,,,Đất Mũi']
    )
    def test_quotes_that_are_not_closed_and_fields_without_end_are_refused(self, row):
        with pytest.raises(by_hand.UnreadableListError, match="dấu ngoặc kép"):
            by_hand.read(row.encode(), "")

    @pytest.mark.parametrize(
        ("data", "name"),
        [(b"", ""), (b"x", "a.xlsx"), (b"PK\x03\x04", "a.xlsx"), ("a\t1\n" * 201, ""), (workbook(), "a.xlsx")],
    )
    def test_what_is_no_list_says_why(self, data, name):
        with pytest.raises(by_hand.UnreadableListError, match=r"."):
            by_hand.read(data.encode() if isinstance(data, str) else data, name)

    def test_a_text_without_end_is_refused_before_it_is_taken_apart(self, monkeypatch):
        monkeypatch.setattr(by_hand.reading, "_pasted", None)
        with pytest.raises(by_hand.UnreadableListError, match="dài quá"):
            by_hand.read(b"a\tb\n" + b'"a\n' * 300_000, "a.csv")


@pytest.fixture
def award(made_award, db):
    return deepcopy(made_award)


made_award = made_for_a_file(lambda: cast.award(cast.course(lessons=2, with_quiz=True)))


@pytest.fixture
def organiser(db):
    return cast.staff("organiser", cast.province())


def lines(*said: str) -> list[by_hand.Line]:
    return by_hand.read("\n".join(said).encode(), "")


def planned(award, by, *said: str) -> by_hand.Plan:
    return by_hand.plan(lines(*said), award=award, by=by, this_year=2026)


class TestThePlan:
    def test_a_commune_that_nobody_knows_is_looked_up_once(self, award, organiser, django_assert_max_num_queries):
        once = planned(award, organiser, "Ông Một\t1970\t\t\tPhúc Xáa")
        rows = [f"Ông Số {number}\t1970\t\t\tPhúc Xáa" for number in range(30)]
        with CaptureQueriesContext(connection) as few:
            planned(award, organiser, rows[0])
        with django_assert_max_num_queries(len(few)):
            plan = planned(award, organiser, *rows)
        assert {one.why for one in plan.cannot} == {once.cannot[0].why}

    def test_tells_new_from_known(self, award, organiser):
        known = cast.person("Trần Thị Út")
        plan = planned(award, organiser, f"Tran Thi Ut\t\t\t\t{HERE}", f"Lê Ba\t1980\t\t\t{HERE}")
        assert [(one.outcome, one.person) for one in plan.lines] == [("known", known), ("new", None)]

    def test_a_dash_in_the_place_of_a_year_is_none(self, award, organiser):
        assert [one.line.born for one in planned(award, organiser, f"Lê Ba\t-\t\t\t{HERE}").new] == [""]

    def test_another_year_of_birth_is_another_person(self, award, organiser):
        Person.objects.filter(pk=cast.person("Trần Thị Út").pk).update(birth_year=1975)
        assert planned(award, organiser, f"Trần Thị Út\t1990\t\t\t{HERE}").new

    def test_a_number_finds_who_moved_within_the_province(self, award, organiser):
        known = cast.trainee("Trần Thị Út", place=cast.commune("Đất Mũi")).person
        (one,) = planned(award, organiser, f"Trần Thị Út\t\t0912 345 678\t\t{HERE}").lines
        assert one.person == known

    @pytest.mark.parametrize(
        ("row", "why"),
        [
            (
                "Lê Ba\t1980\t\t\tSa Pa, Lào Cai",
                "“Sa Pa, Lào Cai” – không tìm thấy nơi này, hoặc nơi này ngoài địa bàn",
            ),
            ("Lê Ba\t1980\t\t\t", "chưa ghi xã"),
            ("Lê Ba\t1980\t123\t\txã Phan Ngọc Hiển, Cà Mau", "“123” – số điện thoại chưa đúng"),
            ("Lê Ba\t19x0\t\t\txã Phan Ngọc Hiển, Cà Mau", "không đọc được năm sinh “19x0”"),
            ("Lê Ba\t90\t\t\txã Phan Ngọc Hiển, Cà Mau", "không đọc được năm sinh “90”"),
            ("Lê Ba\t2020\t\t\txã Phan Ngọc Hiển, Cà Mau", "năm sinh “2020” chưa đúng"),
            ("L1\t1980\t\t\txã Phan Ngọc Hiển, Cà Mau", "họ và tên chưa đúng"),
        ],
    )
    def test_says_why_somebody_gets_none(self, award, organiser, row, why):
        (one,) = planned(award, organiser, row).lines
        assert one.outcome == "cannot"
        assert why in one.why

    def test_says_who_has_one_who_lost_one_and_who_took_the_agreement_back(self, award, organiser):
        people = [cast.person(name) for name in ("Lê Một", "Lê Hai", "Lê Ba")]
        for person in people[:2]:
            cast.finish(cast.enrolment(person, award.course))
        actions.issue_missing(at=cast.NOW)
        actions.revoke(credential=people[1].credentials.get(), reason="Nhầm", by=None, at=cast.NOW + timedelta(days=9))
        Person.objects.filter(pk=people[2].pk).update(has_consented=False)
        plan = planned(award, organiser, *[f"{person.name}\t\t\t\t{HERE}" for person in people])
        assert [one.outcome for one in plan.lines] == ["has_one", "cannot", "cannot"]
        assert plan.lines[0].why == people[0].credentials.get().number

    def test_one_who_stands_there_twice_counts_once_and_two_of_a_name_are_not_guessed(self, award, organiser):
        plan = planned(award, organiser, f"Lê Ba\t1980\t\t\t{HERE}", f"Lê Ba\t1980\t\t\t{HERE}")
        assert [one.outcome for one in plan.lines] == ["new", "cannot"]
        cast.person("Lê Ba")
        cast.person("Lê Ba")
        (one,) = planned(award, organiser, f"Lê Ba\t\t\t\t{HERE}").lines
        assert "2 người giống nhau" in one.why

    @pytest.mark.parametrize(
        ("first", "second", "outcome"),
        [
            ("Lê Ba\t1980\t0912345678", "Lê Ba\t\t0912345678", "cannot"),
            ("Lê Ba\t\t", "lê ba\t1980\t", "cannot"),
            ("Lê Ba\t1980\t", "Lê Ba\t1981\t", "new"),
            ("Lê Ba\t1980\t", "Lê Bá Ba\t1980\t", "new"),
        ],
    )
    def test_a_year_that_is_missing_makes_no_second_person(self, award, organiser, first, second, outcome):
        plan = planned(award, organiser, f"{first}\t\t{HERE}", f"{second}\t\t{HERE}")
        assert [one.outcome for one in plan.lines] == ["new", outcome]

    @pytest.mark.parametrize(("phone", "outcome"), [("0912345678", "cannot"), ("", "new")])
    def test_two_new_people_of_a_name_elsewhere_are_one_by_their_number_alone(self, award, organiser, phone, outcome):
        there = "xã Đất Mũi, Cà Mau"
        plan = planned(award, organiser, f"Lê Ba\t1980\t{phone}\t\t{HERE}", f"Lê Ba\t1980\t{phone}\t\t{there}")
        assert [one.outcome for one in plan.lines] == ["new", outcome]

    def test_a_course_that_needs_another_first_says_so_of_whoever_is_new_too(self, award, organiser):
        award.course.prerequisites.add(cast.course(slug="truoc", title="Khóa trước"))
        cast.person("Trần Thị Út")
        plan = planned(award, organiser, f"Lê Ba\t1980\t\t\t{HERE}", f"Trần Thị Út\t\t\t\t{HERE}")
        assert ["Khóa trước" in one.why for one in plan.cannot] == [True, True]

    def test_a_role_that_registers_lends_nothing_to_one_that_issues_elsewhere(self, award):
        by = manager_here_and_organiser_elsewhere()
        cast.person("Trần Thị Út")
        there = cast.trainee("Lê Tư", place=cast.commune("Sa Pa", "Lào Cai")).person
        rows = [f"Trần Thị Út\t\t\t\t{HERE}", f"Lê Ba\t1980\t\t\t{HERE}", "Lê Tư\t\t\t\tSa Pa, Lào Cai"]
        *here, elsewhere = planned(award, by, *rows).lines
        assert ["ngoài địa bàn" in one.why for one in here] == [True, True]
        assert (elsewhere.outcome, elsewhere.person) == ("known", there)

    def test_never_finds_people_of_other_places(self, award, organiser):
        cast.trainee("Lê Ba", place=cast.commune("Sa Pa", "Lào Cai"))
        assert planned(award, organiser, f"Lê Ba\t\t0912345678\t\t{HERE}").new


def manager_here_and_organiser_elsewhere():
    roles = [("manager", cast.province()), ("organiser", cast.province("Lào Cai"))]
    return accounts.create_staff(
        phone="0987654323", name="Lê Văn Hai Nơi", password=cast.PASSWORD, roles=roles, by=None, at=cast.NOW
    )


def workshop(award, **fields) -> actions.Workshop:
    said = {"began_on": date(2026, 11, 10), "ended_on": date(2026, 11, 11), "decision": "12/QĐ", "reason": "Lớp ở xã"}
    return actions.Workshop(award=award, **(said | fields))


def issued(award, by, plan, token="t", **fields):
    consents = [one for one in cast.texts() if one.is_required]
    return actions.issue_by_hand(
        token=token, workshop=workshop(award, **fields), plan=plan, consents=consents, by=by, at=cast.NOW
    )


class TestIssuing:
    def test_a_line_far_down_in_a_sheet_counts_as_the_first_of_those_on_the_list(self, award, organiser):
        plan = planned(award, organiser, *[""] * 40_000, f"Lê Ba\t1980\t\t\t{HERE}")
        made, _is_new = issued(award, organiser, plan)
        assert [plan.lines[0].line.number > 32_767, made.entries.get().position] == [True, 1]

    def test_an_award_that_was_switched_off_certifies_nobody(self, award, organiser):
        plan = planned(award, organiser, f"Lê Ba\t1980\t\t\t{HERE}")
        type(award).objects.update(is_active=False)
        with pytest.raises(Refusal, match="không còn cấp"):
            issued(award, organiser, plan)
        assert not WorkshopList.objects.exists()

    def test_registers_records_and_issues_by_the_usual_way(self, award, organiser, django_capture_on_commit_callbacks):
        known = cast.person("Trần Thị Út")
        plan = planned(award, organiser, f"Trần Thị Út\t\t\t\t{HERE}", f"Lê Ba\t1980\t\tHTX Tôm\t{HERE}")
        with django_capture_on_commit_callbacks(execute=True):
            made, is_new = issued(award, organiser, plan)
        assert is_new
        new = Person.objects.get(name="Lê Ba")
        assert (new.birth_year, new.subject.kind, new.has_consented) == (1980, "cooperative", True)
        for person in (known, new):
            credential = person.credentials.get()
            assert credential.evidence["period"] == "từ ngày 10/11/2026 đến ngày 11/11/2026"
            assert credential.evidence["course_kind"] == "lớp tập huấn"
        assert set(Completion.objects.values_list("source", flat=True)) == {"workshop"}
        assert made.entries.count() == 2
        assert personal.violations() == []

    def test_a_second_confirmation_changes_nothing(self, award, organiser, django_capture_on_commit_callbacks):
        plan = planned(award, organiser, f"Lê Ba\t1980\t\t\t{HERE}")
        with django_capture_on_commit_callbacks(execute=True):
            made, _is_new = issued(award, organiser, plan)
            assert issued(award, organiser, plan) == (made, False)
        assert (Person.objects.filter(name="Lê Ba").count(), Credential.objects.count()) == (1, 1)

    def test_what_was_learnt_before_stays_and_later_learning_prints_its_own_days(self, award, organiser):
        person = cast.person("Trần Thị Út")
        enrolment = cast.enrolment(person, award.course)
        first = award.course.activities.order_by("position").first()
        courses.complete_activity(enrolment=enrolment, activity=first, at=cast.NOW)
        issued(award, organiser, planned(award, organiser, f"Trần Thị Út\t\t\t\t{HERE}"))
        assert Completion.objects.get(activity=first).source == "self"
        assert Enrolment.objects.get().source == "self"

    def test_a_paper_prints_how_long_the_workshop_was_and_of_a_list_of_before_how_long_the_course_is(
        self, award, organiser
    ):
        printed = {}
        for name, fields in {"Lê Ba": {"duration": "2 ngày, 16 giờ học"}, "Lê Tư": {}}.items():
            issued(award, organiser, planned(award, organiser, f"{name}\t1980\t\t\t{HERE}"), token=name, **fields)
            actions.issue_missing(at=cast.NOW)
            evidence = Credential.objects.get(person__name=name).evidence
            printed[name] = (evidence["duration"], english(evidence)["duration"])
        assert printed["Lê Ba"] == ("2 ngày, 16 giờ học", "2 days, 16 hours of study")
        assert printed["Lê Tư"][0] == award.duration

    @pytest.mark.parametrize("fields", [{"decision": ""}, {"reason": " "}])
    def test_needs_evidence_and_a_reason(self, award, organiser, fields):
        with pytest.raises(Refusal, match="căn cứ"):
            issued(award, organiser, planned(award, organiser, f"Lê Ba\t1980\t\t\t{HERE}"), **fields)
        assert not WorkshopList.objects.exists()

    @pytest.mark.parametrize("row", [f"Trần Thị Út\t\t\t\t{HERE}", f"Lê Ba\t1980\t\t\t{HERE}"])
    def test_people_and_places_that_are_not_ones_own_are_refused_whoever_planned_it(self, award, organiser, row):
        cast.person("Trần Thị Út")
        plan = planned(award, organiser, row)
        with pytest.raises(Refusal, match="ngoài địa bàn"):
            issued(award, manager_here_and_organiser_elsewhere(), plan)
        assert not WorkshopList.objects.exists()

    def test_a_scan_of_a_list_that_was_not_written_does_not_stay(self, award, organiser, settings, tmp_path):
        settings.VAR_DIR = tmp_path
        known = cast.person("Trần Thị Út")
        plan = planned(award, organiser, f"Trần Thị Út\t\t\t\t{HERE}")
        Person.objects.filter(pk=known.pk).update(has_consented=False)
        known.refresh_from_db()
        taken_back = by_hand.Plan([replace(plan.lines[0], person=known)])
        with pytest.raises(Refusal):
            issued(award, organiser, taken_back, scan_name="a.pdf", scan=b"%PDF-1")
        assert [path for path in tmp_path.rglob("*") if path.is_file() and path.name != "generation"] == []

    def test_a_list_of_nobody_is_refused(self, award, organiser):
        with pytest.raises(Refusal, match="không ai"):
            issued(award, organiser, planned(award, organiser, f"L1\t1980\t\t\t{HERE}"))


class TestInTheAdmin:
    @pytest.fixture(autouse=True)
    def private(self, settings, tmp_path):
        settings.VAR_DIR = tmp_path

    @pytest.fixture
    def desk(self, organiser):
        return cast.client_of(organiser)

    def said(self, award, **fields):
        return {
            "award": award.pk, "began_on": "2026-11-10", "ended_on": "2026-11-11", "reason": "Lớp ở xã", "agreed": "on",
            "rows": f"Lê Ba\t1980\t\t\t{HERE}", "scan": SimpleUploadedFile("ds ký.pdf", "%PDF-1.7 ký tên".encode()),
        } | fields  # fmt: skip

    def test_nothing_is_written_before_the_confirmation(
        self, award, desk, django_capture_on_commit_callbacks, tmp_path
    ):
        preview = desk.post(NEW, self.said(award)).url
        page = desk.get(preview).text
        assert "1 người mới" in page
        assert not Person.objects.filter(name="Lê Ba").exists()
        assert not WorkshopList.objects.exists()
        seen = page.split('name="seen" value="')[1].split('"')[0]
        with django_capture_on_commit_callbacks(execute=True):
            answers = [desk.post(preview, {"seen": seen}, follow=True).text for _press in range(2)]
        assert "Đã cấp" in answers[0] or "đang được cấp" in answers[0]
        assert "không cấp thêm lần nữa" in answers[1]
        assert Credential.objects.count() == 1
        assert Credential.objects.get().number in desk.get("/quan-tri/credential/").text

    def test_the_scan_is_for_who_sees_the_certificate(self, award, desk, django_capture_on_commit_callbacks):
        preview = desk.post(NEW, self.said(award)).url
        seen = desk.get(preview).text.split('name="seen" value="')[1].split('"')[0]
        with django_capture_on_commit_callbacks(execute=True):
            desk.post(preview, {"seen": seen})
        path = f"{NEW}minh-chung/{WorkshopList.objects.get().pk}/"
        assert path in desk.get(f"/quan-tri/credential/inspect/{Credential.objects.get().pk}/").text
        assert b"".join(desk.get(path).streaming_content) == "%PDF-1.7 ký tên".encode()
        other = cast.client_of(cast.staff("organiser", cast.province("Lào Cai"), "0987654322"))
        assert other.get(path).status_code == 404
        WorkshopList.objects.get().scan.storage.delete(WorkshopList.objects.get().scan.name)
        assert desk.get(path).status_code == 404

    def test_the_scan_of_a_list_of_two_communes_is_for_who_issued_it_and_who_sees_both(
        self, award, desk, django_capture_on_commit_callbacks
    ):
        rows = f"Lê Ba\t1980\t\t\t{HERE}\nLê Tư\t1981\t\t\txã Đất Mũi, Cà Mau"
        preview = desk.post(NEW, self.said(award, rows=rows)).url
        seen = desk.get(preview).text.split('name="seen" value="')[1].split('"')[0]
        with django_capture_on_commit_callbacks(execute=True):
            desk.post(preview, {"seen": seen})
        path = f"{NEW}minh-chung/{WorkshopList.objects.get().pk}/"
        here = Credential.objects.get(person__name="Lê Ba")
        officers = {
            "of one": cast.staff("organiser", cast.commune(), "0987654322"),
            "of both": cast.staff("organiser", cast.province(), "0987654323"),
        }
        seen = {}
        for who, officer in officers.items():
            client = cast.client_of(officer)
            page = client.get(f"/quan-tri/credential/inspect/{here.pk}/").text
            seen[who] = ("Lớp ở xã" in page, path in page, client.get(path).status_code)
        assert seen == {"of one": (True, False, 404), "of both": (True, True, 200)}
        assert desk.get(path).status_code == 200

    def test_what_changed_since_is_shown_again(self, award, desk):
        preview = desk.post(NEW, self.said(award)).url
        answer = desk.post(preview, {"seen": "x"})
        assert "Hãy xem lại" in answer.text
        assert not WorkshopList.objects.exists()

    def test_a_foreign_preview_is_not_found(self, award, desk):
        preview = desk.post(NEW, self.said(award)).url
        other = cast.client_of(cast.staff("organiser", cast.province("Lào Cai"), "0987654322"))
        assert other.get(preview).url == NEW

    @pytest.mark.parametrize(
        ("fields", "why"),
        [
            ({"scan": ""}, "phải có căn cứ"),
            ({"scan": SimpleUploadedFile("x.pdf", b"MZ...")}, "PDF, JPG hay PNG"),
            ({"rows": ""}, "Hãy chọn tệp danh sách"),
            ({"ended_on": "2026-11-09"}, "Ngày cuối"),
            ({"ended_on": "2036-11-09"}, "Ngày cuối"),
            ({"began_on": "0001-01-01"}, "lớp từ năm 2013"),
            ({"began_on": "2024-01-01"}, "dài nhất một năm"),
            ({"reason": "\u200b"}, "Hãy ghi lý do"),
            ({"agreed": ""}, "ô này chưa đánh dấu"),
            ({"reason": ""}, "Hãy ghi lý do"),
        ],
    )
    def test_the_form_says_what_is_missing(self, award, desk, fields, why):
        answer = desk.post(NEW, self.said(award, **fields))
        assert answer.status_code == 422
        assert why in answer.text

    def test_a_demo_offers_courses_of_specimen_issuers_alone(self, award, desk, settings):
        award.issuer.is_specimen = False
        award.issuer.save()
        assert f'value="{award.pk}"' not in desk.get(NEW).text
