"""Every page about a workshop in the admin says once what it is, and leads back to the workshop."""

import pytest

from tests import cast
from workshops.models import Desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(db):
    return cast.delegate(cast.workshop())


def pages(held) -> list[str]:
    workshop, session = held.workshop, held.workshop.sessions.get()
    desk = Desk.objects.create(
        workshop=workshop, name="Bàn 1", code_hash="x", expires_at=session.ends_at, made_at=cast.NOW
    )
    own = f"/quan-tri/tap-huan/{workshop.pk}/"
    door = f"/quan-tri/diem-danh/{workshop.pk}/"
    parts = ("thong-tin", "buoi", "tin-nhan", "tin-nhan/gui/invitation", "trong-lop", "giay-to", "bao-cao", "chot")
    return [
        *(f"{own}{part}/" for part in (*parts, "nhap-danh-sach", "them-dai-bieu", "phong", "huy")),
        *(f"/quan-tri/tap-huan/dai-bieu/{held.pk}/{what}/" for what in ("huy", "di-thay")),
        *(f"{door}{what}/" for what in ("ban", "co-mat", "xem-lai")),
        f"/quan-tri/diem-danh/ban/{desk.pk}/thoi-nhan/",
        f"/quan-tri/diem-danh/buoi/{session.pk}/",
    ]


def test_each_page_has_one_heading_and_the_way_back(held, organiser):
    client = cast.client_of(organiser)
    with cast.on(cast.NOW):
        for address in pages(held):
            answer = client.get(address)
            assert answer.status_code == 200, address
            assert answer.text.count("<h1") == 1, address
            assert 'type="datetime-local"' not in answer.text, address  # a browser's own is in the browser's language
            assert f'<a href="/quan-tri/tap-huan/{held.workshop_id}/">{held.workshop.title}</a>' in answer.text, address
