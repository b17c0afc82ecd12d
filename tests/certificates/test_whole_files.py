"""A file is called whole if it is one that went out, to the byte, whatever else it looks like and whoever draws papers today."""

from copy import deepcopy

import pytest

from certificates import actions, rendering
from certificates.looking import Page, look
from certificates.models import GivenFile
from certificates.office.packing import packed
from certificates.proofs.findings import Finding
from tests import cast

from . import authority
from .returned import rewritten
from .test_badge_download import asked, holder
from .test_checking_papers import issued, judged, keys_of_this_test
from .test_one_reading import two_in_one
from .test_sealing import configured, seal

__all__ = ["configured", "issued", "keys_of_this_test"]
pytestmark = [pytest.mark.django_db, pytest.mark.once]
FORGED = "Lê Văn Khác"


def told(data: bytes) -> tuple[Finding, Page]:
    verdict = judged(data)
    return verdict.finding, verdict.page


@pytest.fixture
def newer(monkeypatch):
    """Papers are drawn otherwise today than they were when it went out."""

    def draw(credential):
        return rewritten(before(credential))

    before = rendering.papers.pdf
    return lambda: monkeypatch.setattr(rendering, "pdf", draw)


def test_a_file_that_went_out_is_whole_though_papers_are_drawn_otherwise_today(issued, newer):
    given = rendering.delivered(issued())
    newer()
    assert told(given) == (Finding.VALID, Page.WHOLE)


def test_one_that_never_went_out_is_not(issued, newer):
    drawn = rendering.pdf(issued())
    newer()
    assert told(drawn) == (Finding.VALID, Page.OPEN)


def test_a_register_restored_from_yesterday_knows_what_would_go_out_today(issued):
    given = rendering.delivered(issued())
    GivenFile.objects.all().delete()
    assert told(given) == (Finding.VALID, Page.WHOLE)


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
