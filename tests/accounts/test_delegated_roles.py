"""Managers of a province, and of the country, keep the colleagues below them, and organisers and authors: within their place, for no
longer than their own role."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import actions, rules
from accounts.models import RoleAssignment, User
from lib.refusals import Refusal
from tests import cast
from workshops.access import workshops_visible_to

pytestmark = [pytest.mark.django_db, pytest.mark.once]
NEW = {
    "phone": "0912 345 000",
    "display_name": "Lý Thị Mới",
    "password1": "mot-mat-khau-dai-99",
    "role": "manager",
    "place_name": "Phan Ngọc Hiển",
}
PROVINCE, COUNTRY, COMMUNE = (rules.Held("manager", reach, None) for reach in ("province", "", "commune"))
ORGANISER = rules.Held("organiser", "province", date(2027, 6, 30))


@pytest.fixture
def boss():
    return cast.staff("manager", cast.province(), phone="0977000111", name="Phạm Văn Tỉnh")


@pytest.fixture
def desk(boss):
    return cast.client_of(boss)


@pytest.fixture
def officer():
    return cast.staff("organiser", cast.commune(), phone="0977000222", name="Lê Thị Xã")


@pytest.fixture
def foreign():
    return cast.staff("manager", cast.province("Lào Cai"), phone="0977000333", name="Vàng A Xa")


def give(by, user, role="manager", place=None, **days):
    return actions.grant_role(user=user, role=role, place=place, by=by, at=timezone.now(), **days)


@pytest.mark.parametrize(
    ("role", "level", "held", "until"),
    [
        ("manager", "commune", [PROVINCE], date.max),
        ("manager", "province", [PROVINCE], None),
        ("manager", "province", [COUNTRY], date.max),
        ("manager", "commune", [COMMUNE], None),
        ("manager", "commune", [rules.Held("manager", "province", date(2027, 1, 1))], date(2027, 1, 1)),
        ("manager", "commune", [ORGANISER], None),
        ("organiser", "province", [PROVINCE], date.max),
        ("organiser", "commune", [PROVINCE], date.max),
        ("organiser", "province", [COUNTRY], date.max),
        ("organiser", "province", [rules.Held("manager", "province", date(2027, 1, 1)), ORGANISER], date(2027, 1, 1)),
        ("organiser", "province", [ORGANISER], None),
        ("organiser", "commune", [COMMUNE, ORGANISER], None),
        ("organiser", "", [COUNTRY, rules.Held("organiser", "", None)], None),
        ("author", "province", [PROVINCE], date.max),
        ("author", "province", [COUNTRY], date.max),
        ("author", "commune", [COUNTRY, PROVINCE], None),
        ("author", "province", [rules.Held("author", "province", None)], None),
        ("author", "", [COUNTRY, rules.Held("author", "", None)], None),
        ("administrator", "", [COUNTRY, rules.Held("administrator", "", None)], None),
        ("editor", "", [COUNTRY, rules.Held("editor", "", None)], None),
    ],
)
def test_who_gives_what_until_when(role, level, held, until):
    assert rules.gives_until(role=role, level=level, held=held) == until


def test_a_province_takes_on_a_commune_s_manager_who_gets_in_with_the_first_password_and_reads_who_gave_the_role(
    desk, boss
):
    answer = desk.post("/quan-tri/can-bo/them/", NEW, follow=True)
    assert "Đã thêm Lý Thị Mới" in answer.text
    made = User.objects.get(phone="+84912345000")
    role = made.roles.get()
    assert (role.role, role.place, role.granted_by) == ("manager", cast.commune(), boss)
    assert made.check_password("mot-mat-khau-dai-99")
    assert "Phạm Văn Tỉnh giao" in cast.client_of(made).get(reverse("accounts_colleague")).text


def test_pressed_twice_it_is_one_colleague_with_the_first_password(desk, boss):
    answers = [desk.post("/quan-tri/can-bo/them/", NEW) for _press in range(2)]
    made = User.objects.get(phone="+84912345000")
    assert {answer.headers["Location"] for answer in answers} == {reverse("accounts_admin:roles", args=[made.pk])}
    assert made.roles.count() == 1
    assert made.check_password("mot-mat-khau-dai-99")


@pytest.mark.parametrize("other", [{"password1": "mot-mat-khau-khac-99"}, {"display_name": "Lý Thị Khác"}])
def test_a_number_that_is_taken_is_said_to_any_other_form(desk, other):
    desk.post("/quan-tri/can-bo/them/", NEW)
    assert "đã có tài khoản" in desk.post("/quan-tri/can-bo/them/", NEW | other).text
    User.objects.update(date_joined=timezone.now() - timedelta(minutes=2))
    assert "đã có tài khoản" in desk.post("/quan-tri/can-bo/them/", NEW).text


def test_a_role_that_is_given_twice_by_one_form_is_given_once(desk, officer):
    address = reverse("accounts_admin:roles", args=[officer.pk])
    typed = {"role": "manager", "place_name": "Phan Ngọc Hiển"}
    answers = [desk.post(address, typed).status_code for _press in range(2)]
    assert (answers, officer.roles.filter(role="manager").count()) == ([302, 302], 1)
    RoleAssignment.objects.update(granted_at=timezone.now() - timedelta(minutes=2))
    assert "đã có vai trò này" in desk.post(address, typed).text


@pytest.mark.parametrize(
    "changed",
    [
        {"place_name": "Cà Mau"},
        {"place_name": "Lào Cai"},
        {"place_name": ""},
        {"role": "organiser", "place_name": "Lào Cai"},
        {"role": "organiser", "place_name": "Tả Phìn, Lào Cai"},
        {"role": "author"},
        {"role": "author", "place_name": "Lào Cai"},
        {"role": "administrator"},
        {"role": "editor", "scope": "country"},
        {"password1": "123"},
        {"phone": "0977 000 333"},
        {"display_name": " "},
    ],
)
def test_what_a_province_may_not_give_makes_nobody(desk, foreign, changed):
    answer = desk.post("/quan-tri/can-bo/them/", NEW | changed)
    assert answer.status_code == 422
    assert User.objects.count() == 2
    assert foreign.roles.count() == 1
    if "display_name" not in changed:
        assert "Lý Thị Mới" in answer.text


def test_the_country_s_manager_gives_provinces_and_communes():
    centre = cast.staff("manager", None, phone="0977000111")
    desk = cast.client_of(centre)
    desk.post("/quan-tri/can-bo/them/", NEW | {"place_name": "Lào Cai"})
    made = User.objects.get(phone="+84912345000")
    assert made.roles.get().place == cast.province("Lào Cai")
    desk.post(f"/quan-tri/can-bo/{made.pk}/vai-tro/", {"role": "manager", "place_name": "Phan Ngọc Hiển"})
    assert made.roles.count() == 2


GIVEN = {
    ("manager", cast.commune),
    ("organiser", cast.commune),
    ("organiser", cast.province),
    ("author", cast.province),
}


@pytest.mark.parametrize("place", [cast.commune, lambda: None, lambda: cast.province("Lào Cai"), cast.province])
@pytest.mark.parametrize("role", ["administrator", "editor", "author", "organiser", "manager"])
def test_the_action_gives_what_lies_within_and_refuses_what_lies_above_and_outside(boss, role, place):
    officer = cast.staff("manager", cast.commune("Đất Mũi"), phone="0977000777")
    if (role, place) in GIVEN:
        assert give(boss, officer, role, place()).granted_by == boss
        return
    with pytest.raises(Refusal):
        give(boss, officer, role, place())
    assert officer.roles.count() == 1


@pytest.mark.parametrize(
    ("role", "place"), [("organiser", "Cà Mau"), ("organiser", "Phan Ngọc Hiển"), ("author", "Cà Mau")]
)
def test_a_province_takes_on_organisers_and_authors_and_ends_them(desk, boss, role, place):
    desk.post("/quan-tri/can-bo/them/", NEW | {"role": role, "place_name": place})
    given = User.objects.get(phone="+84912345000").roles.get()
    assert (given.role, given.place.name, given.granted_by) == (role, place, boss)
    desk.post(f"/quan-tri/can-bo/vai-tro/{given.pk}/thoi/", {"reason": "Đổi việc"})
    given.refresh_from_db()
    assert given.ended_by == boss


def test_an_author_of_a_commune_is_asked_for_the_province(desk):
    answer = desk.post("/quan-tri/can-bo/them/", NEW | {"role": "author"})
    assert "hãy gõ tên tỉnh, thành phố" in answer.text


def test_the_page_offers_these_roles_and_no_others(desk):
    choices = desk.get("/quan-tri/can-bo/them/").context["form"].fields["role"].choices
    assert [value for value, _label in choices] == ["", "author", "organiser", "manager"]


def test_nobody_gives_anything_to_oneself(boss):
    for role, place in (("manager", cast.commune()), ("organiser", cast.province()), ("author", cast.province())):
        with pytest.raises(Refusal, match="tự giao"):
            give(boss, boss, role, place)


def test_an_organiser_whom_a_province_took_on_works_there_and_sees_nobody_outside(desk):
    desk.post("/quan-tri/can-bo/them/", NEW | {"role": "organiser", "place_name": "Cà Mau"})
    user = User.objects.get(phone="+84912345000")
    people = {cast.person("Bác Năm"): True, cast.person("Chị Xa", place=cast.commune("Tả Phìn", "Lào Cai")): False}
    organiser = cast.client_of(user)
    page = organiser.get("/quan-tri/person/").text
    for person, is_seen in people.items():
        assert (person.name in page) == is_seen
        assert (organiser.get(f"/quan-tri/person/inspect/{person.pk}/").status_code == 200) == is_seen
    workshop = cast.workshop()
    assert workshops_visible_to(user, "workshops.change_workshop").get() == workshop
    type(workshop).objects.update(place=cast.province("Lào Cai"))
    assert not workshops_visible_to(user, "workshops.change_workshop").exists()


def test_managers_of_communes_and_organisers_give_nothing_and_find_no_page(officer, foreign):
    below = cast.staff("manager", cast.commune(), phone="0977000444")
    for user in (officer, below):
        with pytest.raises(Refusal):
            give(user, foreign, "manager", cast.commune())
        client = cast.client_of(user)
        assert "/quan-tri/can-bo/dia-ban/" not in client.get("/quan-tri/").text
        for address in ("dia-ban/", "them/", f"{below.pk}/vai-tro/", f"vai-tro/{below.roles.get().pk}/thoi/"):
            assert client.get(f"/quan-tri/can-bo/{address}").status_code in (302, 403)
    assert foreign.roles.count() == 1


def test_nobody_gives_longer_than_the_own_role_lasts(desk, boss, officer):
    last = timezone.localdate() + timedelta(days=40)
    boss.roles.update(valid_until=last)
    for until in (None, last + timedelta(days=1)):
        with pytest.raises(Refusal, match="không giao cho người khác lâu hơn"):
            give(boss, officer, "manager", cast.commune(), valid_until=until)
    fields = {"role": "manager", "place_name": "Phan Ngọc Hiển"}
    address = f"/quan-tri/can-bo/{officer.pk}/vai-tro/"
    answer = desk.post(address, fields | {"valid_until": f"{last + timedelta(days=1):%d/%m/%Y}"})
    assert f"chỉ đến hết ngày {last:%d/%m/%Y}" in answer.text
    desk.post(address, fields)  # nothing typed: as long as the own
    assert officer.roles.get(role="manager").valid_until == last


def test_a_role_that_ended_or_an_account_that_is_closed_gives_nothing(boss, officer):
    User.objects.filter(pk=boss.pk).update(is_active=False)
    with pytest.raises(Refusal):
        give(boss, officer, "manager", cast.commune())
    User.objects.filter(pk=boss.pk).update(is_active=True)
    actions.end_role(assignment=boss.roles.get(), by=None, reason="Nghỉ hưu", at=timezone.now())
    with pytest.raises(Refusal):
        give(boss, officer, "manager", cast.commune())


def test_colleagues_of_another_province_are_nowhere_and_look_like_nobody(desk, officer, foreign):
    page = desk.get("/quan-tri/can-bo/dia-ban/").text
    assert "Lê Thị Xã" in page
    assert "Vàng A Xa" not in page
    assert "Vàng A Xa" not in desk.get("/quan-tri/can-bo/dia-ban/?q=vang").text
    for query in ("le xa", "222", "0977 000 222"):
        assert "Lê Thị Xã" in desk.get("/quan-tri/can-bo/dia-ban/", {"q": query}).text
    nobody, over = User.objects.latest("pk").pk + 1, RoleAssignment.objects.latest("pk").pk + 1
    for theirs, missing in (
        (f"{foreign.pk}/vai-tro/", f"{nobody}/vai-tro/"),
        (f"vai-tro/{foreign.roles.get().pk}/thoi/", f"vai-tro/{over}/thoi/"),
    ):
        for method in (desk.get, desk.post):
            one, other = method(f"/quan-tri/can-bo/{theirs}"), method(f"/quan-tri/can-bo/{missing}")
            assert (one.status_code, other.status_code) == (404, 404)
    assert foreign.roles.filter(ended_at=None).count() == 1


def test_trainees_and_administrators_are_no_colleagues_to_keep(desk):
    administrator = cast.staff("administrator", phone="0977000555")
    give(None, administrator, "manager", cast.commune())
    for user in (cast.trainee(), administrator):
        assert desk.get(f"/quan-tri/can-bo/{user.pk}/vai-tro/").status_code == 404


def test_of_somebody_who_works_in_two_provinces_the_roles_here_are_shown_and_ended(desk, boss, officer):
    there = give(None, officer, "manager", cast.province("Lào Cai"))
    here = give(None, officer, "manager", cast.commune())
    page = desk.get(f"/quan-tri/can-bo/{officer.pk}/vai-tro/").text
    assert "Lào Cai" not in page
    assert f"vai-tro/{here.pk}/thoi/" in page
    assert f"vai-tro/{officer.roles.get(role='organiser').pk}/thoi/" in page
    assert desk.post(f"/quan-tri/can-bo/vai-tro/{there.pk}/thoi/", {"reason": "x"}).status_code == 404
    assert desk.post(f"/quan-tri/can-bo/vai-tro/{here.pk}/thoi/", {"reason": " "}).status_code == 422
    here.refresh_from_db()
    assert here.ended_at is None
    desk.post(f"/quan-tri/can-bo/vai-tro/{here.pk}/thoi/", {"reason": "Đổi việc"})
    here.refresh_from_db()
    assert (here.ended_by, here.end_reason) == (boss, "Đổi việc")


def test_a_role_that_one_could_not_give_one_does_not_end(boss, foreign):
    peer = cast.staff("manager", cast.province(), phone="0977000666")
    for user in (foreign, peer, boss):
        with pytest.raises(Refusal):
            actions.end_role(assignment=user.roles.get(), by=boss, reason="x", at=timezone.now())
        assert user.roles.get().ended_at is None


def test_nobody_without_a_role_is_made_by_a_manager(boss):
    with pytest.raises(Refusal):
        actions.create_staff(
            phone="0912345000", name="Lý Thị Mới", password=cast.PASSWORD, roles=[], by=boss, at=timezone.now()
        )
    assert not User.objects.filter(phone="+84912345000").exists()
