"""What is kept of people beside the records that name them: their own row, texts that went to their number, words in the log."""

from collections.abc import Callable, Collection, Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import ModelLogEntry

from accounts.models import ERASED, DataRequest, OfficialLevel, Person, PersonKind, SubjectRole, User
from accounts.queries import number_of, numbers_of
from lib import text
from lib.registries import PersonRecords, person_records
from messaging.models import Message

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


# --- messages ---


def _messages_of(person_id: int) -> QuerySet[Message]:
    """Of the number of log-in, which is one person's. A number for calling may be shared: what went there is not told here."""
    number = number_of(Person(pk=person_id))
    return Message.objects.filter(to=number) if number else Message.objects.none()


def _export_messages(person_id: int) -> list[dict[str, Any]]:
    """A code is never told, and is not kept once it was sent."""
    rows = _messages_of(person_id).filter(is_secret=False).order_by("created_at")
    return plain_rows(rows, "created_at", "body", "sent_at")


def only_theirs(person: Person, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Of rows with `to` and `body` those that are about somebody: all to a number that nobody else has, else what calls the name."""
    mine: Any = rows.none()
    for number in numbers_of(person):
        others = Person.objects.filter(Q(contact_phone=number) | Q(user__phone=number)).exclude(pk=person.pk)
        to_it = rows.filter(to=number)
        if others.filter(erased_at=None).exists():
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


def forget_words(entries: QuerySet[ModelLogEntry], name: str = "") -> int:
    """Who did what and when stays; what was typed by hand goes, and so do titles of log-ins, which are names, and such with `name` (folded)."""
    count = 0
    for entry in entries.select_related("content_type"):
        model = entry.content_type and entry.content_type.model_class()
        data = {name: value for name, value in entry.data.items() if name not in WORDS}
        is_named = model is User or (name and name in text.fold(entry.label))
        label = f"{model._meta.verbose_name} {entry.object_id}" if model and is_named else entry.label
        if (data, label) != (entry.data, entry.label):
            ModelLogEntry.objects.filter(pk=entry.pk).update(data=data, label=label)
            count += 1
    return count


def _erase_log(person_id: int) -> int:
    name = Person.objects.values_list("search", flat=True).get(pk=person_id)
    return forget_words(entries_about(_all_logged(person_id)), name)


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
    """Of two unsettled ones of a kind the first stays, whose days law counts; the other is settled with it."""
    unsettled = DataRequest.objects.filter(person__in=[from_id, to_id], state__in=DataRequest.UNSETTLED)
    first: dict[str, int] = {}
    for kind, pk in unsettled.order_by("received_at", "pk").values_list("kind", "pk"):
        first.setdefault(kind, pk)
    again = unsettled.exclude(pk__in=list(first.values()))
    again.update(state=DataRequest.State.TAKEN_BACK, settled_at=timezone.now())
    return DataRequest.objects.filter(person=from_id).update(person=to_id)


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
