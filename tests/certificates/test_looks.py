"""The ready designs look as they were approved: each page as a picture of 60 dpi beside the one in `approved/`.

Tolerance: on average 1 of 255 a pixel, and 3 in 1,000 pixels that clearly differ (another version of a library smooths edges
otherwise). A colour, a line moved by two millimetres or a mark too many is far beyond it (the controls below). A look that is
meant to change: run this file with APPROVE=1, look at the pictures, commit them.
"""

import os
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageStat

from certificates.designing import Paper, standard
from certificates.rendering import papers

pytestmark = [pytest.mark.django_db, pytest.mark.once]
APPROVED = Path(__file__).parent / "approved"
AVERAGE, CLEARLY, SHARE = 1.0, 48, 0.003


@pytest.fixture(autouse=True)
def address(settings):
    settings.BASE_URL, settings.DEMO = "https://hoc.example", False


def drawn(paper: Paper, **changes: str) -> Image.Image:
    content = papers.draw(paper, papers.sample("usual") | changes)
    return pypdfium2.PdfDocument(content)[0].render(scale=60 / 72).to_pil().convert("RGB")


def is_alike(one: Image.Image, other: Image.Image) -> bool:
    if one.size != other.size:
        return False
    apart = ImageChops.difference(one, other).convert("L")
    clearly = sum(apart.histogram()[CLEARLY:]) / (apart.width * apart.height)
    return ImageStat.Stat(apart).mean[0] <= AVERAGE and clearly <= SHARE


@pytest.mark.parametrize("look", ["formal", "warm"])
def test_a_ready_design_looks_as_approved(look):
    path, now = APPROVED / f"{look}.png", drawn(standard(look))
    if os.environ.get("APPROVE"):
        now.quantize(64).save(path, optimize=True)
    with Image.open(path) as approved:
        assert is_alike(now, approved.convert("RGB"))


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
    with Image.open(APPROVED / f"{look}.png") as opened:
        approved, paper = opened.convert("RGB"), standard(look)
    lower = replace(paper, parts=({"type": "space", "value": {"height": 2}}, *paper.parts))
    assert not is_alike(drawn(lower), approved)
    assert not is_alike(drawn(replace(paper, accent="wine")), approved)
    assert not is_alike(drawn(paper, specimen="BẢN MẪU"), approved)
    assert not is_alike(drawn(replace(paper, parts=paper.parts[:-1])), approved)
