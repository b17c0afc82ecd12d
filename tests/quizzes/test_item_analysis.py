"""Item statistics against the definitions, computed the long way on attempts of known answers."""

import json
import random
from datetime import timedelta
from decimal import Decimal
from statistics import correlation, covariance, mean, stdev, variance

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from courses import actions as course_actions
from courses.models import Cohort, Enrolment
from quizzes import actions, analysis, regrading
from quizzes.analysis import Selection, measures
from quizzes.analysis.advice import advise
from quizzes.analysis.responses import Response
from quizzes.models import Attempt, Item, QuestionBank, Quiz
from tests import cast

pytestmark = pytest.mark.django_db


def take(quiz: Quiz, answers: str, at=cast.NOW, enrolment: Enrolment | None = None) -> Attempt:
    """One attempt by a new person; "a" is right everywhere, "-" is no answer."""
    enrolment = enrolment or cast.enrolment(cast.person(f"Người {Enrolment.objects.count()}"), quiz.activity.course)
    attempt = actions.start_attempt(enrolment=enrolment, quiz=quiz, language="vi", at=at)
    for item, answer in zip(attempt.items.order_by("version__question__key"), answers, strict=True):
        if answer != "-":
            actions.save_answer(item=item, answer=answer, revision=0, at=at)
    return actions.submit_attempt(attempt=attempt, at=at)


def gathered(quiz: Quiz) -> Cohort:
    """Whoever is enrolled until now."""
    officer = cast.staff("manager", None, "0987654341")
    cohort = cast.cohort(quiz.activity.course, officer)
    course_actions.join_cohort(cohort=cohort, enrolments=Enrolment.objects.all(), by=officer, at=cast.NOW)
    return cohort


def sums(pairs: list[tuple[float, float]], marks: float = 1) -> measures.Sums:
    x, t = zip(*pairs, strict=True)
    squares = [sum(a * b for a, b in zip(p, q, strict=True)) for p, q in ((x, x), (t, t), (x, t))]
    return measures.Sums(len(pairs), marks, sum(x), squares[0], sum(t), squares[1], squares[2])


_dice = random.Random(3)  # noqa: S311 (only has to be the same each time)
SCORES = [[_dice.choice([0, 0.5, 1, 2]) for _question in range(4)] for _person in range(60)]
TOTALS = [sum(row) for row in SCORES]


class TestMeasures:
    def question(self, n: int) -> list[float]:
        return [row[n] for row in SCORES]

    def sums(self, n: int) -> measures.Sums:
        return sums(list(zip(self.question(n), TOTALS, strict=True)), marks=2)

    @pytest.mark.parametrize("n", range(4))
    def test_each_is_what_its_definition_says(self, n):
        x, rest = self.question(n), [t - one for t, one in zip(TOTALS, self.question(n), strict=True)]
        found = self.sums(n)
        assert found.facility == pytest.approx(100 * mean(x) / 2)
        assert found.deviation == pytest.approx(100 * stdev(x) / 2)
        assert found.discrimination == pytest.approx(100 * correlation(x, rest))

    def test_effective_weights_are_shares_of_the_roots_of_the_covariances(self):
        roots = [covariance(self.question(n), TOTALS) ** 0.5 for n in range(4)]
        expected = [100 * root / sum(roots) for root in roots]
        assert measures.effective_weights([self.sums(n) for n in range(4)]) == pytest.approx(expected)

    def test_a_question_that_works_against_the_whole_has_no_weight(self):
        against = sums([(1, 0), (0, 5), (1, 1), (0, 4)])
        assert measures.effective_weights([against, self.sums(0)]) == [None, pytest.approx(100)]

    def test_alpha_and_standard_error(self):
        whole = sums([(t, 0) for t in TOTALS], marks=8)
        found = measures.reliability([self.sums(n) for n in range(4)], whole, 8)
        alpha = 4 / 3 * (1 - sum(variance(self.question(n)) for n in range(4)) / variance(TOTALS))
        assert found.alpha == pytest.approx(100 * alpha)
        assert found.standard_error == pytest.approx(100 * (1 - alpha) ** 0.5 * stdev(TOTALS) / 8)

    @pytest.mark.parametrize("few", [[], [(1, 3)], [(1, 1), (1, 1)]])
    def test_what_cannot_be_told_is_not_told(self, few):
        found = sums(few) if few else measures.Sums()
        assert found.discrimination is None
        assert measures.reliability([found, found], found, 3) is None


def test_figures_of_a_quiz_are_those_of_its_attempts(quiz):
    for answers in ("aaa", "aab", "ab-", "bbb"):
        take(quiz, answers)
    report = analysis.of_quiz(quiz, Selection())
    by_key = {line.version.question.key: line for line in report.lines}
    first, second, third = (by_key[key] for key in sorted(by_key))
    assert [line.sums.facility for line in (first, second, third)] == [75, 50, 25]
    assert (report.totals.n, report.totals.facility) == (4, 50)
    assert first.sums.discrimination == pytest.approx(100 * correlation([1, 1, 1, 0], [2, 1, 0, 0]))
    assert [(row.words, row.is_right, row.n) for row in first.responses][:2] == [
        ("Kể thật", True, 3),
        ("Bịa cho hay", False, 1),
    ]
    assert [row.n for row in third.responses if row.words == ""] == [1]
    assert sum(place.weight for place in report.positions) == pytest.approx(100)


def test_a_question_of_other_marks_counts_by_its_share(quiz):
    for answers in ("aaa", "abb", "bbb"):
        take(quiz, answers)
    question = Item.objects.order_by("version__question__key").first().version.question
    before = analysis.of_question(question, Selection()).lines[0].sums
    Item.objects.filter(version__question=question).update(marks=Decimal(1))
    assert (before.facility, before.n) == (pytest.approx(200 / 3), 3)


def test_only_first_attempts_count_unless_all_are_asked_for(quiz):
    first = take(quiz, "bbb")
    take(quiz, "aaa", enrolment=first.enrolment)
    assert analysis.of_quiz(quiz, Selection()).totals.facility == 0
    assert analysis.of_quiz(quiz, Selection(only_first=False)).totals.facility == 50


def test_it_costs_the_same_queries_with_many_attempts(quiz, django_assert_max_num_queries):
    for answers in ("aaa", "bbb", "aba", "abb"):
        take(quiz, answers)
    with django_assert_max_num_queries(8):
        analysis.of_quiz(quiz, Selection())


RIGHT, LURE, IDLE = (
    Response("Kể thật", True, 30, 25, 5),
    Response("Bịa cho hay", False, 30, 5, 25),
    Response("Chép", False, 0, 0, 0),
)
OPPOSED = sums([(0, 3), (1, 1)] * 30)
AGREEING = sums([(0, 0), (1, 4), (0, 1), (1, 3)] * 15)


class TestAdvice:
    def test_a_wrong_answer_that_most_of_the_strong_give_comes_first_and_is_urgent(self):
        first, *rest = advise(OPPOSED, [RIGHT, LURE, IDLE], strong=30)
        assert (first.words, first.is_urgent) == (
            "Phần lớn người làm bài tốt trả lời “Bịa cho hay”, khác với đáp án: hãy xem lại đáp án và câu chữ.",
            True,
        )
        assert [one.words for one in rest] == ["Không ai chọn “Chép”: hãy thay bằng phương án dễ nhầm hơn."]

    def test_of_several_parts_a_wrong_one_that_most_of_the_strong_tick_is_urgent_too(self):
        """They tick others beside it: it is their number that counts, and not that of the ticks."""
        ticked = [Response("Có thật", True, 30, 0, 28), Response("Có riêng", True, 30, 0, 28), LURE]
        assert [one.is_urgent for one in advise(OPPOSED, ticked, strong=30)] == [True]
        assert not any(one.is_urgent for one in advise(AGREEING, ticked, strong=60))

    def test_a_question_that_the_strong_miss_is_urgent_whatever_they_answer(self):
        assert [one.is_urgent for one in advise(OPPOSED, [], strong=30)] == [True]

    def test_a_question_that_tells_people_apart_needs_nothing(self):
        assert advise(AGREEING, [RIGHT], strong=30) == []

    @pytest.mark.parametrize(
        ("pairs", "words"), [([(1, 2)] * 40, "Gần như ai cũng làm đúng"), ([(0, 1)] * 40, "Rất ít người làm đúng")]
    )
    def test_too_easy_and_too_hard_are_said(self, pairs, words):
        (said,) = advise(sums(pairs), [], strong=30)
        assert said.words.startswith(words)

    def test_a_few_answers_or_a_little_disagreement_are_chance(self):
        assert advise(sums([(0, 3), (1, 1)] * 10), [LURE], strong=30) == []
        little = [(1, 3), (1, 2), (1, 4), (1, 3), (1, 3), (0, 2), (0, 2), (0, 3), (0, 2), (0, 2)] * 3
        assert sums(little).discrimination < 0
        assert advise(sums(little), [], strong=30) == []


class TestPage:
    def test_an_editor_reads_how_the_questions_of_a_quiz_did(self, quiz):
        take(quiz, "aab")
        client = cast.client_of(cast.staff("editor"))
        page = client.get(f"/quan-tri/bai-kiem-tra/{quiz.pk}/phan-tich/").text
        assert "Bịa cho hay" in page
        assert "Người 0" not in page
        assert "Mới có ít lượt làm" in page
        question = Item.objects.first().version.question
        assert "Phiên bản 1" in client.get(f"/quan-tri/cau-hoi/{question.pk}/phan-tich/").text

    def test_days_and_places_choose(self, quiz):
        take(quiz, "aab")
        client, address = cast.client_of(cast.staff("editor")), f"/quan-tri/bai-kiem-tra/{quiz.pk}/phan-tich/"
        day = f"{cast.NOW:%d/%m/%Y}"
        assert "Bịa cho hay" in client.get(address, {"since": day, "until": day, "place": cast.province().pk}).text
        none = "Chưa có lượt làm nào đã nộp khớp với lựa chọn này."
        assert none in client.get(address, {"place": cast.province("Lào Cai").pk}).text
        assert none in client.get(address, {"since": f"{cast.NOW + timedelta(days=1):%d/%m/%Y}"}).text

    def test_a_cohort_chooses(self, quiz):
        take(quiz, "aab")
        client, address = cast.client_of(cast.staff("editor")), f"/quan-tri/bai-kiem-tra/{quiz.pk}/phan-tich/"
        assert 'name="cohort"' not in client.get(address).text, "there is none"
        cohort = gathered(quiz)
        take(quiz, "bbb")
        assert "Nhóm chiều" in client.get(address).text
        assert "<dd>1</dd>" in client.get(address, {"cohort": cohort.pk}).text
        assert "<dd>2</dd>" in client.get(address).text
        elsewhere = cast.cohort(cast.course(slug="khac", title="Khác"), cast.staff("manager", None, "0987654340"))
        assert "error-message" in client.get(address, {"cohort": elsewhere.pk}).text

    def test_a_cohort_chooses_among_the_answers_to_a_question_too(self, quiz):
        take(quiz, "aab")
        client, question = cast.client_of(cast.staff("editor")), Item.objects.first().version.question_id
        address = f"/quan-tri/cau-hoi/{question}/phan-tich/"
        assert 'name="cohort"' not in client.get(address).text, "there is none"
        cohort = gathered(quiz)
        take(quiz, "bbb")
        assert "<dd>1</dd>" in client.get(address, {"cohort": cohort.pk}).text
        assert "<dd>2</dd>" in client.get(address).text
        elsewhere = cast.cohort(cast.course(slug="khac", title="Khác"), cast.staff("manager", None, "0987654340"))
        assert "error-message" in client.get(address, {"cohort": elsewhere.pk}).text

    def test_an_officer_reads_the_answers_of_the_own_places_whatever_the_address_asks_for(self, quiz):
        take(quiz, "aab")
        here = cast.client_of(cast.staff("manager", cast.province(), "0987654342"))
        there = cast.client_of(cast.staff("organiser", cast.province("Lào Cai"), "0987654343"))
        address = f"/quan-tri/bai-kiem-tra/{quiz.pk}/phan-tich/"
        assert "<dd>1</dd>" in here.get(address).text
        for asked in ({}, {"place": cast.province().pk}, {"place": "", "attempts": "all"}):
            assert "Chưa có lượt làm nào" in there.get(address, asked).text
        assert 'name="place"' not in here.get(address).text

    def test_an_officer_who_learns_here_or_whose_quiz_hides_it_reads_no_key(self, quiz):
        take(quiz, "aab")
        officer = cast.staff("manager", None, "0987654344")
        address, client = f"/quan-tri/bai-kiem-tra/{quiz.pk}/phan-tich/", cast.client_of(officer)
        assert "✓" in client.get(address).text
        Quiz.objects.update(shown_after=["score"])
        assert "✓" not in client.get(address).text
        assert "✓" in cast.client_of(cast.staff("editor")).get(address).text
        Quiz.objects.update(shown_after=["score", "answers"])
        officer.person = cast.person("Cán bộ cũng học")
        officer.save()
        cast.enrolment(officer.person, quiz.activity.course)
        page = cast.client_of(User.objects.get(pk=officer.pk)).get(address).text
        assert "✓" not in page
        assert "anh/chị cũng học khóa này" in page

    def test_an_officer_comes_to_it_from_the_menu_and_from_a_cohort(self, quiz):
        take(quiz, "aab")
        cohort = gathered(quiz)
        client = cast.client_of(User.objects.get(phone="+84987654341"))
        listed = "/quan-tri/phan-tich/"
        assert listed in client.get("/quan-tri/").text
        assert f"{listed}?cohort={cohort.pk}" in client.get(f"/quan-tri/cohort/inspect/{cohort.pk}/").text
        one = f"/quan-tri/bai-kiem-tra/{quiz.pk}/phan-tich/?cohort={cohort.pk}"
        assert one in client.get(listed, {"cohort": cohort.pk}).text
        assert "<dd>1</dd>" in client.get(one).text

    @pytest.mark.parametrize("days", [{"until": "31/12/9999"}, {"since": "01/01/0001"}, {"since": "31/12/9999"}])
    def test_any_day_of_the_calendar_is_answered_and_its_ends_are_no_limit(self, quiz, days):
        take(quiz, "aab")
        client = cast.client_of(cast.staff("editor"))
        for address in (f"bai-kiem-tra/{quiz.pk}", f"cau-hoi/{Item.objects.first().version.question_id}"):
            answer = client.get(f"/quan-tri/{address}/phan-tich/", days)
            assert answer.status_code == 200
            assert ("Chưa có lượt làm nào" in answer.text) == (days == {"since": "31/12/9999"})

    def test_its_days_have_the_calendar_that_all_days_of_the_admin_have(self, quiz):
        take(quiz, "aab")
        client, version = cast.client_of(cast.staff("editor")), Item.objects.first().version
        for address in (f"bai-kiem-tra/{quiz.pk}/phan-tich/", f"cau-hoi/{version.question_id}/phan-tich/"):
            page = client.get(f"/quan-tri/{address}").text
            assert page.index("wagtailadmin/js/date-time-chooser.js") < page.rindex("</body>")

    def test_what_cannot_be_read_is_said_and_left_out(self, quiz):
        take(quiz, "aab")
        client, address = cast.client_of(cast.staff("editor")), f"/quan-tri/bai-kiem-tra/{quiz.pk}/phan-tich/"
        page = client.get(address, {"since": "31/02/2026", "place": "x", "attempts": "y"}).text
        assert page.count("error-message") == 3
        assert "Bịa cho hay" in page
        turned = client.get(address, {"since": "02/02/2026", "until": "01/02/2026"})
        assert "Ngày cuối đang đứng trước ngày đầu." in turned.text

    def test_nobody_else_reads_it(self, quiz):
        for user in (cast.staff("author", cast.province()), cast.trainee()):
            assert cast.client_of(user).get(f"/quan-tri/bai-kiem-tra/{quiz.pk}/phan-tich/").status_code in (
                302,
                403,
                404,
            )


def test_the_heads_of_an_answer_of_several_parts_count_attempts(quiz):
    data = {"choices": [{"id": key, "text": key.upper(), "right": key != "c", "feedback": ""} for key in "abc"]}
    several = cast.question(QuestionBank.objects.get(), "z", kind="multiple", data=data)
    slots = [actions.SlotSpec(question=several)]
    actions.configure_quiz(activity=quiz.activity, pass_percent=50, attempts_allowed=3, slots=slots, at=cast.NOW)
    for answer in (["a", "b"], ["a", "b"], ["a", "b"], ["c"], ["c"], ["a"]):
        enrolment = cast.enrolment(cast.person(f"Người {Enrolment.objects.count()}"), quiz.activity.course)
        attempt = actions.start_attempt(enrolment=enrolment, quiz=quiz, language="vi", at=cast.NOW)
        actions.save_answer(item=attempt.items.get(), answer=answer, revision=0, at=cast.NOW)
        actions.submit_attempt(attempt=attempt, at=cast.NOW)
    (line,) = analysis.of_quiz(quiz, Selection()).lines
    assert (line.upper, line.lower) == (3, 3)
    assert {row.words: (row.upper, row.lower) for row in line.responses} == {"A": (3, 1), "B": (3, 0), "C": (0, 2)}


def test_after_a_regrade_the_figures_are_those_of_the_new_key(quiz):
    for answers in ("aaa", "baa", "bab"):
        take(quiz, answers)
    key = Item.objects.order_by("version__question__key").first().version.question.key
    choices = [choice | {"right": choice["id"] == "b"} for choice in cast.CHOICES]
    question = cast.question(QuestionBank.objects.get(), key, data={"choices": choices})
    decisions = regrading.by_newest_keys(one for one in regrading.asked(quiz) if one.outdated)
    actions.regrade(quiz=quiz, decisions=decisions, reason="Đáp án nhầm", by=None, at=cast.NOW)
    (line,) = analysis.of_question(question, Selection()).lines
    assert (line.version.number, line.sums.facility) == (2, pytest.approx(200 / 3))
    assert next((row.words, row.is_right, row.n) for row in line.responses) == ("Bịa cho hay", True, 2)


def test_a_question_that_no_key_decides_says_nothing(quiz):
    take(quiz, "aab")
    question = Item.objects.first().version.question
    decision = {question.pk: regrading.Decision("full")}
    actions.regrade(quiz=quiz, decisions=decision, reason="Câu mơ hồ", by=None, at=cast.NOW)
    assert len(analysis.of_quiz(quiz, Selection()).lines) == 2


class TestCommand:
    def run(self, capsys, quiz, *options) -> dict:
        call_command("analyse_quiz", str(quiz.pk), "--json", *options)
        return json.loads(capsys.readouterr().out)

    def test_it_says_what_the_page_says(self, quiz, capsys):
        for answers in ("aaa", "aab", "abb"):
            take(quiz, answers)
        said = self.run(capsys, quiz)
        assert (said["attempts"], said["mean_percent"]) == (3, pytest.approx(200 / 3))
        first = min(said["questions"], key=lambda one: one["key"])
        assert (first["version"], first["answers"], first["facility"]) == (1, 3, 100)
        assert [first["responses"][0][name] for name in ("words", "is_right", "n")] == ["Kể thật", True, 3]
        assert "Người" not in str(said)

    def test_every_figure_has_its_name(self, quiz, capsys):
        for answers in ("aaa", "aab", "abb"):
            take(quiz, answers)
        call_command("analyse_quiz", str(quiz.pk))
        line = next(line for line in capsys.readouterr().out.splitlines() if " v1: " in line)
        assert "lượt trả lời/answers 3, điểm trung bình/facility 100 %, phân biệt/discrimination" in line

    def test_place_and_days_choose(self, quiz, capsys):
        take(quiz, "aab")
        camau, laocai = cast.province().code, cast.province("Lào Cai").code
        day = f"{cast.NOW:%Y-%m-%d}"
        assert self.run(capsys, quiz, "--place", camau, "--since", day, "--until", day)["attempts"] == 1
        assert self.run(capsys, quiz, "--place", laocai)["attempts"] == 0
        assert self.run(capsys, quiz, "--since", "2026-12-31")["attempts"] == 0

    def test_a_cohort_of_the_course_chooses(self, quiz, capsys):
        take(quiz, "aab")
        cohort = gathered(quiz)
        take(quiz, "bbb")
        assert self.run(capsys, quiz, "--cohort", str(cohort.pk))["attempts"] == 1
        elsewhere = cast.cohort(cast.course(slug="khac", title="Khác"), cast.staff("manager", None, "0987654340"))
        with pytest.raises(CommandError, match="none in the course of this quiz"):
            self.run(capsys, quiz, "--cohort", str(elsewhere.pk))

    @pytest.mark.parametrize("options", [("--place", "khong-co"), ("--since", "hôm qua")])
    def test_what_cannot_be_read_is_refused(self, quiz, options):
        with pytest.raises(CommandError):
            call_command("analyse_quiz", str(quiz.pk), *options)
