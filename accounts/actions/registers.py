"""A whole list of subjects and products written into the register at once, once."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import get_active_log_context
from wagtail.models import ModelLogEntry

from accounts.importing import Plan, Planned, Register, Verdict, plan
from accounts.models import Product, Subject, SubjectKind, User
from lib.refusals import Refusal
from provinces.models import Place, PlaceQuerySet

from .subjects import ADDED, CORRECTED, PRODUCT_ADDED, PRODUCT_CORRECTED, said_of

type Group = tuple[int, str]


@dataclass(frozen=True)
class Imported:
    plan: Plan
    subjects: int
    products: int
    changed: int

    @property
    def has_changed(self) -> bool:
        return bool(self.subjects or self.products or self.changed)


def import_register(
    *,
    register: Register,
    within: PlaceQuerySet | None,
    home: Place | None,
    seen: str | None,
    by: User | None,
    at: datetime,
) -> Imported:
    """All rows that need no decision, or none of them. What was imported before changes nothing.

    `seen` is the fingerprint of the plan that was looked at: raises Refusal where another would be written now (None: whatever comes).
    """
    try:
        with transaction.atomic():
            return _import(register, within, home, seen, by, at)
    except IntegrityError as error:
        raise Refusal(_("Chưa nhập gì, vì đúng lúc ấy có người khác ghi vào sổ. Hãy bấm nhập lần nữa.")) from error


def _import(
    register: Register,
    within: PlaceQuerySet | None,
    home: Place | None,
    seen: str | None,
    by: User | None,
    at: datetime,
) -> Imported:
    first = plan(register, within=within, home=home)
    # Of two lists of one commune the second waits, and finds what the first has written.
    places = {one.place.pk for one in first.lines if one.place}
    list(Place.objects.select_for_update(no_key=True).filter(pk__in=places).order_by("pk").values_list("pk"))
    known = {one.subject.pk for one in first.lines if one.subject}
    list(Subject.objects.select_for_update().filter(pk__in=known).order_by("pk").values_list("pk"))
    planned = plan(register, within=within, home=home)
    if seen is not None and planned.fingerprint != seen:
        raise Refusal(_("Chưa nhập gì: sổ vừa thay đổi so với lúc anh/chị xem. Hãy xem lại rồi bấm nhập lần nữa."))
    writing = _Writing(by, at)
    subjects = writing.subjects(planned.written)
    products, corrected = writing.products(planned.written, subjects)
    renamed = writing.names(planned.written, subjects)
    changed = writing.facts(planned.written)
    writing.note()
    return Imported(
        planned,
        len({one.group for one in planned.of(Verdict.NEW) if not one.also}),
        products,
        corrected + changed + renamed,
    )


class _Writing:
    def __init__(self, by: User | None, at: datetime) -> None:
        self.by, self.at = by, at
        self.log: list[tuple[Subject, str, dict[str, Any]]] = []

    def subjects(self, written: Iterable[Planned]) -> dict[Group, Subject]:
        """By group, those that the register had before too."""
        found = {one.group: one.subject for one in written if one.group and one.subject}
        new: dict[Group, Subject] = {}
        for one in written:
            if not one.group or one.also or one.group in found or one.place is None:
                continue
            line, made = one.line, new.get(one.group)
            if made is None:
                made = new[one.group] = Subject(
                    name=line.name, kind=line.kind, place=one.place, is_confirmed=True, created_at=self.at
                ).spelled()
            for name in ("kind", "leader", "phone"):
                setattr(made, name, getattr(made, name) or getattr(line, name))
        for made in new.values():
            made.kind = made.kind or SubjectKind.told_by(made.name)
        Subject.objects.bulk_create(new.values())
        self.log += [(made, ADDED, {"how": "import"}) for made in new.values()]
        return found | new

    def products(self, written: Iterable[Planned], subjects: dict[Group, Subject]) -> tuple[int, int]:
        """How many were made, and how many corrected. A later row of a product writes over an earlier one (`again`)."""
        new: dict[tuple[int, str], Product] = {}
        corrected: dict[int, tuple[Product, dict[str, Any]]] = {}
        for one in written:
            if not one.line.product or not (group := one.also or one.group):
                continue
            subject, line = subjects[group], one.line
            key = (subject.pk, Subject.folded(line.product))
            product = one.product or new.get(key) or next((p for p in self._of(one) if p.search == key[1]), None)
            if product is None:
                product = new[key] = Product(subject=subject, name=line.product).spelled()
            elif product.pk:
                corrected.setdefault(product.pk, (product, said_of(product)))
                product = corrected[product.pk][0]
            self._put(one, product)
        Product.objects.bulk_create(new.values())
        rows = [(product, before) for product, before in corrected.values() if said_of(product) != before]
        Product.objects.bulk_update([product for product, _before in rows], ["stars", "decision", "valid_until"])
        self.log += [(product.subject, PRODUCT_ADDED, said_of(product)) for product in new.values()]
        self.log += [
            (product.subject, PRODUCT_CORRECTED, said_of(product) | {"before": before}) for product, before in rows
        ]
        return len(new), len(rows)

    def _of(self, one: Planned) -> Iterable[Product]:
        return one.subject.products.all() if one.subject else ()

    def _put(self, one: Planned, product: Product) -> None:
        if one.product is not None:
            for change in one.changes:
                if change.of == "product":
                    setattr(product, change.field, change.after)
            return
        line = one.line
        product.stars = line.stars or product.stars
        product.decision = line.decision or product.decision
        product.valid_until = line.until or product.valid_until

    def names(self, written: Iterable[Planned], subjects: dict[Group, Subject]) -> int:
        """The name of the file is kept as another one of the subject, so that the same list asks no more the next time."""
        others: dict[Group, Subject] = {}
        for one in written:
            if one.is_other_name and one.group and one.place and one.group not in others:
                into = subjects[one.also] if one.also else one.subject
                line = one.line
                kind = line.kind or SubjectKind.told_by(line.name)
                others[one.group] = Subject(
                    name=line.name, kind=kind, place=one.place, merged_into=into, created_at=self.at
                ).spelled()
        known = set(
            Subject.objects.filter(place__in={place for place, _search in others}).values_list("place_id", "search")
        )
        new = [other for group, other in others.items() if group not in known]
        Subject.objects.bulk_create(new)
        self.log += [
            (one.merged_into, "accounts.subjects_joined", {"joined": one.name, "how": "import"})
            for one in new
            if one.merged_into
        ]
        return len(new)

    def facts(self, written: Iterable[Planned]) -> int:
        """What the file says otherwise of subjects that the register had."""
        changed: dict[int, Subject] = {}
        fields: dict[int, list[str]] = defaultdict(list)
        for one in written:
            for change in one.changes:
                if change.of == "subject" and one.subject:
                    subject = changed.setdefault(one.subject.pk, one.subject)
                    setattr(subject, change.field, change.after)
                    fields[subject.pk].append(change.field)
        Subject.objects.bulk_update(changed.values(), ["kind", "leader", "phone", "is_confirmed"])
        self.log += [(one, CORRECTED, {"fields": fields[pk], "how": "import"}) for pk, one in changed.items()]
        return len(changed)

    def note(self) -> None:
        kind, context = ContentType.objects.get_for_model(Subject), get_active_log_context()
        ModelLogEntry.objects.bulk_create(
            ModelLogEntry(
                content_type=kind,
                object_id=str(subject.pk),
                label=subject.log_title,
                action=action,
                timestamp=self.at,
                user=self.by or context.user,
                uuid=context.uuid,
                data=data,
            )
            for subject, action, data in self.log
        )
