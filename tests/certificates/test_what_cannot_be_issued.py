"""A certificate that cannot be issued stops nothing else: it is refused early, logged without names, and found by the audit."""

import logging

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from certificates import actions, personal
from certificates.models import Credential, Issuer
from lib.refusals import Refusal
from tests import cast

pytestmark = pytest.mark.django_db
NAME = "Nguyễn Thị Canary"


def finished(course, number: int, name: str = NAME):
    enrolment = cast.enrolment(cast.trainee(name, f"09123456{number:02}").person, course)
    cast.finish(enrolment)
    return enrolment


def issuer(**fields) -> Issuer:
    fields = {"name": "VP", "code": "VP", "place_name": "Cà Mau", "signer_post": "A", "signer_name": "B"} | fields
    return Issuer(**fields)


@pytest.mark.parametrize("pattern", ["GCN", "{year}", "{seq}/{day}", "{seq", "{seq}}"])
def test_a_bad_pattern_is_refused_with_a_vietnamese_sentence(pattern):
    with pytest.raises(ValidationError, match=r"Cách đánh số phải có \{seq\}"):
        issuer(number_pattern=pattern).full_clean()


def test_a_pattern_whose_numbers_would_not_fit_is_refused():
    with pytest.raises(ValidationError, match="quá dài"):
        issuer(number_pattern="{seq}/" + "{code}" * 9, code="VĂNPHÒNG").full_clean()
    issuer(number_pattern="{seq}/{year}/GCN-{code}").full_clean()


def test_the_admin_says_so_in_the_form():
    admin = cast.client_of(cast.staff("administrator"))
    form = {
        "name": "VP", "parent_name": "", "code": "VP", "place_name": "Cà Mau", "number_pattern": "GCN-{code}",
        "signer_post": "A", "signer_name": "B",
    }  # fmt: skip
    refused = admin.post("/quan-tri/issuer/new/", form)
    assert "Cách đánh số phải có {seq}" in refused.text
    assert not Issuer.objects.exists()
    admin.post("/quan-tri/issuer/new/", form | {"number_pattern": "{seq}/GCN-{code}"})
    assert Issuer.objects.exists()


def test_the_database_refuses_a_pattern_without_a_sequence():
    with pytest.raises(IntegrityError, match="number_pattern_has_sequence"), transaction.atomic():
        issuer(number_pattern="GCN-{year}").save()
    issuer(number_pattern="{seq}").save()


@pytest.fixture
def two_courses():
    """One whose certificates cannot be issued, finished earlier, and a sound one."""
    broken, sound = cast.course(lessons=1), cast.course(lessons=1, slug="khac", title="Khác")
    cast.award(broken, number_pattern="{seq}/{day}")
    cast.award(sound, code="KHÁC")
    return broken, sound


def test_finishing_the_course_succeeds_without_its_certificate(two_courses, django_capture_on_commit_callbacks, caplog):
    with django_capture_on_commit_callbacks(execute=True):
        enrolment = finished(two_courses[0], 1)
    assert enrolment.completed_at is not None
    assert not Credential.objects.exists()
    assert f"enrolment {enrolment.pk}: no certificate: ValueError" in caplog.text
    assert NAME not in caplog.text


def test_the_job_goes_on_with_the_others(two_courses, caplog):
    finished(two_courses[0], 1)
    good = finished(two_courses[1], 2)
    with caplog.at_level(logging.WARNING):
        assert actions.issue_missing(at=cast.NOW) == 1
    assert Credential.objects.get().enrolment == good
    assert "1 certificates could not be issued: ValueError" in caplog.text
    assert NAME not in caplog.text


def test_a_refusal_stops_nobody_either(two_courses, settings, monkeypatch):
    settings.DEMO = True
    Issuer.objects.filter(code="MẪU").update(number_pattern="{seq}", is_specimen=False)
    refused, good = finished(two_courses[0], 1), finished(two_courses[1], 2)
    with pytest.raises(Refusal):
        actions.issue(enrolment_id=refused.pk, at=cast.NOW)
    assert actions.issue_missing(at=cast.NOW) == 1
    assert Credential.objects.get().enrolment == good


def test_an_error_of_the_database_is_logged_by_its_kind_alone(two_courses, monkeypatch, caplog):
    finished(two_courses[1], 1)
    monkeypatch.setattr(actions.issuing.codes, "random_code", lambda length: None)
    assert actions.issue_missing(at=cast.NOW) == 0
    assert "IntegrityError" in caplog.text
    assert NAME not in caplog.text


def test_the_audit_names_who_finished_without_a_certificate(two_courses):
    assert personal.violations() == []
    broken = finished(two_courses[0], 1)
    finished(two_courses[1], 2)
    actions.issue_missing(at=cast.NOW)
    assert personal.violations() == [f"enrolment {broken.pk}: finished, no certificate"]
    broken.course.award.is_active = False
    broken.course.award.save()
    assert personal.violations() == []
