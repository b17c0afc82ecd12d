"""The register of subjects: writing one down, correcting, confirming, joining two that are one, closing; and its products."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, ManyToOneRel, Model, OuterRef, QuerySet
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from accounts.models import Product, Subject, User
from accounts.rules import PRESSED_TWICE
from lib import dates, text
from lib.refusals import Refusal
from provinces.models import Place

ADDED, CORRECTED = "accounts.subject_added", "accounts.subject_corrected"
PRODUCT_ADDED, PRODUCT_CORRECTED = "accounts.product_added", "accounts.product_corrected"


def write_subject(
    *, name: str, kind: str, place: Place, leader: str, phone: str, by: User | None, at: datetime
) -> Subject:
    """An officer writes a subject down, whom nobody need confirm any more; two presses of the button are one. Raises Refusal where the
    commune has another of this name."""
    said = {"name": text.name(name), "kind": kind, "place": place, "leader": leader, "phone": phone}
    try:
        refuse_taken(name, place)
        with transaction.atomic(), _refused_if_taken(name, place):
            subject = Subject.objects.create(**said, is_confirmed=True, created_at=at)
            log(instance=subject, title=subject.log_title, action=ADDED, user=by)
    except Refusal:
        if known := _written_just_now(said, by, at):
            return known
        raise
    return subject


def _written_just_now(said: dict[str, Any], by: User | None, at: datetime) -> Subject | None:
    known = Subject.objects.open().filter(**said, is_confirmed=True, created_at__gt=at - PRESSED_TWICE).first()
    is_theirs = by and known and ModelLogEntry.objects.for_instance(known).filter(action=ADDED, user=by).exists()
    return known if is_theirs else None


@transaction.atomic
def correct_subject(
    *,
    subject: Subject,
    name: str,
    kind: str,
    place: Place,
    leader: str,
    phone: str,
    by: User,
    reason: str,
) -> list[str]:
    """Returns the names of the fields that changed. The log holds what stood there before, of people only that it changed.

    Raises Refusal for a name that another subject of the commune bears.
    """
    subject = hold(subject)
    wanted = {"name": text.name(name), "kind": kind, "place": place, "leader": leader, "phone": phone}
    changed = [field for field, value in wanted.items() if getattr(subject, field) != value]
    if not changed:
        return []
    before = {field: str(getattr(subject, field)) for field in changed if field not in ("leader", "phone")}
    refuse_taken(name, place, besides=subject)
    for field in changed:
        setattr(subject, field, wanted[field])
    with _refused_if_taken(name, place):
        subject.save()
    data = {"fields": changed, "before": before, "reason": reason}
    log(instance=subject, title=subject.log_title, action=CORRECTED, user=by, data=data)
    return changed


@transaction.atomic
def confirm_subject(*, subject: Subject, by: User) -> bool:
    """An officer has compared it with the papers; whether it was not confirmed before."""
    subject = hold(subject)
    if subject.is_confirmed:
        return False
    subject.is_confirmed = True
    subject.save(update_fields=["is_confirmed"])
    log(instance=subject, title=subject.log_title, action="accounts.subject_confirmed", user=by)
    return True


@transaction.atomic
def close_subject(*, subject: Subject, by: User, reason: str, at: datetime) -> bool:
    """It has stopped working: kept with all that it has, and counted no more. Whether it was open before."""
    subject = hold(subject)
    if subject.closed_at:
        return False
    subject.closed_at, subject.closed_reason = at, reason
    subject.save(update_fields=["closed_at", "closed_reason"])
    log(instance=subject, title=subject.log_title, action="accounts.subject_closed", user=by, data={"reason": reason})
    return True


@transaction.atomic
def reopen_subject(*, subject: Subject, by: User) -> bool:
    subject = hold(subject)
    if not subject.closed_at:
        return False
    subject.closed_at, subject.closed_reason = None, ""
    subject.save(update_fields=["closed_at", "closed_reason"])
    log(instance=subject, title=subject.log_title, action="accounts.subject_reopened", user=by)
    return True


@transaction.atomic
def join_subjects(*, subject: Subject, into: Subject, by: User | None, reason: str) -> Subject:
    """Two that are one: whatever names `subject` names `into` from now on, and its name stays known as another name of it.

    Products follow; of two of the same name the one that is valid longer stays, and the log keeps the other. What `into` does not say
    (leader, number) is taken over. Raises Refusal for one and the same, for what was joined meanwhile, and where one that works would
    vanish in one that closed.
    """
    if subject.pk == into.pk:
        raise Refusal(_("Chưa gộp gì, vì đây là cùng một chủ thể. Hãy chọn một chủ thể khác."))
    held = {one.pk: one for one in _held([subject.pk, into.pk])}
    subject, into = held[subject.pk], held[into.pk]
    if subject.merged_into_id or into.merged_into_id:
        raise Refusal(
            _("Chưa gộp gì, vì một trong hai chủ thể vừa được gộp vào một chủ thể khác. Hãy mở lại sổ để xem.")
        )
    if into.closed_at and not subject.closed_at:
        said = _("Chưa gộp gì, vì “%(name)s” đang ghi ngừng hoạt động. Hãy ghi hoạt động trở lại trước.")
        raise Refusal(said % {"name": into.name})
    dropped = _move_products(subject, into)
    moved = _repoint(subject, into)
    for field in ("leader", "phone"):
        if not getattr(into, field):
            setattr(into, field, getattr(subject, field))
    into.is_confirmed = into.is_confirmed or subject.is_confirmed
    into.save(update_fields=["leader", "phone", "is_confirmed"])
    subject.merged_into, subject.leader, subject.phone = into, "", ""
    subject.save(update_fields=["merged_into", "leader", "phone"])
    data = {"joined": subject.name, "reason": reason, "moved": moved, "dropped": dropped}
    log(instance=into, title=into.log_title, action="accounts.subjects_joined", user=by, data=data)
    return into


def _move_products(subject: Subject, into: Subject) -> list[dict[str, Any]]:
    kept = {one.search: one for one in into.products.all()}
    dropped = []
    for product in subject.products.all():
        same = kept.get(product.search)
        if same is None:
            product.subject = into
            product.save()
            continue
        longer, other = sorted(
            (same, product), key=lambda one: (one.valid_until or date.min, one is same), reverse=True
        )
        dropped.append(said_of(other))
        product.delete()
        if longer is product:
            same.stars, same.decision, same.valid_until = product.stars, product.decision, product.valid_until
            same.save()
    return dropped


def _repoint(subject: Subject, into: Subject) -> dict[str, int]:
    """Of whatever app: the database knows who names a subject, so that no list of them can forget one."""
    moved = {}
    for relation in Subject._meta.get_fields(include_hidden=True):
        if not (isinstance(relation, ManyToOneRel) and (model := _model_of(relation)) is not Product):
            continue
        rows = model._base_manager.filter(**{relation.field.name: subject.pk})
        _drop_doubles(rows, relation.field.name, into)
        if count := rows.update(**{relation.field.name: into.pk}):
            moved[model._meta.label] = count
    return moved


def _drop_doubles(rows: QuerySet[Any], name: str, into: Subject) -> None:
    """Where a record may name a subject once (a list of whom to call) and names both, the one of `into` stays."""
    for constraint in rows.model._meta.total_unique_constraints:
        if name in constraint.fields:
            same = {field: OuterRef(field) for field in constraint.fields if field != name}
            rows.filter(Exists(rows.model._base_manager.filter(**{name: into.pk}, **same))).delete()


def _model_of(relation: Any) -> type[Model]:
    model: type[Model] = relation.related_model
    return model


def hold(subject: Subject) -> Subject:
    """Locked until the transaction ends, as it stands now. Raises Refusal for one that was joined to another meanwhile."""
    held = _held([subject.pk])
    if not held or held[0].merged_into_id:
        raise Refusal(_("Chưa lưu gì, vì chủ thể này vừa được gộp vào chủ thể khác. Hãy mở lại sổ để xem."))
    return held[0]


def _held(keys: list[int]) -> list[Subject]:
    return list(
        Subject.objects.select_for_update(of=("self",)).select_related("place").filter(pk__in=keys).order_by("pk")
    )


def refuse_taken(name: str, place: Place, besides: Subject | None = None) -> None:
    rows = Subject.objects.filter(place=place, search=Subject.folded(name))
    rows = rows.exclude(pk=besides.pk) if besides else rows
    if (taken := rows.select_related("merged_into").first()) is None:
        return
    if taken.merged_into_id and taken.meant.place_id != place.pk:  # whose name need not be for this officer to read
        said = _("Chưa lưu: “%(name)s” đã được gộp vào một chủ thể ở nơi khác.")
        raise Refusal(said % {"name": taken.name})
    if taken.merged_into_id:
        said = _("Chưa lưu: “%(name)s” đã được gộp vào “%(other)s”. Hãy sửa ở trang của chủ thể ấy.")
        raise Refusal(said % {"name": taken.name, "other": taken.meant.name})
    raise Refusal(_taken(taken.name, place))


def _taken(name: str, place: Place) -> str:
    return _(
        "Chưa lưu: %(place)s đã có chủ thể “%(name)s” trong sổ. Nếu là hai chủ thể khác nhau, hãy ghi tên rõ hơn."
    ) % {
        "name": name,
        "place": place,
    }


@contextmanager
def _refused_if_taken(name: str, place: Place) -> Iterator[None]:
    """Somebody else was quicker."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise Refusal(_taken(text.name(name), place)) from error


@transaction.atomic
def write_product(
    *, subject: Subject, name: str, stars: int | None, decision: str, valid_until: date | None, by: User | None
) -> Product:
    """Raises Refusal where the subject has a product of this name; where it stands just as it is said (a second press), it is done."""
    subject = hold(subject)
    said = {"stars": stars, "decision": decision, "valid_until": valid_until}
    if by and (known := subject.products.filter(name=text.name(name), **said).first()):
        return known
    _refuse_same_product(subject, name)
    product = Product.objects.create(subject=subject, name=name, **said)
    log(instance=subject, title=subject.log_title, action=PRODUCT_ADDED, user=by, data=said_of(product))
    return product


@transaction.atomic
def correct_product(
    *, product: Product, name: str, stars: int | None, decision: str, valid_until: date | None, by: User
) -> list[str]:
    """A new recognition, or what was written wrongly; the log keeps what stood there before. Returns the fields that changed."""
    subject = hold(product.subject)
    product = _still_there(subject, product)
    before = said_of(product)
    wanted = {"name": text.name(name), "stars": stars, "decision": decision, "valid_until": valid_until}
    changed = [field for field, value in wanted.items() if getattr(product, field) != value]
    if not changed:
        return []
    _refuse_same_product(subject, name, besides=product)
    for field in changed:
        setattr(product, field, wanted[field])
    product.save()
    data = said_of(product) | {"fields": changed, "before": before}
    log(instance=subject, title=subject.log_title, action=PRODUCT_CORRECTED, user=by, data=data)
    return changed


@transaction.atomic
def remove_product(*, product: Product, by: User, reason: str) -> None:
    """For what was written down by mistake; the log keeps all of it."""
    subject = hold(product.subject)
    product = _still_there(subject, product)
    data = said_of(product) | {"reason": reason}
    Product.objects.filter(pk=product.pk).delete()
    log(instance=subject, title=subject.log_title, action="accounts.product_removed", user=by, data=data)


def _still_there(subject: Subject, product: Product) -> Product:
    """As it stands now. Raises Refusal for one that was removed meanwhile."""
    found = subject.products.filter(pk=product.pk).first()
    if found is None:
        raise Refusal(_("Chưa lưu gì, vì sản phẩm này vừa được bỏ khỏi sổ."))
    return found


def _refuse_same_product(subject: Subject, name: str, besides: Product | None = None) -> None:
    rows = subject.products.filter(search=Subject.folded(name))
    rows = rows.exclude(pk=besides.pk) if besides else rows
    if same := rows.first():
        said = _("Chưa lưu: chủ thể này đã có sản phẩm “%(name)s”. Nếu là công nhận lại, hãy sửa sản phẩm ấy.")
        raise Refusal(said % {"name": same.name})


def said_of(product: Product) -> dict[str, Any]:
    """As the log keeps it."""
    until = dates.short(product.valid_until) if product.valid_until else ""
    return {"product": product.name, "stars": product.stars, "decision": product.decision, "valid_until": until}
