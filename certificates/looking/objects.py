"""Whether two PDFs hold the same, however they are written: compressed, in another order, with an empty signature added.

The dots of a page say nothing of what a screen reader reads aloud, of a title, of what is attached, or of a script. So the trees of both
files are walked side by side, from their roots.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pikepdf

# Told apart by what they say (`_titles`), or made by whoever signs or saves; how a stream is packed is no part of what it holds.
LEFT_OUT = {"/Metadata", "/AcroForm", "/Perms", "/DSS", "/Extensions", "/Length", "/Filter", "/DecodeParms", "/Version"}
TITLES = ("/Title", "/Author", "/Subject", "/Keywords")
XMP_TITLES = ("dc:title", "dc:creator", "dc:description", "pdf:Keywords")
CREDENTIAL = "/application/vc+jwt"  # judged by its own signature, which is another one once its key was lost
MOST = 200_000  # objects; a certificate has some thousands


def hold_the_same(before: "pikepdf.Pdf", after: "pikepdf.Pdf") -> bool:
    return _titles(before) == _titles(after) and _are_alike(before.Root, after.Root)


def _titles(pdf: "pikepdf.Pdf") -> list[str]:
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
        told = [str(xmp.get(key, "")) for key in XMP_TITLES]
    return told + [str(pdf.docinfo.get(key, "")) for key in TITLES]


def _are_alike(before: Any, after: Any) -> bool:
    """Without calling itself, as trees of others may be of any depth; what was met once is not walked again, as they lead in circles."""
    waiting, met = [(before, after)], set()
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


def _parts(before: Any, after: Any) -> list[tuple[Any, Any]] | None:
    """What is to be compared within two objects; None where they differ themselves."""
    import pikepdf

    if type(before) is not type(after):
        return None
    if isinstance(before, pikepdf.Stream):
        if before.get("/Subtype") == after.get("/Subtype") == CREDENTIAL:
            return []
        if _content(before) != _content(after):
            return None
    if isinstance(before, (pikepdf.Dictionary, pikepdf.Stream)):
        names = _names(before)
        return [(before[name], after[name]) for name in names] if names == _names(after) else None
    if isinstance(before, pikepdf.Array):
        mine, theirs = _unsigned(before), _unsigned(after)
        return list(zip(mine, theirs, strict=True)) if len(mine) == len(theirs) else None
    return [] if before == after else None


def _names(found: Any) -> set[str]:
    """A page without marks may have an empty list of them or none."""
    return {name for name in found if name not in LEFT_OUT and not (name == "/Annots" and not _unsigned(found[name]))}


def _unsigned(found: Any) -> list[Any]:
    """A signature's own field is judged where signatures are."""
    import pikepdf

    return [one for one in found if not (isinstance(one, pikepdf.Dictionary) and one.get("/FT") == "/Sig")]


def _content(stream: Any) -> bytes:
    import pikepdf

    try:
        return bytes(stream.read_bytes())
    except pikepdf.PdfError:  # packed in a way that cannot be undone without loss, such as a photograph
        return bytes(stream.read_raw_bytes())
