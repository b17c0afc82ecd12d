"""The report: its numbers, the same words in DOCX and PDF, what is not told of few, and what the organiser writes."""

import io
import re
from datetime import timedelta

import docx
import pikepdf
import pypdfium2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.table import Table
from fontTools.ttLib import TTFont
from wagtail.models import ModelLogEntry

from accounts.models import Person
from lib.refusals import Refusal
from provinces.models import Place, Succession
from tests import cast
from workshops import actions
from workshops.models import (
    AgendaItem,
    FeedbackSheet,
    FollowUp,
    FormQuestion,
    LegalBasis,
    Registration,
    RegistrationSource,
    ReportText,
    Session,
    Workshop,
)
from workshops.papers import making
from workshops.rendering import reports
from workshops.reporting import composing, documents, rolls
from workshops.reporting.facts import gather

from . import filled

pytestmark = [pytest.mark.django_db, pytest.mark.once]
BOLD_ITALIC = 3  # of a font's `macStyle`
WORDS = {
    "number": "86/BC-VPĐP", "issued_on": None, "women": None, "assessment": "Lớp diễn ra đúng kế hoạch.", "weaknesses": "- Thời gian ngắn.\nMạng yếu.",
    "proposals": "Mở thêm lớp.", "recipients": "Sở (để báo cáo);", "signer_post": "Chánh Văn phòng", "signer": "Người Ký Mẫu",
}  # fmt: skip


@pytest.fixture
def workshop(planned):
    Workshop.objects.update(capacity=None)
    planned.refresh_from_db()
    return planned


@pytest.fixture
def user(workshop):
    return cast.staff("organiser", cast.province())


@pytest.fixture
def organiser(user):
    return cast.client_of(user)


def page_of(workshop, what=""):
    return f"/quan-tri/tap-huan/{workshop.pk}/bao-cao/{what}"


def words_of_docx(data) -> str:
    """In the order of the page: paragraphs and cells of tables as they come."""
    document, said = docx.Document(io.BytesIO(data)), []
    for part in document.iter_inner_content():
        if isinstance(part, Table):
            said += [cell.text for row in part.rows for cell in row.cells]
        else:
            said.append(part.text)
    return " ".join(" ".join(said).split())


def said_of_people(data) -> str:
    document = docx.Document(io.BytesIO(data))
    return next(part.text for part in document.paragraphs if "Đại biểu:" in part.text)


def full(workshop):
    """Seven delegates of three kinds, six of whom came and did both tests."""
    people = [
        filled.official(workshop, "Võ Thị Ổi", "province", cast.province(), unit="Sở"),
        *(filled.subject(workshop, f"Trần Thị Thứ {number}") for number in range(1, 6)),
        filled.subject(workshop, "Lê Thị An", cast.commune("Năm Căn"), "cooperative"),
    ]
    filled.here(*people[:6])
    filled.sat(workshop, *[(one, 4, 8) for one in people[:5]], (people[5], 5, 5), (people[6], 2, None))
    filled.feedback(workshop, 6, quotable=2)
    return people


class TestNumbers:
    def test_who_was_invited_had_a_seat_and_came(self, workshop):
        one, *_rest, gone = full(workshop)
        actions.cancel(registration=gone, at=cast.NOW)
        walk_in = filled.subject(workshop, "Danh Sà Mây", source=RegistrationSource.WALK_IN)
        other = actions.replace(
            registration=one,
            person=cast.person(
                "Hồ Thị Nở",
                kind="official",
                official_level="province",
                subject_name="",
                subject_kind="",
                subject_role="",
            ),
            at=cast.NOW,
            by=cast.staff("organiser", phone="0987654300"),
            unit="Sở",
            post="",
        )
        filled.here(walk_in, other)
        found = gather(workshop)
        assert (found.total.invited, found.total.registered, found.walk_ins, found.instead) == (7, 8, 1, 1)
        assert {one.label: (one.invited, one.registered, one.present) for one in found.components} == {
            "Cơ quan, đơn vị cấp tỉnh": (1, 2, 2), "Hợp tác xã": (1, 0, 0), "Hộ kinh doanh, cơ sở sản xuất": (5, 6, 6),
        }  # fmt: skip

    def test_who_was_there_before_another_took_the_seat_stands_in_every_list_that_counts_them(self, workshop, user):
        one, *_others = full(workshop)
        stand_in = cast.person(
            "Hồ Thị Nở", kind="official", official_level="province", subject_name="", subject_kind="", subject_role=""
        )
        actions.replace(registration=one, person=stand_in, at=cast.NOW, by=user, unit="Sở", post="")
        found = gather(workshop)
        assert found.total.present <= found.total.registered
        text = words_of_docx(making.report(workshop, "docx").data)
        assert "có mặt 6 đại biểu (75,0% số có tên)" in text
        (listed,) = re.findall(r"Danh sách đại biểu \(tỉnh Cà Mau\) STT (.*) Danh sách báo cáo viên", text)
        assert listed.count("Võ Thị Ổi") == 2  # in the own row, and beside whoever came instead
        assert "sau có người đi thay" in listed

    def test_a_walk_in_who_was_never_recorded_did_not_come(self, workshop):
        filled.subject(workshop, "Danh Sà Mây", source=RegistrationSource.WALK_IN)
        assert gather(workshop).walk_ins == 0

    def test_topics_come_in_the_order_of_days_without_what_was_cancelled(self, workshop):
        held, speaker = workshop.sessions.get(), workshop.speakers.get()
        for days, topic, cancelled in ((1, "Ngày sau", None), (2, "Đã bỏ", cast.NOW)):
            starts = held.starts_at + timedelta(days=days)
            session = Session.objects.create(
                workshop=workshop, name="Sáng", starts_at=starts, ends_at=starts + timedelta(hours=2), cancelled_at=cancelled
            )  # fmt: skip
            AgendaItem.objects.create(session=session, starts_at="08:00", topic=topic).speakers.add(speaker)
        text = words_of_docx(making.report(workshop, "docx").data)
        assert "Nội dung: Bộ tiêu chí: khác gì trước?; Ngày sau." in text

    def test_parallel_rooms_are_one_slot_of_time(self, workshop):
        held = workshop.sessions.get()
        Session.objects.create(
            workshop=workshop, name="Song song", room="2", starts_at=held.starts_at, ends_at=held.ends_at
        )
        assert "(01 buổi)" in words_of_docx(making.report(workshop, "docx").data)

    def test_each_session_has_its_own(self, workshop):
        people = full(workshop)
        Session.objects.create(
            workshop=workshop,
            name="Bỏ",
            starts_at=cast.NOW,
            ends_at=cast.NOW + timedelta(hours=1),
            cancelled_at=cast.NOW,
        )
        Session.objects.create(
            workshop=workshop, name="Tối", room="2", starts_at=cast.NOW, ends_at=cast.NOW + timedelta(hours=1)
        )
        found = gather(workshop)
        assert {one.name: one.present for one in found.sessions} == {"Tối": 0, "Buổi chiều": 6}
        assert found.total.present == len(people) - 1

    def test_former_places_count_for_the_unit_of_today_and_keep_their_name(self, workshop):
        today = cast.commune()
        former = Place.objects.create(
            code="x1", level="commune", kind="thi-tran", name="Rạch Gốc Cũ", parent=today.parent, search="rach goc cu",
            valid_from="2000-01-01", valid_to="2025-06-30",
        )  # fmt: skip
        Succession.objects.create(predecessor=former, successor=today)
        one = filled.subject(workshop, "Lê Thị An")
        type(one).objects.filter(pk=one.pk).update(place=former)
        filled.subject(workshop, "Trần Thị Bưởi")
        (place,) = gather(workshop).places
        assert (place.label, place.registered) == ("xã Phan Ngọc Hiển, tỉnh Cà Mau", 2)
        assert place.former == "thị trấn Rạch Gốc Cũ, tỉnh Cà Mau"

    def test_only_matched_pairs_are_compared(self, workshop):
        full(workshop)
        found = gather(workshop)
        assert (found.sheets, found.pairs) == ({"before": 7, "after": 6}, 6)
        assert found.compared.before == pytest.approx(2.5 / 6)
        assert (found.total.pairs, found.total.passed) == (6, 5)

    def test_of_a_kind_with_fewer_than_five_pairs_nothing_is_told_nor_can_it_be_subtracted(self, workshop):
        """Six pairs, five of households: told, they would say what the one official did."""
        full(workshop)
        told = {one.label: one.pairs for one in gather(workshop).components}
        assert told == {"Cơ quan, đơn vị cấp tỉnh": None, "Hợp tác xã": None, "Hộ kinh doanh, cơ sở sản xuất": None}

    def test_kinds_of_few_that_are_many_together_leave_the_others_told(self, workshop):
        few = [filled.subject(workshop, f"Lê Thị Ít {number}", kind="cooperative") for number in range(3)]
        few += [filled.subject(workshop, f"Lê Thị Vài {number}", kind="group") for number in range(2)]
        many = [filled.subject(workshop, f"Trần Thị Thứ {number}") for number in range(6)]
        filled.sat(workshop, *[(one, 4, 8) for one in (*few, *many)])
        told = {one.label: one.pairs for one in gather(workshop).components}
        assert told == {"Hợp tác xã": None, "Tổ hợp tác": None, "Hộ kinh doanh, cơ sở sản xuất": 6}

    def test_of_a_question_that_few_answered_no_answer_is_told(self, workshop):
        filled.feedback(workshop, 6)
        for label, kind, answer in (("Riêng", "scale", 1), ("Mặt", "faces", 1), ("Có không", "yes-no", "no")):
            asked = FormQuestion.objects.create(workshop=workshop, stage="feedback", label=label, kind=kind)
            for sheet in FeedbackSheet.objects.all()[:4]:
                sheet.answers[str(asked.pk)] = answer
                sheet.save()
        told = {one.label: (one.answered, one.counts, one.mean) for one in gather(workshop).items}
        assert told["Nội dung"] == (6, [0, 0, 0, 3, 3], 4.5)
        assert [told[label] for label in ("Riêng", "Mặt", "Có không")] == [(4, (), None)] * 3
        text = words_of_docx(making.report(workshop, "docx").data)
        assert "Riêng – – – – – 4 –" in text
        assert "Mặt – – – 4" in text
        assert "4 người trả lời, dưới 5 người nên không nêu." in text
        assert "“Riêng”" not in text

    def test_anonymous_tests_are_never_joined_to_who_somebody_is(self, workshop):
        people = [filled.subject(workshop, f"Trần Thị Thứ {number}") for number in range(6)]
        filled.sat(workshop, *[(one, 4, 8) for one in people], anonymous=True)
        found = gather(workshop)
        assert (found.compared.pairs, found.total.pairs, found.components[0].pairs) == (6, None, None)

    def test_queries_do_not_grow_with_delegates(self, workshop, django_assert_num_queries):
        full(workshop)
        gather(workshop)
        with CaptureQueriesContext(connection) as few:
            gather(workshop)
        for number in range(10):
            one = filled.subject(workshop, f"Kim Sô Phia {number}", cast.commune("Năm Căn"))
            filled.here(one)
        with django_assert_num_queries(len(few)):
            gather(workshop)


class TestPaper:
    @pytest.fixture
    def both(self, workshop, user):
        LegalBasis.objects.create(
            workshop=workshop,
            kind="QĐ",
            number="58/QĐ-VPĐP",
            issued_on=cast.NOW.date(),
            issued_by="Văn phòng",
            subject="mở lớp",
        )
        full(workshop)
        actions.write_report(workshop=workshop, words=WORDS, seen=None, by=user, at=cast.NOW)
        report = composing.compose(gather(workshop), ReportText.objects.get())
        return words_of_docx(documents.docx(report)), filled.words_of(reports.report_pdf(report))

    def test_word_and_pdf_say_the_same(self, both):
        for said in (
            "BÁO CÁO", "Kết quả tổ chức lớp “Bộ tiêu chí mới”", "Số: 86/BC-VPĐP", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
            "Thực hiện Kế hoạch số 170/", "của UBND tỉnh; Quyết định số", "ngày 23 tháng 11 năm 2026 của Văn phòng về mở lớp",
            "TS. Báo Cáo Mẫu", "7 đại biểu được cử hoặc mời", "có mặt 6 đại biểu (85,7% số có tên)", "Bảng 1.", "Bảng 2.",
            "Điểm trung bình của những người này là 4,2 trước và 7,5 sau", "tỷ lệ đạt (từ 60% số câu đúng) là 0,0% trước và 83,3% sau",
            "- Thời gian ngắn.", "- Mạng yếu.", "Mở thêm lớp.", "Sở (để báo cáo);", "CHÁNH VĂN PHÒNG", "Người Ký Mẫu", "Phụ lục I.",
            "Phụ lục II KẾT QUẢ KIỂM TRA", "Mức tiến bộ chuẩn hóa (Hake) 0,57", "từ 1,62 đến 5,05", "Phụ lục III Ý KIẾN", "“Ý kiến số 0”", "“Ý kiến số 1”",
            "6 người viết, 2 ý được phép trích", "4,50", "Phụ lục IV DANH SÁCH", "Trần Thị Thứ 3", "Cơ sở Lê Thị An",
            "Danh sách không ghi đại biểu là nam hay nữ", "Câu hỏi Chưa hài lòng Bình thường Hài lòng Số trả lời Buổi học 0 0 6 6",
        ):  # fmt: skip
            assert [said in text for text in both] == [True, True], said

    def test_their_words_come_in_the_same_order(self, both):
        """But for what stands around a page, and the lines of cells."""
        word, pdf = both
        marks = [
            "I. ",
            "1. Thời gian",
            "Bảng 1.",
            "Bảng 2.",
            "Nơi nhận",
            "Phụ lục I.",
            "Phụ lục II Kết",
            "Phụ lục III Ý",
            "Phụ lục IV Danh",
        ]
        for text in (word, pdf):
            body = text[text.index("báo cáo kết quả như sau") :]
            places = [
                body.casefold().index(mark.casefold())
                for mark in ("Tình hình tổ chức", *marks[1:3], "Bảng 2. ", "Nơi nhận:", *marks[6:])
            ]
            assert places == sorted(places)

    def test_each_annex_says_to_which_paper_it_belongs(self, both):
        for text in both:
            assert text.count("(Kèm theo Báo cáo số 86/BC-VPĐP ngày …… tháng …… năm …… của Văn phòng Mẫu)") == 4

    def test_who_is_above_is_addressed_and_stands_first_among_the_recipients(self, workshop):
        """“Như trên” means whoever is addressed: without one nobody is above."""
        for parent, said in (("", (False, False)), ("Sở Nông nghiệp", (True, True))):
            Workshop.objects.update(organiser_parent=parent)
            workshop.refresh_from_db()
            for text in (
                words_of_docx(making.report(workshop, "docx").data),
                filled.words_of(making.report(workshop, "pdf").data),
            ):
                assert ("Kính gửi: Sở Nông nghiệp" in text, "- Như trên;" in text) == said
                assert "- Lưu: VT." in text

    def test_word_rules_off_the_organiser_and_the_title_and_reads_vietnamese(self, workshop):
        document = docx.Document(io.BytesIO(making.report(workshop, "docx").data))
        assert document.element.xml.count("<w:pBdr>") == 2
        assert re.findall(r'w:lang [^>]*w:val="([^"]*)"', document.styles.element.xml) == ["vi-VN"]

    def test_recipients_are_headed_in_bold_italics(self, workshop):
        with pikepdf.open(io.BytesIO(making.report(workshop, "pdf").data)) as pdf:
            files = [
                font.FontFile2.read_bytes()
                for font in pdf.objects
                if isinstance(font, pikepdf.Dictionary) and "/FontFile2" in font
            ]
        assert BOLD_ITALIC in {TTFont(io.BytesIO(file))["head"].macStyle for file in files}

    def test_the_printer_has_every_letter_of_it(self, workshop):
        """What its own fonts lack is taken from whatever the machine has, or is a box."""
        full(workshop)
        with pikepdf.open(io.BytesIO(making.report(workshop, "pdf").data)) as pdf:
            fonts = {
                str(font.FontName)
                for font in pdf.objects
                if isinstance(font, pikepdf.Dictionary) and "/FontName" in font
            }
        assert len(fonts) == 4
        assert all("+Print-Times" in font for font in fonts), fonts

    def test_what_may_not_be_quoted_is_not(self, both):
        for text in both:
            assert "Ý kiến số 2" not in text

    def test_word_has_real_headings_and_heads_that_repeat(self, workshop):
        full(workshop)
        document = docx.Document(io.BytesIO(making.report(workshop, "docx").data))
        headings = [one.text for one in document.paragraphs if one.style.name.startswith("Heading")]
        assert headings[:4] == ["I. Tình hình tổ chức", "II. Kết quả", "III. Tồn tại, hạn chế", "IV. Kiến nghị"]
        lists = [one for one in document.tables if one.style.name == "Table Grid"]
        assert all("w:tblHeader" in one.rows[0]._tr.xml for one in lists)
        section = document.sections[0]
        assert [round(one.mm) for one in (section.left_margin, section.right_margin, section.top_margin)] == [
            30,
            16,
            20,
        ]

    def test_of_few_nothing_is_told(self, workshop):
        people = [filled.subject(workshop, f"Trần Thị Thứ {number}") for number in range(4)]
        filled.sat(workshop, *[(one, 4, 8) for one in people])
        filled.feedback(workshop, 4)
        text = words_of_docx(making.report(workshop, "docx").data)
        assert "4 đại biểu làm cả hai bài, dưới 5 người nên không nêu kết quả" in text
        assert "4 phiếu, dưới 5 phiếu nên không nêu kết quả từng câu" in text
        assert "Điểm trung bình" not in text

    def test_of_an_empty_workshop_there_is_one_all_the_same(self, workshop):
        FormQuestion.objects.all().delete()
        Session.objects.update(cancelled_at=cast.NOW)
        for kind in ("docx", "pdf"):
            assert making.report(workshop, kind).data

    def test_hostile_words_are_words(self, workshop):
        name = '=HYPERLINK("//x") <w:p/> & Út'
        filled.subject(workshop, name)
        filled.subject(workshop, "Lê\u202eThị\x0b An")
        for text in (
            words_of_docx(making.report(workshop, "docx").data),
            filled.words_of(making.report(workshop, "pdf").data),
        ):
            assert "<w:p/> & Út" in text

    def test_calls_months_later_stand_in_the_second_edition(self, workshop):
        people = full(workshop)
        Person.objects.filter(pk=people[5].person_id).update(contact_phone="+84912345678")  # who is still to be reached
        assert "3. Áp dụng sau lớp" not in words_of_docx(making.report(workshop, "docx").data)
        for one, used in zip(people, ["done", "done", "done", "begun", "not-yet", ""], strict=False):
            outcome = "answered" if used else "unreached"
            FollowUp.objects.create(registration=one, drawn_at=cast.NOW, outcome=outcome, used=used)
        text = words_of_docx(making.report(workshop, "docx").data)
        assert "gọi 6 đại biểu được chọn ngẫu nhiên theo xã; 5 người trả lời. Đã làm được: 3 (60,0%)" in text

    def test_women_are_told_as_the_organiser_counted_them(self, workshop, user):
        full(workshop)
        actions.write_report(workshop=workshop, words=WORDS | {"women": 4}, seen=None, by=user, at=cast.NOW)
        assert "trong đó 4 nữ (theo thống kê của Ban Tổ chức)" in words_of_docx(making.report(workshop, "docx").data)

    def test_women_are_counted_from_the_lists_as_far_as_these_say_it(self, workshop, user):
        people = full(workshop)
        assert "nữ" not in said_of_people(making.report(workshop, "docx").data)
        for one, gender in zip(people, ["female", "female", "male"], strict=False):
            Registration.objects.filter(pk=one.pk).update(gender=gender)
        assert "trong đó 2 nữ, 1 nam, 3 chưa rõ (theo danh sách)" in said_of_people(
            making.report(workshop, "docx").data
        )
        text = words_of_docx(making.report(workshop, "docx").data)
        assert text.count("Nữ có mặt") == 2  # by component, by place
        assert "Đại biểu có mặt theo cột nam, nữ của danh sách: 2 nữ, 1 nam, 3 chưa rõ." in text
        facts = gather(workshop)
        assert facts.total.women == 2
        assert sum(one.women for one in facts.components) == sum(one.women for one in facts.places) == 2

    def test_a_woman_who_was_not_there_is_not_counted(self, workshop):
        absent = full(workshop)[6]
        Registration.objects.filter(pk=absent.pk).update(gender="female")
        assert gather(workshop).genders == rolls.Genders(0, 0, 6)

    def test_what_the_organiser_typed_goes_before_what_was_counted(self, workshop, user):
        Registration.objects.filter(pk=full(workshop)[0].pk).update(gender="female")
        actions.write_report(workshop=workshop, words=WORDS | {"women": 4}, seen=None, by=user, at=cast.NOW)
        assert "trong đó 4 nữ (theo thống kê của Ban Tổ chức)" in said_of_people(making.report(workshop, "docx").data)

    def test_where_the_lists_count_other_women_than_the_organiser_tables_say_so(self, workshop, user):
        Registration.objects.filter(pk=full(workshop)[0].pk).update(gender="female")
        actions.write_report(workshop=workshop, words=WORDS | {"women": 4}, seen=None, by=user, at=cast.NOW)
        for text in (
            words_of_docx(making.report(workshop, "docx").data),
            filled.words_of(making.report(workshop, "pdf").data),
        ):
            assert (
                "Bảng 1. Đại biểu theo thành phần (nữ đếm theo cột nam, nữ của danh sách; theo thống kê của Ban Tổ chức: 4 nữ; –: không nêu"
                in text
            )
            assert "danh sách: 1 nữ, 0 nam, 5 chưa rõ. Theo thống kê của Ban Tổ chức: 4 nữ." in text

    def test_where_both_count_the_same_nothing_is_said_of_it(self, workshop, user):
        Registration.objects.filter(pk=full(workshop)[0].pk).update(gender="female")
        actions.write_report(workshop=workshop, words=WORDS | {"women": 1}, seen=None, by=user, at=cast.NOW)
        text = words_of_docx(making.report(workshop, "docx").data)
        assert "Bảng 1. Đại biểu theo thành phần (–: không nêu" in text
        assert "Theo thống kê của Ban Tổ chức" not in text

    def test_women_whom_no_list_tells_are_known_as_a_whole_alone(self, workshop, user):
        full(workshop)
        actions.write_report(workshop=workshop, words=WORDS | {"women": 4}, seen=None, by=user, at=cast.NOW)
        text = words_of_docx(making.report(workshop, "docx").data)
        assert "không có số liệu theo giới tính" not in text
        assert "Theo thống kê của Ban Tổ chức: 4 nữ có mặt." in text

    def test_what_is_left_to_the_pen_stretches_no_line(self, workshop):
        """A line that is justified draws its words apart, where what follows does not fit on it."""
        workshop.speakers.all().delete()
        document = docx.Document(io.BytesIO(making.report(workshop, "docx").data))
        blank = [one for one in document.paragraphs if one.text.endswith("\t")]
        assert [one.text.strip() for one in blank] == ["3. Báo cáo viên:", "-", "-"]
        assert {one.alignment for one in blank} == {WD_ALIGN_PARAGRAPH.LEFT}
        page = pypdfium2.PdfDocument(making.report(workshop, "pdf").data)[0].get_textpage()
        search = page.search("Báo cáo viên:")
        start, count = search.get_next()
        left, right = page.get_charbox(start)[0], page.get_charbox(start + count - 1)[2]
        assert right - left < 120  # points; over the whole line it is three times as much

    def test_that_of_a_specimen_is_marked(self, workshop, settings):
        settings.DEMO = False
        for is_specimen in (False, True):
            Workshop.objects.update(is_specimen=is_specimen)
            workshop.refresh_from_db()
            header = docx.Document(io.BytesIO(making.report(workshop, "docx").data)).sections[0].first_page_header
            marks = [
                "BẢN MẪU" in "".join(one.text for one in header.paragraphs),
                "BẢN MẪU" in filled.words_of(making.report(workshop, "pdf").data),
            ]
            assert marks == [is_specimen] * 2


class TestPage:
    def test_words_are_kept_logged_and_printed(self, organiser, workshop):
        sent = {
            "number": "86/BC-VPĐP",
            "issued_on": "2026-11-26",
            "weaknesses": "Ngắn",
            "signer": "Người Ký",
            "women": "3",
        }
        assert organiser.post(page_of(workshop), sent).status_code == 302
        text = ReportText.objects.get()
        assert (text.number, text.weaknesses, text.women, str(text.issued_on)) == (
            "86/BC-VPĐP",
            "Ngắn",
            3,
            "2026-11-26",
        )
        assert ModelLogEntry.objects.filter(action="workshops.report_written").count() == 1
        assert "86/BC-VPĐP" in organiser.get(page_of(workshop)).text
        assert organiser.get(page_of(workshop, "bao-cao.docx"))["Content-Disposition"].endswith('.docx"')
        answer = organiser.get(page_of(workshop, "bao-cao.pdf"))
        assert (answer["Content-Type"], "no-store" in answer["Cache-Control"]) == ("application/pdf", True)

    def test_what_cannot_be_is_said_and_the_rest_is_kept(self, organiser, workshop):
        answer = organiser.post(page_of(workshop), {"issued_on": "hôm qua", "women": "-1", "proposals": "Mở thêm lớp"})
        assert answer.status_code == 422
        assert "Mở thêm lớp" in answer.text
        assert not ReportText.objects.exists()

    def test_words_of_two_people_are_never_lost(self, organiser, workshop, user):
        seen = actions.write_report(workshop=workshop, words=WORDS, seen=None, by=user, at=cast.NOW).written_at
        actions.write_report(
            workshop=workshop, words=WORDS | {"signer": "Khác"}, seen=seen, by=user, at=cast.NOW + timedelta(minutes=1)
        )
        answer = organiser.post(page_of(workshop), {"seen": seen.isoformat(), "signer": "Tôi"})
        assert answer.status_code == 422
        assert "có người vừa sửa" in answer.text
        assert 'value="Tôi"' in answer.text
        assert ReportText.objects.get().signer == "Khác"

    def test_one_who_begins_anew_beside_another_is_refused_too(self, workshop, user):
        actions.write_report(workshop=workshop, words=WORDS, seen=None, by=user, at=cast.NOW)
        with pytest.raises(Refusal):
            actions.write_report(workshop=workshop, words=WORDS | {"signer": "Khác"}, seen=None, by=user, at=cast.NOW)
        with pytest.raises(Refusal):
            actions.write_report(
                workshop=workshop, words=WORDS, seen=None, by=cast.staff("organiser", phone="0987000115"), at=cast.NOW
            )

    def test_a_second_press_of_the_button_has_lost_nothing_and_says_so(self, organiser, workshop):
        sent = {"seen": "", "signer": "Tôi", "weaknesses": "Ngắn\r\nỒn"}
        assert [organiser.post(page_of(workshop), sent).status_code for _press in range(2)] == [302, 302]
        assert ModelLogEntry.objects.filter(action="workshops.report_written").count() == 1

    def test_a_page_that_was_opened_saves(self, organiser, workshop, user):
        actions.write_report(workshop=workshop, words=WORDS, seen=None, by=user, at=cast.NOW)
        seen = ReportText.objects.get().written_at.isoformat()
        assert f'value="{seen}"' in organiser.get(page_of(workshop)).text
        assert organiser.post(page_of(workshop), {"seen": seen, "signer": "Tôi"}).status_code == 302

    def test_of_others_nothing(self, workshop):
        other = cast.client_of(cast.staff("organiser", cast.province("Lào Cai"), phone="0987654322"))
        for what in ("", "bao-cao.docx", "bao-cao.pdf"):
            assert other.get(page_of(workshop, what)).status_code == 404
        assert other.post(page_of(workshop), {"signer": "Tôi"}).status_code == 404


class TestProvinceOfAll:
    """Where all come of one province, the title of a table says it and not each of its rows."""

    def tables(self, workshop) -> list[tuple[str, list[str]]]:
        """Of the tables by place and of delegates: the caption, and what rows say of places."""
        report = composing.compose(gather(workshop), None)
        places, people = (
            next(
                block
                for annex in report.annexes
                for block in annex.blocks
                if block.kind == "table" and said in block.caption
            )
            for said in ("Bảng 3.", "Danh sách đại biểu")
        )
        return [
            (places.caption, [f"{row[1]} | {row[2]}" for row in places.rows[:-1]]),
            (people.caption, [row[4] for row in people.rows]),
        ]

    def then(self, one, name, **found):
        place = Place.objects.get(valid_to="2025-06-30", level="commune", name=name, **found)
        type(one).objects.filter(pk=one.pk).update(place=place)

    def test_it_stands_in_no_row(self, workshop):
        filled.subject(workshop, "Trần Thị Bưởi")
        self.then(filled.subject(workshop, "Lê Thị An"), "Rạch Gốc", parent__name="Cà Mau")
        assert self.tables(workshop) == [
            ("Bảng 3. Đại biểu theo địa bàn (tỉnh Cà Mau)", ["xã Phan Ngọc Hiển | thị trấn Rạch Gốc, huyện Ngọc Hiển"]),
            ("Danh sách đại biểu (tỉnh Cà Mau)", ["xã Phan Ngọc Hiển", "thị trấn Rạch Gốc, huyện Ngọc Hiển"]),
        ]

    def test_of_a_province_that_was_another_then_both_are_named_once(self, workshop):
        for name in ("Gành Hào", "Long Điền Tây"):
            self.then(filled.subject(workshop, f"Người {name}"), name, parent__name="Bạc Liêu")
        (caption, rows), (people, communes) = self.tables(workshop)
        assert caption == "Bảng 3. Đại biểu theo địa bàn (tỉnh Cà Mau; lúc tổ chức: tỉnh Bạc Liêu)"
        assert people == "Danh sách đại biểu (tỉnh Bạc Liêu)"
        assert not any("tỉnh" in one for one in [*rows, *communes])

    def test_of_several_each_row_says_its_own(self, workshop):
        filled.subject(workshop, "Trần Thị Bưởi")
        filled.subject(workshop, "Lê Thị An", cast.commune("Bảo Nhai", "Lào Cai"))
        assert self.tables(workshop) == [
            ("Bảng 3. Đại biểu theo địa bàn", ["xã Phan Ngọc Hiển, tỉnh Cà Mau | ", "xã Bảo Nhai, tỉnh Lào Cai | "]),
            ("Danh sách đại biểu", ["xã Phan Ngọc Hiển, tỉnh Cà Mau", "xã Bảo Nhai, tỉnh Lào Cai"]),
        ]

    def test_the_province_itself_keeps_its_name(self, workshop):
        one = filled.subject(workshop, "Lê Thị An")
        type(one).objects.filter(pk=one.pk).update(place=cast.province())
        filled.subject(workshop, "Trần Thị Bưởi")
        (_caption, rows), _people = self.tables(workshop)
        assert rows == ["tỉnh Cà Mau | ", "xã Phan Ngọc Hiển | "]
