"""What boards are tried on."""

from copy import deepcopy

import pytest

from provinces.models import Place
from tests import cast
from tests.conftest import made_for_a_file

PLACES = {"Cà Mau": ["Phan Ngọc Hiển", "Đất Mũi"], "Lào Cai": ["Sa Pa"], "Lâm Đồng": ["Lạc Dương"]}


@pytest.fixture
def course(made_course, db):
    return deepcopy(made_course)


def two_in_each_commune():
    """Two people in each commune; the first of each has finished."""
    course = cast.course(lessons=1)
    cast.award(course)
    number = 0
    for province, communes in PLACES.items():
        for commune in communes:
            place = Place.objects.current().get(level="commune", name__startswith=commune, parent__name=province)
            for is_done in (True, False):
                number += 1
                person = cast.trainee(f"Chim {province} {number}", f"09122233{number:02}", place).person
                enrolment = cast.enrolment(person, course)
                if is_done:
                    cast.finish(enrolment)
    return course


made_course = made_for_a_file(two_in_each_commune)
