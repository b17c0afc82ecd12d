"""As whom somebody is written down who is known by unit and post alone."""

import re
from datetime import date

from accounts.importing.offices import is_official, level_of
from accounts.models import PersonKind, SubjectKind, SubjectRole
from lib import text

_UNDER = r"(?: (?:kinh doanh|san xuat|ky thuat|nhan su|ban hang|marketing|tai chinh))"
_HEAD = re.compile(
    rf"^(?:(?:tong )?giam doc(?!{_UNDER})|chu (?:nhiem|tich|co so|ho|doanh nghiep|the|hang|trai|vuon|so huu)|chu$|to truong|truong nhom|"
    r"(?:nguoi )?(?:dung dau|dai dien)|head)\b"
)
_MANAGER = re.compile(
    r"\b(?:giam doc|pho|quan ly|quan doc|ke toan|truong|phu trach|thu ky|thu quy|hdqt|kiem soat|manager)\b"
)
_WORKER = re.compile(r"\b(?:nhan vien|lao dong|cong nhan|thanh vien|xa vien|tho|nong dan|worker)\b")


def standing(unit: str, post: str, day: date | None) -> dict[str, str]:
    """`day` of what somebody is written down for, if that may be over."""
    if is_official(unit, post):
        return {"kind": PersonKind.OFFICIAL, "official_level": level_of(unit, day)}
    return {"kind": PersonKind.SUBJECT, "subject_name": unit, "subject_kind": SubjectKind.told_by(unit)}


def role_of(post: str) -> str:
    """In a subject; "" where the word for it says none. A deputy is no head."""
    folded = text.fold(post)
    known = {SubjectRole.HEAD: _HEAD, SubjectRole.MANAGER: _MANAGER, SubjectRole.WORKER: _WORKER}
    return next((role for role, words in known.items() if words.search(folded)), "")
