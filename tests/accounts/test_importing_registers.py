"""Importing a register: what is new, what changes, what is asked; once, by whoever may, and nothing lost."""

import io
import json
import re
from contextlib import nullcontext
from datetime import date
from unittest.mock import patch

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from wagtail.models import ModelLogEntry

from accounts import actions
from accounts.importing import Verdict, plan, planning
from accounts.models import Product, Subject
from lib.refusals import Refusal
from provinces.models import Place
from provinces.queries import places_within
from tests import cast
from tests.accounts.registers import HEADS, HERE, UT, of_the_department, simple
from tests.accounts.test_reading_registers import planned, register_of
from tests.accounts.test_register_of_subjects import manager, product, subject
from tests.workshops.rosters import book

pytestmark = [pytest.mark.django_db, pytest.mark.once]
BEGIN = "/quan-tri/chu-the/nhap/"
TOM = [*UT, "Tôm khô", "4 sao", "12/QĐ-UBND", "05/02/2029"]
CHA = [*UT, "Chả tôm", "3 sao", "12/QĐ-UBND", "05/02/2029"]


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    """Uploads that other tests dated later would be kept in the place of these."""
    settings.VAR_DIR = tmp_path


def imported(data: bytes, within=None, **more):
    register = register_of(data, **more)
    return actions.import_register(
        register=register, within=within, home=cast.province(), seen=None, by=None, at=cast.NOW
    )


def verdicts(data: bytes, **more) -> list[str]:
    return [one.verdict.value for one in planned(data, **more).lines]


def facts() -> list[tuple]:
    return list(Product.objects.order_by("pk").values_list("subject__name", "name", "stars", "decision", "valid_until"))


class TestWhatComesOfIt:
    def test_names_are_compared_with_so_many_of_a_commune_however_long_the_list_is(self, monkeypatch):
        monkeypatch.setattr(planning, "MOST_COMPARED", 5)
        table = [[f"Cơ sở {word}", "", "", "", HERE, "Tôm", "", "", ""] for word in map(str, range(1000, 1040))]
        with patch.object(planning, "are_alike", return_value=False) as compared:
            assert len(planned(simple(*table)).of(Verdict.NEW)) == 40
        assert compared.call_count < 5 * 40

    @pytest.mark.parametrize("is_first", [True, False])
    def test_a_name_nearly_that_of_a_known_one_is_asked_about_also_where_the_list_names_both(self, is_first):
        known = subject("HTX Tôm khô Rạch Gốc")
        table = [[name, "", "", "", HERE, "Tôm", "", "", ""] for name in (known.name, "Tôm khô Rạch Gốc")]
        found = planned(simple(*(table if is_first else table[::-1])))
        asked = next(one for one in found.lines if one.line.name == "Tôm khô Rạch Gốc")
        assert asked.verdict == Verdict.ASK
        assert str(known.pk) in dict(asked.questions[0].options)

    def test_the_place_of_rows_without_one_is_asked_again_as_a_role_may_have_ended(self):
        foreign = cast.commune("Bảo Thắng", "Lào Cai")
        data = simple(["HTX Không Xã", "", "", "", "", "Tôm", "", "", ""])
        for within, verdict in (
            (places_within(foreign), Verdict.NEW),
            (places_within(cast.commune()), Verdict.REFUSED),
        ):
            found = plan(register_of(data, place=foreign.pk), within=within, home=None)
            assert [one.verdict for one in found.lines] == [verdict]

    def test_subjects_and_products_are_written_once(self):
        done = imported(of_the_department().data)
        assert (done.subjects, done.products, done.changed) == (2, 3, 0)
        again = imported(of_the_department().data)
        assert not again.has_changed
        assert {one.verdict for one in again.plan.lines} == {Verdict.SAME}
        assert (Subject.objects.count(), Product.objects.count()) == (2, 3)
        one = Subject.objects.get(name="HTX Tôm khô")
        assert (one.kind, one.leader, one.phone, one.is_confirmed) == (
            "cooperative",
            "Trần Thị Út",
            "0912 345 601",
            True,
        )

    def test_each_is_in_the_log(self):
        imported(simple(TOM, CHA))
        actions_ = [entry.action for entry in ModelLogEntry.objects.for_instance(Subject.objects.get())]
        assert sorted(actions_) == ["accounts.product_added"] * 2 + ["accounts.subject_added"]

    def test_what_the_file_says_otherwise_is_shown_and_taken_and_the_log_keeps_what_was(self):
        imported(simple(TOM))
        better = simple([*UT[:3], "0987000111", HERE, "Tôm khô", "5 sao", "99/QĐ-BNN", "05/02/2030"])
        (one,) = planned(better).lines
        assert one.verdict is Verdict.CHANGED
        assert "hạng sao: 4 → 5" in one.why
        assert "0912 345 601 → 0987 000 111" in one.why
        imported(better)
        assert facts() == [("HTX Tôm khô", "Tôm khô", 5, "99/QĐ-BNN", date(2030, 2, 5))]
        assert ModelLogEntry.objects.get(action="accounts.product_corrected").data["before"]["stars"] == 4
        assert not imported(better).has_changed

    def test_an_empty_cell_takes_nothing_away(self):
        imported(simple(TOM))
        bare = book([HEADS, [1, "HTX Tôm khô", "", "", "", HERE, "Tôm khô", "", "", ""]])
        assert verdicts(bare) == ["same"]

    def test_filling_leaves_what_the_register_says(self):
        imported(simple([*UT[:2], "", "", HERE, "Tôm khô", "4 sao", "", ""]))
        imported(simple([*UT, "Tôm khô", "5 sao", "12/QĐ-UBND", "05/02/2029"]), is_filling=True)
        assert facts() == [("HTX Tôm khô", "Tôm khô", 4, "12/QĐ-UBND", date(2029, 2, 5))]
        assert Subject.objects.get().leader == "Trần Thị Út"

    def test_a_list_of_before_does_not_put_an_old_recognition_back_unasked(self):
        imported(simple([*UT, "Tôm khô", "5 sao", "99/QĐ-BNN", "05/02/2032"]))
        (one,) = planned(simple(TOM)).lines
        assert one.verdict is Verdict.ASK
        assert not imported(simple(TOM)).has_changed
        kept = planned(simple(TOM), decisions={one.line.key: {"older": "skip"}})
        assert kept.lines[0].verdict is not Verdict.CHANGED
        imported(simple(TOM), decisions={one.line.key: {"older": "take"}})
        assert facts()[0][2] == 4

    def test_what_a_trainee_typed_is_confirmed_by_the_list(self):
        learner = cast.person(subject_name="htx tom kho", subject_kind="cooperative")
        imported(simple(TOM))
        learner.subject.refresh_from_db()
        assert learner.subject.is_confirmed
        assert Subject.objects.count() == 1

    def test_one_that_is_closed_stays_closed_and_the_preview_says_so(self):
        imported(simple(TOM))
        one = Subject.objects.get()
        actions.close_subject(subject=one, by=None, reason="giải thể", at=cast.NOW)
        assert "ngừng hoạt động" in planned(simple(CHA)).lines[0].why
        imported(simple(CHA))
        assert Subject.objects.get().closed_at

    def test_a_subject_without_a_product_comes_in_alone(self):
        imported(simple([*UT, "", "", "", ""]))
        assert (Subject.objects.count(), Product.objects.count()) == (1, 0)

    def test_all_or_nothing(self):
        with patch("accounts.actions.registers._Writing.note", side_effect=RuntimeError), pytest.raises(RuntimeError):
            imported(simple(TOM))
        assert not Subject.objects.exists()


class TestWhatIsAsked:
    def asked(self, data: bytes, kind: str):
        return next((one, q) for one in planned(data).lines for q in one.questions if q.kind == kind)

    def test_a_name_that_is_nearly_one_of_the_register(self):
        kept = subject("Tôm khô Rạch Gốc", leader="", phone="")
        data = simple(
            ["HTX Tôm khô Rạch Gốc", *UT[1:], "Tôm khô", "4 sao", "", ""],
            ["HTX Tôm khô Rạch Gốc", *UT[1:], "Chả", "3", "", ""],
        )
        assert verdicts(data) == ["ask", "ask"]
        one, question = self.asked(data, "subject")
        assert [value for value, _label in question.options] == [str(kept.pk), "new", "skip"]
        done = imported(data, decisions={one.line.key: {"subject": str(kept.pk)}})
        assert (done.subjects, done.products) == (0, 2)
        assert [p.name for p in kept.products.all()] == ["Chả", "Tôm khô"]

    def test_who_said_so_once_is_not_asked_again(self):
        kept = subject("Tôm khô Rạch Gốc", leader="", phone="")
        data = simple(["HTX Tôm khô Rạch Gốc", *UT[1:], "Tôm khô", "4 sao", "", ""])
        one, _question = self.asked(data, "subject")
        imported(data, decisions={one.line.key: {"subject": str(kept.pk)}})
        again = imported(data)
        assert (again.plan.left, again.has_changed) == ([], False)
        assert Subject.objects.standing().count() == 1

    def test_that_it_is_another_is_taken_too(self):
        subject("Tôm khô Rạch Gốc")
        data = simple(["HTX Tôm khô Rạch Gốc", *UT[1:], "Tôm khô", "4 sao", "", ""])
        one, _question = self.asked(data, "subject")
        imported(data, decisions={one.line.key: {"subject": "new"}})
        assert Subject.objects.standing().count() == 2
        assert not imported(data).has_changed

    def test_the_same_number_under_another_name_is_asked_about(self):
        subject("Cơ sở Mắm", leader="", phone="0912345601")
        assert self.asked(simple(TOM), "subject")

    def test_two_names_of_one_within_the_file(self):
        data = simple(
            ["HTX Mắm Cà Mau", "", "", "", HERE, "Mắm", "4", "", ""],
            ["Hợp tác xã Mắm Cà Mau", "", "", "", HERE, "Mắm tôm", "3", "", ""],
        )
        one, question = self.asked(data, "subject")
        first = next(value for value, _label in question.options if value.startswith("row:"))
        done = imported(data, decisions={one.line.key: {"subject": first}})
        assert (done.subjects, done.products) == (1, 2)
        assert not imported(data).has_changed
        assert Subject.objects.standing().get().merged_from.get().name == "Hợp tác xã Mắm Cà Mau"

    def test_skipping_leaves_a_subject_with_all_its_rows_out(self):
        subject("Tôm khô Rạch Gốc")
        data = simple(
            ["HTX Tôm khô Rạch Gốc", *UT[1:], "Tôm khô", "4", "", ""],
            ["HTX Tôm khô Rạch Gốc", *UT[1:], "Chả", "3", "", ""],
        )
        one, _question = self.asked(data, "subject")
        assert verdicts(data, decisions={one.line.key: {"subject": "skip"}}) == ["skipped", "skipped"]

    @pytest.mark.parametrize(
        ("at", "cell", "said"),
        [
            (6, "tiềm năng 5 sao", "cột H"),
            (8, "sắp có", "cột J"),
            (8, "31/02/2029", "cột J"),
            (1, "liên minh", "cột C"),
        ],
    )
    def test_a_cell_that_cannot_be_read(self, at, cell, said):
        row = list(TOM)
        row[at] = cell
        one, question = self.asked(simple(row), "take")
        assert said in question.words
        done = imported(simple(row), decisions={one.line.key: {"take": "take"}})
        assert done.products == 1

    def test_one_product_twice_with_other_stars(self):
        twice = simple(TOM, TOM, [*UT, "TÔM KHÔ", "5 sao", "99/QĐ-BNN", "05/02/2032"])
        assert verdicts(twice) == ["new", "twice", "ask"]
        one, _question = self.asked(twice, "again")
        imported(twice, decisions={one.line.key: {"again": "take"}})
        assert [(name, stars) for _subject, name, stars, *_more in facts()] == [("Tôm khô", 5)]

    def test_a_commune_of_before_that_was_split(self):
        data = simple(["HTX Tôm khô", "", "", "", "xã Tân Ân, huyện Ngọc Hiển", "Tôm khô", "4", "", ""])
        one, question = self.asked(data, "place")
        chosen = question.options[0][0]
        imported(data, decisions={one.line.key: {"place": chosen}})
        assert str(Subject.objects.get().place_id) == chosen

    def test_a_row_that_is_hidden(self):
        def fill(made, sheet):
            for at, row in enumerate([HEADS, [1, *TOM], [2, *CHA]]):
                for column, cell in enumerate(row):
                    sheet.write(at, column, cell)
            sheet.set_row(2, None, None, {"hidden": True})

        assert verdicts(book(fill)) == ["new", "ask"]

    def test_rows_that_cannot_come_in_say_why(self):
        data = simple(
            ["", "", "", "", HERE, "Tôm", "4", "", ""],
            ["HTX Mắm", "", "", "", "Không Có Xã Này", "Mắm", "4", "", ""],
            ["HTX Cá", "", "", "", "", "Cá", "4", "", ""],
        )
        said = [(one.verdict.value, one.why) for one in planned(data).lines]
        assert said[0] == ("refused", "chưa có tên chủ thể")
        assert said[1][0] == "refused"
        assert "không tìm thấy xã này" in said[1][1]


class TestWithinOnesPlaces:
    def test_nothing_is_written_elsewhere(self):
        within = Place.objects.filter(pk__in=places_within(cast.province()))
        data = simple(TOM, ["HTX Mận", "", "", "", "xã Bảo Thắng, tỉnh Lào Cai", "Mận", "4", "", ""])
        done = imported(data, within=within)
        assert [one.verdict.value for one in done.plan.lines] == ["new", "refused"]
        assert [one.name for one in Subject.objects.all()] == ["HTX Tôm khô"]

    def test_nobody_is_told_of_subjects_elsewhere(self):
        there = subject("HTX Mận Bảo Thắng", cast.commune("Bảo Thắng", "Lào Cai"), phone="0912345601")
        data = simple(["Mận Bảo Thắng", *UT[1:4], "xã Bảo Thắng, tỉnh Lào Cai", "Mận", "4", "", ""], TOM)
        within = Place.objects.filter(pk__in=places_within(cast.province()))
        lines = plan(register_of(data), within=within, home=cast.province()).lines
        assert [one.verdict.value for one in lines] == ["refused", "new"]
        assert all(there.name not in f"{one.why}{one.questions}" for one in lines)


class TestPages:
    def send(self, client, data: bytes):
        return client.post(BEGIN, {"file": SimpleUploadedFile("so.xlsx", data)})

    def press(self, client, there, do="confirm", **said):
        seen = re.search(r'name="seen" value="(\w+)"', client.get(there).text)
        return client.post(there, {"do": do, "seen": seen[1] if seen else ""} | said)

    def test_a_file_is_looked_at_imported_once_and_said_to_be_known(self):
        client = manager(cast.province())
        there = self.send(client, simple(TOM, CHA)).url
        page = client.get(there).text
        assert "1 chủ thể mới" in page
        assert "2 sản phẩm mới" in page
        assert not Subject.objects.exists()
        answer = self.press(client, there)
        assert "Đã nhập: 1 chủ thể mới, 2 sản phẩm mới" in client.get(answer.url).text
        self.press(client, there)
        assert Product.objects.count() == 2
        assert ModelLogEntry.objects.filter(action="accounts.subject_added").get().user.phone == "+84987654321"

    def test_columns_are_corrected_and_a_place_is_given(self):
        client = manager(cast.province())
        there = self.send(client, book([["A", "B"], ["HTX Tôm khô", "Tôm khô"], ["HTX Cá", "Khô cá"]])).url
        assert "Chưa thấy chủ thể nào" in client.get(there).text
        said = {
            "do": "columns",
            "s0-is_taken": "on",
            "s0-begin": "2",
            "s0-name": "0",
            "s0-product": "1",
            "place": "rach goc",
        }
        there = client.post(there, said).url
        assert "2 chủ thể mới" in client.get(there).text

    def test_an_answer_is_kept_and_then_written(self):
        client, kept = manager(cast.province()), subject("Tôm khô Rạch Gốc")
        there = self.send(client, simple(["HTX Tôm khô Rạch Gốc", *UT[1:], "Tôm", "4", "", ""])).url
        there = self.press(client, there, "decide", **{"q-0:2-subject": str(kept.pk)}).url
        assert "Sản phẩm mới của chủ thể đã có" in client.get(there).text
        self.press(client, there)
        assert kept.products.get().name == "Tôm"

    def test_what_changed_since_it_was_looked_at_is_shown_first(self):
        client = manager(cast.province())
        there = self.send(client, simple(TOM)).url
        seen = re.search(r'name="seen" value="(\w+)"', client.get(there).text)[1]
        product(subject("HTX Tôm khô"), stars=3)
        answer = client.post(there, {"do": "confirm", "seen": seen})
        assert "sổ vừa thay đổi" in answer.text
        assert facts()[0][2] == 3

    def test_a_commune_officer_needs_no_column_of_communes(self):
        client = manager()
        there = self.send(client, book([["Tên chủ thể", "Tên sản phẩm"], ["HTX Tôm khô", "Tôm khô"]])).url
        self.press(client, there)
        assert Subject.objects.get().place == cast.commune()

    def test_another_officer_does_not_find_the_file(self):
        there = self.send(manager(cast.province()), simple(TOM)).url
        other = manager(cast.province(), "0987654399")
        assert other.get(there).url == BEGIN

    def test_what_does_not_come_in_is_taken_along_with_the_reason(self):
        client = manager(cast.province())
        there = self.send(client, simple(TOM, ["=1+1", "", "", "", "Xã Nào Đó", "Mắm", "4", "", ""])).url
        file = b"".join(client.get(f"{there}chua-nhap.xlsx").streaming_content)
        rows = list(openpyxl.load_workbook(io.BytesIO(file)).active.iter_rows())
        assert (rows[1][1].value, rows[1][1].data_type) == ("=1+1", "s")
        assert "không tìm thấy xã này" in rows[1][-1].value

    @pytest.mark.parametrize("data", [b"\x00\x01", b"PK\x03\x04 broken", b""])
    def test_what_is_no_list_is_refused_with_a_sentence(self, data):
        answer = self.send(manager(cast.province()), data)
        assert answer.status_code == 422
        assert "help-critical" in answer.text

    def test_an_organiser_imports_nothing(self):
        client = cast.client_of(cast.staff("organiser", cast.province()))
        self.send(client, simple(TOM))
        assert client.get(BEGIN).status_code in (302, 403)


class TestThereAndBack:
    def test_the_register_as_a_file_comes_back_unchanged(self):
        imported(of_the_department().data)
        one = subject('Cơ sở =Lạ ("quen")', leader="Út", phone="0290 3831 234")
        (
            product(one, "+Tôm; 3 sao", stars=None, until=None),
            subject("Hộ chưa có sản phẩm", kind="household", leader="", phone=""),
        )
        product(Subject.objects.get(name="HTX Tôm khô"), "Mắm", 5, date(2031, 12, 31))
        client = manager(cast.province())
        file = b"".join(client.get("/quan-tri/subject/?export=xlsx").streaming_content)
        back = imported(file)
        assert {one.verdict for one in back.plan.lines} == {Verdict.SAME}
        assert not back.has_changed
        assert back.plan.others[0].number == 1

    def test_and_fills_an_empty_register_with_the_same(self):
        imported(of_the_department().data)
        before = facts()
        client = manager(cast.province())
        file = b"".join(client.get("/quan-tri/subject/?export=xlsx").streaming_content)
        Subject.objects.all().delete()
        imported(file)
        assert sorted(facts()) == sorted(before)


class TestCommand:
    def run(self, tmp_path, data, *more, code=0, place=None):
        file, out = tmp_path / "so.xlsx", io.StringIO()
        file.write_bytes(data)
        with pytest.raises(SystemExit, match=str(code)) if code else nullcontext():
            call_command("import_subjects", str(file), "--place", place or cast.province().code, *more, stdout=out)
        return out.getvalue()

    def test_a_dry_run_says_what_would_come_and_writes_nothing(self, tmp_path):
        unfit = ["HTX Mắm", "", "", "", "Xã Nào Đó", "Mắm", "4", "", ""]
        said = json.loads(self.run(tmp_path, simple(TOM, unfit), "--dry-run", "--json", code=1))
        assert [(row["row"], row["verdict"]) for row in said["rows"]] == [(2, "new"), (3, "refused")]
        assert not Subject.objects.exists()

    def test_it_imports_once(self, tmp_path):
        assert "Đã nhập" in self.run(tmp_path, simple(TOM))
        assert "Không có gì thay đổi" in self.run(tmp_path, simple(TOM))
        assert Product.objects.count() == 1

    def test_what_is_asked_is_told_by_its_code_and_answered_by_a_file(self, tmp_path):
        kept = subject("Tôm khô Rạch Gốc")
        data = simple(["HTX Tôm khô Rạch Gốc", *UT[1:], "Tôm", "4", "", ""])
        said = json.loads(self.run(tmp_path, data, "--json", code=1))
        key = said["rows"][0]["key"]
        assert str(kept.pk) in said["rows"][0]["questions"]["subject"]
        answers = tmp_path / "answers.json"
        answers.write_text(json.dumps({key: {"subject": str(kept.pk)}}))
        self.run(tmp_path, data, "--decisions", str(answers))
        assert kept.products.count() == 1

    def test_nothing_is_written_outside_of_the_place(self, tmp_path):
        self.run(tmp_path, simple(TOM), place=cast.province("Lào Cai").code, code=1)
        assert not Subject.objects.exists()

    @pytest.mark.parametrize(
        ("place", "data"), [("999", simple(TOM)), (None, b"none"), (None, book([["x", "y"], ["1", "2"]]))]
    )
    def test_a_wrong_place_or_file_is_a_sentence(self, tmp_path, place, data):
        with pytest.raises(CommandError):
            self.run(tmp_path, data, place=place)


def test_of_two_who_write_the_same_the_second_is_told():
    planned_before = []

    def and_another_is_quicker(*args, **more):
        found = plan(*args, **more)
        planned_before.append(found)
        if len(planned_before) == 2:
            subject("HTX Tôm khô")
        return found

    with (
        patch("accounts.actions.registers.plan", and_another_is_quicker),
        pytest.raises(Refusal, match="có người khác ghi vào sổ"),
    ):
        imported(simple(TOM))
