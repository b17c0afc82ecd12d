"""Pictures for papers are drawn anew: what is huge, broken, lying or alive is refused (threats C4 and I2)."""

import io
import struct
import zlib

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import ExifTags, Image

from certificates import pictures, rendering
from certificates.designing import standard
from certificates.models import Picture
from certificates.rendering import papers
from tests import cast

pytestmark = pytest.mark.django_db
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="50" height="50"><script>alert(1)</script><rect width="50" height="50"/></svg>'


def png(size=(300, 200), mode="RGB", colour: object = "navy") -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, "PNG")
    return out.getvalue()


def claimed(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is huge."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + head
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))


def upload(content: bytes, name: str = "chu-ky.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/png")


@pytest.mark.once
@pytest.mark.parametrize(
    "content",
    [SVG, b"", b"GIF89a" + b"\0" * 50, b"%!PS-Adobe-3.0 EPSF-3.0\n", b"<html>", png()[:200], claimed(100_000, 100_000),
     claimed(6000, 6000), b"\xff\xd8\xff\xe0" + b"\0" * 30, b"%PDF-1.7"],
    ids=["svg", "nothing", "gif", "eps", "html", "half", "bomb", "too many", "broken jpeg", "pdf"],
)  # fmt: skip
def test_what_cannot_be_printed_is_refused_with_a_sentence(content):
    with pytest.raises(ValidationError) as refused:
        pictures.rewritten(upload(content), "signature")
    assert "hình" in refused.value.messages[0].casefold()


@pytest.mark.once
def test_a_file_of_nine_megabytes_is_refused_before_it_is_opened():
    with pytest.raises(ValidationError, match="8 MB"):
        pictures.rewritten(upload(png() + b"\0" * 9_000_000), "logo")


@pytest.mark.once
def test_a_good_picture_keeps_nothing_but_its_look():
    sent, told = io.BytesIO(), Image.Exif()
    told[ExifTags.Base.ImageDescription] = "secret"
    Image.new("RGBA", (4000, 3000), (200, 30, 30, 255)).save(sent, "PNG", exif=told)
    assert b"secret" in sent.getvalue()
    data, width, height = pictures.rewritten(upload(sent.getvalue(), "x.svg"), "seal")
    assert data.startswith(b"\xff\xd8")
    assert b"secret" not in data
    assert max(width, height) <= 600


@pytest.mark.once
def test_what_was_clear_is_white():
    data, _width, _height = pictures.rewritten(upload(png((400, 283), "RGBA", (0, 0, 0, 0))[:]), "background")
    assert Image.open(io.BytesIO(data)).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.once
def test_a_background_must_be_a4_lying():
    with pytest.raises(ValidationError, match="A4"):
        pictures.rewritten(upload(png((300, 420))), "background")


def test_the_form_stores_it_once_and_never_changes_it():
    admin = cast.client_of(cast.staff("administrator"))
    form = {"name": "Dấu 2026", "kind": "seal"}
    assert admin.post("/quan-tri/picture/new/", form | {"file": upload(png())}).status_code == 302
    kept = Picture.objects.get()
    again = admin.post("/quan-tri/picture/new/", form | {"file": upload(png())})
    assert "Hình này đã có, tên là “Dấu 2026”" in again.text
    admin.post(
        f"/quan-tri/picture/edit/{kept.pk}/", {"name": "Dấu cũ", "kind": "logo", "file": upload(png(colour="red"))}
    )
    changed = Picture.objects.get()
    assert (changed.name, changed.kind, changed.sha256) == ("Dấu cũ", "seal", kept.sha256)
    shown = admin.get(f"/quan-tri/hinh-in/{kept.pk}/")
    assert (shown["Content-Type"], shown["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")


@pytest.mark.once
def test_pictures_stand_on_the_page_as_they_are_and_nothing_else_is_opened():
    from dataclasses import replace

    names = {
        kind: cast.picture(kind, colour).sha256
        for kind, colour in (("background", "wheat"), ("logo", "teal"), ("seal", "red"))
    }
    content = papers.draw(replace(standard("formal"), **names), papers.sample("usual"))
    pdf = pikepdf.open(io.BytesIO(content))
    drawn = [one for one in pdf.objects if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Image"]
    assert len([one for one in drawn if one.get("/Filter") == "/DCTDecode"]) == 3
    assert not any("/SMask" in one or one.get("/Interpolate") for one in drawn)


@pytest.mark.once
@pytest.mark.parametrize(
    "address",
    ["print:picture/0", "print:picture/../x", "print:picture/" + "0" * 64, "print:picture/a-b-c", "data:text/html,x",
     "data:image/svg+xml,<svg/>", "ftp://127.0.0.1/", "https://localhost/"],
)  # fmt: skip
def test_the_printer_opens_no_other_picture(address):
    with pytest.raises(Exception, match=r".*"):
        rendering.Printer.shared().fetcher.fetch(address)


def test_a_picture_whose_bytes_were_exchanged_is_not_printed():
    picture = cast.picture("logo", "teal")
    Picture.objects.filter(pk=picture.pk).update(data=png())
    rendering.pictures.content.cache_clear()
    with pytest.raises(LookupError):
        rendering.pictures.content(picture.sha256)
