"""A list of delegates becomes seats: who is new, who is known, who has to be decided on; and the same list again changes nothing."""

import io
import json
from copy import deepcopy
from datetime import timedelta

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import actions as accounts
from accounts.models import Person, PersonKind
from lib.lists import returning
from lib.refusals import Refusal
from tests import cast
from tests.conftest import made_for_a_file
from tests.workshops import rosters
from tests.workshops.test_rosters import everywhere, planned, roster_of
from workshops import actions, importing, personal
from workshops.importing import BY_PLACE, ROSTER
from workshops.models import Quota, Registration

pytestmark = pytest.mark.django_db
HERE, HEADS = rosters.HERE, rosters.HEADS
UT = [1, "TRẦN THỊ ÚT", 1975, 912345678, "HTX Tôm khô", HERE]
BE = [2, "Lê Văn Bé", 1980, None, "UBND xã Phan Ngọc Hiển", HERE]
UNFIT = (
    [1, "Trần Thị Út", "năm con rắn", "0912345678", "", HERE],
    [2, "Lê Văn Bé", 1980, "+8491234", "", HERE],
    [3, "Võ Thị Năm", 1980, "", "", "Xã Không Có"],
    [4, "", 1980, "0912345679", "", HERE],
)


made_workshop = made_for_a_file(cast.workshop)


@pytest.fixture
def workshop(made_workshop, db):
    return deepcopy(made_workshop)


def sheet(*rows) -> bytes:
    return rosters.book([HEADS, *rows])


WITH_GENDER = ["TT", "Họ và tên", "Giới tính", "Điện thoại", "Xã"]


def bring(workshop, *rows, seen=None, at=cast.NOW, **more):
    return actions.import_roster(
        workshop=workshop,
        roster=roster_of(sheet(*rows), **more),
        scope=everywhere(),
        seen=seen,
        consents=cast.texts()[:1],
        by=None,
        at=at,
    )


def verdicts(workshop, *rows, **more):
    return [one.verdict.value for one in planned(sheet(*rows), workshop, **more).lines]


class TestWriting:
    def test_who_is_new_is_registered_with_a_seat_and_all_that_the_list_says(self, workshop):
        done = bring(workshop, UT, BE)
        assert (done.new, done.seats, done.waiting) == (2, 2, 0)
        ut, be = Registration.objects.filter(workshop=workshop).select_related("person__user", "person__subject")
        assert (ut.person.name, ut.person.birth_year, ut.person.user.phone) == ("Trần Thị Út", 1975, "+84912345678")
        assert (ut.unit, ut.source, ut.state, ut.person.subject.kind) == (
            "HTX Tôm khô",
            "import",
            "held",
            "cooperative",
        )
        assert (be.person.kind, be.unit, be.person.subject) == (PersonKind.OFFICIAL, "UBND xã Phan Ngọc Hiển", None)
        assert be.person.has_consented
        assert personal.violations() == []

    def test_the_same_list_again_changes_nothing(self, workshop):
        bring(workshop, UT, BE)
        before = list(Registration.objects.values()), list(Person.objects.values())
        assert not bring(workshop, UT, BE, at=cast.NOW + timedelta(days=1)).has_changed
        assert (list(Registration.objects.values()), list(Person.objects.values())) == before
        assert verdicts(workshop, UT, BE) == ["already", "already"]

    def test_a_row_that_was_added_is_all_that_a_longer_list_brings(self, workshop):
        bring(workshop, UT)
        assert bring(workshop, BE, UT).seats == 1

    def test_without_seats_people_wait_in_the_order_of_the_list(self, workshop):
        workshop.capacity = 1
        workshop.save()
        assert planned(sheet(UT, BE), workshop).waiting == 1
        assert bring(workshop, UT, BE).waiting == 1
        assert list(Registration.objects.values_list("state", flat=True)) == ["held", "waiting"]
        assert verdicts(workshop, UT, BE) == ["already", "already"]

    def test_seats_are_taken_of_each_ones_own_quota(self, workshop):
        place = Quota.objects.create(workshop=workshop, place=cast.commune(), seats=5)
        unit = Quota.objects.create(workshop=workshop, unit="htx tôm khô", seats=5)
        bring(workshop, UT, BE, quota=BY_PLACE)
        assert list(Registration.objects.values_list("quota", flat=True)) == [unit.pk, place.pk]

    def test_a_second_number_is_kept_in_the_note(self, workshop):
        bring(workshop, [1, "Trần Thị Út", 1975, "0912345678/0987654321", "", HERE])
        assert Registration.objects.get().note == "điện thoại khác: 0987 654 321"

    def test_what_changed_since_it_was_looked_at_is_not_written(self, workshop):
        seen = planned(sheet(UT, BE), workshop).fingerprint
        cast.person("Lê Văn Bé", birth_year=1980)
        with pytest.raises(Refusal):
            bring(workshop, UT, BE, seen=seen)
        assert not Registration.objects.exists()

    def test_two_confirmations_of_one_look_write_once(self, workshop):
        seen = planned(sheet(UT, BE), workshop).fingerprint
        assert bring(workshop, UT, BE, seen=seen).has_changed
        assert not bring(workshop, UT, BE, seen=seen).has_changed

    def test_of_a_workshop_that_is_over_nothing_is_written(self, workshop):
        workshop.closed_at = cast.NOW
        workshop.save()
        with pytest.raises(Refusal):
            bring(workshop, UT)
        assert not Person.objects.filter(search="tran thi ut").exists()


class TestWhoIsMeant:
    def test_by_phone_and_name_somebody_known_is_joined_wherever_the_person_lives(self, workshop):
        known = cast.trainee("Trần Thị Út", place=cast.commune("Đất Mũi")).person
        assert bring(workshop, UT).new == 0
        assert Registration.objects.get().person == known

    def test_by_name_and_commune_somebody_known_is_joined(self, workshop):
        known = cast.person("Lê Văn Bé")
        bring(workshop, BE)
        assert Registration.objects.get().person == known

    @pytest.mark.parametrize(
        ("known", "row", "words"),
        [
            ([{"birth_year": 1960}], BE, "trùng tên, nhưng khác năm sinh"),
            ([{}, {}], BE, "có 2 người giống nhau trong hồ sơ"),
            ([{"contact_phone": "+84987654321"}], [1, "Lê Văn Bé", None, "0912345678", "", HERE], "khác số điện thoại"),
        ],
    )
    def test_where_nobody_can_know_it_is_asked(self, workshop, known, row, words):
        for fields in known:
            cast.person("Lê Văn Bé", **fields)
        (one,) = planned(sheet(row), workshop).lines
        assert one.verdict == "ask"
        assert words in one.why
        assert not bring(workshop, row).has_changed

    def test_a_number_of_somebody_of_another_name_is_asked(self, workshop):
        cast.trainee("Phạm Thị Khác")
        assert verdicts(workshop, UT) == ["ask"]

    def test_an_answer_joins_or_makes_somebody_new_and_the_list_again_changes_nothing(self, workshop):
        known = [cast.person("Lê Văn Bé"), cast.person("Lê Văn Bé", birth_year=1980)]
        for answer, count in ((str(known[1].pk), 2), ("new", 3)):
            decided = {"0:2": {"person": answer}}
            if count == 2:
                assert bring(workshop, BE, decisions=decided).new == 0
                assert Registration.objects.get().person == known[1]
                Registration.objects.all().delete()
            else:
                assert bring(workshop, BE, decisions=decided).new == 1
                assert verdicts(workshop, BE) == ["already"]
            assert Person.objects.filter(search="le van be").count() == count

    def test_one_person_twice_in_a_list_has_one_seat(self, workshop):
        assert verdicts(workshop, UT, [9, "Trần Thị Út", "", "0912 345 678", "", ""]) == ["new", "refused"]
        assert verdicts(workshop, UT, [9, "Trần Thị Út", "", "0912 345 678", "", HERE]) == ["new", "twice"]

    def test_a_couple_with_one_number_is_two_people(self, workshop):
        rows = UT, [2, "Lê Văn Chồng", 1970, "0912345678", "", HERE]
        assert bring(workshop, *rows).seats == 2
        assert verdicts(workshop, *rows) == ["already", "already"]

    def test_who_cancelled_does_not_come_back_unasked(self, workshop):
        bring(workshop, UT)
        actions.cancel(registration=Registration.objects.get(), at=cast.NOW)
        assert verdicts(workshop, UT) == ["ask"]
        assert not bring(workshop, UT, decisions={"0:2": {"take": "take"}}).has_changed  # an answer to another doubt
        assert bring(workshop, UT, decisions={"0:2": {"again": "take"}}).seats == 1

    def test_who_took_the_agreement_back_is_not_written(self, workshop):
        person = cast.person("Lê Văn Bé")
        accounts.withdraw_consent(person=person, consent_id=person.consents.first().pk, at=cast.NOW)
        assert verdicts(workshop, BE) == ["refused"]


class TestWhatDoesNotComeIn:
    def test_says_why_and_quotes_the_cell(self, workshop):
        found = planned(sheet(*UNFIT), workshop).lines
        assert [one.verdict.value for one in found] == ["ask", "ask", "refused", "refused"]
        assert [one.why for one in found] == [
            "cột C: năm sinh “năm con rắn” không đọc được hoặc chưa đúng",
            "cột D: điện thoại “+8491234” không đọc được",
            "cột F: “Xã Không Có” – không tìm thấy nơi này",
            "chưa có họ và tên",
        ]

    def test_is_taken_without_what_cannot_be_read_where_somebody_says_so(self, workshop):
        bring(workshop, *UNFIT, decisions={"0:2": {"take": "take"}, "0:3": {"take": "skip"}})
        assert Registration.objects.get().person.birth_year is None

    def test_comes_back_as_a_workbook_of_letters_that_can_be_imported_again(self, workshop):
        rows = [*UNFIT, [5, "=1+1", 1980, "", "", HERE]]
        read = roster_of(sheet(*rows))
        of_file = list(zip(read.sheets, read.columns, strict=True))
        data = returning.workbook(planned(sheet(*rows), workshop).left, of_file, ROSTER)
        cells = list(openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows())
        assert [cell.value for cell in cells[0]] == [*HEADS, "Dòng trong tệp", "Vì sao chưa nhập"]
        assert [cell.data_type for row in cells[1:] for cell in row if cell.value is not None] == ["s"] * sum(
            cell.value is not None for row in cells[1:] for cell in row
        )
        assert (cells[2][3].value, cells[5][1].value) == ("+8491234", "=1+1")
        assert [one.line.name for one in planned(data, workshop).lines] == [
            "Trần Thị Út",
            "Lê Văn Bé",
            "Võ Thị Năm",
            "",
            "=1+1",
        ]

    def test_a_hidden_row_is_asked(self, workshop):
        def fill(made, sheet):
            rosters.rows(sheet, [HEADS, UT, BE])
            sheet.set_row(2, None, None, {"hidden": True})

        found = planned(rosters.book(fill), workshop).lines
        assert [(one.verdict.value, one.why) for one in found] == [("new", ""), ("ask", "dòng này đang ẩn trong tệp")]


def command(tmp_path, capsys, *rows, **options):
    path = tmp_path / "ds.xlsx"
    path.write_bytes(sheet(*rows))
    code = 0
    try:
        call_command("import_roster", str(path), workshop="bo-tieu-chi-moi", json=True, **options)
    except SystemExit as ended:
        code = ended.code
    return code, json.loads(capsys.readouterr().out)


class TestCommand:
    def test_a_dry_run_says_the_same_and_writes_nothing(self, workshop, tmp_path, capsys):
        code, said = command(tmp_path, capsys, UT, UNFIT[2], dry_run=True)
        assert (code, said["changed"], said["counts"]["new"], said["counts"]["refused"]) == (1, False, 1, 1)
        assert [(row["row"], row["verdict"]) for row in said["rows"]] == [(2, "new"), (3, "refused")]
        assert not Registration.objects.exists()

    def test_it_imports_and_the_second_time_nothing_changes(self, workshop, tmp_path, capsys):
        done = [command(tmp_path, capsys, UT, BE, consent_signed=True)[1]["changed"] for _again in range(2)]
        assert done == [True, False]
        assert Registration.objects.count() == 2
        assert command(tmp_path, capsys, UT, BE)[0] == 0  # nobody is new any more

    def test_nobody_new_comes_in_unless_it_is_said_that_they_signed(self, workshop, tmp_path, capsys):
        with pytest.raises(CommandError, match="--consent-signed"):
            command(tmp_path, capsys, UT, BE)
        assert not Person.objects.exists()

    def test_columns_can_be_corrected(self, workshop, tmp_path, capsys):
        row = [1, "HTX Tôm khô", 1975, "", "Trần Thị Út", HERE]
        _code, said = command(tmp_path, capsys, row, dry_run=True, columns="name=E,unit=B")
        assert said["rows"][0]["name"] == "Trần Thị Út"


def test_a_dry_run_asks_the_database_as_often_for_many_rows_as_for_few(workshop):
    def queries(count):
        table = [
            [n, f"Nguyễn Văn {chr(65 + n % 26)}{'abcdefghij'[n // 26]}", 1970, 912000000 + n, "", HERE]
            for n in range(count)
        ]
        roster = roster_of(sheet(*table))
        with CaptureQueriesContext(connection) as caught:
            importing.plan(roster, workshop=workshop, scope=everywhere(), this_year=2026)
        return len(caught)

    assert queries(5) == queries(200)


class TestGender:
    def test_stands_with_the_seat(self, workshop):
        book = rosters.book(
            [WITH_GENDER, [1, "Trần Thị Út", "Nữ", "0912345678", HERE], [2, "Lê Văn Bé", "", "0912345679", HERE]]
        )
        _bring_book(workshop, book)
        assert list(Registration.objects.order_by("number").values_list("gender", flat=True)) == ["female", ""]

    def test_of_whoever_registered_alone_is_taken_from_the_list_and_what_is_known_stays(self, workshop):
        there = cast.delegate(workshop, "Trần Thị Út", contact_phone="+84912345678")
        said = cast.delegate(workshop, "Kim Sa Rây", contact_phone="+84912345670")
        Registration.objects.filter(pk=said.pk).update(gender="male")
        rows = [
            [1, "Trần Thị Út", "Nữ", "0912345678", HERE],
            [2, "Kim Sa Rây", "Nữ", "0912345670", HERE],
            [3, "Lê Văn Bé", "Nam", "", HERE],
        ]
        _bring_book(workshop, rosters.book([WITH_GENDER, *rows]))
        there.refresh_from_db()
        said.refresh_from_db()
        assert (there.gender, said.gender) == ("female", "male")

    def test_the_person_is_shown_what_is_kept(self, workshop):
        one = cast.delegate(workshop)
        Registration.objects.filter(pk=one.pk).update(gender="male")
        assert personal.REGISTRATIONS.export(one.person_id)[0]["gender"] == "male"


def _bring_book(workshop, book):
    actions.import_roster(
        workshop=workshop,
        roster=roster_of(book),
        scope=everywhere(),
        seen=None,
        consents=cast.texts()[:1],
        by=None,
        at=cast.NOW,
    )
