"""The pages on which an organiser imports a list: the file, the columns, the decisions, the button."""

import io
import re
from copy import deepcopy

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Person
from provinces.models import Place
from tests import cast
from tests.conftest import made_for_a_file
from tests.workshops import rosters
from tests.workshops.test_roster_import import BE, HEADS, HERE, UNFIT, UT, sheet
from workshops.models import Quota, Registration

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    """Uploads that other tests dated later would be kept in the place of these."""
    settings.VAR_DIR = tmp_path


made_workshop = made_for_a_file(cast.workshop)


@pytest.fixture
def workshop(made_workshop, db):
    return deepcopy(made_workshop)


@pytest.fixture
def organiser(db):
    return cast.client_of(cast.staff("organiser", cast.province()))


def address(workshop) -> str:
    return f"/quan-tri/tap-huan/{workshop.pk}/nhap-danh-sach/"


def send(client, workshop, *rows, data=None, name="ds.xlsx"):
    file = SimpleUploadedFile(name, data or sheet(*rows))
    return client.post(address(workshop), {"file": file})


def looked(client, workshop, *rows, **more) -> tuple[str, str]:
    """Address and words of the page that follows an upload."""
    there = send(client, workshop, *rows, **more).url
    return there, client.get(there).content.decode()


def press(client, there, do, **said):
    page = client.get(there).content.decode()
    seen = re.search(r'name="seen" value="(\w+)"', page)
    return client.post(there, {"do": do, "seen": seen[1] if seen else ""} | said)


def columns_of(there, client) -> dict[str, str]:
    """The form of columns as a browser sends it."""
    forms = client.get(there).context["sheet_forms"]
    return {
        bound.html_name: "on" if bound.value() is True else "" if bound.value() in (None, False) else bound.value()
        for form in forms
        for bound in form
    }


def test_a_list_is_looked_at_and_imported_once(organiser, workshop):
    there, page = looked(organiser, workshop, UT, BE)
    assert "2 người mới" in page
    assert not Registration.objects.exists()
    answer = press(organiser, there, "confirm", agreed="1")
    written = organiser.get(answer.url).content.decode()
    assert "Đã nhập 2 người." in written
    assert "Mọi người nhập được trong danh sách này đã có tên trong lớp." in written
    again = press(organiser, there, "confirm", agreed="1")
    assert "không có gì thay đổi" in organiser.get(again.url).content.decode()
    assert Registration.objects.count() == 2
    assert "2 người đã có trong lớp" in looked(organiser, workshop, UT, BE)[1]


def test_without_their_agreement_nobody_new_is_written(organiser, workshop):
    there, _page = looked(organiser, workshop, UT)
    answer = press(organiser, there, "confirm")
    assert answer.status_code == 422
    assert "chưa đánh dấu vào ô đồng ý" in answer.content.decode()
    assert not Person.objects.filter(search="tran thi ut").exists()


def test_columns_are_corrected(organiser, workshop):
    row = [1, "HTX Tôm khô", 1975, "", "Trần Thị Út", HERE]
    there, _page = looked(organiser, workshop, row)
    answer = organiser.post(there, {"do": "columns", **columns_of(there, organiser), "s0-name": "4", "s0-unit": "1"})
    assert "Trần Thị Út</b></td>" in organiser.get(answer.url).content.decode()


def test_a_column_that_there_is_not_is_refused_and_nothing_breaks(organiser, workshop):
    there, _page = looked(organiser, workshop, UT)
    sent = {"do": "columns", **columns_of(there, organiser)}
    for wrong in (
        {"s0-name": "99"},
        {"s0-begin": "x"},
        {"s0-begin": "9" * 30},
        {"place": "Xã Không Có"},
    ):
        assert organiser.post(there, sent | wrong).status_code == 422


def test_a_list_whose_names_nobody_finds_says_so(organiser, workshop):
    assert "Chưa thấy ai trong danh sách" in looked(organiser, workshop, data=rosters.book([["a", "b"], ["c", "d"]]))[1]


def test_decisions_are_kept_and_can_be_taken_back(organiser, workshop):
    known = cast.person("Lê Văn Bé", birth_year=1970)
    there, page = looked(organiser, workshop, UT, BE)
    assert "là Lê Văn Bé, 1970" in page
    there = press(organiser, there, "decide", **{"q-0:3-person": "skip"}).url
    assert "1 dòng anh/chị chọn bỏ" in organiser.get(there).content.decode()
    there = press(organiser, there, "decide", **{"q-0:3-person": ""}).url
    there = press(organiser, there, "confirm", agreed="1", **{"q-0:3-person": str(known.pk)}).url
    assert not Registration.objects.exists()  # what was chosen beside the button is shown first
    press(organiser, there, "confirm", agreed="1")
    assert Registration.objects.filter(person=known).exists()


def test_an_answer_that_was_not_offered_decides_nothing(organiser, workshop):
    cast.person("Lê Văn Bé", birth_year=1970)
    stranger = cast.person("Người Khác")
    there, _page = looked(organiser, workshop, BE)
    assert (
        "1 dòng chờ anh/chị chọn"
        in press(organiser, there, "decide", **{"q-0:2-person": str(stranger.pk)}).content.decode()
    )


def test_rows_that_do_not_come_in_are_downloaded_with_the_reason(organiser, workshop):
    there, _page = looked(organiser, workshop, UT, *UNFIT)
    taken = organiser.get(f"{there}chua-nhap.xlsx")
    rows = list(
        openpyxl.load_workbook(io.BytesIO(b"".join(taken.streaming_content))).active.iter_rows(values_only=True)
    )
    assert (rows[0][1], rows[0][-1]) == (HEADS[1], "Vì sao chưa nhập")
    assert "Xã Không Có" in rows[-2][-1]


def test_rows_for_whom_no_commune_is_written_take_the_one_that_is_chosen(organiser, workshop):
    there, page = looked(organiser, workshop, [1, "Lê Văn Bé", 1980, "", "", ""])
    assert "chưa ghi xã, phường" in page
    there = organiser.post(there, {"do": "columns", **columns_of(there, organiser), "place": "Đất Mũi"}).url
    assert "1 người mới" in organiser.get(there).content.decode()


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", bytes(range(256))])
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(organiser, workshop, data):
    answer = organiser.post(address(workshop), {"file": SimpleUploadedFile("ds.xlsx", data), "rows": ""})
    assert answer.status_code == 422


def test_pasted_rows_stay_in_their_box_when_they_cannot_be_read(organiser, workshop):
    answer = organiser.post(address(workshop), {"rows": '"a,b\n"c",d,"'})
    assert answer.status_code == 422
    assert "&quot;a,b" in answer.content.decode()


class TestWhoIsNew:
    def test_they_are_read_before_the_button_and_only_many_are_folded(self, organiser, workshop):
        rows = [[at, f"Lê Văn {name}", 1980, "", "", HERE] for at, name in enumerate(["Ba", "Bé", "Bo", "Bê", "Bi"], 1)]
        page = looked(organiser, workshop, *rows)[1]
        assert ("Xem tất cả" in page, page.index("Lê Văn Bi</b></td>") < page.index('value="confirm"')) == (False, True)

    def test_the_twenty_first_is_behind_all_of_them(self, organiser, workshop):
        names = [f"Lê Văn {first}{rest}" for first in "BCĐGH" for rest in ("a", "e", "i", "o", "u")]
        page = looked(organiser, workshop, *[[at, name, 1980, "", "", HERE] for at, name in enumerate(names, 1)])[1]
        folded = page.index("Xem tất cả 25 người mới")
        assert (
            page.index(f"{names[19]}</b></td>")
            < folded
            < page.index(f"{names[20]}</b></td>")
            < page.index('value="confirm"')
        )


class TestWhoseSeats:
    @pytest.fixture(autouse=True)
    def quota(self, workshop):
        workshop.capacity = 2
        workshop.save(update_fields=["capacity"])
        return Quota.objects.create(workshop=workshop, place=cast.commune(), seats=2)

    def test_where_there_are_quotas_each_one_takes_a_seat_of_the_own(self, organiser, workshop, quota):
        there, page = looked(organiser, workshop, UT, BE)
        assert "danh sách dự bị" not in page
        assert page.index("xã Phan Ngọc Hiển: 2 người, còn 2 chỗ") < page.index('value="confirm"')
        written = organiser.get(press(organiser, there, "confirm", agreed="1", quota="auto").url).content.decode()
        assert "Chỗ của ai" not in written  # nobody is left to whom one could go
        assert {(one.quota, one.state) for one in Registration.objects.all()} == {(quota, "held")}

    def test_another_choice_is_shown_with_its_figures_before_anybody_gets_in(self, organiser, workshop):
        there, _page = looked(organiser, workshop, UT, BE)
        there = press(organiser, there, "confirm", agreed="1", quota="").url
        assert not Registration.objects.exists()
        page = organiser.get(there).content.decode()
        assert "Chỗ chung, ngoài chỉ tiêu: 2 người, còn 0 chỗ, <strong>2 người phải chờ" in page
        press(organiser, there, "confirm", agreed="1", quota="")
        assert {(one.quota, one.state) for one in Registration.objects.all()} == {(None, "waiting")}

    def test_of_a_full_quota_it_says_who_gets_a_seat_outside_and_who_waits(self, organiser, workshop, quota):
        workshop.capacity = 2
        workshop.save(update_fields=["capacity"])
        Quota.objects.update(seats=1)
        _there, page = looked(organiser, workshop, UT, BE, [3, "Lê Văn Ba", 1981, None, "Tôm khô Ba", HERE])
        assert "3 người, còn 1 chỗ, 1 người nhận chỗ ngoài chỉ tiêu, <strong>1 người phải chờ" in page

    def test_a_quota_that_there_is_not_is_refused(self, organiser, workshop):
        there, _page = looked(organiser, workshop, UT)
        assert press(organiser, there, "confirm", agreed="1", quota="99").status_code == 422
        assert not Registration.objects.exists()


class TestOneAnswerForAll:
    ROWS = ([1, "Lê Văn Bé", 1980, "", "", "Tân Ân"], [2, "Trần Thị Út", 1975, "", "", "Tân Ân"])

    @pytest.fixture(autouse=True)
    def two_of_a_name(self, db):
        Place.objects.filter(pk=cast.commune("Đất Mũi").pk).update(name="Tân Ân", search="tan an")

    def test_a_doubtful_place_is_decided_once(self, organiser, workshop):
        there, page = looked(organiser, workshop, *self.ROWS)
        assert "Như nhau cho cả 2 dòng hỏi câu này" in page
        assert page.count('name="all-') == 1
        asked = organiser.get(there).context["groups"]["ask"][0].questions[0].options[0][0]
        answers = {"q-0:2-place": asked, "q-0:3-place": ""}
        each = press(organiser, there, "decide", **answers).url
        assert "1 dòng chờ anh/chị chọn" in organiser.get(each).content.decode()
        every = press(organiser, there, "decide", **answers, **{"all-0:2": "1"}).url
        assert "2 người mới" in organiser.get(every).content.decode()

    def test_an_answer_of_its_own_stays(self, organiser, workshop):
        there, _page = looked(organiser, workshop, *self.ROWS)
        one, other, _skip = [
            value for value, _ in organiser.get(there).context["groups"]["ask"][0].questions[0].options
        ]
        said = {"q-0:2-place": one, "q-0:3-place": other, "all-0:2": "1"}
        page = organiser.get(press(organiser, there, "decide", **said).url)
        assert {str(row.place.pk) for row in page.context["groups"]["new"]} == {one, other}


class TestWhoMay:
    def test_only_who_manages_the_workshops_place(self, workshop):
        elsewhere = cast.client_of(cast.staff("organiser", cast.province("Lào Cai"), "0987654322"))
        looking = cast.client_of(cast.staff("manager", cast.province(), "0987654323"))
        assert elsewhere.get(address(workshop)).status_code == 404
        assert looking.get(address(workshop)).status_code in (302, 403)

    def test_a_list_is_another_ones_secret(self, organiser, workshop):
        there, _page = looked(organiser, workshop, UT)
        other = cast.client_of(cast.staff("organiser", cast.province(), "0987654322"))
        assert other.get(there).status_code == 302
        assert other.get(f"{there}chua-nhap.xlsx").status_code == 302

    def test_people_and_places_elsewhere_are_neither_shown_nor_written(self, organiser, workshop):
        cast.trainee("Trần Thị Út", place=cast.commune("Tả Van", "Lào Cai"))
        _there, page = looked(organiser, workshop, UT, [2, "Vàng A Páo", 1980, "", "", "Tả Van, Lào Cai"])
        assert "ngoài địa bàn" in page
        assert "1 người mới" in page

    def test_of_whom_the_list_wrote_down_and_who_moved_away_no_more_is_shown_than_it_says(self, organiser, workshop):
        there, _page = looked(organiser, workshop, UT)
        press(organiser, there, "confirm", agreed="1")
        person = Person.objects.get(search="tran thi ut")
        link = f"/person/inspect/{person.pk}/"
        page = looked(organiser, workshop, UT)[1]
        assert (link in page, "1 người đã có trong lớp" in page) == (True, True)
        Person.objects.filter(pk=person.pk).update(place=cast.commune("Tả Van", "Lào Cai"))
        page = looked(organiser, workshop, UT)[1]
        assert (link in page, "1 người đã có trong lớp" in page) == (False, True)


def test_the_button_that_chooses_a_file_is_in_the_language_of_the_page(workshop, organiser):
    """The browser's own says "Choose File" on every machine that was bought so."""
    page = organiser.get(address(workshop)).text
    assert 'class="plan__file" data-file' in page
    assert "Chọn tệp" in page
    assert "js/files" in page
    assert "css/plan" in page
