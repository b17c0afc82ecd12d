"""Files of every kind around a credential: what went in comes out, and hostile files are refused in bounds."""

import json
import zlib
from io import BytesIO

import pikepdf
import pytest
from PIL import Image

from certificates.proofs import baking, papers, reading, strict
from certificates.proofs.findings import Finding, Refused

from . import signed

pytestmark = pytest.mark.once

SVG = '<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0"/></svg>'
TEXTS = [signed.token(), json.dumps(signed.secured() | {"name": "a ]]> <b> & “Út”"}, ensure_ascii=False)]


def png():
    data = BytesIO()
    Image.new("RGB", (9, 9), "red").save(data, "PNG")
    return data.getvalue()


def pdf(files, **extra):
    paper = pikepdf.new()
    paper.add_blank_page()
    for name, data in files.items():
        paper.attachments[name] = data
    data = BytesIO()
    paper.save(data, **extra)
    return data.getvalue()


def refusal(data):
    with pytest.raises(Refused) as told:
        reading.read(data)
    return told.value.finding


@pytest.mark.parametrize("text", TEXTS, ids=["token", "json"])
def test_what_was_baked_into_a_picture_comes_out(text):
    baked = baking.into_png(png(), text)
    assert reading.read(baked) == reading.Contents("png", [text])
    assert Image.open(BytesIO(baked)).getpixel((1, 1)) == (255, 0, 0)
    found = reading.read(baking.into_svg(SVG, text).encode())
    assert found.kind == "svg"
    assert found.credentials[0].replace("\\u003e", ">") == text


def test_a_picture_that_is_baked_again_holds_one_credential():
    assert reading.read(baking.into_png(baking.into_png(png(), "eyJ.1.1"), "eyJ.2.2")).credentials == ["eyJ.2.2"]


def test_what_is_attached_to_a_pdf_comes_out():
    paper = pdf({"chung-chi.jwt": TEXTS[0].encode(), "chung-chi.json": TEXTS[1].encode(), "khac.txt": b"x"})
    assert sorted(reading.read(paper).credentials) == sorted(TEXTS)


def test_a_token_in_its_envelope_is_read():
    envelope = {"id": f"data:application/vc+jwt,{TEXTS[0]}", "type": "EnvelopedVerifiableCredential"}
    assert reading.read(json.dumps(envelope).encode()).credentials == [TEXTS[0]]


@pytest.mark.parametrize(
    "data", [b"", b"GIF89a", png(), SVG.encode(), pdf({}), "Giấy chứng nhận".encode()], ids=range(6)
)
def test_a_file_without_a_credential_is_called_so(data):
    assert refusal(data) == Finding.NO_CREDENTIAL


@pytest.mark.parametrize(
    "data",
    [
        png()[:40],
        baking.into_png(png(), "eyJ.1.1").replace(b"eyJ.1", b"eyJ.2"),
        baking.PNG + b"\xff\xff\xff\xffiTXt",
        b"%PDF-1.7 ...",
        pdf({"a.jwt": b"x"}, encryption=pikepdf.Encryption(owner="a", user="b")),
        b"<svg",
        b"<html><body>",
    ],
    ids=["cut off", "changed", "lying length", "no pdf", "locked", "no xml", "html"],
)
def test_a_damaged_file_is_called_so(data):
    assert refusal(data) == Finding.DAMAGED


def test_two_credentials_in_a_picture_are_not_chosen_from():
    once = baking.into_png(png(), "eyJ.1.1")
    chunk = next(baking._chunk(kind, data) for kind, data in baking._chunks(once) if kind == b"iTXt")
    assert refusal(once.replace(chunk, chunk * 2)) == Finding.DAMAGED
    twice = baking.into_svg(SVG, "eyJ.1.1").replace("<path", '<openbadges:credential verify="x"/><path')
    assert refusal(twice.encode()) == Finding.DAMAGED


def test_entities_and_outside_files_in_a_picture_are_refused():
    laughs = '<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    outside = '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    for start in (laughs, outside, '<!DOCTYPE svg SYSTEM "http://127.0.0.1/x.dtd">'):
        baked = baking.into_svg(SVG.split("\n")[1].replace("M0", "&a;M0"), "eyJ.1.1")
        assert refusal((start + baked).encode()) == Finding.DAMAGED


def test_a_compressed_text_is_refused_unopened():
    body = baking.KEYWORD + b"\0\1\0\0\0" + zlib.compress(b"a" * 10**6)
    start = png()[: 8 + 25]
    assert refusal(start + baking._chunk(b"iTXt", body) + png()[33:]) == Finding.DAMAGED


def test_a_pdf_that_unpacks_to_gigabytes_dies_in_a_process_of_its_own():
    packer = zlib.compressobj(9)
    megabyte = packer.compress(bytes(2**20)) + packer.flush(zlib.Z_FULL_FLUSH)
    checksum = ((501 * 2**20 % 65521) << 16 | 1).to_bytes(4)
    packed = megabyte + megabyte[2:] * 500 + packer.flush()[:-4] + checksum
    paper = pikepdf.new()
    paper.add_blank_page()
    paper.attachments["a.jwt"] = b"x"
    embedded = paper.attachments["a.jwt"].get_file().obj
    embedded.write(packed, filter=pikepdf.Name.FlateDecode)
    data = BytesIO()
    paper.save(data, compress_streams=False)
    assert len(data.getvalue()) < 2**20
    assert refusal(data.getvalue()) in (Finding.TOO_LARGE, Finding.DAMAGED)  # as the libraries tell a lack of memory


def test_a_file_larger_than_allowed_is_not_looked_into():
    assert refusal(b"{" + b" " * reading.LARGEST) == Finding.TOO_LARGE
    big = json.dumps({"a": "x" * strict.LONGEST}).encode()
    with pytest.raises(Refused) as told:
        strict.parse(big)
    assert told.value.finding == Finding.TOO_LARGE


def test_a_picture_of_a_million_parts_is_not_built():
    assert refusal(b"<svg>" + b"<a/>" * 500_000 + b"</svg>") == Finding.TOO_LARGE


def test_a_slow_pdf_is_given_up(monkeypatch):
    monkeypatch.setattr(papers, "SECONDS", 0.001)
    assert refusal(pdf({"a.jwt": b"x"})) == Finding.TOO_LARGE
