"""The rows of which a workshop consists, as forms give them. A row with a key changes what is there; what others added meanwhile stays.

What records point at is cancelled or retired where it would be taken away, never deleted.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from lib import text
from lib.refusals import Refusal
from provinces.models import Place
from workshops import queries
from workshops.models import (
    AgendaItem,
    FeedbackSheet,
    FormQuestion,
    LegalBasis,
    Material,
    QuestionKind,
    Quota,
    Registration,
    Session,
    Speaker,
    Stage,
    Workshop,
)

from . import placing, telling
from .brought import Brought

CHOSEN_FROM = (QuestionKind.CHOICE, QuestionKind.CHOICES)


@dataclass(frozen=True, kw_only=True)
class Spec:
    """A row; `pk` None is a new one. `gone`: it is not wanted any more."""

    pk: int | None = None
    gone: bool = False

    def values(self) -> dict[str, Any]:
        said = {one.name: getattr(self, one.name) for one in fields(self)}
        own = {name: value for name, value in said.items() if name not in _NO_COLUMNS}
        return {name: text.nfc(value) if _is_one_line(name, value) else value for name, value in own.items()}


_NO_COLUMNS = ("pk", "gone", "session", "speakers", "photo", "upload")


def _is_one_line(name: str, value: Any) -> bool:
    return isinstance(value, str) and name != "options"


@dataclass(frozen=True, kw_only=True)
class SessionSpec(Spec):
    starts_at: datetime
    ends_at: datetime
    name: str
    room: str = ""
    seats: int | None = None


@dataclass(frozen=True, kw_only=True)
class SpeakerSpec(Spec):
    name: str
    degree: str = ""
    post: str = ""
    unit: str = ""
    photo: Brought | None = None


@dataclass(frozen=True, kw_only=True)
class AgendaSpec(Spec):
    """`session`: its place among the sessions, from 0; `speakers`: their names."""

    session: int
    starts_at: time
    topic: str
    detail: str = ""
    speakers: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class MaterialSpec(Spec):
    session: int
    title: str
    document: Any = None
    link: str = ""
    upload: Brought | None = None


@dataclass(frozen=True, kw_only=True)
class BasisSpec(Spec):
    kind: str
    number: str
    issued_on: date | None = None
    issued_by: str
    subject: str = ""


@dataclass(frozen=True, kw_only=True)
class QuotaSpec(Spec):
    place: Place | None = None
    unit: str = ""
    seats: int


@dataclass(frozen=True, kw_only=True)
class QuestionSpec(Spec):
    label: str
    kind: str
    stage: str
    options: str = ""
    is_required: bool = False


def _written[Row: models.Model](
    rows: Mapping[int, Row], model: type[Row], specs: Iterable[Spec], **known: Any
) -> list[Row]:
    """Changes the rows that are there and makes those that are not, in the order of the specs."""
    made = []
    for position, spec in enumerate(specs):
        row = rows.get(spec.pk or 0) or model(**known)
        values = spec.values()
        if any(field.name == "position" for field in model._meta.fields):
            values["position"] = position
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
        made.append(row)
    return made


def _recognised[Row: models.Model, S: Spec](
    rows: Mapping[int, Row], specs: Iterable[S], says: Callable[[Row, S], bool] | None = None
) -> list[S]:
    """The button was pressed twice: a new row that says all that a row says which nobody named is that row. `says`: what it is to say
    besides its own columns."""
    every = list(specs)
    free = {pk: row for pk, row in rows.items() if pk not in {spec.pk for spec in every}}
    made = []
    for spec in every:
        twins = (pk for pk, row in free.items() if _says(row, spec) and (says is None or says(row, spec)))
        pk = None if spec.pk or spec.gone else next(twins, None)
        made.append(replace(spec, pk=pk) if pk else spec)
        free.pop(pk or 0, None)
    return made


def _says(row: models.Model, spec: Spec) -> bool:
    return all(getattr(row, name) == said for name, said in spec.values().items())


def _by_key[Row: models.Model](rows: models.QuerySet[Row]) -> dict[int, Row]:
    return {row.pk: row for row in rows}


def _parted[S: Spec](specs: Iterable[S]) -> tuple[list[S], set[int]]:
    """Those that are wanted, and the keys of those that are not."""
    every = list(specs)
    return [one for one in every if not one.gone], {one.pk for one in every if one.gone and one.pk}


def write_sessions(workshop: Workshop, specs: Sequence[SessionSpec], at: datetime) -> list[Session]:
    """In the order of the specs. One that somebody registered for is cancelled rather than deleted, and can be taken up again. Raises Refusal
    for two in one room at one hour, for fewer seats than were taken, and where one that is closed would go or have other hours: completions
    stand on it."""
    rows = _by_key(workshop.sessions.all())
    wanted, gone = _parted(_recognised(rows, specs))
    _refuse_closed(rows, wanted, gone)
    for spec in wanted:  # two that change places would stand in each other's way
        if spec.pk in rows:
            Session.objects.filter(pk=spec.pk).update(room=f"~{spec.pk}", cancelled_at=None)
            rows[spec.pk].cancelled_at = None
    made = _written(rows, Session, wanted, workshop=workshop)
    for pk in gone & rows.keys():
        _take_away(rows[pk], workshop, at)
    if not workshop.sessions.filter(cancelled_at=None).exists():
        raise Refusal(_("Lớp phải còn ít nhất một buổi. Không tổ chức nữa thì hãy hủy cả lớp."))
    placing.tidy(workshop)
    placing.refuse_crowded(workshop)
    telling.moved(workshop, Registration.objects.filter(workshop=workshop).values_list("pk", flat=True), at=at)
    return made


def _refuse_closed(rows: Mapping[int, Session], wanted: Iterable[SessionSpec], gone: Iterable[int]) -> None:
    hours = {one.pk: (one.starts_at, one.ends_at) for one in wanted}
    for pk, row in rows.items():
        is_moved = pk in hours and hours[pk] != (row.starts_at, row.ends_at)
        if row.closed_at and (is_moved or pk in gone):
            said = _(
                "“%(session)s” đã chốt điểm danh, nên không hủy hay đổi giờ được. Cần sửa thì mở lại ở “Chốt lớp, cấp giấy”."
            )
            raise Refusal(said % {"session": row.name})


def _take_away(session: Session, workshop: Workshop, at: datetime) -> None:
    is_used = Registration.objects.filter(workshop=workshop).exists()
    if session.cancelled_at or (not is_used and _deleted(session)):
        return
    session.cancelled_at = at
    session.save(update_fields=["cancelled_at"])


def _deleted(row: models.Model) -> bool:
    """False where something points at it."""
    try:
        with transaction.atomic():
            row.delete()
    except models.ProtectedError:
        return False
    return True


def write_programme(
    workshop: Workshop, sessions: Sequence[Session], speakers: Sequence[SpeakerSpec], agenda: Sequence[AgendaSpec]
) -> None:
    rows = _by_key(workshop.speakers.all())
    wanted, gone = _parted(_recognised(rows, speakers))
    made = _written(rows, Speaker, wanted, workshop=workshop)
    for one, said in zip(made, wanted, strict=True):
        if said.photo and not said.photo.is_of(one.photo):
            one.photo = said.photo.as_image(one.name)
            one.save(update_fields=["photo"])
    workshop.speakers.filter(pk__in=gone).delete()
    names = {text.fold(said): one for one in made for said in (one.name, str(one))}
    known = _by_key(AgendaItem.objects.filter(session__workshop=workshop))
    of_it = _recognised(known, agenda, lambda item, spec: item.session == _session(sessions, spec.session))
    items, gone = _parted(of_it)
    AgendaItem.objects.filter(pk__in=gone & known.keys()).delete()
    for spec in items:
        (item,) = _written(known, AgendaItem, [spec], session=_session(sessions, spec.session))
        if item.session != _session(sessions, spec.session):
            item.session = _session(sessions, spec.session)
            item.save(update_fields=["session"])
        item.speakers.set([_speaker(names, name) for name in spec.speakers])


def _speaker(names: Mapping[str, Speaker], name: str) -> Speaker:
    found = names.get(text.fold(name))
    if found is None:
        said = _("Chương trình nhắc đến “%(name)s”, mà bảng báo cáo viên chưa có. Hãy thêm vào bảng ấy trước.")
        raise Refusal(said % {"name": name})
    return found


def _session(sessions: Sequence[Session], number: int) -> Session:
    if not 0 <= number < len(sessions):
        said = _("Không có buổi số %(number)s. Lớp này có %(count)s buổi.")
        raise Refusal(said % {"number": number + 1, "count": len(sessions)})
    return sessions[number]


def write_materials(workshop: Workshop, sessions: Sequence[Session], specs: Sequence[MaterialSpec]) -> None:
    known = _by_key(Material.objects.filter(session__workshop=workshop).select_related("document"))
    brought = [_with_its_document(known.values(), one) for one in specs]
    of_it = _recognised(known, brought, lambda row, spec: row.session == _session(sessions, spec.session))
    wanted, gone = _parted(of_it)
    Material.objects.filter(pk__in=gone & known.keys()).delete()
    for position, spec in enumerate(wanted):
        row = known.get(spec.pk or 0) or Material()
        row.session, row.position = _session(sessions, spec.session), position
        for name, value in spec.values().items():
            setattr(row, name, value)
        if spec.upload:
            row.document = spec.upload.as_document(row.title)
        row.save()


def _with_its_document(rows: Iterable[Material], spec: MaterialSpec) -> MaterialSpec:
    """Of a file that came already, the document that was made of it."""
    named = (row.document for row in rows if spec.pk in (None, row.pk) and row.title == text.nfc(spec.title))
    document = next((one for one in named if spec.upload and spec.upload.is_of(one)), None)
    return replace(spec, upload=None, document=document) if document else spec


def write_bases(workshop: Workshop, specs: Sequence[BasisSpec]) -> None:
    rows = _by_key(workshop.bases.all())
    wanted, gone = _parted(_recognised(rows, specs))
    _written(rows, LegalBasis, wanted, workshop=workshop)
    workshop.bases.filter(pk__in=gone).delete()


def write_quotas(workshop: Workshop, specs: Sequence[QuotaSpec]) -> None:
    """Raises Refusal where a quota would be smaller than what was taken of it, or given to others while somebody holds a seat of it."""
    rows = _by_key(workshop.quotas.all())
    specs = _recognised(rows, specs)
    wanted, gone = _parted(specs)
    used = set(Registration.objects.filter(quota__in=rows).values_list("quota", flat=True))
    for spec in specs:
        row = rows.get(spec.pk or 0)
        is_other = row and (spec.gone or (spec.place, text.nfc(spec.unit)) != (row.place, row.unit))
        if row and row.pk in used and is_other:
            said = _("Chỉ tiêu của %(whose)s đã có người đăng ký, nên giữ nguyên; anh/chị giảm số chỗ được.")
            raise Refusal(said % {"whose": row.whose})
    workshop.quotas.filter(pk__in=gone).delete()
    _written(rows, Quota, wanted, workshop=workshop)
    refuse_oversold(workshop)


def refuse_oversold(workshop: Workshop) -> None:
    """Raises Refusal where more seats are set apart than there are, and where fewer would be left than are taken; who came unannounced took
    none."""
    quotas = list(workshop.quotas.select_related("place__parent"))
    set_apart = sum(one.seats for one in quotas)
    if workshop.capacity is not None and set_apart > workshop.capacity:
        said = _(
            "Các chỉ tiêu cộng lại là %(sum)s chỗ, nhiều hơn số chỗ của lớp (%(seats)s). Hãy giảm chỉ tiêu, hoặc tăng số chỗ của lớp."
        )
        raise Refusal(said % {"sum": set_apart, "seats": workshop.capacity})
    pools = queries.pools(workshop, as_promised=True)
    for quota in [None, *quotas]:
        found = pools[quota.pk if quota else None]
        taken = found.taken
        if found.seats is None or taken <= found.seats:
            continue
        said = (
            _(
                "%(whose)s đã có %(taken)s người giữ chỗ, nên không giảm xuống %(seats)s chỗ được. Hãy ghi số lớn hơn, hoặc rút bớt người trước."
            )
            if quota
            else _(
                "Ngoài các chỉ tiêu đã có %(taken)s người giữ chỗ, mà theo số anh/chị ghi chỉ còn %(seats)s chỗ. Hãy tăng số chỗ, hoặc giảm chỉ tiêu."
            )
        )
        whose = quota.whose if quota else ""
        raise Refusal(said % {"whose": whose[:1].upper() + whose[1:], "taken": taken, "seats": found.seats})


def write_questions(workshop: Workshop, specs: Sequence[QuestionSpec], at: datetime) -> None:
    rows = _by_key(workshop.questions.filter(retired_at=None))
    wanted, gone = _parted(_recognised(rows, specs))
    for spec in wanted:
        row = rows.get(spec.pk or 0)
        if row and (row.kind, row.stage) != (spec.kind, spec.stage) and _is_answered(row):
            said = _(
                "Câu “%(question)s” đã có người trả lời, nên không đổi cách trả lời hay lúc hỏi. Hãy bỏ câu này rồi thêm câu mới."
            )
            raise Refusal(said % {"question": row})
    _written(rows, FormQuestion, wanted, workshop=workshop)
    for pk in gone & rows.keys():
        if _is_answered(rows[pk]) or not _deleted(rows[pk]):
            FormQuestion.objects.filter(pk=pk).update(retired_at=at)


def _is_answered(question: FormQuestion) -> bool:
    said = {"workshop": question.workshop_id, "answers__has_key": str(question.pk)}
    if question.stage == Stage.FEEDBACK:
        return FeedbackSheet.objects.filter(**said).exists()
    return Registration.objects.filter(**said).exists()


def _in_order(workshop: Workshop) -> list[Session]:
    return list(workshop.sessions.all())


WRITING: dict[str, Callable[..., Any]] = {
    "sessions": lambda workshop, at, sessions: write_sessions(workshop, sessions, at),
    "programme": lambda workshop, at, speakers, agenda: write_programme(
        workshop, _in_order(workshop), speakers, agenda
    ),
    "materials": lambda workshop, at, materials: write_materials(workshop, _in_order(workshop), materials),
    "bases": lambda workshop, at, bases: write_bases(workshop, bases),
    "quotas": lambda workshop, at, quotas: write_quotas(workshop, quotas),
    "questions": lambda workshop, at, questions: write_questions(workshop, questions, at),
}
