"""The interactions of a QTI item as kinds of question."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from quizzes.kinds import numbers

from .answers import decimal, letters, noted, short, spread
from .base import UnreadableError
from .gift import plain_rubric
from .qti import Item, attribute, first, name, within

type Data = dict[str, Any]
type Read = tuple[str, str, Data]  # kind, stem, data

INLINE = ("textentryinteraction", "inlinechoiceinteraction")


@dataclass(frozen=True)
class Key:
    """A <responseDeclaration>: right values, and what single values earn where that is said."""

    right: list[str]
    mapped: dict[str, Decimal]
    is_single: bool
    base: str
    ignores_case: bool
    most: Decimal  # what all right values earn together
    other: Decimal = Decimal(0)  # what each value earns that is not mapped

    def percent(self, value: str, whole: Decimal) -> int | float:
        share = round(float(self.mapped.get(value, self.other) * 100 / whole), 5)
        return int(share) if share.is_integer() else share


def read(item: Item) -> Read:
    found = [one for one in item.body().iter() if name(one).endswith("interaction")]
    kinds = [name(one) for one in found]
    if not found:
        return "description", item.words(item.body()), {}
    if unknown := next((one for one in kinds if one not in _KINDS and one not in INLINE), ""):
        raise UnreadableError(_("Chưa nhập được kiểu trả lời “%(kind)s”.") % {"kind": unknown})
    if all(kind in INLINE for kind in kinds):
        return _alone(item, found[0]) if kinds == ["textentryinteraction"] else _gaps(item, found)
    if len(found) > 1:
        raise UnreadableError(_("Câu này có %(n)s chỗ trả lời khác kiểu; hãy tách thành từng câu.") % {"n": len(found)})
    return _KINDS[kinds[0]](item, found[0])


def _stem(item: Item, interaction: Element) -> str:
    prompt = item.words(first(interaction, "prompt"))
    return "\n\n".join(words for words in (item.words(item.body()), prompt) if words)


def _key(item: Item, interaction: Element) -> Key:
    wanted = attribute(interaction, "responseidentifier")
    for declared in within(item.element, "responsedeclaration"):
        if attribute(declared, "identifier") == wanted:
            return _declared(declared, is_mapped=_is_mapped(item, wanted))
    raise UnreadableError(_("Không thấy đáp án (responseDeclaration) “%(name)s”.") % {"name": wanted[:60]})


def _is_mapped(item: Item, wanted: str) -> bool:
    """Whether the mapping of a response is what it is scored by; without any processing, that it is there says so."""
    processing = first(item.element, "responseprocessing")
    if processing is None:
        return True
    if template := attribute(processing, "template") or attribute(processing, "templatelocation"):
        return "map_response" in template or "match_correct" not in template
    mapped = [attribute(one, "identifier") for one in within(processing, "mapresponse")]
    return wanted in mapped or first(processing, "correct") is None


def _declared(declared: Element, *, is_mapped: bool) -> Key:
    correct, mapping = first(declared, "correctresponse"), first(declared, "mapping") if is_mapped else None
    right = [] if correct is None else [(one.text or "").strip() for one in within(correct, "value")]
    entries = [] if mapping is None else list(within(mapping, "mapentry"))
    mapped = {attribute(one, "mapkey"): decimal(attribute(one, "mappedvalue")) for one in entries}
    upper = attribute(mapping, "upperbound") if mapping is not None else ""
    most = decimal(upper) if upper else sum((value for value in mapped.values() if value > 0), Decimal(0))
    return Key(
        right, mapped, attribute(declared, "cardinality") == "single", attribute(declared, "basetype"),
        bool(entries) and all(attribute(one, "casesensitive", "true") == "false" for one in entries), most,
        decimal(attribute(mapping, "defaultvalue", "0")) if mapping is not None else Decimal(0),
    )  # fmt: skip


def _order(interaction: Element) -> Data:
    """A choice that keeps its place ("none of these") keeps the others in theirs: here all are shuffled or none."""
    is_fixed = any(attribute(one, "fixed") == "true" for one in interaction.iter())
    return {} if attribute(interaction, "shuffle") == "true" and not is_fixed else {"shuffle": False}


def _choice(item: Item, interaction: Element) -> Read:
    key = _key(item, interaction)
    if not key.right and not key.mapped:
        raise UnreadableError(_("Câu này chưa có đáp án."))
    if key.is_single:
        return "single", _stem(item, interaction), {"choices": _single(item, interaction, key)} | _order(interaction)
    data = {"choices": _several(item, interaction, key), "credit": "weights" if key.mapped else "all"}
    return "multiple", _stem(item, interaction), data | _order(interaction)


def _single(item: Item, interaction: Element, key: Key) -> list[Data]:
    best = max(key.mapped.values(), default=Decimal(0))
    right = key.right[:1] or [value for value, earned in key.mapped.items() if earned == best][:1]
    rows = []
    for row, named in _rows(item, interaction, right):
        weight = key.percent(named, best) if best > 0 else None
        usual = 100 if row["right"] else 0
        rows.append(row if weight is None or weight == usual else row | {"weight": weight})
    return rows


def _several(item: Item, interaction: Element, key: Key) -> list[Data]:
    """Where values are mapped they decide; else only all of them together earn the mark."""
    if not key.mapped:
        return [row for row, _named in _rows(item, interaction, key.right)]
    if key.most <= 0:
        raise UnreadableError(_("Câu này không có phương án nào đúng."))
    right = [value for value, earned in key.mapped.items() if earned > 0]
    return [row | {"weight": key.percent(named, key.most)} for row, named in _rows(item, interaction, right)]


def _rows(item: Item, interaction: Element, right: list[str]) -> list[tuple[Data, str]]:
    choices = list(within(interaction, "simplechoice", "inlinechoice"))
    if unknown := set(right) - {attribute(one, "identifier") for one in choices}:
        raise UnreadableError(
            _("Đáp án %(letters)s không có trong các phương án.") % {"letters": ", ".join(sorted(unknown))}
        )
    rows = []
    for letter, one in zip(letters(choices), choices, strict=True):
        named = attribute(one, "identifier")
        told = item.words(first(one, "feedbackinline"))
        rows.append(({"id": letter, "text": item.words(one), "right": named in right, "feedback": told}, named))
    return rows


def _ordering(item: Item, interaction: Element) -> Read:
    key = _key(item, interaction)
    words = {attribute(one, "identifier"): item.words(one) for one in within(interaction, "simplechoice")}
    if sorted(key.right) != sorted(words):
        raise UnreadableError(_("Thứ tự đúng phải nêu mỗi bước một lần."))
    items = [{"id": letter, "text": words[one]} for letter, one in zip(letters(key.right), key.right, strict=True)]
    return "ordering", _stem(item, interaction), {"items": items, "all_or_nothing": True}


def _matching(item: Item, interaction: Element) -> Read:
    key = _key(item, interaction)
    sets = [_associable(item, one) for one in within(interaction, "simplematchset")]
    if len(sets) != 2:
        raise UnreadableError(_("Câu ghép cặp phải có hai nhóm."))
    asked, offered = sets
    if not all([*asked.values(), *offered.values()]):
        raise UnreadableError(_("Có vế chưa ghi chữ, hoặc chỉ có hình mà hình không nhập được."))
    pairs = [value.split() for value in key.right or [value for value, earned in key.mapped.items() if earned > 0]]
    found = {pair[0]: pair[1] for pair in pairs if len(pair) == 2}
    if len(found) < len(pairs) or set(found) != set(asked) or not set(found.values()) <= set(offered):
        raise UnreadableError(_("Mỗi vế hỏi phải có đúng một vế khớp."))
    if len(set(key.mapped.values())) > 1:
        item.losses.append(_("Điểm riêng của từng cặp không nhập được; mỗi cặp được tính như nhau."))
    rows = [{"text": asked[one], "match": offered[match]} for one, match in found.items()]
    rows += [{"match": words} for one, words in offered.items() if one not in found.values()]
    data: Data = {"pairs": [{"id": letter} | row for letter, row in zip(letters(rows), rows, strict=True)]}
    return "matching", _stem(item, interaction), data | _order(interaction) | _together(key)


def _together(key: Key) -> Data:
    return {} if key.mapped else {"all_or_nothing": True}


def _associable(item: Item, group: Element) -> dict[str, str]:
    return {attribute(one, "identifier"): item.words(one) for one in within(group, "simpleassociablechoice")}


def _essay(item: Item, interaction: Element) -> Read:
    return "essay", _stem(item, interaction), plain_rubric()


def _alone(item: Item, interaction: Element) -> Read:
    """One place to type in is a question of its own; where it stood, the words have a line."""
    kind, data = _typed(item, interaction)
    marked = _marked(item, [interaction])
    stem = marked.replace("[[1]]", "" if marked.endswith("[[1]]") else r"\_\_\_\_\_").strip()
    return kind, stem, data


def _gaps(item: Item, found: list[Element]) -> Read:
    gaps = []
    for number, one in enumerate(found, start=1):
        kind, data = _typed(item, one) if name(one) == INLINE[0] else _listed(item, one)
        gaps.append({"id": str(number), "kind": kind, "data": data})
    return "gaps", _("Điền vào chỗ trống."), {"text": _marked(item, found), "gaps": gaps}


def _marked(item: Item, found: list[Element]) -> str:
    """The words of the item with [[1]] where the first of these stood. Brackets would be escaped on the way."""
    for number, one in enumerate(found, start=1):
        tail = one.tail
        one.clear()
        one.tag, one.text, one.tail = "span", f"\ue100{number}\ue101", tail
    return item.words(item.body()).replace("\ue100", "[[").replace("\ue101", "]]")


def _listed(item: Item, interaction: Element) -> tuple[str, Data]:
    key = _key(item, interaction)
    return "single", {"choices": _single(item, interaction, key)} | _order(interaction)


def _typed(item: Item, interaction: Element) -> tuple[str, Data]:
    key = _key(item, interaction)
    best = max(key.mapped.values(), default=Decimal(0))
    shares: dict[str, Any] = dict.fromkeys(key.right, 100)
    if best > 0:
        shares |= {value: key.percent(value, best) for value in key.mapped}
    if not any(shares):
        raise UnreadableError(_("Có chỗ trống chưa có đáp án."))
    if key.base in ("float", "integer"):
        return "numeric", {"answers": [_number(item, value) | noted(share, "") for value, share in shares.items()]}
    rows = [{"text": value} | noted(share, "") for value, share in shares.items() if value]
    data = short(rows, exact_case=not key.ignores_case)
    return "short", {name_: value for name_, value in data.items() if name_ != "wildcards"}


def _number(item: Item, value: str) -> dict[str, str]:
    """With the tolerance that the only comparison of the item allows."""
    equals = [
        one for one in within(item.element, "equal") if attribute(one, "tolerancemode") in ("absolute", "relative")
    ]
    exact = decimal(value)
    if len(equals) != 1:
        return spread(exact, Decimal(0))
    allowed = abs(decimal(attribute(equals[0], "tolerance").split()[0]))
    if attribute(equals[0], "tolerancemode") == "relative":
        allowed = abs(exact) * allowed / 100
    return spread(exact, Decimal(numbers.plain(allowed)))


_KINDS: Mapping[str, Callable[[Item, Element], Read]] = {
    "choiceinteraction": _choice,
    "orderinteraction": _ordering,
    "matchinteraction": _matching,
    "extendedtextinteraction": _essay,
}
