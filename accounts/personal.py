"""What accounts hold about a person, for merging, exporting and erasing."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Exists, Max, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from lib.registries import PersonRecords, person_records

from . import rules
from .models import (
    ERASED,
    PENDING,
    Consent,
    ConsentText,
    Help,
    LinkedIdentity,
    MailAddress,
    MinorityAnswer,
    Move,
    MoveState,
    OneTimeCard,
    Person,
    PhoneChange,
    Subject,
    User,
)
from .queries import is_or_was_colleague, numbers_of
from .rights import records


def register() -> None:
    """The log-in and the person's own row first: they are erased last, when all that hangs on them is gone."""
    person_records.add("accounts.Person", records.PERSON)
    person_records.add(
        "accounts.User.person",
        PersonRecords(
            repoint=_repoint_user,
            export=_export_user,
            erase=_erase_user,
            hold=records.holding(User),  # as whoever says that a number is not theirs
            title=_("Đăng nhập"),
            kept=_("Học viên: không giữ gì. Cán bộ: tài khoản và họ tên, vì sổ sách phải ghi ai đã quyết định."),
            words={"phone": _("Số điện thoại"), "since": _("Từ")},
        ),
    )
    person_records.add(
        "mfa.Authenticator.user",
        PersonRecords(
            repoint=records.stay,
            export=_export_factors,
            erase=_erase_factors,
            title=_("Bước xác minh thứ hai"),
            words={"kind": _("Loại"), "since": _("Từ"), "name": _("Tên đã đặt")},
        ),
    )
    person_records.add(
        "accounts.MailAddress.user",
        PersonRecords(
            repoint=records.stay,
            export=lambda person_id: records.plain_rows(
                MailAddress.objects.filter(user__person=person_id), "address", "wanted", "confirmed_at"
            ),
            erase=lambda person_id: MailAddress.objects.filter(user__person=person_id).delete()[0],
            title=_("Địa chỉ thư điện tử của cán bộ"),
            words={"address": _("Địa chỉ"), "wanted": _("Chờ xác nhận"), "confirmed_at": _("Xác nhận lúc")},
        ),
    )
    person_records.add(
        "accounts.LinkedIdentity.user",
        PersonRecords(
            repoint=_repoint_identities,
            export=_export_identities,
            erase=lambda person_id: LinkedIdentity.objects.filter(user__person=person_id).delete()[0],
            title=_("Đăng nhập qua nơi khác"),
            words={"issuer": _("Nơi khác"), "since": _("Nối từ"), "code": _("Mã để nhận ra anh/chị (không đọc ngược lại được)")},
        ),
    )  # fmt: skip
    person_records.add("accounts.Subject.leader", records.LED)
    person_records.add(
        "accounts.Person.merged_into",
        PersonRecords(repoint=_repoint_merged, export=records.nothing, erase=records.no_rows),
    )
    person_records.add(
        "accounts.Consent.person",
        PersonRecords(
            repoint=_repoint_consents,
            export=_export_consents,
            erase=records.no_rows,
            title=_("Những điều đã đồng ý"),
            kept=_("Đồng ý điều gì, lúc nào, rút lại lúc nào, không còn tên: luật buộc chúng tôi chứng minh được là đã hỏi."),
            words={
                "purpose": _("Mục đích"), "version": _("Bản"), "given_at": _("Đồng ý lúc"), "how": _("Cách đồng ý"), "withdrawn_at": _("Rút lại lúc"),
                **dict(ConsentText.Purpose.choices), **dict(Consent.How.choices),
            },
        ),
    )  # fmt: skip
    person_records.add(  # after the ledger, by which it stands or falls
        "accounts.MinorityAnswer.person",
        PersonRecords(
            repoint=_repoint_minority,
            export=lambda person_id: records.plain_rows(MinorityAnswer.objects.filter(person=person_id), "is_minority"),
            erase=lambda person_id: MinorityAnswer.objects.filter(person=person_id).delete()[0],
            title=_("Câu trả lời về dân tộc"),
            words={"is_minority": _("Người dân tộc thiểu số")},
            is_own_only=True,
        ),
    )
    person_records.add(
        "accounts.OneTimeCard.person",
        PersonRecords(
            repoint=lambda from_id, to_id: OneTimeCard.objects.filter(person=from_id).update(person=to_id),
            export=lambda person_id: records.plain_rows(
                OneTimeCard.objects.filter(person=person_id), "issued_at", "used_at"
            ),
            erase=lambda person_id: OneTimeCard.objects.filter(person=person_id).delete()[0],
            hold=records.holding(OneTimeCard),  # as whoever uses one for the first time, which makes a log-in
            title=_("Phiếu mã đã cấp"),
            words={"issued_at": _("Cấp lúc"), "used_at": _("Dùng lúc")},
        ),
    )
    person_records.add(
        "accounts.PhoneChange.person",
        PersonRecords(
            repoint=lambda from_id, to_id: PhoneChange.objects.filter(person=from_id).update(person=to_id),
            export=lambda person_id: records.plain_rows(
                _changes_of(person_id), "old_phone", "new_phone", "requested_at", "status", "decided_at"
            ),
            erase=lambda person_id: _changes_of(person_id).delete()[0],
            title=_("Yêu cầu đổi số điện thoại"),
            words={
                "old_phone": _("Số cũ"), "new_phone": _("Số mới"), "requested_at": _("Yêu cầu lúc"), "status": _("Tình trạng"), "decided_at": _("Quyết định lúc"),
                **dict(PhoneChange.Status.choices),
            },
            logged=lambda person_id: [_changes_of(person_id)],
        ),
    )  # fmt: skip
    person_records.add(
        "accounts.Move.person",
        PersonRecords(
            repoint=_repoint_moves,
            export=lambda person_id: records.plain_rows(
                Move.objects.filter(person=person_id), "before__name", "after__name", "moves_on", "state"
            ),
            erase=lambda person_id: Move.objects.filter(person=person_id).delete()[0],
            title=_("Chuyển nơi ở"),
            words={
                "before__name": _("Nơi ở cũ"), "after__name": _("Nơi ở mới"), "moves_on": _("Từ ngày"), "state": _("Tình trạng"),
                **dict(MoveState.choices),
            },
            logged=lambda person_id: [Move.objects.filter(person=person_id)],
        ),
    )  # fmt: skip
    person_records.add(
        "accounts.Help.person",
        PersonRecords(
            repoint=lambda from_id, to_id: Help.objects.filter(person=from_id).update(person=to_id),
            export=lambda person_id: records.plain_rows(Help.objects.filter(person=person_id), "begun_at", "ended_at"),
            erase=records.no_rows,
            title=_("Những lần cán bộ giúp học"),
            kept=_("Cán bộ nào đã giúp, lúc nào, không còn tên anh/chị: để công của cán bộ vẫn được tính."),
            words={"begun_at": _("Bắt đầu lúc"), "ended_at": _("Xong lúc")},
        ),
    )
    person_records.add("messaging.Message.to", records.MESSAGES)
    person_records.add("accounts.DataRequest.person", records.REQUESTS)
    person_records.add("wagtailcore.ModelLogEntry", records.LOG)


def _changes_of(person_id: int) -> QuerySet[PhoneChange]:
    """Decided ones name the person; of open ones it is the name as declared together with one of the numbers."""
    person = Person.objects.select_related("user").get(pk=person_id)
    numbers = numbers_of(person)
    typed = Q(person=None, search=person.search) & (Q(old_phone__in=numbers) | Q(new_phone__in=numbers))
    return PhoneChange.objects.filter(Q(person=person_id) | typed)


def _export_consents(person_id: int) -> list[dict[str, Any]]:
    """One line a row of the ledger."""
    rows = Consent.objects.filter(person=person_id).select_related("text").order_by("given_at", "pk")
    return [
        records.plain(
            {
                "purpose": row.text.purpose,
                "version": row.text.version,
                "given_at": row.given_at,
                "how": row.how,
                "withdrawn_at": row.withdrawn_at,
            }
        )
        for row in rows
    ]


def _repoint_consents(from_id: int, to_id: int) -> int:
    """What was taken back on either row is taken back, where it was given before; agreed to again since, it stands. Of one wording that
    both agree to, the other row is closed by nobody and stays where it is, as evidence."""
    both = Consent.objects.filter(person__in=[from_id, to_id])
    taken_back = both.exclude(withdrawn_at=None).values("text__purpose").annotate(last=Max("withdrawn_at"))
    for purpose, last in taken_back.values_list("text__purpose", "last"):
        both.filter(withdrawn_at=None, given_at__lt=last, text__purpose=purpose).update(withdrawn_at=last)
    running = list(both.filter(person=to_id, withdrawn_at=None).values_list("text", flat=True))
    moving = Consent.objects.filter(person=from_id).exclude(withdrawn_at=None, text__in=running)
    return moving.update(person=to_id)


def _repoint_minority(from_id: int, to_id: int) -> int:
    """After the ledger. Kept where the agreement stands; two answers that contradict each other are none, and may be given anew."""
    both = MinorityAnswer.objects.filter(person__in=[from_id, to_id])
    said = set(both.values_list("is_minority", flat=True))
    stands = Consent.objects.filter(person=to_id, text__purpose=ConsentText.Purpose.MINORITY, withdrawn_at=None)
    count: int = both.filter(person=from_id).count()
    if len(said) != 1 or not stands.exists():
        both.delete()
        return count
    both.filter(person=from_id).delete()
    MinorityAnswer.objects.update_or_create(person_id=to_id, defaults={"is_minority": said.pop()})
    return count


def _repoint_moves(from_id: int, to_id: int) -> int:
    """The history of both; of two moves ahead the one of the row that stays is done."""
    moves = Move.objects.filter(person=from_id)
    if Move.objects.filter(person=to_id, state__in=PENDING).exists():
        moves.filter(state__in=PENDING).update(state=MoveState.TAKEN_BACK)
    return moves.update(person=to_id)


def _repoint_user(from_id: int, to_id: int) -> int:
    """The log-in moves unless the other person has one; then it is switched off, and stays."""
    log_in = User.objects.filter(person=from_id)
    if User.objects.filter(person=to_id).exists():
        return log_in.filter(is_active=True).update(is_active=False)
    return log_in.update(person=to_id)


def _export_user(person_id: int) -> list[dict[str, Any]]:
    return [
        {"phone": user.phone, "since": user.date_joined.isoformat()} for user in User.objects.filter(person=person_id)
    ]


def _erase_user(person_id: int) -> int:
    """The log-in goes. That of somebody who works here, or did, stays with them: the log names who decided, and it bears the name
    itself from now on."""
    count = 0
    for user in User.objects.filter(person=person_id).select_related("person"):
        if is_or_was_colleague(user) or user.roles.exists():
            user.display_name, user.person, user.profile_draft = user.get_full_name(), None, {}
            user.save(update_fields=["display_name", "person", "profile_draft"])
        else:
            user.delete()
        count += 1
    return count


def _export_factors(person_id: int) -> list[dict[str, Any]]:
    """Which there are, never what they hold."""
    return [
        {"kind": one.type, "since": one.created_at.isoformat(), "name": one.data.get("name", "")}
        for one in Authenticator.objects.filter(user__person=person_id).order_by("pk")
    ]


def _erase_factors(person_id: int) -> int:
    return Authenticator.objects.filter(user__person=person_id).delete()[0]


def _repoint_identities(from_id: int, to_id: int) -> int:
    """After the log-in, with which they may have moved already: those of one that was switched off open the one that is left, unless that
    has its own of the same issuer."""
    kept = User.objects.filter(person=to_id).first()
    links = LinkedIdentity.objects.filter(user__person=from_id)
    if kept is None:
        return 0
    moved = links.exclude(issuer__in=list(kept.identities.values_list("issuer", flat=True))).update(user=kept)
    return moved + links.delete()[0]


def _export_identities(person_id: int) -> list[dict[str, Any]]:
    return [
        {"issuer": one.issuer, "since": one.linked_at.isoformat(), "code": one.sub_digest}
        for one in LinkedIdentity.objects.filter(user__person=person_id).order_by("pk")
    ]


def _repoint_merged(from_id: int, to_id: int) -> int:
    return Person.objects.filter(merged_into=from_id).exclude(pk=to_id).update(merged_into=to_id)


def violations() -> list[str]:
    return [*_answers_alone(), *_consents_apart(), *_names_with_records(), *_erased_with_traces(), *_joined_people()]


def _erased_with_traces() -> list[str]:
    """People who were erased, and have a name, a way in or an agreement that runs."""
    rows: Any = Person.objects.exclude(erased_at=None)
    odd = (
        rows.exclude(name=ERASED) | rows.exclude(user=None) | rows.exclude(cards=None) | rows.exclude(contact_phone="")
    )
    odd |= rows.filter(consents__isnull=False, consents__withdrawn_at=None)
    odd |= rows.filter(minority_answer__isnull=False)
    return [
        f"person {pk} was erased and still has a name, a log-in or an agreement"
        for pk in sorted(set(odd.values_list("pk", flat=True)))
    ]


def _names_with_records() -> list[str]:
    """Subjects that were joined to another, and still have what should have followed."""
    gone: Any = Subject.objects.exclude(merged_into=None)
    odd = gone.filter(Q(people__isnull=False) | Q(products__isnull=False) | Q(merged_into__merged_into__isnull=False))
    return [
        f"subject {pk} was joined to another and still has people or products, or leads on"
        for pk in sorted(set(odd.values_list("pk", flat=True)))
    ]


def _joined_people() -> list[str]:
    """People who were joined to another, and lead on or still have what should have followed."""
    gone: Any = Person.objects.exclude(merged_into=None)
    odd = gone.filter(
        Q(merged_into__merged_into__isnull=False) | Q(user__is_active=True) | Q(cards__isnull=False) | Q(merged_at=None)
    )
    return [
        f"person {pk} was joined to another and still has a log-in or cards, leads on, or nobody knows since when"
        for pk in sorted(set(odd.values_list("pk", flat=True)))
    ]


def _answers_alone() -> list[str]:
    """Answers under an agreement that does not run."""
    running = Consent.objects.filter(
        person=OuterRef("person"), text__purpose=ConsentText.Purpose.MINORITY, withdrawn_at=None
    )
    alone = MinorityAnswer.objects.filter(~Exists(running)).order_by("pk").values_list("pk", flat=True)
    return [f"person {pk}: an answer is kept without the agreement under which it was given" for pk in alone]


def _consents_apart() -> list[str]:
    """People whose row says otherwise than the ledger whether they agreed to what a learning record needs."""
    running = Prefetch("consents", Consent.objects.filter(withdrawn_at=None).select_related("text"), "running")
    people: Any = Person.objects.filter(merged_into=None).only("pk", "has_consented").prefetch_related(running)
    return [
        f"person {person.pk}: has_consented is {person.has_consented}, the ledger says otherwise"
        for person in people.iterator(chunk_size=2000)
        if person.has_consented
        == bool(rules.missing_consents((c.text.purpose, c.text.version) for c in person.running))
    ]
