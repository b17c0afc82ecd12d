"""Whether two PDFs hold the same, however they are written: compressed, in another order, with a signature added.

The dots of a page say nothing of what a screen reader reads aloud, of a title, of what is attached, or of a script. So the trees of both
files are walked side by side, from their roots.
"""

import math
from collections.abc import Collection
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pikepdf

# Made by whoever signs or saves, or told apart by what they say (`_titles`, `_is_for_signatures_alone`).
OF_ROOT = {"/Metadata", "/AcroForm", "/Perms", "/DSS", "/Extensions", "/Version"}
OF_STREAM = {"/Length", "/Filter", "/DecodeParms"}  # how it is packed is no part of what it holds
# A field or a form with anything else may run a script, be read aloud or draw.
OF_FIELD = {"/Type", "/Subtype", "/FT", "/T", "/V", "/Ff", "/DA", "/Lock", "/SV", "/Parent", "/Kids"}
OF_SIGNATURE = OF_FIELD | {"/Rect", "/F", "/P", "/MK", "/AP", "/NM", "/M", "/Border", "/BS", "/H", "/C"}
OF_FORM = {"/Fields", "/SigFlags", "/DR", "/DA", "/NeedAppearances"}
CORNERS = 4  # numbers of a place on a page
UNSCALED = 8 | 16  # flags of an annotation: it is not made smaller, nor turned, with its page
ROUNDED = 1e-5  # some programs write the numbers of a file anew with seven digits
TITLES = ("/Title", "/Author", "/Subject", "/Keywords")
DC, LANGUAGE = "{http://purl.org/dc/elements/1.1/}", "{http://www.w3.org/XML/1998/namespace}lang"
TOLD = (f"{DC}title", f"{DC}creator", f"{DC}description")
XMP_TITLES = ("dc:title", "dc:creator", "dc:description", "pdf:Keywords")
MOST = 200_000  # objects; a certificate has some thousands

type Pairs = list[tuple[Any, Any]]


def hold_the_same(before: "pikepdf.Pdf", after: "pikepdf.Pdf") -> bool:
    if _titles(before) != _titles(after) or not _is_for_signatures_alone(after.Root.get("/AcroForm")):
        return False
    parts = _named(before.Root, after.Root, OF_ROOT)
    return parts is not None and _are_alike(parts)


def _titles(pdf: "pikepdf.Pdf") -> list[str]:
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
        told = [str(xmp.get(key, "")) for key in XMP_TITLES]
    return told + _in_all_languages(pdf) + [str(pdf.docinfo.get(key, "")) for key in TITLES]


def _in_all_languages(pdf: "pikepdf.Pdf") -> list[str]:
    """What XMP says of the paper, each with its language: a viewer shows that of its reader."""
    from lxml import etree

    careful = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        told = etree.fromstring(bytes(pdf.Root.Metadata.read_bytes()), careful)
    except etree.XMLSyntaxError as problem:
        raise ValueError("unreadable XMP") from problem
    parts = [
        f"{said.tag} {one.get(LANGUAGE, '')} {one.text or ''}"
        for said in told.iter(*TOLD)
        for one in said.iter()
        if one is not said
    ]
    # Some programs take all the words within as one; and RDF may be written with attributes in place of elements.
    wholes = [" ".join("".join(said.itertext()).split()) for said in told.iter(*TOLD)]
    short = [f"{name} {value}" for one in told.iter() for name, value in one.attrib.items() if name in TOLD]
    return parts + wholes + short


def _are_alike(waiting: Pairs) -> bool:
    """Without calling itself, as trees of others may be of any depth; what was met once is not walked again, as they lead in circles."""
    met = set()
    while waiting:
        pair = waiting.pop()
        known = tuple(one.objgen if hasattr(one, "objgen") else (0, 0) for one in pair)
        if (0, 0) not in known:
            if known in met:
                continue
            met.add(known)
        parts = _parts(*pair)
        if parts is None or len(met) > MOST:
            return False
        waiting += parts
    return True


def _parts(before: Any, after: Any) -> Pairs | None:
    """What is to be compared within two objects; None where they differ themselves."""
    import pikepdf

    if _is_number(before) and _is_number(after):
        return [] if math.isclose(before, after, rel_tol=ROUNDED) else None
    if _kind(before) != _kind(after):
        return None
    if isinstance(before, pikepdf.Stream):
        return _named(before, after, OF_STREAM) if _content(before) == _content(after) else None
    if isinstance(before, pikepdf.Dictionary):
        return _of_pages(before, after) if before.get("/Type") == pikepdf.Name.Page else _named(before, after)
    if isinstance(before, pikepdf.Array):
        return _in_turn(list(before), list(after))
    return [] if before == after else None


def _is_number(found: Any) -> bool:
    return isinstance(found, (int, Decimal)) and not isinstance(found, bool)


def _kind(found: Any) -> Any:
    """All that is no number, text or the like is of one class in pikepdf."""
    return getattr(found, "_type_code", type(found))


def _of_pages(before: Any, after: Any) -> Pairs | None:
    """A page without marks may have an empty list of them or none."""
    marks, others = _in_turn(_unsigned(before), _unsigned(after)), _named(before, after, {"/Annots"})
    return None if marks is None or others is None else marks + others


def _in_turn(before: list[Any], after: list[Any]) -> Pairs | None:
    return list(zip(before, after, strict=True)) if len(before) == len(after) else None


def _named(before: Any, after: Any, left_out: Collection[str] = ()) -> Pairs | None:
    names = set(before.keys()).difference(left_out)
    return [(before[name], after[name]) for name in names] if names == set(after.keys()).difference(left_out) else None


def _unsigned(page: Any) -> list[Any]:
    """A signature is judged where signatures are."""
    return [one for one in page.get("/Annots", ()) if not _is_signature(one)]


def _is_signature(field: Any) -> bool:
    """Also where a program writes the field and its places on a page apart; below a place there is nothing."""
    import pikepdf

    if not isinstance(field, pikepdf.Dictionary) or ("/Parent" in field and "/Kids" in field):
        return False
    top = field.get("/Parent", field)
    places = list(top.get("/Kids", ()))
    is_one = field.get("/FT", top.get("/FT")) == pikepdf.Name.Sig and "/Parent" not in top
    return is_one and all(map(_may_be_part_of_one, (field, top, *places))) and not any("/Kids" in one for one in places)


def _may_be_part_of_one(part: Any) -> bool:
    import pikepdf

    return (
        isinstance(part, pikepdf.Dictionary)
        and set(part.keys()) <= OF_SIGNATURE
        and part.get("/Subtype", pikepdf.Name.Widget) == pikepdf.Name.Widget
        and part.get("/FT", pikepdf.Name.Sig) == pikepdf.Name.Sig
        and _has_one_place(part)
    )


def _has_one_place(part: Any) -> bool:
    """Of a longer list some programs take the first four numbers and others none; what keeps its size when the page is made smaller may
    cover more of it."""
    box = list(part.get("/Rect", (0, 0, 0, 0)))
    return len(box) == CORNERS and all(map(_is_number, box)) and not int(part.get("/F", 0)) & UNSCALED


def _is_for_signatures_alone(form: Any) -> bool:
    if form is None:
        return True
    return set(form.keys()) <= OF_FORM and all(map(_is_signature, form.get("/Fields", ())))


def _content(stream: Any) -> bytes:
    import pikepdf

    try:
        return bytes(stream.read_bytes())
    except pikepdf.PdfError:  # packed in a way that cannot be undone without loss, such as a photograph
        return bytes(stream.read_raw_bytes())
