"""/diem-danh/*.json: what a phone's own script asks for, and gives in once its network is back."""

import hashlib
import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import OperationalError
from django.test import Client

from tests import cast
from workshops import actions, personal
from workshops.desk import taking
from workshops.models import Attendance, Desk, Registration, Scan, Session, Workshop

from .desks import DOOR

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.usefixtures("_at_the_door")]


def post(address, said, token=""):
    strict = Client(enforce_csrf_checks=True)  # no cookie, so nothing that another page could misuse
    return strict.post(
        f"/diem-danh/{address}", json.dumps(said), content_type="application/json", headers={"X-Desk": token}
    )


def opened(here):
    return post("mo.json", {"code": here.code}).json()


def item(here, held=None, **more):
    known = {"nonce": str(uuid4()), "kind": "scan", "session": str(here.session.pk), "age": 0}
    return known | ({"number": held.number} if held else {}) | more


def give(here, *items, token="", version=""):
    return post("gui.json", {"items": items, "version": version}, token or opened(here)["token"])


def test_the_roster_knows_what_the_door_needs_and_no_more(here):
    told = opened(here)
    first = told["rows"][0]
    assert first == {
        "number": 1, "name": "Nguyễn Văn Út", "unit": "UBND xã Đất Mũi", "place": "xã Phan Ngọc Hiển",
        "digits": "118", "mark": hashlib.sha256(here.held[0].code.encode()).hexdigest()[:24], "state": "held", "instead": "",
        "rooms": [],
    }  # fmt: skip
    whole = json.dumps(told)
    for secret in (here.code, here.held[0].code, "912000118", here.desk.code_hash):
        assert secret not in whole
    assert told["lasts"] == 3 * 3600 + 50 * 60


def test_nothing_of_it_is_kept_on_the_way(here):
    assert "no-store" in post("mo.json", {"code": here.code})["Cache-Control"]


def test_a_wrong_code_gets_no_roster_and_is_counted(here, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"open_desk": "2/10m/ip"}
    assert [post("mo.json", {"code": "X"}).status_code for _try in range(3)] == [404, 404, 429]


@pytest.mark.parametrize("said", ["", "[]", "nonsense", "[" * 60_000, '{"items": 3}', '{"items": [3, {}]}'])
def test_what_cannot_be_read_is_answered_and_never_a_fault(here, said):
    token = opened(here)["token"]
    answer = Client().post("/diem-danh/gui.json", said, content_type="application/json", headers={"X-Desk": token})
    assert answer.status_code in (200, 400)
    assert Client().post("/diem-danh/mo.json", said, content_type="application/json").status_code in (400, 404)


def test_without_a_desks_token_nothing_is_taken_or_told(here):
    for token in ("", "forged", "MQ:abc"):
        answer = post("gui.json", {"items": [item(here, here.held[0])]}, token)
        assert (answer.status_code, "rows" in answer.json()) == (404, False)
    assert not Scan.objects.exists()


def test_what_happened_an_hour_ago_is_recorded_as_of_then(here):
    with cast.on(DOOR + timedelta(hours=1)):
        answer = give(here, item(here, here.held[0], age=3600)).json()
    assert answer["outcomes"][0]["outcome"] == "present"
    one = Attendance.objects.get()
    assert (one.occurred_at, one.recorded_at) == (DOOR, DOOR + timedelta(hours=1))


@pytest.mark.parametrize("age", ["x", None, -5, 1e400, float("nan")])
def test_an_age_that_is_none_is_now(here, age):
    give(here, item(here, here.held[0], age=age))
    assert Scan.objects.get().recorded_at - Scan.objects.get().occurred_at <= timedelta(days=30)


def test_the_same_message_again_is_answered_alike(here):
    items = [item(here, one) for one in here.held] + [item(here, code="KHONGCO")]
    token = opened(here)["token"]
    first, second = (give(here, *items, token=token).json()["outcomes"] for _again in range(2))
    assert first == second
    assert [one["outcome"] for one in first] == ["present", "present", "present", "unknown"]
    assert (Scan.objects.count(), Attendance.objects.count()) == (4, 3)


def test_a_report_that_is_refused_does_not_stop_the_others(here):
    bad = item(here, kind="new", name="Lâm Văn Mới", place=str(cast.commune().pk), consent="")
    foreign = item(here, here.held[1], session="999999")
    answer = give(here, bad, foreign, item(here, here.held[0])).json()["outcomes"]
    assert [one["outcome"] for one in answer] == ["refused", "refused", "present"]
    assert "phiếu đồng ý" in answer[0]["why"]


def test_a_walk_in_and_who_comes_instead_are_given_in_too(here):
    who = {"place": str(cast.commune().pk), "consent": "on", "phone": "", "unit": ""}
    walk_in = item(here, kind="new", name="Lâm Văn Mới", number=0, **who)
    instead = item(here, here.held[0], kind="instead", name="Lê Thị Thay", **who)
    for _again in range(2):
        answer = give(here, walk_in, instead).json()["outcomes"]
        assert [one["outcome"] for one in answer] == ["present", "present"]
    assert Registration.objects.count() == 5


def test_other_devices_see_who_is_there_and_the_list_only_where_it_changed(here):
    told = opened(here)
    give(here, item(here, here.held[0]))
    same = give(here, version=told["version"]).json()
    assert same["present"] == {str(here.session.pk): {"1": "09:40"}}
    assert "rows" not in same
    actions.cancel(registration=here.held[1], at=DOOR)
    assert [one["state"] for one in give(here, version=told["version"]).json()["rows"]] == ["held", "cancelled", "held"]


def test_a_tap_alone_is_answered_without_the_list(here, django_assert_max_num_queries):
    """Five phones send them at once, and five hundred rows each time would keep the server busy."""
    token = opened(here)["token"]
    with django_assert_max_num_queries(7):  # savepoints are counted
        answer = post("gui.json", {"items": [item(here, here.held[0])]}, token).json()
    assert answer["outcomes"][0]["outcome"] == "present"
    assert not {"rows", "present", "version"} & set(answer)


def test_a_report_that_comes_again_is_answered_without_the_list_too(here, django_assert_max_num_queries):
    token, said = opened(here)["token"], item(here, here.held[0])
    give(here, said, token=token)
    with django_assert_max_num_queries(10):
        assert post("gui.json", {"items": [said]}, token).json()["outcomes"][0]["outcome"] == "present"


def test_a_session_that_is_called_by_its_day_is_told_with_its_hour_alone(here):
    here.workshop.sessions.update(name="Buổi sáng 25/11/2026")
    assert opened(here)["sessions"][0]["name"] == "Buổi sáng 25/11/2026, 10:00"
    here.workshop.sessions.update(name="Buổi sáng 24/11/2026")  # and was put off
    assert opened(here)["sessions"][0]["name"] == "Buổi sáng 24/11/2026, 10:00 25/11/2026"


def test_a_session_that_is_planned_while_a_desk_is_open_reaches_its_phones(here):
    told = opened(here)
    assert [one["name"] for one in told["sessions"]] == ["Buổi chiều, 10:00 25/11/2026"]
    begins = here.session.ends_at + timedelta(minutes=30)
    Session.objects.create(
        workshop=here.workshop, name="Buổi tối", starts_at=begins, ends_at=begins + timedelta(hours=2)
    )
    after = give(here, version=told["version"]).json()
    assert [one["name"].partition(",")[0] for one in after["sessions"]] == ["Buổi chiều", "Buổi tối"]
    assert "rows" not in after
    here.session.cancelled_at = DOOR
    here.session.save()
    assert [one["key"] for one in give(here).json()["sessions"]] == [after["sessions"][1]["key"]]


def test_who_is_written_down_at_the_door_gets_a_number_for_a_badge(here):
    new = item(here, kind="new", number=0, **who("Lâm Văn Mới"))
    answer = give(here, new).json()["outcomes"][0]
    assert (answer["outcome"], answer["name"], answer["number"]) == ("present", "Lâm Văn Mới", 4)


def test_a_desk_that_was_ended_gives_in_what_it_has_and_is_told_nothing_more(here):
    token, before = opened(here)["token"], item(here, here.held[0], age=600)
    actions.end_desk(desk=here.desk, by=None, at=DOOR)
    with cast.on(DOOR + timedelta(minutes=5)):
        answer = give(here, before, item(here, here.held[1]), token=token).json()
    assert answer["ended"]
    assert not {"rows", "present"} & set(answer)
    assert [one["outcome"] for one in answer["outcomes"]] == ["present", "outside"]
    with cast.on(DOOR + timedelta(days=9)):
        assert give(here, before, token=token).status_code == 404


def who(name, **more):
    return {"name": name, "place": str(cast.commune().pk), "consent": "on", "phone": "", "unit": ""} | more


def test_a_report_that_fails_is_set_aside_and_stops_nothing_and_names_nobody_in_the_log(here, monkeypatch, caplog):
    name = "Lâm Văn Mới"

    def broken(**_said):
        raise ValueError(name)

    monkeypatch.setattr(actions, "walk_in", broken)
    answer = give(here, item(here, kind="new", number=0, **who("Lâm Văn Mới")), item(here, here.held[0]))
    assert [one["outcome"] for one in answer.json()["outcomes"]] == ["refused", "present"]
    assert "Máy chủ chưa ghi được" in answer.json()["outcomes"][0]["why"]
    assert "ValueError" in caplog.text
    assert name not in caplog.text


def test_a_busy_database_is_asked_again_later(here, monkeypatch):
    def busy(**_said):
        raise OperationalError

    monkeypatch.setitem(taking.OF_A_DELEGATE, "scan", busy)
    assert give(here, item(here, here.held[0])).json()["outcomes"][0]["outcome"] == "later"


def test_somebody_may_go_for_a_delegate_whose_first_stand_in_gave_it_up(here):
    first = here.held[0]
    other = actions.replace(registration=first, person=cast.person("Lê Văn Hai"), at=cast.NOW)
    actions.cancel(registration=other, at=cast.NOW)
    actions.take_in(
        report=actions.Report(
            nonce=uuid4(), desk=here.desk, session=here.session, occurred_at=DOOR, number=other.number
        ),
        at=DOOR,
    )
    answer = give(here, item(here, other, kind="instead", **who("Lê Thị Thay"))).json()["outcomes"]
    assert answer[0]["outcome"] == "refused"  # who is there gives no seat
    actions.register(workshop=here.workshop, person=first.person, source="nominated", at=DOOR)
    answer = give(here, item(here, first, kind="instead", **who("Lê Thị Thay"))).json()["outcomes"]
    assert answer[0]["outcome"] == "present"


def test_a_message_that_is_too_long_is_not_read(here):
    token = opened(here)["token"]
    assert give(here, {"x": "a" * 70_000}, token=token).status_code == 413
    assert post("mo.json", {"code": "a" * 70_000}).status_code == 413


class TestADeskThatWasEnded:
    @pytest.fixture
    def token(self, here):
        token = opened(here)["token"]
        actions.end_desk(desk=here.desk, by=None, at=DOOR)
        return token

    @pytest.fixture(autouse=True)
    def _days_later(self, _at_the_door, token):
        with cast.on(DOOR + timedelta(days=3)):
            yield

    @pytest.mark.parametrize("age", [0, 3 * 86_400 + 300])
    def test_changes_no_seat(self, here, token, age):
        actions.cancel(registration=here.held[2], at=DOOR)
        before = list(Registration.objects.values_list("pk", "state"))
        items = [
            item(here, kind="new", number=0, age=age, **who("Lâm Văn Mới")),
            item(here, here.held[0], kind="instead", age=age, **who("Kẻ Thế Chỗ")),
            item(here, here.held[2], kind="take", age=age),
        ]
        answer = give(here, *items, token=token).json()["outcomes"]
        assert [one["outcome"] for one in answer] == [*["late" if age else "outside"] * 2, "cancelled"]
        assert list(Registration.objects.values_list("pk", "state")) == before
        assert not Attendance.objects.exists()

    def test_tells_nobodys_name(self, here, token):
        answer = give(here, *(item(here, one) for one in here.held), token=token).json()["outcomes"]
        assert {(one["number"], one["name"]) for one in answer} == {(None, "")}

    def test_whom_it_wrote_down_before_waits_for_the_organiser_who_lets_them_in(self, here, token):
        age = 3 * 86_400 + 300
        new = item(here, kind="new", number=0, age=age, **who("Lâm Văn Mới", unit="HTX Tôm"))
        instead = item(here, here.held[0], kind="instead", age=age, **who("Lê Thị Thay"))
        give(here, new, instead, token=token)
        officer = cast.staff("organiser", cast.province())
        client, address = cast.client_of(officer), f"/quan-tri/diem-danh/{here.workshop.pk}/xem-lai/"
        page = client.get(address).text
        assert "<b>Lâm Văn Mới</b>, HTX Tôm" in page
        assert "người đi thay: <b>Lê Thị Thay</b>" in page
        for one in Scan.objects.all():
            assert "Đã ghi có mặt." in client.post(address, {"scan": one.pk, "as": "present"}, follow=True).text
        names = Attendance.objects.order_by("pk").values_list("registration__person__name", flat=True)
        assert list(names) == ["Lâm Văn Mới", "Lê Thị Thay"]
        assert Registration.objects.get(pk=here.held[0].pk).state == "replaced"
        assert set(map(str, Scan.objects.values_list("newcomer", flat=True))) == {"{}"}
        assert personal.violations() == []

    def test_whom_the_organiser_leaves_is_forgotten(self, here, token):
        give(here, item(here, kind="new", number=0, **who("Lâm Văn Mới")), token=token)
        scan = Scan.objects.get()
        assert scan.newcomer["name"] == "Lâm Văn Mới"
        assert not actions.settle(scan=scan, accept=False, by=cast.staff("organiser"), at=DOOR)
        scan.refresh_from_db()
        assert (scan.newcomer, scan.looked_at is None) == ({}, False)


def test_the_desk_of_a_cancelled_workshop_opens_for_nobody_and_records_nothing(here):
    token = opened(here)["token"]
    Workshop.objects.update(cancelled_at=DOOR)
    assert post("mo.json", {"code": here.code}).status_code == 404
    items = [item(here, here.held[0]), item(here, kind="new", number=0, **who("Lâm Văn Mới"))]
    answer = give(here, *items, token=token).json()
    assert (answer["ended"], [one["outcome"] for one in answer["outcomes"]]) == (True, ["outside", "outside"])
    assert not Attendance.objects.exists()
    assert Registration.objects.count() == 3


class TestADeskThatIsShut:
    """Its token is in other hands, who say themselves how long ago something happened."""

    @pytest.fixture
    def token(self, here):
        token = opened(here)["token"]
        actions.scan(
            report=actions.Report(nonce=uuid4(), desk=here.desk, session=here.session, occurred_at=DOOR, number=2),
            at=DOOR,
        )
        actions.cancel(registration=here.held[2], at=DOOR)
        actions.shut_desk(desk=here.desk, by=None, at=DOOR)
        return token

    @pytest.fixture
    def items(self, here):
        old = {"age": 3600}
        return [
            *(item(here, one, **old) for one in here.held),
            item(here, code=here.held[0].code, **old),
            item(here, code="KHONGCO", **old),
            item(here, here.held[2], kind="take", **old),
            item(here, kind="new", number=0, **old, **who("Lâm Văn Mới")),
            item(here, here.held[0], kind="instead", **old, **who("Kẻ Thế Chỗ")),
            item(here, here.held[1], kind="instead", **old, **who("Kẻ Thế Chỗ")),
        ]

    @pytest.fixture
    def answer(self, here, token, items):
        with cast.on(DOOR + timedelta(minutes=30)):
            return give(here, *items, token=token).json()

    def test_makes_nobody_present_and_changes_no_seat(self, answer, here):
        assert list(Attendance.objects.values_list("registration", flat=True)) == [here.held[1].pk]
        assert Registration.objects.count() == 3
        assert answer["ended"]

    def test_is_told_the_same_of_everybody(self, answer):
        """Nor who is there already, nor whose ticket is none."""
        said = {(one["outcome"], one["name"], one["number"]) for one in answer["outcomes"]}
        assert said == {("shut", "", None)}
        assert not {"rows", "present", "sessions"} & set(answer)

    def test_loses_nothing_as_the_organiser_finds_all_of_it_and_decides(self, answer, here, items):
        assert Scan.objects.filter(outcome="shut", looked_at=None).count() == len(items)
        officer = cast.staff("organiser", cast.province())
        client, address = cast.client_of(officer), f"/quan-tri/diem-danh/{here.workshop.pk}/xem-lai/"
        page = client.get(address).text
        assert "Bàn không còn được nhận" in page
        assert "<b>Lâm Văn Mới</b>" in page
        one = Scan.objects.filter(outcome="shut", registration=here.held[0]).first()
        assert "Đã ghi có mặt." in client.post(address, {"scan": one.pk, "as": "present"}, follow=True).text
        assert Attendance.objects.filter(registration=here.held[0]).exists()
        assert personal.violations() == []

    def test_opens_with_its_code_for_nobody(self, here, token):
        assert post("mo.json", {"code": here.code}).status_code == 404

    def test_answers_for_what_it_recorded_before_as_it_did_then(self, here):
        token, before = opened(here)["token"], item(here, here.held[0])
        give(here, before, token=token)
        actions.shut_desk(desk=here.desk, by=None, at=DOOR)
        answer = give(here, before, token=token).json()["outcomes"][0]
        assert (answer["outcome"], answer["name"]) == ("present", "")

    def test_is_shut_once_also_after_it_was_ended(self, here):
        assert actions.end_desk(desk=here.desk, by=None, at=DOOR)
        later = DOOR + timedelta(hours=1)
        assert actions.shut_desk(desk=here.desk, by=None, at=later)
        assert not actions.shut_desk(desk=here.desk, by=None, at=later + timedelta(hours=1))
        assert Desk.objects.values_list("ended_at", "shut_at").get() == (DOOR, later)


class TestSomebodyOfAnotherProvince:
    """Whose name and number can be tried out at a desk: it is told no more than it typed until an officer has looked."""

    NUMBER = "0912555777"

    @pytest.fixture
    def known(self, here):
        far = cast.commune("Đông Anh", "Hà Nội")
        return cast.person("Lê Thị Xa", far, contact_phone="+84912555777", subject_name="HTX Cốm Vòng")

    def walked_in(self, here, name="le thi xa", **more):
        return give(here, item(here, kind="new", number=0, **who(name, phone=self.NUMBER, **more))).json()["outcomes"][
            0
        ]

    def test_is_present_as_that_person_and_shown_as_typed(self, here, known):
        answer = self.walked_in(here)
        assert (answer["outcome"], answer["name"], answer["number"]) == ("present", "le thi xa", 4)
        assert Registration.objects.get(number=4).person == known
        row = opened(here)["rows"][-1]
        assert {name: row[name] for name in ("name", "unit", "place", "digits")} == {
            "name": "le thi xa", "unit": "", "place": "", "digits": "777",
        }  # fmt: skip
        assert not {"HTX Cốm Vòng", "Đông Anh", "Lê Thị Xa"} & set(map(str, row.values()))

    def test_is_shown_so_to_whoever_scans_that_one_again(self, here, known):
        self.walked_in(here)
        answer = give(here, item(here, number=4)).json()["outcomes"][0]
        assert (answer["outcome"], answer["name"]) == ("again", "le thi xa")

    def test_is_shown_so_on_the_pages_without_a_script(self, here, known):
        phone = Client()
        phone.post("/diem-danh/", {"code": here.code})
        said = who("le thi xa", phone=self.NUMBER) | {"buoi": here.session.pk, "nonce": ""}
        seen = phone.post("/diem-danh/ban/bo-sung/", said, follow=True).text
        seen += "".join(phone.get("/diem-danh/ban/", {"tim": query}).text for query in ("xa", "777"))
        assert "le thi xa" in seen
        assert phone.get("/diem-danh/ban/", {"tim": "dong anh"}).text.count("le thi xa") == 0
        seen += phone.get("/diem-danh/ban/bo-sung/", {"thay": 4}).text
        for secret in ("Lê Thị Xa", "Đông Anh", "Cốm Vòng"):
            assert secret not in seen

    def test_waits_for_the_organiser_who_sees_both_and_shows_the_rest(self, here, known):
        self.walked_in(here)
        officer = cast.staff("organiser", cast.province())
        client, address = cast.client_of(officer), f"/quan-tri/diem-danh/{here.workshop.pk}/xem-lai/"
        page = client.get(address).text
        assert "Lê Thị Xa</b>, thẻ 4, xã Đông Anh, thành phố Hà Nội, HTX Cốm Vòng<br>bàn ghi: le thi xa" in page
        assert 'value="present"' not in page
        assert "1 lượt cần xem lại" in client.get(f"/quan-tri/diem-danh/{here.workshop.pk}/co-mat/").text
        client.post(address, {"scan": Scan.objects.get().pk, "as": "seen"})
        row = opened(here)["rows"][-1]
        assert (row["name"], row["unit"], row["place"]) == ("Lê Thị Xa", "HTX Cốm Vòng", "xã Đông Anh")
        assert Scan.objects.get().newcomer == {}
        assert "Không còn lượt nào" in client.get(address).text

    def test_has_what_the_desk_typed_in_the_own_copy_and_it_goes_when_the_person_is_erased(self, here, known):
        self.walked_in(here)
        assert personal.REGISTRATIONS.export(known.pk)[0]["typed_at_the_door"] == [Scan.objects.get().newcomer]
        personal.REGISTRATIONS.erase(known.pk)
        assert Scan.objects.get().newcomer == {}

    def test_is_erased_too_where_the_session_was_closed_and_nobody_was_let_in(self, here, known):
        here.workshop.sessions.update(closed_at=DOOR)
        self.walked_in(here)
        self.walked_in(here, name="Lê Thị Gần")
        (own,) = personal.REGISTRATIONS.export(known.pk)
        assert (own["outcome"], own["typed_at_the_door"][0]["name"]) == ("closed", "le thi xa")
        personal.REGISTRATIONS.erase(known.pk)
        assert sorted(one.newcomer.get("name", "") for one in Scan.objects.all()) == ["", "Lê Thị Gần"]

    def test_is_no_second_time_entered_where_the_organiser_says_present(self, here, known):
        self.walked_in(here)
        officer = cast.staff("organiser")
        assert not actions.settle(scan=Scan.objects.get(), accept=True, by=officer, at=DOOR)
        assert Registration.objects.count() == 4

    def test_comes_instead_of_somebody_as_typed_too(self, here, known):
        said = item(here, here.held[0], kind="instead", **who("le thi xa", phone=self.NUMBER))
        assert give(here, said).json()["outcomes"][0]["name"] == "le thi xa"
        assert opened(here)["rows"][-1]["place"] == ""

    def test_who_is_on_the_list_already_is_shown_as_listed(self, here, known):
        actions.register(workshop=here.workshop, person=known, source="nominated", at=cast.NOW)
        assert self.walked_in(here)["name"] == "Lê Thị Xa"
        assert Scan.objects.get().newcomer == {}

    def test_who_lives_in_the_province_is_shown_as_known(self, here):
        cast.person("Lê Thị Gần", cast.commune("Đất Mũi"), contact_phone="+84912555777")
        assert self.walked_in(here, "le thi gan")["name"] == "Lê Thị Gần"
