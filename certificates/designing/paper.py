"""What a design is, once frozen: plain data that says everything which is drawn."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from . import accents

FORMAL, WARM, PLAIN = "formal", "warm", "plain"
LOOKS = {
    FORMAL: _("trang trọng (có quốc hiệu)"),
    WARM: _("thân mật (doanh nghiệp, hợp tác xã)"),
    PLAIN: _("giản dị (không hoa văn)"),
}
LANGUAGES = {"vi": _("tiếng Việt"), "en": _("tiếng Anh"), "both": _("song ngữ Việt – Anh")}
MANDATORY = ("heading", "name", "course", "check")

type Part = dict[str, Any]  # {"type": name of a block (certificates.blocks), "value": its fields}


@dataclass(frozen=True)
class Paper:
    """`background`, `logo` and `seal` are the SHA-256 of pictures, "" for none."""

    look: str
    language: str
    accent: str
    parts: tuple[Part, ...]
    background: str = ""
    logo: str = ""
    seal: str = ""

    def as_data(self) -> dict[str, Any]:
        return asdict(self) | {"parts": [dict(part) for part in self.parts]}

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Paper":
        """Of a draft too: a mandatory part that it lacks is there all the same."""
        known = {key: data[key] for key in cls.__dataclass_fields__ if key in data}
        return cls(**known | {"parts": complete(data["parts"], data["look"])})

    def part(self, kind: str) -> dict[str, Any] | None:
        return next((part["value"] for part in self.parts if part["type"] == kind), None)


def complete(parts: Iterable[Part], look: str) -> tuple[Part, ...]:
    """With what no paper may lack; a part that is allowed once and stands twice counts once."""
    kept: list[Part] = []
    for part in parts:
        if part["type"] not in MANDATORY or all(other["type"] != part["type"] for other in kept):
            kept.append({"type": part["type"], "value": dict(part["value"] or {})})
    present = {part["type"] for part in kept}
    return (
        *kept,
        *(part for part in standard_parts(look) if part["type"] in MANDATORY and part["type"] not in present),
    )


def standard_parts(look: str) -> list[Part]:
    """The two designs that we ship, and where a new one begins. Plain borrows the words of the formal one."""
    is_warm = look == WARM
    return [
        {
            "type": "heading",
            "value": {
                "title": "Giấy chứng nhận" if is_warm else "GIẤY CHỨNG NHẬN",
                "subtitle": "hoàn thành khóa học",
                "title_en": "Certificate" if is_warm else "CERTIFICATE",
                "subtitle_en": "of completion",
            },
        },
        {
            "type": "lead",
            "value": {
                "text": "Trân trọng trao cho Ông/Bà" if is_warm else "Chứng nhận Ông/Bà",
                "text_en": "proudly presented to" if is_warm else "This is to certify that",
            },
        },
        {"type": "name", "value": {}},
        {"type": "person", "value": {"who": True, "address": True}},
        {
            "type": "line",
            "value": {
                "text": "đã hoàn thành {course_kind}",
                "text_en": ("who has" if is_warm else "has") + " completed the {course_kind}",
                "style": "done",
            },
        },
        {"type": "course", "value": {}},
        {"type": "facts", "value": {"duration": True, "period": True, "result": True}},
        {"type": "check", "value": {"register": True}},
        {
            "type": "signature",
            "value": {
                "note": "(bản điện tử, tra cứu bằng mã QR)",
                "note_en": "(electronic copy, verify by the QR code)",
                "hand": True,
                "seal": True,
            },
        },
    ]


def standard(look: str, language: str = "vi") -> Paper:
    return Paper(look=look, language=language, accent=accents.GREEN, parts=tuple(standard_parts(look)))
