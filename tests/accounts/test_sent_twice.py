"""Two forms of the admin that want the same at once: the second sender reads that it is there already, and nothing is there twice."""

import pytest
from django.db import IntegrityError
from wagtail.admin.views.generic import CreateView, EditView

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


def faster(monkeypatch, make, view=CreateView):
    """After the form saw nothing, and before the view writes, somebody else's `make` comes first."""
    usual, waiting = view.is_valid, [make]

    def late(self, form):
        looks_good = usual(self, form)
        while waiting:
            waiting.pop()()
        return looks_good

    monkeypatch.setattr(view, "is_valid", late)


def made(model, typed):
    first = {name: value for name, value in typed.items() if "/2026" not in str(value) or name == "number"}
    days = {"checked_on": cast.NOW.date(), "review_by": cast.NOW.date()} if model is LegalText else {}
    return model.objects.create(**first | days)


@pytest.mark.parametrize("door", DOORS)
def test_the_second_sender_reads_that_it_is_there_already(administrator, monkeypatch, door):
    address, model, typed = DOORS[door]
    faster(monkeypatch, lambda: made(model, typed))
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


OWN = {"issuer": "code", "topic": "slug", "legal text": "key"}  # what no two may have


@pytest.mark.parametrize("door", DOORS)
def test_who_changes_one_to_what_another_was_given_meanwhile_reads_that_it_is_there_already(
    administrator, monkeypatch, door
):
    address, model, typed = DOORS[door]
    own = OWN[door]
    mine, other = made(model, typed), made(model, typed | {own: "khac"})
    taken = {"pk": other.pk, own: "moi"}
    faster(monkeypatch, lambda: model.objects.filter(pk=taken["pk"]).update(**{own: taken[own]}), EditView)
    folder = address.removesuffix("new/").removesuffix("add/")
    response = administrator.post(f"{folder}edit/{mine.pk}/", typed | {own: "moi"})
    assert response.status_code in (200, 422)
    assert response.context["form"].errors[own]
    mine.refresh_from_db()
    assert getattr(mine, own) == typed[own]


def test_a_colleague_is_not_given_a_number_that_another_was_given_meanwhile(administrator, monkeypatch):
    mine, other = cast.staff("editor", phone="0900111222"), cast.staff("editor", phone="0900111333")
    faster(monkeypatch, lambda: User.objects.filter(pk=other.pk).update(phone="+84900111444"), EditView)
    typed = {"phone": "0900 111 444", "display_name": "Lê Bé", "is_active": "on"}
    seen = administrator.get(f"/quan-tri/users/edit/{mine.pk}/").context["form"].stored
    response = administrator.post(f"/quan-tri/users/edit/{mine.pk}/", typed | {"seen": seen})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["phone"]
    mine.refresh_from_db()
    assert mine.phone == "+84900111222"


def test_another_fault_of_the_database_stays_one(administrator, monkeypatch):
    def refuse(self):
        raise IntegrityError("something else")

    monkeypatch.setattr(CreateView, "save_instance", refuse)
    with pytest.raises(IntegrityError):
        administrator.post("/quan-tri/issuer/new/", ISSUER)
