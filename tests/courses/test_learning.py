from datetime import timedelta

import pytest
from django.test import Client

from courses import actions, learning
from courses.models import Completion, Enrolment
from lib.refusals import Refusal
from tests import cast

pytestmark = pytest.mark.django_db


def done(client: Client, activity) -> object:
    return client.post(f"/hoc/bai/{activity.translation_key}/xong/")


def test_finishing_the_open_first_lesson_enrols_and_leads_to_the_next():
    course, user = cast.course(), cast.trainee()
    first = course.activities.first()
    assert done(cast.client_of(user), first).url == "/khoa-hoc/ke-chuyen/bai-2/"
    assert Enrolment.objects.get().place == cast.commune()


def test_a_double_tap_records_once():
    course, client = cast.course(), cast.client_of(cast.trainee())
    for _ in range(3):
        done(client, course.activities.first())
    assert Completion.objects.count() == Enrolment.objects.count() == 1


def test_a_lesson_out_of_order_is_not_recorded():
    course, client = cast.course(lessons=3), cast.client_of(cast.trainee())
    done(client, course.activities.last())
    assert not Completion.objects.exists()


def test_nobody_completes_anything_without_logging_in_or_by_following_a_link():
    course = cast.course()
    assert "/tai-khoan/dien-thoai/" in done(Client(), course.activities.first()).url
    key = course.activities.first().translation_key
    assert "sang bài sau" in cast.client_of(cast.trainee()).get(f"/hoc/bai/{key}/xong/").text
    assert not Completion.objects.exists()


def test_a_quiz_cannot_be_completed_by_the_lessons_button():
    course = cast.course(lessons=0, with_quiz=True)
    done(cast.client_of(cast.trainee()), course.activities.get())
    assert not Completion.objects.exists()


def test_the_course_is_finished_with_its_last_required_activity():
    course, person = cast.course(), cast.person()
    enrolment = cast.enrolment(person, course)
    cast.finish(enrolment)
    assert enrolment.completed_at is not None


def test_a_requirement_added_later_does_not_reopen_a_finished_course():
    course, person = cast.course(), cast.person()
    enrolment = cast.enrolment(person, course)
    cast.finish(enrolment)
    from courses.models import CoursePage

    cast.lesson_page(CoursePage.objects.get(), "Bài thêm", "bai-them")
    enrolment.refresh_from_db()
    assert enrolment.completed_at is not None


def test_a_prerequisite_comes_first():
    basics, person = cast.course(slug="co-ban", title="Cơ bản"), cast.person()
    page = cast.course_page("Nâng cao", "nang-cao")
    page.prerequisites.set([basics])
    page.save_revision().publish()
    with pytest.raises(Refusal, match="Cơ bản"):
        cast.enrolment(person, cast.row_of(page))
    cast.finish(cast.enrolment(person, basics))
    assert cast.enrolment(person, cast.row_of(page))


def test_an_enrolment_keeps_the_place_of_the_day():
    course, person = cast.course(), cast.person()
    enrolment = cast.enrolment(person, course)
    person.place = cast.commune("Năm Căn")
    person.save()
    enrolment.refresh_from_db()
    assert enrolment.place == cast.commune("Phan Ngọc Hiển")


def test_an_activity_of_another_course_is_refused():
    course, other, person = cast.course(), cast.course(slug="khac", title="Khác"), cast.person()
    with pytest.raises(Refusal):
        actions.complete_activity(
            enrolment=cast.enrolment(person, course), activity=other.activities.first(), at=cast.NOW
        )


def test_reconciling_finishes_what_a_crash_left_open():
    course, person = cast.course(), cast.person()
    enrolment = cast.enrolment(person, course)
    cast.finish(enrolment)
    Enrolment.objects.update(completed_at=None)
    assert actions.reconcile(at=cast.NOW) == 1
    enrolment.refresh_from_db()
    assert enrolment.completed_at is not None


def test_my_learning_shows_courses_whose_page_is_gone():
    course, user = cast.course(), cast.trainee()
    cast.enrolment(user.person, course)
    from courses.models import CoursePage

    CoursePage.objects.get().unpublish()
    text = cast.client_of(user).get("/hoc/").text
    assert "đã ngừng mở" in text
    assert "<progress" not in text  # no bar at 0% beside "what you did is kept"


def test_my_learning_goes_on_where_one_can_go_on_whatever_else_is_finished_or_closed():
    user = cast.trainee()
    cast.finish(cast.enrolment(user.person, cast.course(slug="xong", title="Xong")))
    cast.enrolment(user.person, cast.course(slug="dang-hoc", title="Đang học"))
    cast.enrolment(user.person, cast.course(slug="dong", title="Đóng"), at=cast.NOW + timedelta(days=2))
    from courses.models import CoursePage

    CoursePage.objects.get(slug="dong").unpublish()
    assert 'href="/khoa-hoc/dang-hoc/bai-1/">Học tiếp' in cast.client_of(user).get("/hoc/").text


@pytest.mark.parametrize("query", ["cau chuyen san pham", "câu chuyện sản phẩm", "CÂU chuyen", "dong goi"])
def test_search_finds_with_and_without_diacritics(query):
    page = cast.course_page("Câu chuyện sản phẩm", "cau-chuyen")
    cast.lesson_page(page, "Câu chuyện sản phẩm và cách đóng gói", "dong-goi")
    assert "cách đóng gói" in Client().get("/hoc/tim/", {"q": query}).text


def test_search_shows_no_body_of_a_closed_lesson():
    page = cast.course_page()
    cast.lesson_page(page, "Bài 1", "bai-1")
    cast.lesson_page(page, "Bài 2", "bai-2", "<p>Bí quyết phơi tôm CANARY</p>")
    found = Client().get("/hoc/tim/", {"q": "bi quyet phoi tom"}).text
    assert "Bài 2" in found
    assert "CANARY" not in found


def test_the_refusal_and_the_search_survive_odd_input():
    assert Client().get("/hoc/tim/", {"q": "%' OR 1=1 -- " * 20}).status_code == 200
    assert cast.client_of(cast.trainee()).post("/hoc/bai/00000000-0000-0000-0000-000000000000/xong/").status_code == 404


def test_my_learning_shows_unfinished_courses_first_then_the_most_recently_used():
    person = cast.trainee().person
    for day, slug in enumerate(("cu", "moi", "dang-hoc")):
        enrolment = cast.enrolment(person, cast.course(lessons=1, slug=slug, title=slug))
        if slug != "dang-hoc":
            cast.finish(enrolment, at=cast.NOW + timedelta(days=day + 1))
    assert [row.title for row in learning.of(person, cast.NOW).courses] == ["dang-hoc", "moi", "cu"]


def test_a_lesson_that_was_taken_down_while_it_was_read_leads_on_in_words():
    course = cast.course()
    lesson = course.activities.order_by("pk").first()
    client = cast.client_of(cast.trainee())
    lesson.retired_at = cast.NOW
    lesson.save()
    answer = client.post(f"/hoc/bai/{lesson.translation_key}/xong/", follow=True)
    assert answer.redirect_chain[-1][0] == "/hoc/"
    assert "vẫn được giữ" in answer.text
