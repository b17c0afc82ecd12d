"""Sheets of feedback: asked in one tap, on a tablet that goes round, and typed in from paper."""

from unittest.mock import patch

import pytest
from django.core import signing

from lib.refusals import Refusal
from tests import cast
from workshops import actions, personal
from workshops.actions import Entry
from workshops.actions.parts import QuestionSpec
from workshops.hall.addresses import KIOSK_HOURS, KIOSK_SALT, kiosk
from workshops.hall.marks import Marks
from workshops.models import FeedbackSheet, FormQuestion, Registration

from . import halls
from .conftest import main

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(planned, organiser):
    actions.add_usual_questions(workshop=planned, by=organiser, at=cast.NOW)
    return list(planned.questions.filter(stage="feedback"))


class TestTheUsualQuestions:
    def test_are_added_once_and_behind_the_own_ones(self, planned, organiser):
        FormQuestion.objects.create(workshop=planned, stage="feedback", label="Ăn trưa?", kind="text", position=4)
        assert actions.add_usual_questions(workshop=planned, by=organiser, at=cast.NOW) == 8
        assert actions.add_usual_questions(workshop=planned, by=organiser, at=cast.NOW) == 0
        rows = list(planned.questions.filter(stage="feedback"))
        assert rows[0].label == "Ăn trưa?"
        assert [one.kind for one in rows[1:]] == ["faces", *["scale"] * 5, "text", "text"]

    def test_one_that_was_answered_is_retired_and_keeps_its_answers(self, planned, organiser, asked):
        halls.present(halls.delegate(planned))
        first, second = asked[:2]
        actions.write_feedback(
            workshop=planned, number=1, answers={str(first.pk): 3}, is_quotable=False, by=organiser, at=cast.NOW
        )
        specs = [QuestionSpec(pk=one.pk, gone=True, label="", kind="text", stage="feedback") for one in (first, second)]
        actions.change_part(workshop=planned, part="questions", by=organiser, at=cast.NOW, questions=specs)
        assert FormQuestion.objects.get(pk=first.pk).retired_at == cast.NOW
        assert not FormQuestion.objects.filter(pk=second.pk).exists()


class TestOnATablet:
    def test_a_sheet_goes_in_and_it_returns_to_its_beginning(self, planned, asked, anybody):
        one = halls.delegate(planned)
        halls.present(one)
        address = kiosk(planned)
        assert "Đã có 0 phiếu" in main(anybody.get(address))
        answer = anybody.post(address, {"badge": "1", f"q{asked[0].pk}": "1"})
        assert answer.url == f"{address}xong/"
        done = anybody.get(answer.url)
        assert "Đã có 1 phiếu" in main(done)
        assert f'data-back-to="{address}"' in done.text
        assert f'http-equiv="refresh" content="8; url={address}"' in done.text
        sheet = FeedbackSheet.objects.get()
        assert (sheet.source, sheet.answers) == ("tablet", {str(asked[0].pk): 1})
        assert personal.violations() == []

    def test_a_badge_gives_one_and_must_be_there(self, planned, asked, anybody):
        halls.delegate(planned)
        address, said = kiosk(planned), {"badge": "1", f"q{asked[0].pk}": "2"}
        assert "danh sách có mặt" in main(anybody.post(address, said))
        assert "Không có số thẻ này" in main(anybody.post(address, said | {"badge": "8"}))
        halls.present(Registration.objects.get())
        anybody.post(address, said)
        again = anybody.post(address, said)
        assert again.status_code == 422
        assert "Mỗi người một phiếu" in main(again)
        assert FeedbackSheet.objects.count() == 1

    def test_its_address_is_signed_for_one_workshop_and_ends(self, planned, asked, anybody):
        address = kiosk(planned)
        assert anybody.get(address.replace("may-chung/", "may-chung/x")).status_code == 404
        foreign = signing.dumps(planned.pk + 1, salt=KIOSK_SALT)
        assert anybody.get(f"/tap-huan/{planned.slug}/danh-gia/may-chung/{foreign}/").status_code == 404
        import time

        late = time.time() + KIOSK_HOURS * 3600 + 60
        with patch("django.core.signing.time.time", lambda: late):
            answer = anybody.post(address, {"badge": "1", f"q{asked[0].pk}": "2"})
        assert answer.status_code == 410
        assert "hết hạn" in main(answer)
        assert not FeedbackSheet.objects.exists()


class TestFromPaper:
    def write(self, workshop, by, number=1, marks="355-4K", **more):
        signs = Marks(list(workshop.questions.filter(stage="feedback"))).read({"marks": marks})
        return actions.write_feedback(
            workshop=workshop, number=number, answers=signs, is_quotable=False, by=by, at=cast.NOW, **more
        )

    @pytest.fixture
    def six(self, planned, organiser, asked):
        FormQuestion.objects.filter(pk=asked[5].pk).update(kind="yes-no")
        halls.present(halls.delegate(planned))
        return [one.pk for one in asked]

    def test_signs_are_answers_as_phones_give_them(self, planned, organiser, six):
        assert self.write(planned, organiser).entry == Entry.WRITTEN
        assert FeedbackSheet.objects.get().answers == dict(
            zip(map(str, [six[0], six[1], six[2], six[4], six[5]]), [3, 5, 5, 4, "no"], strict=True)
        )

    @pytest.mark.parametrize(
        ("marks", "said"),
        [("35", "Cần 6 dấu"), ("455555", "Câu 1: “4”"), ("365555", "Câu 2: “6”"), ("------", "chưa có câu")],
    )
    def test_what_is_wrong_is_said(self, planned, organiser, six, marks, said):
        with pytest.raises(Refusal, match=said):
            self.write(planned, organiser, marks=marks)

    def test_several_and_words(self, planned, asked):
        FormQuestion.objects.create(
            workshop=planned, stage="feedback", label="Chủ đề?", kind="choices", options="Bao bì\nNhãn", position=99
        )
        marks = Marks(list(planned.questions.filter(stage="feedback")))
        many, words = marks.questions[-1], marks.questions[-2]
        read = marks.read({f"q{many.pk}": "1, 2", f"q{words.pk}": " Nói  chậm "})
        assert read == {str(many.pk): ["Bao bì", "Nhãn"], str(words.pk): "Nói chậm"}
        with pytest.raises(Refusal, match="Câu 9: “7”"):
            marks.read({f"q{many.pk}": "7"})

    def test_no_more_sheets_than_people_were_there(self, planned, organiser, six):
        self.write(planned, organiser)
        with pytest.raises(Refusal, match="lớp có 1 người có mặt"):
            self.write(planned, organiser, number=2)
        halls.present(halls.delegate(planned, "Lê Văn Bé"))
        assert self.write(planned, organiser, number=2).entry == Entry.WRITTEN

    def test_typed_again_corrected_and_checked_by_a_second(self, planned, organiser, six):
        second = cast.staff("organiser", cast.province(), "0987654322", "Người Kiểm")
        self.write(planned, organiser)
        assert self.write(planned, organiser).entry == Entry.SAME
        assert self.write(planned, second).entry == Entry.CHECKED
        differing = self.write(planned, second, marks="155-4K")
        assert differing.entry == Entry.DIFFERS
        assert len(differing.differences) == 1
        assert FeedbackSheet.objects.get().answers[str(six[0])] == 3
        assert self.write(planned, organiser, marks="155-4K").entry == Entry.CORRECTED
        assert FeedbackSheet.objects.get().checked_by is None


def test_more_sheets_than_people_gave_are_told(planned, asked):
    one = halls.delegate(planned)
    halls.present(one)
    actions.give_feedback(
        registration=one, answers={str(asked[0].pk): 3}, is_quotable=False, at=cast.NOW, source="phone"
    )
    assert personal.violations() == []
    Registration.objects.update(gave_feedback=False)
    assert personal.violations() == [f"workshop {planned.pk}: 0 gave feedback, 1 sheets"]
