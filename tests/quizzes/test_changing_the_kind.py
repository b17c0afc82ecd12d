"""Another kind is chosen while a question is being written: what both ask for stays, and nothing is saved."""

import re

import pytest

from courses.models import LegalText
from quizzes.kinds import KINDS
from quizzes.models import Question
from tests import cast
from tests.quizzes.question_forms import ADD, choices, edit, typed

pytestmark = pytest.mark.once


def change(client, address, typed, to):
    page = client.post(address, typed | {"change_kind": "1", "to": to})
    assert page.status_code == 200
    assert not Question.objects.exclude(key="ke-1").exists()
    return page


def test_another_kind_keeps_what_was_typed_and_saves_nothing(editor, bank):
    page = change(editor, ADD, typed(bank, to_verify="on", key="ke-hay"), "multiple")
    form = page.context["form"]
    assert form.kind is KINDS["multiple"]
    assert not form.is_bound
    for words in ("Kể chuyện thế nào?", "Người mua tin lời thật.", "Kể thật", "Bịa cho hay", "Đúng rồi", "ke-hay"):
        assert words in page.text
    first = form.kind_form.rows[0]
    assert first["right"].value()
    assert form["to_verify"].value()
    assert str(form["bank"].value()) == str(bank.pk)
    assert 'data-w-unsaved-force-value="true"' in page.text


def test_a_kind_without_such_rows_keeps_the_words_around(editor, bank):
    page = change(editor, ADD, typed(bank), "gaps")
    assert "Người mua tin lời thật." in page.text
    assert "Bịa cho hay" not in page.text


def test_what_was_kept_is_saved_as_the_new_kind(editor, bank):
    change(editor, ADD, typed(bank), "multiple")
    kept = choices(ids=("", ""), **{"kind-credit": "all"})
    editor.post(ADD, typed(bank, "multiple", **kept))
    assert Question.objects.get().kind == "multiple"


def test_words_typed_over_a_saved_question_outlive_the_change_of_its_kind(editor, bank):
    question = cast.question(bank, "ke-1")
    page = change(editor, edit(question), typed(bank, stem="Viết lại lời hỏi"), "multiple")
    assert page.context["form"]["stem"].value() == "Viết lại lời hỏi"
    assert question.versions.count() == 1


def test_a_kind_that_nobody_knows_is_no_change(editor, bank):
    for address in (ADD, edit(cast.question(bank, "ke-1"))):
        assert change(editor, address, typed(bank), "nobody").context["form"].kind is KINDS["single"]


def boxes(page):
    form = page.context["form"]
    rows = [row["text"].value() for row in form.kind_form.rows if row["text"].value()]
    return form["to_verify"].value(), form["legal_texts"].value(), form.kind_form["shuffle"].value(), rows


@pytest.fixture
def saved(bank):
    """A question with all that can be taken away."""
    law = LegalText.objects.create(
        key="nd-1", kind="Nghị định", number="1", name="Nhãn", review_by=cast.NOW, checked_on=cast.NOW
    )
    return cast.question(bank, "ke-1", to_verify=True, legal_texts=[law])


def test_what_was_taken_away_from_a_saved_question_does_not_come_back_with_another_kind(editor, bank, saved):
    assert saved.legal_texts.exists()
    unticked = {name: value for name, value in typed(bank, **choices([])).items() if name != "kind-shuffle"}
    page = change(editor, edit(saved), unticked, "multiple")
    assert boxes(page) == (False, [], False, [])
    assert boxes(editor.get(edit(saved)))[0]


def test_a_row_that_is_to_be_dropped_does_not_come_back_with_another_kind(editor, bank, saved):
    rows = [(choice["text"], choice["right"], "") for choice in cast.CHOICES]
    dropped = typed(bank, **choices(rows, ids="abc", **{"kind-rows-1-DELETE": "on"}))
    page = change(editor, edit(saved), dropped, "multiple")
    assert boxes(page)[3] == [cast.CHOICES[0]["text"], cast.CHOICES[2]["text"]]


def test_a_box_that_the_kind_before_did_not_have_is_not_taken_for_unticked(editor, bank):
    page = change(editor, ADD, typed(bank, "truefalse", **{"kind-right": "true"}), "single")
    assert boxes(page)[2] is True


def test_who_comes_back_from_a_kind_without_rows_finds_those_that_are_stored(editor, bank, saved):
    page = change(editor, edit(saved), typed(bank, "gaps", **{"kind-written": "Một [chỗ]"}), "single")
    assert boxes(page)[3] == [choice["text"] for choice in cast.CHOICES]


def test_enter_saves_and_does_not_change_the_kind(editor, bank):
    """A browser presses the first button of the form that sends it, also one that nobody sees."""
    for address in (f"{ADD}?kind=single", edit(cast.question(bank, "ke-1"))):
        form = next(form for form in editor.get(address).text.split("<form")[1:] if 'name="kind"' in form)
        buttons = re.findall(
            r"<button\b[^>]*>|<input\b[^>]*\btype=\"(?:submit|image)\"[^>]*>", form.split("</form>")[0]
        )
        first, *others = [button for button in buttons if 'type="button"' not in button]
        assert "name=" not in first
        assert any('name="change_kind"' in button for button in others)


def test_a_kind_that_nobody_knows_is_not_found(editor, bank):
    question = cast.question(bank, "ke-1")
    assert editor.get(edit(question), {"kind": "zzz"}).status_code == 404
    assert editor.post(edit(question), typed(bank, kind="zzz")).status_code == 404
    assert editor.post(edit(question), typed(bank, kind="zzz") | {"change_kind": "1", "to": "y"}).status_code == 404
    assert "Câu hỏi mới" in editor.post(ADD, typed(bank, kind="zzz")).text
    assert question.versions.count() == 1
