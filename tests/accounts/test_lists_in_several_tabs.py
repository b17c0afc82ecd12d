"""Lists of several kinds, looked at side by side, wait for their button beside each other."""

import pytest

from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PEOPLE = "Họ và tên\tNăm sinh\nTrần Văn Một\t1970"


def test_a_list_of_people_waits_while_others_are_looked_at(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    officer = cast.client_of(cast.staff("manager", cast.commune()))
    waiting = officer.post("/quan-tri/nguoi/nhap/", {"rows": PEOPLE}).url
    for number in range(8):
        officer.post("/quan-tri/chu-the/nhap/", {"rows": f"Tên chủ thể\tXã\nHTX {number}\tPhan Ngọc Hiển"})
    assert "Trần Văn Một" in officer.get(waiting).text
