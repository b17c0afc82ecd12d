"""Where the pages of papers break, and the one number that each of them has."""

import io
import re

import docx
import pypdfium2
import pytest

from tests import cast
from workshops.models import Workshop
from workshops.papers import making

from . import filled

pytestmark = [pytest.mark.django_db, pytest.mark.once]
MARGIN = 20 / 25.4 * 72  # points


@pytest.fixture
def workshop(planned, settings):
    settings.DEMO = False
    Workshop.objects.update(capacity=None)
    planned.refresh_from_db()
    return planned


@pytest.fixture
def client(workshop):
    return cast.client_of(cast.staff("organiser", cast.province()))


def pages_of(data):
    return [page.get_textpage() for page in pypdfium2.PdfDocument(data)]


def above_and_below(page):
    """What stands in the margins of an upright or a wide sheet."""
    wide, tall = page.page.get_size()
    return page.get_text_bounded(0, tall - MARGIN, wide, tall), page.get_text_bounded(0, 0, wide, MARGIN)


@pytest.mark.parametrize("what", ["ky-ten.pdf", "dai-bieu.pdf", "thanh-toan.pdf"])
def test_a_list_is_numbered_at_its_foot_alone(client, workshop, what):
    for number in range(40):
        filled.subject(workshop, f"Trần Thị Út {number}")
    ask = client.post if what == "thanh-toan.pdf" else client.get
    answer = ask(f"/quan-tri/tap-huan/{workshop.pk}/giay-to/{what}", {"to": "support"})
    pages = pages_of(answer.content)
    assert len(pages) > 1
    for number, page in enumerate(pages, 1):
        above, below = above_and_below(page)
        assert f"Trang {number}/{len(pages)}" in below
        assert number == 1 or re.findall(r"\d+", above) == []  # the first has the words of the foot there, in white


def test_the_report_is_numbered_at_the_top_alone(workshop):
    filled.here(filled.subject(workshop, "Lê Thị An"))
    pages = pages_of(making.report(workshop, "pdf").data)
    assert len(pages) > 2
    for number, page in enumerate(pages, 1):
        above, below = above_and_below(page)
        assert re.findall(r"\d+", above) == ([] if number == 1 else [str(number)])
        assert "Trang" not in below


def annexes_by_page(data):
    texts = [page.get_text_range() for page in pages_of(data)]
    return [re.findall(r"Phụ lục ([IV]+)\s*\n", text) for text in texts]


def breaks(data):
    paragraphs = docx.Document(io.BytesIO(data)).paragraphs
    heads = [one for one in paragraphs if re.match(r"Phụ lục [IV]+\n", one.text)]
    return [bool(one.paragraph_format.page_break_before) for one in heads]


def test_annexes_of_a_sentence_follow_each_other_on_one_page(workshop):
    filled.here(filled.subject(workshop, "Lê Thị An"))
    found = [some for some in annexes_by_page(making.report(workshop, "pdf").data) if some]
    assert found == [["I", "II", "III"], ["IV"]]
    assert breaks(making.report(workshop, "docx").data) == [True, False, False, True]


def test_annexes_with_tables_begin_a_page_each(workshop):
    people = [filled.subject(workshop, f"Lê Thị An {number}") for number in range(6)]
    filled.here(*people)
    filled.sat(workshop, *[(one, 4, 8) for one in people])
    filled.feedback(workshop, 6)
    found = [some for some in annexes_by_page(making.report(workshop, "pdf").data) if some]
    assert found == [["I"], ["II"], ["III"], ["IV"]]
    assert breaks(making.report(workshop, "docx").data) == [True] * 4


def test_a_table_of_the_report_breaks_where_its_page_ends(workshop):
    """Only lists that somebody signs keep their last rows with the signatures."""
    for number in range(3):
        filled.subject(workshop, f"Lê Thị An {number}", kind=("enterprise", "cooperative", "household")[number])
    first = pages_of(making.report(workshop, "pdf").data)[0].get_text_range()
    assert "Bảng 1." in first
    assert "Hộ kinh doanh" in first
