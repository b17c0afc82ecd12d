"""Pictures of a Moodle file: found under any name, looked at before anything is written, and kept once."""

import base64
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image
from wagtail.images import get_image_model
from wagtail.models import Collection, CollectionViewRestriction

from lib.refusals import Refusal
from quizzes import actions, wording
from quizzes.models import Question, QuestionBank, QuestionVersion
from tests import cast

from .files import answer, bring, moodle, plan, question

pytestmark = pytest.mark.once


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def png(colour: str = "white") -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (4, 4), colour).save(made, "PNG")
    return made.getvalue()


def shown(reference: str, **files: bytes | str) -> str:
    """A question whose words show a file; `files` are packed with it."""
    return asked(f'Hình: <img src="@@PLUGINFILE@@/{reference}" alt="Muối" title="To">', files)


def asked(stem: str, files: dict[str, bytes]) -> str:
    packed = "".join(
        f'<file name="{name}" path="/" encoding="base64">{base64.b64encode(content).decode()}</file>'
        for name, content in files.items()
    )
    written = question("truefalse", answer(100, "true") + answer(0, "false"), stem)
    return written.replace("</text></questiontext>", f"</text>{packed}</questiontext>")


def the_file(name: str = "muoi.png", reference: str = "", content: bytes | None = None, *more: str) -> bytes:
    return moodle(shown(reference or name, **{name: png() if content is None else content}), *more)


@pytest.mark.parametrize(
    ("name", "reference"),
    [
        ("muoi.png", "muoi.png"), ("muối biển.png", "mu%E1%BB%91i%20bi%E1%BB%83n.png"), ("anh 1.png", "anh%201.png"),
        ("anh 1.png", "anh 1.png"), ("anh(1).png", "anh%281%29.png"), ("anh(1).png", "anh(1).png"), ("a_b.png", "a_b.png?time=1"),
    ],
)  # fmt: skip
def test_a_picture_is_found_under_its_name_however_the_words_write_it(bank, name, reference):
    made = plan(bank, the_file(name, reference), "a.xml")
    assert (made.refusals, made.losses) == ([], [])
    actions.import_questions(plan=made, by=None, at=cast.NOW)
    stem = QuestionVersion.objects.get().stem
    assert wording.PICTURES.search(stem)
    assert 'alt="Muối"' in wording.line(stem)
    assert get_image_model().objects.get().title == name


@pytest.mark.parametrize(
    ("stem", "left"),
    [
        ('Nhìn <img src="@@PLUGINFILE@@/mu%E1%BB%91i.png" alt="Muối"> này', "Nhìn Muối này"),
        ('Nghe <audio src="@@PLUGINFILE@@/mu%E1%BB%91i.png">đoạn</audio> này', "Nghe đoạn (muối.png) này"),
        ('Xem <a href="@@PLUGINFILE@@/mu%E1%BB%91i.png">bài</a> này', "Xem bài (muối.png) này"),
        ('Lưu vào tep:C.doc, <a href="@@PLUGINFILE@@/mu%E1%BB%91i.png">bài</a>', "Lưu vào tep:C.doc, bài (muối.png)"),
    ],
)
def test_what_cannot_come_along_is_said(bank, stem, left):
    made = plan(bank, moodle(asked(stem, {})), "a.xml")
    assert [loss.reason[:17] for loss in made.losses] == ["Hình “muối.png” k"]
    assert made.entries[0].draft.stem == left


def test_a_sound_that_the_words_lead_to_is_left_behind_and_keeps_nothing_out(bank):
    made = plan(bank, moodle(asked('Nghe <a href="@@PLUGINFILE@@/a.mp3">đoạn</a>', {"a.mp3": b"ID3"})), "a.xml")
    assert (made.refusals, len(made.losses), dict(made.entries[0].draft.pictures)) == ([], 1, {})


def test_a_file_that_only_says_that_it_is_a_picture_keeps_all_out_and_is_said_before(bank):
    fine = question("truefalse", answer(100, "true") + answer(0, "false"))
    made = plan(bank, moodle(fine, shown("x.png", **{"x.png": b"<script>"})), "a.xml")
    assert [(problem.place, "“x.png”" in problem.reason) for problem in made.refusals] == [(2, True)]
    with pytest.raises(Refusal, match="còn 1 chỗ phải sửa"):
        actions.import_questions(plan=made, by=None, at=cast.NOW)
    assert not Question.objects.exists()


def test_the_same_file_with_pictures_again_changes_nothing(bank):
    bring(bank, the_file(), "a.xml")
    assert [entry.fate for entry in plan(bank, the_file(), "a.xml").entries] == ["same"]
    bring(bank, the_file(), "a.xml")
    assert (QuestionVersion.objects.count(), get_image_model().objects.count()) == (1, 1)


def test_a_named_question_with_another_picture_has_a_version(bank):
    def named(content):
        return the_file(content=content).replace(b"<name>", b"<idnumber>q1</idnumber><name>")

    bring(bank, named(png()), "a.xml")
    assert [entry.fate for entry in plan(bank, named(png()), "a.xml").entries] == ["same"]
    bring(bank, named(png("red")), "a.xml")
    assert (QuestionVersion.objects.count(), get_image_model().objects.count()) == (2, 2)


def test_one_picture_in_two_questions_is_kept_once(bank, media):
    bring(
        bank,
        moodle(shown("a.png", **{"a.png": png()}), shown("b.png", **{"b.png": png()}).replace("Hình", "Nhìn")),
        "a.xml",
    )
    assert (Question.objects.count(), get_image_model().objects.count()) == (2, 1)
    assert len(list(media.rglob("*.png"))) == 1


def test_a_picture_that_not_everybody_may_see_is_not_used_again(bank):
    bring(bank, the_file(), "a.xml")
    private = Collection.get_first_root_node().add_child(name="Lớp riêng")
    CollectionViewRestriction.objects.create(collection=private, restriction_type="login")
    hidden = get_image_model().objects.get()
    get_image_model().objects.update(collection=private)
    (brought,) = bring(QuestionBank.objects.create(name="Khác"), the_file(), "a.xml")
    shared = get_image_model().objects.exclude(pk=hidden.pk).get()
    assert shared.collection.is_root()
    assert f"(anh:{shared.pk})" in brought.versions.get().stem


def test_of_a_picture_that_the_library_holds_twice_the_oldest_is_used(bank):
    bring(bank, the_file(), "a.xml")
    first, twin = get_image_model().objects.get(), get_image_model().objects.get()
    twin.pk = None
    twin.save()
    (brought,) = bring(QuestionBank.objects.create(name="Khác"), the_file(), "a.xml")
    assert f"(anh:{first.pk})" in brought.versions.get().stem


def test_a_file_of_questions_with_pictures_comes_again_by_the_same_queries_whether_there_are_three_or_twelve(db):
    def the_questions(count, words):
        for number in range(count):
            asked = shown("a.png", **{"a.png": png(f"rgb({number},0,0)")}).replace("Hình", words)
            yield asked.replace("<name>", f"<idnumber>q{number}</idnumber><name>")

    def queries(count):
        bank = QuestionBank.objects.create(name=f"{count} câu")
        bring(bank, moodle(*the_questions(count, "Hình")), "a.xml")
        with CaptureQueriesContext(connection) as seen:
            assert plan(bank, moodle(*the_questions(count, "Hình")), "a.xml").count("same") == count
            assert len(bring(bank, moodle(*the_questions(count, "Nhìn")), "a.xml")) == count
        return len(seen)

    assert queries(3) == queries(12)


def test_no_picture_stays_of_an_import_that_failed(bank, media, monkeypatch):
    monkeypatch.setattr("lib.generation.bump", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        bring(bank, the_file(), "a.xml")
    assert not get_image_model().objects.exists()
    assert [path for path in media.rglob("*") if path.is_file()] == []


def test_more_pictures_than_one_file_may_hold_are_refused(bank, monkeypatch):
    monkeypatch.setattr("quizzes.importing.reading.MOST_PICTURES", 1)
    assert plan(bank, the_file(), "a.xml").refusals == []
    two = the_file("a.png", "", None, shown("b.png", **{"b.png": png()}))
    assert "hơn 1 hình" in plan(bank, two, "a.xml").refusals[0].reason
