"""A page kept as it was narrowed: opened again, shared within a unit, and never a way to see or to be led further (A2)."""

import html
import re
from urllib.parse import urlencode

import pytest

from accounts import actions as accounts
from accounts.models import User
from reports.models import SavedView
from reports.saving import actions, views
from tests import cast
from tests.reports.boards import BOARD, manager

pytestmark = pytest.mark.django_db
VIEWS, SAVE, TRENDS = "/quan-tri/cach-xem/", "/quan-tri/cach-xem/luu/", "/quan-tri/tien-do/xu-huong/"


def save(client, address: str, name: str = "Của tôi", unit: str = ""):
    return client.post(f"{SAVE}?{urlencode({'tu': address})}", {"ten": name, "chung": unit})


def ways_to_save(page: str) -> list[str]:
    return [html.unescape(found) for found in re.findall(rf'href="({re.escape(SAVE)}[^"]*)"', page)]


PAGES = [
    f"{BOARD}?doi_tuong=official", "/quan-tri/tien-do/ke-hoach/?nam=2026", "/quan-tri/tien-do/can-quan-tam/",
    "/quan-tri/tien-do/chu-the-chua-hoc/", f"{TRENDS}?quy=4", "/quan-tri/can-lien-he/",
    "/quan-tri/person/?kind=subject", "/quan-tri/subject/", "/quan-tri/enrolment/?state=unfinished", "/quan-tri/outsideclass/?year=2026",
]  # fmt: skip


@pytest.mark.parametrize("address", PAGES)
def test_every_page_of_managers_is_saved_as_it_is_narrowed_and_opened_again(course, address):
    client = manager("Cà Mau")
    (way,) = ways_to_save(client.get(address).text)
    assert client.get(way).status_code == 200
    answer = client.post(way, {"ten": "Xem hằng tuần", "chung": ""})
    assert (answer.status_code, answer.url) == (302, address)
    assert f'<a href="{html.escape(address)}">Xem hằng tuần</a>' in client.get(BOARD).text
    assert "Xem hằng tuần" in client.get("/quan-tri/").text


def test_it_is_renamed_and_removed(course):
    client = manager("Cà Mau")
    save(client, BOARD)
    view = SavedView.objects.get()
    client.post(f"{VIEWS}{view.pk}/", {"ten": "Tên mới", "chung": ""})
    assert "Tên mới</b>" in client.get(VIEWS).text
    assert "Của tôi</b>" not in client.get(VIEWS).text
    assert client.post(f"{VIEWS}{view.pk}/bo/").url == VIEWS
    assert "Tên mới</a>" not in client.get(BOARD).text


def test_what_is_not_shared_is_one_s_own(course):
    save(manager("Cà Mau"), BOARD)
    view, colleague = SavedView.objects.get(), manager("Cà Mau", "0987654398")
    assert "Của tôi" not in colleague.get(VIEWS).text
    for address in (f"{VIEWS}{view.pk}/", f"{VIEWS}{view.pk}/bo/"):
        assert colleague.post(address, {"ten": "Bị đổi", "chung": ""}).status_code == 404
    view.refresh_from_db()
    assert view.name == "Của tôi"


def test_what_is_shared_is_found_by_colleagues_of_the_same_unit_alone(course):
    unit = str(cast.province().pk)
    save(manager("Cà Mau"), f"{BOARD}?doi_tuong=official", "Cán bộ", unit)
    view = SavedView.objects.get()
    assert (view.is_shared, view.place) == (True, cast.province())
    assert "Cán bộ</a>" in manager("Cà Mau", "0987654398").get(BOARD).text
    officer = cast.client_of(cast.staff("manager", cast.commune(), "0987654397"))
    for other in (manager("Lào Cai", "0987654396"), manager(None, "0987654395"), officer):
        assert "Cán bộ</a>" not in other.get(BOARD).text
        assert other.post(f"{VIEWS}{view.pk}/bo/").status_code == 404


def test_a_colleague_takes_away_what_is_shared_and_renames_it_not(course):
    save(manager("Cà Mau"), BOARD, unit=str(cast.province().pk))
    view, colleague = SavedView.objects.get(), manager("Cà Mau", "0987654398")
    assert colleague.post(f"{VIEWS}{view.pk}/", {"ten": "Bị đổi", "chung": ""}).status_code == 404
    assert colleague.post(f"{VIEWS}{view.pk}/bo/").status_code == 302
    assert not SavedView.objects.exists()


def test_it_is_shared_with_no_unit_but_one_s_own(course):
    client = manager("Cà Mau")
    for unit in (str(cast.province("Lào Cai").pk), str(cast.commune().pk), "0", "x"):
        assert save(client, BOARD, unit=unit).status_code == 422
    assert not SavedView.objects.exists()


def test_a_shared_view_widens_nobody_s_scope(course):
    """Somebody with two places shares the board of one of them with the colleagues of the other."""
    user = cast.staff("manager", cast.province(), "0987654399")
    accounts.grant_role(user=user, role="manager", place=cast.province("Lào Cai"), by=None, at=cast.NOW)
    address = f"{BOARD}?dia-ban={cast.province('Lào Cai').pk}"
    assert save(cast.client_of(user), address, unit=str(cast.province().pk)).status_code == 302
    colleague = manager("Cà Mau", "0987654398")
    view = SavedView.objects.get()
    assert "Của tôi" in colleague.get(BOARD).text
    assert colleague.get(views.address_of(view)).status_code == 404
    enrolments = f"/quan-tri/enrolment/?place={cast.province('Lào Cai').pk}"
    save(cast.client_of(user), enrolments, "Ghi danh", str(cast.province().pk))
    assert "Chim Lào Cai" not in colleague.get(enrolments).text


@pytest.mark.parametrize(
    "address",
    [
        "https://example.com/quan-tri/tien-do/", "//example.com/quan-tri/tien-do/", "/\\example.com", "javascript:alert(1)", "",
        "/", "/hoc/", "/quan-tri/", "/quan-tri/tien-do/xlsx/", "/quan-tri/staff/", "/quan-tri/../hoc/", "http://[", "/quan-tri/tien-do/x/",
        "/quan-tri/tien-do/?" + "&".join(f"a{n}=1" for n in range(40)), "quan-tri/tien-do/",
    ],
)  # fmt: skip
def test_only_our_own_pages_of_managers_are_saved(course, address):
    answer = save(manager("Cà Mau"), address)
    assert (answer.status_code, answer.url) == (302, VIEWS)
    assert not SavedView.objects.exists()


def test_words_of_a_search_and_the_page_of_a_list_are_not_kept(course):
    save(manager("Cà Mau"), "/quan-tri/person/?q=Chim+Ho%C3%A0ng&p=3&kind=subject&export=csv")
    assert SavedView.objects.get().query == "kind=subject"


def test_who_may_not_enter_a_page_does_not_save_it_and_does_not_see_it_offered(course):
    unit = str(cast.province().pk)
    save(manager("Cà Mau"), "/quan-tri/can-lien-he/", "Gọi", unit)
    organiser = cast.client_of(cast.staff("organiser", cast.province(), "0987654394"))
    assert "Gọi</a>" not in organiser.get(BOARD).text
    assert save(organiser, "/quan-tri/can-lien-he/").url == VIEWS
    assert SavedView.objects.count() == 1


@pytest.mark.parametrize("name", ["", "   ", "\u200b", "x" * 101])
def test_it_has_a_name_that_can_be_read(course, name):
    answer = save(manager("Cà Mau"), BOARD, name)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_a_name_is_there_once_and_may_look_like_html(course):
    client = manager("Cà Mau")
    save(client, BOARD, "<b>Một</b>")
    assert save(client, TRENDS, "<b>Một</b>").status_code == 422
    assert save(manager("Cà Mau", "0987654398"), BOARD, "<b>Một</b>").status_code == 302
    for address in (BOARD, VIEWS, "/quan-tri/"):
        assert "<b>Một" not in client.get(address).text


def test_nobody_keeps_more_than_a_hundred(course):
    user = cast.staff("manager", cast.province(), "0987654399")
    rows = [SavedView(owner=user, name=str(n), page="reports:board", at=cast.NOW) for n in range(actions.MOST)]
    SavedView.objects.bulk_create(rows)
    assert "Đã có 100 cách xem" in save(cast.client_of(user), BOARD).text
    assert User.objects.get(pk=user.pk)
