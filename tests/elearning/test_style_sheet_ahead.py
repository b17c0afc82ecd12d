"""The headers of a page name its style sheet, which a slow phone then need not read the page for."""

import pytest
from django.templatetags.static import static

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
