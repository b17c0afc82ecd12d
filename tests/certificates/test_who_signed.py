"""Anybody can sign a file under any name: what is known of a signer is told beside the name, to buyers and to staff."""

import pytest

from certificates import actions, rendering
from certificates.models import SignedCopy
from lib import dates
from tests import cast

from .authority import sign_at_the_office
from .judging import ask, judged
from .returned import bring

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.usefixtures("own_folder")]
UNKNOWN = "chúng tôi chưa xác minh được đó là ai"


def test_a_name_that_only_the_signature_tells_is_called_unverified(credential):
    data = sign_at_the_office(rendering.pdf(credential), "Bộ Nông nghiệp và Môi trường")
    (said,) = judged(data).seals
    assert said.startswith("Người ký tự ghi tên là “Bộ Nông nghiệp và Môi trường”; ")
    assert UNKNOWN in said
    assert UNKNOWN in ask(data, "giay.pdf").text


def test_the_file_that_the_office_brought_is_known_and_another_of_the_same_certificate_is_not(
    credential, officer, signed
):
    bring(signed, by=officer)
    (said,) = judged(signed).seals
    assert "Nguyễn Văn Chánh (chữ ký này có sẵn khi tệp được phát ra)" in said
    (other,) = judged(sign_at_the_office(rendering.pdf(credential), "Nguyễn Văn Chánh")).seals
    assert UNKNOWN in other


def test_the_check_page_tells_of_the_signed_file_and_of_none_where_none_was_brought(
    credential, officer, signed, client
):
    address = f"/c/{credential.code}"
    assert "Bản điện tử" not in client.get(address).text
    bring(signed, by=officer)
    day = dates.local_day(SignedCopy.objects.get().signed_at)
    page = client.get(address).text
    assert f"Đơn vị cấp đã nộp vào sổ bản ký số ngày {day:%d/%m/%Y}" in page
    assert "Nguyễn Văn Chánh" in page


def test_staff_read_that_nobody_checked_the_signer_and_of_a_revoked_one_that_it_goes_out_no_more(
    credential, officer, signed
):
    bring(signed, by=officer)
    desk, page = cast.client_of(officer), f"/quan-tri/credential/inspect/{credential.pk}/"
    shown = desk.get(page).text
    assert "tên trong chữ ký: Nguyễn Văn Chánh (hệ thống không xác minh người ký)" in shown
    assert "Học viên tải về bản này." in shown
    actions.revoke(credential=credential, reason="Cấp nhầm", by=None, at=cast.NOW)
    shown = desk.get(page).text
    assert "Học viên tải về bản này." not in shown
    assert "không tải về được nữa" in shown


def test_an_english_reader_is_told_in_english(credential, client):
    page = client.get("/en/c/tep/").text
    assert "Check a file</button>" in page
    assert "Quizzes</button>" not in page
