"""One form makes a course, a page and sessions; what is wrong is said, and nothing is lost."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from courses import actions as courses
from courses.models import Course, CoursePage
from lib import dates
from tests import cast
from tests.workshops.test_planned_parts import saved
from workshops.models import Session, Workshop, WorkshopPage

pytestmark = [pytest.mark.django_db, pytest.mark.once]
ROOM = "/quan-tri/tap-huan/"
ROWS = ("sessions", "speakers", "agenda", "materials", "bases", "quotas", "questions")


def sent(**fields):
    """As a browser sends it: one session, and all that is optional left empty."""
    counts = {f"{kind}-TOTAL_FORMS": "2" for kind in ROWS} | {f"{kind}-INITIAL_FORMS": "0" for kind in ROWS}
    usual = {
        "sessions-0-begins": "13:30", "sessions-0-ends": "17:00", "sessions-1-begins": "13:30", "sessions-1-ends": "17:00",
        "agenda-0-session": "1", "agenda-1-session": "1", "materials-0-session": "1", "materials-1-session": "1",
        "bases-0-kind": "KH", "bases-1-kind": "KH", "seen_by": "everybody",
        "questions-0-kind": "text", "questions-1-kind": "text", "questions-0-stage": "registration", "questions-1-stage": "registration",
    }  # fmt: skip
    own = {
        "title": "Bộ tiêu chí OCOP mới",
        "topic": str(cast.topic().pk),
        "organiser": "Sở Nông nghiệp và Môi trường",
        "place": "xã Phan Ngọc Hiển, tỉnh Cà Mau",
        "venue": "Hội trường xã",
        "sessions-0-day": next_week().strftime("%d/%m/%Y"),
    }
    return counts | usual | own | fields


def next_week():
    return timezone.localdate() + timedelta(days=7)


def refused(client, **fields) -> str:
    """What the page says; nothing was made."""
    answer = client.post(ROOM + "lap/", sent(**fields))
    assert answer.status_code == 422, answer.headers
    assert (Workshop.objects.count(), WorkshopPage.objects.count(), Session.objects.count()) == (0, 0, 0)
    return answer.text


def planned(client, **fields) -> Workshop:
    answer = client.post(ROOM + "lap/", sent(**fields))
    assert answer.status_code == 302, answer.text
    return Workshop.objects.latest("pk")


class TestPlanning:
    def test_one_form_makes_course_page_session_and_cohort(self, organiser):
        made = planned(cast.client_of(organiser))

        assert made.slug == "bo-tieu-chi-ocop-moi"
        page = WorkshopPage.objects.get()
        assert (page.live, page.title) == (True, "Bộ tiêu chí OCOP mới")
        assert made.activity.translation_key == page.translation_key
        assert made.activity.course.topic == cast.topic()
        session = made.sessions.get()
        assert timezone.localtime(session.starts_at) == timezone.make_aware(
            datetime.combine(next_week(), datetime.strptime("13:30", "%H:%M").time())
        )
        assert session.name.startswith("Buổi chiều")
        assert (made.cohort.course, made.cohort.place) == (made.activity.course, cast.commune())

    def test_its_cohort_moves_along(self, organiser):
        client = cast.client_of(organiser)
        made, day = planned(client), next_week() + timedelta(days=3)
        saved(client, made, "buoi", **{"sessions-0-day": day.strftime("%d/%m/%Y")})
        saved(client, made, "thong-tin", organiser="Văn phòng khác", place="xã Đất Mũi, tỉnh Cà Mau")
        made.cohort.refresh_from_db()
        assert (made.cohort.starts_on, made.cohort.ends_on) == (day, day)
        assert (made.cohort.place, made.cohort.organised_by) == (cast.commune("Đất Mũi"), "Văn phòng khác")
        assert made.cohort.name == f"Bộ tiêu chí OCOP mới · {dates.short(day)}"

    def test_one_that_was_closed_stays_as_it_is(self, organiser):
        made = planned(cast.client_of(organiser))
        courses.close_cohort(cohort=made.cohort, by=organiser, at=timezone.now())
        saved(cast.client_of(organiser), made, "thong-tin", organiser="Văn phòng khác")
        made.cohort.refresh_from_db()
        assert made.cohort.organised_by == "Sở Nông nghiệp và Môi trường"

    def test_registration_closes_at_five_on_the_day_before(self, organiser):
        closes = timezone.localtime(planned(cast.client_of(organiser)).closes_at)
        assert (closes.date(), closes.hour) == (next_week() - timedelta(days=1), 17)

    def test_of_a_workshop_of_the_past_nothing_closes(self, organiser):
        made = planned(cast.client_of(organiser), **{"sessions-0-day": "11/12/2023"})
        assert made.closes_at is None

    def test_with_all_that_belongs_to_it(self, organiser):
        made = planned(
            cast.client_of(organiser),
            **{
                "sessions-1-day": next_week().strftime("%d/%m/%Y"), "sessions-1-begins": "13h30", "sessions-1-room": "Phòng 2",
                "speakers-0-degree": "ThS.", "speakers-0-name": "Nguyễn Thị Mẫu", "speakers-0-post": "Chuyên viên",
                "agenda-0-starts_at": "13g30", "agenda-0-topic": "Bộ tiêu chí", "agenda-0-speakers": "nguyen thi mau",
                "agenda-1-session": "2", "agenda-1-starts_at": "14:00", "agenda-1-topic": "Câu chuyện sản phẩm",
                "materials-0-title": "Tài liệu", "materials-0-link": "https://example.vn/tai-lieu",
                "bases-0-number": "170/KH-UBND", "bases-0-issued_on": "17/7/2023", "bases-0-issued_by": "UBND tỉnh Cà Mau",
                "quotas-0-place": "Phan Ngọc Hiển", "quotas-0-seats": "5", "capacity": "20",
                "questions-0-label": "Ăn chay?", "questions-0-kind": "yes-no",
            },
        )  # fmt: skip
        one, two = made.sessions.all()
        assert (one.room, two.room) == ("", "Phòng 2")
        assert [str(speaker) for speaker in one.agenda.get().speakers.all()] == ["ThS. Nguyễn Thị Mẫu"]
        assert two.agenda.get().topic == "Câu chuyện sản phẩm"
        assert one.materials.get().link == "https://example.vn/tai-lieu"
        assert str(made.bases.get()) == "kế hoạch 170/KH-UBND"
        assert (made.quotas.get().place, made.quotas.get().seats) == (cast.commune(), 5)
        assert made.questions.get().label == "Ăn chay?"

    def test_twice_is_once(self, organiser):
        client = cast.client_of(organiser)
        assert planned(client).pk == planned(client).pk
        assert Course.objects.count() == 1

    def test_a_second_of_the_same_name_has_an_address_of_its_own(self, organiser):
        client = cast.client_of(organiser)
        planned(client)
        later = (next_week() + timedelta(days=7)).strftime("%d/%m/%Y")
        assert planned(client, **{"sessions-0-day": later}).slug == "bo-tieu-chi-ocop-moi-2"

    def test_in_a_course_that_is_there_nobody_has_to_come(self, organiser):
        course = cast.course(lessons=1)
        made = planned(cast.client_of(organiser), course=str(course.pk), topic="")
        assert made.activity.course == course
        assert not made.activity.is_required
        assert CoursePage.objects.count() == 1

    def test_another_row_keeps_what_was_typed_and_checks_nothing(self, organiser):
        client = cast.client_of(organiser)
        answer = client.post(ROOM + "lap/", sent(them="sessions", venue="", title="Chưa xong"))
        assert answer.status_code == 200
        assert 'name="sessions-2-begins" value="13:30"' in answer.text
        assert 'value="Chưa xong"' in answer.text
        assert "error-message" not in answer.text
        assert Workshop.objects.count() == 0


class TestRefusing:
    def test_without_a_session(self, organiser):
        assert "Hãy ghi ít nhất một buổi." in refused(cast.client_of(organiser), **{"sessions-0-day": ""})

    def test_all_that_lacks_is_said_at_once(self, organiser):
        said = refused(cast.client_of(organiser), title="", **{"sessions-0-day": ""})
        assert "Hãy ghi ít nhất một buổi." in said
        assert "#id_title" in said

    @pytest.mark.parametrize(
        ("field", "value", "said"),
        [
            ("title", "", "title"),
            ("topic", "", "Hãy chọn chuyên đề của lớp."),
            ("place", "xã Bảo Nhai, tỉnh Lào Cai", "ngoài địa bàn của anh/chị"),
            ("sessions-0-ends", "13:00", "Giờ kết thúc phải sau giờ bắt đầu."),
            ("sessions-0-begins", "chiều", "Hãy ghi giờ như 13:30."),
            ("sessions-0-day", "01/01/0001", "Hãy xem lại năm."),
            ("opens_at", "31/12/9999 23:59", "Hãy xem lại năm."),
            ("agenda-0-topic", "Chỉ có nội dung", "agenda-0-starts_at"),
            ("slug", "có dấu", "slug"),
            ("slug", "ve", "Đường dẫn này"),
            ("capacity", "0", "capacity"),
            ("sessions-TOTAL_FORMS", "x", "Chưa lưu gì"),
        ],
    )
    def test_what_is_wrong_is_said_and_what_was_typed_stays(self, organiser, field, value, said):
        page = refused(cast.client_of(organiser), **{field: value, "contact": "Chị Mẫu"})
        assert said in page
        assert 'value="Chị Mẫu"' in page

    def test_two_sessions_in_one_room_at_a_time(self, organiser):
        said = refused(cast.client_of(organiser), **{"sessions-1-day": next_week().strftime("%d/%m/%Y")})
        assert "Đã có một buổi ở phòng này vào giờ này." in said

    def test_a_speaker_whom_the_programme_names_and_nobody_listed(self, organiser):
        item = {"agenda-0-starts_at": "13:30", "agenda-0-topic": "Mở đầu", "agenda-0-speakers": "Ông Nào Đó"}
        assert "Chương trình nhắc đến “Ông Nào Đó”" in refused(cast.client_of(organiser), **item)

    def test_a_session_that_is_not_there(self, organiser):
        item = {"agenda-0-starts_at": "13:30", "agenda-0-topic": "Mở đầu", "agenda-0-session": "7"}
        assert "Không có buổi số này ở trên." in refused(cast.client_of(organiser), **item)

    def test_more_seats_set_apart_than_there_are(self, organiser):
        said = refused(
            cast.client_of(organiser), capacity="3", **{"quotas-0-unit": "Hội Nông dân", "quotas-0-seats": "4"}
        )
        assert "Các chỉ tiêu cộng lại là 4 chỗ, nhiều hơn số chỗ của lớp (3)." in said

    def test_a_choice_without_choices(self, organiser):
        said = refused(cast.client_of(organiser), **{"questions-0-label": "Bữa?", "questions-0-kind": "choice"})
        assert "Hãy ghi ít nhất hai lựa chọn" in said

    def test_who_only_looks_plans_nothing(self):
        client = cast.client_of(cast.staff("manager", cast.province()))
        assert client.get(ROOM).status_code == 200
        assert client.get(ROOM + "lap/").status_code != 200


class TestCopying:
    def test_an_earlier_one_is_copied_to_later_days_without_its_delegates(self, organiser):
        client = cast.client_of(organiser)
        earlier = planned(
            client,
            **{
                "sessions-0-day": "11/12/2023", "speakers-0-name": "Nguyễn Thị Mẫu",
                "agenda-0-starts_at": "13:30", "agenda-0-topic": "Mở đầu", "agenda-0-speakers": "Nguyễn Thị Mẫu",
            },
        )  # fmt: skip
        page = client.get(f"{ROOM}lap/?tu={earlier.pk}&ngay=20/01/2027")
        assert page.status_code == 200
        assert 'name="sessions-0-day" value="20/01/2027"' in page.text
        counts = {f"{kind}-INITIAL_FORMS": "1" for kind in ("sessions", "speakers", "agenda")}
        item = {"agenda-0-starts_at": "13:30", "agenda-0-topic": "Mở đầu", "agenda-0-speakers": "Nguyễn Thị Mẫu"}
        fields = sent(**counts, **item, **{"sessions-0-day": "20/01/2027", "speakers-0-name": "Nguyễn Thị Mẫu"})
        answer = client.post(f"{ROOM}lap/?tu={earlier.pk}&ngay=20/01/2027", fields)
        assert answer.status_code == 302, answer.text
        made = Workshop.objects.latest("pk")
        assert made != earlier
        assert made.speakers.get() != earlier.speakers.get()
        assert made.sessions.get().agenda.get().topic == "Mở đầu"

    def test_without_a_day_it_lies_two_weeks_ahead_on_the_same_day_of_the_week(self, organiser):
        client = cast.client_of(organiser)
        earlier = planned(client, **{"sessions-0-day": "11/12/2023"})
        page = client.get(f"{ROOM}lap/?tu={earlier.pk}").text
        day = datetime.strptime(page.split('name="sessions-0-day" value="')[1][:10], "%d/%m/%Y").date()
        assert day.weekday() == 0
        assert timedelta(days=14) <= day - timezone.localdate() < timedelta(days=21)

    @pytest.mark.parametrize("query", ["tu=0", "tu=x", "tu=999999999999999999999"])
    def test_what_is_not_there_is_not_copied(self, organiser, query):
        assert cast.client_of(organiser).get(f"{ROOM}lap/?{query}").status_code == 404
