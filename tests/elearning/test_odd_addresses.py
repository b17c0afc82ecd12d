"""Addresses that no link leads to are answered calmly, on both databases."""

from types import SimpleNamespace

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import DataError, connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from wagtail.models import Locale, Page

from elearning.faults import OddAddressesOfTheAdmin
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "path",
    ["/hoc/tim/?q=%00", "/c/?ma=%00", "/tai-khoan/noi-o/tim/?q=a%00b", "/demo/dien-thoai/?to=%00", "/%00", "/c/%00"],
)
def test_a_nul_is_not_found(path):
    cast.home()
    assert Client().get(path).status_code == 404


@pytest.mark.parametrize("space", ["pages/search", "person", "credential", "questionbank"])
def test_a_nul_is_not_found_in_the_admin_either(space):
    assert cast.client_of(cast.staff("administrator")).get(f"/quan-tri/{space}/?q=%00").status_code == 404


ODD_WORDS = ["'", '"', '"tôm', 'chuyện "tôm" ', 'a"b', '""', "*", "50%", "%s", "(", "AND", "NOT tôm", "\\", "d'a", "title:a", "a -b"]  # fmt: skip


@pytest.mark.parametrize("space", ["pages/", "choose-page/search/", "images/", "images/chooser/results/", "documents/"])
@pytest.mark.parametrize("words", ODD_WORDS)
@pytest.mark.usefixtures("made_course")
def test_marks_in_a_search_of_the_admin_are_looked_for_and_break_nothing(space, words):
    answer = cast.client_of(cast.staff("administrator")).get(f"/quan-tri/{space}", {"q": words})
    assert answer.status_code == 200


def test_words_between_marks_are_found_in_the_admin():
    cast.course(title="Tôm khô Rạch Gốc")
    page = cast.client_of(cast.staff("administrator")).get("/quan-tri/pages/", {"q": '"khô'}).text
    assert "Tôm khô Rạch Gốc" in page


def test_a_nul_in_a_posted_text_is_dropped(client):
    response = client.post("/tai-khoan/phieu-ma/", {"code": "ab\0c"})
    assert response.status_code == 200


@pytest.mark.parametrize(
    "path", ["/khong-co/", "/khoa-hoc/khong-co/bai-1/", "/" + "a/" * 300, "/../../etc/passwd", "/%ff/"]
)
def test_what_does_not_exist_is_said_in_vietnamese(path):
    cast.home()
    response = Client().get(path)
    assert response.status_code == 404
    assert "Không tìm thấy" in response.text


HUGE = "9" * 20


@pytest.mark.parametrize(
    "path",
    [
        "reports/site-history/?timestamp_from=0001-01-01",
        "users/?last_login_from=0001-01-01",
        f"users/?group={HUGE}",
        f"pages/?owner={HUGE}",
        "images/chooser/chosen-multiple/?id=abc",
        f"images/chooser/chosen-multiple/?id={HUGE}",
        "bulk/wagtailimages/image/delete/?id=abc",
        f"users/edit/{HUGE}/",
        "users/?export=csv",
        "users/?export=xlsx",
    ],
)
def test_an_address_of_the_admin_that_cannot_be_read_is_not_found(path):
    answer = cast.client_of(cast.staff("administrator")).get(f"/quan-tri/{path}")
    # PostgreSQL reads such a day, and knows no row with an id beyond the column.
    assert answer.status_code == 404 or (answer.status_code == 200 and connection.vendor == "postgresql")


def test_a_fault_of_the_admin_is_no_odd_address():
    request = RequestFactory().post("/quan-tri/users/")
    odd = OddAddressesOfTheAdmin(lambda request: HttpResponse())
    assert odd.process_exception(request, OverflowError()) is None
    assert odd.process_exception(RequestFactory().get("/quan-tri/users/"), ValueError("x")) is None
    assert odd.process_exception(RequestFactory().get("/hoc/"), OverflowError()) is None


@pytest.mark.parametrize(
    "fault", [OverflowError(), DataError(), ValueError("Field 'id' expected a number but got 'x'.")]
)
@pytest.mark.parametrize("path", ["/quan-tri/", "/quan-tri/users/edit/12/", "/quan-tri/users/?p=2&q=&from=2026-11-26"])
def test_the_same_fault_at_an_address_without_an_odd_value_stays_a_failure(fault, path):
    odd = OddAddressesOfTheAdmin(lambda request: HttpResponse())
    assert odd.process_exception(RequestFactory().get(path), fault) is None


def test_the_admin_speaks_of_this_platform_and_not_of_wagtail():
    client = cast.client_of(cast.staff("manager", cast.commune()))
    missing = client.get("/quan-tri/person/inspect/999999/")
    assert missing.status_code == 404
    for page in (missing.text, client.get("/quan-tri/").text):
        title = page.split("<title>", 1)[1].split("</title>", 1)[0]
        assert title.endswith("Học OCOP")
    assert "Không tìm thấy trang này" in missing.text
    assert "icon-wagtail" not in missing.text


@pytest.mark.parametrize(("role", "is_hidden"), [("manager", True), ("editor", False), ("administrator", False)])
def test_a_search_of_pages_is_for_whoever_has_pages(role, is_hidden):
    cast.home()
    page = cast.client_of(cast.staff(role)).get("/quan-tri/").text
    assert ("no-pages" in page.split("<body", 1)[1].split(">", 1)[0]) == is_hidden


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    "path", ["luot/{n}/", "luot/{n}/cau/1/", "luot/1/cau/{n}/", "luot/{n}/nop/", "luot/{n}/ket-qua/"]
)
def test_a_number_beyond_any_id_is_not_found(method, path):
    trainee = cast.client_of(cast.trainee())
    for number in (2**63, 10**30):
        answer = getattr(trainee, method)("/kiem-tra/" + path.format(n=number))
        assert answer.status_code in (404, 405)
    assert getattr(trainee, method)(f"/tai-khoan/dong-y/{2**63}/rut-lai/").status_code == 404


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("snippets/courses/legaltext/add/", {"number": "", "replaced_by": "abc"}),
        ("pages/add/courses/lessonpage/{course}/", {"title": "Bài", "slug": "bai"}),
    ],
)
def test_a_form_of_the_admin_that_cannot_be_read_is_told_in_words(path, form):
    parent = cast.course_page()
    answer = cast.client_of(cast.staff("editor")).post("/quan-tri/" + path.format(course=parent.pk), form)
    assert answer.status_code == 400
    assert "Chưa đọc được nội dung gửi đến" in answer.text


@pytest.mark.parametrize("action", ["publish", "unpublish", "delete", "move"])
@pytest.mark.parametrize("chosen", ["abc", ""])
def test_a_choice_of_pages_that_cannot_be_read_is_told_in_words(action, chosen):
    cast.course_page()
    answer = cast.client_of(cast.staff("administrator")).post(f"/quan-tri/bulk/wagtailcore/page/{action}/?id={chosen}")
    assert answer.status_code == 400
    assert "Chưa đọc được nội dung gửi đến" in answer.text


def test_a_parent_beyond_any_id_is_told_in_words():
    page = cast.course_page()
    form = {"new_title": "Bản sao", "new_slug": "ban-sao", "new_parent_page": HUGE}
    answer = cast.client_of(cast.staff("administrator")).post(f"/quan-tri/pages/{page.pk}/copy/", form)
    assert answer.status_code == 400
    assert "Chưa đọc được nội dung gửi đến" in answer.text


def asked_by(code: str) -> ObjectDoesNotExist:
    """A row that is not there, as code of that module asks for it."""
    try:
        exec("Page.objects.get(pk=0)", {"__name__": code, "Page": Page})  # noqa: S102
    except ObjectDoesNotExist as fault:
        return fault
    raise AssertionError("there is a page 0")


@pytest.mark.parametrize(
    ("view", "code", "status"),
    [
        ("wagtail.admin.views", "wagtail.admin.views", 400),
        ("accounts.admin_views", "accounts.actions", None),
        ("accounts.admin_views", "wagtail.models", None),
        ("wagtail.admin.views", "courses.receivers", None),
    ],
)
def test_a_row_that_is_not_there_is_the_form_s_mistake_only_where_wagtail_s_own_view_asks_for_it(
    db, view, code, status
):
    request = RequestFactory().post("/quan-tri/pages/1/copy/", {"new_parent_page": "0"})
    request.resolver_match = SimpleNamespace(func=SimpleNamespace(__module__=view))
    told = OddAddressesOfTheAdmin(lambda request: HttpResponse()).process_exception(request, asked_by(code))
    assert (told.status_code if told else None) == status


def test_an_empty_field_is_not_what_the_database_could_not_read():
    odd = OddAddressesOfTheAdmin(lambda request: HttpResponse())
    request = RequestFactory().post("/quan-tri/users/", {"name": ""})
    assert odd.process_exception(request, ValueError("Field 'id' expected a number but got ''.")) is None


def test_letters_that_the_form_did_not_hold_are_a_fault_of_ours():
    odd = OddAddressesOfTheAdmin(lambda request: HttpResponse())
    request = RequestFactory().post("/quan-tri/users/", {"name": "abc"})
    assert odd.process_exception(request, ValueError("Field 'id' expected a number but got 'xyz'.")) is None
    told = odd.process_exception(request, ValueError("Field 'id' expected a number but got 'abc'."))
    assert told.status_code == 400


def test_wagtails_failure_on_purpose_is_closed():
    english = Locale.objects.get_or_create(language_code="en")[0]
    cast.home().copy_for_translation(english).save_revision().publish()  # its page looks for its own in English
    assert cast.client_of(cast.staff("administrator")).get("/quan-tri/failwhale/").status_code == 404
