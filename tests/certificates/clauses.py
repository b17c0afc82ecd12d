"""Clauses of PDF/A-3 (ISO 19005-3, level A) and PDF/UA-1 (ISO 14289-1) that matter to a certificate, as rules over a file.

`findings(data)` names each broken rule: "fonts: …". Stricter than the standards in two points: no transparency at all, and the
document information says what the XMP says. No rule is taken on trust: test_clauses.py breaks each alone and sees it found.
Where veraPDF is on PATH, it is asked as well (`vera`).
"""

import io
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from hashlib import md5
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pikepdf
from fontTools.ttLib import TTFont

from .tagged import Page, dictionaries, elements, kids, numbers, unicode_of

type Rule = Callable[[pikepdf.Pdf, bytes], Iterator[str]]
RULES: dict[str, Rule] = {}
SPACES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "pdfuaid": "http://www.aiim.org/pdfua/ns/id/",
    "schema": "http://www.aiim.org/pdfa/ns/schema#",
}
ACTIONS = {
    "/Launch", "/JavaScript", "/Sound", "/Movie", "/ResetForm", "/ImportData", "/SubmitForm", "/Hide", "/SetOCGState",
    "/Rendition", "/Trans", "/GoTo3DView", "/GoToR", "/GoToE", "/URI", "/Named", "/Thread", "/Set-state", "/No-op",
}  # fmt: skip
STANDARD = {
    "Document", "Part", "Art", "Sect", "Div", "BlockQuote", "Caption", "TOC", "TOCI", "Index", "NonStruct", "Private",
    "P", "H", "H1", "H2", "H3", "H4", "H5", "H6", "L", "LI", "Lbl", "LBody", "Table", "TR", "TH", "TD", "THead", "TBody",
    "TFoot", "Span", "Quote", "Note", "Reference", "BibEntry", "Code", "Link", "Annot", "Ruby", "Warichu", "Figure",
    "Formula", "Form",
}  # fmt: skip
TEXT = {"P", "H1", "H2", "H3", "H4", "H5", "H6"}


def rule(name: str) -> Callable[[Rule], Rule]:
    def add(check: Rule) -> Rule:
        RULES[name] = check
        return check

    return add


def findings(data: bytes) -> list[str]:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return [f"{name}: {what}" for name, check in RULES.items() for what in check(pdf, data)]


def broken(data: bytes) -> set[str]:
    return {one.split(":")[0] for one in findings(data)}


@rule("file")
def file(pdf: pikepdf.Pdf, data: bytes) -> Iterator[str]:
    if not re.match(rb"%PDF-1\.[4-7][\r\n]+%[\x80-\xff]{4}", data):
        yield "header, or the comment of four high bytes after it"
    if len(pdf.trailer.get("/ID", [])) != 2:
        yield "no /ID"
    if not data.rstrip().endswith(b"%%EOF"):
        yield "something after the end"


@rule("encryption")
def encryption(pdf: pikepdf.Pdf, data: bytes) -> Iterator[str]:
    if pdf.is_encrypted or "/Encrypt" in pdf.trailer:
        yield "encrypted"


@rule("metadata")
def metadata(pdf: pikepdf.Pdf, data: bytes) -> Iterator[str]:
    """ISO 19005-3, 6.6: what the XMP says of itself, and that the document information says the same."""
    if "/Metadata" not in pdf.Root:
        yield "no XMP"
        return
    root = ElementTree.fromstring(pdf.Root.Metadata.read_bytes())  # noqa: S314 (ours)
    said = {
        "part": _property(root, "pdfaid:part"),
        "conformance": _property(root, "pdfaid:conformance"),
        "pdfuaid": _property(root, "pdfuaid:part"),
    }
    if said != {"part": "3", "conformance": "A", "pdfuaid": "1"}:
        yield f"claims {said}"
    explained = {one.text for one in root.iter(f"{{{SPACES['schema']}}}namespaceURI")}
    if SPACES["pdfuaid"] not in explained:
        yield "pdfuaid is not explained (6.6.2.3)"
    pairs = {"/Title": "dc:title", "/Author": "dc:creator", "/Subject": "dc:description", "/Producer": "pdf:Producer"}
    for key, name in pairs.items():
        if str(pdf.docinfo.get(key, "")) != _property(root, name):
            yield f"{key} differs"
    for key, name in {"/CreationDate": "xmp:CreateDate", "/ModDate": "xmp:ModifyDate"}.items():
        if not pdf.docinfo.get(key) or _digits(str(pdf.docinfo[key])) != _digits(_property(root, name)):
            yield f"{key} differs"


def _property(root: Any, name: str) -> str:
    prefix, local = name.split(":")
    wanted = f"{{{SPACES[prefix]}}}{local}"
    for description in root.iter(f"{{{SPACES['rdf']}}}Description"):
        if wanted in description.attrib:
            return str(description.attrib[wanted])
        found = description.find(wanted)
        if found is not None:
            return "".join(found.itertext()).strip()
    return ""


def _digits(moment: str) -> str:
    return re.sub(r"\D", "", moment.replace("+00'00", "").replace("+00:00", ""))


@rule("output intent")
def output_intent(pdf: pikepdf.Pdf, data: bytes) -> Iterator[str]:
    ours = [one for one in pdf.Root.get("/OutputIntents", []) if one.get("/S") == "/GTS_PDFA1"]
    if len(ours) != 1 or "/DestOutputProfile" not in ours[0]:
        yield "no profile of colours"
        return
    profile = ours[0].DestOutputProfile
    raw = profile.read_bytes()
    is_icc = raw[36:40] == b"acsp" and raw[16:20] == b"RGB " and raw[12:16] in (b"mntr", b"prtr") and raw[8] <= 4
    if not is_icc or profile.get("/N") != 3 or int.from_bytes(raw[:4], "big") != len(raw):
        yield "not an ICC profile of RGB"
    if any("CMYK" in Page(page).colours for page in pdf.pages):
        yield "CMYK without a profile"


@rule("fonts")
def fonts(pdf: pikepdf.Pdf, data: bytes) -> Iterator[str]:
    """6.2.11: embedded, cut to what is shown, every shown glyph there, as wide as is said, and with its text."""
    used: dict[tuple[int, int], set[int]] = {}
    for page in pdf.pages:
        for font, shown in Page(page).used.items():
            used.setdefault(font, set()).update(shown)
    for font in dictionaries(pdf):
        if font.get("/Type") == "/Font" and not str(font.Subtype).startswith("/CIDFont"):
            name = str(font.get("/BaseFont"))
            yield from (f"{name}: {fault}" for fault in _font(font, used.get(font.objgen, set())))


def _font(font: Any, shown: set[int]) -> Iterator[str]:
    if "/DescendantFonts" not in font:
        yield "no composite font"
        return
    inner = font.DescendantFonts[0]
    descriptor = inner.get("/FontDescriptor", {})
    program = descriptor.get("/FontFile2") or descriptor.get("/FontFile3")
    if program is None:
        yield "not embedded"
        return
    if not re.match(r"/[A-Z]{6}\+", str(font.BaseFont)):
        yield "not cut"
    if inner.Subtype == "/CIDFontType2" and "/CIDToGIDMap" not in inner:
        yield "no CIDToGIDMap"
    if font.Encoding != "/Identity-H" or inner.CIDSystemInfo.Ordering != "Identity":
        yield "an encoding of its own"
    yield from _glyphs(font, inner, TTFont(io.BytesIO(program.read_bytes())), shown)


def _glyphs(font: Any, inner: Any, program: TTFont, shown: set[int]) -> Iterator[str]:
    texts, widths, per_mille = unicode_of(font), _widths(inner), 1000 / program["head"].unitsPerEm
    order, advances = program.getGlyphOrder(), program["hmtx"].metrics
    if "/CIDSet" in inner.FontDescriptor:
        raw = inner.FontDescriptor.CIDSet.read_bytes()
        if any(not raw[code // 8 : code // 8 + 1] or not raw[code // 8] >> (7 - code % 8) & 1 for code in shown):
            yield "CIDSet lacks a glyph"
    for code in sorted(shown):
        text = texts.get(code, "")
        if code == 0 or code >= len(order):
            yield f"glyph {code} is not in the font"
            continue
        if not text or any(ord(letter) in (0, 0xFEFF, 0xFFFE) or 0xE000 <= ord(letter) <= 0xF8FF for letter in text):
            yield f"glyph {code} has no text"
        if abs(widths.get(code, 1000) - advances[order[code]][0] * per_mille) > 1:
            yield f"glyph {code} is not as wide as is said"


def _widths(inner: Any) -> dict[int, float]:
    found: dict[int, float] = {}
    listed = list(inner.get("/W", []))
    while listed:
        first, following = int(listed.pop(0)), listed.pop(0)
        if isinstance(following, pikepdf.Array):
            found |= {first + at: float(width) for at, width in enumerate(following)}
        else:
            found |= dict.fromkeys(range(first, int(following) + 1), float(listed.pop(0)))
    return found


@rule("transparency")
def transparency(pdf: pikepdf.Pdf, data: bytes) -> Iterator[str]:
    for one in dictionaries(pdf):
        if one.get("/SMask", "/None") != "/None" or one.get("/SMaskInData", 0) != 0:
            yield "a soft mask"
        if any(isinstance(one.get(key), (int, float)) or key in one for key in ("/ca", "/CA")) and _alpha(one) != {1}:
            yield "something shines through"
        if "/BM" in one and one.BM not in ("/Normal", "/Compatible"):
            yield "a blend mode"
        if one.get("/S") == "/Transparency":
            yield "a transparency group"


def _alpha(state: Any) -> set[float]:
    return {float(state[key]) for key in ("/ca", "/CA") if key in state and not isinstance(state[key], str)}


@rule("actions")
def actions(pdf: pikepdf.Pdf, data: bytes) -> Iterator[str]:
    if "/OpenAction" in pdf.Root or "/JavaScript" in pdf.Root.get("/Names", {}):
        yield "something happens on opening"
    for one in dictionaries(pdf):
        if "/AA" in one or "/JS" in one or (one.get("/S") in ACTIONS and one.get("/Type", "/Action") == "/Action"):
            yield "an action"
        if "/XFA" in one or one.get("/NeedAppearances") is True:
            yield "a form that is drawn by the reader"


@rule("images")
def images(pdf: pikepdf.Pdf, data: bytes) -> Iterator[str]:
    for one in dictionaries(pdf):
        if one.get("/Interpolate") is True:
            yield "interpolated"
        if "/Alternates" in one or "/OPI" in one or one.get("/Subtype") == "/PS" or "/Ref" in one:
            yield "another picture, or one from elsewhere"
        filters = one.get("/Filter", [])
        if "/LZWDecode" in (list(filters) if isinstance(filters, pikepdf.Array) else [filters]):
            yield "LZW"


@rule("attachments")
def attachments(pdf: pikepdf.Pdf, data: bytes) -> Iterator[str]:
    """6.8: named, of a known kind, dated, its relation said, reachable both ways."""
    named = _names(pdf.Root.get("/Names", {}).get("/EmbeddedFiles", {}))
    associated = {one.objgen for one in pdf.Root.get("/AF", [])}
    if len(associated) != len(pdf.Root.get("/AF", [])):
        yield "twice in /AF"
    for one in dictionaries(pdf):
        if one.get("/Type") == "/Filespec":
            if one.objgen not in associated or one.objgen not in named:
                yield "not in /AF or not in EmbeddedFiles"
            yield from _attachment(one)


def _names(tree: Any) -> set[tuple[int, int]]:
    inside = set().union(*(_names(kid) for kid in tree.get("/Kids", [])))
    return inside | {one.objgen for one in list(tree.get("/Names", []))[1::2]}


def _attachment(one: Any) -> Iterator[str]:
    if "/F" not in one or "/UF" not in one or not str(one.get("/Desc", "")):
        yield "no name or no description"
    if one.get("/AFRelationship") not in ("/Source", "/Data", "/Alternative", "/Supplement"):
        yield "no relationship"
    stream = one.get("/EF", {}).get("/F")
    if stream is None:
        yield "no file"
        return
    if not re.fullmatch(r"/[\w.+-]+/[\w.+-]+", str(stream.get("/Subtype", ""))):
        yield "no MIME type"
    params, raw = stream.get("/Params", {}), stream.read_bytes()
    if "/ModDate" not in params or params.get("/Size") != len(raw):
        yield "no date or a wrong size"
    if "/CheckSum" in params and bytes(params.CheckSum) != md5(raw, usedforsecurity=False).digest():
        yield "a wrong checksum"


@rule("document")
def document(pdf: pikepdf.Pdf, data: bytes) -> Iterator[str]:
    root = pdf.Root
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]+)*", str(root.get("/Lang", ""))):
        yield "no language"
    if root.get("/MarkInfo", {}).get("/Marked") is not True or root.MarkInfo.get("/Suspects") is True:
        yield "not marked as tagged"
    if not str(pdf.docinfo.get("/Title", "")) or root.get("/ViewerPreferences", {}).get("/DisplayDocTitle") is not True:
        yield "the title is not shown"
    if any(page.obj.get("/Tabs") != "/S" for page in pdf.pages):
        yield "tab order does not follow the tags"


@rule("tags")
def tags(pdf: pikepdf.Pdf, data: bytes) -> Iterator[str]:
    if "/StructTreeRoot" not in pdf.Root:
        yield "no tree"
        return
    roles = {key[1:] for key in pdf.Root.StructTreeRoot.get("/RoleMap", {})}
    level = 0
    for one in elements(pdf):
        name, parent = str(one.S)[1:], str(one.P.get("/S", "/"))[1:]
        if name not in STANDARD | roles:
            yield f"{name} is no standard tag"
        if name in TEXT and parent in TEXT:
            yield f"{name} inside {parent}"
        if (parent == "L" and name not in ("LI", "Caption", "L")) or (parent == "LI" and name not in ("Lbl", "LBody")):
            yield f"{name} inside {parent}"
        if (name == "LI" and parent != "L") or (name in ("Lbl", "LBody") and parent != "LI"):
            yield f"{name} inside {parent}"
        if re.fullmatch(r"H[1-6]", name):
            if int(name[1]) > level + 1:
                yield f"{name} after H{level}"
            level = int(name[1])
        if any(isinstance(kid, pikepdf.Dictionary) and "/S" in kid and kid.P.objgen != one.objgen for kid in kids(one)):
            yield "a child of another parent"


@rule("figures")
def figures(pdf: pikepdf.Pdf, data: bytes) -> Iterator[str]:
    for one in elements(pdf):
        if one.S == "/Figure":
            if not str(one.get("/Alt", one.get("/ActualText", ""))).strip():
                yield "no alternative"
            left, bottom, right, top = (float(value) for value in one.A.BBox)
            picture = _placed(pdf.pages[0])
            if picture and max(abs(a - b) for a, b in zip((left, bottom, right, top), picture, strict=True)) > 1:
                yield "not where its picture is"


def _placed(page: pikepdf.Page) -> tuple[float, ...] | None:
    """Where the one image of a page stands, in the page's own units."""
    matrix, kept = pikepdf.Matrix(), []
    for instruction in pikepdf.parse_content_stream(page):
        operator = str(instruction.operator)
        if operator == "q":
            kept.append(matrix)
        elif operator == "Q":
            matrix = kept.pop()
        elif operator == "cm":
            matrix = pikepdf.Matrix(*map(float, instruction.operands)) @ matrix
        elif operator == "Do" and page.Resources.XObject[str(instruction.operands[0])].Subtype == "/Image":
            corners = [matrix.transform((0, 0)), matrix.transform((1, 1))]
            (left, right), (bottom, top) = (sorted(one[axis] for one in corners) for axis in (0, 1))
            return left, bottom, right, top
    return None


@rule("content")
def content(pdf: pikepdf.Pdf, data: bytes) -> Iterator[str]:
    """ISO 14289-1, 7.1: all that is painted is in the tree or an artifact, once, and each knows the other."""
    tree = pdf.Root.get("/StructTreeRoot")
    parents = _numbered(tree.get("/ParentTree", {})) if tree is not None else {}
    for at, source in enumerate(pdf.pages):
        page = Page(source)
        if page.untagged:
            yield f"{len(page.untagged)} painted outside any tag"
        if page.nested:
            yield "tagged inside another tag, or twice"
        holding = parents.get(int(source.obj.get("/StructParents", -1)), [])
        held = [(number, one.objgen) for one in elements(pdf) for number in numbers(one)]
        if sorted(number for number, _ in held) != sorted(page.marked) and at == 0:
            yield "the tree and the page do not hold the same"
        if any(number >= len(holding) or holding[number].objgen != owner for number, owner in held):
            yield "content does not find its tag"


def _numbered(tree: Any) -> dict[int, Any]:
    listed = list(tree.get("/Nums", []))
    inside = {key: value for kid in tree.get("/Kids", []) for key, value in _numbered(kid).items()}
    return inside | {int(key): value for key, value in zip(listed[::2], listed[1::2], strict=True)}


@rule("fields")
def fields(pdf: pikepdf.Pdf, data: bytes) -> Iterator[str]:
    """6.3 and 7.18: on paper as on screen, with an appearance and a name, and in the tree."""
    parents = _numbered(pdf.Root.StructTreeRoot.get("/ParentTree", {})) if "/StructTreeRoot" in pdf.Root else {}
    for page in pdf.pages:
        for one in page.obj.get("/Annots", []):
            if one.Subtype != "/Widget":
                yield f"{one.Subtype} on the page"
                continue
            if int(one.get("/F", 0)) & 0b11_1111_1111 != 4 or "/N" not in one.get("/AP", {}) or len(one.AP) != 1:
                yield "hidden, or without an appearance"
            if not str(one.get("/TU", "")).strip():
                yield "no name for who cannot see it"
            owner = parents.get(int(one.get("/StructParent", -1)))
            if owner is None or owner.get("/S") != "/Form" or one.objgen not in _objects(owner):
                yield "not in the tree"


def _objects(element: Any) -> set[tuple[int, int]]:
    return {kid.Obj.objgen for kid in kids(element) if isinstance(kid, pikepdf.Dictionary) and "/Obj" in kid}


def vera(data: bytes) -> list[str]:
    """What veraPDF says, where it is installed: the standards' own judge."""
    program = shutil.which("verapdf")
    if program is None:
        return []
    with tempfile.NamedTemporaryFile(suffix=".pdf") as kept:
        Path(kept.name).write_bytes(data)
        asked = [[program, "--flavour", flavour, "--format", "text", kept.name] for flavour in ("3a", "ua1")]
        said = [subprocess.run(one, check=False, capture_output=True, text=True) for one in asked]  # noqa: S603
    return [one.stdout.strip() for one in said if not one.stdout.startswith("PASS")]
