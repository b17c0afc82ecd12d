"""When everything is finished, what was earned comes first and what else there is to learn last."""

import pytest

from tests import cast

pytestmark = pytest.mark.django_db
PAPERS, OWN, MORE = "Xem giấy chứng nhận", 'id="khoa-cua-toi"', "Học thêm khóa khác"
PRIMARY = '<a class="button button--fill" href="/c/cua-toi/">'


@pytest.fixture
def user():
    return cast.trainee()


@pytest.fixture
def enrolment(user):
    course = cast.course()
    cast.course(slug="bao-bi", title="Bao bì")
    return cast.enrolment(user.person, course)


def page(user):
    return cast.client_of(user).get("/hoc/").text.partition("<main")[2]


def test_the_certificate_comes_first_then_the_own_courses_then_others(user, enrolment):
    cast.finish(enrolment)
    text = page(user)
    assert text.index(PRIMARY) < text.index(PAPERS) < text.index(OWN) < text.index(MORE)
    assert text.count(PAPERS) == 1


def test_while_there_is_something_to_go_on_with_that_comes_first_and_certificates_last(user, enrolment):
    text = page(user)
    assert text.index("Học tiếp") < text.index(OWN) < text.index(PAPERS)
    assert PRIMARY not in text
    assert MORE not in text


def test_one_finished_course_among_others_is_not_the_end(user, enrolment):
    cast.finish(enrolment)
    cast.enrolment(user.person, cast.course(slug="giong-ke", title="Giọng kể"))
    text = page(user)
    assert text.index("Học tiếp") < text.index(OWN) < text.index(PAPERS)


def test_who_is_in_no_course_is_led_to_the_catalogue_first(user):
    text = page(user)
    assert text.index("Chọn một khóa") < text.index(PAPERS)
    assert PRIMARY not in text
