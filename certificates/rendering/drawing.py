"""A design and what is frozen of a credential, as the templates print them."""

from collections.abc import Mapping
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from certificates import rules
from certificates.designing import Paper, fill, words

TEMPLATES = {"warm": "certificates/print_warm.html"}  # the others stand on the formal one
KEYS = {"who": "who_line", "address": "address_line", "register": "register_number"}  # placeholders named otherwise
LABELS = ("duration", "period", "result", "code", "number", "register", "until")  # both languages on one line
IN_TWO = (
    "scan",
    "not",
)  # one below the other; of the other fixed words a paper in both languages has one line of its own
COURSE_SIZES = ((74, ""), (104, " course-long"), (10_000, " course-longer"))  # by the number of letters


def template(paper: Paper) -> str:
    return TEMPLATES.get(paper.look, "certificates/print_formal.html")


def context(paper: Paper, values: Mapping[str, Any]) -> dict[str, Any]:
    """What a template prints: `values` of the credential, the fixed words `w`, and the parts in their order."""
    vi = {key: str(value) for key, value in values.items()}
    en = words.english(vi) if paper.language != "vi" else vi
    main = en if paper.language == "en" else vi
    return {
        **values,
        **{key: main[key] for key in main.keys() & values.keys() if key != "qr_src"},
        "specimen": values["specimen"] and (words.EN if paper.language == "en" else words.VI)["specimen"],
        "paper": paper,
        "lang": "en" if paper.language == "en" else "vi",
        "both": paper.language == "both",
        "en": words.EN,
        "w": {key: _fixed(key, paper.language) for key in words.VI},
        "name_size": rules.name_size(vi["name"]),
        "course_size": next(size for most, size in COURSE_SIZES if len(main["course"]) <= most),
        "issuer_en": vi.get("issuer_en", "") if paper.language == "both" else "",
        "signer_post_en": vi.get("signer_post_en", "") if paper.language == "both" else "",
        "parts": [_part(part, paper, vi, en) for part in paper.parts if part["type"] not in ("check", "signature")],
        "check": paper.part("check"),
        "signature": _signature(paper.part("signature"), paper, vi, en),
    }


def _fixed(key: str, language: str) -> SafeString:
    vi, en = words.VI[key], words.EN[key]
    if language == "both" and key in LABELS:
        return format_html('{} / <span lang="en">{}</span>', vi, en)
    if language == "both" and key in IN_TWO:
        return _two(vi, en)
    return format_html("{}", en if language == "en" else vi)


def _two(vi: str, en: str) -> SafeString:
    return format_html('{} <span class="en" lang="en">{}</span>', vi, en)


def _beside(vi: str, en: str) -> SafeString:
    return format_html('{} <span class="beside" lang="en">· {}</span>', vi, en)


def _filled(text: str, values: Mapping[str, str]) -> str:
    return fill(text, {**values, **{key: values[name] for key, name in KEYS.items()}})


def _said(value: Mapping[str, Any], key: str, paper: Paper, vi: Mapping[str, str], en: Mapping[str, str]) -> SafeString:
    """What a designer typed, escaped and filled in; a language in which nothing was typed is left out."""
    first, second = _filled(value.get(key) or "", vi), _filled(value.get(f"{key}_en") or "", en)
    if paper.language == "en":
        return (
            format_html("{}", second) if second else format_html('<span lang="vi">{}</span>' if first else "{}", first)
        )
    join = _two if key == "note" else _beside
    return join(first, second) if paper.language == "both" and second else format_html("{}", first)


def _part(part: dict[str, Any], paper: Paper, vi: Mapping[str, str], en: Mapping[str, str]) -> dict[str, Any]:
    kind, value = part["type"], part["value"]
    drawn: dict[str, Any] = {"type": kind, **value}
    if kind == "heading" and paper.language == "both":
        drawn |= {key: _filled(value.get(key) or "", vi) for key in ("title", "subtitle")}
        drawn["english"] = " ".join(
            filter(None, [_filled(value.get(f"{key}_en") or "", en) for key in ("title", "subtitle")])
        )
        return drawn
    for key in ("title", "subtitle", "text"):
        if key in value:
            drawn[key] = _said(value, key, paper, vi, en)
    if kind == "course":
        drawn["course_en"] = vi.get("course_en", "") if paper.language == "both" else ""
    if kind == "facts":
        drawn |= {"sentence": _sentence(value, paper, vi, en), "rows": _rows(value, paper, vi, en)}
    return drawn


def _sentence(shown: Mapping[str, bool], paper: Paper, vi: Mapping[str, str], en: Mapping[str, str]) -> SafeString:
    one, other = _facts(shown, vi, words.VI), _facts(shown, en, words.EN)
    if paper.language == "both":
        return _two(one, other)
    return format_html("{}", other if paper.language == "en" else one)


def _facts(shown: Mapping[str, bool], values: Mapping[str, str], said: Mapping[str, str]) -> str:
    """ "Thời lượng: 12 giờ học, từ ngày … đến ngày …. Kết quả: Đạt."."""
    first = [f"{said['duration']}: {values['duration']}"] if shown.get("duration") else []
    if shown.get("period"):
        first.append(values["period"] if first else f"{said['period']}: {values['period']}")
    second = [f"{said['result']}: {values['result']}"] if shown.get("result") else []
    return " ".join(f"{one}." for one in filter(None, [", ".join(first), *second]))


def _rows(
    shown: Mapping[str, bool], paper: Paper, vi: Mapping[str, str], en: Mapping[str, str]
) -> list[tuple[SafeString, str, str]]:
    """Label, words, and the words in English where a paper in both languages says them otherwise."""
    keys = {"duration": "duration", "period": "period_short", "result": "result"}
    main = en if paper.language == "en" else vi
    return [
        (
            _fixed(key, paper.language),
            main[name],
            en[name] if paper.language == "both" and en[name] != vi[name] else "",
        )
        for key, name in keys.items()
        if shown.get(key)
    ]


def _signature(
    value: Mapping[str, Any] | None, paper: Paper, vi: Mapping[str, str], en: Mapping[str, str]
) -> dict[str, Any] | None:
    return None if value is None else {**value, "note": _said(value, "note", paper, vi, en)}
