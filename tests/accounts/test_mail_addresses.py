"""A colleague's address for mail counts once its link was followed by whoever typed it."""

import re
from base64 import urlsafe_b64decode
from datetime import timedelta

import pytest
from django.core import mail

from accounts import actions
from accounts.models import MailAddress
from lib import registries
from lib.refusals import Refusal
from tests import cast

pytestmark = pytest.mark.django_db
OWN = "/quan-tri/account/thu/"


@pytest.fixture
def user():
    return cast.staff("manager", cast.commune())


def link() -> str:
    return re.search(r"http://[^/]+(/quan-tri/account/thu/\S+)", mail.outbox[-1].body)[1]


class TestConfirming:
    def test_the_link_in_the_mail_and_one_press(self, user):
        client = cast.client_of(user)
        said = client.post(OWN, {"address": " can.bo@camau.gov.vn "}, follow=True)
        assert "can.bo@camau.gov.vn chưa được xác nhận" in said.text
        assert mail.outbox[0].to == ["can.bo@camau.gov.vn"]
        page = client.get(link())
        assert "can.bo@camau.gov.vn" in page.text
        assert MailAddress.objects.get().address == "", "looking confirms nothing"
        assert "Đã xác nhận can.bo@camau.gov.vn" in client.post(link(), follow=True).text
        assert MailAddress.objects.get().address == "can.bo@camau.gov.vn"
        assert client.post(link()).status_code == 302, "pressed twice"

    def test_the_one_before_goes_on_until_the_new_one_is_confirmed_and_an_old_link_does_not_confirm_it(self, user):
        client = cast.client_of(user)
        client.post(OWN, {"address": "cu@camau.gov.vn"})
        old = link()
        client.post(old)
        client.post(OWN, {"address": "moi@camau.gov.vn"})
        client.post(old)
        row = MailAddress.objects.get()
        assert (row.address, row.wanted) == ("cu@camau.gov.vn", "moi@camau.gov.vn")
        client.post(link())
        assert MailAddress.objects.get().address == "moi@camau.gov.vn"

    def test_another_account_an_old_link_or_a_forged_one_confirm_nothing(self, user):
        cast.client_of(user).post(OWN, {"address": "can.bo@camau.gov.vn"})
        other = cast.client_of(cast.staff("manager", cast.commune(), "0987654322"))
        assert "không dùng được" in other.get(link()).text
        assert other.post(link()).status_code == 422
        assert other.post(f"{OWN}x/").status_code == 422
        token = link().split("/")[-2]
        with cast.on(cast.NOW), pytest.MonkeyPatch.context() as patch:
            patch.setattr(actions.mails, "LASTS", -1)
            with pytest.raises(Refusal, match="không dùng được nữa"):
                actions.confirm_mail(user=user, token=token, at=cast.NOW)
        assert MailAddress.objects.get().address == ""

    def test_the_link_does_not_hold_the_address_which_logs_would_keep(self, user):
        cast.client_of(user).post(OWN, {"address": "can.bo@camau.gov.vn"})
        signed = link().split("/")[-2].split(":")[0].removeprefix(".")
        assert b"can.bo" not in urlsafe_b64decode(signed + "=" * (-len(signed) % 4))

    @pytest.mark.parametrize("typed", ["", "khong-phai", "a@b", "a b@c.vn", "a@c.vn\nBcc: d@e.vn", "x" * 250 + "@c.vn"])
    def test_what_is_no_address_is_refused_in_words_and_stays_as_typed(self, user, typed):
        answer = cast.client_of(user).post(OWN, {"address": typed})
        assert answer.status_code == 422
        assert not mail.outbox

    def test_a_server_that_does_not_answer_is_said(self, user, settings):
        settings.MAILERS = {"default": {"OPTIONS": {"host": "127.0.0.1", "port": 1, "timeout": 1}}}
        answer = cast.client_of(user).post(OWN, {"address": "can.bo@camau.gov.vn"})
        assert "Chưa gửi được thư xác nhận (mail: ConnectionRefusedError)" in answer.text

    def test_nobody_has_mails_sent_around_without_end(self, user):
        client = cast.client_of(user)
        answers = [client.post(OWN, {"address": f"a{number}@c.vn"}).status_code for number in range(7)]
        assert answers[-1] == 429
        assert len(mail.outbox) == 5


def test_it_is_taken_off_again_and_goes_with_the_person(user):
    client = cast.client_of(user)
    client.post(OWN, {"address": "can.bo@camau.gov.vn"})
    client.post(OWN, {"do": "drop"})
    assert not MailAddress.objects.exists()
    actions.ask_mail(user=user, address="can.bo@camau.gov.vn", at=cast.NOW + timedelta(days=1))
    user.person = cast.person("Cán Bộ Học")
    user.save()
    records = dict(registries.person_records)["accounts.MailAddress.user"]
    assert records.export(user.person.pk)[0]["wanted"] == "can.bo@camau.gov.vn"
    records.erase(user.person.pk)
    assert not MailAddress.objects.exists()


def test_where_no_mail_leaves_the_page_says_so(user, settings):
    settings.MAIL_IS_ON = False
    client = cast.client_of(user)
    assert "người vận hành chưa khai báo máy chủ thư" in client.get(OWN).text
    assert OWN not in client.get("/quan-tri/account/").text
    assert "chưa khai báo" in client.post(OWN, {"address": "a@c.vn"}).text
