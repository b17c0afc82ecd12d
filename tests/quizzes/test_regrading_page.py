"""Regrading on its page and at the command line."""

import json

import pytest
from django.core.management import CommandError, call_command

from quizzes.models import Item, Quiz
from tests import cast

from .test_item_analysis import take
from .test_regrading import WHY, first, outcome, rekey, two_are_needed

pytestmark = pytest.mark.django_db


@pytest.fixture
def quiz(quiz: Quiz) -> Quiz:
    return two_are_needed()


class TestPage:
    @pytest.fixture
    def address(self, quiz) -> str:
        return f"/quan-tri/bai-kiem-tra/{quiz.pk}/cham-lai/"

    @pytest.fixture
    def editor(self, quiz):
        return cast.client_of(cast.staff("editor", phone="0987654329"))

    def choice(self, how="") -> dict[str, str]:
        return {f"q{first().pk}": how or f"key{first().versions.first().pk}"}

    def test_looking_writes_nothing_and_says_from_which_score_to_which(self, quiz, editor, address):
        attempt = take(quiz, "bab")
        rekey("b")
        page = editor.get(address).text
        assert "1 bài đang tính khác với đáp án mới nhất" in page
        assert "<td>1/3</td><td>2/3</td>" in page
        assert "nay đạt" in page
        assert "Người 0" not in page  # editors do not see records
        assert outcome(attempt) == (1, 3, False)

    def test_who_may_see_records_reads_whose_they_are(self, quiz, address):
        take(quiz, "bab")
        rekey("b")
        assert "Người 0" in cast.client_of(cast.staff("administrator")).get(address).text

    def test_another_choice_is_looked_at_by_address(self, quiz, editor, address):
        take(quiz, "bab")
        page = editor.get(address, self.choice("nothing") | {"look": "1"}).text
        assert "<td>1/3</td><td>1/2</td>" in page
        assert f'<input type="hidden" name="q{first().pk}" value="nothing">' in page

    def test_one_click_does_it(self, quiz, editor, address):
        attempt = take(quiz, "bab")
        rekey("b")
        assert "csrfmiddlewaretoken" in editor.get(address).text
        said = editor.post(address, self.choice() | {"reason": WHY}, follow=True).text
        assert "Đã chấm lại 1 bài; 1 bài nay đạt" in said
        assert outcome(attempt) == (2, 3, True)

    def test_without_a_reason_it_is_refused_and_the_choice_is_kept(self, quiz, editor, address):
        take(quiz, "bab")
        rekey("b")
        said = editor.post(address, self.choice() | {"reason": ""})
        assert said.status_code == 422
        assert "chưa có lý do" in said.text
        assert "<td>1/3</td><td>2/3</td>" in said.text

    def test_an_older_key_in_the_form_is_told_and_nothing_is_written(self, quiz, editor, address):
        attempt = take(quiz, "bab")
        rekey("b")
        seen = self.choice() | {"reason": WHY}
        rekey("c")
        assert editor.post(address, seen).status_code == 422
        assert outcome(attempt) == (1, 3, False)

    def test_from_a_question_it_is_about_that_question_alone(self, quiz, editor, address):
        take(quiz, "bab")
        rekey("b")
        assert f"{address}?question={first().pk}" in editor.get(f"/quan-tri/question/inspect/{first().pk}/").text
        page = editor.get(address, {"question": first().pk}).text
        assert page.count("<select") == 1
        assert "<td>1/3</td><td>2/3</td>" in page

    def test_a_quiz_that_nobody_took_has_nothing_to_regrade(self, editor, address):
        assert "chưa có gì để chấm lại" in editor.get(address).text

    def test_who_sees_records_and_does_not_write_questions_is_kept_out(self, quiz, address):
        take(quiz, "bab")
        manager = cast.client_of(cast.staff("manager", cast.province()))
        assert manager.post(address, self.choice("full") | {"reason": WHY}).status_code in (302, 403)
        assert Item.objects.exclude(counts="").count() == 0


class TestCommand:
    def run(self, capsys, quiz, *options) -> dict:
        call_command("regrade_quiz", str(quiz.pk), "--json", *options)
        return json.loads(capsys.readouterr().out)

    def test_a_dry_run_says_what_would_come_of_it_and_writes_nothing(self, quiz, capsys):
        attempt = take(quiz, "bab")
        rekey("b")
        said = self.run(capsys, quiz, "--dry-run")
        assert (said["written"], said["regraded"], said["up"], said["passing"]) == (False, 1, 1, 1)
        assert said["first"][0]["after"] == "2.00000"
        assert outcome(attempt) == (1, 3, False)

    def test_it_regrades_all_however_many_go_at_a_time(self, quiz, capsys, monkeypatch):
        monkeypatch.setattr("quizzes.actions.regrading.MOST_REGRADED", 1)
        for _again in range(2):
            take(quiz, "bab")
        rekey("b")
        assert self.run(capsys, quiz, "--reason", WHY)["done"] == 2
        assert self.run(capsys, quiz, "--reason", WHY)["done"] == 0

    def test_questions_are_named_by_their_keys(self, quiz, capsys):
        attempt = take(quiz, "bab")
        self.run(capsys, quiz, "--reason", WHY, "--full", first().key)
        assert outcome(attempt) == (2, 3, True)

    def test_without_any_question_it_says_that_one_is_to_be_named(self, quiz, capsys):
        take(quiz, "bab")
        call_command("regrade_quiz", str(quiz.pk), "--dry-run")
        said = capsys.readouterr().out
        assert "hãy nêu câu" in said
        assert "name a question" in said

    def test_a_question_that_was_never_asked_is_named_in_both_languages(self, quiz):
        said = "chưa từng hỏi: khong-co. / never asked in this quiz: khong-co"
        with pytest.raises(CommandError, match=said):
            call_command("regrade_quiz", str(quiz.pk), "--full", "khong-co", "--dry-run")

    @pytest.mark.parametrize("options", [("--full", "khong-co", "--reason", WHY), ("--reason", "")])
    def test_what_cannot_be_done_is_refused(self, quiz, options):
        take(quiz, "bab")
        rekey("b")
        with pytest.raises(CommandError):
            call_command("regrade_quiz", str(quiz.pk), *options)
