"""An objection that an office settles as done is honoured: whoever asked not to be called is neither called nor reminded, until they say so."""

from datetime import timedelta

import pytest
from wagtail.models import ModelLogEntry

from accounts import actions as accounts
from accounts.models import MinorityAnswer
from accounts.queries import text_of
from accounts.rights import actions, purging
from courses.models import Enrolment
from lib.refusals import Refusal
from reports.calling import actions as calling
from reports.calling import choosing
from reports.models import CallList
from reports.reminding import choosing as reminding
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_a_day")]
LIST = "/quan-tri/can-lien-he/"


@pytest.fixture
def officer():
    return cast.staff("manager", cast.commune())


@pytest.fixture
def desk(officer):
    return cast.client_of(officer)


@pytest.fixture
def person():
    """Who never started, and so is to be called."""
    someone = cast.trainee("Chim Bận").person
    row = cast.enrolment(someone, cast.course(lessons=1))
    Enrolment.objects.filter(pk=row.pk).update(enrolled_at=cast.NOW - timedelta(days=8))
    return someone


def asked(person, kind="object"):
    return actions.ask(person=person, kind=kind, note="Xin đừng gọi nhắc học", at=cast.NOW)


def address(request, what):
    return f"/quan-tri/du-lieu/{request.pk}/{what}/"


def called():
    return [one.person for one in choosing.due(cast.commune(), at=cast.NOW)]


def person_page(person):
    return f"/quan-tri/person/inspect/{person.pk}/"


@pytest.mark.parametrize("kind", ["object", "restrict"])
def test_who_objected_is_on_no_list_and_gets_no_reminder(kind, person, desk):
    calling.drawn(place=cast.commune(), at=cast.NOW)
    assert called() == [person.pk]
    assert "Chim Bận" in desk.get(LIST).text
    made = asked(person, kind)
    desk.post(address(made, "xong"), {"answer": "Từ nay chúng tôi không gọi nữa."})
    assert called() == []
    assert "Chim Bận" not in desk.get(LIST).text, "nor on the list that was drawn before"
    left_out = reminding.sort_out(CallList.objects.all(), left=99, at=cast.NOW).left_out
    assert [one.why for one in left_out] == [reminding.OBJECTED]


def test_it_is_told_to_officers_and_to_the_person(person, desk):
    made = asked(person)
    desk.post(address(made, "xong"), {"answer": "Vâng."})
    assert "xin đừng gọi" in desk.get(person_page(person)).text
    assert "không nhắn nhắc học anh/chị nữa" in cast.client_of(person.user).get("/tai-khoan/du-lieu/").text


def test_an_objection_to_something_else_changes_no_call(person, desk):
    made = asked(person)
    desk.post(address(made, "xong"), {"answer": "Đã bỏ ảnh.", "keeps_calls": "on"})
    made.refresh_from_db()
    assert (made.state, called()) == ("done", [person.pk])


def test_one_that_is_refused_changes_nothing(person, desk):
    desk.post(address(asked(person), "tu-choi"), {"answer": "Không được."})
    assert called() == [person.pk]


def test_it_ends_with_a_reason_that_the_log_keeps(person, desk, officer):
    made = asked(person)
    desk.post(address(made, "xong"), {"answer": "Vâng."})
    assert address(made, "goi-lai") in desk.get(f"/quan-tri/datarequest/inspect/{made.pk}/").text
    assert desk.post(address(made, "goi-lai"), {"reason": " "}).status_code == 422
    assert called() == []
    desk.post(address(made, "goi-lai"), {"reason": "Người ấy đến nói lại"})
    assert called() == [person.pk]
    entry = ModelLogEntry.objects.get(action=actions.CALLED_AGAIN)
    assert (entry.user, entry.data["reason"]) == (officer, "Người ấy đến nói lại")
    assert "xin đừng gọi" not in desk.get(person_page(person)).text
    with pytest.raises(Refusal, match="hiện không xin"):
        actions.call_again(request=made, reason="x", by=officer, at=cast.NOW)


def test_other_places_and_oneself_end_nothing(person, officer):
    made = asked(person)
    actions.settle(request=made, is_done=True, answer="Vâng", by=officer, at=cast.NOW)
    stranger = cast.client_of(cast.staff("manager", cast.commune("Tả Phìn", "Lào Cai"), phone="0987654329"))
    assert stranger.post(address(made, "goi-lai"), {"reason": "x"}).status_code == 404
    officer.person = person
    with pytest.raises(Refusal, match="của chính anh/chị"):
        actions.call_again(request=made, reason="x", by=officer, at=cast.NOW)


def test_it_outlasts_what_is_purged_and_follows_to_the_row_that_stays(person, officer):
    actions.settle(request=asked(person), is_done=True, answer="Vâng", by=officer, at=cast.NOW)
    purging.purge(cast.NOW + timedelta(days=3650), ["requests"])
    twin = cast.person("Chim Bận", cast.commune())
    accounts.merge_people(person=person, into=twin, by=officer, reason="Là một", at=cast.NOW)
    assert called() == []


class TestWhatOfficersAreNotTold:
    def request(self, person, *, learns=True):
        accounts.answer_minority(person=person, text=text_of("minority", "vi"), is_minority=True, at=cast.NOW)
        if not learns:
            for row in person.consents.filter(withdrawn_at=None).exclude(text__purpose="minority"):
                accounts.withdraw_consent(person=person, consent_id=row.pk, at=cast.NOW)
        return asked(person, "withdraw")

    def test_is_taken_back_by_request_and_the_rest_stays(self, person, desk):
        made = self.request(person)
        answer = desk.post(address(made, "xong"), {"answer": "Đã rút.", "own_only": "on"})
        person.refresh_from_db()
        assert (answer.status_code, person.has_consented) == (302, True)
        assert not MinorityAnswer.objects.exists()

    def test_is_meant_where_nothing_else_runs(self, person, desk):
        made = self.request(person, learns=False)
        assert desk.post(address(made, "xong"), {"answer": "Đã rút."}).status_code == 302
        assert not MinorityAnswer.objects.exists()

    def test_the_form_is_the_same_whether_there_is_an_answer_or_not(self, person, desk):
        silent = asked(cast.trainee("Chim Im", "0912000002").person, "withdraw")
        forms = [desk.get(address(one, "xong")).context["form"] for one in (self.request(person), silent)]
        assert "own_only" in forms[0].fields
        assert list(forms[0].fields) == list(forms[1].fields)
