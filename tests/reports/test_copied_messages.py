"""A message that an officer copies carries the person's own link: on to the next lesson and out of further ones, logging nobody in."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import Consent, Person
from accounts.rights.erasing import erase_person
from courses import actions as courses
from courses.models import Enrolment
from lib import codes as letters
from reports.calling import actions
from reports.models import Contact, Reason
from reports.reminding import codes
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_a_day")]
LIST = "/quan-tri/can-lien-he/"


@pytest.fixture
def course():
    return cast.course(lessons=2)


@pytest.fixture
def person(course):
    """Has done the first lesson, and nothing for weeks."""
    one = cast.person("Chim Hoàng Yến", contact_phone="+84912345678")
    row = cast.enrolment(one, course)
    courses.complete_activity(enrolment=row, activity=course.activities.order_by("position").first(), at=cast.NOW)
    ago = cast.NOW - timedelta(days=20)
    Enrolment.objects.filter(pk=row.pk).update(enrolled_at=ago, last_active_at=ago)
    return one


@pytest.fixture
def officer():
    return cast.client_of(cast.staff("manager", cast.commune()))


def link_in(page) -> str:
    message = page.text.split("data-words>", 1)[1].split("</p>", 1)[0]
    return re.search(r"/nhac/\w+/", message)[0]


def withdrawn() -> bool:
    return not Consent.objects.filter(text__purpose="messages", withdrawn_at=None).exists()


def test_it_leads_to_the_next_lesson_names_nobody_and_logs_nobody_in(course, person, officer):
    visitor = Client()
    page = visitor.get(link_in(officer.get(LIST)))
    assert "Chim" not in page.text
    assert "sessionid" not in visitor.cookies
    lesson = re.search(r'class="button" href="([^"]+)"', page.text)[1]
    assert lesson.startswith("/khoa-hoc/")
    assert f"?next={lesson}" in visitor.get(lesson).text, "the second lesson, after the log-in"
    assert not withdrawn(), "looking changes nothing"


def test_what_is_to_be_renewed_leads_to_the_papers(person, officer):
    actions.drawn(place=cast.commune(), at=cast.NOW)
    Contact.objects.update(reason=Reason.EXPIRING, since=cast.NOW.date())
    page = Client().get(link_in(officer.get(LIST))).text
    assert "Mở giấy chứng nhận" in page


def test_one_press_is_the_way_out_and_the_list_offers_no_message_any_more(person, officer):
    address = link_in(officer.get(LIST))
    for _press in range(2):
        assert "Đã tắt tin nhắn nhắc học" in Client().post(address, follow=True).text
    assert withdrawn()
    page = officer.get(LIST).text
    assert "data-words" not in page
    assert "Không muốn nhận tin nhắn: nên gọi hoặc đến gặp." in page


def test_who_never_agreed_to_messages_reads_whom_to_tell(person, officer):
    Consent.objects.filter(text__purpose="messages").delete()
    page = Client().get(link_in(officer.get(LIST))).text
    assert "nói với cán bộ đã gửi" in page
    assert '<form method="post" class="stack-s">' not in page


def test_nobody_works_out_the_link_of_another_line(person, officer, course):
    actions.drawn(place=cast.commune(), at=cast.NOW)
    contact = Contact.objects.get()
    code = codes.copied(contact)
    assert codes.contact_of(code) == contact.pk
    other = next(one for one in letters.ALPHABET if one != code[0])
    for made_up in (other + code[1:], code[:-1], code[-10:], "Z" * 30, "A" * 11):
        assert Client().get(f"/nhac/{made_up}/").status_code == 404, made_up


def test_a_link_from_before_a_change_of_the_key_still_opens(person, officer, settings):
    address = link_in(officer.get(LIST))
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-since"
    assert Client().get(address).status_code == 200


def test_after_erasure_there_is_no_such_link(person, officer):
    address = link_in(officer.get(LIST))
    erase_person(person=Person.objects.get(), by=None, at=cast.NOW)
    assert Client().get(address).status_code == 404
