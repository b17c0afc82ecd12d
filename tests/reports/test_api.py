"""/api/v1/…: systems read figures, places, courses and subjects within the place of their key."""

from base64 import b64encode
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.utils import timezone

from accounts import actions as accounts
from accounts import groups
from accounts.models import ApiToken, RoleAssignment, Subject
from lib.dates import local_day
from reports.api.authenticating import PerKey
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.once]
TODAY = local_day(cast.NOW)


@pytest.fixture
def giver(db):
    return cast.staff("manager", cast.province("Cà Mau"), "0987654321")


def key(giver, place="Cà Mau", **said):
    said = {"name": "Trang số liệu", "with_subjects": True, "valid_until": TODAY + timedelta(days=30)} | said
    where = cast.province(place) if place else None
    return accounts.issue_token(place=where, by=giver, at=cast.NOW, **said)


@pytest.fixture
def ask(client, giver):
    _token, secret = key(giver)

    def asked(path, secret=secret):
        return client.get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {secret}"})

    return asked


@pytest.fixture
def records(db):
    """A person in Cà Mau who finished, and one in Lào Cai who did not."""
    course = cast.course(lessons=1)
    here = cast.enrolment(cast.trainee("Chim Sẻ", "0912223331").person, course)
    cast.finish(here)
    there = cast.person("Chim Lạ", cast.province("Lào Cai").children.current()[0])
    cast.enrolment(there, course)
    return course


class TestFigures:
    def test_they_are_what_the_board_shows(self, ask, records):
        said = ask("figures/").json()
        assert said["name"] == "Tỉnh Cà Mau"
        assert said["total"]["enrolled"] == said["total"]["completed"] == said["total"]["persons"] == 1
        assert said["counted_at"].startswith("2026")
        assert [(one["place"], one["name"]) for one in said["places"]] == [
            (cast.commune("Phan Ngọc Hiển").code, "Xã Phan Ngọc Hiển")
        ]
        assert [one["course"] for one in said["courses"]] == [str(records.translation_key)]

    def test_of_a_commune_and_of_a_course(self, ask, records):
        commune = cast.commune("Phan Ngọc Hiển").code
        assert ask(f"figures/?place={commune}").json()["total"]["enrolled"] == 1
        other = cast.commune("Đất Mũi").code
        assert ask(f"figures/?place={other}").json()["total"]["enrolled"] == 0
        assert ask(f"figures/?course={records.translation_key}").json()["total"]["enrolled"] == 1

    def test_of_a_topic_and_of_a_kind_of_trainee(self, ask, records):
        topic = records.topic.slug
        assert ask("courses/").json()["results"][0]["topic_slug"] == topic
        assert ask(f"figures/?topic={topic}&kind=subject").json()["total"]["persons"] == 1
        assert ask(f"figures/?topic={topic}&kind=official").json()["total"]["persons"] == 0

    @pytest.mark.parametrize(
        "query",
        ["place=15", "place=khong-co", "course=x", "topic=x", "kind=x", "course=00000000-0000-4000-8000-000000000000"],
    )
    def test_what_lies_outside_or_does_not_exist_looks_the_same(self, ask, records, query):
        answer = ask(f"figures/?{query}")
        assert answer.status_code == 404
        assert "Lào Cai" not in answer.text

    def test_of_the_country_for_a_key_of_the_country(self, ask, records):
        _token, secret = key(cast.staff("manager", None, "0987654322"), place=None)
        said = ask("figures/", secret).json()
        assert said["name"] == "Cả nước"
        assert said["total"]["enrolled"] == 2


class TestLists:
    def test_places_are_those_of_the_key(self, ask):
        said = ask("places/?limit=1000").json()["results"]
        assert {one["province"] for one in said} == {None, cast.province("Cà Mau").code}
        assert {"code", "level", "name", "full_name", "province", "valid_from"} == set(said[0])

    def test_a_long_list_is_led_through_page_by_page(self, ask, client, giver):
        secret = key(giver)[1]
        seen, path = [], "/api/v1/places/?limit=25"
        while path:
            said = client.get(path, headers={"Authorization": f"Bearer {secret}"}).json()
            seen += [one["full_name"] for one in said["results"]]
            path = said["next"]
        assert len(seen) == len(set(seen)) == 1 + cast.province("Cà Mau").children.current().count()

    @pytest.mark.parametrize("path", ["places/", "courses/", "subjects/"])
    @pytest.mark.parametrize("inside", ["p=abc", "p=", "p=1.5", "p=1\0", "p=²", f"p={'9' * 40}", "r=1&p=abc"])
    def test_a_cursor_that_was_made_up_leads_nowhere(self, ask, path, inside):
        answer = ask(f"{path}?cursor={quote(b64encode(inside.encode()))}")
        assert answer.status_code == 404
        assert "detail" in answer.json()

    def test_courses(self, ask, records):
        said = ask("courses/").json()["results"]
        assert [(one["id"], one["is_offered"]) for one in said] == [(str(records.translation_key), True)]

    def test_subjects_without_their_people(self, ask):
        here, there = cast.commune("Đất Mũi"), cast.province("Lào Cai").children.current()[0]
        subject = Subject.objects.create(
            name="HTX Ba Khía", kind="cooperative", place=here, leader="Chim Đầu Đàn", phone="0912 345 678"
        )
        subject.products.create(name="Ba khía muối", stars=4, valid_until=TODAY)
        Subject.objects.create(name="HTX Xa", kind="cooperative", place=there)
        answer = ask("subjects/")
        (said,) = answer.json()["results"]
        assert (said["name"], said["place"], said["is_open"]) == ("HTX Ba Khía", here.code, True)
        assert said["products"] == [{"name": "Ba khía muối", "stars": 4, "decision": "", "valid_until": str(TODAY)}]
        assert "Chim" not in answer.text
        assert "345" not in answer.text
        assert ask(f"subjects/?place={cast.commune('Phan Ngọc Hiển').code}").json()["results"] == []

    def test_a_household_s_name_that_nobody_confirmed_may_be_a_person_s_and_is_not_told(self, ask):
        cast.person("Chim Hoàng Yến", subject_name="Hộ bà Chim Hoàng Yến", subject_kind="household")
        answer = ask("subjects/")
        (said,) = answer.json()["results"]
        assert (said["name"], said["kind"], said["is_confirmed"]) == ("", "household", False)
        assert "Hoàng" not in answer.text
        Subject.objects.update(is_confirmed=True)
        assert ask("subjects/").json()["results"][0]["name"] == "Hộ bà Chim Hoàng Yến"

    def test_the_register_only_with_a_key_for_it(self, ask, giver):
        _token, secret = key(giver, with_subjects=False)
        answer = ask("subjects/", secret)
        assert answer.status_code == 403
        assert "sổ chủ thể" in answer.json()["detail"]
        assert ask("figures/", secret).status_code == 200

    def test_and_from_a_giver_who_may_read_it(self, ask, giver, monkeypatch):
        _token, secret = key(giver, with_subjects=True)
        rights = [codename for codename in groups.OWN["manager"] if codename != "view_subject"]
        monkeypatch.setitem(groups.OWN, "manager", rights)
        assert (ask("subjects/", secret).status_code, ask("figures/", secret).status_code) == (403, 200)


class TestWhoIsLetIn:
    @pytest.mark.parametrize("path", ["figures/", "places/", "courses/", "subjects/"])
    @pytest.mark.parametrize("header", ["", "Bearer ", "Bearer ocop_SAI", "Basic YTpi", "Bearer ố"])
    def test_nobody_without_a_key(self, client, path, header):
        answer = client.get(f"/api/v1/{path}", headers={"Authorization": header.encode().decode("latin-1")})
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"] == "Bearer"
        assert "khóa" in answer.json()["detail"].lower()

    def test_no_session_of_the_admin(self, giver):
        assert cast.client_of(giver).get("/api/v1/figures/").status_code == 401

    def test_no_key_that_was_taken_back(self, ask, giver):
        token, secret = key(giver)
        accounts.revoke_token(token=token, by=giver, reason="nghi lộ", at=cast.NOW)
        assert ask("figures/", secret).status_code == 401

    def test_none_that_is_over(self, ask, giver):
        token, secret = key(giver)
        ApiToken.objects.filter(pk=token.pk).update(valid_until=TODAY - timedelta(days=1))
        assert ask("figures/", secret).status_code == 401

    def test_none_of_a_giver_who_is_gone_or_lost_the_place(self, ask, giver):
        giver.is_active = False
        giver.save()
        assert ask("figures/").status_code == 401
        giver.is_active = True
        giver.save()
        assert ask("figures/").status_code == 200
        for role in RoleAssignment.objects.filter(user=giver):
            accounts.end_role(assignment=role, by=None, reason="thôi việc", at=cast.NOW)
        answer = ask("figures/")
        assert answer.status_code == 401
        assert "không còn quản lý" in answer.json()["detail"]

    def test_nothing_is_written_or_kept_by_others(self, ask, client, giver):
        answer = ask("places/")
        assert "no-store" in answer["Cache-Control"]
        secret = {"Authorization": f"Bearer {key(giver)[1]}"}
        assert client.post("/api/v1/figures/", {}, headers=secret).status_code == 405

    def test_who_goes_round_in_circles_is_told_to_wait(self, ask, monkeypatch):
        cache.clear()
        monkeypatch.setattr(PerKey, "rate", "2/min")
        assert [ask("courses/").status_code for _time in range(3)] == [200, 200, 429]

    def test_the_day_of_its_last_use_is_written(self, ask):
        ask("courses/")
        assert ApiToken.objects.get().used_on == local_day(timezone.now())


def test_the_manual_and_the_document_are_open(client):
    assert "Authorization: Bearer" in client.get("/api/").text
    said = client.get("/api/openapi.json").json()
    assert set(said["paths"]) == {f"/api/v1/{name}/" for name in ("figures", "places", "courses", "subjects")}
    assert said["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
