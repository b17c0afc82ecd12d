"""A workshop's list in the admin: what is shown before anything is written, and how one goes back to put it right."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from certificates import actions, by_hand
from certificates.models import Batch, Credential, WorkshopList
from tests import cast

from .test_by_hand import HERE, NEW

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(autouse=True)
def private(settings, tmp_path):
    settings.VAR_DIR = tmp_path


@pytest.fixture
def award():
    return cast.award(cast.course(lessons=2, with_quiz=True))


@pytest.fixture
def desk():
    return cast.client_of(cast.staff("organiser", cast.province()))


def said_of(award, **fields):
    return {
        "award": award.pk, "began_on": "2026-11-10", "ended_on": "2026-11-11", "reason": "Lớp ở xã", "agreed": "on",
        "rows": f"Lê Ba\t1980\t\t\t{HERE}", "scan": SimpleUploadedFile("ds ký.pdf", "%PDF-1.7 ký tên".encode()),
    } | fields  # fmt: skip


def test_numbers_are_shown_before_enough_to_compare_them_and_too_little_to_call(award, desk):
    cast.person("Trần Thị Út")
    rows = f"Lê Ba\t1980\t0912345678\t\t{HERE}\nTrần Thị Út\t\t0912000111\t\t{HERE}"
    page = desk.get(desk.post(NEW, said_of(award, rows=rows)).url).text
    assert page.count("09•• ••• 678") == page.count("09•• ••• 111") == 1
    assert "0912" not in page


def test_who_goes_back_to_put_something_right_finds_what_was_said_but_the_scan(award, desk):
    rows = f'Họ tên\tNăm sinh\tSĐT\tĐơn vị\tXã\nLê Ba\t19x0\t0912345678\tHTX Tôm, cua, cá, mắm, khô, ruốc\t{HERE}\nLê Tư\t\t\t"\t"'
    said = said_of(award, rows=rows, decision="12/QĐ", duration="4 buổi")
    link = re.search(r'href="([^"]+\?tu=[^"]+)"', desk.get(desk.post(NEW, said).url).text)[1]
    page = desk.get(link)
    assert "Riêng bản quét “ds_ký.pdf” thì phải chọn lại" in page.text
    form = page.context["form"]
    again = {name: form[name].value() for name in ("award", "began_on", "ended_on", "decision", "reason", "duration")}
    assert again == {name: said[name] for name in again}
    first, second = by_hand.read(form["rows"].value().encode(), "")
    assert (first.born, first.phone, first.unit) == ("19x0", "0912345678", "HTX Tôm, cua, cá, mắm, khô, ruốc")
    assert (second.name, second.unit, second.place) == ("Lê Tư", first.unit, HERE)
    assert desk.post(link, said | {"rows": form["rows"].value(), "scan": ""}).status_code == 302


def test_of_a_foreign_list_nothing_comes_back(award, desk):
    preview = desk.post(NEW, said_of(award)).url
    other = cast.client_of(cast.staff("organiser", cast.province("Lào Cai"), "0987654322"))
    page = other.get(f"{NEW}?tu={preview.removeprefix(NEW).strip('/')}").text
    assert "không còn được giữ" in page
    assert "Lê Ba" not in page


@pytest.mark.parametrize(
    ("typed", "printed"),
    [({}, "2 ngày"), ({"duration": "4 buổi"}, "4 buổi"), ({"began_on": "2026-11-11"}, "1 ngày")],
)
def test_how_long_it_was_is_shown_before_and_kept_and_without_a_word_it_is_the_days(award, desk, typed, printed):
    preview = desk.post(NEW, said_of(award, **typed)).url
    page = desk.get(preview).text
    assert f"<dd>{printed}</dd>" in page
    desk.post(preview, {"seen": page.split('name="seen" value="')[1].split('"')[0]})
    assert WorkshopList.objects.get().duration == printed


def test_who_issued_a_list_lands_on_its_papers_alone_and_prints_them_in_one_go(
    award, desk, django_capture_on_commit_callbacks
):
    other = cast.trainee("Lê Khác").person
    cast.finish(cast.enrolment(other, award.course))
    actions.issue_missing(at=cast.NOW)
    preview = desk.post(NEW, said_of(award)).url
    seen = desk.get(preview).text.split('name="seen" value="')[1].split('"')[0]
    with django_capture_on_commit_callbacks(execute=True):
        landed = desk.post(preview, {"seen": seen}).url
    page = desk.get(landed)
    assert Credential.objects.get(person__name="Lê Ba").number in page.text
    assert other.credentials.get().number not in page.text
    batch = {"token": page.context["form"]["token"].value(), "layout": "a4"}
    assert desk.post(landed, batch).url == f"/quan-tri/in-hang-loat/{Batch.objects.get().pk}/"
    assert [entry.enrolment.person.name for entry in Batch.objects.get().entries.all()] == ["Lê Ba"]
    stranger = cast.client_of(cast.staff("organiser", cast.province(), "0987654322"))
    assert stranger.get(landed).status_code == 404
