"""A revoked certificate is told as revoked, and its paper, which looks valid, is not given out any more."""

from copy import deepcopy

import pytest

from certificates import actions
from tests import cast
from tests.conftest import made_for_a_file

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def credential(made_credential, db):
    return deepcopy(made_credential)


def issued():
    course = cast.course(lessons=1)
    cast.award(course)
    enrolment = cast.enrolment(cast.trainee().person, course)
    cast.finish(enrolment)
    return actions.issue(enrolment_id=enrolment.pk, at=cast.NOW)


made_credential = made_for_a_file(issued)


def officer():
    return cast.client_of(cast.staff("administrator"))


@pytest.fixture
def revoked(credential):
    actions.revoke(credential=credential, reason="Cấp nhầm người", by=None, at=cast.NOW)
    return credential


def test_the_holder_of_a_valid_one_is_offered_its_paper(credential):
    page = cast.client_of(credential.person.user).get("/c/cua-toi/").text
    assert f"/c/{credential.code}/pdf/" in page
    assert f"/c/{credential.code}/anh/" in page


def asked(client, credential):
    return client.get(f"/quan-tri/giay/{credential.pk}/thu-hoi/")


def test_revoking_asks_on_a_page_of_its_own_that_names_the_paper_and_what_everybody_will_see(credential):
    client = officer()
    register = client.get(f"/quan-tri/credential/inspect/{credential.pk}/").text
    assert f'href="/quan-tri/giay/{credential.pk}/thu-hoi/"' in register
    assert 'name="reason"' not in register
    page = asked(client, credential)
    for said in (
        credential.number,
        "Trần Thị Út",
        "Kể chuyện",
        "sẽ thấy “Đã thu hồi”",
        "không khôi phục được",
        "Giữ giấy này",
    ):
        assert said in page.text
    credential.refresh_from_db()
    assert credential.status == "valid"


def test_what_is_revoked_already_is_not_asked_for_again(revoked):
    client = officer()
    answer = client.post(f"/quan-tri/giay/{revoked.pk}/thu-hoi/", {"reason": "Lý do khác"}, follow=True)
    assert "không còn hiệu lực từ trước" in answer.text
    assert asked(client, revoked).status_code == 302
    revoked.refresh_from_db()
    assert revoked.status_reason == "Cấp nhầm người"


def test_an_officer_who_may_not_revoke_is_not_asked(credential):
    client = cast.client_of(cast.staff("manager", cast.province()))
    assert asked(client, credential).status_code in (302, 403)
    assert "thu-hoi" not in client.get(f"/quan-tri/credential/inspect/{credential.pk}/").text


@pytest.mark.parametrize("reason", ["\0", "\x0b", " ", "\u200b", "\u2063 \u200b", "\u2800"])
def test_it_is_not_revoked_without_a_reason_that_can_be_read(credential, reason):
    said = officer().post(f"/quan-tri/giay/{credential.pk}/thu-hoi/", {"reason": reason}, follow=True).text
    assert "Chưa thu hồi, vì chưa có lý do." in said
    credential.refresh_from_db()
    assert credential.status == "valid"


def test_a_reason_pasted_from_a_word_processor_is_kept_as_one_line(credential):
    officer().post(f"/quan-tri/giay/{credential.pk}/thu-hoi/", {"reason": "Cấp nhầm\x0bngười\0"})
    credential.refresh_from_db()
    assert (credential.status, credential.status_reason) == ("revoked", "Cấp nhầm người")


def test_the_holder_of_a_revoked_one_is_told_why_and_offered_no_paper(revoked):
    page = cast.client_of(revoked.person.user).get("/c/cua-toi/").text
    assert "Đã thu hồi" in page
    assert "Lý do: Cấp nhầm người" in page
    assert f"/c/{revoked.code}/pdf/" not in page
    assert f"/c/{revoked.code}/anh/" not in page


@pytest.mark.parametrize("kind", ["pdf", "anh"])
def test_a_kept_address_of_its_paper_leads_to_what_is_true_of_it(revoked, kind):
    answer = cast.client_of(revoked.person.user).get(f"/c/{revoked.code}/{kind}/", follow=True)
    assert answer.redirect_chain == [(f"/c/{revoked.code}", 302)]
    assert "không tải về được nữa" in answer.text
    assert "Cấp nhầm người" in answer.text
    assert "Còn hiệu lực" not in answer.text


def test_staff_are_offered_no_paper_of_it_either(revoked):
    staff = cast.client_of(cast.staff("organiser", cast.province()))
    assert f"/c/{revoked.code}/pdf/" not in staff.get(f"/quan-tri/credential/inspect/{revoked.pk}/").text
    assert staff.get(f"/c/{revoked.code}/pdf/").status_code == 302
