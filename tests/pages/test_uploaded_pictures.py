"""Pictures as editors upload them: one by one, several at once, and while choosing one for a page."""

import io
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as Pillow
from PIL import ImageFile
from wagtail.images.models import Image

from tests import cast
from tests.lib.test_photographs import SECRETS, photograph

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def raster(kind: str = "png", size: tuple[int, int] = (40, 30)) -> bytes:
    out = io.BytesIO()
    Pillow.effect_noise(size, 50).convert("RGB").save(out, kind)
    return out.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def bomb(side: int) -> bytes:
    """A PNG of a few hundred bytes that says it is `side` pixels wide and high."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


def svg(inner: str = '<rect width="9" height="9"/>', size: str = 'width="10" height="10"') -> bytes:
    spaces = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f"<svg {spaces} {size}>{inner}</svg>".encode()


WHOLE = {
    "a.png": raster(),
    "a.jpg": raster("jpeg"),
    "a.webp": raster("webp"),
    "a.svg": svg(),
    "gradient.svg": svg('<style>.a{fill:url(#g)}</style><use xlink:href="#a"/><rect style="fill:url(#g)"/>'),
    "symbols.svg": svg('<symbol id="s"><rect/><rect/></symbol>' + '<use href="#s"/>' * 300),
    "note.svg": b'<?xml version="1.0"?><!-- Inkscape --><?xpacket begin=""?>' + svg(),
    "inkscape.svg": svg(
        '<s:namedview xmlns:s="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd" xmlns:i="http://www.inkscape.org/namespaces/inkscape"'
        ' i:zoom="1"/><metadata><r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:c="http://creativecommons.org/ns#">'
        '<c:Work r:about=""/></r:RDF></metadata><rect width="9" height="9"/>'
    ),
    "box.svg": svg(size='viewBox="0 0 40 30"'),
}
BROKEN = {
    "header.png": raster()[:20] + b"\xff" * 40,
    "half.png": raster()[: len(raster()) // 2],
    "half.jpg": raster("jpeg", (400, 300))[:2000],
    "signature.png": b"\x89PNG\r\n\x1a\n",
    "noise.gif": b"GIF89a" + b"\xff" * 30,
    "zero.svg": svg(size='width="0" height="10"'),
    "minus.svg": svg(size='width="-5" height="10"'),
    "words.svg": svg(size='width="rộng" height="10"'),
    "endless.svg": svg(size='width="1e999" height="10"'),
    "flat.svg": svg(size='width="10" height="10" viewBox="0 0 0 0"'),
    "cut.svg": svg()[:-8],
    "entities.svg": b'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + svg("<text>&b;</text>"),
    "sheet16.svg": '<?xml version="1.0" encoding="UTF-16"?><?xml-stylesheet href="a.css"?>'.encode("utf-16")
    + svg().decode().encode("utf-16")[2:],
    "entity.svg": b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/hostname">]>' + svg(),
    "no.png": b"khong phai hinh",
    "copies.svg": svg(
        '<g id="c0"><rect/></g>'
        + "".join(f'<g id="c{n}">' + f'<use xlink:href="#c{n - 1}"/>' * 10 + "</g>" for n in range(1, 10))
    ),
    "itself.svg": svg('<g id="a"><use href="#a"/></g>'),
    "deep.svg": svg("<g>" * 5000 + "</g>" * 5000),
}
LIVE = {
    "script.svg": svg("<script>alert(1)</script>"),
    "onload.svg": svg('<rect onload="alert(1)"/>'),
    "foreign.svg": svg("<foreignObject><p>x</p></foreignObject>"),
    "link.svg": svg('<a xlink:href="javascript:alert(1)"><rect/></a>'),
    "picture.svg": svg('<image href="https://example.com/pixel.png"/>'),
    "style.svg": svg("<style>@import url(https://example.com/a.css)</style>"),
    "escaped.svg": svg(r'<rect style="fill:u\72l(http://example.com/a)"/>'),
    "escaped-import.svg": svg(r"<style>@im\000070 ort 'https://example.com/a.css'</style>"),
    "fill.svg": svg('<rect style="fill:url(https://example.com/a.svg#b)"/>'),
    "nested.svg": svg('<image href="data:image/svg+xml;base64,AAAA"/>'),
    "sheet.svg": b'<?xml version="1.0"?>\n<?xml-stylesheet href="https://example.com/a.css"?>' + svg(),
    "doctype.svg": b'<?xml version="1.0"?><!DOCTYPE svg SYSTEM "https://example.com/a.dtd">' + svg(),
    "redirected.svg": svg('<h:meta xmlns:h="http://www.w3.org/1999/xhtml" http-equiv="refresh" content="0;/x"/>'),
    "form.svg": svg('<h:form xmlns:h="http://www.w3.org/1999/xhtml" action="https://example.com/"/>'),
    "srcset.svg": svg('<h:img xmlns:h="http://www.w3.org/1999/xhtml" srcset="https://example.com/a.png 1x"/>'),
    "set.svg": svg("<style>rect{mask-image:image-set('https://example.com/a.png' 1x)}</style>"),
    "webkit-set.svg": svg("<rect style=\"cursor:-webkit-image-set('https://example.com/a.png' 1x), auto\"/>"),
    "animated.svg": svg('<a><animate attributeName="xlink:href" values="javascript:alert(1)"/></a>'),
}
HUGE = {"huge.png": bomb(8000), "bomb.png": bomb(40_000), "bomb2.png": bomb(1_000_000)}


@pytest.fixture(params=[True, False], ids=["printing", ""])
def editor(db, settings, tmp_path, request, monkeypatch):
    """Whether or not WeasyPrint was needed before, which lets Pillow draw half a picture."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", request.param)
    settings.MEDIA_ROOT = tmp_path
    return cast.client_of(cast.staff("editor"))


def single(client, name, content):
    data = {"title": "Hình", "file": SimpleUploadedFile(name, content), "collection": 1}
    return client.post("/quan-tri/images/add/", data)


def multiple(client, name, content):
    data = {"title": "Hình", "files[]": SimpleUploadedFile(name, content), "collection": 1}
    return client.post("/quan-tri/images/multiple/add/", data)


def chooser(client, name, content):
    prefix = "image-chooser-upload-"
    data = {f"{prefix}title": "Hình", f"{prefix}file": SimpleUploadedFile(name, content), f"{prefix}collection": 1}
    return client.post("/quan-tri/images/chooser/create/", data)


WAYS = pytest.mark.parametrize("way", [single, multiple, chooser])


def said(response) -> str:
    """What the editor reads, whether it comes as a page or as JSON."""
    if "json" not in response["Content-Type"]:
        return response.text
    told = response.json()
    return str(told.get("error_message", "")) + str(told.get("htmlFragment", ""))


@WAYS
@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_picture_is_taken_and_drawn(editor, way, name):
    response = way(editor, name, WHOLE[name])
    assert response.status_code in (200, 302)
    assert Image.objects.get().get_rendition("width-20|format-png" if ".svg" not in name else "width-20").url
    assert editor.get("/quan-tri/images/").status_code == 200


@WAYS
def test_where_a_photograph_was_taken_is_not_kept_in_any_file_of_it(editor, way):
    way(editor, "nha.jpg", photograph("JPEG"))
    image = Image.objects.get()
    files = [image.file, image.get_rendition("width-100").file]
    assert not [secret for file in files for secret in SECRETS if secret in file.open().read()]


@WAYS
@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_picture_is_refused_with_a_sentence(editor, way, name):
    response = way(editor, name, BROKEN[name])
    assert response.status_code == 200
    assert any(words in said(response) for words in ("Tệp hình bị hỏng", "không phải hình", "quá nhiều điểm ảnh"))
    assert not Image.objects.exists()


@WAYS
@pytest.mark.parametrize("name", LIVE)
def test_a_vector_picture_that_runs_or_calls_elsewhere_is_refused(editor, way, name):
    response = way(editor, name, LIVE[name])
    assert response.status_code == 200
    assert "Hãy xuất lại thành PNG" in said(response)
    assert not Image.objects.exists()


@WAYS
@pytest.mark.parametrize("name", HUGE)
def test_a_picture_that_would_fill_the_memory_is_refused_unopened(editor, way, name, monkeypatch):
    monkeypatch.setattr(Pillow.Image, "load", lambda self: pytest.fail("opened"))
    response = way(editor, name, HUGE[name])
    assert response.status_code == 200
    assert "Hình lớn quá" in said(response)
    assert not Image.objects.exists()


def test_a_picture_is_replaced_by_a_whole_one_only(editor):
    single(editor, "a.png", WHOLE["a.png"])
    image = Image.objects.get()
    address = f"/quan-tri/images/{image.pk}/"
    response = editor.post(
        address, {"title": "Hình", "collection": 1, "file": SimpleUploadedFile("b.png", BROKEN["header.png"])}
    )
    assert "Tệp hình bị hỏng" in response.text
    assert editor.post(address, {"title": "Tên mới", "collection": 1}).status_code == 302
    image.refresh_from_db()
    assert image.title == "Tên mới"
