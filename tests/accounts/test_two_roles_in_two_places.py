"""What somebody may do goes by the place of the role that allows it: a second role in another place lends it nothing."""

import json

import pytest

from accounts import actions
from accounts.access import managed_places
from accounts.models import PhoneChange
from certificates import actions as certificates
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.once]
CORRECTED = {"name": "Tên Khác", "kind": "other", "reason": "sai tên"}


@pytest.fixture
def away():
    return cast.commune("Lạc Dương", "Lâm Đồng")


@pytest.fixture
def colleague(away):
    """Follows one commune as an officer, and organises courses in another province: only the first may correct people, and
    only the second may revoke a paper."""
    user = cast.staff("manager", cast.commune())
    actions.grant_role(user=user, role="organiser", place=away.province, by=None, at=cast.NOW)
    return user


@pytest.fixture
def desk(colleague):
    return cast.client_of(colleague)


@pytest.fixture
def near():
    return cast.trainee("Trần Thị Gần").person


@pytest.fixture
def far(away):
    return cast.trainee("Trần Thị Xa", "0912345000", away).person


def lost(person, new_phone):
    fields = {"old_phone": person.user.phone, "new_phone": new_phone, "at": cast.NOW}
    return actions.request_phone_change(name=person.name, place=person.place, **fields)


def confirms(desk, change, person):
    given = {"decision": "confirm", "person": person.pk, "reason": "gặp mặt"}
    return desk.post(f"/quan-tri/doi-so/{change.pk}/", given, follow=True)


@pytest.mark.parametrize(
    ("permission", "here", "there"),
    [
        ("accounts.view_person", True, True),
        ("accounts.add_person", True, True),
        ("accounts.change_person", True, False),
        ("accounts.view_phonechange", True, False),
        ("accounts.change_phonechange", True, False),
        ("accounts.view_consent", True, False),
        ("courses.view_enrolment", True, True),
        ("courses.change_enrolment", True, True),
        ("quizzes.change_item", True, True),
        ("quizzes.add_allowance", True, True),
        ("certificates.view_credential", True, True),
        ("certificates.change_credential", False, True),
        ("accounts.change_user", False, False),
        ("quizzes.change_quiz", False, False),
    ],
)
def test_each_permission_has_the_places_of_the_roles_that_hold_it(colleague, away, permission, here, there):
    places = managed_places(colleague, permission)
    assert (places.filter(pk=cast.commune().pk).exists(), places.filter(pk=away.pk).exists()) == (here, there)


def test_people_of_both_places_are_listed_and_downloaded(desk, near, far):
    lines = b"".join(desk.get("/quan-tri/person/?export=csv").streaming_content).decode()
    assert all(person.name in desk.get("/quan-tri/person/").text and person.name in lines for person in (near, far))


def test_a_person_is_corrected_where_the_officer_is_one_and_nowhere_else(desk, near, far):
    assert desk.get(f"/quan-tri/nguoi/{near.pk}/sua/").status_code == 200
    assert desk.get(f"/quan-tri/nguoi/{far.pk}/sua/").status_code == 404
    assert desk.post(f"/quan-tri/nguoi/{far.pk}/sua/", CORRECTED).status_code == 404
    far.refresh_from_db()
    assert far.name == "Trần Thị Xa"


def test_the_page_of_a_person_offers_what_may_be_done_there(desk, near, far):
    pages = [desk.get(f"/quan-tri/person/inspect/{person.pk}/").text for person in (near, far)]
    assert ["/sua/" in page for page in pages] == [True, False]
    assert ["/phieu/" in page for page in pages] == [True, True]


def test_nobody_is_moved_into_a_place_where_the_officer_only_organises(desk, near):
    form = desk.get(f"/quan-tri/nguoi/{near.pk}/sua/").context["form"]
    typed = {name: value for name, value in form.initial.items() if value} | {
        "place": "Lạc Dương",
        "reason": "chuyển nhà",
    }
    assert "place" in desk.post(f"/quan-tri/nguoi/{near.pk}/sua/", typed).context["form"].errors


def test_a_number_is_changed_where_the_officer_is_one_and_nowhere_else(desk, near, far):
    changes = [lost(near, "+84912430001"), lost(far, "+84912430002")]
    listed = desk.get("/quan-tri/phonechange/").text
    assert [change.name in listed for change in changes] == [True, False]
    assert json.dumps("Xin đổi số (1)")[1:-1] in desk.get("/quan-tri/").text
    assert desk.get(f"/quan-tri/phonechange/inspect/{changes[1].pk}/").status_code == 404
    assert confirms(desk, changes[1], far).status_code == 404
    confirms(desk, changes[0], near)
    assert [user.phone for user in (refreshed(near), refreshed(far))] == ["+84912430001", "+84912345000"]


def refreshed(person):
    person.user.refresh_from_db()
    return person.user


def test_a_request_from_the_own_place_moves_no_log_in_of_the_other(desk, near, far):
    change = lost(near, "+84912430001")
    assert "chưa chọn người" in confirms(desk, change, far).text
    assert refreshed(far).phone == "+84912345000"
    assert PhoneChange.objects.get().status == "open"


def test_the_ledger_of_consents_shows_the_places_of_the_officer(desk, near, far):
    listed = desk.get("/quan-tri/consent/").text
    assert (near.name in listed, far.name in listed) == (True, False)
    assert desk.get(f"/quan-tri/consent/inspect/{far.consents.first().pk}/").status_code == 404


def paper(person, course):
    enrolment = cast.enrolment(person, course)
    cast.finish(enrolment)
    return certificates.issue(enrolment_id=enrolment.pk, at=cast.NOW)


def test_a_paper_is_revoked_where_somebody_organises_and_read_in_both_places(desk, near, far):
    course = cast.course(lessons=1)
    cast.award(course)
    papers = [paper(near, course), paper(far, course)]
    pages = [desk.get(f"/quan-tri/credential/inspect/{one.pk}/").text for one in papers]
    assert ["/thu-hoi/" in page for page in pages] == [False, True]
    said = [desk.post(f"/quan-tri/giay/{one.pk}/thu-hoi/", {"reason": "nhầm"}).status_code for one in papers]
    assert said == [404, 302]
    assert [type(one).objects.get(pk=one.pk).status for one in papers] == ["valid", "revoked"]


def test_an_editor_who_follows_a_commune_begins_there_and_sees_no_more(near, far):
    course = cast.course(lessons=1)
    enrolments = [cast.enrolment(person, course) for person in (near, far)]
    user = cast.staff("manager", cast.commune())
    actions.grant_role(user=user, role="editor", place=None, by=None, at=cast.NOW)
    desk = cast.client_of(user)
    assert desk.get("/quan-tri/tien-do/").context["board"].place == cast.commune()
    assert far.name not in desk.get("/quan-tri/person/").text
    answers = [
        desk.post(f"/quan-tri/ghi-danh/{enrolments[1].pk}/mo-lai/", {"reason": "x"}),
        desk.post(f"/quan-tri/nguoi/{far.pk}/phieu/"),
        desk.get(f"/quan-tri/enrolment/inspect/{enrolments[1].pk}/"),
    ]
    assert {answer.status_code for answer in answers} == {404}


def test_an_administrator_of_whatever_second_role_sees_the_whole_country(near, far):
    user = cast.staff("administrator")
    actions.grant_role(user=user, role="manager", place=cast.commune(), by=None, at=cast.NOW)
    desk = cast.client_of(user)
    assert desk.get("/quan-tri/tien-do/").context["board"].place is None
    assert desk.get(f"/quan-tri/nguoi/{far.pk}/sua/").status_code == 200
