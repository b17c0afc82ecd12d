"""A file is called whole if it is one that went out, to the byte, whatever else it looks like and whoever draws papers today."""

from copy import deepcopy
from datetime import timedelta

import pytest
from django.db import OperationalError

from certificates import actions, rendering, verifying
from certificates.batches import files, working
from certificates.looking import Page, look
from certificates.models import CopyKind, Credential, GivenFile, SignedCopy
from certificates.office.packing import packed
from certificates.proofs import reading
from certificates.proofs.findings import Finding, Refused
from lib import dates
from tests import cast
from tests.racing import at_once

from . import authority
from .judging import ask
from .returned import rewritten
from .test_badge_download import asked, enrolment, holder, made_enrolment
from .test_checking_papers import issued, judged, keys_of_this_test
from .test_covered_papers import covered, painted
from .test_one_reading import two_in_one
from .test_sealing import configured, seal

__all__ = ["configured", "enrolment", "issued", "keys_of_this_test", "made_enrolment"]
pytestmark = [pytest.mark.django_db]
FORGED = "Lê Văn Khác"


def told(data: bytes) -> tuple[Finding, Page]:
    verdict = judged(data)
    return verdict.finding, verdict.page


@pytest.mark.parametrize("name", ["Công Tằng Tôn Nữ Thị Hoàng Nguyên Bảo-Trân", "Nguyễn Thị Ánh\u00adNguyệt"])
@pytest.mark.parametrize("design", ["formal", "warm"])
def test_a_dash_or_a_hidden_sign_on_the_paper_makes_it_no_forgery(issued, design, name):
    credential = issued(design=design)
    course = "Ghi nhãn theo Nghị quyết số 123/NQ-HĐND và Kế hoạch 45/KH-UBND của tỉnh, tiêu chuẩn VietGAP-GlobalGAP cho hợp tác xã-doanh nghiệp"
    Credential.objects.update(evidence=credential.evidence | {"name": name, "course": course, "course_en": ""})
    credential.refresh_from_db()
    drawn = rendering.pdf(credential)
    assert told(drawn) == (Finding.VALID, Page.WHOLE)
    assert told(rewritten(drawn)) == (Finding.VALID, Page.OPEN), "nor where it is another file"


@pytest.fixture
def newer(monkeypatch):
    """Papers are drawn otherwise today than they were when it went out."""

    def draw(credential):
        return rewritten(before(credential))

    before = rendering.papers.pdf
    return lambda: monkeypatch.setattr(rendering.papers, "pdf", draw)


def test_a_file_that_went_out_is_whole_though_papers_are_drawn_otherwise_today(issued, newer):
    given = rendering.delivered(issued())
    newer()
    assert told(given) == (Finding.VALID, Page.WHOLE)


def test_one_that_never_went_out_is_not(issued, newer):
    drawn = rendering.pdf(issued())
    newer()
    assert told(drawn) == (Finding.VALID, Page.OPEN)


def test_a_register_restored_from_yesterday_knows_what_would_go_out_today(issued, configured, newer):
    credential = issued()
    plain = rendering.delivered(credential)
    GivenFile.objects.all().delete()
    assert told(plain) == (Finding.VALID, Page.WHOLE)

    configured()
    sealed = rendering.delivered(credential)
    GivenFile.objects.all().delete()
    assert told(sealed) == (Finding.VALID, Page.WHOLE)
    rendering.forget_sealed([credential.code])
    assert told(sealed) == (Finding.VALID, Page.OPEN)  # the control


def test_what_an_office_brought_is_whole_before_anybody_loaded_it_here_and_after_another_took_its_place(issued):
    credential = issued()
    first, second = (authority.sign_at_the_office(rendering.pdf(credential)) for _time in range(2))
    assert told(first) == (Finding.VALID, Page.OPEN)  # the control
    brought(credential, first)
    assert told(first) == (Finding.VALID, Page.WHOLE)
    brought(credential, second)
    assert (told(first)[1], told(second)[1]) == (Page.WHOLE, Page.WHOLE)
    GivenFile.objects.all().delete()
    assert (told(first)[1], told(second)[1]) == (Page.OPEN, Page.WHOLE)
    assert SignedCopy.objects.count() == 1


def brought(credential: Credential, data: bytes) -> None:
    said = {"signers": "", "signed_at": cast.NOW, "by": None, "at": cast.NOW}
    actions.take_copy(credential=credential, kind=CopyKind.SIGNED, data=data, **said)


def test_what_went_out_without_a_credential_is_answered_from_the_register(made_by_nobody_s_key):
    credential = made_by_nobody_s_key
    unknown, given = rendering.pdf(credential), rendering.delivered(credential)
    assert unknown == given
    page = ask(given, "gcn.pdf").text
    assert "Đúng là tệp chúng tôi đã phát ra, và sổ cấp ghi giấy này còn hiệu lực" in page
    assert "Trần Thị Út" in page
    assert "Ảnh chụp, ảnh lưu" in ask(rewritten(given), "gcn.pdf").text  # the control
    actions.revoke(credential=credential, reason="Cấp nhầm", by=None, at=cast.NOW)
    assert "Giấy đã bị thu hồi" in ask(given, "gcn.pdf").text


@pytest.fixture
def made_by_nobody_s_key(enrolment):
    return actions.issue(enrolment_id=enrolment.pk, at=cast.NOW)


def test_what_went_out_is_ours_though_the_site_has_another_address_now_or_nothing_can_be_read_of_it(
    issued, settings, monkeypatch
):
    given = rendering.delivered(issued())
    settings.BASE_URL = "https://hoc-moi.example"
    assert told(given) == (Finding.VALID, Page.WHOLE)
    assert told(rewritten(given))[0] == Finding.UNKNOWN_ISSUER  # the control

    def refuse(_data):
        raise Refused(Finding.TOO_LARGE, "today")

    monkeypatch.setattr(reading, "read", refuse)
    assert told(given) == (Finding.VALID, Page.WHOLE)
    assert told(rewritten(given))[0] == Finding.TOO_LARGE


def test_of_a_withdrawn_certificate_only_what_went_out_is_said_to_have(issued):
    credential = issued()
    given = rendering.delivered(credential)
    forged = painted(given, "BT /Zz 9 Tf 20 20 Td (Mau cu) Tj ET")
    actions.revoke(credential=credential, reason="Cấp nhầm", by=None, at=cast.NOW)
    assert [told(one) for one in (given, forged)] == [(Finding.REVOKED, Page.WHOLE), (Finding.REVOKED, Page.OPEN)]
    assert "Tệp đúng do đơn vị cấp phát ra" in ask(given, "gcn.pdf").text
    assert "Phần ký bên trong là của giấy đã bị thu hồi" in ask(forged, "gcn.pdf").text


def test_a_number_with_its_signs_elsewhere_is_another_number(issued):
    credential = issued()
    drawn = rendering.papers.draw(
        rendering.papers.paper_of(credential),
        rendering.values(credential) | {"number": credential.number.replace("/", "")},
        rendering.archival.finisher(credential),
    )
    assert told(drawn)[0] == Finding.ALTERED


def test_an_expired_paper_that_was_painted_over_is_not_vouched_for(issued):
    credential = issued()
    Credential.objects.update(expires_on=dates.local_day(cast.NOW))
    credential.refresh_from_db()
    given = rendering.delivered(credential)
    later = cast.NOW + timedelta(days=2)
    assert verifying.judge(given, now=later).finding == Finding.EXPIRED
    assert verifying.judge(given, now=later).page == Page.WHOLE  # the control
    other = verifying.judge(painted(given, "BT /Zz 9 Tf 20 20 Td (Mau cu) Tj ET"), now=later)
    assert (other.finding, other.page) == (Finding.EXPIRED, Page.OPEN)
    assert verifying.judge(covered(given, "Trần Thị Út"), now=later).finding == Finding.ALTERED


def test_a_file_goes_out_though_it_cannot_be_written_down(issued, monkeypatch, caplog):
    def full(*_rows, **_how):
        raise OperationalError("database or disk is full")

    credential = issued()
    monkeypatch.setattr(GivenFile.objects, "bulk_create", full)
    client = cast.client_of(credential.person.user)
    assert client.get(f"/c/{credential.code}/pdf/").content.startswith(b"%PDF")
    assert "could not be noted" in caplog.text
    assert not GivenFile.objects.exists()


def test_files_of_a_batch_and_those_that_are_printed_are_known_and_a_picture_notes_nothing(issued):
    credential = issued()
    client = cast.client_of(credential.person.user)
    assert client.get(f"/c/{credential.code}/anh/").status_code == 200
    assert not GivenFile.objects.exists()
    batch = actions.make_batch(
        token="t", enrolments=[credential.enrolment_id], title="", layout="a4", is_told=False, by=None, at=cast.NOW
    )
    working.work(batch)
    paper = files.paper(batch, credential).read_bytes()
    assert rendering.given_of(paper) == credential
    assert client.get(f"/c/{credential.code}/pdf/?in=1").content == paper
    assert GivenFile.objects.count() == 1


def test_what_one_byte_or_another_program_changed_is_not_whole(issued):
    credential = issued()
    given = rendering.delivered(credential)
    for at in range(0, len(given), len(given) // 40):
        changed = given[:at] + bytes([given[at] ^ 1]) + given[at + 1 :]
        assert look(changed, credential, "pdf") is Page.OPEN, at
    for changed in (given[:-1], given + b"\n", b"\n" + given, rewritten(given)):
        assert look(changed, credential, "pdf") is Page.OPEN
    assert look(given, credential, "pdf") is Page.WHOLE  # the control


def test_a_file_of_somebody_else_is_not_this_one_s(issued):
    one = issued()
    enrolment = cast.enrolment(cast.trainee(name="Lê Văn Hai", phone="0912345679").person, one.enrolment.course)
    cast.finish(enrolment)
    other = actions.issue(enrolment_id=enrolment.pk, at=cast.NOW)
    given = rendering.delivered(one)
    assert look(given, other, "pdf") is Page.OPEN
    assert look(given, one, "pdf") is Page.WHOLE  # the control


def test_two_papers_in_one_file_are_not_ours_though_the_page_is_drawn_as_ours(issued):
    """Some programs find the end of the first, others that of the second."""
    credential = issued()
    other = deepcopy(credential)
    other.evidence = other.evidence | {"name": FORGED}
    drawn = rendering.papers.draw(
        rendering.papers.paper_of(other), rendering.values(other), rendering.archival.finisher(credential)
    )
    assert told(two_in_one((rendering.delivered(credential), drawn), b"startxref%d\n%%%%EOF\n")) == (
        Finding.VALID,
        Page.OPEN,
    )


def test_what_the_office_gets_to_sign_is_known_and_what_it_signed_when_it_goes_out(issued, newer):
    credential = issued()
    b"".join(packed([credential]))
    drawn = rendering.pdf(credential)
    newer()
    assert told(drawn) == (Finding.VALID, Page.WHOLE)
    assert told(authority.sign_at_the_office(drawn)) == (Finding.VALID, Page.OPEN)


def test_a_badge_that_went_out_is_whole_though_badges_are_drawn_otherwise_today(issued, monkeypatch):
    credential = issued()
    given = asked(holder(credential), credential, "svg").content
    monkeypatch.setattr(rendering, "badge", lambda *_: b"another")
    assert told(given) == (Finding.VALID, Page.WHOLE)
    GivenFile.objects.all().delete()
    assert told(given) == (Finding.VALID, Page.OPEN)  # the control


def test_a_file_that_goes_out_a_hundred_times_is_written_down_once(issued, django_assert_num_queries):
    credential = issued()
    given = rendering.delivered(credential)
    with django_assert_num_queries(1):
        rendering.given.noted(credential, given)
    assert GivenFile.objects.get().credential == credential


def test_each_seal_of_one_certificate_is_known(issued, configured):
    configured()
    credential = issued()
    for _seal in range(2):
        rendering.given.noted(credential, data := seal(credential))
        assert told(data) == (Finding.VALID, Page.WHOLE)
    assert GivenFile.objects.count() == 2
    assert told(seal(credential)) == (Finding.VALID, Page.OPEN), "nobody got it"


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_of_two_first_downloads_at_once_each_gets_the_file_and_one_writes_it_down(issued):
    credential = issued()
    drawn = rendering.pdf(credential)
    results = at_once(*[lambda: rendering.noted(credential, drawn)] * 8)
    assert results == [drawn] * 8
    assert GivenFile.objects.count() == 1
