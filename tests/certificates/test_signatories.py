"""Who signs: by the person's province and the day of issue, frozen on the paper."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError

from certificates import actions, queries, rendering
from certificates.models import Issuer, Signatory
from tests import cast

from .test_templates import issued, seen, words

pytestmark = pytest.mark.django_db
TODAY = cast.NOW.date()
DAY = timedelta(days=1)


@pytest.fixture
def award():
    return cast.award(cast.course(lessons=1, title="Kể câu chuyện sản phẩm"))


def test_the_one_for_the_province_comes_before_the_one_for_all_and_both_before_the_issuers_own(award):
    place, issuer = cast.commune(), award.issuer
    assert queries.signatory(issuer, place, TODAY) is None
    general = cast.signatory(issuer, name="Chung")
    assert queries.signatory(issuer, place, TODAY) == general
    own = cast.signatory(issuer, name="Riêng", province=place.province)
    assert queries.signatory(issuer, place, TODAY) == own
    assert queries.signatory(issuer, place.province, TODAY) == own


def test_only_who_signs_on_the_day_and_of_two_the_newer_one(award):
    place, issuer = cast.commune(), award.issuer
    cast.signatory(issuer, name="Trước", valid_from=TODAY - 90 * DAY, valid_to=TODAY - DAY)
    cast.signatory(issuer, name="Sau", valid_from=TODAY + DAY)
    assert queries.signatory(issuer, place, TODAY) is None
    cast.signatory(issuer, name="Cũ", valid_from=TODAY - 20 * DAY)
    newer = cast.signatory(issuer, name="Mới", valid_from=TODAY)
    assert queries.signatory(issuer, place, TODAY) == newer


def test_another_issuers_signatory_and_another_provinces_do_not_sign(award):
    place, issuer = cast.commune(), award.issuer
    other = Issuer.objects.create(name="Khác", code="KHÁC", place_name="X", signer_post="A", signer_name="B")
    cast.signatory(other)
    cast.signatory(issuer, province=cast.province("Hà Nội"))
    assert queries.signatory(issuer, place, TODAY) is None


def test_the_paper_keeps_who_signed_it_with_signature_and_seal(award):
    seal, hand = cast.picture("seal", "firebrick"), cast.picture("signature", "navy")
    signatory = cast.signatory(award.issuer, name="Lê Thị Ký", signature=hand, seal=seal)
    credential = issued(award, None)
    assert credential.evidence["signature"] == hand.sha256
    assert "Lê Thị Ký" in words(rendering.pdf(credential))
    looked = seen(credential)
    signatory.name, signatory.signature, signatory.seal = "Người Khác", None, None
    signatory.save()
    assert seen(credential) == looked
    credential.evidence |= {"signature": "", "signer_seal": ""}
    assert seen(credential) != looked


def test_a_picture_on_a_paper_is_kept_and_does_not_change(award):
    hand = cast.picture("signature", "navy")
    signatory = cast.signatory(award.issuer, signature=hand)
    issued(award, None)
    signatory.delete()
    hand.sha256 = "0" * 64
    with pytest.raises(ValidationError):
        hand.save()
    hand.refresh_from_db()
    with pytest.raises(ProtectedError), transaction.atomic():
        hand.delete()
    unused = cast.picture("signature", "black")
    unused.delete()


def test_nobody_signs_until_before_they_began():
    issuer = Issuer.objects.create(name="VP", code="VP", place_name="X", signer_post="A", signer_name="B")
    with pytest.raises(ValidationError, match="Ngày thôi ký"):
        Signatory(issuer=issuer, post="A", name="B", valid_from=TODAY, valid_to=TODAY - DAY).full_clean()


def test_an_administrator_writes_one_and_the_issuers_form_tells_the_next_number():
    issuer = Issuer.objects.create(name="VP", code="VP", place_name="X", signer_post="A", signer_name="B")
    admin = cast.client_of(cast.staff("administrator"))
    fields = {
        "issuer": issuer.pk, "province": cast.province("Cà Mau").pk, "post": "Giám đốc", "name": "Trần Ký", "valid_from": "2026-01-01",
    }  # fmt: skip
    assert admin.post("/quan-tri/signatory/new/", fields).status_code == 302
    assert Signatory.objects.get().province.name == "Cà Mau"
    assert "Số kế tiếp sẽ là: 0001/GCN-VP" in admin.get(f"/quan-tri/issuer/edit/{issuer.pk}/").text


def test_issuers_whose_numbers_look_alike_are_told_and_saved_all_the_same():
    Issuer.objects.create(
        name="Đơn vị Một", code="A", number_pattern="{seq}/GCN", place_name="X", signer_post="A", signer_name="B"
    )
    admin = cast.client_of(cast.staff("administrator"))
    fields = {"name": "Hai", "code": "B", "place_name": "X", "signer_post": "A", "signer_name": "B", "parent_name": ""}
    told = admin.post("/quan-tri/issuer/new/", fields | {"number_pattern": "{seq}/gcn"}, follow=True)
    assert "có thể trùng với số của: Đơn vị Một" in told.text
    assert Issuer.objects.filter(code="B").exists()
    other = admin.post(
        "/quan-tri/issuer/new/", fields | {"code": "C", "number_pattern": "{seq}/GCN-{code}"}, follow=True
    )
    assert "có thể trùng" not in other.text


def test_issuing_by_the_job_freezes_the_same(award):
    cast.signatory(award.issuer, name="Lê Thị Ký")
    enrolment = cast.enrolment(cast.trainee("Trần Văn Ba", "0912345672").person, award.course)
    cast.finish(enrolment)
    assert actions.issue_missing(at=cast.NOW) == 1
    assert enrolment.credentials.get().evidence["signer"] == "Lê Thị Ký"


def test_the_form_leads_to_where_its_pictures_are_added(db):
    page = cast.client_of(cast.staff("administrator")).get("/quan-tri/signatory/new/")
    assert page.status_code == 200
    assert page.text.count('href="/quan-tri/picture/new/"') >= 2
