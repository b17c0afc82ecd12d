"""/diem-danh/tu/: delegates check themselves in, with the code on the wall and their ticket, or their badge and the end of their phone's number."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import Person
from tests import cast
from workshops import actions
from workshops.desk import self_check
from workshops.models import Attendance, Session

from .conftest import main
from .desks import DOOR, hall

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.usefixtures("_at_the_door")]


def digits(here, at=DOOR):
    return self_check.digits_of(here.session, at)


def sent(client=None, **said):
    return (client or Client()).post("/diem-danh/tu/", said)


def scanned(here, at=DOOR):
    return Client().get(f"/diem-danh/tu/{here.session.pk}/{digits(here, at)}/")


def grant_of(page):
    return page.context["form"]["grant"].value()


def there():
    return list(Attendance.objects.values_list("registration__person__name", "way"))


def test_the_code_on_the_wall_and_the_ticket_are_presence(here):
    answer = sent(grant=grant_of(scanned(here)), ticket=here.held[0].code.lower())
    assert "Nguyễn Văn Út" in main(answer)
    assert "Đã ghi có mặt" in main(answer)
    assert there() == [("Nguyễn Văn Út", "self")]


def test_digits_that_were_typed_with_badge_and_end_of_number_are_presence(here):
    answer = sent(digits=f" {digits(here)[:3]} {digits(here)[3:]}", number="2", ending="0907")
    assert "Lâm Thị Út" in main(answer)
    assert there() == [("Lâm Thị Út", "self")]


def test_who_types_the_own_number_below_somebody_elses_ticket_is_meant(here):
    answer = sent(digits=digits(here), ticket=here.held[0].code, number="2", ending="0907")
    assert there() == [("Lâm Thị Út", "self")]
    assert "Xem vé của tôi" not in answer.text


@pytest.mark.parametrize(
    "said",
    [{"number": "2", "ending": "0000"}, {"number": "2", "ending": ""}, {"number": "3", "ending": ""}, {"number": "x", "ending": "0907"}, {"ticket": "KHONGCO"}],
)  # fmt: skip
def test_who_cannot_say_who_they_are_is_not_recorded_and_told_no_name(here, said):
    answer = sent(digits=digits(here), **said)
    assert answer.status_code == 422
    assert "Chưa tìm thấy anh/chị" in answer.text
    assert "Lâm Thị Út" not in answer.text
    assert there() == []


def test_who_typed_the_digits_alone_is_asked_who_they_are(here):
    answer = sent(digits=digits(here))
    assert answer.status_code == 422
    assert "Hãy ghi số thẻ" in answer.text
    assert "Chưa tìm thấy" not in answer.text
    assert f'value="{digits(here)}"' in answer.text


def test_who_was_recorded_in_another_room_is_told_so(here):
    here.session.room = "Phòng A"
    here.session.save()
    other = Session.objects.create(
        workshop=here.workshop,
        name="Phòng B",
        room="Phòng B",
        starts_at=here.session.starts_at,
        ends_at=here.session.ends_at,
    )
    held, grant = here.held[0], grant_of(scanned(here))
    actions.check_in_self(registration=held, session=other, at=DOOR)
    text = main(sent(grant=grant, ticket=held.code))
    assert "Anh/Chị đã có mặt ở Phòng B" in text
    assert "Chưa ghi có mặt" not in text


def test_the_digits_turn_every_half_minute_and_old_ones_are_of_no_use(here):
    turns = {self_check.digits_of(here.session, DOOR + timedelta(seconds=30 * turn)) for turn in range(20)}
    assert len(turns) == 20
    assert scanned(here, DOOR - timedelta(seconds=60)).status_code == 200  # somebody is typing
    old = scanned(here, DOOR - timedelta(minutes=2))
    assert old.url == "/diem-danh/tu/?cu=1"
    assert "đã đổi" in main(Client().get(old.url))
    assert sent(digits=digits(here, DOOR - timedelta(minutes=2)), ticket=here.held[0].code).status_code == 422
    assert there() == []


def test_digits_are_of_one_session(here):
    other = Session.objects.create(
        workshop=here.workshop, name="Buổi tối", starts_at=DOOR + timedelta(hours=1), ends_at=DOOR + timedelta(hours=3)
    )
    assert self_check.digits_of(other, DOOR) != digits(here)
    assert Client().get(f"/diem-danh/tu/{other.pk}/{digits(here)}/").status_code == 302


def test_a_scan_holds_for_five_minutes(here):
    grant = grant_of(scanned(here))
    with cast.on(DOOR + timedelta(minutes=4)):
        assert sent(grant=grant, number="2", ending="0907").status_code == 200
    with cast.on(DOOR + timedelta(minutes=6)):
        assert sent(grant=grant, ticket=here.held[0].code).status_code == 422


def test_outside_of_the_sessions_hours_no_digits_count(here):
    late = here.session.ends_at + timedelta(hours=2)
    with cast.on(late):
        assert scanned(here, late).status_code == 302
        assert sent(digits=digits(here, late), ticket=here.held[0].code).status_code == 422
    Session.objects.update(closed_at=DOOR)
    assert scanned(here).status_code == 302


def test_a_ticket_of_another_workshop_is_none_here(here):
    other = hall(what=cast.course(slug="khac", title="Khác"), slug="lop-khac")
    assert sent(grant=grant_of(scanned(here)), ticket=other.held[0].code).status_code == 422
    assert there() == []


def test_the_end_of_a_number_cannot_be_tried_out(here, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"check_in_self": "3/10m/key"}
    codes = [sent(digits=digits(here), number="2", ending=f"000{one}").status_code for one in range(4)]
    assert codes == [422, 422, 422, 429]


def test_the_digits_on_the_wall_cannot_be_tried_out_from_home(here, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"read_wall": "3/10m/ip"}
    codes = [sent(digits=f"00000{one}", ticket=here.held[0].code).status_code for one in range(4)]
    assert codes == [422, 422, 422, 429]


def test_who_leaves_the_badge_blank_uses_up_nobodys_tries_and_a_right_one_costs_none(here, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"check_in_self": "3/10m/key"}
    assert {sent(digits=digits(here), number="", ending="").status_code for _try in range(6)} == {422}
    assert {sent(digits=digits(here), number="2", ending="0907").status_code for _try in range(6)} == {200}


def test_the_end_of_either_number_of_a_person_says_who_it_is(here):
    cast.trainee(name="Lâm Thị Hai", phone="0912000444")
    person = Person.objects.get(name="Lâm Thị Hai")
    Person.objects.filter(pk=person.pk).update(contact_phone="+84912000555")
    held = actions.register(workshop=here.workshop, person=person, source="nominated", at=cast.NOW)
    for ending in ("0444", "0555"):
        assert sent(digits=digits(here), number=held.number, ending=ending).status_code == 200


def test_a_whole_hall_scans_the_same_code_through_one_address(here):
    address = f"/diem-danh/tu/{here.session.pk}/{digits(here)}/"
    assert {Client().get(address).status_code for _one in range(120)} == {200}


def test_the_ticket_leads_there_on_the_day_alone(here):
    ticket = f"/tap-huan/ve/{here.held[0].code}/"
    assert f"/diem-danh/tu/?ve={here.held[0].code}" in Client().get(ticket).text
    asked = main(Client().get(f"/diem-danh/tu/?ve={here.held[0].code}"))
    assert here.held[0].code in asked
    assert "chỉ cần gõ sáu số" in asked
    assert 'name="number"' not in asked.partition("<details")[0]  # nothing else is asked for
    with cast.on(cast.NOW):
        assert "/diem-danh/tu/" not in Client().get(ticket).text


def test_the_ticket_leads_there_no_more_once_the_session_is_closed(here, django_capture_on_commit_callbacks):
    ticket = f"/tap-huan/ve/{here.held[0].code}/"
    organiser, begins = cast.staff("organiser", cast.province()), here.session.starts_at
    with cast.on(begins):
        assert "/diem-danh/tu/" in Client().get(ticket).text
        with django_capture_on_commit_callbacks(execute=True):
            actions.close_sessions(workshop=here.workshop, sessions=[here.session], by=organiser, at=begins)
        assert "/diem-danh/tu/" not in Client().get(ticket).text


def test_a_ticket_that_is_nobodys_leaves_every_way_open(here):
    asked = main(sent(digits=digits(here), ticket="KHONGCO"))
    assert "chỉ cần gõ sáu số" not in asked
    assert 'name="number"' in asked.partition("<details")[0]


def test_who_came_by_the_ticket_goes_on_to_it_and_nobody_else_is_led_there(here):
    code = here.held[0].code
    assert f'href="/tap-huan/ve/{code}/"' in main(sent(digits=digits(here), ticket=code))
    other = main(sent(digits=digits(here), number="2", ending="0907"))
    assert "Đã ghi có mặt" in other
    assert "/tap-huan/ve/" not in other


def test_the_wall_shows_digits_and_code_for_whoever_has_its_address_and_no_name(here):
    wall = Client().get(self_check.wall_of(here.session))
    shown = digits(here)
    assert f"{shown[:3]} {shown[3:]}" in wall.text
    assert 'http-equiv="refresh"' in wall.text
    assert "data:image/png" in wall.text
    assert "0<small>/3" in wall.text
    assert "Út" not in wall.text
    assert Client().get("/diem-danh/chieu/forged/").status_code == 404


def test_outside_of_the_hours_the_wall_is_bare(here):
    with cast.on(here.session.ends_at + timedelta(hours=2)):
        wall = Client().get(self_check.wall_of(here.session))
    assert "Chưa đến giờ" in wall.text
    assert "data:image/png" not in wall.text
