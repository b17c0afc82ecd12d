"""The subjects of which nobody has come, as a workbook, as CSV and as A4 pages: those of the page, each in its scope (A2)."""

import re

import pytest

from accounts import actions
from reports import papers
from reports.states import pages
from tests import cast
from tests.reports.boards import BOARD, manager
from tests.reports.test_files import body, lines, plain, rows_of_book, words_of_pdf

pytestmark = pytest.mark.django_db
PAGE = f"{BOARD}chu-the-chua-hoc/"


def subject(name: str, place=None, leader: str = "Bà Vắng"):
    where = place or cast.commune()
    return actions.write_subject(
        name=name, place=where, kind="cooperative", leader=leader, phone="0912345678", by=None, at=cast.NOW
    )


@pytest.fixture(autouse=True)
def _subjects():
    subject("HTX Vắng"), subject("HTX Đất Mũi", cast.commune("Đất Mũi"))
    subject("HTX Xa", cast.commune("Bảo Thắng", "Lào Cai"))
    cast.enrolment(cast.person("Chị Học", subject_name="Cơ sở đã học"), cast.course(lessons=1))


def test_all_three_say_whom_the_page_shows_and_the_page_leads_to_them():
    client = manager("Cà Mau")
    shown = client.get(PAGE).text
    assert all(f'href="{PAGE}{kind}/"' in shown for kind in papers.KINDS)
    title, _heads, *rows = lines(client, PAGE)
    assert re.fullmatch(r"Chủ thể chưa có ai học: Tỉnh Cà Mau, tính đến \d\d:\d\d \d\d/\d\d/\d{4}", title[0])
    assert [row[0] for row in rows] == re.findall(r'<li><a href="/quan-tri/subject/inspect/\d+/">(.+?)</a>', shown)
    assert rows[0] == ["HTX Đất Mũi", "hợp tác xã", "Bà Vắng", "xã Đất Mũi, tỉnh Cà Mau"]
    in_book = {plain(row) for row in rows_of_book(client, PAGE) if any(row)}
    assert in_book == {plain(row) for row in [title, _heads, *rows]}
    on_paper = words_of_pdf(client, PAGE)
    assert all(one in on_paper for one in ("HTX Vắng", "HTX Đất Mũi", "Bà Vắng", "Tính đến"))
    for one in ("HTX Xa", "Lào Cai", "Cơ sở đã học", "0912"):
        assert one not in on_paper + str(rows) + str(in_book), (
            "neither of another province nor more than the page shows"
        )


def test_all_of_its_pages_are_in_it_and_only_of_the_place_that_was_chosen(monkeypatch):
    monkeypatch.setattr(pages, "A_PAGE", 1)
    client, chosen = manager(None), {"dia-ban": cast.province().pk}
    assert {row[0] for row in lines(client, PAGE)[2:]} == {"HTX Vắng", "HTX Đất Mũi", "HTX Xa"}
    assert [row[0] for row in lines(client, PAGE, **chosen)[2:]] == ["HTX Đất Mũi", "HTX Vắng"]
    assert f'href="{PAGE}xlsx/?dia-ban={cast.province().pk}"' in client.get(PAGE, chosen).text


@pytest.mark.parametrize("kind", papers.KINDS)
def test_a_foreign_place_is_had_as_no_file_and_a_trainee_has_none(kind):
    client = manager("Cà Mau")
    for place in (cast.province("Lào Cai").pk, cast.commune("Bảo Thắng", "Lào Cai").pk, "0", "abc"):
        assert client.get(f"{PAGE}{kind}/", {"dia-ban": place}).status_code == 404
    assert client.post(f"{PAGE}{kind}/").status_code == 405
    assert cast.client_of(cast.trainee()).get(f"{PAGE}{kind}/").status_code in (302, 403)


@pytest.mark.parametrize("kind", papers.KINDS)
def test_who_sees_figures_and_no_subjects_reads_none_in_it(kind, monkeypatch):
    monkeypatch.setattr(pages, "TO_SEE_SUBJECTS", "accounts.of_nobody")
    client = manager("Cà Mau")
    shown = client.get(PAGE).text
    assert "HTX Vắng" not in shown
    assert f'href="{PAGE}{kind}/"' not in shown, "no file of nothing is offered"
    answer = client.get(f"{PAGE}{kind}/")
    assert answer.status_code == 200
    said = words_of_pdf(client, PAGE) if kind == "pdf" else str(rows_of_book(client, PAGE) + lines(client, PAGE))
    assert "HTX" not in said
    assert body(answer)


def test_too_many_for_paper_is_said_on_the_page(monkeypatch):
    monkeypatch.setattr(papers, "MOST_LINES", 1)
    answer = manager("Cà Mau").get(f"{PAGE}pdf/", follow=True)
    assert answer.redirect_chain == [(PAGE, 302)]
    assert "không in thành PDF được" in answer.text
