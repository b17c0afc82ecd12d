"""What a hurried hand does to the forms of a workshop: the same name again, a day without its year, nothing at all."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from accounts.forms.places import PlaceNameField
from tests import cast
from tests.workshops.test_planned_parts import address
from tests.workshops.test_planning_pages import ROOM, next_week, planned, refused, sent
from workshops.models import LegalBasis, Quota, Workshop
from workshops.planning.fields import DayField

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def client(organiser):
    return cast.client_of(organiser)


class TestTheSameNameAndDay:
    def test_at_another_venue_it_is_another_workshop_and_the_page_says_that_there_are_two(self, client):
        first = planned(client, once="a")
        answer = client.post(ROOM + "lap/", sent(once="b", venue="Nhà văn hóa khác", capacity="99"), follow=True)
        made = Workshop.objects.latest("pk")
        assert (made.pk != first.pk, made.venue, made.capacity) == (True, "Nhà văn hóa khác", 99)
        assert made.slug == "bo-tieu-chi-ocop-moi-2"
        assert "Anh/Chị còn lớp khác cùng tên, bắt đầu cùng lúc: Hội trường xã" in answer.text

    def test_a_word_that_was_changed_after_going_back_is_not_thrown_away(self, client):
        assert planned(client, once="a") != planned(client, once="a", venue="Sân xã")

    def test_a_second_press_makes_none_also_when_the_first_was_changed_since(self, client):
        made = planned(client, once="a")
        Workshop.objects.filter(pk=made.pk).update(venue="Sân xã")
        assert planned(client, once="a") == made
        assert Workshop.objects.count() == 1

    def test_each_form_that_is_opened_is_another_one(self, client):
        opened = [client.get(ROOM + "lap/").context["once"] for _time in range(2)]
        assert opened[0] != opened[1]
        assert f'name="once" value="{(page := client.get(ROOM + "lap/")).context["once"]}"' in page.text

    def test_what_was_refused_is_still_the_same_form(self, client):
        assert 'name="once" value="abc"' in refused(client, once="abc", title="")

    def test_somebody_elses_workshop_is_not_found_by_what_was_sent(self, client):
        other = planned(cast.client_of(cast.staff("organiser", cast.province(), "0987654322")), once="a")
        assert planned(client, once="a") != other


class TestNothingAtAll:
    PARTS = ("thong-tin", "buoi", "chuong-trinh", "tai-lieu", "can-cu", "chi-tieu", "cau-hoi", "huy")

    @pytest.mark.parametrize("part", PARTS)
    def test_an_empty_form_of_a_part_is_refused_with_a_page(self, client, part):
        workshop = planned(client)
        assert client.post(address(workshop, part), {}).status_code == 422

    def test_an_empty_plan_is(self, client):
        assert client.post(ROOM + "lap/", {}).status_code == 422

    @pytest.mark.parametrize("total", ["-1", "0", "", "x", "99999999999999999999"])
    def test_rows_that_nobody_can_count_are(self, client, total):
        refused(client, **{"sessions-TOTAL_FORMS": total})
        workshop = planned(client)
        said = {"sessions-TOTAL_FORMS": total, "sessions-INITIAL_FORMS": "0"}
        assert client.post(address(workshop, "buoi"), said).status_code == 422

    def test_another_row_of_nothing_is_one_row(self, client):
        assert client.post(ROOM + "lap/", {"them": "sessions"}).status_code == 200


class TestADayWithoutItsYear:
    TODAY = date(2026, 11, 28)

    def read(self, typed, near=None, **more):
        field = DayField(**more)
        field.near = near
        with cast.on(timezone.make_aware(datetime(2026, 11, 28, 9))):
            return field.clean(typed)

    @pytest.mark.parametrize(
        ("typed", "day"),
        [
            ("20/12", date(2026, 12, 20)),
            ("28-11", TODAY),
            (" 5.1 ", date(2027, 1, 5)),
            ("29/2", date(2028, 2, 29)),
            ("20/12/2023", date(2023, 12, 20)),
        ],
    )
    def test_is_the_next_one(self, typed, day):
        assert self.read(typed) == day

    def test_is_near_to_the_other_sessions(self):
        assert self.read("12/12", near=date(2023, 12, 11)) == date(2023, 12, 12)
        assert self.read("3/1", near=date(2023, 12, 28)) == date(2024, 1, 3)

    def test_of_a_paper_is_the_last_one(self):
        assert self.read("20/12", is_past=True) == date(2025, 12, 20)

    @pytest.mark.parametrize("typed", ["31/2", "0/5", "20/13", "20/12/1900", "hôm qua"])
    def test_what_is_no_day_is_refused(self, client, typed):
        page = refused(client, **{"sessions-1-day": typed, "sessions-1-room": "Phòng 2"})
        assert "Buổi 2, Ngày</a>:" in page

    def test_the_second_session_takes_the_year_of_the_first(self, client):
        later = next_week() + timedelta(days=300)
        made = planned(
            client,
            **{"sessions-0-day": f"{later:%d/%m/%Y}", "sessions-1-day": f"{later + timedelta(days=1):%d/%m}"},
        )
        days = [timezone.localdate(one.starts_at) for one in made.sessions.all()]
        assert days == [later, later + timedelta(days=1)]


class TestPlaces:
    """Năm Căn is a commune of Cà Mau and was a town that was split; Nậm Cắn lies in Nghệ An."""

    @pytest.fixture
    def here(self, db):
        return cast.commune("Năm Căn")

    def test_diacritics_and_the_own_province_say_which_is_meant(self, here):
        assert PlaceNameField(home=cast.province()).clean("Năm Căn") == here
        assert PlaceNameField(home=cast.commune()).clean("xã Năm Căn") == here
        assert PlaceNameField(home=cast.province()).clean("nam can") == here
        assert PlaceNameField(home=cast.province("Nghệ An")).clean("Nậm Cắn").name == "Nậm Cắn"
        assert PlaceNameField().clean("Nậm Cắn").name == "Nậm Cắn"

    @pytest.mark.parametrize(("home", "typed"), [(False, "nam can"), (False, "Năm Căn"), (True, "thị trấn Năm Căn")])
    def test_what_may_be_either_is_still_asked(self, home, typed):
        with pytest.raises(Exception, match="Có nhiều nơi khớp"):
            PlaceNameField(home=cast.province() if home else None).clean(typed)

    def test_a_quota_of_the_own_commune_needs_no_more_words(self, client, here):
        planned(client, **{"quotas-0-place": "Năm Căn", "quotas-0-seats": "2"})
        assert Quota.objects.get().place == here

    def test_places_are_offered_while_typing(self, client):
        page = client.get(ROOM + "lap/").text
        assert (
            page.count('data-place-names="/tai-khoan/noi-o/tim/?tinh=1&amp;q="') == 1 + 2 + 1
        )  # two quotas, one to come
        assert page.count("js/place-names") == 1


def test_what_has_to_be_filled_in_has_a_star(client):
    form = client.get(ROOM + "lap/").context["form"]
    required = {name for name, field in form.fields.items() if field.required}
    assert required == {"title", "topic", "organiser", "place", "venue", "seen_by"}


def test_a_copy_leaves_the_earlier_invitation_behind(client):
    earlier = planned(client)
    for kind, number in (("KH", "170/KH-UBND"), ("GM", "88/GM-SNN")):
        LegalBasis.objects.create(workshop=earlier, kind=kind, number=number, issued_by="Sở")
    page = client.get(f"{ROOM}lap/?tu={earlier.pk}").text
    assert ("170/KH-UBND" in page, "88/GM-SNN" in page) == (True, False)
