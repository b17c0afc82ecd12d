"""One delegate written down by the organiser: out of the records, or new to them."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import Person
from tests import cast
from workshops import actions, personal
from workshops.models import Assignment, Quota, Registration, Session

pytestmark = pytest.mark.django_db


@pytest.fixture
def workshop(db):
    return cast.workshop(capacity=2)


@pytest.fixture
def client(db):
    return cast.client_of(cast.staff("organiser", cast.province()))


def there(workshop) -> str:
    return f"/quan-tri/tap-huan/{workshop.pk}/them-dai-bieu/"


def newcomer(**more):
    consents = {text.purpose: "on" for text in cast.texts() if text.is_required}
    return {
        "form_token": str(uuid4()), "name": "Ngô Văn Lạ", "phone": "0912345678", "place": "xã Phan Ngọc Hiển", "unit": "Hộ Lạ", "how": "paper",
    } | consents | more  # fmt: skip


def test_somebody_new_gets_a_seat(client, workshop):
    form = newcomer()
    answer = client.post(there(workshop), form)
    assert answer.status_code == 302
    made = Registration.objects.get()
    assert (made.person.name, made.person.contact_phone, made.unit, made.state, made.source) == (
        "Ngô Văn Lạ", "+84912345678", "Hộ Lạ", "held", "nominated",
    )  # fmt: skip
    client.post(there(workshop), form)
    assert (Person.objects.filter(name="Ngô Văn Lạ").count(), Registration.objects.count()) == (1, 1)


def test_nobody_without_having_agreed(client, workshop):
    answer = client.post(there(workshop), newcomer(how=""))
    assert answer.status_code == 422
    assert "Im lặng không phải là đồng ý." in answer.text
    assert 'value="Hộ Lạ"' in answer.text
    assert not Registration.objects.exists()


def test_somebody_in_the_records_is_found_and_taken(client, workshop):
    one = cast.person("Trần Thị Út", contact_phone="+84912345678")
    page = client.get(there(workshop) + "?q=678").text
    assert f'name="person" value="{one.pk}"' in page
    assert client.post(there(workshop), {"person": one.pk, "unit": "HTX"}).status_code == 302
    assert Registration.objects.get().person == one


def test_who_looks_the_same_is_shown_first(client, workshop):
    twin = cast.person("Ngô Văn Lạ")
    page = client.post(there(workshop), newcomer()).text
    assert "Trong sổ đã có người cùng họ tên" in page
    assert f'name="person" value="{twin.pk}"' in page
    assert not Registration.objects.exists()
    client.post(there(workshop), newcomer(anyway="1"))
    assert Registration.objects.get().person != twin


def test_in_a_full_class_one_waits_and_is_told(client, workshop):
    for name in ("Lê Văn Bé", "Lê Văn Ba"):
        cast.delegate(workshop, name)
    answer = client.post(there(workshop), newcomer(), follow=True)
    assert "vào danh sách dự bị" in answer.text
    assert Registration.objects.get(person__name="Ngô Văn Lạ").state == "waiting"


def test_it_may_be_the_seat_of_a_quota(client, workshop):
    quota = Quota.objects.create(workshop=workshop, place=cast.commune(), seats=1)
    client.post(there(workshop), newcomer(quota=quota.pk))
    assert Registration.objects.get().quota == quota


def test_not_of_another_workshop(client, workshop):
    other = cast.workshop(cast.course(lessons=0, slug="k", title="K"), slug="khac")
    quota = Quota.objects.create(workshop=other, place=cast.commune(), seats=1)
    assert client.post(there(workshop), newcomer(quota=quota.pk)).status_code == 422
    assert not Registration.objects.exists()


@pytest.mark.parametrize("key", ["", "x", "999999999999999999999999"])
def test_nor_nobody_at_all(client, workshop, key):
    answer = client.post(there(workshop), {"person": key})
    assert answer.status_code == 422
    assert "Hãy tìm rồi chọn một người." in answer.text


def test_of_a_cancelled_one_nothing_is_asked(client, workshop):
    actions.cancel_workshop(
        workshop=workshop, reason="Bão", by=cast.staff("organiser", cast.province(), phone="0987654322"), at=cast.NOW
    )
    assert "danh sách giữ nguyên" in client.get(there(workshop)).text
    assert client.post(there(workshop), newcomer()).status_code == 422
    assert not Person.objects.filter(name="Ngô Văn Lạ").exists()


def test_who_took_the_agreement_back_is_not_written_onto_the_list(client, workshop):
    one = cast.person("Trần Thị Út")
    Person.objects.update(has_consented=False)
    page = client.get(there(workshop) + "?q=ut").text
    assert "hoặc đã rút lại" in page
    assert f'value="{one.pk}"' not in page
    answer = client.post(there(workshop), {"person": one.pk, "unit": "HTX"})
    assert answer.status_code == 422
    assert "chưa đồng ý cho ghi kết quả học, hoặc đã rút lại" in answer.text
    assert not Registration.objects.exists()


@pytest.mark.parametrize(("said", "kept"), [({"gender": "female"}, "female"), ({}, "")])
def test_whether_it_is_a_woman_may_be_said(client, workshop, said, kept):
    client.post(there(workshop), newcomer(**said))
    assert Registration.objects.get().gender == kept


def test_what_is_neither_is_refused(client, workshop):
    assert client.post(there(workshop), newcomer(gender="x")).status_code == 422
    assert not Registration.objects.exists()


class TestSignedOnAnEmptyRow:
    """Of the list on paper: whoever came unannounced is written down as there, and never sent away."""

    @pytest.fixture
    def begun(self, workshop):
        held = workshop.sessions.get()
        ago = timezone.now() - timedelta(hours=1) - held.starts_at
        Session.objects.update(starts_at=held.starts_at + ago, ends_at=held.ends_at + ago)
        return workshop.sessions.get()

    @pytest.fixture
    def full(self, workshop):
        for name in ("Lê Văn Bé", "Lê Văn Ba"):
            cast.delegate(workshop, name)

    def there(self, session) -> str:
        return f"{there(session.workshop)}?ky={session.pk}"

    def said(self, workshop) -> list[tuple[str, str, str, int]]:
        rows = workshop.registrations.filter(person__name__in=("Ngô Văn Lạ", "Trần Thị Út"))
        return [(one.person.name, one.state, one.source, one.attendances.count()) for one in rows]

    def test_somebody_new_also_where_the_class_is_full(self, client, begun, full):
        sheet = f"/quan-tri/diem-danh/buoi/{begun.pk}/"
        assert self.there(begun) in client.get(sheet).text
        assert "Người ký ở dòng trống của danh sách ký tên" in client.get(self.there(begun)).text
        form = newcomer()
        answer = client.post(self.there(begun), form, follow=True)
        assert answer.redirect_chain[-1][0] == sheet
        assert "Đã ghi Ngô Văn Lạ có mặt, bổ sung tại chỗ, số thẻ 3." in answer.text
        client.post(self.there(begun), form)
        assert self.said(begun.workshop) == [("Ngô Văn Lạ", "held", "walk-in", 1)]
        assert personal.violations() == []

    def test_somebody_of_the_records_or_the_waiting_list(self, client, begun, full):
        one = cast.delegate(begun.workshop, "Trần Thị Út")
        assert one.state == "waiting"
        assert f'name="person" value="{one.person_id}"' in client.get(f"{self.there(begun)}&q=ut").text
        assert client.post(self.there(begun), {"person": one.person_id}).status_code == 302
        assert self.said(begun.workshop) == [("Trần Thị Út", "held", "walk-in", 1)]

    def test_not_who_goes_to_another_room_at_this_hour(self, client, begun):
        other = Session.objects.create(
            workshop=begun.workshop, name="Phòng 2", room="2", starts_at=begun.starts_at, ends_at=begun.ends_at
        )
        one = cast.delegate(begun.workshop, "Trần Thị Út")
        Assignment.objects.create(session=other, registration=one, made_at=cast.NOW)
        answer = client.post(self.there(begun), {"person": one.person_id})
        assert (answer.status_code, "đã có tên ở phòng khác cùng giờ" in answer.text) == (422, True)
        assert self.said(begun.workshop) == [("Trần Thị Út", "held", "nominated", 0)]

    def test_not_of_a_session_that_is_to_come_closed_cancelled_or_of_another_workshop(self, client, workshop, begun):
        assert client.get(self.there(begun)).status_code == 200
        for field in ("closed_at", "cancelled_at"):
            Session.objects.update(**{field: timezone.now()})
            assert client.get(self.there(begun)).status_code == 404
            assert "?ky=" not in client.get(f"/quan-tri/diem-danh/buoi/{begun.pk}/").text
            Session.objects.update(**{field: None})
        Session.objects.update(
            starts_at=timezone.now() + timedelta(hours=1), ends_at=timezone.now() + timedelta(hours=2)
        )
        assert client.get(self.there(begun)).status_code == 404
        other = cast.workshop(cast.course(lessons=0, slug="k", title="K"), slug="khac")
        assert client.get(f"{there(workshop)}?ky={other.sessions.get().pk}").status_code == 404
        assert client.get(f"{there(workshop)}?ky=x").status_code == 404
