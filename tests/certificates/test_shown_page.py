"""A page that a holder may switch on for everybody: off until then, honest about what has become of the certificate, gone when it
is switched off, revoked, or its holder's agreement ends."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from wagtail.models import ModelLogEntry

from accounts import actions as accounts
from certificates import actions, personal
from certificates.models import Credential
from lib import limits
from lib.refusals import Refusal
from tests import cast

from .shown import address, holder, seen

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PRIVATE = ("1980", "Tôm khô Út", "Phan Ngọc Hiển", "912345678")


def test_until_its_holder_switches_it_on_there_is_no_page(holding):
    assert seen(holding).status_code == 404
    assert holder(holding).get(address(holding)).status_code == 404
    unknown = Client().get("/c/22223333/gioi-thieu/")
    assert seen(holding).text.replace(holding.code, "") == unknown.text.replace("22223333", "")


def test_a_page_that_is_not_there_leads_a_stranger_to_where_papers_are_checked(holding):
    for page in (seen(holding), Client().get("/c/22223333/gioi-thieu/")):
        assert page.status_code == 404
        assert "Không có trang giới thiệu này" in page.text
        assert 'class="button button--fill" href="/c/"' in page.text
        assert "Kết quả học" not in page.text


def test_the_holder_reads_what_it_will_show_and_switches_it_on(holding):
    client = holder(holding)
    page = client.get("/c/cua-toi/").text
    assert "Trang hiện: họ tên, khóa học, thời lượng, ngày cấp, đơn vị cấp và số giấy." in page
    assert "Trang không hiện: năm sinh, nơi ở, chủ thể, số điện thoại." in page
    assert f'action="{address(holding, "bat/")}"' in page
    answer = client.post(address(holding, "bat/"), follow=True)
    assert "Trang giới thiệu đang bật. Anh/Chị chia sẻ được rồi." in answer.text.partition('class="way"')[2]
    holding.refresh_from_db()
    assert holding.shown_since
    assert seen(holding).status_code == 200


def test_it_says_who_learnt_what_and_nothing_private(shown):
    page = seen(shown)
    for said in (
        "Trần Thị Út",
        "Kể câu chuyện sản phẩm",
        "2 giờ học",
        "Văn phòng Mẫu",
        shown.number,
        f'href="/c/{shown.code}"',
    ):
        assert said.casefold() in page.text.casefold()
    assert [word for word in PRIVATE if word in page.text] == []
    assert PRIVATE[0] in shown.evidence["who_line"]  # the control
    assert '<meta name="robots" content="noindex">' in page.text
    assert "no-store" in page["Cache-Control"]
    assert "Học khóa này" in page.text


def test_a_course_that_is_closed_is_not_offered(shown):
    course = shown.award.course
    course.retired_at = cast.NOW
    course.save()
    assert "Học khóa này" not in seen(shown).text


def test_switched_off_it_is_gone_at_once(shown):
    client = holder(shown)
    assert "Trang giới thiệu đã tắt." in client.post(address(shown, "tat/"), follow=True).text
    assert seen(shown).status_code == 404
    assert client.get(address(shown, "anh.jpg")).status_code == 404


@pytest.mark.parametrize("way", ["bat/", "tat/"])
def test_nobody_else_switches_it(shown, way):
    stranger = cast.client_of(cast.trainee("Lê Văn Khác", "0912345670"))
    staff = cast.client_of(cast.staff("administrator"))
    assert stranger.post(address(shown, way)).status_code == 404
    assert staff.post(address(shown, way)).status_code in (302, 404)
    assert Client().post(address(shown, way)).status_code == 302
    assert holder(shown).get(address(shown, way)).status_code == 405
    shown.refresh_from_db()
    assert shown.shown_since
    with pytest.raises(Refusal):
        actions.hide(credential=shown, person=cast.person("Người Thứ Ba"), at=cast.NOW)


def test_on_and_off_are_dated_evidence(shown):
    assert not actions.show(credential=shown, person=shown.person, at=cast.NOW)
    actions.hide(credential=shown, person=shown.person, at=cast.NOW)
    assert not actions.hide(credential=shown, person=shown.person, at=cast.NOW)
    log = ModelLogEntry.objects.filter(action__in=["certificates.shown", "certificates.hidden"]).order_by("pk")
    assert [(entry.action, entry.user) for entry in log] == [
        ("certificates.shown", shown.person.user),
        ("certificates.hidden", shown.person.user),
    ]


def test_a_revoked_certificate_has_no_page(shown):
    actions.revoke(credential=shown, reason="Cấp nhầm", by=None, at=cast.NOW)
    assert seen(shown).status_code == 404
    shown.refresh_from_db()
    assert shown.shown_since is None
    assert "gioi-thieu" not in holder(shown).get("/c/cua-toi/").text


def test_nor_one_that_was_revoked_in_another_way(shown):
    Credential.objects.filter(pk=shown.pk).update(status="revoked", status_at=cast.NOW)
    assert seen(shown).status_code == 404


def test_one_that_ran_out_says_so_and_shows_no_picture(shown):
    Credential.objects.filter(pk=shown.pk).update(expires_on=cast.NOW.date() - timedelta(days=400))
    page = seen(shown)
    assert "đã hết hạn từ ngày" in page.text
    assert address(shown, "tat/") in holder(shown).get("/c/cua-toi/").text
    assert address(shown, "anh.jpg") not in page.text
    assert Client().get(address(shown, "anh.jpg")).status_code == 404


def test_a_replaced_one_says_so_and_what_replaces_it_is_off(shown):
    new, _is_new = actions.reissue(credential=shown, why="lost", words="", by=cast.staff("administrator"), at=cast.NOW)
    page = seen(shown)
    assert "được thay bằng giấy khác" in page.text
    assert f'href="/c/{shown.code}"' in page.text
    assert new.shown_since is None
    assert seen(new).status_code == 404


def test_of_one_that_ran_out_no_page_is_offered(holding):
    Credential.objects.filter(pk=holding.pk).update(expires_on=cast.NOW.date() - timedelta(days=400))
    page = holder(holding).get("/c/cua-toi/").text
    assert address(holding, "bat/") not in page
    assert f"/c/{holding.code}/pdf/?in=1" in page


def test_what_holds_no_more_is_not_switched_on(holding):
    actions.revoke(credential=holding, reason="Cấp nhầm", by=None, at=cast.NOW)
    holding.refresh_from_db()
    assert "Chưa bật" in holder(holding).post(address(holding, "bat/"), follow=True).text
    holding.refresh_from_db()
    assert holding.shown_since is None


def test_with_the_agreement_of_its_holder_the_page_ends(shown):
    for consent in shown.person.consents.filter(withdrawn_at=None):
        accounts.withdraw_consent(person=shown.person, consent_id=consent.pk, at=cast.NOW)
    assert seen(shown).status_code == 404
    assert holder(shown).post(address(shown, "tat/")).status_code == 302
    shown.refresh_from_db()
    assert shown.shown_since is None


def test_who_is_erased_is_shown_no_more_and_one_s_own_copy_says_since_when(shown):
    assert personal.CREDENTIALS.export(shown.person_id)[0]["shown_since"].startswith(f"{cast.NOW:%Y-%m-%d}")
    assert personal.CREDENTIALS.erase(shown.person_id) == 1
    assert seen(shown).status_code == 404
    assert Credential.objects.filter(pk=shown.pk).exists()


def test_it_asks_the_database_once_beside_the_limit_of_tries(shown, django_assert_max_num_queries, monkeypatch):
    seen(shown)
    monkeypatch.setattr(limits, "take", lambda *asked: None)
    with django_assert_max_num_queries(1):
        seen(shown)


def test_shared_addresses_are_the_same_in_every_language(shown, settings):
    settings.BASE_URL = "https://hoc.example"
    for page in (seen(shown), Client().get(f"/en{address(shown)}"), holder(shown).get("/en/c/cua-toi/")):
        assert f"https://hoc.example{address(shown)}" in page.text
        assert f"https://hoc.example/en{address(shown)}anh.jpg" not in page.text
    assert "completed the online course" in Client().get(f"/en{address(shown)}").text


def test_sharing_calls_nobody_before_it_is_tapped(shown, settings):
    settings.BASE_URL = "https://hoc.example"
    page = holder(shown).get("/c/cua-toi/").text
    link = re.search(r"<a [^>]*facebook[^>]*>", page)[0]
    assert f"sharer.php?u=https%3A%2F%2Fhoc.example%2Fc%2F{shown.code}%2Fgioi-thieu%2F" in link
    assert 'rel="noopener noreferrer"' in link
    assert re.findall(r'(?:src|action)="https?://', page) == []


def test_words_of_a_hostile_name_are_words(shown):
    named = shown.evidence | {"name": '"><script>alert(1)</script>'}
    Credential.objects.filter(pk=shown.pk).update(evidence=named)
    page = seen(shown).text
    assert "<script>alert" not in page
    assert "&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt; đã hoàn thành" in page


def test_the_check_page_previews_nobody_and_a_course_itself(shown):
    told = re.findall(r'<meta property="og:[^>]+>', Client().get(f"/c/{shown.code}").text)
    assert any("Kiểm tra giấy chứng nhận" in one for one in told)
    assert [one for one in told if "Út" in one or shown.number in one or shown.code in one] == []
    course = Client().get("/khoa-hoc/ke-chuyen/").text
    assert '<meta property="og:title" content="Kể câu chuyện sản phẩm">' in course
    assert re.search(r'og:image" content="http://[^"]+/static/img/preview[^"]*\.jpg"', course)
