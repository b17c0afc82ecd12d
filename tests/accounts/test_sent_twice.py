"""The same form of the admin sent twice at once: the second sender reads that it is there already, and nothing is made twice."""

import pytest
from django.db import IntegrityError
from wagtail.admin.views.generic import CreateView

from accounts import actions
from accounts.models import User
from certificates.models import Issuer
from courses.models import LegalText, Topic
from tests import cast

pytestmark = pytest.mark.django_db
ISSUER = {
    "name": "Chi cục", "parent_name": "Sở", "code": "CC", "place_name": "Cà Mau", "number_pattern": "{seq}/CC",
    "signer_post": "Chi cục trưởng", "signer_name": "Lê Văn Ký",
}  # fmt: skip
TOPIC = {"name": "Bao bì", "name_en": "", "slug": "bao-bi", "position": 1}
LAW = {
    "key": "nd-1", "kind": "Nghị định", "number": "1/2026/NĐ-CP", "name": "An toàn", "status": "in_force",
    "source": "https://vanban.example/", "confidence": "weak", "checked_on": "01/01/2026", "review_by": "01/01/2027",
}  # fmt: skip
DOORS = {
    "issuer": ("/quan-tri/issuer/new/", Issuer, ISSUER),
    "topic": ("/quan-tri/snippets/courses/topic/add/", Topic, TOPIC),
    "legal text": ("/quan-tri/snippets/courses/legaltext/add/", LegalText, LAW),
}


@pytest.fixture
def administrator():
    return cast.client_of(cast.staff("administrator"))


def faster(monkeypatch, make):
    """After the form saw nothing, and before the view writes, somebody else's `make` comes first."""
    usual, waiting = CreateView.is_valid, [make]

    def late(self, form):
        looks_good = usual(self, form)
        while waiting:
            waiting.pop()()
        return looks_good

    monkeypatch.setattr(CreateView, "is_valid", late)


@pytest.mark.parametrize("door", DOORS)
def test_the_second_sender_reads_that_it_is_there_already(administrator, monkeypatch, door):
    address, model, typed = DOORS[door]
    first = {name: value for name, value in typed.items() if "/2026" not in str(value) or name == "number"}
    days = {"checked_on": cast.NOW.date(), "review_by": cast.NOW.date()} if model is LegalText else {}
    faster(monkeypatch, lambda: model.objects.create(**first | days))
    response = administrator.post(address, typed)
    assert response.status_code in (200, 422)
    assert "đã tồn tại" in response.text or "đã có" in response.text
    assert model.objects.count() == 1


@pytest.mark.parametrize("door", DOORS)
def test_one_sender_makes_it(administrator, door):
    address, model, typed = DOORS[door]
    assert administrator.post(address, typed).status_code == 302
    assert model.objects.count() == 1


def test_a_colleague_is_not_made_twice(administrator, monkeypatch):
    fields = {"phone": "0900111222", "name": "Lê Bé", "password": cast.PASSWORD, "roles": [("editor", None)]}
    faster(monkeypatch, lambda: actions.create_staff(**fields, by=None, at=cast.NOW))
    typed = {"phone": "0900 111 222", "display_name": "Lê Bé", "role": "editor", "scope": "country"}
    response = administrator.post("/quan-tri/users/new/", typed | {"password1": cast.PASSWORD})
    assert response.status_code in (200, 422)
    assert response.context["form"].errors["phone"]
    assert User.objects.filter(phone="+84900111222").count() == 1


def test_another_fault_of_the_database_stays_one(administrator, monkeypatch):
    def refuse(self):
        raise IntegrityError("something else")

    monkeypatch.setattr(CreateView, "save_instance", refuse)
    with pytest.raises(IntegrityError):
        administrator.post("/quan-tri/issuer/new/", ISSUER)
