"""Tests in the hall: how two papers come out of one bank, and how a sheet gets in from a phone or from paper."""

import pytest
from wagtail.models import ModelLogEntry

from lib.refusals import Refusal
from quizzes.models import Question
from tests import cast
from workshops import actions, personal
from workshops.actions import Entry
from workshops.hall.dealing import forms_of, shared_out
from workshops.hall.items import Paper
from workshops.models import HallItem, HallTest, RegistrationState, TestSheet, Workshop
from workshops.reporting.facts import gather

from . import halls

pytestmark = pytest.mark.django_db


@pytest.fixture
def second(db):
    return cast.staff("organiser", cast.province(), "0987654322", "Người Kiểm")


@pytest.fixture
def pair(planned, organiser):
    return halls.papers(planned, organiser)


def letters(test, right=None):
    """All right, or `right` of them and the rest wrong."""
    paper = Paper(test)
    keys = [paper.right[item.number][0] for item in paper.items]
    count = len(keys) if right is None else right
    return "".join(key if at < count else _other(key) for at, key in enumerate(keys))


def _other(letter):
    return "B" if letter == "A" else "A"


def answers(test, right=None):
    return {str(at): letter for at, letter in enumerate(letters(test, right), 1)}


class TestMaking:
    def test_the_two_papers_share_no_question_and_are_equally_hard(self, pair):
        before, after = ([item.version.question for item in test.items.all()] for test in pair)
        assert len(before) == len(after) == 5
        assert not {one.pk for one in before} & {one.pk for one in after}
        assert sorted(one.difficulty for one in before) == sorted(one.difficulty for one in after)

    def test_what_the_authors_dealt_stays_on_its_side(self, planned, organiser):
        bank = halls.bank()
        on_a = Question.objects.filter(bank=bank, key__in=["s0", "s1", "s2", "s3", "t0", "t1"])
        on_a.update(form="A")
        Question.objects.filter(bank=bank, form="").update(form="B")
        before, after = halls.papers(planned, organiser, made_from=bank)
        assert {item.version.question.form for item in before.items.all()} == {"A"}
        assert {item.version.question.form for item in after.items.all()} == {"B"}

    def test_only_what_fits_paper_and_was_reviewed_is_asked(self, planned, organiser):
        bank = halls.bank(single=2, truefalse=0)
        cast.question(bank, "nhap", status="draft")
        cast.question(bank, "nhieu", kind="multiple")
        cast.question(bank, "hinh", stem="Đây là gì? ![nhãn](anh:1)")
        cast.question(bank, "nam", data={"choices": [{"id": x, "text": x, "right": x == "a"} for x in "abcde"]})
        cast.question(bank, "khmer", language="km")
        assert sum(map(len, [*forms_of(bank).before.values(), *forms_of(bank).after.values()])) == 2

    def test_too_few_questions_are_refused_with_how_many_there_are(self, planned, organiser):
        with pytest.raises(Refusal, match="nhiều nhất 6 câu"):
            halls.papers(planned, organiser, questions=7)
        assert not HallTest.objects.exists()

    def test_it_is_made_anew_until_it_was_opened(self, planned, organiser, pair):
        again = halls.papers(planned, organiser, questions=3, made_from=pair[0].items.first().version.question.bank)
        assert HallTest.objects.count() == 2
        assert HallItem.objects.count() == 6
        halls.opened(again[0], organiser)
        with pytest.raises(Refusal, match="không lập lại"):
            halls.papers(planned, organiser, made_from=again[0].items.first().version.question.bank)

    def test_the_quiz_must_be_of_the_course(self, planned, organiser):
        quiz = cast.quiz(cast.course_page("Khác", "khac"))
        with pytest.raises(Refusal, match="không thuộc khóa học"):
            halls.papers(planned, organiser, activity=quiz.activity)

    def test_in_ones_own_places_only(self, planned):
        with pytest.raises(Refusal, match="ngoài địa bàn"):
            halls.papers(planned, cast.staff("organiser", cast.province("Lào Cai")))

    @pytest.mark.parametrize("count", range(1, 10))
    def test_difficulties_are_shared_out_and_add_up(self, count):
        pairs = {1: 5, 2: 1, 3: 3}
        shares = shared_out(pairs, count)
        assert sum(shares.values()) == count
        assert all(shares[level] <= pairs[level] for level in pairs)


class TestFromPhones:
    def test_a_sheet_is_graded_by_the_kinds_and_kept_once(self, planned, organiser, pair):
        test, out = halls.opened(pair[0], organiser), halls.delegate(planned)
        first = actions.hand_in(test=test, registration=out, answers=answers(test, 3), at=cast.NOW)
        assert (first.right, first.questions, first.badge, first.registration) == (3, 5, 1, out)
        assert actions.hand_in(test=test, registration=out, answers=answers(test, 3), at=cast.NOW) == first
        with pytest.raises(Refusal, match="Bài nộp đầu được giữ"):
            actions.hand_in(test=test, registration=out, answers=answers(test), at=cast.NOW)
        assert TestSheet.objects.get().right == 3

    def test_what_is_not_on_offer_is_no_answer(self, planned, organiser, pair):
        test = halls.opened(pair[0], organiser)
        odd = {"1": "Z", "2": "AB", "3": "", "99": "A", "x": "A"}
        sheet = actions.hand_in(test=test, registration=halls.delegate(planned), answers=odd, at=cast.NOW)
        assert (sheet.answers, sheet.right) == ({}, 0)

    def test_not_before_it_is_open_nor_after_it_was_closed(self, planned, organiser, pair):
        out = halls.delegate(planned)
        with pytest.raises(Refusal, match="chưa mở"):
            actions.hand_in(test=pair[0], registration=out, answers={}, at=cast.NOW)
        test = halls.opened(pair[0], organiser)
        actions.close_test(test=test, by=organiser, at=cast.NOW)
        with pytest.raises(Refusal, match="đã đóng"):
            actions.hand_in(test=test, registration=out, answers={}, at=cast.NOW)
        halls.opened(test, organiser)
        assert actions.hand_in(test=test, registration=out, answers={}, at=cast.NOW)

    def test_only_of_somebody_with_a_seat(self, planned, organiser, pair):
        test, out = halls.opened(pair[0], organiser), halls.delegate(planned)
        for state, said in ((RegistrationState.CANCELLED, "đã hủy"), (RegistrationState.REPLACED, "đi thay")):
            out.state = state
            with pytest.raises(Refusal, match=said):
                actions.hand_in(test=test, registration=out, answers={}, at=cast.NOW)

    def test_an_anonymous_sheet_knows_its_badge_alone(self, planned, organiser):
        test = halls.opened(halls.papers(planned, organiser, is_anonymous=True)[0], organiser)
        sheet = actions.hand_in(test=test, registration=halls.delegate(planned), answers={}, at=cast.NOW)
        assert (sheet.badge, sheet.registration) == (1, None)
        assert personal.violations() == []


class TestFromPaper:
    def write(self, test, by, badge=1, typed=None, **more):
        return actions.write_sheet(
            test=test, badge=badge, letters=typed or letters(test, 2), by=by, at=cast.NOW, **more
        )

    def test_letters_however_they_are_typed(self, planned, organiser, pair):
        halls.delegate(planned)
        paper = Paper(pair[0])
        digits = "".join(str("ABCD".index(letter) + 1) for letter in letters(pair[0]))
        assert paper.read(f" {digits.lower()} ") == answers(pair[0])
        assert "1" not in paper.read("-" + letters(pair[0])[1:])
        done = self.write(pair[0], organiser, typed=letters(pair[0]).lower())
        assert (done.entry, done.sheet.right, done.sheet.source) == (Entry.WRITTEN, 5, "paper")

    @pytest.mark.parametrize(
        ("typed", "said"), [("ABC", "Cần 5 chữ, đang có 3"), ("ABCDABC", "đang có 7"), ("ZAAAA", "Câu 1: “Z”")]
    )
    def test_what_is_wrong_is_said(self, planned, organiser, pair, typed, said):
        halls.delegate(planned)
        with pytest.raises(Refusal, match=said):
            self.write(pair[0], organiser, typed=typed)

    def test_unknown_badges_and_those_of_phones_are_refused(self, planned, organiser, pair):
        test, out = halls.opened(pair[0], organiser), halls.delegate(planned)
        with pytest.raises(Refusal, match="Không có số thẻ 77"):
            self.write(test, organiser, badge=77)
        actions.hand_in(test=test, registration=out, answers=answers(test), at=cast.NOW)
        with pytest.raises(Refusal, match="đã nộp trên điện thoại"):
            self.write(test, organiser)
        assert TestSheet.objects.get().right == 5

    def test_after_it_was_closed_and_never_opened_paper_is_typed_all_the_same(self, planned, organiser, pair):
        halls.delegate(planned)
        assert self.write(pair[1], organiser).entry == Entry.WRITTEN
        test = halls.opened(pair[0], organiser)
        actions.close_test(test=test, by=organiser, at=cast.NOW)
        assert self.write(test, organiser).entry == Entry.WRITTEN

    def test_it_is_typed_the_next_day_too_when_the_workshop_is_closed(self, planned, organiser, pair):
        halls.delegate(planned)
        Workshop.objects.update(closed_at=cast.NOW)
        assert self.write(pair[0], organiser).entry == Entry.WRITTEN

    def test_a_workshop_that_was_cancelled_takes_nothing_more(self, planned, organiser, pair):
        halls.delegate(planned)
        Workshop.objects.update(cancelled_at=cast.NOW)
        with pytest.raises(Refusal, match="đã hủy"):
            self.write(pair[0], organiser)

    def test_whoever_typed_it_corrects_it_and_that_is_logged(self, planned, organiser, pair):
        halls.delegate(planned)
        self.write(pair[0], organiser)
        assert self.write(pair[0], organiser).entry == Entry.SAME
        assert self.write(pair[0], organiser, typed=letters(pair[0])).entry == Entry.CORRECTED
        assert TestSheet.objects.get().right == 5
        said = ModelLogEntry.objects.get(action="workshops.sheet_corrected").data
        assert (said["badge"], said["before"], said["after"]) == (1, letters(pair[0], 2), letters(pair[0]))

    def test_a_second_colleague_checks_and_changes_nothing_unasked(self, planned, organiser, second, pair):
        halls.delegate(planned)
        self.write(pair[0], organiser)
        differing = self.write(pair[0], second, typed=letters(pair[0], 3))
        assert differing.entry == Entry.DIFFERS
        assert [at for at, _kept, _typed in differing.differences] == ["3"]
        assert TestSheet.objects.get().right == 2
        assert self.write(pair[0], second).entry == Entry.CHECKED
        assert TestSheet.objects.get().checked_by == second
        assert self.write(pair[0], second, typed=letters(pair[0], 3), is_sure=True).entry == Entry.CORRECTED
        assert TestSheet.objects.get().right == 3

    def test_sheets_before_and_after_are_joined_by_the_badge(self, planned, organiser):
        before, after = halls.papers(planned, organiser, is_anonymous=True)
        halls.delegate(planned), halls.delegate(planned, "Lê Văn Bé")
        self.write(before, organiser), self.write(after, organiser), self.write(before, organiser, badge=2)
        found = gather(planned)
        assert (found.sheets, found.pairs) == ({"before": 2, "after": 1}, 1)


class TestWhatIsAlwaysTrue:
    def test_a_sheet_of_another_badge_is_told(self, planned, organiser, pair):
        halls.delegate(planned)
        actions.write_sheet(test=pair[0], badge=1, letters=letters(pair[0]), by=organiser, at=cast.NOW)
        assert personal.violations() == []
        TestSheet.objects.update(badge=9)
        assert "another badge" in personal.violations()[0]
        TestSheet.objects.update(badge=1, registration=None)
        assert "nobody where it does" in personal.violations()[0]

    def test_what_was_answered_goes_along_and_goes(self, planned, organiser, pair):
        out = halls.delegate(planned)
        actions.write_sheet(test=pair[0], badge=1, letters=letters(pair[0]), by=organiser, at=cast.NOW)
        records = personal.REGISTRATIONS
        assert records.export(out.person_id)[0]["tests"][0]["right"] == 5
        records.erase(out.person_id)
        assert (TestSheet.objects.get().answers, TestSheet.objects.get().right) == ({}, 5)
