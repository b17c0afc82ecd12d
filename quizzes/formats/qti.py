"""QTI 2.1, 2.2 and 3.0: one item, or a package of them, read from the public descriptions.

Both generations say the same in two spellings (choiceInteraction, qti-choice-interaction): names are compared without
case, dashes and prefix. Foreign XML goes through defusedxml: no entities, nothing is fetched.
"""

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from posixpath import normpath
from urllib.parse import quote, unquote
from xml.etree.ElementTree import Element, tostring
from zipfile import ZipFile

from django.utils.translation import gettext as _

from lib.foreign import foreign_xml, packing

from . import markup
from .base import Draft, Parsed, Problem, UnreadableError
from .moodle_files import Files

LARGEST_ITEM, LARGEST_PICTURE = 2_000_000, 10_000_000  # bytes
MANIFEST = "imsmanifest.xml"
TOLD = ("modalfeedback", "rubricblock", "feedbackblock")
MEDIA = ("audio", "video", "include", "iframe", "object")
OWN_SCORING = (
    "responseelseif", "index", "stringmatch", "substring", "patternmatch", "gt", "gte", "lt", "lte", "equalrounded", "member",
    "contains", "delete", "customoperator", "mapresponsepoint", "lookupoutcomevalue", "divide", "mathoperator",
)  # fmt: skip
ASIDE = ("rubricblock", "feedbackblock", "stylesheet", "templateblock", "companionmaterialsinfo")


def name(element: Element) -> str:
    local = element.tag.rpartition("}")[2].lower().replace("-", "") if isinstance(element.tag, str) else ""
    return local.removeprefix("qti")


def attribute(element: Element, wanted: str, otherwise: str = "") -> str:
    """`wanted` in lower case, without dashes."""
    found = (value for key, value in element.items() if key.rpartition("}")[2].lower().replace("-", "") == wanted)
    return next(found, otherwise).strip()


def within(element: Element, *names: str) -> Iterator[Element]:
    return (found for found in element.iter() if name(found) in names)


def first(element: Element, *names: str) -> Element | None:
    return next(within(element, *names), None)


@dataclass
class Item:
    """One <assessmentItem> with what is collected while it is read; `folder` is where it lies in its package."""

    element: Element
    number: int
    packed: ZipFile | None = None
    folder: str = ""
    tags: tuple[str, ...] = ()  # the keywords in its package's list
    files: Files = field(default_factory=Files)
    losses: list[str] = field(default_factory=list)

    @property
    def identifier(self) -> str:
        return attribute(self.element, "identifier")

    def body(self) -> Element:
        found = first(self.element, "itembody")
        if found is None:
            raise UnreadableError(_("Câu này không có phần nội dung (itemBody)."))
        return found

    def words(self, element: Element | None) -> str:
        """What an element says as Markdown, without the interactions in it."""
        if element is None:
            return ""
        plain = self._plain(element)
        html = "".join([plain.text or "", *(tostring(child, encoding="unicode", method="html") for child in plain)])
        return self.files.settled(markup.from_html(self.files.addressed(html)))

    def _plain(self, element: Element) -> Element:
        made = copy.deepcopy(element)
        _drop(made, lambda one: name(one).endswith("interaction") or name(one) in (*ASIDE, "feedbackinline"))
        for one in made.iter():
            one.tag = name(one) if isinstance(one.tag, str) else one.tag
            _show_object(one)
            source = attribute(one, "src")
            one.attrib = {key: value for key, value in one.attrib.items() if key in ("alt", "href")}
            if source and one.tag == "img":
                one.set("src", self._picture(source))
        return made

    def _picture(self, source: str) -> str:
        """Of the package, under the name by which the words show it; elsewhere nothing is fetched from."""
        place = normpath(str(PurePosixPath(self.folder, unquote(source))))
        named = quote(place.replace("/", "-"), safe="")
        if self.packed is not None and not packing.is_outside(place) and place in self.packed.namelist():
            self.files.packed[named] = packing.part(self.packed, place, LARGEST_PICTURE)
        return f"@@PLUGINFILE@@/{named}"


def _is_picture(element: Element) -> bool:
    return name(element) == "object" and attribute(element, "type").startswith("image/")


def _show_object(element: Element) -> None:
    """An <object> that holds a picture is one, the innermost where others stand for it; its words are the description."""
    if _is_picture(element):
        said = " ".join("".join(element.itertext()).split())
        source, tail = attribute([one for one in element.iter() if _is_picture(one)][-1], "data"), element.tail
        element.clear()
        element.tag, element.tail = "img", tail
        element.attrib = {"src": source, "alt": said}


def _drop(element: Element, is_dropped: Callable[[Element], bool]) -> None:
    """Takes elements out and leaves the words behind each of them."""
    for child in list(element):
        if is_dropped(child):
            _leave_tail(element, child)
            element.remove(child)
        else:
            _drop(child, is_dropped)


def _leave_tail(parent: Element, child: Element) -> None:
    before = list(parent)[: list(parent).index(child)]
    if before:
        before[-1].tail = (before[-1].tail or "") + (child.tail or "")
    else:
        parent.text = (parent.text or "") + (child.tail or "")


def read(data: bytes) -> Parsed:
    """Raises UnreadableError when it is neither an item nor a package of items."""
    if not data.startswith(b"PK"):
        return _parsed([Item(_root(data), 1)])
    with packing.opened(data) as packed:
        return _package(packed)


def _package(packed: ZipFile) -> Parsed:
    if MANIFEST not in packed.namelist():
        raise UnreadableError(_("Trong tệp nén không có imsmanifest.xml, nên đây không phải gói QTI."))
    resources = [
        one for one in within(_root(packing.part(packed, MANIFEST, LARGEST_ITEM)), "resource") if _is_item(one)
    ]
    if not resources:
        raise UnreadableError(_("Gói QTI này không có câu hỏi nào (imsqti_item)."))
    items, problems = list[Item](), list[Problem]()
    for number, resource in enumerate(resources, start=1):
        try:
            items.append(_unpacked(packed, resource, number))
        except UnreadableError as error:
            problems.append(Problem(number, str(error), attribute(resource, "identifier")[:80]))
    parsed = _parsed(items)
    parsed.problems += problems
    return parsed


def _is_item(resource: Element) -> bool:
    return attribute(resource, "type").lower().startswith("imsqti_item")


def _unpacked(packed: ZipFile, resource: Element, number: int) -> Item:
    href = unquote(attribute(resource, "href"))
    if packing.is_outside(href):
        raise UnreadableError(_("Tệp “%(name)s” nằm ngoài gói, nên chưa đọc.") % {"name": href[:80]})
    root = _root(packing.part(packed, normpath(href), LARGEST_ITEM))
    return Item(root, number, packed, str(PurePosixPath(href).parent), _keywords(resource))


def _keywords(resource: Element) -> tuple[str, ...]:
    """Of its metadata (LOM), each in every language in which it is said."""
    said = (words.strip() for keyword in within(resource, "keyword") for words in keyword.itertext())
    return tuple(words for words in said if words)


def _root(data: bytes) -> Element:
    root = foreign_xml.root(data)  # a document type may be named, as ONYX does
    if name(root) == "questestinterop":
        raise UnreadableError(_("Đây là QTI 1.2; ở đây chỉ đọc QTI 2.1 đến 3.0. Hãy xuất lại ở dạng mới hơn."))
    return root


def _parsed(items: list[Item]) -> Parsed:
    parsed = Parsed()
    for item in items:
        said = f"{item.identifier} {attribute(item.element, 'title')}".strip()[:80]
        try:
            parsed.drafts.append(_draft(item))
        except RecursionError:
            parsed.problems.append(Problem(item.number, _("Lời văn nằm trong quá nhiều lớp HTML lồng nhau."), said))
        except UnreadableError as error:
            parsed.problems.append(Problem(item.number, str(error), said))
        parsed.problems += [Problem(item.number, loss, said, is_loss=True) for loss in item.losses]
    return parsed


def _draft(item: Item) -> Draft:
    from . import qti_kinds  # reads what stands within an item by what is here

    if name(item.element) in ("assessmenttest", "manifest"):
        raise UnreadableError(
            _(
                "Tệp này (%(tag)s) chỉ nêu tên các câu hỏi, không có câu nào. Hãy tải lên cả gói .zip, hoặc từng tệp câu hỏi."
            )
            % {"tag": item.element.tag.rpartition("}")[2]}
        )
    if name(item.element) != "assessmentitem":
        raise UnreadableError(
            _("Đây không phải câu hỏi QTI: phần tử ngoài cùng là <%(tag)s>.")
            % {"tag": item.element.tag.rpartition("}")[2][:60]}
        )
    _refuse_computed(item)
    kind, stem, data = qti_kinds.read(item)
    if not stem:
        raise UnreadableError(_("Câu này không có lời hỏi."))
    _note_losses(item)
    return Draft(
        item.number, kind, stem, data,
        title=attribute(item.element, "title"), key=item.identifier, tags=item.tags, pictures=item.files.pictures(),
    )  # fmt: skip


def _scattered(element: Element) -> Iterator[Element]:
    """Messages that stand beside the choices: only the first one within a choice has a place."""
    kept = [first(one, "feedbackinline") for one in within(element, "simplechoice", "inlinechoice")]
    return (one for one in within(element, "feedbackinline") if one not in kept)


def _refuse_computed(item: Item) -> None:
    """Words and keys that are drawn anew for each person are no words and no key here."""
    if first(item.element, "printedvariable", "setcorrectresponse") is not None:
        raise UnreadableError(_("Câu này tự sinh số hay lời mỗi lần làm bài (templateProcessing), nên chưa nhập được."))
    if attribute(item.element, "adaptive") == "true":
        raise UnreadableError(_("Câu này trả lời qua nhiều bước (adaptive), nên chưa nhập được."))


def _is_own_scoring(item: Item, processing: Element) -> bool:
    """Whether more is asked than to be the key, or to be mapped: other spellings, ranges, answers compared with each other."""
    if first(processing, *OWN_SCORING) is not None:
        return True
    asked = {attribute(one, "identifier") for one in within(item.element, "responsedeclaration")}
    return any(_earns_by_words(branch, asked) for branch in within(processing, "responseif"))


def _earns_by_words(branch: Element, asked: set[str]) -> bool:
    """Marks for a response that the rule itself spells out; a message that is chosen so says nothing about marks."""
    if not any("SCORE" in attribute(one, "identifier").upper() for one in within(branch, "setoutcomevalue")):
        return False
    compared = [one for one in within(branch, "match", "equal") if attribute(one, "tolerancemode", "exact") == "exact"]
    spelled = [one for one in compared if first(one, "basevalue") is not None]
    return any(attribute(named, "identifier") in asked for one in spelled for named in within(one, "variable"))


def _note_losses(item: Item) -> None:
    item.losses += item.files.losses()
    if played := sorted({name(one) for one in within(item.element, *MEDIA) if not _is_picture(one)}):
        said = _("Phần nghe, xem hay tệp kèm (%(names)s) không nhập được.")
        item.losses.append(said % {"names": ", ".join(played)})
    if any(_is_own_scoring(item, one) for one in within(item.element, "responseprocessing")):
        item.losses.append(
            _("Cách tính điểm riêng của câu (responseProcessing) không nhập được; câu được chấm theo đáp án.")
        )
    if any("".join(one.itertext()).strip() for one in [*within(item.element, *TOLD), *_scattered(item.element)]):
        item.losses.append(_("Lời nhắn và lời dặn chung của câu (modalFeedback, rubricBlock) không nhập được."))
    if first(item.element, "math") is not None:
        item.losses.append(_("Công thức (MathML) chỉ còn là chữ; hãy xem lại sau khi nhập."))
