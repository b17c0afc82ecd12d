"""The register of legal texts and the reviewer of a lesson, as editors fill them in."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from wagtail.models import PageLogEntry
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from courses.models import LegalText, LessonPage
from lib.dates import local_day
from quizzes.models import QuestionBank
from tests import cast

from .test_legal_register import citing_lesson, law

pytestmark = [pytest.mark.django_db, pytest.mark.once]
REGISTER = "/quan-tri/snippets/courses/legaltext/"


@pytest.fixture
def editor(db):
    return cast.client_of(cast.staff("editor"))


def form(**changes):
    return {
        "key": "nd-9", "kind": "Nghị định", "number": "9/2026/NĐ-CP", "name": "Về nhãn", "status": "in_force",
        "review_by": "2027-01-01", "checked_on": "2026-11-23", "confidence": "weak", "source": "", "note": "",
    } | changes  # fmt: skip


def test_an_editor_adds_a_text_with_help_at_each_field(editor):
    shown = editor.get(REGISTER + "add/").text
    assert "Phải chọn khi tình trạng là “đã được thay thế”" in shown
    assert editor.post(REGISTER + "add/", form()).status_code == 302
    assert LegalText.objects.get().number == "9/2026/NĐ-CP"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"status": "replaced"}, "hãy chọn văn bản thay nó"),
        (
            {"checked_on": "2999-01-01", "review_by": "2999-02-01"},
            "Ngày cập nhật phải là hôm nay hoặc một ngày trước đó",
        ),
        ({"review_by": "2026-11-23"}, "Ngày rà soát tới phải sau ngày cập nhật"),
        ({"key": "nd-1"}, "này đã có rồi. Hãy ghi khác đi."),
    ],
)
def test_what_does_not_hold_together_is_told_at_the_field(editor, changes, sentence):
    law()
    response = editor.post(REGISTER + "add/", form(**changes))
    assert response.status_code == 200
    assert sentence in response.text
    assert LegalText.objects.count() == 1


def test_a_text_replaces_neither_itself_nor_its_successor(editor):
    old, new = law(), law(key="nd-2", number="2/2026/NĐ-CP")
    replaced = {"status": "replaced", "key": "nd-1", "number": old.number}
    for successor, is_taken in ((old, False), (new, True)):
        response = editor.post(f"{REGISTER}edit/{old.pk}/", form(**replaced, replaced_by=successor.pk))
        assert (response.status_code == 302) == is_taken
        assert ("không thay thế chính nó được" in response.text) != is_taken
    response = editor.post(f"{REGISTER}edit/{new.pk}/", form(key="nd-2", status="replaced", replaced_by=old.pk))
    assert "không thay thế chính nó được" in response.text


def test_a_successor_is_not_older_than_what_it_replaces():
    old = law(in_force_from=date(2026, 5, 1))
    older = law(key="nd-2", number="2", in_force_from=date(2020, 5, 1))
    old.status, old.replaced_by = "replaced", older
    with pytest.raises(Exception, match="cùng ngày hoặc sau"):
        old.full_clean()


def delete_in_two_ways(text: LegalText):
    admin = cast.client_of(cast.staff("administrator", phone="0987654399"))
    yield admin.post(f"{REGISTER}delete/{text.pk}/", follow=True)
    yield admin.post(f"/quan-tri/bulk/courses/legaltext/delete/?id={text.pk}", follow=True)


@pytest.mark.parametrize("basis", ["lesson", "question", "successor"])
def test_a_text_that_something_rests_on_cannot_be_deleted_and_it_is_said_why(basis):
    text = law()
    if basis == "lesson":
        citing_lesson(text)
    elif basis == "question":
        cast.question(QuestionBank.objects.create(name="Ngân hàng"), "Nhan", legal_texts=[text])
    else:
        law(key="nd-0", number="Nhãn cũ", status="replaced", replaced_by=text)
    for response in delete_in_two_ways(text):
        assert "còn mục dựa vào văn bản này" in response.text
        assert "Nh" in response.text
        assert LegalText.objects.filter(pk=text.pk).exists()


def test_a_text_that_nothing_rests_on_is_deleted():
    text = law()
    next(delete_in_two_ways(text))
    assert not LegalText.objects.exists()


def test_texts_whose_day_of_review_is_past_are_listed_alone(editor):
    today = local_day(timezone.now())
    law(key="cu", number="QUÁ-HẠN", review_by=today - timedelta(days=1))
    law(key="nay", number="SẮP-TỚI", review_by=today + timedelta(days=10))
    law(key="xa", number="CÒN-XA", review_by=today + timedelta(days=100))
    shown = {due: editor.get(f"{REGISTER}?due={due}").text for due in ("", "past", "soon")}
    assert [("QUÁ-HẠN" in text, "SẮP-TỚI" in text, "CÒN-XA" in text) for text in shown.values()] == [
        (True, True, True), (True, False, False), (False, True, False),
    ]  # fmt: skip


def lesson_form(page: LessonPage, **changes):
    value = {"text": rich_text("<p>Hỏi xã.</p>"), "legal_texts-count": "1", "legal_texts-0-deleted": "",
             "legal_texts-0-order": "0", "legal_texts-0-type": "item", "legal_texts-0-id": "",
             "legal_texts-0-value": LegalText.objects.get().pk}  # fmt: skip
    return nested_form_data(
        {
            "title": page.title, "slug": page.slug, "summary": "", "minutes": 10, "body": streamfield([("law", value)]),
            "is_sample": "on", "reviewer_name": "", "reviewer_unit": "", "reviewed_on": "", "comments": {
                "TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000},
        }
        | changes
    )  # fmt: skip


REVIEWER = {"reviewer_name": "Nguyễn Văn A", "reviewer_unit": "Chi cục X", "reviewed_on": "2026-11-01"}


@pytest.mark.parametrize("missing", [*REVIEWER, None])
@pytest.mark.parametrize("button", ["action-publish", ""])
def test_a_lesson_on_law_loses_the_sample_mark_only_with_a_full_reviewer(editor, missing, button):
    page = citing_lesson(law())
    given = {name: "" if name == missing else value for name, value in REVIEWER.items()}
    data = lesson_form(page, **given) | ({button: "1"} if button else {})
    del data["is_sample"]
    response = editor.post(f"/quan-tri/pages/{page.pk}/edit/", data)
    assert (response.status_code == 302) == (missing is None)
    assert ("hãy ghi người, đơn vị và ngày thẩm định" in response.text) == (missing is not None)
    assert LessonPage.objects.get().get_latest_revision_as_object().is_sample == (missing is not None)


def test_the_day_of_a_review_is_not_to_come(editor):
    page = citing_lesson(law())
    response = editor.post(
        f"/quan-tri/pages/{page.pk}/edit/", lesson_form(page, **REVIEWER | {"reviewed_on": "2999-01-01"})
    )
    assert "Ngày thẩm định phải là hôm nay hoặc một ngày trước đó" in response.text


def test_the_history_says_who_named_which_reviewer(editor):
    page = citing_lesson(law())
    for _again in range(2):
        assert editor.post(f"/quan-tri/pages/{page.pk}/edit/", lesson_form(page, **REVIEWER)).status_code == 302
    entry = PageLogEntry.objects.get(page=page.pk, action="courses.reviewer_named")
    assert entry.user.display_name == "Lê Văn Cán Bộ"
    assert entry.data == {
        "is_sample": True,
        "reviewer": "Nguyễn Văn A",
        "unit": "Chi cục X",
        "reviewed_on": "2026-11-01",
    }
    history = editor.get(f"/quan-tri/pages/{page.pk}/history/").text
    assert "Đã đổi người thẩm định" in history
