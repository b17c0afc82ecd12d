"""What certificates hold about a person, and what must always be true of them."""

from collections import defaultdict
from typing import Any

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import AnyUser, person_of
from accounts.models import Person
from lib.registries import EnrolmentRecords, Fact, PersonFacts, PersonRecords
from lib.text import nfc

from . import queries, rendering
from .access import TO_REISSUE, visible_to
from .actions import joining
from .models import Counter, Credential, CredentialStatus, TemplateVersion
from .models.templates import fingerprint


def _repoint(from_id: int, to_id: int) -> int:
    return Credential.objects.filter(person=from_id).update(person=to_id)


def _export(person_id: int) -> list[dict[str, Any]]:
    rows = Credential.objects.filter(person=person_id)
    return [
        {"number": row.number, "status": row.status, "shown_since": str(row.shown_since or ""), **row.evidence}
        for row in rows
    ]


def _erase(person_id: int) -> int:
    """The register of issued certificates is kept: whoever holds a paper must be able to have it verified. What its holder showed to
    everybody is not."""
    shown = Credential.objects.filter(person=person_id, shown_since__isnull=False)
    for code in shown.values_list("code", flat=True):
        rendering.forget_preview(code)
    return shown.update(shown_since=None)


CREDENTIALS = PersonRecords(
    repoint=_repoint,
    export=_export,
    erase=_erase,
    title=gettext_lazy("Giấy chứng nhận"),
    kept=gettext_lazy(
        "Sổ cấp giấy chứng nhận, với mọi điều đã in trên giấy (họ tên, năm sinh nếu có, chủ thể, nơi ở, khóa học, số giấy), bản đã ký và danh sách đã ký: giấy đã cấp phải kiểm tra được, và đơn vị cấp phải lưu sổ."
    ),
    words={
        "number": gettext_lazy("Số giấy"), "status": gettext_lazy("Tình trạng"), "shown_since": gettext_lazy("Bật trang giới thiệu lúc"),
        "name": gettext_lazy("Họ và tên trên giấy"), "birth_year": gettext_lazy("Năm sinh"), "who_line": gettext_lazy("Là"), "unit": gettext_lazy("Đơn vị"),
        "address_line": gettext_lazy("Nơi ở"), "course_kind": gettext_lazy("Hình thức"), "course": gettext_lazy("Khóa học"), "duration": gettext_lazy("Thời lượng"),
        "period": gettext_lazy("Thời gian"), "result": gettext_lazy("Kết quả"), "issuer": gettext_lazy("Đơn vị cấp"), "issuer_parent": gettext_lazy("Cơ quan chủ quản"),
        "issue_date": gettext_lazy("Ngày cấp"), "issued_on": gettext_lazy("Cấp ngày"), "signer": gettext_lazy("Người ký"), "signer_post": gettext_lazy("Chức vụ người ký"),
        "register_number": gettext_lazy("Số vào sổ"), "expires_on": gettext_lazy("Có giá trị đến"), "place": gettext_lazy("Địa danh"), **dict(CredentialStatus.choices),
    },
    logged=lambda person_id: [Credential.objects.filter(person=person_id)],
)  # fmt: skip
HANGING_ON_AN_ENROLMENT = {
    "certificates.Credential.enrolment": EnrolmentRecords(join=joining.join_papers, stands_apart=joining.stand_apart),
    "certificates.WorkshopEntry.enrolment": EnrolmentRecords(
        join=joining.join_entries, stands_apart=joining.on_one_list
    ),
    "certificates.BatchEntry.enrolment": EnrolmentRecords(join=joining.join_batches),
}


def violations() -> list[str]:
    """Whoever finished has a paper, and nobody else a valid one; what was replaced names a later one of the same course; numbers run
    1..n for each issuer and year, and n is what the counter says."""
    found = [f"enrolment {pk}: finished, no certificate" for pk in queries.waiting().values_list("pk", flat=True)]
    unearned = Credential.objects.filter(status=CredentialStatus.VALID, enrolment__completed_at=None)
    found += [
        f"credential {pk}: valid, but its enrolment is not finished" for pk in unearned.values_list("pk", flat=True)
    ]
    found += [
        f"template version {one.pk}: not what was published"
        for one in TemplateVersion.objects.all()
        if one.sha256 != fingerprint(one.data)
    ]
    renewed = queries.renewals_to_honour().values_list("enrolment", flat=True)
    found += [f"enrolment {pk}: renewed, no new certificate" for pk in renewed]
    found += [f"credential {pk}: {said}" for said, rows in _broken_chains() for pk in rows.values_list("pk", flat=True)]
    numbers: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for issuer, year, sequence in Credential.objects.values_list("issuer", "year", "sequence"):
        numbers[issuer, year].append(sequence)
    for counter in Counter.objects.all():
        given = sorted(numbers.pop((counter.issuer_id, counter.year), []))
        if given != list(range(1, counter.last + 1)):
            found.append(f"issuer {counter.issuer_id}, {counter.year}: numbers are not 1..{counter.last}")
    found += [f"issuer {issuer}, {year}: numbers without a counter" for issuer, year in numbers]
    return found


def _broken_chains() -> list[tuple[str, QuerySet[Credential]]]:
    """Later ones have higher keys, so that nothing comes round in a circle."""
    replaced = Credential.objects.filter(status=CredentialStatus.REPLACED)
    endless = Credential.objects.filter(expires_on=None)
    return [
        ("replaced by nothing", replaced.filter(replaced_by=None)),
        (
            "replaced by one of another course",
            replaced.filter(~Q(replaced_by__enrolment=F("enrolment")), replaced_by__isnull=False),
        ),
        ("replaced by an earlier one", replaced.filter(replaced_by__lte=F("pk"))),
        ("holds longer than it says", endless.filter(evidence__has_key="expires_on").exclude(evidence__expires_on="")),
    ]


def _facts(person: Person, user: AnyUser) -> list[Fact]:
    return [
        Fact(
            row.number,
            f"{row.evidence['course']}, {row.state()}",
            reverse("credential:inspect", args=[row.pk]),
        )
        for row in visible_to(user, PAPERS_OF_PERSON.permission).filter(person=person)
    ]


PAPERS_OF_PERSON = PersonFacts(gettext_lazy("Giấy chứng nhận"), "certificates.view_credential", _facts)


def outdated(person: Person, user: AnyUser) -> list[Fact]:
    """Entry of the registry `outdated_papers`: valid certificates that bear another name. Whoever may not reissue is led to the
    certificate, to name it to somebody who may."""
    if not user.has_perm(PAPERS_OF_PERSON.permission):
        return []
    mine = visible_to(user, PAPERS_OF_PERSON.permission).filter(person=person, status=CredentialStatus.VALID)
    may_reissue = user.has_perm(TO_REISSUE) and person_of(user) != person
    said = _("ghi tên “%(name)s”: cấp lại") if may_reissue else _("ghi tên “%(name)s”: nhờ đơn vị tổ chức cấp lại")
    door = "certificates_admin:reissue" if may_reissue else "credential:inspect"
    return [
        Fact(row.number, said % {"name": row.printed_name()}, reverse(door, args=[row.pk]))
        for row in mine
        if row.printed_name() != nfc(person.name)
    ]
