"""the.pdf: A6, four to a page, all or some."""

from datetime import timedelta

import pypdfium2
import pytest

from courses.models import Activity
from lib import qr
from tests import cast
from workshops.models import Session, Workshop
from workshops.papers.forms import numbers_of
from workshops.reporting.rolls import given_name

from . import filled

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def workshop(planned):
    Workshop.objects.update(capacity=None)
    planned.refresh_from_db()
    for number in range(1, 6):
        filled.subject(planned, f"Trần Thị Thứ {number}", at=cast.NOW + timedelta(minutes=number))
    return planned


@pytest.fixture
def ask(workshop):
    client = cast.client_of(cast.staff("organiser", cast.province()))
    return lambda query="": client.get(f"/quan-tri/tap-huan/{workshop.pk}/giay-to/the.pdf{query}", follow=True)


def test_four_stand_on_a_page_with_name_number_unit_and_role(ask):
    answer = ask()
    pages = pypdfium2.PdfDocument(answer.content)
    assert (len(pages), pages[0].get_width(), pages[0].get_height()) == (
        2,
        pytest.approx(595, abs=1),
        pytest.approx(842, abs=1),
    )
    text = filled.words_of(answer.content)
    for said in ("Trần Thị Thứ 5", "005", "Cơ sở Trần Thị Thứ 5", "Xã Phan Ngọc Hiển", "ĐẠI BIỂU", "Bộ tiêu chí mới"):
        assert said in text


def test_the_code_is_that_of_the_ticket(workshop, ask, settings):
    settings.BASE_URL = "https://hoc.example"
    seen = []
    real = qr.picture
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("workshops.rendering.papers.picture", lambda said: seen.append(said) or real(said))
        ask("?so=3")
    assert seen == [f"https://hoc.example/tap-huan/ve/{workshop.registrations.get(number=3).code}/"]


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("?so=2-3", {"002", "003"}),
        ("?so=1,%205", {"001", "005"}),
        ("?tu_luc=2026-11-23T10:03", {"004", "005"}),
        ("?so=1-4&tu_luc=2026-11-23T10:03", {"004"}),
    ],
)
def test_only_some(ask, query, shown):
    text = filled.words_of(ask(query).content)
    assert {number for number in ("001", "002", "003", "004", "005") if number in text} == shown


def test_roles_are_said_in_words(ask):
    text = filled.words_of(ask("?bao_cao_vien=on&to_chuc=2").content)
    assert (text.count("BÁO CÁO VIÊN"), text.count("BAN TỔ CHỨC"), "Mẫu" in text) == (1, 2, True)


@pytest.mark.parametrize("query", ["?so=a", "?so=1--2", "?tu_luc=hom-qua", "?to_chuc=41"])
def test_what_is_no_choice_is_said(ask, query):
    assert ask(query).status_code == 422


def test_where_nothing_is_left_it_says_so(ask):
    assert "Không có thẻ nào để in" in ask("?so=77").text


def test_of_a_long_name_nothing_is_lost(workshop, ask):
    filled.subject(workshop, "Nguyễn Phúc Bảo Trân Nghiêngngã" + "a" * 40)
    assert "Nghiêngngã" in filled.words_of(ask("?so=6").content)


def test_nothing_is_printed_over_anything_else(workshop, ask, change):
    change(venue="Hội trường lớn, Trung tâm Văn hóa, Thể thao và Truyền thanh xã Phan Ngọc Hiển, ấp Tân Thành B " * 2)
    Activity.objects.filter(pk=workshop.activity_id).update(title="Tập huấn nâng cao năng lực phát triển sản phẩm " * 4)
    unit = (
        "Hợp tác xã Nông nghiệp, Thủy sản, Dịch vụ, Thương mại, Du lịch cộng đồng Rạch Gốc, Đất Mũi, Ngọc Hiển, Cà Mau"
    )
    for name in ("Tôn Nữ Hoàng Nguyễn Thị Phương Quỳnh Trang Đài Các", "Ễnh", "Kim Sô Phia Sô Kha Rin Thạch Nghiêng"):
        filled.subject(workshop, name, unit=unit)
    for page in pypdfium2.PdfDocument(ask("?so=6-8").content):
        text = page.get_textpage()
        boxes = [text.get_rect(at) for at in range(text.count_rects())]
        middles = [((left + right) / 2, (low + high) / 2) for left, low, right, high in boxes]
        assert len(boxes) > 20
        covered = [
            (one, other)
            for one, (x, y) in enumerate(middles)
            for other, (left, low, right, high) in enumerate(boxes)
            if one != other and left < x < right and low < y < high
        ]
        assert covered == []


@pytest.mark.parametrize("given", ["Ẩn", "Ấm", "Ẫm", "Ối", "Ế", "Ễnh", "Ẩnnnnn", "Ẩnnnnnnn"])
def test_a_capital_with_two_marks_stays_below_the_family_name(workshop, ask, given):
    """Letters as they are drawn: a line's own box has less room than such a letter takes."""
    filled.subject(workshop, f"Nguyễn Thị Thúy {given}")
    text = pypdfium2.PdfDocument(ask("?so=6").content)[0].get_textpage()
    words = text.get_text_range()
    family = [text.get_charbox(words.index("Nguyễn") + at) for at in range(len("Nguyễn Thị Thúy"))]
    (_left, _low, _right, top) = text.get_charbox(words.index(given))
    assert top < min(low for _left, low, _right, _high in family)


def test_of_several_days_the_last_is_told_too(workshop, ask):
    held = workshop.sessions.get()
    for day in (1, 2):
        later = held.starts_at + timedelta(days=day)
        Session.objects.create(workshop=workshop, name="Sáng", starts_at=later, ends_at=later + timedelta(hours=2))
    assert "25/11/2026 – 27/11/2026" in filled.words_of(ask("?so=1").content)


@pytest.mark.parametrize(
    ("name", "parts"),
    [("Nguyễn Thị Ánh", ("Nguyễn Thị", "Ánh")), ("Ễnh", ("", "Ễnh")), ("", ("", ""))],
)
def test_the_given_name_stands_large(name, parts):
    assert given_name(name) == parts


@pytest.mark.parametrize(("words", "numbers"), [("1-3, 7", [1, 2, 3, 7]), ("", []), ("5 – 6;9", [5, 6, 9])])
def test_numbers_are_read_as_people_write_them(words, numbers):
    assert [number for some in numbers_of(words) for number in some] == numbers
