"""What is kept of people beside the records that name them: their own row, texts that went to their number, words in the log."""

import re
from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import ModelLogEntry

from accounts.models import (
    ERASED,
    DataRequest,
    OfficialLevel,
    Person,
    PersonKind,
    PhoneChange,
    Subject,
    SubjectRole,
    User,
)
from accounts.queries import number_of, numbers_of
from lib import text
from lib.dates import short
from lib.registries import PersonRecords, person_records
from messaging.actions import enqueue
from messaging.models import Message

ERASED_SUBJECT = "Chủ thể đã xóa"
WORDS = ("reason",)  # of what the log keeps beside who did what and when: typed by hand, so it may name anybody


def nothing(person_id: int) -> list[dict[str, Any]]:
    return []


def no_rows(person_id: int) -> int:
    return 0


def stay(from_id: int, to_id: int) -> int:
    return 0


def holding(model: type[Any]) -> Callable[[Collection[int]], None]:
    """`hold` of rows that others lock before their person."""

    def hold(person_ids: Collection[int]) -> None:
        rows = model._default_manager.select_for_update(of=("self",)).filter(person__in=person_ids)
        list(rows.order_by("pk").values_list("pk", flat=True))

    return hold


def plain(row: dict[str, Any]) -> dict[str, Any]:
    """Values that JSON has; moments as ISO 8601."""
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in row.items()}


def plain_rows(rows: QuerySet[Any], *fields: str) -> list[dict[str, Any]]:
    return [plain(row) for row in rows.values(*fields)]


# --- the person's own row ---


def _export_person(person_id: int) -> list[dict[str, Any]]:
    person = Person.objects.select_related("place__parent", "subject").get(pk=person_id)
    told = {
        "name": person.name,
        "birth_year": person.birth_year,
        "contact_phone": person.contact_phone,
        "place": person.place.full_name,
        "kind": person.kind,
        "subject_name": person.subject.name if person.subject else "",
        "subject_role": person.subject_role,
        "official_level": person.official_level,
        "since": person.created_at,
    }
    return [plain(told)]


def _erase_person(person_id: int) -> int:
    """The row stays, because what was learnt is counted by it; whom it meant is gone. Place and kind stay with the figures."""
    person = Person.objects.get(pk=person_id)
    person.name, person.birth_year, person.contact_phone, person.form_token = ERASED, None, "", None
    person.subject, person.subject_role, person.official_level = None, "", ""
    person.has_consented = False
    person.erased_at = person.erased_at or timezone.now()
    person.save()
    return 1


PERSON = PersonRecords(
    repoint=stay,
    export=_export_person,
    erase=_erase_person,
    title=_("Thông tin cá nhân"),
    kept=_("Xã và đối tượng (chủ thể hay cán bộ), không còn tên, để số liệu của xã vẫn đúng."),
    words={
        "name": _("Họ và tên"), "birth_year": _("Năm sinh"), "contact_phone": _("Điện thoại liên hệ"), "place": _("Nơi ở"), "kind": _("Đối tượng"),
        "subject_name": _("Chủ thể"), "subject_role": _("Vai trò trong chủ thể"), "official_level": _("Cấp công tác"), "since": _("Ghi từ"),
        **dict(PersonKind.choices), **dict(SubjectRole.choices), **dict(OfficialLevel.choices),
    },
    logged=lambda person_id: [Person.objects.filter(pk=person_id), User.objects.filter(person=person_id)],
)  # fmt: skip


# --- the subject to which somebody belongs, where it bears their name ---


def _led_by(person_id: int) -> list[Subject]:
    """Subjects in whose row somebody is named as the leader, who belongs to them: by a name alone it may be anybody's."""
    person = Person.objects.select_related("subject").get(pk=person_id)
    is_led = person.subject is not None and text.fold(person.subject.leader) == person.search
    return [person.subject] if person.subject and is_led else []


def _export_led(person_id: int) -> list[dict[str, Any]]:
    return [{"subject": one.name, "leader": one.leader, "phone": one.phone} for one in _led_by(person_id)]


def _erase_led(person_id: int) -> int:
    """The subject stays in the register, without the name of its leader and the number. A household that bears the person's name loses
    it, unless it is an entry of the register: confirmed, with products, or with others who belong to it. So does one that was joined to
    the person's subject, whose name stays as a further name."""
    led = [one.pk for one in _led_by(person_id)]
    count = Subject.objects.filter(Q(pk__in=led) | Q(merged_into__in=led)).update(leader="", phone="")
    person = Person.objects.get(pk=person_id)
    named = _subjects_of(person_id).filter(search__contains=person.search, is_confirmed=False)
    others = Person.objects.filter(subject=OuterRef("pk")).exclude(pk=person_id)
    for one in named.filter(~Exists(others), products=None, merged_from=None):
        one.name, one.leader, one.phone, one.closed_reason = f"{ERASED_SUBJECT} {one.pk}", "", "", ""
        one.closed_at = one.closed_at or timezone.now()
        one.save()
        count += 1
    return count


def _subjects_of(person_id: int) -> QuerySet[Subject]:
    """To which somebody belongs, with its further names."""
    own = Person.objects.filter(pk=person_id).values("subject")
    return Subject.objects.filter(Q(pk__in=own) | Q(merged_into__in=own))


LED = PersonRecords(
    repoint=stay,
    export=_export_led,
    erase=_erase_led,
    title=_("Người đứng đầu trong sổ chủ thể"),
    kept=_(
        "Tên chủ thể và sản phẩm trong sổ chủ thể OCOP, vì đã được công nhận bằng quyết định; không còn tên và số điện thoại của anh/chị."
    ),
    words={"subject": _("Chủ thể"), "leader": _("Người đứng đầu"), "phone": _("Điện thoại")},
)


# --- messages ---


def _messages_of(person_id: int) -> QuerySet[Message]:
    """Of the number of log-in, which is one person's, since it is theirs: it may have been another's before. A number for calling may be
    shared: what went there is not told here."""
    user = User.objects.filter(person=person_id, phone__isnull=False).first()
    if user is None:
        return Message.objects.none()
    given = _changes_of(person_id).filter(new_phone=user.phone).aggregate(at=Max("decided_at"))["at"]
    return Message.objects.filter(to=user.phone, created_at__gte=given or user.date_joined)


def _changes_of(person_id: int) -> QuerySet[PhoneChange]:
    """By which a log-in came to a number."""
    return PhoneChange.objects.filter(person=person_id, status=PhoneChange.Status.CONFIRMED)


def _export_messages(person_id: int) -> list[dict[str, Any]]:
    """A code is never told, and is not kept once it was sent."""
    rows = _messages_of(person_id).filter(is_secret=False).order_by("created_at")
    return plain_rows(rows, "created_at", "body", "sent_at")


def only_theirs(person: Person, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Of rows with `to` and `body` those that are about somebody: all to a number that nobody else has, else what calls the name. Also of
    numbers that were theirs before."""
    mine: Any = rows.none()
    before = _changes_of(person.pk).exclude(old_phone="").values_list("old_phone", flat=True)
    for number in numbers_of(person) | set(before):
        others = Person.objects.filter(Q(contact_phone=number) | Q(user__phone=number)).exclude(pk=person.pk)
        is_a_colleagues = User.objects.filter(phone=number, person=None).exists()
        to_it = rows.filter(to=number)
        if is_a_colleagues or others.filter(erased_at=None).exists():
            named = [pk for pk, body in to_it.values_list("pk", "body") if person.search in text.fold(body)]
            to_it = rows.filter(pk__in=named)
        mine = mine | rows.filter(pk__in=to_it.values("pk"))
    return mine


def _erase_messages(person_id: int) -> int:
    return only_theirs(Person.objects.get(pk=person_id), Message.objects.all()).delete()[0]


MESSAGES = PersonRecords(
    repoint=stay,
    export=_export_messages,
    erase=_erase_messages,
    title=_("Tin nhắn đã gửi đến số của anh/chị"),
    words={"created_at": _("Soạn lúc"), "body": _("Nội dung"), "sent_at": _("Gửi lúc")},
)


# --- the log of decisions ---


def entries_about(rows: Iterable[QuerySet[Any]]) -> QuerySet[ModelLogEntry]:
    about = Q(pk__in=())
    for some in rows:
        keys = some.order_by().values(key=Cast("pk", CharField()))
        about |= Q(content_type=ContentType.objects.get_for_model(some.model), object_id__in=keys)
    return ModelLogEntry.objects.filter(about)


def _all_logged(person_id: int) -> list[QuerySet[Any]]:
    return [rows for _name, records in person_records for rows in records.logged(person_id)]


def _export_log(person_id: int) -> list[dict[str, Any]]:
    """What was done and when; who did it is told by the office that is asked."""
    entries = entries_about(_all_logged(person_id)).order_by("timestamp", "pk")
    return [
        plain({"at": one.timestamp, "what": str(one.message), "reason": str(one.data.get("reason") or "")})
        for one in entries
    ]


def forget_words(entries: QuerySet[ModelLogEntry], name: str = "", words: Collection[str] = WORDS) -> int:
    """Who did what and when stays; what was typed by hand (`words`) goes, and so do titles of log-ins, which are names, and whatever text
    calls `name` (folded)."""
    count = 0
    for entry in entries.select_related("content_type"):
        model = entry.content_type and entry.content_type.model_class()
        data = _without_name({key: value for key, value in entry.data.items() if key not in words}, name)
        is_named = model is User or _calls(entry.label, name)
        label = f"{model._meta.verbose_name} {entry.object_id}" if model and is_named else entry.label
        if (data, label) != (entry.data, entry.label):
            ModelLogEntry.objects.filter(pk=entry.pk).update(data=data, label=label)
            count += 1
    return count


def _calls(said: str, name: str) -> bool:
    """In whole words: somebody may be called Út alone, and no minute ("phút") is theirs."""
    return bool(name) and re.search(rf"\b{re.escape(name)}\b", text.fold(said)) is not None


def _without_name(said: Any, name: str) -> Any:
    """As JSON; a text that calls the name is left empty."""
    if isinstance(said, dict):
        return {key: _without_name(value, name) for key, value in said.items()}
    if isinstance(said, list):
        return [_without_name(one, name) for one in said]
    return "" if isinstance(said, str) and _calls(said, name) else said


def _erase_log(person_id: int) -> int:
    """Of the subject only what calls the person: its entries are about others too."""
    name = Person.objects.values_list("search", flat=True).get(pk=person_id)
    of_subjects = forget_words(entries_about([_subjects_of(person_id)]), name, words=())
    return of_subjects + forget_words(entries_about(_all_logged(person_id)), name)


LOG = PersonRecords(
    repoint=stay,
    export=_export_log,
    erase=_erase_log,
    title=_("Việc cán bộ đã làm với thông tin của anh/chị"),
    kept=_("Việc gì, lúc nào, ai làm; không còn tên anh/chị và lý do. Cán bộ phải chịu trách nhiệm về việc mình làm."),
    words={"at": _("Lúc"), "what": _("Việc"), "reason": _("Lý do")},
)


# --- requests ---


def _repoint_requests(from_id: int, to_id: int) -> int:
    """Of two unsettled ones of a kind the first stays, whose days law counts; the other is settled with it. Where a deletion goes on to a
    row that had none, the number of that row is told: if the two were not one, it can still be taken back."""
    unsettled = DataRequest.objects.filter(person__in=[from_id, to_id], state__in=DataRequest.UNSETTLED)
    deletions = {one.person_id: one for one in unsettled.filter(kind=DataRequest.Kind.DELETE)}
    first: dict[str, int] = {}
    for kind, pk in unsettled.order_by("received_at", "pk").values_list("kind", "pk"):
        first.setdefault(kind, pk)
    again = unsettled.exclude(pk__in=list(first.values()))
    again.update(state=DataRequest.State.TAKEN_BACK, settled_at=timezone.now())
    moved = DataRequest.objects.filter(person=from_id).update(person=to_id)
    if from_id in deletions and to_id not in deletions:
        tell_of_deletion(DataRequest.objects.get(pk=deletions[from_id].pk), timezone.now())
    return moved


def tell_of_deletion(request: DataRequest, at: datetime) -> None:
    """Of each number of log-in once. Without diacritics: 160 letters fit one message."""
    if request.erase_on and (number := number_of(request.person)):
        body = "Hoc OCOP: da nhan yeu cau xoa du lieu cua anh/chi, se xoa ngay %s. Khong muon xoa: vao Tai khoan, Du lieu cua toi."
        key = f"deletion-{request.pk}-{number}"
        enqueue(to=number, body=body % short(request.erase_on), purpose="data-request", at=at, dedupe_key=key)


REQUESTS = PersonRecords(
    repoint=_repoint_requests,
    hold=holding(DataRequest),  # as whoever settles one
    export=lambda person_id: plain_rows(
        DataRequest.objects.filter(person=person_id).order_by("received_at"),
        "kind", "way", "note", "received_at", "reply_by", "replied_at", "done_by", "state", "answer", "settled_at",
    ),
    erase=lambda person_id: DataRequest.objects.filter(person=person_id).update(note="", answer="", extension_reason=""),
    title=_("Yêu cầu về dữ liệu cá nhân"),
    kept=_("Yêu cầu gì, ngày nhận và ngày làm xong, không còn tên và nội dung: để chứng minh đã làm đúng hạn luật định."),
    words={
        "kind": _("Yêu cầu"), "way": _("Cách gửi"), "note": _("Nội dung"), "received_at": _("Nhận lúc"), "reply_by": _("Hạn trả lời"), "replied_at": _("Trả lời lúc"),
        "done_by": _("Hạn làm xong"), "state": _("Tình trạng"), "answer": _("Câu trả lời"), "settled_at": _("Xong lúc"),
        **dict(DataRequest.Kind.choices), **dict(DataRequest.Way.choices), **dict(DataRequest.State.choices),
    },
    logged=lambda person_id: [DataRequest.objects.filter(person=person_id)],
)  # fmt: skip
