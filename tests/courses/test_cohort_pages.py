"""Cohorts in the admin: the list, the form, and the page on which people are put in, moved and taken out."""

from copy import deepcopy
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses import actions
from courses.models import Cohort, Enrolment
from tests import cast
from tests.conftest import made_for_a_file
from tests.courses.test_cohorts import Hall, _gather

pytestmark = pytest.mark.once

LIST = "/quan-tri/cohort/"


@pytest.fixture
def hall(made_hall: Hall, db: None) -> Hall:
    return deepcopy(made_hall)


made_hall = made_for_a_file(_gather)


@pytest.fixture
def officer(hall):
    return cast.client_of(hall.officer)


@pytest.fixture
def others():
    """Officers who must not learn of the cohort: of another province, of another commune."""
    places = (cast.province("Lào Cai"), cast.commune("Đất Mũi"))
    return [
        cast.client_of(cast.staff("organiser", place, f"098765433{n}", f"Người {n}")) for n, place in enumerate(places)
    ]


def page(hall: Hall, query: str = "") -> str:
    return f"{LIST}inspect/{hall.cohort.pk}/{query}"


def press(client, hall, door, query="", **sent):
    return client.post(f"/quan-tri/nhom-hoc/{hall.cohort.pk}/{door}/{query}", sent, follow=True)


class TestForm:
    typed = {
        "name": "Lớp chiều", "starts_on": "11/12/2023", "ends_on": "", "place": "phan ngoc hien", "organised_by": "Văn phòng",
    }  # fmt: skip

    def add(self, client, hall, **typed):
        return client.post(f"{LIST}new/", self.typed | {"course": hall.course.pk} | typed, follow=True)

    def test_an_officer_opens_one_and_comes_to_its_page(self, hall, officer):
        assert LIST in officer.get("/quan-tri/").text
        assert "xã Phan Ngọc Hiển, tỉnh Cà Mau" in officer.get(f"{LIST}new/").text, "the own place is written already"
        said = self.add(officer, hall).text
        assert "Đã lập nhóm “Lớp chiều”" in said
        assert "Thêm học viên" in said
        made = Cohort.objects.get(name="Lớp chiều")
        assert (made.starts_on, made.place, made.organised_by) == (date(2023, 12, 11), cast.commune(), "Văn phòng")

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ({"name": "Nhóm chiều"}, "đã có một nhóm tên như vậy"),
            ({"ends_on": "10/12/2023"}, "đang đứng trước ngày bắt đầu"),
            ({"place": "Cà Mau"}, "ngoài địa bàn của anh/chị"),
            ({"place": "Bảo Thắng"}, "ngoài địa bàn của anh/chị"),
            ({"place": ""}, "Hãy ghi địa bàn của nhóm."),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_is_written(self, hall, officer, typed, said):
        assert said in self.add(officer, hall, **typed).text
        assert not Cohort.objects.filter(name="Lớp chiều").exists()
        assert Cohort.objects.count() == 1

    def test_a_province_s_officer_names_the_province_and_the_centre_nothing_for_the_country(self, hall):
        province = cast.client_of(cast.staff("manager", cast.province(), "0987654350"))
        self.add(province, hall, place="Cà Mau")
        assert Cohort.objects.get(name="Lớp chiều").place == cast.province()
        self.add(province, hall, name="Khác", place="Lào Cai")
        self.add(cast.client_of(cast.staff("manager", None, "0987654351")), hall, name="Cả nước", place="")
        assert Cohort.objects.get(name="Cả nước").place is None
        assert not Cohort.objects.filter(name="Khác").exists()

    def test_it_is_changed_in_the_same_form_without_its_course(self, hall, officer):
        address = f"{LIST}edit/{hall.cohort.pk}/"
        assert 'name="course"' not in officer.get(address).text
        assert "Đã lưu nhóm “Lớp tối”" in officer.post(address, self.typed | {"name": "Lớp tối"}, follow=True).text
        hall.another("Lớp sáng")
        assert "đã có một nhóm" in officer.post(address, self.typed | {"name": "Lớp sáng"}).text
        hall.cohort.refresh_from_db()
        assert hall.cohort.name == "Lớp tối"

    def test_nobody_else_sees_or_changes_it_and_nobody_deletes_it(self, hall, officer, others):
        for client in others:
            assert "Nhóm chiều" not in client.get(LIST).text
            for view in ("inspect", "edit", "history", "usage"):
                assert client.get(f"{LIST}{view}/{hall.cohort.pk}/").status_code == 404
            assert client.post(f"{LIST}edit/{hall.cohort.pk}/", self.typed).status_code == 404
        assert officer.post(f"{LIST}delete/{hall.cohort.pk}/").status_code in (302, 403)
        assert Cohort.objects.get().name == "Nhóm chiều"
        assert "Đã lập nhóm học" in officer.get(f"{LIST}history/{hall.cohort.pk}/").text

    def test_editors_look_and_see_nobody_in_it(self, hall):
        hall.join()
        editor = cast.client_of(cast.staff("editor", None, "0987654350"))
        assert "Nhóm chiều" in editor.get(LIST).text
        seen = editor.get(page(hall)).text
        assert "Lê Thị Đào" not in seen
        assert "Thêm học viên" not in seen
        assert press(editor, hall, "dong").status_code in (302, 403, 200)
        hall.cohort.refresh_from_db()
        assert hall.cohort.closed_at is None
        assert editor.get(f"{LIST}new/").status_code == 302


class TestList:
    def test_it_tells_how_many_are_in_and_how_many_have_finished(self, hall, officer):
        neighbour = cast.enrolment(cast.person("Phan Văn Rạch"), hall.course)
        hall.join(hall.enrolment, neighbour)
        cast.finish(neighbour)
        cells = [cell.strip() for cell in officer.get(LIST).text.split("<td")]
        numbers = [cell.partition(">")[2].partition("<")[0].strip() for cell in cells]
        assert [number for number in numbers if number.isdecimal()] == ["2", "1"]

    def test_it_is_found_by_its_name_without_diacritics_and_by_course_and_place(self, hall, officer):
        assert "Nhóm chiều" in officer.get(f"{LIST}?q=nhom+chieu").text
        assert "Nhóm chiều" not in officer.get(f"{LIST}results/?q=sang").text
        assert "Nhóm chiều" in officer.get(f"{LIST}results/?course={hall.course.pk}&place={cast.province().pk}").text
        assert "Nhóm chiều" not in officer.get(f"{LIST}results/?place={cast.commune('Đất Mũi').pk}").text

    @pytest.mark.once
    def test_it_asks_as_often_for_three_as_for_one(self, hall, officer, django_assert_max_num_queries):
        officer.get(LIST)
        with CaptureQueriesContext(connection) as seen:
            officer.get(LIST)
        for name in ("Sáng", "Tối"):
            hall.join(cast.enrolment(cast.person(f"Người {name}"), hall.course), cohort=hall.another(name))
        with django_assert_max_num_queries(len(seen)):
            assert "Sáng" in officer.get(LIST).text


class TestMembers:
    def test_several_are_found_by_their_commune_and_added_at_once(self, hall, officer):
        neighbour = cast.enrolment(cast.person("Phan Văn Rạch"), hall.course)
        assert "Lê Thị Đào" not in officer.get(page(hall)).text
        found = officer.get(page(hall, "?q=phan+ngoc+hien")).text
        assert "Lê Thị Đào" in found
        assert "Phan Văn Rạch" in found
        said = press(officer, hall, "them", "?q=dao", enrolments=[hall.enrolment.pk, neighbour.pk]).text
        assert "Đã thêm 2 người vào nhóm." in said
        assert 'value="dao"' in said, "what was looked for stays"
        assert hall.now_in == hall.cohort

    def test_whoever_is_in_it_is_shown_with_what_is_done(self, hall, officer):
        hall.join()
        assert "<td>0/1</td>" in officer.get(page(hall)).text
        cast.finish(hall.enrolment)
        shown = officer.get(page(hall)).text
        assert "<td>1/1</td>" in shown
        assert f"/quan-tri/enrolment/?cohort={hall.cohort.pk}" in shown
        assert f"/quan-tri/attempt/?cohort={hall.cohort.pk}" in shown

    def test_nobody_ticked_is_said(self, hall, officer):
        assert "Hãy chọn ít nhất một người." in press(officer, hall, "them").text
        assert "Hãy tìm và chọn lại." in press(officer, hall, "them", enrolments="x").text

    def test_people_of_other_places_are_neither_found_nor_added_nor_named(self, hall, officer):
        stranger = cast.enrolment(cast.person("Danh Sà Mây", cast.commune("Đất Mũi")), hall.course)
        assert "Không tìm thấy ai" in officer.get(page(hall, "?q=may")).text
        assert "Hãy tìm và chọn lại." in press(officer, hall, "them", enrolments=stranger.pk).text
        assert not Enrolment.objects.exclude(cohort=None).exists()
        centre = cast.staff("manager", phone="0987654350")
        hall.join(stranger, by=centre)
        seen = officer.get(page(hall)).text
        assert "Danh Sà Mây" not in seen
        assert "Có 1 người ghi danh ở địa bàn khác" in seen
        assert "có người ngoài địa bàn" in press(officer, hall, "bo", enrolment=stranger.pk).text
        assert Enrolment.objects.get(pk=stranger.pk).cohort == hall.cohort

    def test_who_is_in_another_cohort_is_moved_by_a_button_of_its_own(self, hall, officer):
        morning = hall.another()
        hall.join(cohort=morning)
        found = officer.get(page(hall, "?q=dao")).text
        assert "Đang ở nhóm khác" in found
        assert 'name="enrolments"' not in found
        said = press(officer, hall, "chuyen", enrolment=hall.enrolment.pk, out_of=morning.pk).text
        assert "Đã chuyển Lê Thị Đào từ nhóm “Nhóm sáng” sang nhóm này." in said
        again = press(officer, hall, "chuyen", enrolment=hall.enrolment.pk, out_of=morning.pk).text
        assert "không còn ở nhóm “Nhóm sáng”" in again

    def test_out_of_a_cohort_of_another_place_there_is_no_button(self, hall, officer):
        centre = cast.staff("manager", phone="0987654350")
        whole = cast.cohort(hall.course, centre, "Cả nước", place=None)
        hall.join(cohort=whole, by=centre)
        found = officer.get(page(hall, "?q=dao")).text
        assert "của nơi khác tổ chức" in found
        assert "Chuyển sang nhóm này" not in found
        told = press(officer, hall, "chuyen", enrolment=hall.enrolment.pk, out_of=whole.pk).text
        assert "nhóm học này ngoài địa bàn" in told
        assert "chưa rõ chuyển từ nhóm nào" in press(officer, hall, "chuyen", enrolment=hall.enrolment.pk).text
        assert hall.now_in == whole

    def test_who_leaves_is_told_of_and_found_again(self, hall, officer):
        hall.join()
        assert "Đã bỏ Lê Thị Đào khỏi nhóm." in press(officer, hall, "bo", enrolment=hall.enrolment.pk).text
        assert 'name="enrolments"' in officer.get(page(hall, "?q=dao")).text

    def test_a_closed_one_offers_to_be_opened_again_and_nothing_else(self, hall, officer):
        hall.join()
        said = press(officer, hall, "dong").text
        assert "Đã đóng nhóm." in said
        assert "Thêm học viên" not in said
        assert "Bỏ khỏi nhóm" not in said
        assert "đã đóng" in press(officer, hall, "bo", enrolment=hall.enrolment.pk).text
        assert "Thêm học viên" in press(officer, hall, "mo-lai").text

    def test_people_are_looked_for_once_and_only_where_somebody_may_be_added(self, hall, officer):
        def asked(client):
            with CaptureQueriesContext(connection) as seen:
                client.get(page(hall, "?q=dao"))
            return [one["sql"] for one in seen if "LIKE '%dao%'" in one["sql"]]

        assert len([sql for sql in asked(officer) if "COUNT(" not in sql]) == 2, (
            "who may be added, and who is elsewhere"
        )
        assert not asked(cast.client_of(cast.staff("editor", None, "0987654350")))
        press(officer, hall, "dong")
        assert not asked(officer)

    def test_others_do_nothing_with_it(self, hall, others):
        for client in others:
            for door in ("them", "chuyen", "bo", "dong", "mo-lai"):
                assert press(client, hall, door, enrolments=hall.enrolment.pk).status_code == 404
        assert hall.now_in is None


class TestEnrolments:
    def test_their_list_is_narrowed_to_a_cohort_and_the_download_names_it(self, hall, officer):
        cast.enrolment(cast.person("Phan Văn Rạch"), hall.course)
        hall.join()
        narrowed = officer.get(f"/quan-tri/enrolment/results/?cohort={hall.cohort.pk}").text
        assert "Lê Thị Đào" in narrowed
        assert "Phan Văn Rạch" not in narrowed
        table = b"".join(officer.get("/quan-tri/enrolment/?export=csv")).decode()
        assert "Nhóm học" in table.splitlines()[0]
        assert [line.split(",")[0] for line in table.splitlines() if "Nhóm chiều" in line] == ["Lê Thị Đào"]

    def test_the_officers_of_a_member_read_the_name_of_a_cohort_of_elsewhere_and_nothing_else_of_it(
        self, hall, officer, others
    ):
        centre = cast.staff("manager", phone="0987654350")
        whole = cast.cohort(hall.course, centre, "Cả nước", place=None)
        hall.join(cohort=whole, by=centre)
        enrolment, address = f"/quan-tri/enrolment/inspect/{hall.enrolment.pk}/", f"{LIST}inspect/{whole.pk}/"
        assert "Cả nước" in officer.get(enrolment).text
        assert address not in officer.get(enrolment).text
        assert officer.get(address).status_code == 404
        assert "Cả nước" in b"".join(officer.get("/quan-tri/enrolment/?export=csv")).decode()
        assert f'<a href="{address}">Cả nước</a>' in cast.client_of(centre).get(enrolment).text
        for client in others:
            assert client.get(enrolment).status_code == 404
            assert "Cả nước" not in b"".join(client.get("/quan-tri/enrolment/?export=csv")).decode()

    def test_who_opens_one_is_told_who_reads_its_name(self, officer):
        assert "Cán bộ nơi học viên ghi danh cũng đọc được tên này." in officer.get(f"{LIST}new/").text

    def test_cohorts_of_other_places_are_no_choice(self, hall, officer, others):
        assert "Kể chuyện: Nhóm chiều" in officer.get("/quan-tri/enrolment/").text
        for client in others:
            assert "Nhóm chiều" not in client.get("/quan-tri/enrolment/").text
            narrowed = client.get(f"/quan-tri/enrolment/results/?cohort={hall.cohort.pk}").text
            assert "Danh sách lọc không có lựa chọn này." in narrowed


def test_who_was_merged_into_another_is_not_counted(hall, officer):
    hall.join()
    person = hall.enrolment.person
    person.merged_into = cast.person("Lê Thị Đào Hai")
    person.save()
    seen = officer.get(page(hall)).text
    assert "Chưa có ai." in seen
    assert "ở địa bàn khác" not in seen
    actions.close_cohort(cohort=hall.cohort, by=hall.officer, at=cast.NOW)
