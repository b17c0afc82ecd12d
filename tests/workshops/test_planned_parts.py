"""A workshop that stands is changed part by part: nothing that records point at goes away, and no seat is taken from anybody."""

from copy import deepcopy
from datetime import timedelta

import pytest
from django.utils import timezone

from lib.refusals import Refusal
from tests import cast
from tests.conftest import made_for_a_file
from workshops import actions
from workshops.models import FormQuestion, Quota, Registration, RegistrationSource, Session, Workshop, WorkshopPage

pytestmark = pytest.mark.django_db
NOMINATED, WALK_IN = RegistrationSource.NOMINATED, RegistrationSource.WALK_IN


made_workshop = made_for_a_file(lambda: cast.workshop(capacity=2))


@pytest.fixture
def workshop(made_workshop, db) -> Workshop:
    return deepcopy(made_workshop)


def address(workshop, part):
    return f"/quan-tri/tap-huan/{workshop.pk}/{part}/"


def coming(workshop, name="Trần Thị Út", **more):
    person = cast.person(name)
    return actions.register(workshop=workshop, person=person, at=cast.NOW, **({"source": NOMINATED} | more))


def filled(page) -> dict[str, str]:
    """What a browser sends of the forms as they stand there."""
    rows = [one for rows in page.context.get("sets", {}).values() for one in (rows.management_form, *rows)]
    fields = [field for one in (page.context["form"], *rows) for field in one]
    return {field.html_name: sent for field in fields if (sent := _sent(field)) is not None}


def _sent(field) -> str | None:
    value = field.value()
    if isinstance(value, bool) or value is None:
        return "on" if value else None
    shown = field.field.widget.format_value(value)
    return str(shown[0] if isinstance(shown, list) else shown or "")


def changed(client, workshop, part, **fields):
    page = client.get(address(workshop, part))
    assert page.status_code == 200, page.status_code
    sent = {name: value for name, value in (filled(page) | fields).items() if value is not None}
    return client.post(address(workshop, part), sent)


def saved(client, workshop, part, **fields) -> None:
    answer = changed(client, workshop, part, **fields)
    assert answer.status_code == 302, answer.context and answer.context["form"].errors


def refused(client, workshop, part, **fields) -> str:
    answer = changed(client, workshop, part, **fields)
    assert answer.status_code == 422
    return answer.text


class TestDetails:
    def test_the_page_says_the_new_title_and_the_rows_keep_their_keys(self, organiser, workshop):
        kept = (workshop.activity_id, workshop.sessions.get().pk, coming(workshop).pk)
        saved(
            cast.client_of(organiser), workshop, "thong-tin", title="Tên mới", venue="Nhà văn hóa", summary="Ngắn gọn"
        )

        workshop = Workshop.objects.get()
        assert (workshop.title, workshop.venue) == ("Tên mới", "Nhà văn hóa")
        page = WorkshopPage.objects.get()
        assert (page.title, page.summary) == ("Tên mới", "Ngắn gọn")
        assert kept == (workshop.activity_id, workshop.sessions.get().pk, Registration.objects.get().pk)

    def test_what_somebody_else_is_writing_stays_a_draft(self, organiser, workshop):
        page = WorkshopPage.objects.get()
        page.intro = "<p>Đang viết dở</p>"
        page.save_revision()
        saved(cast.client_of(organiser), workshop, "thong-tin", title="Tên mới")

        page = WorkshopPage.objects.get()
        draft = page.get_latest_revision_as_object()
        assert (page.title, page.intro, page.has_unpublished_changes) == ("Tên mới", "", True)
        assert (draft.title, draft.intro) == ("Tên mới", "<p>Đang viết dở</p>")

    def test_more_seats_are_offered_to_whoever_waits(self, organiser, workshop):
        for name in ("Lê Văn Bé", "Thạch Thị Hồng", "Nguyễn Văn Tám"):
            coming(workshop, name)
        client = cast.client_of(organiser)
        with cast.on(cast.NOW):
            saved(client, workshop, "thong-tin", capacity="3")
        assert Registration.objects.get(person__name="Nguyễn Văn Tám").state == "offered"

    def test_fewer_than_are_taken_is_refused(self, organiser, workshop):
        coming(workshop, "Lê Văn Bé")
        coming(workshop, "Thạch Thị Hồng")
        said = refused(cast.client_of(organiser), workshop, "thong-tin", capacity="1")
        assert "2 người giữ chỗ" in said
        assert Workshop.objects.get().capacity == 2

    def test_fewer_than_are_set_apart_is_refused(self, organiser, workshop):
        Quota.objects.create(workshop=workshop, place=cast.commune(), seats=2)
        assert "cộng lại là 2 chỗ" in refused(cast.client_of(organiser), workshop, "thong-tin", capacity="1")
        assert Workshop.objects.get().capacity == 2

    def test_who_came_unannounced_took_no_seat(self, organiser, workshop):
        coming(workshop, "Lê Văn Bé")
        coming(workshop, "Thạch Thị Hồng", source=WALK_IN)
        saved(cast.client_of(organiser), workshop, "thong-tin", capacity="1")

    def test_it_does_not_move_into_places_of_others(self, organiser, workshop):
        said = refused(cast.client_of(organiser), workshop, "thong-tin", place="xã Bảo Nhai, tỉnh Lào Cai")
        assert "ngoài địa bàn của anh/chị" in said

    def test_registration_closes_after_it_opens(self, organiser, workshop):
        fields = {"opens_at": "20/11/2026 08:00", "closes_at": "19/11/2026 08:00"}
        assert "phải sau giờ bắt đầu nhận" in refused(cast.client_of(organiser), workshop, "thong-tin", **fields)


class TestSessions:
    def test_one_moves_and_another_is_added(self, organiser, workshop):
        session = workshop.sessions.get()
        fields = {
            "sessions-0-room": "Phòng 1",
            "sessions-1-day": "26/11/2026",
            "sessions-1-begins": "08:00",
            "sessions-1-ends": "11h",
        }
        saved(cast.client_of(organiser), workshop, "buoi", **fields)
        assert workshop.sessions.get(room="Phòng 1").pk == session.pk
        assert workshop.sessions.get(room="").name == "Buổi sáng 26/11/2026"

    def test_one_that_is_used_is_cancelled_and_taken_up_again(self, organiser, workshop):
        client, session = cast.client_of(organiser), workshop.sessions.get()
        other = Session.objects.create(
            workshop=workshop, name="Sáng", starts_at=session.starts_at + timedelta(days=1), ends_at=session.ends_at + timedelta(days=1)
        )  # fmt: skip
        coming(workshop)
        saved(client, workshop, "buoi", **{"sessions-0-gone": "on"})
        session.refresh_from_db()
        assert session.cancelled_at
        saved(client, workshop, "buoi", **{"sessions-0-gone": None})
        session.refresh_from_db()
        assert session.cancelled_at is None
        assert set(workshop.sessions.all()) == {session, other}

    def test_one_for_which_nobody_registered_is_deleted(self, organiser, workshop):
        session = workshop.sessions.get()
        Session.objects.create(
            workshop=workshop, name="Thừa", starts_at=session.starts_at + timedelta(days=1), ends_at=session.ends_at + timedelta(days=1)
        )  # fmt: skip
        saved(cast.client_of(organiser), workshop, "buoi", **{"sessions-1-gone": "on"})
        assert workshop.sessions.get() == session

    def test_the_last_one_stays(self, organiser, workshop):
        assert "ít nhất một buổi" in refused(cast.client_of(organiser), workshop, "buoi", **{"sessions-0-gone": "on"})
        assert workshop.sessions.filter(cancelled_at=None).count() == 1

    @pytest.mark.parametrize("fields", [{"sessions-0-gone": "on"}, {"sessions-0-ends": "11:30"}])
    def test_one_that_is_closed_keeps_its_hours_as_people_have_completed_it(self, organiser, workshop, fields):
        session = workshop.sessions.get()
        cast.present(coming(workshop))
        later = session.starts_at + timedelta(days=7)
        Session.objects.create(workshop=workshop, name="Buổi sau", starts_at=later, ends_at=later + timedelta(hours=3))
        over = session.ends_at + timedelta(minutes=5)
        Workshop.objects.update(needed_percent=50)
        assert actions.close_sessions(workshop=workshop, sessions=[session], by=organiser, at=over).completed == 1
        client = cast.client_of(organiser)
        assert "đã chốt điểm danh, nên không hủy" in refused(client, workshop, "buoi", **fields)
        saved(client, workshop, "buoi", **{"sessions-0-name": "Buổi đầu", "sessions-1-gone": "on"})
        assert [(one.name, one.cancelled_at is None) for one in workshop.sessions.order_by("starts_at")] == [
            ("Buổi đầu", True),
            ("Buổi sau", False),
        ]

    def test_two_change_places(self, organiser, workshop):
        one = workshop.sessions.get()
        two = Session.objects.create(
            workshop=workshop, name="B", starts_at=one.starts_at, ends_at=one.ends_at, room="B"
        )
        fields = {"sessions-0-room": "B", "sessions-1-room": ""}
        saved(cast.client_of(organiser), workshop, "buoi", **fields)
        assert {row.pk: row.room for row in workshop.sessions.all()} == {one.pk: "B", two.pk: ""}

    def test_the_key_of_another_workshops_session_changes_nothing_there(self, organiser, workshop):
        other = cast.workshop(cast.course(lessons=0, slug="khac", title="Khác"), slug="khac")
        foreign = other.sessions.get()
        saved(
            cast.client_of(organiser), workshop, "buoi", **{"sessions-0-pk": str(foreign.pk), "sessions-0-room": "Lạ"}
        )
        foreign.refresh_from_db()
        assert (foreign.workshop, foreign.room) == (other, "")


class TestProgramme:
    def test_speakers_and_what_they_speak_of(self, organiser, workshop):
        client = cast.client_of(organiser)
        speaker = {"speakers-0-name": "Nguyễn Thị Mẫu", "speakers-0-unit": "Văn phòng Mẫu"}
        item = {"agenda-0-starts_at": "13:30", "agenda-0-topic": "Tiêu chí", "agenda-0-speakers": "Nguyễn Thị Mẫu"}
        saved(client, workshop, "chuong-trinh", **speaker, **item)
        made = workshop.sessions.get().agenda.get()
        assert [one.name for one in made.speakers.all()] == ["Nguyễn Thị Mẫu"]
        saved(client, workshop, "chuong-trinh", **{"agenda-0-gone": "on", "agenda-0-topic": ""})
        assert not workshop.sessions.get().agenda.exists()
        assert workshop.speakers.count() == 1

    @pytest.mark.parametrize(
        ("at", "is_told"), [("22:00", True), ("17:00", True), ("11:00", True), ("13:00", False), ("16:59", False)]
    )
    def test_what_begins_outside_of_its_session_is_saved_and_told(self, organiser, workshop, at, is_told):
        """Who comes is welcomed before it begins, so that an hour before is no slip of the pen."""
        held = workshop.sessions.get()
        day = timezone.localtime(held.starts_at)
        Session.objects.update(starts_at=day.replace(hour=13, minute=30), ends_at=day.replace(hour=17, minute=0))
        client = cast.client_of(organiser)
        saved(client, workshop, "chuong-trinh", **{"agenda-0-starts_at": at, "agenda-0-topic": "Tổng kết"})
        said = client.get(f"/quan-tri/tap-huan/{workshop.pk}/").text
        assert (f"“Tổng kết” lúc {at} (buổi 13:30–17:00)" in said) is is_told
        assert f"{held.agenda.get().starts_at:%H:%M}" == at

    def test_a_session_that_is_not_there(self, organiser, workshop):
        item = {"agenda-0-starts_at": "13:30", "agenda-0-topic": "Tiêu chí", "agenda-0-session": "3"}
        assert "Không có buổi số 3" in refused(cast.client_of(organiser), workshop, "chuong-trinh", **item)


class TestMaterials:
    def test_a_link(self, organiser, workshop):
        row = {"materials-0-title": "Sổ tay", "materials-0-link": "https://example.vn/so-tay"}
        saved(cast.client_of(organiser), workshop, "tai-lieu", **row)
        assert workshop.sessions.get().materials.get().title == "Sổ tay"

    @pytest.mark.parametrize("link", ["", "javascript:alert(1)"])
    def test_neither_file_nor_address(self, organiser, workshop, link):
        row = {"materials-0-title": "Sổ tay", "materials-0-link": link}
        refused(cast.client_of(organiser), workshop, "tai-lieu", **row)


class TestBases:
    def test_written_changed_and_taken_away(self, organiser, workshop):
        client = cast.client_of(organiser)
        saved(client, workshop, "can-cu", **{"bases-0-number": "170/KH-UBND", "bases-0-issued_by": "UBND tỉnh"})
        basis = workshop.bases.get()
        saved(client, workshop, "can-cu", **{"bases-0-subject": "tổ chức lễ hội"})
        basis.refresh_from_db()
        assert (workshop.bases.get(), basis.subject) == (basis, "tổ chức lễ hội")
        saved(client, workshop, "can-cu", **{"bases-0-gone": "on"})
        assert not workshop.bases.exists()


class TestQuotas:
    @pytest.fixture
    def taken(self, workshop) -> Quota:
        """A quota of two, both taken."""
        Workshop.objects.update(capacity=10)
        quota = Quota.objects.create(workshop=workshop, unit="Hội Nông dân", seats=2)
        coming(workshop, "Lê Văn Bé", quota=quota)
        coming(workshop, "Thạch Thị Hồng", quota=quota)
        return quota

    def test_not_below_what_is_taken(self, organiser, workshop, taken):
        said = refused(cast.client_of(organiser), workshop, "chi-tieu", **{"quotas-0-seats": "1"})
        assert "Hội Nông dân đã có 2 người giữ chỗ, nên không giảm xuống 1 chỗ được." in said

    @pytest.mark.parametrize("fields", [{"quotas-0-gone": "on"}, {"quotas-0-unit": "Hội Phụ nữ"}])
    def test_one_that_is_used_is_neither_taken_away_nor_given_to_others(self, organiser, workshop, taken, fields):
        said = refused(cast.client_of(organiser), workshop, "chi-tieu", **fields)
        assert "Chỉ tiêu của Hội Nông dân đã có người đăng ký" in said
        assert workshop.quotas.get().unit == "Hội Nông dân"

    def test_more_seats_are_offered_to_whoever_waits_for_them(self, organiser, workshop, taken):
        Workshop.objects.update(capacity=2)
        waiting = coming(workshop, "Nguyễn Văn Tám", quota=taken)
        assert waiting.state == "waiting"
        Workshop.objects.update(capacity=10)
        client = cast.client_of(organiser)
        with cast.on(cast.NOW):
            saved(client, workshop, "chi-tieu", **{"quotas-0-seats": "3"})
        waiting.refresh_from_db()
        assert (waiting.state, waiting.quota) == ("offered", taken)

    def test_seats_that_others_hold_are_not_set_apart(self, organiser, workshop):
        coming(workshop, "Lê Văn Bé")
        said = refused(
            cast.client_of(organiser), workshop, "chi-tieu", **{"quotas-0-unit": "Hội", "quotas-0-seats": "2"}
        )
        assert "Ngoài các chỉ tiêu đã có 1 người giữ chỗ" in said

    def test_twice_for_one_place(self, organiser, workshop):
        rows = {
            "quotas-0-place": "Phan Ngọc Hiển",
            "quotas-0-seats": "1",
            "quotas-1-place": "Phan Ngọc Hiển",
            "quotas-1-seats": "1",
        }
        assert "Nơi này đã có một chỉ tiêu" in refused(cast.client_of(organiser), workshop, "chi-tieu", **rows)


class TestQuestions:
    @pytest.fixture
    def question(self, workshop) -> FormQuestion:
        made = FormQuestion.objects.create(workshop=workshop, label="Ăn chay?", kind="yes-no")
        coming(workshop, answers={str(made.pk): True})
        return made

    def test_one_that_was_answered_is_retired_and_another_deleted(self, organiser, workshop, question):
        spare = FormQuestion.objects.create(workshop=workshop, label="Thừa", position=1)
        gone = {"questions-0-gone": "on", "questions-1-gone": "on"}
        saved(cast.client_of(organiser), workshop, "cau-hoi", **gone)
        question.refresh_from_db()
        assert question.retired_at
        assert not FormQuestion.objects.filter(pk=spare.pk).exists()

    def test_the_way_of_answering_stays_once_somebody_answered(self, organiser, workshop, question):
        for field, value in (("kind", "text"), ("stage", "feedback")):
            said = refused(cast.client_of(organiser), workshop, "cau-hoi", **{f"questions-0-{field}": value})
            assert "đã có người trả lời" in said


class TestCancelling:
    def test_with_a_reason_and_for_good(self, organiser, workshop):
        client, one = cast.client_of(organiser), coming(workshop)
        assert client.post(address(workshop, "huy"), {"reason": ""}).status_code == 422
        assert client.post(address(workshop, "huy"), {"reason": "Bão"}).status_code == 302
        workshop = Workshop.objects.get()
        assert (bool(workshop.cancelled_at), workshop.cancelled_why) == (True, "Bão")
        assert Registration.objects.get() == one
        with pytest.raises(Refusal):
            coming(workshop, "Lê Văn Bé")
        assert "Lớp này đã hủy" in refused(client, workshop, "thong-tin", venue="Khác")

    def test_one_that_is_over_stays_as_it_is(self, organiser, workshop):
        Workshop.objects.update(closed_at=cast.NOW)
        answer = cast.client_of(organiser).post(address(workshop, "huy"), {"reason": "Bão"})
        assert "Lớp này đã chốt" in answer.text
        assert Workshop.objects.get().cancelled_at is None


PARTS = ("thong-tin", "buoi", "chuong-trinh", "tai-lieu", "can-cu", "chi-tieu", "cau-hoi", "huy")


@pytest.mark.parametrize("part", PARTS)
def test_another_provinces_organiser_finds_nothing_and_who_only_looks_changes_nothing(workshop, part):
    other = cast.client_of(cast.staff("organiser", cast.province("Lào Cai")))
    looking = cast.client_of(cast.staff("manager", cast.province(), phone="0987654322"))
    assert other.get(address(workshop, part)).status_code == 404
    assert looking.get(address(workshop, part)).status_code in (302, 403)


@pytest.mark.parametrize("part", PARTS[1:-1])
def test_what_is_sent_without_rows_is_refused_and_another_row_is_given(organiser, workshop, part):
    client = cast.client_of(organiser)
    assert client.post(address(workshop, part), {"x": "1"}).status_code == 422
    kind = next(iter(client.get(address(workshop, part)).context["sets"]))
    answer = changed(client, workshop, part, them=kind)
    assert answer.status_code == 200
    assert (
        len(answer.context["sets"][kind].forms)
        == len(client.get(address(workshop, part)).context["sets"][kind].forms) + 1
    )
