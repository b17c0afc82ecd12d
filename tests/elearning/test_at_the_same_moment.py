"""Two write the same at once: the one who comes second is told so, and nothing of that try is kept."""

import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.http import HttpResponse
from django.test import RequestFactory
from wagtail.actions.copy_for_translation import CopyPageForTranslationAction
from wagtail.models import Locale

from elearning.faults import AtTheSameMoment
from tests import cast

door = AtTheSameMoment(lambda request: HttpResponse())
ADMIN, SITE = "/quan-tri/pages/3/edit/", "/hoc/3/xong/"


@pytest.mark.parametrize("path", [ADMIN, SITE])
@pytest.mark.parametrize("words", ["deadlock detected\nDETAIL: …", "database is locked"])
def test_whoever_waited_in_vain_for_another_writer_is_told_so(path, words, caplog):
    answer = door.process_exception(RequestFactory().post(path), OperationalError(words))
    assert answer.status_code == 409
    assert "Lần gửi này chưa lưu được" in answer.text
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_a_database_that_is_gone_is_no_other_writer():
    assert door.process_exception(RequestFactory().post(SITE), OperationalError("connection refused")) is None


def test_reading_writes_nothing():
    assert door.process_exception(RequestFactory().get(ADMIN), OperationalError("database is locked")) is None


def test_a_fault_of_our_own_pages_stays_one():
    assert door.process_exception(RequestFactory().post(SITE), ValidationError("x")) is None


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
    assert "refused outside a form" in caplog.text
