"""The ready designs look as they were approved (tests/approved.py says how, and what to do where one is meant to change)."""

from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from certificates.designing import Paper, standard
from certificates.rendering import papers
from tests.approved import approved, first_page, is_alike, is_as_approved

pytestmark = [pytest.mark.django_db, pytest.mark.once]
APPROVED = Path(__file__).parent / "approved"


@pytest.fixture(autouse=True)
def address(settings):
    settings.BASE_URL, settings.DEMO = "https://hoc.example", False


def drawn(paper: Paper, **changes: str) -> Image.Image:
    return first_page(papers.draw(paper, papers.sample("usual") | changes))


@pytest.mark.parametrize("look", ["formal", "warm", "plain"])
def test_a_ready_design_looks_as_approved(look):
    assert is_as_approved(drawn(standard(look)), APPROVED / f"{look}.png")


@pytest.mark.parametrize("language", ["vi", "en", "both"])
@pytest.mark.parametrize("look", ["formal", "warm", "plain"])
def test_before_an_address_stands_a_dot_only_where_something_stands_before_it(look, language):
    """Neither year nor unit is known of somebody, or a design leaves both out."""
    paper = standard(look, language)
    silent = {"type": "person", "value": {"who": False, "address": True}}
    without = replace(paper, parts=tuple(silent if part["type"] == "person" else part for part in paper.parts))
    for content in (
        papers.draw(paper, papers.sample("usual") | {"who_line": ""}),
        papers.draw(without, papers.sample("usual")),
    ):
        lines = pypdfium2.PdfDocument(content)[0].get_textpage().get_text_range().splitlines()
        (address,) = [line for line in lines if "Rạch Lá" in line]
        assert not address.lstrip().startswith("·")


@pytest.mark.parametrize("look", ["formal", "warm"])
def test_what_differs_is_seen(look):
    kept, paper = approved(APPROVED / f"{look}.png"), standard(look)
    lower = replace(paper, parts=({"type": "space", "value": {"height": 2}}, *paper.parts))
    assert not is_alike(drawn(lower), kept)
    assert not is_alike(drawn(replace(paper, accent="wine")), kept)
    assert not is_alike(drawn(paper, specimen="BẢN MẪU"), kept)
    assert not is_alike(drawn(replace(paper, parts=paper.parts[:-1])), kept)
