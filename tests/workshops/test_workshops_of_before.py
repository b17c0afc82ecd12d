"""A workshop of 2023 is written down as it was: places by the names of its day, which count for those of today."""

from datetime import date
from uuid import uuid4

import pytest

from accounts.forms.own import OfficialForm
from accounts.forms.people import CorrectionForm, RegistrationForm
from accounts.importing.offices import level_of
from certificates.models import Credential
from provinces.models import Place, Succession
from provinces.queries import named_on, units_of_today
from tests import cast
from workshops import actions
from workshops.access import TO_MANAGE, delegates_visible_to, workshops_visible_to
from workshops.importing.deciding import BY_PLACE
from workshops.models import Quota, Session, Workshop
from workshops.reporting.composing import compose
from workshops.reporting.facts import gather

from . import rosters
from .test_adding_one_delegate import newcomer
from .test_planning_pages import ROOM, sent
from .test_roster_import import UT, bring, sheet
from .test_rosters import planned as planned_of

pytestmark = pytest.mark.django_db
DAY = date(2023, 12, 11)


def planned(organiser, **said):
    cast.catalogue()
    usual = {"sessions-0-day": "11/12/2023"}
    return cast.client_of(organiser).post(ROOM + "lap/", sent(**usual | said), follow=True)


class TestNames:
    def test_of_a_day_by_whole_names_with_district_and_province(self):
        assert [place.district for place in named_on(DAY, "tan an, ngoc hien, ca mau")] == ["Huyện Ngọc Hiển"]
        assert [place.valid_to for place in named_on(DAY, "Bạc Liêu")] == [date(2025, 6, 30)]
        assert named_on(DAY, "Phan Ngọc Hiển, Cà Mau") == []
        assert named_on(DAY, "") == named_on(DAY, "x") == []

    @pytest.mark.parametrize(
        ("written", "name", "today"),
        [
            ("thị trấn Rạch Gốc, huyện Ngọc Hiển, tỉnh Cà Mau", "thị trấn Rạch Gốc", "xã Phan Ngọc Hiển"),
            ("rach goc, ca mau", "thị trấn Rạch Gốc", "xã Phan Ngọc Hiển"),
            ("Bạc Liêu", "tỉnh Bạc Liêu", "tỉnh Cà Mau"),
            ("Phan Ngọc Hiển", "xã Phan Ngọc Hiển", "xã Phan Ngọc Hiển"),  # no such name then
        ],
    )
    def test_a_workshop_keeps_the_name_and_counts_for_today(self, organiser, written, name, today):
        page = planned(organiser, place=written)
        assert "Lớp này đã qua" in page.text
        made = Workshop.objects.get()
        assert (str(made.place), str(units_of_today({made.place_id})[made.place_id])) == (name, today)
        assert made.closes_at is None
        assert workshops_visible_to(organiser, TO_MANAGE).get() == made

    def test_of_several_the_district_decides(self, organiser):
        rach_goc = named_on(DAY, "Rạch Gốc")[0]
        Place.objects.filter(pk=rach_goc.pk).update(
            name="Tân Ân", search="tan an", district="Huyện Khác", district_search="khac"
        )
        assert "Ngày ấy có nhiều nơi tên này" in planned(organiser, place="Tân Ân, Cà Mau").text
        assert not Workshop.objects.exists()
        planned(organiser, place="Tân Ân, huyện Ngọc Hiển, Cà Mau")
        assert Workshop.objects.get().place.district == "Huyện Ngọc Hiển"

    def test_of_another_province_it_is_refused(self, organiser):
        planned(organiser, place="Bảo Nhai, Bắc Hà, Lào Cai")
        assert not Workshop.objects.exists()

    def test_a_workshop_to_come_is_where_the_place_is_today(self, organiser):
        planned(organiser, place="rach goc, ca mau", **{"sessions-0-day": "11/12/2026"})
        assert str(Workshop.objects.get().place) == "xã Phan Ngọc Hiển"

    def test_its_form_gives_the_same_place_back(self, organiser):
        planned(organiser, place="rach goc, ca mau")
        made = Workshop.objects.get()
        page = cast.client_of(organiser).get(f"{ROOM}{made.pk}/thong-tin/")
        assert 'value="thị trấn Rạch Gốc, huyện Ngọc Hiển, tỉnh Cà Mau"' in page.text
        said = {name: value for name, value in page.context["form"].initial.items() if value is not None}
        said |= {"place": page.context["form"]["place"].value(), "venue": "Sân xã"}
        cast.client_of(organiser).post(f"{ROOM}{made.pk}/thong-tin/", said)
        made.refresh_from_db()
        assert (str(made.place), made.venue) == ("thị trấn Rạch Gốc", "Sân xã")

    def test_quotas_too(self, organiser):
        planned(
            organiser,
            place="rach goc, ca mau",
            **{"quotas-0-place": "Tân Ân, Ngọc Hiển, Cà Mau", "quotas-0-seats": "2"},
        )
        assert Quota.objects.get().place.district == "Huyện Ngọc Hiển"


class TestDelegates:
    @pytest.fixture
    def workshop(self, db):
        made = cast.workshop(place=named_on(DAY, "Rạch Gốc")[0])
        session = made.sessions.get()
        Session.objects.update(
            starts_at=session.starts_at.replace(year=2023), ends_at=session.ends_at.replace(year=2023)
        )
        return made

    def bring(self, workshop, place):
        bring(workshop, [*UT[:5], place])
        return workshop.registrations.get()

    def test_the_list_of_that_day_keeps_its_names_and_the_person_lives_where_it_is_today(self, workshop, organiser):
        one = self.bring(workshop, "TT. Rạch Gốc, huyện Ngọc Hiển, tỉnh Cà Mau")
        assert (str(one.place), one.place.district) == ("thị trấn Rạch Gốc", "Huyện Ngọc Hiển")
        assert one.person.place.is_current
        assert delegates_visible_to(organiser, workshop).get() == one

    def test_a_name_of_today_stays_one(self, workshop):
        assert self.bring(workshop, "xã Phan Ngọc Hiển, tỉnh Cà Mau").place == cast.commune()

    def test_a_unit_of_that_day_that_was_split_is_no_question(self, workshop):
        """What became of it later is nothing that the list of 2023 can say; it counts for its main part."""
        Succession.objects.create(
            predecessor=named_on(DAY, "Rạch Gốc")[0], successor=cast.commune("Đất Mũi"), is_main=False
        )
        one = self.bring(workshop, "Thị trấn Rạch Gốc")
        assert (str(one.place), one.person.place) == ("thị trấn Rạch Gốc", cast.commune())

    def test_commune_district_and_province_of_then_stand_in_their_columns(self, workshop):
        heads = ["Họ và tên", "Năm sinh", "Xã", "Huyện", "Tỉnh"]
        rows = [
            ["Lê Văn Bé", 1980, "TT Rạch Gốc", "Ngọc Hiển", "Cà Mau"],
            ["Võ Thị Năm", 1971, "Tân Ân", "Ngọc Hiển", ""],
        ]
        found = planned_of(rosters.book([heads, *rows]), workshop).lines
        assert [str(one.then) for one in found] == ["thị trấn Rạch Gốc", "xã Tân Ân"]
        assert all(one.place.is_current for one in found)

    def test_of_two_of_that_day_the_names_of_then_are_offered(self, workshop):
        other = named_on(DAY, "Tân Ân, Ngọc Hiển")[0]
        Place.objects.filter(pk=other.pk).update(
            name="Rạch Gốc", search="rach goc", kind=named_on(DAY, "Rạch Gốc")[0].kind, district="Huyện Khác"
        )
        found = planned_of(rosters.book([["Họ và tên", "Năm sinh", "Xã"], ["Lê Văn Bé", 1980, "Rạch Gốc"]]), workshop)
        options = [label for _value, label in found.lines[0].questions[0].options]
        assert [label for label in options if "huyện Khác" in label or "huyện Ngọc Hiển" in label] == options[:2]

    def test_a_workshop_to_come_still_asks_which_part_is_meant(self):
        Succession.objects.create(
            predecessor=named_on(DAY, "Rạch Gốc")[0], successor=cast.commune("Đất Mũi"), is_main=False
        )
        found = planned_of(sheet([*UT[:5], "Thị trấn Rạch Gốc"]), cast.workshop())
        assert [one.kind for one in found.lines[0].questions] == ["place"]


class TestQuotas:
    """Rạch Gốc and Tân Ân of 2023 are one commune today."""

    @pytest.fixture
    def workshop(self, db):
        made = cast.workshop(place=named_on(DAY, "Rạch Gốc")[0])
        session = made.sessions.get()
        Session.objects.update(
            starts_at=session.starts_at.replace(year=2023), ends_at=session.ends_at.replace(year=2023)
        )
        return made

    def quota(self, workshop, place):
        return Quota.objects.create(workshop=workshop, place=place, seats=2)

    @staticmethod
    def whose(workshop, place):
        (one,) = planned_of(sheet([*UT[:5], place]), workshop, quota=BY_PLACE).lines
        return one.quota

    def test_a_quota_of_a_unit_of_that_day_counts_the_people_of_that_very_unit(self, workshop):
        tan_an = self.quota(workshop, named_on(DAY, "Tân Ân, Ngọc Hiển")[0])
        assert self.whose(workshop, "thị trấn Rạch Gốc, huyện Ngọc Hiển, tỉnh Cà Mau") is None
        assert self.whose(workshop, "xã Tân Ân, huyện Ngọc Hiển, tỉnh Cà Mau") == tan_an
        rach_goc = self.quota(workshop, named_on(DAY, "Rạch Gốc")[0])
        assert self.whose(workshop, "thị trấn Rạch Gốc, huyện Ngọc Hiển, tỉnh Cà Mau") == rach_goc

    def test_one_of_a_province_of_that_day_counts_those_of_its_communes(self, workshop):
        then = self.quota(workshop, named_on(DAY, "Cà Mau")[0])
        bac_lieu = self.quota(workshop, named_on(DAY, "Bạc Liêu")[0])
        assert self.whose(workshop, "thị trấn Rạch Gốc, huyện Ngọc Hiển, tỉnh Cà Mau") == then
        assert self.whose(workshop, "xã Vĩnh Hậu, huyện Hòa Bình, tỉnh Bạc Liêu") == bac_lieu

    def test_one_of_a_commune_of_today_counts_all_who_live_there_today(self, workshop):
        today = self.quota(workshop, cast.commune())
        assert self.whose(workshop, "thị trấn Rạch Gốc, huyện Ngọc Hiển, tỉnh Cà Mau") == today

    def test_of_what_is_to_come_it_is_that_of_the_commune_of_today(self):
        workshop = cast.workshop()
        quota = self.quota(workshop, named_on(DAY, "Tân Ân, Ngọc Hiển")[0])
        assert self.whose(workshop, "xã Phan Ngọc Hiển, tỉnh Cà Mau") == quota


class TestTheDistrictIsTold:
    """One name was often that of communes of several districts."""

    RACH_GOC = "thị trấn Rạch Gốc, huyện Ngọc Hiển, tỉnh Cà Mau"

    @pytest.fixture
    def workshop(self, organiser):
        planned(
            organiser,
            place="rach goc, ca mau",
            **{"quotas-0-place": "Tân Ân, Ngọc Hiển, Cà Mau", "quotas-0-seats": "2"},
        )
        made = Workshop.objects.get()
        bring(made, [*UT[:5], "TT. Rạch Gốc, huyện Ngọc Hiển, tỉnh Cà Mau"])
        return made

    def test_by_its_page_and_its_list_of_delegates(self, workshop, organiser):
        said = cast.client_of(organiser).get(f"{ROOM}{workshop.pk}/").text
        assert (said.count(self.RACH_GOC), "xã Tân Ân, huyện Ngọc Hiển: 0/2" in said) == (2, True)
        assert self.RACH_GOC in cast.client_of(organiser).get(ROOM + "?truoc=1").text

    def test_by_its_public_page(self, workshop, anybody):
        assert self.RACH_GOC in anybody.get(f"/tap-huan/{workshop.slug}/").text

    def test_by_the_report_and_the_papers(self, workshop):
        facts = gather(workshop)
        (place,) = facts.places
        assert (facts.delegates[0].place, place.label) == (self.RACH_GOC, "xã Phan Ngọc Hiển, tỉnh Cà Mau")
        assert place.former == self.RACH_GOC
        assert facts.delegates[0].commune == "thị trấn Rạch Gốc, huyện Ngọc Hiển"
        assert self.RACH_GOC in repr(compose(facts, None).blocks)

    def test_by_the_rows_of_a_list_before_it_is_taken_in(self, workshop):
        (one,) = planned_of(sheet([*UT[:5], "xã Tân Ân, huyện Ngọc Hiển, tỉnh Cà Mau"]), workshop).lines
        assert one.of_day.full_name == "xã Tân Ân, huyện Ngọc Hiển, tỉnh Cà Mau"


class TestDistricts:
    """Until 30/6/2025 there were offices of districts."""

    OFFICE = "Phòng NN&PTNT huyện Năm Căn"

    @pytest.fixture
    def workshop(self, organiser):
        planned(organiser, place="rach goc, ca mau", **{"sessions-0-day": "15/06/2023"})
        return Workshop.objects.get()

    def listed(self, workshop, unit=OFFICE, place=""):
        bring(workshop, [*UT[:4], unit, place])
        return workshop.registrations.get()

    @pytest.mark.parametrize(
        ("unit", "level"),
        [
            (OFFICE, "district"),
            ("UBND huyện Năm Căn, tỉnh Cà Mau", "district"),
            ("UBND TP. Cà Mau", "district"),
            ("UBND quận Ninh Kiều", "district"),
            ("Phòng Lao động - Thương binh và Xã hội huyện U Minh", "district"),
            ("Phòng Kinh tế", "district"),
            ("UBND xã Đất Mũi, huyện Ngọc Hiển", "commune"),
            ("UBND thị trấn Năm Căn", "commune"),
            ("Sở NN&PTNT tỉnh Cà Mau", "province"),
            ("Chi cục PTNT tỉnh Cà Mau", "province"),
            ("Ban Chỉ huy quân sự tỉnh", "province"),
            ("Văn phòng Điều phối nông thôn mới Trung ương", "centre"),
        ],
    )
    def test_an_office_of_that_day_is_known_by_its_name(self, unit, level):
        assert level_of(unit, date(2023, 6, 15)) == level
        assert level_of(unit, date(2025, 7, 1)) == level_of(unit) != "district"

    def test_a_delegate_of_one_is_counted_in_a_row_of_its_own(self, workshop):
        one = self.listed(workshop)
        assert (one.official_level, one.person.official_level) == ("district", "district")
        (row,) = gather(workshop).components
        assert (row.label, row.registered) == ("Cơ quan, đơn vị cấp huyện", 1)

    def test_who_works_for_a_commune_today_came_for_the_district_then(self, workshop):
        office = {"kind": "official", "official_level": "commune"}
        nothing = {"subject_name": "", "subject_kind": "", "subject_role": ""}
        cast.person("Trần Thị Út", contact_phone="+84912345678", birth_year=1975, **office, **nothing)
        one = self.listed(workshop)
        assert (one.official_level, one.person.official_level) == ("district", "commune")

    def test_who_is_given_the_seat_back_is_of_the_district_still(self, workshop, organiser):
        office = {"kind": "official", "official_level": "commune"}
        nothing = {"subject_name": "", "subject_kind": "", "subject_role": ""}
        cast.person("Trần Thị Út", contact_phone="+84912345678", birth_year=1975, **office, **nothing)
        one = self.listed(workshop)
        actions.cancel(registration=one, at=cast.NOW)
        one.refresh_from_db()
        seated = actions.give_seat(registration=one, by=organiser, at=cast.NOW)
        assert (seated.state, seated.official_level) == ("held", "district")

    def test_the_certificate_says_so(self, workshop, organiser, django_capture_on_commit_callbacks):
        cast.award(workshop.activity.course)
        cast.present(self.listed(workshop))
        with django_capture_on_commit_callbacks(execute=True):
            actions.close_sessions(workshop=workshop, sessions=list(workshop.sessions.all()), by=organiser, at=cast.NOW)
        assert Credential.objects.get().evidence["who_line"].endswith("Cán bộ cấp huyện")

    def test_whom_the_organiser_adds_is_of_that_level_too(self, workshop, organiser):
        new = actions.Nominee(
            form_token=uuid4(), name="Lê Văn Bé", place=cast.commune(), phone="", consents=cast.texts()[:1], how="paper"
        )
        one = actions.add_delegate(workshop=workshop, person=new, by=organiser, at=cast.NOW, unit=self.OFFICE)
        assert one.official_level == "district"

    def test_of_a_workshop_after_they_ended_nobody_is(self, organiser):
        planned(organiser, **{"sessions-0-day": "01/07/2025"})
        assert self.listed(Workshop.objects.get(), place="xã Phan Ngọc Hiển").official_level == "commune"

    def test_nobody_chooses_the_level_any_more(self, organiser):
        assert "district" not in dict(OfficialForm().fields["official_level"].choices)
        assert "district" not in dict(RegistrationForm(within=None, texts=[]).fields["official_level"].choices)

    def test_a_correction_keeps_it(self, workshop):
        person = self.listed(workshop).person
        form = CorrectionForm(within=None, initial=CorrectionForm.initial_of(person))
        assert "district" in dict(form.fields["official_level"].choices)
        other = CorrectionForm(within=None, initial=CorrectionForm.initial_of(cast.person("Lê Văn Bé")))
        assert "district" not in dict(other.fields["official_level"].choices)


class TestByHand:
    """Whom the organiser adds to a class of 2023 keeps the place of that day, as a list's rows do."""

    RACH_GOC, TODAY = "thị trấn Rạch Gốc, huyện Ngọc Hiển, tỉnh Cà Mau", "xã Phan Ngọc Hiển, tỉnh Cà Mau"

    @pytest.fixture
    def workshop(self, organiser):
        planned(organiser, place="rach goc, ca mau", **{"sessions-0-day": "15/06/2023"})
        return Workshop.objects.get()

    @pytest.fixture
    def client(self, organiser):
        return cast.client_of(organiser)

    def places_of(self, one):
        return one.place.full_name, one.person.place.full_name

    def test_somebody_new(self, client, workshop):
        address = f"{ROOM}{workshop.pk}/them-dai-bieu/"
        assert "Tên xã, phường, thị trấn của ngày học" in client.get(address).text
        assert client.post(address, newcomer(place=self.RACH_GOC)).status_code == 302
        one = workshop.registrations.get()
        assert self.places_of(one) == (self.RACH_GOC, self.TODAY)
        assert self.RACH_GOC in client.get(f"{ROOM}{workshop.pk}/").text

    def test_somebody_new_by_the_name_of_today(self, client, workshop):
        client.post(f"{ROOM}{workshop.pk}/them-dai-bieu/", newcomer(place=self.TODAY))
        assert self.places_of(workshop.registrations.get()) == (self.TODAY, self.TODAY)

    def test_of_another_province_nobody_is_written_down(self, client, workshop):
        answer = client.post(
            f"{ROOM}{workshop.pk}/them-dai-bieu/", newcomer(place="xã Bảo Nhai, huyện Bắc Hà, tỉnh Lào Cai")
        )
        assert (answer.status_code, "Bảo Nhai" in answer.text) == (422, True)
        assert not workshop.registrations.exists()

    def test_who_looks_the_same_is_known_by_the_place_of_today(self, client, workshop):
        twin = cast.person("Ngô Văn Lạ")
        page = client.post(f"{ROOM}{workshop.pk}/them-dai-bieu/", newcomer(place=self.RACH_GOC)).text
        assert f'name="person" value="{twin.pk}"' in page

    def test_somebody_of_the_records(self, client, workshop):
        one, address = cast.person("Trần Thị Út"), f"{ROOM}{workshop.pk}/them-dai-bieu/"
        wrong = client.post(address, {"person": one.pk, "place_then": "xã Không Có, huyện Ngọc Hiển"})
        assert (wrong.status_code, "xã Không Có, huyện Ngọc Hiển" in wrong.text) == (422, True)
        assert client.post(address, {"person": one.pk, "unit": "HTX", "place_then": self.RACH_GOC}).status_code == 302
        assert self.places_of(workshop.registrations.get()) == (self.RACH_GOC, self.TODAY)

    def test_who_comes_instead(self, client, workshop):
        office = {"kind": "official", "official_level": "commune"}
        nothing = {"subject_name": "", "subject_kind": "", "subject_role": ""}
        one, other = cast.delegate(workshop, "Lê Văn Bé"), cast.person("Trần Thị Út", **office, **nothing)
        address = f"{ROOM}dai-bieu/{one.pk}/di-thay/"
        assert "Nơi ở ngày ấy" in client.get(f"{address}?q=ut").text
        said = {"person": other.pk, "unit": "Phòng NN&PTNT huyện Ngọc Hiển", "place_then": self.RACH_GOC}
        assert client.post(address, said).status_code == 302
        instead = workshop.registrations.get(replaces=one)
        assert (*self.places_of(instead), instead.official_level) == (self.RACH_GOC, self.TODAY, "district")

    def test_of_a_class_to_come_nobody_is_asked_for_a_place_of_before(self, client):
        held = cast.workshop(cast.course(lessons=0, slug="khac", title="Khác"), slug="lop-khac")
        one = cast.delegate(held, "Lê Văn Bé")
        cast.person("Trần Thị Út")
        assert "ngày ấy" not in client.get(f"{ROOM}{held.pk}/them-dai-bieu/?q=ut").text
        assert "ngày ấy" not in client.get(f"{ROOM}dai-bieu/{one.pk}/di-thay/?q=ut").text
