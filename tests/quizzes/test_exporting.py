"""Questions go out in the formats of other systems, and what a format cannot hold is said, never left out in silence."""

import io
import json
from dataclasses import dataclass

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from wagtail.images import get_image_model

from quizzes import actions, exporting, rules, wording
from quizzes.exporting import WRITERS, drafts
from quizzes.exporting.base import LeftOutError
from quizzes.formats.base import Draft
from quizzes.formats.tidy import tidy
from quizzes.importing import reading
from quizzes.models import Question, QuestionBank, QuestionVersion
from tests import cast

from .files import GIFT, bring, plan
from .samples import GAPS, SAMPLES

pytestmark = [pytest.mark.once, pytest.mark.usefixtures("parts_of_workbooks_in_memory")]

EXPORT = "/quan-tri/question/xuat/"
NAMES = {"gift": "a.gift", "moodle_xml": "a.xml", "aiken": "a.txt", "docx": "a.docx", "xlsx": "a.xlsx"}
CARRIED = {
    "gift": set(SAMPLES) - {"ordering", "gaps"},
    "moodle_xml": set(SAMPLES),
    "aiken": {"single"},
    "docx": {"single", "multiple", "truefalse", "short"},
    "xlsx": set(SAMPLES),
}


def write(bank, kind="single", key="", stem="Hỏi?", data=None, **more):
    question = actions.save_question(
        bank=bank, key=key or kind, kind=kind, stem=stem, data=SAMPLES[kind] if data is None else data,
        explanation=more.pop("explanation", ""), at=cast.NOW, **more,
    )  # fmt: skip
    return question


def out(bank, form):
    return exporting.export(Question.objects.filter(bank=bank), form)


def fates(bank, form, made=None):
    planned = plan(bank, (made or out(bank, form)).content, NAMES[form])
    assert planned.refusals == []
    return [entry.fate for entry in planned.entries]


@pytest.mark.parametrize("form", WRITERS)
def test_every_kind_that_a_format_has_is_in_its_file_and_of_the_others_it_is_said(bank, form):
    for kind in SAMPLES:
        write(bank, kind, stem=f"Hỏi về {kind}?")
    made = out(bank, form)
    assert made.written == len(CARRIED[form])
    assert {loss.kind for loss in made.losses if loss.is_out} == set(SAMPLES) - CARRIED[form]
    planned = plan(QuestionBank(name="Mới"), made.content, NAMES[form])
    assert (planned.refusals, len(planned.entries)) == ([], made.written)


@pytest.mark.parametrize("form", WRITERS)
def test_a_file_that_went_out_comes_back_and_goes_out_again_the_same(bank, form):
    for kind in SAMPLES:
        write(bank, kind, stem=f"Hỏi **đậm** về {kind}?", tags=["an toàn thực phẩm", "Nhãn [mới]"])
    other = QuestionBank.objects.create(name="Khác")
    bring(other, out(bank, form).content, NAMES[form])
    again = out(other, form)
    assert set(fates(other, form, again)) == {"same"}
    assert again.written == len(CARRIED[form])
    assert [loss for loss in again.losses if form in ("xlsx", "moodle_xml")] == []
    tags = {name for question in Question.objects.filter(bank=other) for name in question.tags.names()}
    assert tags == ({"an toàn thực phẩm", "Nhãn [mới]"} if form in ("gift", "moodle_xml", "xlsx") else set())


def test_a_workbook_brings_nothing_new_to_the_bank_that_it_came_from(bank):
    write(
        bank,
        "single",
        data={"choices": [{"id": "x", "text": "một", "right": True}, {"id": "c", "text": "hai", "right": False}]},
    )
    write(bank, "short", data={"answers": ["muối"], "exact_case": True})
    write(bank, "essay")
    bring(bank, GIFT)
    assert (fates(bank, "xlsx"), out(bank, "xlsx").losses) == (["same"] * 5, [])


def test_a_changed_row_of_the_workbook_is_a_version_of_the_question_that_an_editor_wrote(bank):
    question = write(bank, "truefalse", key="nuoc-soi", stem="Nước sôi?")
    content = out(bank, "gift").content.replace("Nước sôi".encode(), "Nước sôi ở 100 độ".encode())
    assert [one.pk for one in bring(bank, content, "a.gift")] == [question.pk]
    assert [version.number for version in question.versions.all()] == [2, 1]
    assert Question.objects.get().key == "nuoc-soi"


def test_a_question_without_a_name_in_the_file_is_known_by_its_words(bank):
    write(bank, "single", stem="Muối nào?")
    assert fates(bank, "aiken") == ["same"]


def test_a_question_of_a_long_name_is_known_again(bank):
    bring(bank, f"// [id:{'ten-rat-dai-' * 6}]\nMuối? {{T}}")
    assert fates(bank, "gift") == ["same"]


def test_a_question_that_was_moved_here_is_known_by_its_whole_name(bank):
    bring(bank, "// [id:q1]\nMuối? {T}")
    other = QuestionBank.objects.create(name="Khác")
    Question.objects.update(bank=other)
    assert fates(other, "gift") == ["same"]


@pytest.mark.parametrize(
    ("form", "kind", "data", "lost"),
    [
        ("gift", "short", {"answers": ["muối"]}, "viết không dấu"),
        ("gift", "numeric", SAMPLES["numeric"], "đơn vị"),
        ("gift", "essay", SAMPLES["essay"], "hướng dẫn chấm"),
        ("gift", "multiple", SAMPLES["multiple"], "cách tính điểm"),
        ("gift", "single", SAMPLES["single"] | {"shuffle": False}, "giữ nguyên thứ tự"),
        ("moodle_xml", "matching", SAMPLES["matching"] | {"all_or_nothing": True}, "đúng tất cả"),
        ("moodle_xml", "gaps", GAPS, "lời hỏi đứng riêng"),
        ("aiken", "single", SAMPLES["single"], "nhãn"),
        ("docx", "single", SAMPLES["single"], "nhãn"),
        ("xlsx", "single", SAMPLES["single"], "nhãn có dấu ngăn"),
        ("docx", "single", {"choices": [
            {"id": "a", "text": "x", "right": True, "feedback": "giỏi"}, {"id": "b", "text": "y", "right": False, "weight": 50},
        ]}, "lời nhắn"),
    ],
)  # fmt: skip
def test_what_stays_behind_is_said_of_each_question(bank, form, kind, data, lost):
    write(bank, kind, data=data, tags=["muối; biển"])
    made = out(bank, form)
    assert made.written == 1
    assert any(lost in loss.reason and not loss.is_out for loss in made.losses)


def test_words_that_would_be_read_as_something_else_keep_a_question_out_and_that_is_said(bank):
    write(bank, "matching", data={"pairs": [
        {"id": "a", "text": "vào -> ra", "match": "một"}, {"id": "b", "text": "lên", "match": "hai"},
    ]})  # fmt: skip
    made = out(bank, "gift")
    assert (made.written, [loss.is_out for loss in made.losses]) == (0, [True])
    assert "hiểu thành nghĩa khác" in made.losses[0].reason
    assert out(bank, "moodle_xml").losses == []


@pytest.fixture
def picture(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    content = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "Nhà tôi"
    Image.new("RGB", (8, 8), "red").save(content, "JPEG", exif=exif)
    return content.getvalue()


def test_a_picture_goes_out_with_moodle_xml_and_is_the_same_picture_when_it_comes_back(bank, picture):
    from .test_moodle_files import the_file

    bring(bank, the_file("nha.jpg", content=picture), "a.xml")
    made = out(bank, "moodle_xml")
    assert (made.losses, b"@@PLUGINFILE@@/anh-" in made.content) == ([], True)
    assert fates(bank, "moodle_xml") == ["same"]
    other = QuestionBank.objects.create(name="Khác")
    bring(other, made.content, "a.xml")
    assert get_image_model().objects.count() == 1
    assert QuestionVersion.objects.values("stem").distinct().count() == 1


def test_a_picture_of_that_name_with_another_content_is_another_picture(bank, picture):
    from .test_moodle_files import png, the_file

    bring(bank, the_file("nha.jpg", content=picture), "a.xml")
    number = get_image_model().objects.get().pk
    bring(bank, the_file(f"anh-{number}.png", content=png()), "b.xml")
    assert get_image_model().objects.count() == 2


def test_of_a_picture_other_formats_hold_the_number_and_say_so(bank, picture):
    from .test_moodle_files import the_file

    bring(bank, the_file("nha.jpg", content=picture), "a.xml")
    number = get_image_model().objects.get().pk
    made = out(bank, "gift")
    assert f"(anh\\:{number})" in made.content.decode()
    assert "hình" in made.losses[0].reason


@pytest.mark.parametrize("form", ["xlsx", "gift", "moodle_xml"])
def test_a_picture_in_a_choice_makes_no_version_of_what_went_out_and_came_back(bank, picture, form):
    from .test_moodle_files import the_file

    bring(bank, the_file("nha.jpg", content=picture), "a.xml")
    shown = f"![tôm](anh:{get_image_model().objects.get().pk})"
    rows = [{"id": "a", "text": shown, "right": True}, {"id": "b", "text": "cá", "right": False, "feedback": shown}]
    write(bank, "single", stem=f"Con nào? {shown}", data={"choices": rows})
    assert fates(bank, form) == ["same", "same"]


@pytest.mark.parametrize("form", WRITERS)
def test_what_the_manual_says_of_a_file_that_comes_back_holds_for_every_format(bank, form):
    """What is held whole is the same; what is said to be lost is a version, or where the file has no name for it, new."""
    for kind in SAMPLES:
        write(bank, kind, stem=f"Hỏi về {kind}?")
    made = out(bank, form)
    lossy = {said for loss in made.losses if not loss.is_out for said in (loss.key, loss.stem)}
    planned = plan(bank, made.content, NAMES[form])
    changed = {
        entry.known.question.key if entry.known else wording.plain(entry.draft.stem): entry.fate
        for entry in planned.entries
        if entry.fate != "same"
    }
    assert set(changed) <= lossy
    assert set(changed.values()) <= {"version" if form in ("gift", "moodle_xml", "xlsx") else "new"}
    if form in ("gift", "moodle_xml"):
        assert changed[Question.objects.get(kind="multiple").key] == "version"


def test_a_picture_that_is_gone_is_said(bank):
    write(bank, "truefalse", stem="Nhìn ![muối](anh:999999)")
    assert "hình không còn" in out(bank, "moodle_xml").losses[0].reason


WORDS = st.text(st.sampled_from("aăđ Bệ12*_#~={}:\\%->[]()<&;\"'“”\n.,!|^`+/@→±x"), min_size=1, max_size=20).map(
    lambda words: " ".join(words.split(" ")).strip()
).filter(bool)  # fmt: skip
TOLD = st.one_of(st.just(""), WORDS)
TAGS = st.lists(WORDS, max_size=3).map(lambda said: tuple(rules.tags(said)))
SHARES = st.sampled_from([0, 5, 10, 12.5, 33.33333, 50, 66.66667, 90, -50])
DECIMALS = st.decimals(min_value=-5000, max_value=5000, places=3, allow_nan=False).map(str)


@st.composite
def choices(draw, kind):
    rows = draw(st.lists(st.fixed_dictionaries({"text": WORDS, "feedback": TOLD}), min_size=2, max_size=6))
    right = draw(st.sets(st.integers(0, len(rows) - 1), min_size=1, max_size=1 if kind == "single" else 6))
    made = [{"id": "abcdef"[at], "right": at in right} | row for at, row in enumerate(rows)]
    if kind == "single":
        made = [row if row["right"] else row | {"weight": draw(SHARES)} for row in made]
    elif draw(st.booleans()):
        return {
            "choices": [row | {"weight": 100 if row["right"] else -draw(SHARES)} for row in made],
            "credit": "weights",
        }
    return {"choices": made} | draw(st.sampled_from([{}, {"shuffle": False}]))


def rows(**words):
    return st.fixed_dictionaries(words, optional={"weight": SHARES, "feedback": WORDS})


DATA = {
    "single": choices("single"),
    "multiple": choices("multiple"),
    "truefalse": st.fixed_dictionaries({"right": st.booleans()}, optional={"feedback_right": WORDS, "feedback_wrong": WORDS}),
    "short": st.fixed_dictionaries(
        {"answers": st.lists(WORDS, min_size=1, max_size=3), "exact_accents": st.just(True)},
        optional={"noted": st.lists(rows(text=WORDS), max_size=2)},
    ),
    "numeric": st.fixed_dictionaries(
        {"answers": st.lists(rows(value=DECIMALS, tolerance=st.sampled_from(["0", "0.5", "1.25"])), min_size=1, max_size=3)},
        optional={"units": st.just([{"name": "kg", "factor": "1"}, {"name": "g", "factor": "0.001"}, {"name": "yến", "factor": "10"}])},
    ),
    "matching": st.lists(st.tuples(WORDS, WORDS), min_size=2, max_size=4).map(
        lambda pairs: {"pairs": [{"id": "abcd"[at], "text": row, "match": match} for at, (row, match) in enumerate(pairs)]}
    ),
    "ordering": st.lists(WORDS, min_size=2, max_size=5, unique=True).map(
        lambda steps: {"items": [{"id": "abcde"[at], "text": step} for at, step in enumerate(steps)]}
    ),
    "gaps": st.just(GAPS),
    "essay": st.just(SAMPLES["essay"]),
    "description": st.just({}),
}  # fmt: skip


@dataclass
class Whole:
    """What a writer made of drafts: the file, and what it says it holds."""

    fitted: list[Draft]
    content: bytes


def whole(made, form):
    """As `exporting.export` does it, without a database."""
    writer, pieces = WRITERS[form], []
    for draft in made:
        try:
            pieces.append(exporting.said(draft, writer))
        except LeftOutError:
            continue
    return Whole(
        [fitted for fitted, _lost, _piece in pieces], writer.bind([(one, piece) for one, _lost, piece in pieces])
    )


@pytest.mark.parametrize("form", WRITERS)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_what_goes_out_is_read_back_exactly_as_the_format_holds_it(form, data):
    kinds = data.draw(st.lists(st.sampled_from(sorted(CARRIED[form])), min_size=1, max_size=3))
    made = [
        Draft(place, kind, data.draw(WORDS), tidy(kind, data.draw(DATA[kind])), data.draw(TOLD), key=f"k{place}", category=("Muối",), tags=data.draw(TAGS))
        for place, kind in enumerate(kinds, start=1)
    ]  # fmt: skip
    written = whole(made, form)
    if not written.fitted:
        return
    parsed = reading.read(written.content, "", form)
    assert parsed.refusals == []
    seen = [(one.kind, one.stem, tidy(one.kind, one.data), one.explanation) for one in parsed.drafts]
    assert seen == [(one.kind, one.stem, tidy(one.kind, one.data), one.explanation) for one in written.fitted]
    if form in ("gift", "moodle_xml", "xlsx"):
        assert [(one.key, one.tags) for one in parsed.drafts] == [(one.key, one.tags) for one in written.fitted]
    again = whole(parsed.drafts, form)
    assert [one.data for one in again.fitted] == [tidy(one.kind, one.data) for one in written.fitted]


@pytest.mark.parametrize("form", WRITERS)
def test_the_command_writes_a_file_and_says_what_is_not_in_it(bank, form, tmp_path, capsys):
    write(bank, "single")
    write(bank, "ordering")
    call_command("export_questions", bank="Muối", form=form, out=tmp_path / "ra", as_json=True)
    report = json.loads(capsys.readouterr().out)
    assert (report["written"] + report["left_out"], (tmp_path / "ra").exists()) == (2, True)
    assert all(loss["key"] == "ordering" for loss in report["losses"] if loss["left_out"])


def test_the_command_without_a_name_for_the_file_writes_it_to_the_output(bank, capsysbinary):
    write(bank, "truefalse", stem="Nước sôi?")
    call_command("export_questions", bank="Muối", form="gift")
    assert "Nước sôi?".encode() in capsysbinary.readouterr().out


def test_the_command_names_a_bank_that_is_not_there(db):
    with pytest.raises(CommandError, match="Không có ngân hàng “Khác”"):
        call_command("export_questions", bank="Khác", form="gift")


def test_an_editor_sees_what_the_file_cannot_hold_and_then_has_it(editor, bank):
    write(bank, "single", stem="Muối nào?")
    write(bank, "ordering", stem="Xếp lại.")
    elsewhere = QuestionBank.objects.create(name="Tôm")
    write(elsewhere, "truefalse", stem="Tôm bơi?")
    assert f"{EXPORT}?bank={bank.pk}" in editor.get("/quan-tri/questionbank/").text
    page = editor.get(EXPORT, {"bank": bank.pk, "format": "gift"})
    assert "Tải tệp có 1 câu" in page.text
    assert "Dạng tệp này không có câu dạng “xếp thứ tự”" in page.text
    file = editor.get(EXPORT, {"bank": bank.pk, "format": "gift", "download": "1"})
    assert "Muối nào?" in file.text
    assert "Tôm bơi?" not in file.text
    assert file["Content-Disposition"].startswith('attachment; filename="cau-hoi-muoi-')


def test_the_list_as_it_is_searched_goes_out(editor, bank):
    write(bank, "single", stem="Muối nào?")
    write(bank, "truefalse", stem="Tôm bơi?")
    assert f"{EXPORT}?q=tom" in editor.get("/quan-tri/question/?q=tom").text
    assert "Tôm bơi?" in (found := editor.get(EXPORT, {"q": "tom", "format": "gift", "download": "1"}).text)
    assert "Muối nào?" not in found


def test_a_format_that_there_is_not_is_asked_for_again(editor, bank):
    page = editor.get(EXPORT, {"format": "pdf"})
    assert (page.status_code, "Dạng tệp" in page.text) == (422, True)


def test_more_questions_than_a_file_may_bring_in_are_not_put_into_one(editor, bank, monkeypatch):
    monkeypatch.setattr("quizzes.viewsets.taking_out.MOST", 1)
    write(bank, "single")
    write(bank, "truefalse")
    page = editor.get(EXPORT, {"format": "gift"})
    assert (page.status_code, "nhiều nhất 1 câu" in page.text) == (422, True)


def test_a_bank_goes_out_by_the_same_queries_whether_it_has_two_questions_or_ten(bank, django_assert_num_queries):
    for number in range(2):
        write(bank, "truefalse", key=f"q{number}", stem=f"Câu {number}?")
    with django_assert_num_queries(3):
        out(bank, "moodle_xml")
    for number in range(2, 10):
        write(bank, "truefalse", key=f"q{number}", stem=f"Câu {number}?")
    with django_assert_num_queries(3):
        out(bank, "moodle_xml")


def test_a_question_without_a_version_is_no_question_yet(bank):
    Question.objects.create(bank=bank, key="trong", kind="single")
    assert (out(bank, "gift").written, drafts.newest(Question.objects.all())) == (0, [])
