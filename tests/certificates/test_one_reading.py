"""A file that one program reads as our paper and another as somebody's forgery is not taken from an office, whatever it looks like here."""

import io
import re
from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory

import pikepdf
import pypdfium2
import pytest
from django.test import override_settings

from certificates import rendering
from certificates.office import alike
from certificates.office.reading import has_one_reading
from tests.conftest import made_for_a_file

from .test_checking_papers import somebody_s

pytestmark = [pytest.mark.django_db, pytest.mark.once]
FORGED = "Lê Văn Khác"


def drawn() -> tuple[bytes, bytes]:
    """A paper, and the same with another name."""
    credential = somebody_s()
    other = deepcopy(credential)
    other.evidence = other.evidence | {"name": FORGED}
    words, finisher = rendering.values(other), rendering.archival.finisher(credential)
    return rendering.pdf(credential), rendering.papers.draw(rendering.papers.paper_of(other), words, finisher)


def _drawn_for_the_file() -> tuple[bytes, bytes]:
    with TemporaryDirectory() as folder, override_settings(CERTIFICATE_KEYS=Path(folder)):
        return drawn()


made_papers = made_for_a_file(_drawn_for_the_file)


@pytest.fixture
def papers(made_papers, db):
    return made_papers


@pytest.fixture
def paper(papers):
    return papers[0]


def two_in_one(papers: tuple[bytes, bytes], end: bytes) -> bytes:
    """The forged paper first, then ours with its table; `end` leads back to the first, in whatever spelling."""
    ours, forged = map(plainly, papers)
    before, begins = forged[: forged.rindex(b"startxref")], place_of_table(forged)
    table, length = place_of_table(ours), len(before)
    places = ours[table : ours.rindex(b"startxref")]
    moved = re.sub(rb"(\d{10}) (\d{5}) n", lambda one: b"%010d %s n" % (int(one[1]) + length, one[2]), places)
    return before + ours[:table] + moved + b"startxref\n%d\n%%%%EOF\n" % (table + length) + end % begins


def plainly(data: bytes) -> bytes:
    kept = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.save(kept, object_stream_mode=pikepdf.ObjectStreamMode.disable, deterministic_id=True)
    return kept.getvalue()


def place_of_table(data: bytes) -> int:
    return int(re.findall(rb"startxref\s+(\d+)", data)[-1])


@pytest.mark.parametrize(
    "end",
    [
        b"startxref%d\n%%%%EOF\n",
        b"xstartxref\n%d\n%%%%EOF\n",
    ],
)
def test_two_papers_in_one_file_are_not_ours_though_the_page_is_drawn_as_ours(papers, paper, end):
    sent = two_in_one(papers, end)
    with pypdfium2.PdfDocument(paper) as before, pypdfium2.PdfDocument(sent) as after:
        assert alike.look_the_same(before, after)
    assert not alike.hold_the_same(paper, sent)


@pytest.mark.parametrize(
    "end",
    [
        b"startxref %%\n%d\n%%%%EOF\n",
        b"startxref\n+%d\n%%%%EOF\n",
        b"%%startxref%%\n%d\n%%%%EOF\n",
        b"startxref\n%d.0\n%%%%EOF\n",
    ],
)
def test_nor_are_those_whose_end_is_spelt_otherwise(papers, end):
    assert not has_one_reading(two_in_one(papers, end))


@pytest.mark.parametrize(
    ("what", "changed"),
    [
        ("something before it", lambda data: b"x\n" + data),
        ("something behind it", lambda data: data + b"x"),
        ("an end that leads nowhere", lambda data: re.sub(rb"(startxref\s+)\d+", rb"\g<1>7", data)),
        ("no end", lambda data: data[: data.rindex(b"startxref")]),
        ("a second table", lambda data: data.replace(b"trailer", b"trailer\n% /XRefStm\n", 1)),
    ],
)
def test_a_file_is_read_in_one_way_only_without(paper, what, changed):
    assert has_one_reading(plainly(paper)), what
    assert not has_one_reading(changed(plainly(paper))), what


@pytest.mark.parametrize(
    "how",
    [
        {},
        {"linearize": True},
        {"qdf": True},
        {"object_stream_mode": pikepdf.ObjectStreamMode.generate},
        {"object_stream_mode": pikepdf.ObjectStreamMode.disable},
    ],
)
def test_what_an_honest_program_saves_anew_is_read_in_one_way(paper, how):
    kept = io.BytesIO()
    with pikepdf.open(io.BytesIO(paper)) as pdf:
        pdf.save(kept, **how)
    assert has_one_reading(kept.getvalue())
    assert alike.hold_the_same(paper, kept.getvalue())


def test_what_pdfium_saves_anew_is_read_in_one_way(paper):
    kept = io.BytesIO()
    with pypdfium2.PdfDocument(paper) as pdf:
        pdf.save(kept)
    assert has_one_reading(kept.getvalue())
