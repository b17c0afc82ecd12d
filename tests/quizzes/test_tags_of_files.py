"""Tags come in with the questions of a file: added, never taken away, and what is new is said before anything is written."""

import json

import pytest
from django.core.management import call_command
from taggit.models import Tag

from quizzes import actions
from quizzes.models import Question, QuestionBank
from tests import cast

from .files import bring, moodle, plan, press, question, send
from .test_excel import book, row
from .test_qti import choice, correct, item, package, response

GIFT = "// [id:q1] [tag:Nhãn mác] [tag:an toàn]\nMuối? {T}"
TAGS = "<tags><tag><text>Nhãn mác</text></tag><tag><text>an toàn</text></tag></tags><answer fraction='100'><text>true</text></answer>"
TRUE = TAGS + "<answer fraction='0'><text>false</text></answer>"


def tags(**narrowed) -> list[str]:
    return sorted(Question.objects.get(**narrowed).tags.names())


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (GIFT, "a.gift"),
        ("// [id:q1] [tag:Nhãn mác, an toàn]\nMuối? {T}", "a.gift"),
        (moodle(question("truefalse", TRUE)), "a.xml"),
        (book(row(stem="Muối?", right="Đúng", tags="Nhãn mác; an toàn")), "a.xlsx"),
    ],
)
def test_each_format_brings_the_tags_that_it_has(bank, data, name):
    made = plan(bank, data, name)
    assert (made.new_tags, made.losses) == (["Nhãn mác", "an toàn"], [])
    bring(bank, data, name)
    assert tags() == ["Nhãn mác", "an toàn"]
    assert plan(bank, data, name).entries[0].fate == "same"


def test_keywords_in_the_list_of_a_qti_package_are_tags(bank):
    one = item(choice(), response("single", "identifier", correct("A")))
    keywords = "".join(f"<keyword><langstring>{word}</langstring></keyword>" for word in ("muối", "biển"))
    lom = f"<metadata><lom><general>{keywords}</general></lom></metadata>"
    bring(bank, package(("q.xml", one), metadata=lom), "a.zip")
    assert tags() == ["biển", "muối"]


def test_a_tag_that_is_there_in_other_capitals_is_that_tag_and_not_new(bank):
    cast.question(bank, "muoi-1", tags=["NHÃN MÁC"])
    assert plan(bank, GIFT, "a.gift").new_tags == ["an toàn"]
    bring(bank, GIFT, "a.gift")
    assert tags(key__endswith="q1") == ["NHÃN MÁC", "an toàn"]
    assert Tag.objects.count() == 2


def test_a_file_adds_tags_to_a_question_that_is_there_and_leaves_it_reviewed(bank):
    bring(bank, "// [id:q1]\nMuối? {T}", "a.gift")
    known = Question.objects.get()
    Question.objects.update(status="reviewed")
    known.tags.set(["Biển"])
    made = plan(bank, GIFT, "a.gift")
    assert [(one.fate, one.tags) for one in made.entries] == [("tagged", ("Nhãn mác", "an toàn"))]
    assert bring(bank, GIFT, "a.gift") == []
    known.refresh_from_db()
    assert (known.status, known.versions.count()) == ("reviewed", 1)
    assert tags() == ["Biển", "Nhãn mác", "an toàn"]
    assert "nhan mac" in known.search


def test_a_question_whose_words_change_gets_the_tags_beside_its_own(bank):
    bring(bank, "// [id:q1]\nMuối nào? {T}", "a.gift")
    Question.objects.get().tags.set(["Biển"])
    bring(bank, GIFT, "a.gift")
    assert (tags(), Question.objects.get().versions.count()) == (["Biển", "Nhãn mác", "an toàn"], 2)


def test_a_tag_without_end_stays_out_and_is_told_and_the_question_comes_in(bank):
    made = plan(bank, f"// [tag:{'x' * 41}] [tag:muối]\nMuối? {{T}}", "a.gift")
    assert [("dài quá 40 ký tự" in loss.reason, loss.place) for loss in made.losses] == [(True, 2)]
    actions.import_questions(plan=made, by=None, at=cast.NOW)
    assert tags() == ["muối"]


def test_the_page_says_which_tags_are_new_and_what_only_gets_tags(editor, bank):
    bring(bank, "// [id:q1]\nMuối? {T}", "a.gift")
    page = send(editor, bank, GIFT, "a.gift")
    assert "Nhãn mới, chưa câu nào có: Nhãn mác, an toàn." in page.text
    assert "1 câu đã có được thêm nhãn, lời không đổi." in page.text
    assert "Thêm nhãn: Nhãn mác, an toàn" in page.text
    done = press(editor, page)
    assert "Đã thêm nhãn cho 1 câu đã có; lời không đổi." in done.text
    assert "Đã nhập 0 câu" not in done.text
    assert tags() == ["Nhãn mác", "an toàn"]


def test_tags_that_somebody_gave_meanwhile_are_shown_before_they_are_brought(editor, bank):
    bring(bank, "// [id:q1]\nMuối? {T}", "a.gift")
    page = send(editor, bank, GIFT, "a.gift")
    Question.objects.get().tags.add("an toàn")
    again = press(editor, page)
    assert again.status_code == 409
    assert "Nhãn mới, chưa câu nào có: Nhãn mác." in again.text


def test_the_command_tells_new_tags(db, tmp_path, capsys):
    QuestionBank.objects.create(name="Muối")
    (tmp_path / "a.gift").write_text(GIFT)
    call_command("import_questions", tmp_path / "a.gift", bank="Muối", dry_run=True, as_json=True)
    report = json.loads(capsys.readouterr().out)
    assert (report["new_tags"], report["tagged"]) == (["Nhãn mác", "an toàn"], 0)


def test_tags_of_many_questions_cost_as_many_queries_as_those_of_two(bank, django_assert_max_num_queries):
    def file(prefix, count):
        return "\n\n".join(f"// [id:{prefix}{n}] [tag:muối] [tag:biển]\nMuối {prefix} {n}? {{T}}" for n in range(count))

    two, many = plan(bank, file("a", 2)), plan(bank, file("b", 30))
    with django_assert_max_num_queries(40) as first:
        actions.import_questions(plan=two, by=None, at=cast.NOW)
    with django_assert_max_num_queries(len(first)):
        actions.import_questions(plan=many, by=None, at=cast.NOW)
