"""Whoever runs a workshop chooses who certifies it, among the issuers that an administrator opened to its province; nobody else's."""

import pytest

from certificates.models import Award, Issuer
from certificates.rules import WORKSHOP
from courses.models import Course
from lib.refusals import Refusal
from tests import cast
from tests.workshops.test_planned_parts import address, saved
from tests.workshops.test_planning_pages import ROOM, planned, refused, sent
from workshops import actions
from workshops.models import Workshop

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def client(organiser):
    return cast.client_of(organiser)


def issuer(province, **more) -> Issuer:
    about = {"name": f"Văn phòng của {province}", "place_name": "Cà Mau", "signer_post": "CVP", "signer_name": "Mẫu"}
    return Issuer.objects.create(**about | {"code": f"M{Issuer.objects.count()}", "province": province} | more)


@pytest.fixture
def ours(db) -> Issuer:
    return issuer(cast.province())


@pytest.fixture
def theirs(db) -> Issuer:
    return issuer(cast.province("Lào Cai"))


def choose(workshop, who, by):
    return actions.choose_certificate(workshop=workshop, issuer=who, by=by, at=cast.NOW)


class TestOnTheForm:
    def test_a_plan_names_the_issuer(self, client, ours):
        award = Award.objects.get(course=planned(client, issuer=str(ours.pk)).activity.course)
        assert (award.issuer, award.is_active, award.course_kind) == (ours, True, WORKSHOP)
        assert award.duration == "1 buổi"

    def test_without_one_nothing_is_certified(self, client, ours):
        planned(client)
        assert not Award.objects.exists()

    def test_it_is_switched_on_and_off_afterwards(self, client, ours):
        made = planned(client)
        saved(client, made, "thong-tin", issuer=str(ours.pk))
        assert Award.objects.get().is_active
        assert client.get(address(made, "thong-tin")).context["form"]["issuer"].value() == ours.pk
        saved(client, made, "thong-tin", issuer="")
        assert not Award.objects.get().is_active

    def test_another_part_of_the_form_leaves_it(self, client, ours):
        made = planned(client, issuer=str(ours.pk))
        saved(client, made, "thong-tin", venue="Sân xã", issuer=str(ours.pk))
        assert Award.objects.get().is_active

    def test_a_copy_offers_the_same(self, client, ours):
        made = planned(client, issuer=str(ours.pk))
        page = client.get(f"{ROOM}lap/?tu={made.pk}")
        assert page.context["form"]["issuer"].value() == ours.pk

    def test_one_of_another_province_is_neither_offered_nor_taken(self, client, ours, theirs):
        offered = client.get(ROOM + "lap/").context["form"].fields["issuer"].queryset
        assert list(offered) == [ours]
        refused(client, issuer=str(theirs.pk))
        assert not Award.objects.exists()

    def test_where_there_is_none_it_says_whom_to_ask(self, client, theirs):
        issuer(None)
        assert "hãy nhờ người quản trị hệ thống" in client.get(ROOM + "lap/").text
        made = planned(client)
        assert "hãy nhờ người quản trị hệ thống" in client.get(address(made, "thong-tin")).text
        saved(client, made, "thong-tin", venue="Sân xã")

    def test_what_an_administrator_chose_is_told_and_stays(self, client, ours):
        made = planned(client)
        cast.award(made.activity.course)
        page = client.get(address(made, "thong-tin"))
        assert "Văn phòng Mẫu cấp giấy" in page.text
        assert "issuer" not in page.context["form"].fields
        saved(client, made, "thong-tin", venue="Sân xã", issuer=str(ours.pk))
        assert Award.objects.get().issuer.name == "Văn phòng Mẫu"

    def test_closing_says_where_it_is_switched_on(self, client, ours):
        made = planned(client)
        page = client.get(f"/quan-tri/tap-huan/{made.pk}/chot/")
        assert f'href="{address(made, "thong-tin")}#id_issuer"' in page.text
        saved(client, made, "thong-tin", issuer=str(ours.pk))
        assert "#id_issuer" not in client.get(f"/quan-tri/tap-huan/{made.pk}/chot/").text


class TestWhoMay:
    def test_an_issuer_that_is_not_theirs_is_refused_whoever_asks(self, client, organiser, theirs):
        made = planned(client)
        for who in (theirs, issuer(None)):
            with pytest.raises(Refusal, match="người quản trị hệ thống"):
                choose(made, who, organiser)

    def test_nor_one_of_theirs_for_a_workshop_elsewhere(self, client, ours, theirs):
        made = planned(client)
        other = cast.staff("organiser", cast.province("Lào Cai"), "0987654322")
        for who in (ours, theirs):
            with pytest.raises(Refusal):
                choose(made, who, other)

    def test_an_organiser_of_a_commune_has_its_provinces(self, ours):
        by = cast.staff("organiser", cast.commune(), "0987654323")
        made = planned(cast.client_of(by), issuer=str(ours.pk))
        assert Award.objects.get(course=made.activity.course).issuer == ours

    def test_a_course_with_lessons_is_its_editors(self, client, organiser, ours):
        made = planned(client, course=str(cast.course(lessons=1).pk), topic="")
        with pytest.raises(Refusal):
            choose(made, ours, organiser)
        assert "issuer" not in client.get(address(made, "thong-tin")).context["form"].fields

    def test_and_the_whole_plan_is_refused_with_it(self, client, ours):
        course = cast.course(lessons=1)
        answer = client.post(ROOM + "lap/", sent(course=str(course.pk), topic="", issuer=str(ours.pk)))
        assert (answer.status_code, Workshop.objects.count()) == (422, 0)

    def test_a_course_with_a_workshop_of_others_is_not_theirs_alone(self, client, organiser, ours):
        made = planned(client)
        elsewhere = cast.workshop(made.activity.course, place=cast.commune("Tả Van", "Lào Cai"))
        assert elsewhere.activity.course == made.activity.course
        with pytest.raises(Refusal):
            choose(made, ours, organiser)

    def test_what_an_administrator_chose_is_not_theirs_to_end(self, client, organiser, ours):
        made = planned(client)
        cast.award(made.activity.course)
        for who in (None, ours):
            with pytest.raises(Refusal):
                choose(made, who, organiser)

    def test_nothing_changes_once_it_is_over_or_cancelled(self, client, organiser, ours):
        made = planned(client)
        for over in ("closed_at", "cancelled_at"):
            Workshop.objects.filter(pk=made.pk).update(**{over: cast.NOW})
            with pytest.raises(Refusal):
                choose(made, ours, organiser)
            Workshop.objects.filter(pk=made.pk).update(**{over: None})

    def test_a_manager_chooses_nothing(self, client, ours):
        with pytest.raises(Refusal):
            choose(planned(client), ours, cast.staff("manager", cast.province(), "0987654324"))

    def test_an_administrator_chooses_any(self, client, theirs):
        made, admin = planned(client), cast.staff("manager", cast.province(), "0987654324")
        admin.is_superuser = True
        assert choose(made, theirs, admin)
        assert Course.objects.get().award.issuer == theirs
