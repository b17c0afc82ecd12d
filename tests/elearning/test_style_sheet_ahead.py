"""The headers of a page name its style sheet, which a slow phone then need not read the page for."""

import pytest
from django.http import HttpResponse
from django.templatetags.static import static
from django.test import RequestFactory

from elearning import middleware
from elearning.middleware import StyleSheetAhead
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.once]
AHEAD = f"<{static('css/site.css')}>; rel=preload; as=style"


@pytest.mark.parametrize("path", ["/", "/khoa-hoc/", "/tai-khoan/dien-thoai/", "/khong-co/"])
def test_a_page_names_the_style_sheet_that_it_links(client, path):
    page = client.get(path)
    assert page.headers["Link"] == AHEAD
    assert f'<link rel="stylesheet" href="{static("css/site.css")}">' in page.text


def test_what_shows_nothing_or_has_a_look_of_its_own_names_none(client):
    assert "Link" not in client.get("/hoc/").headers, "leads to the log-in"
    assert "Link" not in client.get("/tai-khoan/noi-o/tim/", {"q": "rach"}).headers
    assert "Link" not in cast.client_of(cast.staff("administrator")).get("/quan-tri/").headers


LINKED = f'<link rel="stylesheet" href="{static("css/site.css")}">'


def answered(body: str, **headers: str) -> HttpResponse:
    return StyleSheetAhead(lambda _request: HttpResponse(body, headers=headers))(RequestFactory().get("/"))


def test_only_a_page_that_links_it_names_it():
    assert answered(LINKED).headers["Link"] == AHEAD
    assert "Link" not in answered("<p>Một trang khác</p>").headers


def test_a_page_that_says_its_own_links_keeps_them():
    assert answered(LINKED, Link="</khac.css>; rel=preload").headers["Link"] == "</khac.css>; rel=preload"


def test_without_collected_files_a_page_is_shown_all_the_same(monkeypatch):
    def uncollected(_name: str) -> str:
        raise ValueError("no such file was collected")

    monkeypatch.setattr(middleware, "static", uncollected)
    shown = answered(LINKED)
    assert shown.status_code == 200
    assert "Link" not in shown.headers
