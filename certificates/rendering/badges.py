"""The picture of an Open Badge: what was learnt and who says so, with the credential baked in.

It names nobody: whom it belongs to stands in the credential.
"""

import io
from typing import Literal, NamedTuple

from django.conf import settings
from django.template.loader import render_to_string

from certificates import badging, keys, rules
from certificates.models import Credential
from certificates.proofs import baking

from . import lettering
from .rasters import CLEAR, drawn

SIDE, MIDDLE = 600, 300
COURSE_SIZES = (54, 46, 40, 34, 29, 25)
COURSE_WIDE, COURSE_TALL = 450, 190
type Kind = Literal["png", "svg"]


class Words(NamedTuple):
    d: str
    fill: str


GREEN, SOFT, PAPER, RED = "#0f5145", "#37786a", "#fffdf8", "#a11f1f"


def badge(credential: Credential, kind: Kind) -> bytes | None:
    """None without a key of the issuer: a picture alone would prove nothing."""
    signer = keys.signer_of(credential)
    if signer is None:
        return None
    picture, token = _drawing(credential), badging.token(credential, signer.private, signer.kid)
    if kind == "svg":
        return baking.into_svg(picture, token).encode()
    out = io.BytesIO()
    drawn(f"<body>{picture}</body>", "badge.css", width=SIDE, ground=CLEAR).save(out, "PNG", optimize=True)
    return baking.into_png(out.getvalue(), token)


def _drawing(credential: Credential) -> str:
    evidence = credential.evidence
    course = lettering.fitted(evidence["course"], COURSE_SIZES, wide=COURSE_WIDE, tall=COURSE_TALL)
    issuer = lettering.fitted(evidence["issuer"], (24, 21, 18), wide=430, tall=75)
    words = [
        *_block(lettering.Fitted(24, ["Đã hoàn thành"]), middle=178, fill=SOFT),
        *_block(course, middle=297, fill=GREEN),
        *_block(issuer, middle=466, fill=PAPER),
    ]
    is_specimen = credential.is_specimen or settings.DEMO
    specimen = _block(lettering.Fitted(23, [rules.SPECIMEN_MARK]), middle=540, fill=RED)
    context = {"course": evidence["course"], "issuer": evidence["issuer"], "words": words}
    return render_to_string("certificates/badge.svg", context | {"specimen": specimen if is_specimen else []})


def _block(fitted: lettering.Fitted, *, middle: float, fill: str) -> list[Words]:
    """Lines one below the other around a height."""
    leading = fitted.size * lettering.LEADING
    first = middle - leading * (len(fitted.lines) - 1) / 2 + fitted.size * 0.36
    return [
        Words(lettering.outline(line, fitted.size, MIDDLE, first + number * leading), fill)
        for number, line in enumerate(fitted.lines)
    ]
