"""ve.png: the ticket for a phone's album or Zalo, upright, its code as wide as the phone can show it."""

import io
from datetime import timedelta

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from courses.models import Activity
from tests import cast
from workshops import actions, showing
from workshops.models import RegistrationSource
from workshops.rendering import papers

from . import filled
from .conftest import main
from .rooms import beside, later

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def held(planned):
    return coming(planned, "Trần Thị Út")


def coming(workshop, name):
    return actions.register(workshop=workshop, person=cast.person(name), source=RegistrationSource.SELF, at=cast.NOW)


def address(held, what="ve.png"):
    return f"/tap-huan/ve/{held.code}/{what}"


@pytest.fixture
def sheet(monkeypatch):
    """The sheet of which a ticket's picture is taken."""

    def sheet_of(held):
        made = []
        with monkeypatch.context() as patch:
            patch.setattr(papers, "drawn", lambda *said, real=papers.drawn: made.append(real(*said)) or made[-1])
            papers.ticket_picture(held, showing.of(held.workshop.slug))
        return made[0]

    return sheet_of


def test_it_is_upright_and_light(held, anybody):
    assert f'href="{address(held)}" download' in main(anybody.get(address(held, "")))
    answer = anybody.get(address(held))
    assert answer["Content-Type"] == "image/png"
    assert Image.open(io.BytesIO(answer.content)).size == (1080, 1920)
    assert len(answer.content) < 60_000


@pytest.mark.parametrize("site", ["https://ocop.vn", "https://hoc-truc-tuyen.nongnghiepmoitruong.camau.gov.vn"])
def test_its_code_takes_three_fifths_of_the_width_and_is_read_when_it_is_made_small(held, anybody, settings, site):
    settings.BASE_URL = site
    picture = Image.open(io.BytesIO(anybody.get(address(held)).content)).convert("L")
    (code,) = zxingcpp.read_barcodes(picture)
    corners = code.position
    assert corners.top_right.x - corners.top_left.x >= 0.6 * picture.width
    small = zxingcpp.read_barcodes(picture.resize((216, 384)))
    assert [code.text, *(one.text for one in small)] == [site + address(held, "")] * 2


def test_it_says_who_which_workshop_when_and_where(held, sheet):
    text = filled.words_of(sheet(held))
    for said in ("Bộ tiêu chí mới", "Trần Thị Út", "Số thẻ 1", "10:00 – 13:00, ngày 25/11/2026", "Hội trường xã"):
        assert said in text
    assert "Phòng" not in text


def test_the_own_room_is_on_it(planned, held, sheet):
    rooms = beside(planned)
    actions.choose_rooms(registration=held, sessions=[rooms[1].pk], at=cast.NOW)
    text = filled.words_of(sheet(held))
    assert "Phòng 2" in text
    assert "báo sau" not in text


def test_who_has_no_room_yet_is_told_who_tells_it(planned, held, sheet, anybody):
    beside(planned)
    for text in (filled.words_of(sheet(held)), filled.words_of(anybody.get(address(held, "ve.pdf")).content)):
        assert "Phòng: đơn vị tổ chức báo sau" in text
        assert "Đưa mã này và hỏi phòng ở bàn điểm danh." in text


def test_of_several_hours_each_room_has_its_own(planned, held, sheet):
    rooms = beside(planned)
    second = later(planned, hours=1)
    second.room = "Phòng họp lớn"
    second.save()
    other = later(planned)
    other.room, other.starts_at, other.ends_at = "Sân", second.starts_at, second.ends_at
    other.save()
    actions.choose_rooms(registration=held, sessions=[rooms[0].pk], at=cast.NOW)
    text = filled.words_of(sheet(held))
    assert "Phòng 1, 10:00" in text
    assert f"báo sau, {second.starts_at.astimezone():%H:%M}" in text


def test_all_rooms_of_five_hours_are_on_it_by_the_hour(planned, held, sheet, anybody):
    """Those that are chosen, and in its place the one that is not."""
    rooms, hours = [beside(planned)], []
    for number in range(4):
        second = later(planned, hours=1)
        other = later(planned)
        second.room, other.room, other.starts_at, other.ends_at = (
            f"Phòng A{number}",
            "Sân",
            second.starts_at,
            second.ends_at,
        )
        for one in (second, other):
            one.save()
        rooms.append((second, other))
    actions.choose_rooms(
        registration=held, sessions=[pair[0].pk for pair in rooms if pair is not rooms[2]], at=cast.NOW
    )
    for words in (sheet(held), anybody.get(address(held, "ve.pdf")).content):
        text = " ".join(filled.words_of(words).split())
        said = ["Phòng 1", "Phòng A0", "báo sau", "Phòng A2", "Phòng A3"]
        hours = [text.index(one) for one in said]
        assert hours == sorted(hours)
    assert "Đưa mã này và hỏi phòng ở bàn điểm danh." in text


def test_of_more_rooms_than_have_a_place_on_it_it_says_that_there_are_others(planned, held, sheet):
    rooms = [beside(planned)]
    for number in range(9):
        second, other = later(planned, hours=1), later(planned)
        second.room, other.room = f"Phòng họp trực tuyến của Ủy ban nhân dân xã số {number}", "Sân"
        other.starts_at, other.ends_at = second.starts_at, second.ends_at
        for one in (second, other):
            one.save()
        rooms.append((second, other))
    actions.choose_rooms(registration=held, sessions=[pair[0].pk for pair in rooms], at=cast.NOW)
    text = filled.words_of(sheet(held))
    assert "Phòng 1, " in text
    assert " …" in text


def test_the_longest_words_stay_on_it_and_cover_nothing(planned, change, sheet):
    change(
        venue="Hội trường lớn, Trung tâm Văn hóa, Thể thao và Truyền thanh xã Phan Ngọc Hiển, ấp Tân Thành B " * 2,
        contact="Chi cục Phát triển nông thôn và Quản lý chất lượng, 0290 300 0000, ocop@camau.gov.vn",
        is_specimen=True,
    )
    Activity.objects.filter(pk=planned.activity_id).update(title="Tập huấn nâng cao năng lực phát triển sản phẩm " * 4)
    first, other = beside(planned)
    other.room = "Phòng họp trực tuyến của Ủy ban nhân dân xã, tầng 2, dãy nhà sau trụ sở cũ"
    other.save()
    first.ends_at += timedelta(days=1)
    first.save()
    held = coming(planned, "Tôn Nữ Hoàng Nguyễn Thị Phương Quỳnh Trang Đài Các Nghiêng")
    actions.choose_rooms(registration=held, sessions=[other.pk], at=cast.NOW)
    pages = pypdfium2.PdfDocument(sheet(held))
    text = pages[0].get_textpage()
    boxes = [text.get_rect(at) for at in range(text.count_rects())]
    assert (len(pages), len(boxes) > 10) == (1, True)
    wide, tall = pages[0].get_size()
    assert all(left >= 0 and low >= 0 and right <= wide and high <= tall for left, low, right, high in boxes)
    middles = [((left + right) / 2, (low + high) / 2) for left, low, right, high in boxes]
    assert [
        (one, other)
        for one, (x, y) in enumerate(middles)
        for other, (left, low, right, high) in enumerate(boxes)
        if one != other and left < x < right and low < y < high
    ] == []


def test_without_a_seat_there_is_none(held, anybody):
    actions.cancel(registration=held, at=cast.NOW)
    assert anybody.get(address(held)).status_code == 404
    assert "ve.png" not in anybody.get(address(held, "")).text
