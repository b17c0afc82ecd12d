"""…/trong-lop/ in the admin: tests are made, opened and closed; what the projector shows; papers."""

import pypdfium2
import pytest

from tests import cast
from workshops import actions
from workshops.hall import printing
from workshops.hall.items import Paper
from workshops.models import FormQuestion, HallTest, Workshop

from . import halls

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def office(organiser):
    return cast.client_of(organiser)


@pytest.fixture
def pair(planned, organiser):
    return halls.papers(planned, organiser)


@pytest.fixture
def page(planned):
    return f"/quan-tri/tap-huan/{planned.pk}/trong-lop/"


class TestTheOverview:
    def test_a_step_of_the_workshop_leads_there(self, planned, office, page):
        assert page in office.get(f"/quan-tri/tap-huan/{planned.pk}/").text

    def test_tests_are_made_opened_and_closed(self, office, page):
        bank = halls.bank()
        answer = office.post(page, {"do": "make", "bank": bank.pk, "questions": "5", "pass_percent": "60"})
        assert answer.status_code == 302
        assert HallTest.objects.count() == 2
        office.post(page, {"do": "open-before"})
        assert HallTest.objects.get(moment="before").opened_at == cast.NOW
        assert HallTest.objects.get(moment="after").opened_at is None
        office.post(page, {"do": "close-before"})
        assert HallTest.objects.get(moment="before").closed_at == cast.NOW
        assert "Lập lại hai đề" not in office.get(page).text

    def test_too_few_questions_are_told_and_what_was_typed_stays(self, office, page):
        bank = halls.bank()
        answer = office.post(page, {"do": "make", "bank": bank.pk, "questions": "30", "pass_percent": "75"})
        assert answer.status_code == 422
        assert "nhiều nhất 6 câu" in answer.text
        assert 'value="75"' in answer.text
        assert not HallTest.objects.exists()

    def test_each_bank_says_how_many_questions_it_gives_and_one_that_gives_none_is_not_offered(self, office, page):
        halls.bank()
        halls.bank(single=0, truefalse=0, name="Ngân hàng còn trống")
        shown = office.get(page).text
        assert "Ngân hàng OCOP (mỗi đề được tới 6 câu)" in shown
        assert "Ngân hàng còn trống" not in shown

    def test_where_no_bank_gives_any_it_says_what_is_needed(self, office, page):
        halls.bank(single=0, truefalse=1)
        assert "Chưa có ngân hàng nào lập được đề" in office.get(page).text
        halls.bank()
        assert "Chưa có ngân hàng nào lập được đề" not in office.get(page).text

    def test_a_test_without_names_completes_no_quiz(self, planned, office, page):
        quiz = cast.quiz(cast.CoursePage.objects.get(translation_key=planned.activity.course.translation_key))
        said = {
            "do": "make",
            "bank": halls.bank().pk,
            "questions": "5",
            "pass_percent": "60",
            "activity": quiz.activity_id,
        }
        assert office.post(page, said | {"is_anonymous": "on"}).status_code == 422
        office.post(page, said)
        assert HallTest.objects.get(moment="after").activity == quiz.activity
        assert HallTest.objects.get(moment="before").activity is None

    def test_banks_of_other_provinces_are_not_on_offer(self, office, page):
        foreign = halls.bank(name="Của Lào Cai")
        foreign.owner_place = cast.province("Lào Cai")
        foreign.save()
        assert "Của Lào Cai" not in office.get(page).text
        said = {"do": "make", "bank": foreign.pk, "questions": "5", "pass_percent": "60"}
        assert office.post(page, said).status_code == 422

    def test_one_tap_adds_the_usual_questions(self, planned, office, page):
        office.post(page, {"do": "usual"})
        assert FormQuestion.objects.filter(workshop=planned, stage="feedback").count() == 8
        assert "/danh-gia/may-chung/" in office.get(page).text

    def test_a_workshop_that_is_over_shows_and_changes_nothing(self, pair, office, page):
        Workshop.objects.update(closed_at=cast.NOW)
        text = office.get(page).text
        assert "Mở bài" not in text
        assert "Màn chiếu" in text
        assert "Nhập phiếu giấy" in text
        assert "Lớp này đã chốt" in office.post(page, {"do": "open-before"}, follow=True).text
        assert HallTest.objects.get(moment="before").opened_at is None

    def test_nonsense_changes_nothing(self, pair, office, page):
        for do in ("open-", "open-never", "x", "close-after"):
            assert office.post(page, {"do": do}).status_code == 302
        assert not HallTest.objects.filter(opened_at__isnull=False).exists()

    def test_others_do_not_find_it(self, planned, page):
        other = cast.staff("organiser", cast.province("Lào Cai"), "0987654329")
        assert cast.client_of(other).get(page).status_code == 404


class TestTheScreen:
    def test_where_to_go_and_how_many_are_done(self, planned, organiser, pair, office, page):
        test = halls.opened(pair[0], organiser)
        one = halls.delegate(planned)
        halls.delegate(planned, "Lê Văn Bé")
        assert "<b>0</b>/2" in office.get(f"{page}dau-vao/man-chieu/").text
        halls.present(one)
        actions.hand_in(test=test, registration=one, answers={}, at=cast.NOW)
        text = office.get(f"{page}dau-vao/man-chieu/").text
        assert "<b>1</b>/1" in text
        assert "/tap-huan/bo-tieu-chi-moi/kiem-tra/dau-vao/" in text
        assert "data:image/png" in text
        assert "Trần Thị Út" not in text

    @staticmethod
    def closed(planned, organiser, pair, count) -> list[str]:
        """Names of so many who handed in: each second one with all right, the others with the first question alone."""
        Workshop.objects.update(capacity=9)
        test, paper = halls.opened(pair[0], organiser), Paper(pair[0])
        names = ["Trần Thị Út", "Lê Văn Bé", "Võ Thị Năm", "Lâm Thị Hoa", "Đỗ Hữu Đức", "Thạch Thị Hồng"][:count]
        for number, name in enumerate(names):
            given = {str(at): letters[0] for at, letters in paper.right.items() if number % 2 == 0 or at == 1}
            actions.hand_in(test=test, registration=halls.delegate(planned, name), answers=given, at=cast.NOW)
        actions.close_test(test=test, by=organiser, at=cast.NOW)
        return names

    def test_closed_it_shows_each_question_and_no_name(self, planned, organiser, pair, office, page):
        names = self.closed(planned, organiser, pair, 6)
        text = office.get(f"{page}dau-vao/man-chieu/").text
        assert text.count("100%</b>") == 1
        assert text.count(">50%</b>") == 4
        assert not any(name in text for name in names)

    def test_of_fewer_than_five_no_question_is_shown_as_it_would_tell_who_was_wrong(
        self, planned, organiser, pair, office, page
    ):
        self.closed(planned, organiser, pair, 4)
        text = office.get(f"{page}dau-vao/man-chieu/").text
        assert "có <b>4</b> phiếu: dưới 5 phiếu nên không nêu tỷ lệ từng câu" in text
        assert "%</b>" not in text

    def test_the_key_of_a_workshop_of_the_invited_stands_in_its_address(self, planned, pair, office, page):
        assert "?k=" not in office.get(f"{page}dau-vao/man-chieu/").text
        Workshop.objects.update(seen_by="invited")
        assert "?k=" in office.get(f"{page}dau-vao/man-chieu/").text

    def test_feedback_and_materials_have_theirs(self, office, page):
        assert "/danh-gia/" in office.get(f"{page}danh-gia/man-chieu/").text
        assert "/tai-lieu/" in office.get(f"{page}tai-lieu/man-chieu/").text

    def test_there_is_none_of_what_was_not_made(self, office, page):
        for what in ("dau-vao", "dau-ra", "giua-gio"):
            assert office.get(f"{page}{what}/man-chieu/").status_code == 404


class TestPapers:
    def text_of(self, answer):
        assert answer["Content-Type"] == "application/pdf"
        pages = pypdfium2.PdfDocument(answer.content)
        return " ".join(" ".join(one.get_textpage().get_text_range() for one in pages).split())

    def test_a_paper_has_the_questions_and_a_box_and_no_key(self, pair, office, page):
        text = self.text_of(office.get(f"{page}dau-vao/de.pdf"))
        for said in ("Bài kiểm tra đầu vào", "Số thẻ", "Bộ tiêu chí mới", "Trang 1/"):
            assert said in text
        for item in pair[0].items.all():
            assert item.version.stem in text
        assert "GIẢI THÍCH" not in text
        assert "PHẢN HỒI" not in text

    def test_each_page_of_a_specimen_is_marked_as_sheets_come_apart(self, planned, pair, settings):
        settings.DEMO = False
        for is_specimen in (True, False):
            planned.is_specimen = is_specimen
            said = printing.context_of(pair[0])
            data = printing.sheet(planned, "test", said | {"asked": said["asked"] * 6})
            texts = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data)]
            assert len(texts) > 1
            assert ["BẢN MẪU" in text for text in texts] == [is_specimen] * len(texts)

    def test_a_paper_that_names_its_writer_has_a_line_for_the_name_and_one_that_does_not_says_so(
        self, pair, office, page
    ):
        named = self.text_of(office.get(f"{page}dau-vao/de.pdf"))
        assert "Họ và tên:" in named
        assert "Không ghi tên" not in named
        HallTest.objects.update(is_anonymous=True)
        anonymous = self.text_of(office.get(f"{page}dau-vao/de.pdf"))
        assert "Họ và tên" not in anonymous
        assert "Không ghi tên. Chỉ ghi số thẻ" in anonymous

    def test_the_key_is_a_paper_of_its_own(self, pair, office, page):
        text = self.text_of(office.get(f"{page}dap-an.pdf"))
        assert "Chỉ cho ban tổ chức" in text
        assert "Kể thật" in text
        assert "Bài đầu ra" in text

    def test_a_sheet_of_feedback_bears_no_badge(self, planned, office, page):
        office.post(page, {"do": "usual"})
        text = self.text_of(office.get(f"{page}danh-gia/phieu.pdf"))
        for said in ("Phiếu đánh giá", "Phiếu số", "rất tốt", "chưa hài lòng", "Không ghi tên", "trích"):
            assert said in text

    def test_there_is_none_of_what_was_not_made(self, office, page):
        for what in ("dau-vao/de.pdf", "dap-an.pdf", "danh-gia/phieu.pdf"):
            assert office.get(page + what).status_code == 404
