"""Faults of WeasyPrint 70 in the tags of a page, mended in its objects before they are written."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pydyf

POINTS = 0.75  # of a CSS pixel
TEXT = ("/P", "/H1", "/H2", "/H3", "/H4", "/H5", "/H6")
SEAL = "seal"  # class of the line that says who sealed and when
FIELD = "ConDau"
PRINTED = 4  # flag of an annotation: it is on paper as well


def referred(pdf: "pydyf.PDF", reference: bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]


def mend(document: Any, pdf: "pydyf.PDF") -> None:
    height = document.pages[0].height * POINTS
    for one in [one for one in pdf.objects if isinstance(one, dict) and one.get("Type") == "/StructElem"]:
        parent = referred(pdf, one["P"])
        if one["S"] in TEXT and parent.get("S") in TEXT:
            one["S"] = "/NonStruct"  # a block inside a heading is no second heading
        elif one["S"] == "/Figure":
            left, top, right, bottom = (value * POINTS for value in one["A"]["BBox"])
            one["A"]["BBox"][:] = [left, height - bottom, right, height - top]  # it writes CSS's pixels, from the top
        elif one["S"] == "/L":
            _mend_list(pdf, one)


def _mend_list(pdf: "pydyf.PDF", whole: Any) -> None:
    """`dl > div > dt + dd`: each pair becomes an item with its label; blanks between two pairs go to the pair before."""
    items: list[Any] = []
    for child in _children(pdf, whole):
        if child["S"] == "/Div":
            child["S"] = "/LI"
            label, *bodies = _children(pdf, child)
            label["S"] = "/Lbl"
            for body in bodies:
                body["S"] = "/LBody"
            for inner in [inner for part in (label, *bodies) for inner in _children(pdf, part)]:
                inner["S"] = "/Span"
        elif child["S"] != "/LI" and items:
            body = _children(pdf, items[-1])[-1]
            body["K"].append(child.reference)
            child["P"] = body.reference
            continue
        items.append(child)
    whole["K"][:] = [item.reference for item in items]


def _children(pdf: "pydyf.PDF", element: Any) -> list[Any]:
    return [referred(pdf, kid) for kid in element["K"] if isinstance(kid, bytes)]


def spell_out(document: Any, pdf: "pydyf.PDF") -> None:
    """Text as it is written where glyphs do not tell it: of Khmer, which is drawn in another order and whose syllables WeasyPrint
    maps glyph by glyph, some to nothing; and the blank between two lines, which is not drawn."""
    texts = [box for box in _boxes(document.pages[0]._page_box) if hasattr(box, "text")]
    ends = {id(text) for text in _ends_of_lines(document.pages[0]._page_box)}
    if not ends and not any(_is_reordered(box.text) for box in texts):
        return
    spans = [one for one in pdf.objects if isinstance(one, dict) and one.get("S") == "/Span" and _holds_content(one)]
    page = referred(pdf, referred(pdf, pdf.page_references[0])["Contents"])
    marks = {item["MCID"]: item for item in page.stream if isinstance(item, dict) and "MCID" in item}
    for box, span in zip(texts, spans, strict=True):
        if _is_reordered(box.text):
            marks[span["K"][0]]["ActualText"] = _text(box.text)
        if _is_reordered(box.text) or id(box) in ends:
            span["ActualText"] = _text(box.text + (" " if id(box) in ends else ""))
    for one in pdf.objects:
        if getattr(one, "stream", [b""])[:1] == [b"/CIDInit /ProcSet findresource begin"]:
            one.stream = [item.replace(b"<>", b"<200b>") for item in one.stream]


def _holds_content(element: Any) -> bool:
    return isinstance((element.get("K") or [b""])[0], int)


def _ends_of_lines(page: Any) -> Iterator[Any]:
    for block in _boxes(page):
        lines = [child for child in getattr(block, "children", []) if type(child).__name__ == "LineBox"]
        for line in lines[:-1]:
            yield from [box for box in _boxes(line) if hasattr(box, "text")][-1:]


def _is_reordered(text: str) -> bool:
    return any("\u0900" <= letter < "\u1e00" for letter in text)


def _text(text: str) -> "pydyf.String":
    import pydyf

    return pydyf.String(text)


def flatten(pdf: "pydyf.PDF") -> None:
    """Every picture of a design is wrapped in a transparency group; where nothing shines through, the group says nothing and is
    taken away."""
    if any(_shines_through(one) for one in pdf.objects):
        return
    for one in pdf.objects:
        if "Group" in getattr(one, "extra", {}):
            del one.extra["Group"]


def _shines_through(one: Any) -> bool:
    extra = getattr(one, "extra", {})
    states = (one if isinstance(one, dict) else extra.get("Resources", {})) or {}
    states = states.get("ExtGState", {}) if isinstance(states, dict) else {}
    return "SMask" in extra or any(
        state.get("ca", 1) != 1 or state.get("CA", 1) != 1 or "SMask" in state or "BM" in state
        for state in states.values()
        if isinstance(state, dict)
    )


def add_field(document: Any, pdf: "pydyf.PDF") -> None:
    """An empty signature field over the line of the seal. The line itself is text of the page, in its own font and in the
    reading order; the field has nothing to draw, is tagged as a form and says the same to a screen reader."""
    import pydyf

    box = next(box for box in _boxes(document.pages[0]._page_box) if _is_seal(box))
    left, top = box.border_box_x() * POINTS, (document.pages[0].height - box.border_box_y()) * POINTS
    width, height = box.border_width() * POINTS, box.border_height() * POINTS
    page = referred(pdf, pdf.page_references[0])
    root = referred(pdf, pdf.catalog["StructTreeRoot"])
    whole, parents = referred(pdf, root["K"][0]), referred(pdf, root["ParentTree"])
    blank = pydyf.Stream([], {"Type": "/XObject", "Subtype": "/Form", "BBox": pydyf.Array([0, 0, width, height])})
    pdf.add_object(blank)
    field = pydyf.Dictionary(
        {
            "Type": "/Annot",
            "Subtype": "/Widget",
            "FT": "/Sig",
            "T": pydyf.String(FIELD),
            "TU": pydyf.String("".join(box.element.itertext())),
            "F": PRINTED,
            "P": page.reference,
            "Rect": pydyf.Array([left, top - height, left + width, top]),
            "AP": pydyf.Dictionary({"N": blank.reference}),
            "StructParent": len(pdf.page_references),
        }
    )
    pdf.add_object(field)
    shown = pydyf.Dictionary({"Type": "/OBJR", "Obj": field.reference, "Pg": page.reference})
    form = pydyf.Dictionary({"Type": "/StructElem", "S": "/Form", "P": whole.reference, "K": pydyf.Array([shown])})
    pdf.add_object(form)
    whole["K"].append(form.reference)
    parents["Nums"] += [len(pdf.page_references), form.reference]
    page["Annots"] = pydyf.Array([field.reference])
    pdf.catalog["AcroForm"] = pydyf.Dictionary({"Fields": pydyf.Array([field.reference]), "SigFlags": 3})


def _boxes(box: Any) -> Iterator[Any]:
    """In the order of the tags; what is placed absolutely stands in the tree as a placeholder."""
    box = getattr(box, "_box", box)
    yield box
    for child in getattr(box, "children", []):
        yield from _boxes(child)


def _is_seal(box: Any) -> bool:
    return box.element is not None and SEAL in (box.element.get("class") or "").split()
