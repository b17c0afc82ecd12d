"""Importing a list of people: who is new, who is known, what is asked; once, by whoever may, and nothing lost."""

import io
import json
import re
from datetime import timedelta

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import ModelLogEntry

from accounts import actions, newcomers
from accounts.access import managed_places, people_visible_to
from accounts.models import Consent, Person, Subject, User
from accounts.newcomers import Listing, Scope
from lib import lists
from lib.lists import returning
from lib.refusals import Refusal
from provinces.queries import places_within
from tests import cast
from tests.workshops.rosters import book

pytestmark = [pytest.mark.django_db, pytest.mark.once]
HERE = "Phan Ngọc Hiển"
HEADS = ["STT", "Họ và tên", "Năm sinh", "Số điện thoại", "Đơn vị, chủ thể", "Chức vụ", "Xã, phường"]
UT = [1, "TRẦN THỊ ÚT", 1975, 912345678, "HTX Ba Khía", "Giám đốc", HERE]
BE = [2, "Lê Văn Bé", 1980, None, "UBND xã Phan Ngọc Hiển", "Chuyên viên", HERE]
BEGIN = "/quan-tri/nguoi/nhap/"
CARDS = "/quan-tri/nguoi/phieu/"


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    """Uploads that other tests dated later would be kept in the place of these."""
    settings.VAR_DIR = tmp_path


@pytest.fixture
def officer(db):
    return cast.client_of(cast.staff("manager", cast.province()))


def sheet(*rows) -> bytes:
    return book([HEADS, *rows])


def listing_of(data: bytes, **more) -> Listing:
    sheets = lists.read(data, "ds.xlsx")
    return Listing(sheets, [newcomers.detect(one) for one in sheets], **more)


def everywhere() -> Scope:
    people = Person.objects.filter(merged_into=None, erased_at=None)
    return Scope(people=people, correctable=people, places=None, home=cast.province())


def of(user: User) -> Scope:
    return Scope(
        people_visible_to(user, "accounts.view_person"), people_visible_to(user, "accounts.change_person"),
        managed_places(user, "accounts.add_person"), cast.province(), user.person_id,
    )  # fmt: skip


def planned(*rows, data=None, scope=None, **more):
    return newcomers.plan(listing_of(data or sheet(*rows), **more), scope=scope or everywhere(), this_year=2026)


def bring(*rows, data=None, seen=None, scope=None, at=cast.NOW, by=None, consents=None, **more):
    return actions.import_people(
        listing=listing_of(data or sheet(*rows), **more),
        scope=scope or everywhere(),
        seen=seen,
        consents=cast.texts()[:1] if consents is None else consents,
        how="paper",
        by=by,
        at=at,
    )


def verdicts(*rows, **more) -> list[str]:
    return [one.verdict.value for one in planned(*rows, **more).lines]


def records():
    return list(Person.objects.order_by("pk").values()), Consent.objects.count(), ModelLogEntry.objects.count()


class TestWriting:
    def test_who_is_new_is_registered_as_the_list_says_and_without_a_password(self):
        done = bring(UT, BE)
        assert (len(done.new), done.changed) == (2, 0)
        ut, be = Person.objects.select_related("user", "subject").order_by("pk")
        assert (ut.name, ut.birth_year, ut.user.phone, ut.user.has_usable_password(), ut.user.phone_verified_at) == (
            "Trần Thị Út", 1975, "+84912345678", False, None,
        )  # fmt: skip
        assert (ut.kind, ut.subject.name, ut.subject.kind, ut.subject_role) == (
            "subject", "HTX Ba Khía", "cooperative", "head",
        )  # fmt: skip
        assert (be.kind, be.official_level, be.subject, be.has_consented) == ("official", "commune", None, True)
        assert list(be.consents.values_list("how", flat=True)) == ["paper"]

    def test_the_same_list_again_changes_nothing(self):
        bring(UT, BE)
        before = records()
        again = bring(UT, BE, at=cast.NOW + timedelta(days=1))
        assert (again.has_changed, records()) == (False, before)
        assert verdicts(UT, BE) == ["already", "already"]

    def test_a_row_that_was_added_is_all_that_a_longer_list_brings(self):
        bring(UT)
        assert [one.name for one in bring(BE, UT).new] == ["Lê Văn Bé"]

    def test_the_log_knows_whom_a_file_wrote_down_and_who_did(self):
        user = cast.staff("manager", cast.province())
        bring(UT, BE, by=user)
        entries = ModelLogEntry.objects.filter(action="accounts.person_registered", uuid=listing_of(sheet(UT, BE)).key)
        assert (entries.count(), {entry.user_id for entry in entries}) == (2, {user.pk})

    def test_nobody_new_is_written_without_the_agreement_that_is_required(self):
        with pytest.raises(Refusal):
            bring(UT, consents=[])
        assert not Person.objects.exists()

    def test_what_changed_since_it_was_looked_at_is_not_written(self):
        seen = planned(UT, BE).fingerprint
        cast.person("Lê Văn Bé", birth_year=1980)
        with pytest.raises(Refusal):
            bring(UT, BE, seen=seen)
        assert Person.objects.count() == 1

    def test_a_number_that_is_another_ones_log_in_is_kept_for_calling_alone(self):
        cast.trainee("Trần Văn Chồng", "0912345678")
        answer = planned(UT).lines[0]
        bring(UT, decisions={answer.line.key: {"person": "new"}})
        ut = Person.objects.get(name="Trần Thị Út")
        assert (ut.contact_phone, User.objects.filter(person=ut).exists()) == ("+84912345678", False)

    def test_queries_do_not_follow_the_length_of_the_list(self):
        def queries(first, after):
            table = [
                [n, f"Nguyễn Văn {chr(65 + n % 26)}{'abcdefghij'[n // 26]}", 1970, 912000000 + n, f"Hộ {n}", "", HERE]
                for n in range(first, after)
            ]
            with CaptureQueriesContext(connection) as looked:
                planned(*table)
            with CaptureQueriesContext(connection) as written:
                bring(*table)
            return len(looked), len(written)

        (few, writes_of_few), (many, writes_of_many) = queries(0, 5), queries(10, 210)
        assert many <= few
        assert writes_of_many <= writes_of_few


class TestWhoItIs:
    def test_a_number_and_a_name_are_the_same_person_wherever_the_list_says(self):
        cast.trainee("Trần Thị Út", "0912345678", cast.commune("Tân Tiến"))
        assert verdicts([1, "Trần Thị Út", "", "0912 345 678", "", "", HERE]) == ["already"]

    def test_one_of_the_same_name_with_another_number_is_asked_about_and_may_be_somebody_else(self):
        known = cast.trainee("Trần Thị Út", "0900111222").person
        (one,) = planned(UT).lines
        assert one.verdict.value == "ask"
        options = dict(one.questions[0].options)
        assert str(known.pk) in options
        assert not any("0900111222" in label or "+84900111222" in label for label in options.values())
        assert not bring(UT).has_changed
        bring(UT, decisions={one.line.key: {"person": "new"}})
        assert Person.objects.filter(search="tran thi ut").count() == 2

    def test_two_rows_of_one_person_come_in_once(self):
        assert verdicts(UT, [9, *UT[1:]]) == ["new", "twice"]

    def test_whoever_was_written_down_and_moved_away_is_known_by_the_list_and_not_shown(self):
        bring(UT)
        Person.objects.update(place=cast.commune("Tả Phìn", "Lào Cai"), contact_phone="")
        User.objects.filter(phone="+84912345678").update(phone="+84900000099")
        scope = of(cast.staff("manager", cast.province()))
        (one,) = planned(UT, scope=scope).lines
        assert (one.verdict.value, one.is_elsewhere) == ("already", True)
        assert not bring(UT, scope=scope).has_changed

    def test_whoever_was_joined_to_another_is_known_as_that_one(self):
        (twin,) = bring(UT).new
        into = cast.person("Trần Thị Út Em")
        actions.merge_people(person=twin, into=into, by=cast.staff("administrator"), reason="một người", at=cast.NOW)
        Person.objects.filter(pk=into.pk).update(contact_phone="")
        (one,) = planned(UT).lines
        assert (one.verdict.value, one.person) == ("already", into)

    def test_an_unreadable_number_a_hidden_row_and_a_place_that_was_split_are_asked(self):
        (one,) = planned([1, "Trần Thị Út", 1975, "+8491234", "", "", HERE]).lines
        assert (one.verdict.value, "không đọc được" in one.why) == ("ask", True)

    def test_what_cannot_come_in_says_why(self):
        rows = [[1, "Võ Thị Năm", 1980, "", "", "", "Xã Không Có"], [2, "", 1980, "0912345679", "", "", HERE]]
        assert [(one.verdict.value, bool(one.why)) for one in planned(*rows).lines] == [("refused", True)] * 2

    def test_who_took_the_agreement_back_is_left_alone(self):
        known = cast.person("Trần Thị Út", contact_phone="+84912345678")
        Person.objects.filter(pk=known.pk).update(has_consented=False)
        assert verdicts(UT) == ["already"]


class TestWhatTheyAre:
    @pytest.mark.parametrize(
        ("post", "role"),
        [
            ("Giám đốc", "head"), ("Chủ cơ sở", "head"), ("Chủ nhiệm HTX", "head"), ("Tổ trưởng", "head"), ("Phó giám đốc", "manager"),
            ("Giám đốc kinh doanh", "manager"), ("Kế toán trưởng", "manager"), ("Quản lý", "manager"), ("Thành viên", "worker"),
            ("Nhân viên bán hàng", "worker"), ("Người đại diện theo pháp luật", "head"), ("Bảo vệ", ""), ("", ""),
        ],
    )  # fmt: skip
    def test_the_part_in_a_subject_is_told_by_the_post(self, post, role):
        (one,) = planned([1, "Trần Thị Út", "", "", "HTX Ba Khía", post, HERE]).lines
        assert one.standing["subject_role"] == role

    def test_columns_of_their_own_count_before_what_is_guessed(self):
        heads = ["Họ và tên", "Đối tượng", "Cấp công tác", "Vai trò", "Đơn vị", "Xã"]
        rows = [
            ["Trần Thị Út", "Cán bộ", "cấp tỉnh", "", "Chi cục PTNT", HERE],
            ["Lê Văn Bé", "chủ thể OCOP", "", "người đứng đầu", "Trung tâm Mắm", HERE],
            ["Võ Thị Năm", "cán bộ", "", "", "", HERE],
        ]
        found = [one.standing for one in planned(data=book([heads, *rows])).lines]
        assert [(one["kind"], one.get("official_level", ""), one.get("subject_role", "")) for one in found] == [
            ("official", "province", ""), ("subject", "", "head"), ("official", "commune", ""),
        ]  # fmt: skip

    def test_a_name_nearly_that_of_a_subject_is_asked_about_once_for_all_its_people(self):
        known = cast.person("Ai Đó", subject_name="HTX Tôm khô Rạch Gốc").subject
        rows = [[n, name, "", "", "Tôm khô Rạch Gốc", "", HERE] for n, name in enumerate(("Trần Thị Út", "Lê Văn Bé"))]
        lines = planned(*rows).lines
        assert [one.verdict.value for one in lines] == ["ask", "ask"]
        assert [one.questions[0].alike for one in lines] == [2, 0]
        bring(*rows, decisions={one.line.key: {"subject": str(known.pk)} for one in lines})
        assert set(Person.objects.values_list("subject", flat=True)) == {known.pk}
        assert verdicts(*rows) == ["already", "already"]

    def test_another_name_of_a_subject_that_was_joined_leads_to_the_one_that_is_left(self):
        gone, left = (cast.person(name, subject_name=f"HTX {name}").subject for name in ("Gốc Mắm", "Cá Cơm"))
        actions.join_subjects(subject=gone, into=left, by=None, reason="một")
        bring([1, "Lê Văn Bé", "", "", "htx goc mam", "", HERE])
        assert Person.objects.get(name="Lê Văn Bé").subject == left


class TestWhoIsKnown:
    BARE = ("Trần Thị Út", None)

    def bare(self, **more):
        known = cast.person("Trần Thị Út", subject_name="", subject_kind="", subject_role="")
        Person.objects.filter(pk=known.pk).update(**more)
        return known

    def test_what_the_records_do_not_say_is_filled_and_logged(self):
        known = self.bare()
        (one,) = planned(UT).lines
        assert one.verdict.value == "known"
        assert "1975" in one.why
        assert "912345678" not in one.why
        assert bring(UT).changed == 1
        known.refresh_from_db()
        assert (known.birth_year, known.contact_phone, known.subject.name, known.subject_role) == (
            1975, "+84912345678", "HTX Ba Khía", "head",
        )  # fmt: skip
        assert not User.objects.filter(person=known).exists()  # a list opens nobody's records to a number
        entry = ModelLogEntry.objects.get(action="accounts.person_corrected")
        assert set(entry.data["fields"]) == {"birth_year", "contact_phone", "subject", "subject_role"}
        assert not bring(UT).has_changed

    def test_what_they_say_otherwise_stays_and_is_told_unless_it_is_to_be_corrected(self):
        known = cast.person("Trần Thị Út", birth_year=1975, contact_phone="+84912345678")
        (one,) = planned(UT).lines
        assert (one.verdict.value, "giữ như hồ sơ" in one.why, "Tôm khô Út → HTX Ba Khía" in one.why) == (
            "already", True, True,
        )  # fmt: skip
        assert bring(UT, is_correcting=True).changed == 1
        known.refresh_from_db()
        assert known.subject.name == "HTX Ba Khía"
        assert verdicts(UT, is_correcting=True) == ["already"]

    def test_a_list_makes_no_official_of_somebody_who_is_a_subject(self):
        cast.person("Lê Văn Bé", birth_year=1980)
        (one,) = planned(BE, is_correcting=True).lines
        assert (one.verdict.value, "tệp ghi là cán bộ" in one.why) == ("already", True)

    def test_whoever_may_only_register_corrects_nothing_and_nobody_the_own_records(self):
        known = self.bare()
        organiser = of(cast.staff("organiser", cast.province()))
        assert verdicts(UT, scope=organiser) == ["already"]
        own = Scope(**{**vars(everywhere()), "own": known.pk})
        assert verdicts(UT, scope=own) == ["already"]


class TestScope:
    def test_nobody_is_written_down_elsewhere(self):
        scope = of(cast.staff("manager", cast.commune("Tân Tiến")))
        (one,) = planned(UT, scope=scope).lines
        assert (one.verdict.value, "ngoài địa bàn" in one.why) == ("refused", True)
        assert not bring(UT, scope=scope).has_changed

    def test_the_place_of_rows_without_one_is_asked_again_as_a_role_may_have_ended(self):
        row = [1, "Trần Thị Út", "", "", "", "", ""]
        foreign = cast.commune("Tả Phìn", "Lào Cai")
        for within, verdict in ((foreign, "new"), (cast.commune(), "refused")):
            scope = Scope(**{**vars(everywhere()), "places": places_within(within), "home": None})
            assert verdicts(row, scope=scope, place=foreign.pk) == [verdict]


def send(client, *rows, data=None, name="ds.xlsx"):
    return client.post(BEGIN, {"file": SimpleUploadedFile(name, data or sheet(*rows))})


def press(client, there, do="confirm", **said):
    seen = re.search(r'name="seen" value="(\w+)"', client.get(there).text)
    return client.post(there, {"do": do, "seen": seen[1] if seen else ""} | said)


AGREED = {"how": "paper", "agreed": "1"}


class TestPages:
    def test_a_list_is_looked_at_and_imported_once(self, officer):
        there = send(officer, UT, BE).url
        assert "2 người mới" in officer.get(there).text
        assert not Person.objects.exists()
        written = officer.get(press(officer, there, **AGREED).url).text
        assert "Đã nhập: 2 người mới, 0 hồ sơ được bổ sung." in written
        again = press(officer, there, **AGREED)
        assert "không có gì thay đổi" in officer.get(again.url).text
        assert Person.objects.count() == 2

    def test_the_end_says_how_each_gets_in_and_leads_to_the_cards_of_this_list(self, officer):
        cast.person("Người Khác")
        there = send(officer, UT, BE).url
        page = officer.get(press(officer, there, **AGREED).url).text
        assert "1 người có số điện thoại" in page
        assert "1 người chưa có số" in page
        address = re.search(rf'href="({CARDS}\?nhap=[\w-]+)"', page)[1]
        cards = officer.get(address)
        assert ("Lê Văn Bé" in cards.text, "Trần Thị Út" in cards.text, "Người Khác" in cards.text) == (
            True,
            False,
            False,
        )
        be = Person.objects.get(name="Lê Văn Bé")
        assert officer.post(address, {"people": [be.pk]}).status_code == 200
        assert "phiếu còn hạn" in officer.get(address).text
        assert str(be.pk) not in [
            str(value) for value, _label in officer.get(address).context["form"].fields["people"].choices
        ]

    def test_the_cards_of_a_list_stay_within_ones_own_place(self, officer):
        there = send(officer, BE).url
        page = officer.get(press(officer, there, **AGREED).url).text
        address = re.search(rf'href="({CARDS}\?nhap=[\w-]+)"', page)[1]
        other = cast.client_of(cast.staff("manager", cast.commune("Tả Phìn", "Lào Cai"), phone="0987654329"))
        assert "Lê Văn Bé" not in other.get(address).text
        assert officer.get(f"{CARDS}?nhap=khong-phai").status_code == 200

    @pytest.mark.parametrize("said", [{}, {"how": "paper"}, {"agreed": "1"}])
    def test_without_their_agreement_nobody_new_is_written(self, officer, said):
        there = send(officer, UT).url
        answer = press(officer, there, **said)
        assert (answer.status_code, Person.objects.count()) == (422, 0)

    def test_how_they_agreed_stands_in_the_ledger(self, officer):
        press(officer, send(officer, UT).url, how="officer", agreed="1")
        row = Consent.objects.get()
        assert (row.how, row.recorded_by) == ("officer", User.objects.get(display_name="Lê Văn Cán Bộ"))

    def test_columns_can_be_corrected(self, officer):
        data = book([["A", "B", "C"], ["x", "Trần Thị Út", HERE], ["y", "Lê Văn Bé", HERE]])
        there = send(officer, data=data).url
        form = officer.get(there).context["sheet_forms"][0]
        fields = {bound.html_name: bound.value() or "" for bound in form} | {"s0-is_taken": "on", "s0-begin": "2"}
        answer = officer.post(there, fields | {"do": "columns", "s0-name": "1", "s0-place": "2"})
        assert "2 người mới" in officer.get(answer.url).text

    @pytest.mark.parametrize(
        ("heads", "cells"), [(["Giới tính"], [["nữ"], ["nam"]]), (["Nam", "Nữ"], [["", "x"], ["x", ""]])]
    )
    def test_of_men_and_women_it_is_said_that_the_records_do_not_tell(self, officer, heads, cells):
        rows = [["Trần Thị Út", *cells[0], HERE], ["Lê Văn Bé", *cells[1], HERE]]
        said = "hồ sơ học viên không ghi giới tính"
        page = officer.get(send(officer, data=book([["Họ và tên", *heads, "Xã"], *rows])).url).text
        assert "2 người mới" in page
        assert said in page
        assert said not in officer.get(send(officer, UT, BE).url).text

    def test_a_choice_is_kept_and_the_row_comes_in(self, officer):
        cast.trainee("Trần Thị Út", "0900111222")
        there = send(officer, UT).url
        assert "Chờ anh/chị chọn" in officer.get(there).text
        answer = press(officer, there, "decide", **{"q-0:2-person": "new"})
        assert "1 người mới" in officer.get(answer.url).text

    def test_what_did_not_come_in_is_taken_along_with_the_reason(self, officer):
        there = send(officer, UT, [3, "Võ Thị Năm", 1980, "", "=1+1", "", "Xã Không Có"]).url
        answer = officer.get(f"{there}chua-nhap.xlsx")
        rows = list(openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active.values)
        assert rows[1][1] == "Võ Thị Năm"
        assert "Xã Không Có" in rows[1][-1]

    def test_the_sample_is_understood_and_nobody_stands_in_it(self, officer):
        answer = officer.get(f"{BEGIN}mau.xlsx")
        data = b"".join(answer.streaming_content)
        (first, _how) = [newcomers.detect(one) for one in lists.read(data, "mau.xlsx")]
        assert {"name", "born", "phone", "kind", "unit", "post", "place", "province"} <= first.places.keys()
        assert planned(data=data).lines == []

    def test_a_list_that_was_downloaded_comes_back_and_changes_nothing(self, officer):
        bring(UT, BE)
        answer = officer.get("/quan-tri/person/", {"export": "xlsx"})
        data = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert verdicts(data=data) == ["already", "already"]

    @pytest.mark.parametrize("what", ["", "chua-nhap.xlsx"])
    def test_a_list_of_somebody_else_is_not_there(self, officer, what):
        there = send(officer, UT).url
        other = cast.client_of(cast.staff("manager", cast.province(), phone="0987654329"))
        assert other.get(f"{there}{what}").url == BEGIN

    @pytest.mark.parametrize(
        ("data", "name"), [(b"\xd0\xcf\x11\xe0", "a.xls"), (b"", "a.xlsx"), (b"PK\x03\x04", "a.xlsx")]
    )
    def test_what_is_no_list_is_refused_in_words(self, officer, data, name):
        assert send(officer, data=data or b" ", name=name).status_code == 422

    def test_who_may_register_nobody_finds_no_page(self):
        editor = cast.client_of(cast.staff("editor", phone="0987654321"))
        assert editor.get(BEGIN).status_code in (302, 403)

    def test_the_list_of_people_leads_there(self, officer):
        assert BEGIN in officer.get("/quan-tri/person/").text


def command(tmp_path, capsys, *rows, place="", **options):
    path = tmp_path / "ds.xlsx"
    path.write_bytes(sheet(*rows))
    code = 0
    try:
        call_command("import_people", str(path), place=place or cast.province().code, json=True, **options)
    except SystemExit as ended:
        code = ended.code
    return code, json.loads(capsys.readouterr().out)


class TestCommand:
    def test_a_dry_run_says_the_same_and_writes_nothing(self, tmp_path, capsys):
        code, said = command(tmp_path, capsys, UT, [3, "Võ Thị Năm", 1980, "", "", "", "Xã Không Có"], dry_run=True)
        assert (code, said["changed"], said["counts"]["new"], said["counts"]["refused"]) == (1, False, 1, 1)
        assert not Person.objects.exists()

    def test_it_imports_and_the_second_time_nothing_changes(self, tmp_path, capsys):
        done = [command(tmp_path, capsys, UT, BE, consent_signed=True)[1] for _again in range(2)]
        assert [one["changed"] for one in done] == [True, False]
        assert all(f"{CARDS}?nhap=" in one["cards"] for one in done)
        assert command(tmp_path, capsys, UT, BE)[0] == 0  # nobody is new any more

    def test_nobody_new_comes_in_unless_it_is_said_that_they_signed(self, tmp_path, capsys):
        with pytest.raises(CommandError, match="--consent-signed"):
            command(tmp_path, capsys, UT, BE)
        assert not Person.objects.exists()

    def test_a_place_that_there_is_none_of_and_rows_of_another_are_refused(self, tmp_path, capsys):
        with pytest.raises(CommandError, match="00"):
            command(tmp_path, capsys, UT, place="00")
        code, said = command(tmp_path, capsys, UT, place=cast.commune("Tân Tiến").code, consent_signed=True)
        assert (code, said["counts"]["refused"]) == (1, 1)

    def test_in_words_it_says_where_cards_are_printed(self, tmp_path, capsys):
        path = tmp_path / "ds.xlsx"
        path.write_bytes(sheet(BE))
        call_command("import_people", str(path), place=cast.province().code, consent_signed=True)
        assert "1 người chưa có số đăng nhập, in phiếu mã: / Cards to print: http" in capsys.readouterr().out


def test_what_is_left_keeps_its_own_columns():
    plan = planned(UT, [3, "Võ Thị Năm", 1980, "", "", "", "Xã Không Có"])
    listing = listing_of(sheet(UT, [3, "Võ Thị Năm", 1980, "", "", "", "Xã Không Có"]))
    data = returning.workbook(plan.left, list(zip(listing.sheets, listing.columns, strict=True)), newcomers.LIST)
    heads = next(iter(openpyxl.load_workbook(io.BytesIO(data)).active.values))
    assert list(heads[: len(HEADS)]) == HEADS


def test_subjects_that_a_list_names_are_to_be_confirmed():
    bring(UT)
    assert not Subject.objects.get(name="HTX Ba Khía").is_confirmed
