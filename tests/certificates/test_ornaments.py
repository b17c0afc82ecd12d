"""Ornaments are drawn once a process and repeated: the paper looks as if each were drawn anew, and has the same bytes each time."""

import pytest
from weasyprint import HTML
from weasyprint.images import SVGImage

from certificates.designing import LOOKS, accents, standard
from certificates.rendering import papers, printing
from certificates.rendering.ornaments import Ornament, Pictures
from certificates.rendering.printing import Printer
from tests.approved import first_page, is_alike

pytestmark = [pytest.mark.django_db, pytest.mark.once]

FLAT = '<path d="M1 1L9 9L1 9z" fill="#0a5"/>'
NEEDS_SOMETHING = {
    "opacity": '<path d="M1 1L9 9L1 9z" fill="#0a5" opacity=".5"/>',
    "paint that shines through": '<path d="M1 1L9 9L1 9z" fill="#0a5" fill-opacity=".5"/>',
    "a gradient": '<linearGradient id="g"><stop stop-color="#0a5"/><stop offset="1" stop-color="#fff"/></linearGradient>'
    '<path d="M1 1L9 9L1 9z" fill="url(#g)"/>',
}


@pytest.fixture
def printer(monkeypatch):
    """Of nobody else, so that nothing is kept yet."""
    fresh = Printer()
    monkeypatch.setattr(Printer, "_shared", fresh)
    return fresh


def content(look, accent=accents.GREEN):
    return papers.page(standard(look), papers.sample("usual")), look, accent


@pytest.mark.parametrize("accent", ["green", "wine"])
@pytest.mark.parametrize("look", LOOKS)
def test_repeated_ornaments_look_like_drawn_ones(printer, monkeypatch, look, accent):
    first = printer.pdf(*content(look, accent))
    with monkeypatch.context() as patch:
        patch.setattr(SVGImage, "draw", lambda *_where: pytest.fail("an ornament was drawn a second time"))
        assert printer.pdf(*content(look, accent)) == first

    monkeypatch.setattr(Ornament, "draw", lambda self, *where: self.picture.draw(*where))
    assert first_page(printer.pdf(*content(look, accent))).tobytes() == first_page(first).tobytes()


def test_what_is_repeated_wrongly_is_seen(printer, monkeypatch):
    right = first_page(printer.pdf(*content("formal")))
    monkeypatch.setattr(
        Ornament, "draw", lambda self, stream, width, height, style: self.picture.draw(stream, width / 2, height, style)
    )
    assert not is_alike(first_page(printer.pdf(*content("formal"))), right)


@pytest.fixture
def drawing(printer, monkeypatch):
    """Writes a page with a drawing on it twice: its ornament, and the page."""

    def write(inside):
        svg = (
            inside
            if "<svg" in inside
            else f'<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10">{inside}</svg>'
        )
        monkeypatch.setattr(printing, "_file", lambda _name, _accent: svg.encode())
        page = '<style>@page{size:40px 20px;margin:0}</style><img src="print:svg/x.svg"><img src="print:svg/x.svg">'
        opened = Pictures({}, printer.fetcher)
        written = HTML(string=page, url_fetcher=printer.fetcher).render(cache=opened).write_pdf()
        return opened["print:svg/x.svg"], first_page(written)

    return write


def test_a_flat_drawing_is_kept(drawing):
    ornament, page = drawing(FLAT)
    assert list(ornament.drawn) == [(10, 10)]
    assert b"0.6666" in ornament.drawn[10, 10]
    assert b"gs" not in ornament.drawn[10, 10]
    assert len(page.getcolors()) > 1


@pytest.mark.parametrize("inside", NEEDS_SOMETHING.values(), ids=NEEDS_SOMETHING)
def test_what_needs_something_of_its_document_is_drawn_each_time(drawing, inside):
    ornament, page = drawing(inside)
    assert list(ornament.drawn.values()) == [None]
    assert len(page.getcolors()) > 1


@pytest.mark.parametrize("file", sorted((printing.DESIGNS / "svg").iterdir()), ids=lambda file: file.stem)
def test_each_of_our_drawings_can_be_kept(drawing, file):
    ornament, _page = drawing(file.read_text())
    (operators,) = ornament.drawn.values()
    assert operators.split().count(b"q") == operators.split().count(b"Q")
