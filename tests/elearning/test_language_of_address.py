"""The language of an answer comes from its address, whatever the browser prefers or a cookie says."""

import pytest
from django.test import Client

from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PAGES = ["/", "/khoa-hoc/ke-chuyen/bai-1/", "/khoa-hoc/ke-chuyen/bai-2/", "/hoc/tim/", "/c/", "/khong-co/"]
PREFERENCES = {"accept-language": "en-GB,en;q=0.9"}


def english_reader() -> Client:
    client = Client(headers=PREFERENCES)
    client.cookies["django_language"] = "en"
    return client


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("reader", [Client, english_reader])
def test_an_address_without_a_prefix_is_vietnamese_for_everybody(path, reader):
    cast.course()
    response = reader().get(path)
    assert response["Content-Language"] == "vi"
    assert '<html lang="vi"' in response.text
    assert "Accept-Language" not in response.headers.get("Vary", "")


def test_a_prefix_is_english_for_everybody():
    cast.home()
    for reader in (Client(headers={"accept-language": "vi"}), english_reader()):
        response = reader.get("/en/hoc/tim/")
        assert response["Content-Language"] == "en"
        assert '<html lang="en"' in response.text
        assert "Accept-Language" not in response.headers.get("Vary", "")


def test_a_signed_in_page_and_the_admin_do_not_vary_either():
    cast.course()
    own = cast.client_of(cast.trainee()).get("/khoa-hoc/ke-chuyen/bai-1/", headers=PREFERENCES)
    admin = cast.client_of(cast.staff("administrator")).get("/quan-tri/", headers=PREFERENCES)
    for response in (own, admin):
        assert "Cookie" in response["Vary"]
        assert "Accept-Language" not in response["Vary"]


@pytest.mark.parametrize("path", ["/vi/hoc/tim/", "/en-gb/hoc/tim/", "/fr/hoc/tim/"])
def test_other_prefixes_lead_nowhere(path):
    cast.home()
    assert Client().get(path).status_code == 404
