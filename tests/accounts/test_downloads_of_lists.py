"""Lists that are downloaded pass row by row, whatever their length."""

import pytest
from django.db.models import QuerySet

from accounts.models import Person
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_download_never_holds_all_rows(monkeypatch, kind):
    usual = QuerySet._fetch_all

    def refuse_people(rows):
        assert rows.model is not Person or rows.query.is_sliced, "all people at once"
        usual(rows)

    cast.person("Trần Thị Út")
    officer = cast.client_of(cast.staff("manager", cast.commune()))
    monkeypatch.setattr(QuerySet, "_fetch_all", refuse_people)
    response = officer.get(f"/quan-tri/person/?export={kind}")
    assert response.status_code == 200
    assert len(b"".join(response.streaming_content)) > len("Trần Thị Út")


def test_what_many_rows_share_is_put_into_words_once_and_not_for_another_place():
    places = [cast.commune(), cast.commune("Đất Mũi"), cast.commune()]
    for number, place in enumerate(places):
        cast.person(f"Danh Sà {'ABC'[number]}", place=place)
    officer = cast.client_of(cast.staff("manager", cast.province()))
    lines = b"".join(officer.get("/quan-tri/person/?export=csv").streaming_content).decode().splitlines()
    assert [("Phan Ngọc Hiển" in line, "Đất Mũi" in line) for line in lines[1:]] == [
        (True, False), (False, True), (True, False),
    ]  # fmt: skip
