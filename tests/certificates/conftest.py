"""A certificate, in each look, and signed by an office; one whose holder may show it, for the tests of the page and of its picture; who works at an office, and its files."""

from copy import deepcopy

import pytest

from certificates import actions, rendering
from certificates.designing import LOOKS
from tests import cast
from tests.conftest import made_for_a_file

from .authority import sign_at_the_office


def a_certificate():
    course = cast.course(lessons=1, title="Kể câu chuyện sản phẩm")
    cast.award(course)
    enrolment = cast.enrolment(cast.trainee("Nguyễn Thị Ngọc Huyền").person, course)
    cast.finish(enrolment)
    return actions.issue(enrolment_id=enrolment.pk, at=cast.NOW)


made_credential = made_for_a_file(a_certificate)


@pytest.fixture
def credential(made_credential):
    return deepcopy(made_credential)


@pytest.fixture(params=list(LOOKS))
def in_each_look(request, made_credential):
    one = deepcopy(made_credential)
    one.design = request.param
    return one


@pytest.fixture(scope="module")
def signed(made_credential):
    return sign_at_the_office(rendering.pdf(made_credential))


def somebody_s_certificate():
    course = cast.course(lessons=1, title="Kể câu chuyện sản phẩm")
    cast.award(course)
    person = cast.trainee(name="Trần Thị Út").person
    person.birth_year = 1980
    person.save()
    person.subject.name = "Tôm khô Út"
    person.subject.save()
    enrolment = cast.enrolment(person, course)
    cast.finish(enrolment)
    return actions.issue(enrolment_id=enrolment.pk, at=cast.NOW)


made_holding = made_for_a_file(somebody_s_certificate)


@pytest.fixture
def holding(made_holding, db, settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "certificates": settings.STORAGES["certificates"] | {"OPTIONS": {"location": tmp_path}}
    }
    return deepcopy(made_holding)


@pytest.fixture
def shown(holding):
    actions.show(credential=holding, person=holding.person, at=cast.NOW)
    return holding


@pytest.fixture
def own_folder(settings, tmp_path):
    """For what was signed: none of it outlives its test."""
    kept = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path / "kept")}}
    settings.STORAGES = settings.STORAGES | {"certificates": kept}


@pytest.fixture
def officer(db):
    return cast.staff("organiser", cast.province())
