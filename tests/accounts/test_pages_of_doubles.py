"""People who may have been written down twice are proposed, shown beside each other and joined by an officer of both."""

import pytest

from accounts import actions
from accounts.doubles import doubles_of, with_doubles
from accounts.models import Person, User
from accounts.rights import actions as rights
from messaging.models import Message
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return cast.client_of(cast.staff("manager", cast.commune()))


def address(person, other):
    return f"/quan-tri/nguoi/{person.pk}/gop/{other.pk}/"


def proposed(person):
    return [one for one, _why in doubles_of(person, Person.objects.filter(merged_into=None))]


NEAR = [
    {"name": "tran thi ut"},
    {"name": "Trần Thị Út", "birth_year": 1980},
    {"name": "Út", "contact_phone": "+84912345670"},
    {"name": "Trần Thị Út", "place": ("Tả Phìn", "Lào Cai"), "contact_phone": "+84912345670"},
]
FAR = [
    {"name": "Trần Thị Út", "birth_year": 1981},
    {"name": "Trần Thị Út", "place": ("Tả Phìn", "Lào Cai")},
    {"name": "Trần Thị Utt"},
    {"name": "Út", "contact_phone": "+84912345670", "birth_year": 1979},
]


def made(fields):
    place = fields.get("place")
    return cast.person(**fields | {"place": cast.commune(*place) if place else None, "subject_name": ""})


class TestProposing:
    @pytest.mark.parametrize("fields", NEAR)
    def test_who_is_called_alike_in_one_commune_or_reached_by_one_number(self, fields):
        one, other = cast.person(birth_year=1980, contact_phone="+84912345670"), made(fields)
        assert (proposed(one), proposed(other)) == ([other], [one])
        assert set(with_doubles(Person.objects.all())) == {one, other}

    @pytest.mark.parametrize("fields", FAR)
    def test_nobody_else(self, fields):
        one, other = cast.person(birth_year=1980, contact_phone="+84912345670"), made(fields)
        assert (proposed(one), proposed(other)) == ([], [])
        assert not with_doubles(Person.objects.all())

    def test_by_the_number_with_which_somebody_logs_in(self):
        user, other = cast.trainee(), cast.person("Bé", contact_phone="+84912345678", subject_name="")
        Person.objects.filter(pk=user.person.pk).update(contact_phone="")
        assert (proposed(Person.objects.get(pk=user.person.pk)), proposed(other)) == ([other], [user.person])
        assert with_doubles(Person.objects.all()).count() == 2

    def test_of_one_subject_in_two_communes(self):
        one, other = cast.person(), cast.person(place=cast.commune("Tả Phìn", "Lào Cai"))
        assert not with_doubles(Person.objects.all())
        Person.objects.filter(pk=other.pk).update(subject=one.subject)
        assert proposed(one) == [other]
        assert with_doubles(Person.objects.all()).count() == 2

    def test_the_list_and_the_page_of_one_say_so_to_officers_of_both(self, officer):
        one, other = cast.person(), cast.person()
        elsewhere = cast.person(place=cast.commune("Tả Phìn", "Lào Cai"), contact_phone=one.contact_phone)
        shown = officer.get("/quan-tri/person/?double=yes").text
        assert (f"inspect/{one.pk}/" in shown, f"inspect/{other.pk}/" in shown) == (True, True)
        page = officer.get(f"/quan-tri/person/inspect/{one.pk}/").text
        assert address(one, other) in page
        assert f"/gop/{elsewhere.pk}/" not in page

    def test_organisers_are_not_asked(self):
        one, _other = cast.person(), cast.person()
        client = cast.client_of(cast.staff("organiser", cast.province()))
        assert "/gop/" not in client.get(f"/quan-tri/person/inspect/{one.pk}/").text


class TestJoining:
    def test_beside_each_other_then_one(self, officer):
        one, other = cast.trainee().person, cast.person(birth_year=1980)
        course = cast.course(title="Kể chuyện tôm khô")
        cast.enrolment(other, course)
        page = officer.get(address(one, other)).text
        assert "Kể chuyện tôm khô" in page
        assert "0912 345 678" in page
        answer = officer.post(address(one, other), {"into": one.pk, "reason": "đã gọi hỏi"}, follow=True)
        assert answer.redirect_chain == [(f"/quan-tri/person/inspect/{one.pk}/", 302)]
        assert "Kể chuyện tôm khô" in answer.text
        assert "đã gọi hỏi" in answer.text
        assert f"inspect/{other.pk}/" not in officer.get("/quan-tri/person/").text

    def test_old_links_lead_to_the_one_that_is_left_and_nowhere_out_of_the_own_place(self, officer):
        one, other = cast.person(), cast.person()
        actions.merge_people(person=one, into=other, by=None, reason="x", at=cast.NOW)
        answer = officer.get(f"/quan-tri/person/inspect/{one.pk}/")
        assert (answer.status_code, answer.headers["Location"]) == (302, f"/quan-tri/person/inspect/{other.pk}/")
        stranger = cast.client_of(cast.staff("manager", cast.commune("Tả Phìn", "Lào Cai"), phone="0987654329"))
        assert stranger.get(f"/quan-tri/person/inspect/{one.pk}/").status_code == 404

    def test_of_two_log_ins_one_is_chosen(self, officer):
        one, other = cast.trainee().person, cast.trainee(phone="0912345679").person
        answer = officer.post(address(one, other), {"into": one.pk, "reason": "x"})
        assert answer.status_code == 422
        assert "Hãy chọn số đăng nhập giữ lại" in answer.text
        officer.post(address(one, other), {"into": one.pk, "log_in": other.pk, "reason": "x"})
        one.refresh_from_db()
        assert one.user.phone == "+84912345679"

    def test_where_one_of_them_is_switched_off_it_says_so_and_nothing_is_to_choose(self, officer):
        one, other = cast.trainee(), cast.trainee(phone="0912345679")
        User.objects.filter(pk=one.pk).update(is_active=False)
        page = officer.get(address(one.person, other.person)).text
        assert "(đang tạm ngừng)" in page
        assert "Số đăng nhập giữ lại" not in page
        officer.post(address(one.person, other.person), {"into": one.person.pk, "reason": "x"})
        assert User.objects.get(person=one.person) == other

    def test_what_is_missing_is_said_and_what_was_typed_stays(self, officer):
        one, other = cast.person(), cast.person()
        answer = officer.post(address(one, other), {"into": 999, "reason": "đã gọi hỏi"})
        assert (answer.status_code, "đã gọi hỏi" in answer.text) == (422, True)
        assert not Person.objects.exclude(merged_into=None).exists()

    def test_only_of_the_own_places_and_of_two(self, officer):
        one, elsewhere = cast.person(), cast.person(place=cast.commune("Tả Phìn", "Lào Cai"))
        for pair in ((one, elsewhere), (elsewhere, one), (one, one)):
            assert officer.post(address(*pair), {"into": one.pk, "reason": "x"}).status_code == 404

    def test_any_other_is_found_by_name_or_number(self, officer):
        one, other = cast.person(), cast.person("Lê Văn Bé", contact_phone="+84912345671")
        for query in ("le van be", "345671"):
            assert address(one, other) in officer.get(f"/quan-tri/nguoi/{one.pk}/trung/?q={query}").text
        assert address(one, other) not in officer.get(f"/quan-tri/nguoi/{one.pk}/trung/").text


def test_that_one_of_two_is_to_be_erased_is_said_before_they_are_joined_and_told_to_the_number_that_stays(officer):
    one, twin = cast.trainee(), cast.trainee(phone="0912345679")
    quiet = officer.get(address(one.person, twin.person)).text
    rights.ask(person=one.person, kind="delete", at=cast.NOW)
    for page in (
        officer.get(address(twin.person, one.person)).text,
        officer.get(f"/quan-tri/person/inspect/{one.person.pk}/").text,
    ):
        assert "đã xin xóa dữ liệu" in page
    assert "đã xin xóa dữ liệu" not in quiet
    actions.merge_people(
        person=one.person, into=twin.person, by=None, reason="Là một", at=cast.NOW, keeps_log_in_of=twin.person
    )
    told = Message.objects.filter(purpose="data-request").values_list("to", flat=True)
    assert sorted(told) == sorted([one.phone, twin.phone])


def test_who_asked_for_erasing_is_told_once_where_the_own_number_stays(officer):
    one, twin = cast.trainee(), cast.person("Trần Thị Út", cast.commune())
    rights.ask(person=one.person, kind="delete", at=cast.NOW)
    actions.merge_people(person=one.person, into=twin, by=None, reason="Là một", at=cast.NOW)
    assert Message.objects.filter(purpose="data-request").count() == 1
