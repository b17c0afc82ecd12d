"""Two write the same at once: the one who comes second is told so, and nothing of that try is kept."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError, transaction
from django.http import HttpResponse
from django.test import RequestFactory
from wagtail.actions.copy_for_translation import CopyPageForTranslationAction
from wagtail.models import Locale

from courses.models import Topic
from elearning.faults import AtTheSameMoment
from tests import cast
from tests.racing import at_once

door = AtTheSameMoment(lambda request: HttpResponse())
ADMIN, SITE = "/quan-tri/pages/3/edit/", "/hoc/3/xong/"


@pytest.mark.parametrize("path", [ADMIN, SITE])
def test_whoever_waited_in_vain_for_another_writer_is_told_so(path, caplog):
    answer = door.process_exception(RequestFactory().post(path), OperationalError("database is locked"))
    assert answer.status_code == 503
    assert "máy chủ đang lưu cho người khác nên chưa nhận được" in answer.text
    assert [record.levelname for record in caplog.records] == ["WARNING"]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_real_deadlock_is_known_whatever_language_the_database_speaks():
    topics = [Topic.objects.create(slug=name, name=name).pk for name in ("a", "b")]
    both_hold = threading.Barrier(2)

    def crossing(first: int, second: int) -> HttpResponse | None:
        try:
            with transaction.atomic():
                Topic.objects.select_for_update().get(pk=first)
                both_hold.wait(10)
                Topic.objects.select_for_update().get(pk=second)
        except OperationalError as fault:
            return door.process_exception(RequestFactory().post(SITE), fault)
        return None

    answers = at_once(lambda: crossing(*topics), lambda: crossing(*reversed(topics)))
    assert [answer.status_code for answer in answers if answer] == [503]


def test_a_database_that_is_gone_is_no_other_writer():
    assert door.process_exception(RequestFactory().post(SITE), OperationalError("connection refused")) is None


def test_whoever_only_looks_reads_that_the_server_is_busy():
    """Looking at the board may count its figures, looking at an attempt may end it."""
    answer = door.process_exception(RequestFactory().get(SITE), OperationalError("database is locked"))
    assert answer.status_code == 503
    assert "rồi tải lại trang" in answer.text
    assert "gửi" not in answer.text


@pytest.mark.parametrize("path", [ADMIN, SITE])
def test_a_rule_that_would_refuse_it_every_time_is_no_other_writer(path):
    for fault in (ValidationError("x"), ValidationError({"title": "x"})):
        assert door.process_exception(RequestFactory().post(path), fault) is None


def test_a_name_that_is_taken_by_now_is_told_in_the_admin():
    fault = ValidationError({"key": ValidationError("x", code="unique")})
    assert door.process_exception(RequestFactory().post(ADMIN), fault).status_code == 409
    assert door.process_exception(RequestFactory().post(SITE), fault) is None


@pytest.mark.django_db
def test_the_second_of_two_who_translate_the_same_page_is_told_so(monkeypatch, caplog):
    """As when the other one's copy came between the form's check and the page's own."""

    def already_there(*args, **kwargs):
        raise ValidationError({"slug": "taken"})

    page = cast.course_page()
    client = cast.client_of(cast.staff("administrator"))
    address = f"/quan-tri/translation/submit/page/{page.pk}/"
    english, _made = Locale.objects.get_or_create(language_code="en")
    page.get_parent().specific.copy_for_translation(english, copy_parents=True)
    monkeypatch.setattr(CopyPageForTranslationAction, "execute", already_there)
    answer = client.post(address, {"locales": [english.pk]})
    assert answer.status_code == 409
    assert "Mục này vừa có người tạo hoặc sửa cùng lúc" in answer.text
    assert "met another of the same name" in caplog.text
