"""/tap-huan/<slug>/dang-ky/: a delegate's own form, behind the usual door."""

from datetime import timedelta

import pytest

from accounts import actions as accounts
from accounts.models import Consent
from tests import cast
from workshops import actions
from workshops.models import FormQuestion, Registration, RegistrationSource, Stage

from .conftest import ADDRESS, main

pytestmark = pytest.mark.django_db
FORM = f"{ADDRESS}dang-ky/"


def take_all_seats(workshop):
    for number in range(3):
        person = cast.person(f"Người {number}")
        actions.register(workshop=workshop, person=person, source=RegistrationSource.NOMINATED, at=cast.NOW)


@pytest.fixture
def ask(planned, change):
    def act(kind, **fields):
        asked = FormQuestion.objects.create(workshop=planned, label=f"Hỏi {kind}?", kind=kind, **fields)
        change()
        return asked

    return act


class TestTheDoor:
    def test_who_is_not_logged_in_goes_through_the_usual_door_and_comes_back(self, planned, anybody):
        answer = anybody.get(FORM)
        assert answer["Location"] == "/tai-khoan/dien-thoai/?next=%2Ftap-huan%2Fbo-tieu-chi-moi%2Fdang-ky%2F"

    def test_who_withdrew_the_agreement_is_asked_first(self, planned, own, trainee):
        for consent in Consent.objects.filter(person=trainee.person):
            accounts.withdraw_consent(person=trainee.person, consent_id=consent.pk, at=cast.NOW)
        assert own.post(FORM, {"unit": "HTX"})["Location"].startswith("/tai-khoan/dong-y/?next=")
        assert not Registration.objects.exists()

    def test_of_one_that_is_not_there_there_is_no_form(self, planned, own):
        assert own.get("/tap-huan/khong-co/dang-ky/").status_code == 404


class TestTheForm:
    def test_it_knows_who_it_is_and_the_own_unit(self, planned, own):
        text = main(own.get(FORM))
        assert "Trần Thị Út" in text
        assert 'value="Tôm khô Út"' in text
        assert "hết chỗ" not in text

    def test_a_seat_is_promised_and_the_ticket_shown(self, planned, own, trainee):
        answer = own.post(FORM, {"unit": " HTX  Tôm khô ", "post": "Giám đốc"})
        made = Registration.objects.get()
        assert answer["Location"] == f"/tap-huan/ve/{made.code}/"
        assert (made.person, made.state, made.source) == (trainee.person, "held", "self")
        assert (made.unit, made.post) == ("HTX Tôm khô", "Giám đốc")
        assert "Đăng ký xong" in own.get(answer["Location"]).text

    def test_sent_twice_it_is_one_registration(self, planned, own):
        addresses = {own.post(FORM, {"unit": "HTX"})["Location"] for _press in range(2)}
        assert addresses == {f"/tap-huan/ve/{Registration.objects.get().code}/"}

    def test_who_has_a_seat_is_shown_the_ticket_and_no_form(self, planned, own):
        own.post(FORM, {"unit": "HTX"})
        assert "/tap-huan/ve/" in own.get(FORM)["Location"]

    def test_what_was_typed_stays_where_something_is_wrong(self, planned, own):
        answer = own.post(FORM, {"unit": "\u200b ", "post": "Giám đốc"})
        assert answer.status_code == 422
        assert 'value="Giám đốc"' in answer.text
        assert "Hãy ghi đơn vị" in answer.text
        assert not Registration.objects.exists()

    @pytest.mark.parametrize("unit", ["a" * 151, "\x00", "ﬃ" * 150])
    def test_odd_units_are_no_fault_of_ours(self, planned, own, unit):
        assert own.post(FORM, {"unit": unit}).status_code in (302, 422)


class TestFull:
    def test_the_waiting_list_is_said_before_anything_is_pressed(self, planned, own):
        take_all_seats(planned)
        text = main(own.get(FORM))
        assert "Lớp đã hết chỗ." in text
        assert "Ghi vào danh sách dự bị</button>" in text

    def test_who_presses_waits_and_is_told(self, planned, own):
        take_all_seats(planned)
        ticket = own.post(FORM, {"unit": "HTX"})["Location"]
        assert Registration.objects.get(unit="HTX").state == "waiting"
        assert "danh sách dự bị" in own.get(ticket).text


class TestNotNow:
    @pytest.mark.parametrize(
        "fields", [{"opens_at": cast.NOW + timedelta(hours=1)}, {"closes_at": cast.NOW}, {"cancelled_at": cast.NOW}]
    )
    def test_nothing_is_recorded_and_the_page_says_why(self, planned, change, own, fields):
        change(**fields)
        answer = own.post(FORM, {"unit": "HTX"}, follow=True)
        assert answer.redirect_chain[-1][0] == ADDRESS
        assert "chưa ghi gì" in answer.text
        assert not Registration.objects.exists()

    def test_in_whose_stead_another_comes_is_told_and_keeps_what_was_typed(self, planned, own, trainee):
        made = actions.register(
            workshop=planned, person=trainee.person, source=RegistrationSource.NOMINATED, at=cast.NOW
        )
        actions.replace(registration=made, person=cast.person("Lê Văn Bé"), at=cast.NOW)
        answer = own.post(FORM, {"unit": "HTX Mới"})
        assert answer.status_code == 422
        assert "Đã có người đi thay" in answer.text
        assert 'value="HTX Mới"' in answer.text

    def test_who_cancelled_registers_anew(self, planned, own):
        own.post(FORM, {"unit": "HTX"})
        actions.cancel(registration=Registration.objects.get(), at=cast.NOW)
        assert 'value="HTX"' in own.get(FORM).text
        own.post(FORM, {"unit": "HTX"})
        assert Registration.objects.get().state == "held"


class TestQuestions:
    @pytest.mark.parametrize(
        ("kind", "options", "sent", "kept"),
        [
            ("text", "", " Tôm  khô ", "Tôm khô"),
            ("yes-no", "", "yes", "yes"),
            ("choice", "Xe máy\nĐò\n\nĐò", "Đò", "Đò"),
            ("choices", "Xe máy\nĐò\nXe buýt", ["Đò", "Xe máy"], ["Đò", "Xe máy"]),
            ("scale", "", "4", 4),
            ("faces", "", "1", 1),
        ],
    )
    def test_each_kind_is_asked_and_kept(self, ask, own, kind, options, sent, kept):
        asked = ask(kind, options=options, is_required=True)
        assert f"Hỏi {kind}?" in own.get(FORM).text
        own.post(FORM, {"unit": "HTX", f"q{asked.pk}": sent})
        assert Registration.objects.get().answers == {str(asked.pk): kept}

    @pytest.mark.parametrize("kind", ["text", "yes-no", "choice", "choices", "scale", "faces"])
    def test_one_that_must_be_answered_is_asked_again_and_others_may_be_left(self, ask, own, kind):
        must = ask(kind, options="Xe máy\nĐò", is_required=True)
        may = ask(kind, options="Xe máy\nĐò")
        answer = own.post(FORM, {"unit": "HTX", f"q{may.pk}": ""})
        assert answer.status_code == 422
        assert "Hãy trả lời câu này." in answer.text
        must.delete()
        assert not Registration.objects.exists()

    @pytest.mark.parametrize(("kind", "sent"), [("choice", "Máy bay"), ("scale", "9"), ("faces", "x"), ("yes-no", "1")])
    def test_what_was_not_offered_is_no_answer(self, ask, own, kind, sent):
        asked = ask(kind, options="Xe máy\nĐò")
        assert own.post(FORM, {"unit": "HTX", f"q{asked.pk}": sent}).status_code == 422

    def test_those_of_the_feedback_and_retired_ones_are_not_asked(self, ask, own):
        ask("text", stage=Stage.FEEDBACK)
        ask("yes-no", retired_at=cast.NOW, is_required=True)
        ask("choice", options=" \n", is_required=True)  # nothing to choose from
        assert "Hỏi " not in own.get(FORM).text
        assert own.post(FORM, {"unit": "HTX"}).status_code == 302

    def test_a_question_is_text_and_no_html(self, ask, own):
        ask("choice", options="<b>x</b>\n'\"")
        assert "<b>x</b>" not in own.get(FORM).text


def test_in_english(planned, own):
    assert "You are registering" in main(own.get(f"/en{FORM}"))


def test_nobody_registers_by_the_thousand(planned, own, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"register_workshop": "1/10m/user"}
    own.post(FORM, {"unit": "HTX"})
    actions.cancel(registration=Registration.objects.get(), at=cast.NOW)
    assert own.post(FORM, {"unit": "HTX"}).status_code == 429
    assert Registration.objects.get().state == "cancelled"


def test_it_asks_the_database_little(planned, own, ask, django_assert_max_num_queries):
    for _one in range(3):
        ask("text")
    own.get(FORM)
    with django_assert_max_num_queries(7):  # session, person, place twice, subject, the own seat, seats
        own.get(FORM)
