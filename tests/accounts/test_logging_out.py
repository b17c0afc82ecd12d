"""Logging out leaves nothing on the device."""

import pytest

from tests import cast

pytestmark = pytest.mark.django_db
STORES = "Clear-Site-Data"


@pytest.mark.parametrize(("is_https", "cleared"), [(True, '"cache"'), (False, None)])
def test_the_browser_is_told_to_forget_what_it_holds_where_it_heeds_that(settings, is_https, cleared):
    settings.HTTPS = is_https
    client = cast.client_of(cast.trainee())
    answer = client.post("/tai-khoan/dang-xuat/")
    assert answer.headers.get(STORES) == cleared
    assert client.get("/hoc/").status_code == 302


def test_a_page_of_a_person_is_kept_nowhere():
    answer = cast.client_of(cast.trainee()).get("/hoc/")
    assert "no-store" in answer.headers["Cache-Control"]


def test_what_a_browser_held_before_logging_in_is_no_session_afterwards(client):
    client.get("/tai-khoan/dang-nhap/")
    before = client.session.session_key
    client.cookies["sessionid"] = before
    user = cast.staff("editor")
    user.set_password("hoc-ocop-dung-thu")
    user.save()
    client.post("/tai-khoan/dang-nhap/", {"login": user.phone, "password": "hoc-ocop-dung-thu"})
    assert client.session["_auth_user_id"] == str(user.pk)
    assert client.session.session_key != before
