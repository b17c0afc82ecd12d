"""A commune's officer fills the seats that were set apart for it: chosen from the record, written down, withdrawn, sent instead."""

from copy import deepcopy
from datetime import timedelta
from uuid import uuid4

import pytest

from accounts.models import Consent, Person
from tests import cast
from tests.conftest import made_for_a_file
from workshops import actions, personal
from workshops.models import Quota, Registration, RegistrationSource, SeenBy, Workshop

from .rooms import beside

pytestmark = pytest.mark.django_db
ROOM = "/quan-tri/tap-huan/cu-nguoi/"


made_far = made_for_a_file(
    lambda: cast.workshop(capacity=10, place=cast.commune("Bảo Nhai", "Lào Cai"), seen_by=SeenBy.INVITED)
)


@pytest.fixture
def far(made_far, db) -> Workshop:
    """Held in another province."""
    return deepcopy(made_far)


@pytest.fixture
def quota(far) -> Quota:
    return Quota.objects.create(workshop=far, place=cast.commune(), seats=2)


@pytest.fixture
def client(db):
    return cast.client_of(cast.staff("manager", cast.commune()))


def choose(client, quota, person, query="", **said):
    return client.post(f"{ROOM}{quota.pk}/{query}", {"person": getattr(person, "pk", person), **said})


def states(quota) -> list[tuple[str, str]]:
    return list(Registration.objects.filter(quota=quota).order_by("number").values_list("person__name", "state"))


def written(**said) -> dict:
    consents = {one.purpose: "on" for one in cast.texts() if one.is_required}
    usual = {
        "form_token": str(uuid4()), "name": "Lê Văn Bé", "phone": "0912 345 111", "place": "Phan Ngọc Hiển", "unit": "UBND xã Phan Ngọc Hiển",
        "post": "Phó Chủ tịch", "how": "paper",
    }  # fmt: skip
    return usual | consents | said


class TestList:
    def test_a_workshop_held_elsewhere_stands_there_with_the_seats_of_the_own_place(self, client, quota):
        page = client.get(ROOM).text
        for said in ("Bộ tiêu chí mới", "xã Bảo Nhai, tỉnh Lào Cai", "0/2", f"{ROOM}{quota.pk}/"):
            assert said in page
        assert ROOM in client.get("/quan-tri/tap-huan/").text

    def test_once_it_is_over_it_stands_among_what_is_past(self, quota):
        with cast.on(cast.NOW + timedelta(days=9)):
            client = cast.client_of(cast.staff("manager", cast.commune()))
            assert ("Bộ tiêu chí mới" in client.get(ROOM).text, "0/2" in client.get(ROOM + "?truoc=1").text) == (
                False,
                True,
            )

    @pytest.mark.parametrize("place", ["Đất Mũi", "province"])
    def test_of_another_place_nothing(self, client, far, place):
        whose = cast.province() if place == "province" else cast.commune(place)
        other = Quota.objects.create(workshop=far, place=whose, seats=2)
        assert "Bộ tiêu chí mới" not in client.get(ROOM).text
        for address in ("", "nguoi-moi/"):
            assert client.get(f"{ROOM}{other.pk}/{address}").status_code == 404
        assert choose(client, other, cast.person()).status_code == 404
        assert states(other) == []

    def test_the_quota_of_a_unit_is_filled_by_the_place_that_it_names_and_by_nobody_else(self, client, far):
        """Not by whoever writes down a unit of that name."""
        cast.person()  # of "Tôm khô Út", in the officer's commune
        own = Quota.objects.create(workshop=far, unit="HTX Rạch Gốc", place=cast.commune(), seats=1)
        other = Quota.objects.create(workshop=far, unit="Tôm khô Út", seats=1)
        assert 'value="HTX Rạch Gốc"' in client.get(f"{ROOM}{own.pk}/?q=ut").text
        assert client.get(f"{ROOM}{other.pk}/").status_code == 404

    def test_whoever_runs_the_workshop_fills_all_its_quotas(self, quota):
        organiser = cast.client_of(cast.staff("organiser", cast.province("Lào Cai")))
        assert organiser.get(f"{ROOM}{quota.pk}/").status_code == 200

    def test_a_draft_is_nobodys_elses(self, client, quota, far):
        far.activity.retired_at = cast.NOW
        far.activity.save()
        assert client.get(f"{ROOM}{quota.pk}/").status_code == 404

    def test_who_may_send_people_may_read_what_the_workshop_is_about(self, client, quota):
        assert client.get("/tap-huan/bo-tieu-chi-moi/").status_code == 200
        stranger = cast.client_of(cast.staff("manager", cast.commune("Đất Mũi"), phone="0987654322"))
        assert stranger.get("/tap-huan/bo-tieu-chi-moi/").status_code == 404
        assert client.get(f"/quan-tri/tap-huan/{quota.workshop_id}/").status_code == 404


@pytest.mark.usefixtures("_today")
class TestChoosing:
    def test_somebody_of_the_own_place_gets_a_seat_of_the_quota(self, client, quota):
        person = cast.person()
        page = client.get(f"{ROOM}{quota.pk}/?q=thi+ut").text
        assert f'value="{person.pk}"' in page
        assert choose(client, quota, person, unit="HTX Rạch Gốc", post="Giám đốc").status_code == 302
        made = Registration.objects.get()
        assert (made.state, made.source, made.quota, made.unit, made.post) == (
            "held",
            "nominated",
            quota,
            "HTX Rạch Gốc",
            "Giám đốc",
        )
        page = client.get(f"{ROOM}{quota.pk}/?q=ut").text
        assert "Đã cử <b>1/2</b>, còn <b>1</b> chỗ." in page
        assert "đã có chỗ" in page

    @pytest.mark.parametrize("query", ["", "thay"])
    def test_who_took_the_agreement_back_is_sent_by_nobody_as_no_list_brings_them_in(self, client, quota, query):
        person, first = cast.person(), cast.person("Lê Văn Bé")
        choose(client, quota, first)
        Person.objects.filter(pk=person.pk).update(has_consented=False)
        address = f"?thay={Registration.objects.get().pk}" if query else ""
        page = client.get(f"{ROOM}{quota.pk}/{address or '?'}&q=ut").text
        assert "hoặc đã rút lại" in page
        assert f'name="person" value="{person.pk}"' not in page
        answer = choose(client, quota, person, address, unit="HTX")
        assert answer.status_code == 422
        assert "Trần Thị Út chưa đồng ý cho ghi kết quả học, hoặc đã rút lại" in answer.text
        assert states(quota) == [("Lê Văn Bé", "held")]

    def test_a_second_press_changes_nothing(self, client, quota):
        person = cast.person()
        assert [choose(client, quota, person).status_code for _press in range(2)] == [302, 302]
        assert states(quota) == [("Trần Thị Út", "held")]

    def test_people_are_found_by_the_last_digits_of_their_number(self, client, quota):
        person = cast.trainee().person
        assert f'value="{person.pk}"' in client.get(f"{ROOM}{quota.pk}/?q=678").text
        assert "Chưa thấy ai" in client.get(f"{ROOM}{quota.pk}/?q=679").text

    def test_nobody_of_other_places_is_found_or_sent(self, client, quota):
        other = cast.person("Lê Văn Bé", cast.commune("Đất Mũi"))
        assert "Chưa thấy ai" in client.get(f"{ROOM}{quota.pk}/?q=be").text
        assert choose(client, quota, other).status_code == 422
        assert states(quota) == []

    @pytest.mark.parametrize("key", ["", "x", "0", "9" * 30])
    def test_nobody_is_sent_by_a_key_that_is_none(self, client, quota, key):
        answer = choose(client, quota, key, unit="HTX")
        assert answer.status_code == 422
        assert "Hãy tìm rồi chọn một người." in answer.text
        assert 'value="HTX"' in answer.text

    def test_a_full_quota_takes_nobody_and_nobody_waits_for_it(self, client, quota):
        for name in ("Một", "Hai"):
            choose(client, quota, cast.person(f"Nguyễn {name}"))
        answer = choose(client, quota, cast.person())
        assert "Chỉ tiêu này đã đủ người." in answer.text
        assert [state for _name, state in states(quota)] == ["held", "held"]
        assert "Cử thêm người" not in client.get(f"{ROOM}{quota.pk}/").text

    def test_who_registered_alone_needs_no_seat_of_the_quota(self, client, quota, far):
        person = cast.person()
        actions.register(workshop=far, person=person, source=RegistrationSource.IMPORT, at=cast.NOW)
        assert "đã có chỗ trong lớp này rồi" in choose(client, quota, person).text
        assert states(quota) == []

    def test_who_waits_takes_a_seat_of_the_quota(self, client, quota, far):
        Workshop.objects.update(capacity=2)  # all of them set apart
        person = cast.person()
        actions.register(workshop=far, person=person, source=RegistrationSource.IMPORT, at=cast.NOW)
        choose(client, quota, person)
        assert states(quota) == [("Trần Thị Út", "held")]
        assert personal.violations() == []

    def test_after_the_beginning_the_door_decides(self, quota):
        actions.nominate(quota=quota, person=cast.person(), by=cast.staff("manager", cast.commune()), at=cast.NOW)
        one = Registration.objects.get()
        with cast.on(cast.NOW + timedelta(days=2, minutes=1)):
            client = cast.client_of(one.recorded_by)
            assert "Lớp đã bắt đầu" in choose(client, quota, cast.person("Lê Văn Bé")).text
            client.post(f"{ROOM}{quota.pk}/rut/{one.pk}/")
            choose(client, quota, cast.person("Lê Văn Ba"), f"?thay={one.pk}")
        assert states(quota) == [("Trần Thị Út", "held")]

    def test_a_cancelled_workshop_takes_nobody(self, client, quota, far):
        Workshop.objects.update(cancelled_at=cast.NOW, cancelled_why="Bão")
        assert choose(client, quota, cast.person()).status_code == 422
        assert "Bão" in client.get(f"{ROOM}{quota.pk}/").text


@pytest.mark.usefixtures("_today")
class TestGivingBackAndSubstitution:
    @pytest.fixture
    def sent(self, client, quota) -> Registration:
        choose(client, quota, cast.person(), unit="HTX")
        return Registration.objects.get()

    def test_a_seat_that_is_given_back_is_free_again(self, client, quota, sent):
        assert client.post(f"{ROOM}{quota.pk}/rut/{sent.pk}/").status_code == 302
        assert states(quota) == [("Trần Thị Út", "cancelled")]
        assert "còn <b>2</b> chỗ" in client.get(f"{ROOM}{quota.pk}/").text
        assert "không còn giữ chỗ" in client.post(f"{ROOM}{quota.pk}/rut/{sent.pk}/", follow=True).text

    def test_another_goes_instead_and_both_names_stay(self, client, quota, sent):
        other = cast.person("Lê Văn Bé")
        page = client.get(f"{ROOM}{quota.pk}/?thay={sent.pk}&q=be").text
        assert "Ai đi thay Trần Thị Út?" in page
        assert 'value="HTX"' not in page  # the other has a unit of the own
        assert [choose(client, quota, other, f"?thay={sent.pk}").status_code for _press in range(2)] == [302, 302]
        assert Registration.objects.get(person=other).unit == "Tôm khô Út"
        assert states(quota) == [("Trần Thị Út", "replaced"), ("Lê Văn Bé", "held")]
        assert "đi thay Trần Thị Út" in client.get(f"{ROOM}{quota.pk}/").text

    def test_a_full_quota_is_no_obstacle_to_that(self, client, quota, sent):
        choose(client, quota, cast.person("Nguyễn Hai"))
        choose(client, quota, cast.person("Lê Văn Bé"), f"?thay={sent.pk}")
        assert states(quota)[-1] == ("Lê Văn Bé", "held")

    @pytest.mark.parametrize("key", ["x", "0", "another"])
    def test_whom_another_quota_sent_is_not_touched(self, client, quota, far, sent, key):
        theirs = Quota.objects.create(workshop=far, place=cast.commune("Đất Mũi"), seats=1)
        other = cast.person("Lê Văn Bé", cast.commune("Đất Mũi"))
        one = actions.register(
            workshop=far, person=other, source=RegistrationSource.NOMINATED, at=cast.NOW, quota=theirs
        )
        said = one.pk if key == "another" else key
        assert client.get(f"{ROOM}{quota.pk}/?thay={said}").status_code == 404
        assert choose(client, quota, cast.person("Ba"), f"?thay={said}").status_code == 404
        assert client.post(f"{ROOM}{quota.pk}/rut/{one.pk}/").status_code == 404
        assert client.post(f"{ROOM}{theirs.pk}/rut/{one.pk}/").status_code == 404
        assert states(theirs) == [("Lê Văn Bé", "held")]


@pytest.mark.usefixtures("_today")
class TestNewcomers:
    def send(self, client, quota, query="", **said):
        return client.post(f"{ROOM}{quota.pk}/nguoi-moi/{query}", written(**said))

    def test_somebody_new_is_written_down_and_sent_in_one_step(self, client, quota):
        assert self.send(client, quota).status_code == 302
        made = Registration.objects.get()
        assert (made.person.name, made.unit, made.person_kind, made.official_level) == (
            "Lê Văn Bé", "UBND xã Phan Ngọc Hiển", "official", "commune",
        )  # fmt: skip
        assert made.person.contact_phone == "+84912345111" or made.person.user.phone == "+84912345111"
        assert set(Consent.objects.values_list("person", "how")) == {(made.person.pk, "paper")}

    def test_the_form_to_sign_is_at_hand_also_for_a_workshop_held_elsewhere(self, client, quota):
        paper = f"{ROOM}{quota.pk}/phieu-dong-y.pdf"
        for address in ("", "nguoi-moi/"):
            assert f'href="{paper}"' in client.get(f"{ROOM}{quota.pk}/{address}").text
        answer = client.get(paper)
        assert (answer["Content-Type"], answer.content[:4]) == ("application/pdf", b"%PDF")
        stranger = cast.client_of(cast.staff("manager", cast.commune("Đất Mũi"), phone="0987654322"))
        assert stranger.get(paper).status_code == 404

    def test_a_household_is_a_subject(self, client, quota):
        self.send(client, quota, unit="Tôm khô Bé", post="", phone="")
        assert Registration.objects.get().subject.name == "Tôm khô Bé"

    def test_the_same_form_sent_twice_is_one_person(self, client, quota):
        token = str(uuid4())
        for _press in range(2):
            self.send(client, quota, form_token=token)
        assert (Person.objects.count(), states(quota)) == (1, [("Lê Văn Bé", "held")])

    def test_who_looks_the_same_is_shown_first(self, client, quota):
        cast.person("Lê Văn Bé")
        answer = self.send(client, quota)
        assert "Trong sổ đã có người cùng họ tên." in answer.text
        assert Person.objects.count() == 1
        self.send(client, quota, anyway="1")
        assert Person.objects.count() == 2

    @pytest.mark.parametrize(
        ("said", "words"),
        [
            ({"name": ""}, "Hãy nhập họ và tên."),
            ({"phone": "12"}, "Số điện thoại chưa đúng."),
            ({"place": "Đất Mũi"}, "ngoài địa bàn"),
            ({"unit": ""}, "Hãy ghi đơn vị hay cơ sở."),
            ({"how": ""}, "Im lặng không phải là đồng ý."),
            ({"learning-record": ""}, "ô này chưa đánh dấu"),
        ],
    )
    def test_without_what_is_needed_nothing_is_written(self, client, quota, said, words):
        answer = self.send(client, quota, **said)
        assert answer.status_code == 422
        assert words in answer.text
        assert not Person.objects.exists()

    def test_nobody_is_written_down_where_no_seat_is_left(self, client, quota):
        Quota.objects.update(seats=1)
        choose(client, quota, cast.person())
        answer = self.send(client, quota)
        assert "Chỉ tiêu này đã đủ người." in answer.text
        assert 'value="0912 345 111"' in answer.text
        assert Person.objects.count() == 1

    def test_somebody_new_goes_instead(self, client, quota):
        choose(client, quota, cast.person())
        self.send(client, quota, f"?thay={Registration.objects.get().pk}")
        assert states(quota) == [("Trần Thị Út", "replaced"), ("Lê Văn Bé", "held")]


@pytest.fixture
def _today():
    with cast.on(cast.NOW):
        yield


class TestRooms:
    """Where several sessions are held at one hour."""

    @pytest.fixture
    def both(self, far):
        return beside(far, seats=1)

    def rooms(self, name):
        return [one.session.where for one in Registration.objects.get(person__name=name).assignments.all()]

    def field(self, both) -> str:
        return f"room{min(one.pk for one in both)}"

    def test_an_officer_chooses_one_for_somebody_in_the_records(self, client, quota, both):
        person = cast.person("Lê Văn Bé")
        assert "Phòng 2: Bán hàng trên mạng" in client.get(f"{ROOM}{quota.pk}/?q=Bé").text
        page = choose(client, quota, person, **{self.field(both): both[1].pk})
        assert (page.status_code, self.rooms("Lê Văn Bé")) == (302, ["Phòng 2"])
        assert "Phòng 2" in client.get(f"{ROOM}{quota.pk}/").text

    def test_and_for_somebody_new(self, client, quota, both):
        address = f"{ROOM}{quota.pk}/nguoi-moi/"
        assert "Phòng 2: Bán hàng trên mạng" in client.get(address).text
        client.post(address, written(**{self.field(both): both[0].pk}))
        assert self.rooms("Lê Văn Bé") == ["Phòng 1"]

    def test_who_leaves_it_open_leaves_it_to_the_organiser(self, client, quota, both):
        assert "xếp phòng sau" in client.get(f"{ROOM}{quota.pk}/nguoi-moi/").text
        choose(client, quota, cast.person("Lê Văn Bé"), **{self.field(both): ""})
        assert self.rooms("Lê Văn Bé") == []
        assert "chưa xếp phòng" in client.get(f"{ROOM}{quota.pk}/").text

    def test_a_full_room_is_refused_and_nobody_is_sent(self, client, quota, both):
        choose(client, quota, cast.person("Lê Văn Bé"), **{self.field(both): both[1].pk})
        page = choose(client, quota, cast.person("Võ Văn Ba"), unit="UBND", **{self.field(both): both[1].pk})
        assert page.status_code == 422
        assert "“Phòng 2” vừa hết chỗ" in page.text
        assert [name for name, _state in states(quota)] == ["Lê Văn Bé"]

    def test_who_goes_instead_goes_to_the_same_room_and_is_not_asked(self, client, quota, both):
        choose(client, quota, cast.person("Lê Văn Bé"), **{self.field(both): both[1].pk})
        query, other = f"?thay={Registration.objects.get().pk}", cast.person("Võ Văn Ba")
        assert self.field(both) not in client.get(f"{ROOM}{quota.pk}/{query}&q=Võ").text
        choose(client, quota, other, query, **{self.field(both): both[0].pk})
        assert self.rooms("Võ Văn Ba") == ["Phòng 2"]
