"""A credential as a document: archival, tagged PDF (PDF/A-3a) and a picture for sending on."""

import io
import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from certificates import badging, rules
from certificates.designing import LOOKS, Paper, samples, standard
from certificates.models import Credential
from lib import apart, qr
from lib.refusals import Refusal

from . import archival, drawing, pictures
from .printing import Printer

if TYPE_CHECKING:
    from PIL.Image import Image

logger = logging.getLogger(__name__)
PATIENCE = 20  # seconds; a certificate takes a tenth of one
PICTURE_WIDTH, PICTURE_BYTES, QUALITIES = 1600, 300_000, (82, 74, 66, 50)


def pdf(credential: Credential) -> bytes:
    """The paper as it is before anybody signs it: the same bytes each time."""
    return result_of(begun(credential))


def begun(credential: Credential) -> apart.Running[bytes]:
    """`pdf`, for whoever has others drawn meanwhile; see `result_of`."""
    return begin(paper_of(credential), values(credential), archival.finisher(credential))


def paper_of(credential: Credential) -> Paper:
    """The design that was pinned at issue; certificates of before there were templates have one of our own two."""
    version = credential.template_version
    return Paper.of(version.data) if version else standard(credential.design)


def draw(paper: Paper, words: dict[str, Any], finisher: archival.Finisher | None = None) -> bytes:
    return result_of(begin(paper, words, finisher))


def begin(paper: Paper, words: dict[str, Any], finisher: archival.Finisher | None = None) -> apart.Running[bytes]:
    """What an office designed and what people are called is laid out in a process of its own: whatever it is, it can keep the site
    busy for seconds only."""
    content, printer = page(paper, words), ready(paper)
    return apart.Running(lambda: printer.pdf(content, paper.look, paper.accent, finisher), seconds=PATIENCE)


def page(paper: Paper, words: dict[str, Any]) -> str:
    """As HTML; its pictures are read in, since they are rows of the database."""
    shown = pictures.addresses(paper, words)
    pictures.read_in(shown.values())
    return render_to_string(drawing.template(paper), drawing.context(paper, words) | shown)


def ready(paper: Paper) -> Printer:
    """With fonts, style sheets and ornaments of this look and colour read in, which processes that are forked then share."""
    printer, own = Printer.shared(), (paper.look, paper.accent)
    if own not in printer.warm:
        printer.warm.add(own)
        printer.pdf(page(replace(standard(paper.look), accent=paper.accent), sample("usual")), *own)
    return printer


def read_in() -> None:
    """Before workers fork, and share it."""
    for look in LOOKS:
        ready(standard(look))


def result_of[T](drawn: apart.Running[T]) -> T:
    """Raises Refusal where nothing came of it."""
    try:
        return drawn.result()
    except apart.ApartError as problem:
        kind = getattr(problem, "kind", "it took too long")
        logger.error("a certificate could not be drawn: %s", kind)
        if kind in ("died", "MemoryError"):
            raise Refusal(_("Chưa vẽ được giấy này: máy chủ đang thiếu bộ nhớ. Hãy thử lại sau ít phút.")) from problem
        raise Refusal(_("Chưa vẽ được giấy này: mẫu giấy hoặc hình in có lỗi. Hãy báo đơn vị cấp.")) from problem


def picture_of(data: bytes) -> bytes:
    """A JPEG of under 300 kB, 1,600 pixels wide, with the visible marks of whoever signed."""
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    document.init_forms()  # else the field of a signature is not drawn
    page = document[0]
    image = page.render(scale=PICTURE_WIDTH / page.get_width()).to_pil().convert("RGB")
    tries = (_jpeg(image, quality) for quality in QUALITIES)
    return next((data for data in tries if len(data) < PICTURE_BYTES), _jpeg(image, QUALITIES[-1]))


def _jpeg(image: "Image", quality: int) -> bytes:
    data = io.BytesIO()
    image.save(data, "JPEG", quality=quality, optimize=True)
    return data.getvalue()


def address(credential: Credential) -> str:
    """What the QR says: the check page, and for a phone without a network what the issuer signed."""
    return badging.address(credential) + (f"#{credential.statement}" if credential.statement else "")


def readable_code(code: str) -> str:
    """ "7K4MQ2XD" → "7K4M-Q2XD"."""
    return f"{code[:4]}-{code[4:]}"


def values(credential: Credential) -> dict[str, Any]:
    """What the templates print. In the demo the specimen mark cannot be taken off."""
    evidence = credential.evidence
    return evidence | {
        "specimen": rules.SPECIMEN_MARK if credential.is_specimen or settings.DEMO else "",
        "issuer_plain": evidence["issuer"],
        "code": readable_code(credential.code),
        "domain": urlsplit(settings.BASE_URL).netloc,
        "qr_src": qr.picture(address(credential)),
    }


def sample(case: str) -> dict[str, Any]:
    """What a design is tried with; its code leads to a page that says that no paper bears it."""
    code, evidence = "MAUTHU22", samples.evidence(case)
    return evidence | {
        "specimen": rules.SPECIMEN_MARK if case == "specimen" else "",
        "issuer_plain": evidence["issuer"],
        "code": readable_code(code),
        "domain": urlsplit(settings.BASE_URL).netloc,
        "qr_src": qr.picture(f"{settings.BASE_URL}/c/{code}"),
    }
