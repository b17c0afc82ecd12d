"""What would come of a register, row by row, before anything is written; and what somebody has to decide first."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Product, Subject, SubjectKind
from accounts.queries import alike
from accounts.rules import are_alike
from lib import dates, text
from lib.lists import SKIP, TAKE, Question
from provinces.models import Level, Place, PlaceQuerySet

from .deciding import Change, Plan, Planned, Register, Verdict
from .finding import Places
from .lines import Line, products

NEW, ROW = "new", "row:"
AT_ONCE, MOST_OFFERED = 500, 10
MOST_COMPARED = (
    100  # subjects of a commune with which a name is compared, more than one has: a file of any size is read in time
)
type Group = tuple[int, str]


def plan(register: Register, *, within: PlaceQuerySet | None, home: Place | None) -> Plan:
    """`within`: the places that whoever imports may write in (None: everywhere); `home`: where places of one name are looked for first."""
    lines, others = products(register.sheets, register.columns)
    planning = _Planning(register, within, home)
    placed = [planning.placed(line) for line in lines]
    planning.look_up(placed)
    return Plan([planning.of(one) for one in placed], others)


class _Planning:
    def __init__(self, register: Register, within: PlaceQuerySet | None, home: Place | None) -> None:
        self.register = register
        self.places = Places(within=within, home=home)
        self.otherwise = (
            Place.objects.select_related("parent").filter(pk=register.place).first() if register.place else None
        )
        self.known: dict[Group, Subject] = {}
        self.of_place: dict[int, list[Subject]] = defaultdict(list)
        self.in_file: set[Group] = set()
        self.firsts: dict[Group, Planned] = {}  # the first row of each group that stands
        self.new_of: dict[int, list[Planned]] = defaultdict(list)  # of those by commune, new ones
        self.said: dict[Group, Mapping[str, Any]] = {}
        self.taken: dict[tuple[Any, str], Line] = {}

    def decided(self, line: Line) -> Mapping[str, str]:
        return self.register.decisions.get(line.key, {})

    def placed(self, line: Line) -> Planned:
        """With the place and the group of the row, or why it has none."""
        said = self.decided(line)
        skipped = next((kind for kind, value in said.items() if value == SKIP and kind != "subject"), "")
        if skipped:
            return _skipped(Planned(line, Verdict.SKIPPED), skipped)
        if not text.is_seen(line.name):
            return Planned(line, Verdict.REFUSED, _("chưa có tên chủ thể"))
        doubts = list(_doubts(line))
        if doubts and said.get("take") != TAKE:
            words = "; ".join(doubts)
            return Planned(
                line, Verdict.ASK, words, questions=(_take("take", words, _("vẫn nhận dòng này, bỏ trống ô ấy")),)
            )
        return self._in_place(line, said)

    def _in_place(self, line: Line, said: Mapping[str, str]) -> Planned:
        found = self.places.of(line)
        if len(found) > 1 and (chosen := [place for place in found if str(place.pk) == said.get("place")]):
            found = chosen
        if len(found) > 1:
            words = _("%(column)s“%(cell)s” là nơi nào?") % {"column": _column(line, "place"), "cell": line.place}
            options = tuple((str(place.pk), place.full_name) for place in found[:20])
            return Planned(line, Verdict.ASK, words, questions=(Question("place", words, (*options, _skip())),))
        if not found and not (line.place or line.district) and self.otherwise:
            allowed = self.places.allowed  # asked again: a list may be kept for longer than a role lasts
            found = [self.otherwise] if allowed is None or self.otherwise.pk in allowed else []
        if not found or found[0].level != Level.COMMUNE:
            return Planned(line, Verdict.REFUSED, _no_place(line, is_bounded=self.places.allowed is not None))
        place = self.places.today(found[0])
        return Planned(line, Verdict.NEW, place=place, group=(place.pk, Subject.folded(line.name)))

    def look_up(self, placed: Sequence[Planned]) -> None:
        """All subjects of the communes that the file names, in as many queries for thousands of rows as for a few."""
        keys = sorted({one.place.pk for one in placed if one.place})
        self.in_file = {one.group for one in placed if one.group}
        for first in range(0, len(keys), AT_ONCE):
            rows = Subject.objects.filter(place__in=keys[first : first + AT_ONCE])
            rows = rows.select_related("place__parent", "merged_into__place__parent")
            for one in rows.prefetch_related("products", "merged_into__products"):
                self.known[one.place_id, one.search] = one.meant
                if not one.merged_into_id:
                    self.of_place[one.place_id].append(one)
        for row in placed:  # what a subject's rows say of it: the first cell in which something stands
            if row.group:
                facts: dict[str, Any] = self.said.setdefault(row.group, {})  # type: ignore[assignment]
                for name in ("kind", "leader", "phone"):
                    facts[name] = facts.get(name) or getattr(row.line, name)

    def of(self, one: Planned) -> Planned:
        if one.group is None:
            return one
        whose = self._whose(one)
        if whose.verdict is not Verdict.NEW:
            return whose
        return self._with_product(whose)

    def _whose(self, one: Planned) -> Planned:
        """Whose product it is: of a subject that the register has, of another of the file, or of a new one."""
        assert one.group is not None  # noqa: S101 (asked by whoever calls)
        if first := self.firsts.get(one.group):
            if first.verdict is Verdict.ASK:
                return replace(one, verdict=Verdict.ASK, why=_("chờ chọn ở dòng %(n)s") % {"n": first.line.where})
            if first.verdict in (Verdict.SKIPPED, Verdict.REFUSED):
                return replace(one, verdict=first.verdict, why=first.why)
            return replace(one, subject=first.subject, also=first.also)
        made = self._first(one)
        self.firsts[one.group] = made
        if made.verdict is Verdict.NEW and not made.subject and not made.also:
            self.new_of[one.group[0]].append(made)
        return made

    def _first(self, one: Planned) -> Planned:
        assert one.group is not None and one.place is not None  # noqa: S101, PT018
        said = self.decided(one.line)
        if known := self.known.get(one.group):
            if self.places.allowed is not None and known.place_id not in self.places.allowed:
                return replace(
                    one, verdict=Verdict.REFUSED, why=_("tên này đã được gộp vào chủ thể ngoài địa bàn của anh/chị")
                )
            return replace(one, subject=known)
        if said.get("subject") == SKIP:
            return _skipped(replace(one, verdict=Verdict.SKIPPED), "subject")
        if said.get("subject") == NEW:
            return one
        facts = self.said[one.group]
        in_register = self.of_place[one.place.pk][:MOST_COMPARED]
        # A list that names both tells them apart by more than a number or a leader, as it does not by a name that is nearly the same.
        others = [
            who
            for who in in_register
            if (who.place_id, who.search) not in self.in_file or are_alike(who.search, one.group[1])
        ]
        likely = alike(one.line.name, facts["phone"], facts["leader"], others)[:MOST_OFFERED]
        before = self.new_of[one.group[0]][:MOST_COMPARED]
        earlier = [first for first in before if first.group and are_alike(first.group[1], one.group[1])][:MOST_OFFERED]
        return self._asked(one, said.get("subject", ""), likely, earlier)

    def _asked(self, one: Planned, chosen: str, likely: list[Subject], earlier: list[Planned]) -> Planned:
        for who in likely:
            if chosen == str(who.pk):
                return replace(one, subject=who)
        for first in earlier:
            if chosen == f"{ROW}{first.line.key}":
                return replace(one, also=first.group)
        if not likely and not earlier:
            return one
        words = _("“%(name)s” có phải là chủ thể đã có không?") % {"name": one.line.name}
        options = (
            *((str(who.pk), _("là %(who)s trong sổ") % {"who": _described(who)}) for who in likely),
            *(
                (
                    f"{ROW}{first.line.key}",
                    _("là %(name)s ở dòng %(n)s") % {"name": first.line.name, "n": first.line.where},
                )
                for first in earlier
            ),
            (NEW, _("là chủ thể khác, ghi mới")),
            (SKIP, _("bỏ chủ thể này")),
        )
        why = _("gần giống một chủ thể đã có")
        return replace(one, verdict=Verdict.ASK, why=why, questions=(Question("subject", words, options),))

    def _with_product(self, one: Planned) -> Planned:
        line, is_first = one.line, self.firsts[one.group].line.key == one.line.key  # type: ignore[index]
        changes = tuple(self._changes_of_subject(one)) if is_first and one.subject else ()
        before = self._in_register(one)
        whose: Any = one.subject.pk if one.subject else one.also or one.group
        key = (whose, Subject.folded(line.product))
        if line.product and (above := self.taken.get(key)):
            return self._again(one, above, changes)
        if line.product:
            self.taken[key] = line
        if before is None:
            return self._found(one, changes, is_more=bool(line.product))
        of_product = tuple(self._changes_of_product(line, before))
        if asked := self._older(one, before, of_product):
            return asked
        if self.decided(line).get("older") == SKIP:
            of_product = ()
        return self._found(replace(one, product=before), (*changes, *of_product), is_more=False)

    def _found(self, one: Planned, changes: tuple[Change, ...], *, is_more: bool) -> Planned:
        words = [change.words for change in changes]
        if one.line.is_counted and (is_more or any(change.field == "valid_until" for change in changes)):
            words.append(_("hạn tính từ ngày quyết định"))
        if one.subject and one.subject.closed_at:
            words.append(_("sổ đang ghi ngừng hoạt động, nhập xong vẫn vậy"))
        if one.is_other_name:
            words.append(
                _("tên khác của %(name)s") % {"name": one.subject.name if one.subject else _("chủ thể ở trên")}
            )
        verdict = Verdict.NEW
        if one.subject or one.also:
            verdict = (
                Verdict.MORE if is_more else Verdict.CHANGED if changes or self._is_new_name(one) else Verdict.SAME
            )
        return replace(one, verdict=verdict, changes=changes, why="; ".join(words))

    def _is_new_name(self, one: Planned) -> bool:
        return one.is_other_name and one.group not in self.known and self.firsts[one.group].line.key == one.line.key  # type: ignore[index]

    def _in_register(self, one: Planned) -> Product | None:
        search = Subject.folded(one.line.product)
        rows = one.subject.products.all() if one.subject and search else ()
        return next((product for product in rows if product.search == search), None)

    def _again(self, one: Planned, above: Line, changes: tuple[Change, ...]) -> Planned:
        """The product stands further up in the file."""
        line = one.line
        if (line.stars, line.decision, line.until) == (above.stars, above.decision, above.until):
            return replace(one, verdict=Verdict.TWICE, why=_("trùng với dòng %(n)s") % {"n": above.where})
        if self.decided(line).get("again") == TAKE:
            return replace(one, verdict=Verdict.CHANGED, changes=changes, why=_("thay dòng %(n)s") % {"n": above.where})
        words = _("cùng sản phẩm với dòng %(n)s, nhưng khác hạng sao, quyết định hoặc hạn") % {"n": above.where}
        question = Question("again", words, ((TAKE, _("lấy theo dòng này")), _skip()))
        return replace(one, verdict=Verdict.ASK, why=words, questions=(question,))

    def _older(self, one: Planned, before: Product, changes: tuple[Change, ...]) -> Planned | None:
        """A list of before a new recognition would put the old one back."""
        until = one.line.until
        if not (changes and until and before.valid_until and until < before.valid_until):
            return None
        if self.decided(one.line).get("older") == TAKE:
            return None
        words = _("trong sổ “%(name)s” đang có hạn muộn hơn: %(day)s") % {
            "name": before.name,
            "day": dates.short(before.valid_until),
        }
        question = Question("older", words, ((TAKE, _("lấy theo tệp")), (SKIP, _("giữ như trong sổ"))))
        return replace(one, verdict=Verdict.ASK, why=words, questions=(question,))

    def _changes_of_subject(self, one: Planned) -> Iterator[Change]:
        assert one.subject is not None and one.group is not None  # noqa: S101, PT018
        for name, value in self.said[one.group].items():
            before = getattr(one.subject, name)
            if value and value != before and not (before and self.register.is_filling):
                shown = (SubjectKind(before).label, SubjectKind(value).label) if name == "kind" else (before, value)
                yield _change("subject", Subject, name, before, value, *shown)
        if not one.subject.is_confirmed:
            yield Change("subject", "is_confirmed", False, True, _("xác nhận"))

    def _changes_of_product(self, line: Line, before: Product) -> Iterator[Change]:
        is_new_decision = bool(line.decision) and line.decision != before.decision
        wanted: dict[str, Any] = {"stars": line.stars, "decision": line.decision}
        if not line.is_counted or is_new_decision:
            wanted["valid_until"] = line.until
        for name, value in wanted.items():
            was = getattr(before, name)
            if value and value != was and not (was and self.register.is_filling):
                shown = [dates.short(one) if name == "valid_until" and one else one for one in (was, value)]
                yield _change("product", Product, name, was, value, *shown)


def _change(of: str, model: Any, name: str, before: Any, after: Any, was: Any, now: Any) -> Change:
    label = model._meta.get_field(name).verbose_name
    words = f"{label}: {was} → {now}" if was else f"{label}: {now}"
    return Change(of, name, before, after, words)


def _doubts(line: Line) -> Iterator[str]:
    if line.is_hidden:
        yield _("dòng này đang ẩn trong tệp")
    for role, cell in line.unread.items():
        yield _("%(column)s“%(cell)s” không đọc được hoặc quá dài") % {"column": _column(line, role), "cell": cell[:80]}


def _take(kind: str, words: str, label: str) -> Question:
    """Each doubt is asked by itself (`kind`): who is taken with an unreadable cell is not taken for another doubt."""
    return Question(kind, words, ((TAKE, label), _skip()))


def _skip() -> tuple[str, str]:
    return SKIP, _("bỏ dòng này")


def _skipped(one: Planned, kind: str) -> Planned:
    words = _("anh/chị chọn bỏ dòng này")
    return replace(one, why=words, questions=(Question(kind, words, (_skip(),), chosen=SKIP),))


def _described(subject: Subject) -> str:
    """Read in a question, where a name alone tells nobody apart."""
    products = ", ".join(one.name for one in subject.products.all()[:3])
    return ", ".join(filter(None, [f"“{subject.name}”", subject.leader, products]))


def _column(line: Line, role: str) -> str:
    letter = line.letters.get(role)
    return _("cột %(letter)s: ") % {"letter": letter} if letter else ""


def _no_place(line: Line, *, is_bounded: bool) -> str:
    said = ", ".join(filter(None, [line.place, line.district, line.province]))
    if not said:
        return _("chưa ghi xã, phường")
    why = (
        _("không tìm thấy xã này, hoặc xã này ngoài địa bàn của anh/chị") if is_bounded else _("không tìm thấy xã này")
    )
    return _("%(column)s“%(cell)s” – %(why)s") % {"column": _column(line, "place"), "cell": said[:120], "why": why}
