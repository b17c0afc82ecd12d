"""The paper itself: archival PDF with its own fonts, and a picture that a phone can send."""

import io
import socket
from copy import deepcopy
from dataclasses import replace
from functools import cache
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import ClassVar
from urllib.request import urlopen

import pikepdf
import pytest
import zxingcpp
from PIL import Image

from certificates import rendering
from certificates.designing import WARM, standard
from certificates.rendering import papers

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def credential(in_each_look):
    return in_each_look


@pytest.fixture(scope="module")
def printed(made_credential):
    """The paper in a look, drawn once for all who only read it."""

    @cache
    def drawn(look: str) -> bytes:
        one = deepcopy(made_credential)
        one.design = look
        return rendering.pdf(one)

    return drawn


@pytest.fixture
def content(credential, printed):
    return printed(credential.design)


def fonts_of(page: pikepdf.Page) -> dict[str, pikepdf.Object]:
    found = {}
    for font in page.Resources.Font.values():
        inner = font.DescendantFonts[0] if "/DescendantFonts" in font else font
        found[str(font.BaseFont)] = inner.get("/FontDescriptor")
    return found


def text_of(content: bytes) -> str:
    import pypdfium2

    page = pypdfium2.PdfDocument(content)[0].get_textpage()
    return " ".join(page.get_text_range().split())


def test_one_a4_landscape_page_that_says_what_it_is(content):
    pdf = pikepdf.open(io.BytesIO(content))
    assert len(pdf.pages) == 1
    width, height = (float(value) for value in pdf.pages[0].MediaBox[2:])
    assert (round(width), round(height)) == (842, 595)
    assert pdf.Root.Lang == "vi"
    assert "/StructTreeRoot" in pdf.Root
    with pdf.open_metadata() as metadata:
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")


def test_every_font_is_embedded_and_ours(content):
    pdf = pikepdf.open(io.BytesIO(content))
    fonts = fonts_of(pdf.pages[0])
    assert fonts
    for name, descriptor in fonts.items():
        assert "/FontFile2" in descriptor or "/FontFile3" in descriptor, name
        assert "+Print-" in name, name


def test_a_name_in_khmer_is_set_in_our_own_font(credential):
    credential.evidence |= {"name": "ថាច់ សុវណ្ណារ៉ា", "course": "ភូមិ"}
    pdf = pikepdf.open(io.BytesIO(rendering.pdf(credential)))
    fonts = fonts_of(pdf.pages[0])
    assert any(name.endswith("Khmer") for name in fonts)
    assert all("+Print-" in name for name in fonts)


def test_the_words_can_be_read_and_copied(credential, content):
    words = text_of(content)
    for expected in ("Nguyễn Thị Ngọc Huyền", "Kể câu chuyện sản phẩm", "0001/GCN-MẪU", "Người Ký Mẫu"):
        assert expected.casefold() in words.casefold()
    assert rendering.readable_code(credential.code) in words
    assert "Không phải giấy chứng nhận sản phẩm OCOP" in words


def test_all_but_the_warm_design_have_quoc_hieu(credential, content):
    words = text_of(content).upper()
    assert ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in words) == (credential.design != WARM)


def test_a_specimen_says_so(content):
    assert "BẢN MẪU – KHÔNG CÓ GIÁ TRỊ" in text_of(content).upper()


def test_a_demo_prints_the_mark_whatever_the_record_says(credential, settings):
    credential.is_specimen = False
    assert "KHÔNG CÓ GIÁ TRỊ" in text_of(rendering.pdf(credential)).upper()
    settings.DEMO = False
    assert "KHÔNG CÓ GIÁ TRỊ" not in text_of(rendering.pdf(credential)).upper()


def test_the_qr_leads_to_the_check_page(credential, content):
    import pypdfium2

    picture = pypdfium2.PdfDocument(content)[0].render(scale=3).to_pil().convert("L")

    assert zxingcpp.read_barcodes(picture)[0].text == rendering.address(credential)


def test_the_picture_is_light_and_sharp_enough(credential):
    content = rendering.picture(credential)
    image = Image.open(io.BytesIO(content))
    assert image.format == "JPEG"
    assert image.size[0] == rendering.papers.PICTURE_WIDTH
    assert len(content) < 300_000


def test_words_of_a_hostile_name_are_words_and_nothing_is_fetched(credential, monkeypatch):
    def refuse(*arguments, **named):
        raise AssertionError("a certificate reached for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    credential.evidence["name"] = '<img src="http://127.0.0.1:9/x.png"><b>Ba</b>'
    assert "<img" in text_of(rendering.pdf(credential))


HOSTILE = (
    "file:///etc/passwd", "@import url(http://127.0.0.1:9/x.css)", "{{x.__class__}}", "{% include '/etc/passwd' %}",
    "<svg onload=alert(1)>", "<link rel=attachment href=file:///etc/passwd>", "<style>*{display:none}</style>", "url(print:fonts/x)",
)  # fmt: skip


def test_hostile_lines_of_a_template_are_printed_as_typed(credential, monkeypatch):
    def refuse(*arguments, **named):
        raise AssertionError("a certificate reached for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    lines = [{"type": "line", "value": {"text": typed, "text_en": "", "style": "small"}} for typed in HOSTILE]
    paper = standard(credential.design, "both")
    content = papers.draw(replace(paper, parts=(*paper.parts, *lines)), papers.values(credential))
    said = text_of(content)
    assert [typed for typed in HOSTILE if typed not in said] == []
    assert "/EmbeddedFiles" not in pikepdf.open(io.BytesIO(content)).Root.get("/Names", {})


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "print:../settings.py",
        "print:../fonts.css",
        "print:fonts/../../models.py",
        "data:text/html,x",
    ],
)
def test_the_printer_opens_its_own_files_only(address):
    with pytest.raises(ValueError, match=r"not ours|too many values"):
        rendering.Printer.shared().fetcher.fetch(address)


class Redirecting(BaseHTTPRequestHandler):
    """Answers on this machine, and leads elsewhere; `asked` says that somebody came."""

    asked: ClassVar[list[str]] = []

    def do_GET(self):
        self.asked.append(self.path)
        self.send_response(302 if self.path == "/away" else 200)
        self.send_header("Location", "file:///etc/passwd")
        self.end_headers()

    def log_message(self, *_said):
        """Tests are quiet."""


def test_the_printer_asks_no_server_not_even_one_that_leads_back_to_its_own_files():
    with HTTPServer(("127.0.0.1", 0), Redirecting) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        base = f"http://127.0.0.1:{server.server_port}"
        try:
            assert urlopen(f"{base}/here").status == 200  # noqa: S310 (our own server; the control)
            for address in (f"{base}/away", f"{base}/there"):
                with pytest.raises(ValueError, match="not ours"):
                    rendering.Printer.shared().fetcher.fetch(address)
        finally:
            server.shutdown()
            thread.join()
    assert Redirecting.asked == ["/here"]
