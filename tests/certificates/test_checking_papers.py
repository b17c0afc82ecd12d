"""What is printed on a paper and how it is sealed speaks for it or against it, beside its credential."""

import io
from copy import deepcopy
from functools import cache

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from certificates import actions, badging, keys, rendering, sealing, verifying
from certificates.models import Credential, Template
from certificates.proofs.findings import Finding
from certificates.sealing import checking
from tests import cast

from . import authority
from .judging import ask
from .returned import rewritten

pytestmark = [pytest.mark.django_db, pytest.mark.once]
COURSE, IN_ENGLISH = "Kể câu chuyện sản phẩm", "Telling the story of a product"


@pytest.fixture(autouse=True)
def keys_of_this_test(settings, tmp_path):
    settings.CERTIFICATE_KEYS = tmp_path / "keys"


def somebody_s(language: str = "vi", design: str = "formal", course_en: str = IN_ENGLISH) -> Credential:
    """A signed certificate, its design in one of our languages."""
    award = cast.award(cast.course(lessons=1, title=COURSE))
    template = Template.objects.get(look=design)
    template.language = language
    template.save()
    actions.freeze_template(template=template)
    award.template, award.course_en = template, course_en
    award.save()
    actions.make_key(issuer=award.issuer, by=None, at=cast.NOW)
    enrolment = cast.enrolment(cast.trainee(name="Trần Thị Út").person, award.course)
    cast.finish(enrolment)
    return actions.issue(enrolment_id=enrolment.pk, at=cast.NOW)


@pytest.fixture
def issued():
    return somebody_s


def judged(data: bytes) -> verifying.Verdict:
    return verifying.judge(data, now=cast.NOW)


def printed(credential: Credential, **said: str) -> bytes:
    """The paper as it is given out, with other words on it, and the true credential attached."""
    forged = deepcopy(credential)
    forged.evidence |= said
    finisher = rendering.archival.finisher(credential)
    return rendering.papers.draw(rendering.papers.paper_of(forged), rendering.papers.values(forged), finisher)


@pytest.mark.parametrize("design", ["formal", "warm"])
def test_a_name_changed_on_the_paper_is_noticed_beside_an_untouched_credential(issued, design):
    credential = issued(design=design)
    assert judged(printed(credential)).finding == Finding.VALID  # the control
    forged = printed(credential, name="Lê Văn Khác")
    verdict = judged(forged)
    assert (verdict.finding, verdict.is_signed) == (Finding.ALTERED, True)
    assert verdict.differences == [verifying.Difference("name", "", "Trần Thị Út")]
    page = Client().post("/c/tep/", {"file": SimpleUploadedFile("gcn.pdf", forged)}).text
    assert "Phần ký còn nguyên" in page
    assert "không thấy" in page


def test_a_long_name_on_two_lines_is_found_on_the_paper(issued):
    name = "Nguyễn Thị Hoàng Phương Thảo Nguyên Bảo Châu Anh"
    credential = issued()
    credential.evidence["name"] = name
    credential.save()
    assert judged(rendering.pdf(credential)).finding == Finding.VALID


@pytest.mark.parametrize(
    ("language", "course_en"), [("vi", IN_ENGLISH), ("en", IN_ENGLISH), ("both", IN_ENGLISH), ("en", "")]
)
def test_a_paper_in_each_language_is_genuine(issued, language, course_en):
    credential = issued(language, course_en=course_en)
    verdict = judged(rendering.pdf(credential))
    assert (verdict.finding, verdict.differences) == (Finding.VALID, [])


def test_another_course_on_an_english_paper_is_noticed(issued):
    credential = issued("en")
    verdict = judged(printed(credential, course_en="Food safety"))
    assert verdict.differences == [verifying.Difference("course", "", COURSE)]
    assert verdict.finding == Finding.ALTERED


@cache
def a_signed_page() -> bytes:
    page, blank = io.BytesIO(), pikepdf.new()
    blank.add_blank_page()
    blank.save(page)
    return authority.sign_at_the_office(page.getvalue())


def with_fields(count: int) -> bytes:
    """Each claims the one signature that is there."""
    with pikepdf.open(io.BytesIO(a_signed_page())) as pdf:
        signature = pdf.Root.AcroForm.Fields[0].V
        fields = [
            pdf.make_indirect(pikepdf.Dictionary(FT=pikepdf.Name.Sig, T=pikepdf.String(f"a{number}"), V=signature))
            for number in range(count)
        ]
        pdf.Root.AcroForm.Fields, pdf.pages[0].Annots = pikepdf.Array(fields), pikepdf.Array()
        data = io.BytesIO()
        pdf.save(data)
    return data.getvalue()


def test_more_signatures_than_anybody_puts_on_a_paper_are_not_looked_at():
    assert len(sealing.check(with_fields(checking.MOST)).seals) == checking.MOST
    report = sealing.check(with_fields(checking.MOST + 1))
    assert report.findings == {sealing.Finding.UNREADABLE, sealing.Finding.TOO_MUCH}
    assert not report.holds


def test_a_file_that_takes_too_long_is_given_up(monkeypatch):
    """The web server does not wait for it; nor does what is left of it go on."""

    def forever(*_, **__):
        while True:
            pass

    monkeypatch.setattr(checking, "_report", forever)
    monkeypatch.setattr(checking, "PATIENCE", 0.2)
    report = sealing.check(a_signed_page())
    assert report.findings == {sealing.Finding.UNREADABLE, sealing.Finding.TOO_MUCH}


def test_seals_that_nobody_can_look_at_leave_a_good_credential_undecided(issued, monkeypatch):
    credential = issued()
    monkeypatch.setattr(checking, "MOST", 0)
    signed = authority.sign_at_the_office(rendering.pdf(credential))
    assert judged(signed).finding == Finding.TOO_LARGE


def test_a_seal_that_is_broken_beyond_reading_speaks_against_the_paper(issued):
    credential = issued()
    signed = authority.sign_at_the_office(rendering.pdf(credential))
    assert judged(signed).finding == Finding.VALID  # the control
    at = signed.rindex(b"/Contents <") + len(b"/Contents <")
    broken = signed[:at] + b"00" * 40 + signed[at + 80 :]
    assert sealing.check(broken).findings == {sealing.Finding.UNREADABLE, sealing.Finding.ALTERED}
    verdict = judged(broken)
    assert (verdict.finding, verdict.detail) == (Finding.ALTERED, "seal")


def test_a_file_of_two_certificates_is_called_that_and_neither_of_them_forged(issued):
    def with_another(pdf):
        pdf.attachments["khac.jwt"] = other

    one = issued()
    enrolment = cast.enrolment(cast.trainee("Lê Văn Hai", "0912345699").person, one.award.course)
    cast.finish(enrolment)
    other = badging.token(actions.issue(enrolment_id=enrolment.pk, at=cast.NOW), *signing(one)).encode()
    verdict = judged(rewritten(rendering.pdf(one), with_another))
    assert verdict.finding == Finding.SEVERAL
    page = ask(rewritten(rendering.pdf(one), with_another), "hai.pdf").text
    assert "Trong tệp có nhiều giấy chứng nhận" in page
    assert "bị sửa" not in page


def signing(credential: Credential):
    signer = keys.signer_of(credential)
    return signer.private, signer.kid
