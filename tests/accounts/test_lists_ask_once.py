"""Lists of people and roles ask the database as often for three rows as for one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import actions
from accounts.models import PhoneChange, User
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.once]
COMMUNES = ["Phan Ngọc Hiển", "Đất Mũi", "An Xuyên"]


def write_person(number):
    name = f"Trần Thị {number}"
    cast.person(name, cast.commune(COMMUNES[number]), subject_name=name)


def write_request(number):
    PhoneChange.objects.create(
        name="Út", place=cast.commune(COMMUNES[number]), new_phone=f"+8491122233{number}", requested_at=cast.NOW
    )


def write_colleague(number):
    return cast.staff("manager", cast.commune(COMMUNES[number]), phone=f"097700011{number}", name=f"Phạm Văn {number}")


def write_role(number):
    """Given by one colleague and ended by another, whose names stand beside it."""
    by, other = (cast.staff("administrator", phone=f"0977000{part}{number}") for part in (22, 33))
    role = actions.grant_role(
        user=User.objects.get(display_name="Lê Thị Xem"), role="manager", place=cast.commune(COMMUNES[number]),
        by=by, at=cast.NOW,
    )  # fmt: skip
    actions.end_role(assignment=role, by=other, reason="Đổi việc", at=cast.NOW)


@pytest.fixture
def desk():
    return cast.client_of(cast.staff("administrator", name="Lê Thị Xem"))


def asked(client, path):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


@pytest.mark.parametrize(
    ("path", "write"),
    [
        ("/quan-tri/person/", write_person),
        ("/quan-tri/subject/", write_person),
        ("/quan-tri/consent/", write_person),
        ("/quan-tri/phonechange/", write_request),
        ("/quan-tri/users/", write_colleague),
        ("/quan-tri/can-bo/{pk}/vai-tro/", write_role),
    ],
)
def test_three_rows_cost_no_more_questions_than_one(desk, path, write):
    path = path.format(pk=User.objects.get().pk)
    write(0)
    desk.get(path)  # what is asked once for all
    one = asked(desk, path)
    write(1)
    write(2)
    assert asked(desk, path) == one
