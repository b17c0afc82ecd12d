"""A class held elsewhere that is written down twice, and one that two officers correct at once."""

from datetime import timedelta

import pytest

from reports.models import OutsideClass
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_a_day")]
ADD = "/quan-tri/tien-do/lop-ngoai/them/"


@pytest.fixture
def said():
    return {
        "title": "Lớp tại xã", "day": "12/05/2026", "place": "Đất Mũi", "topic": cast.topic().pk, "organiser": "Phòng Kinh tế",
        "people": "50",
    }  # fmt: skip


@pytest.fixture
def officer():
    return cast.client_of(cast.staff("manager", cast.province()))


@pytest.fixture
def another():
    return cast.client_of(cast.staff("manager", cast.commune("Đất Mũi"), "0987654398"))


class TestWrittenTwice:
    def test_two_presses_are_one_class_and_both_say_that_it_is_written(self, officer, said):
        for _press in range(2):
            assert "Đã ghi lớp “Lớp tại xã”" in officer.post(ADD, said, follow=True).text
        assert OutsideClass.objects.count() == 1

    def test_what_somebody_else_wrote_down_already_is_not_counted_again(self, officer, another, said):
        officer.post(ADD, said)
        answer = another.post(ADD, said)
        assert answer.status_code == 422
        assert "đã có trong danh sách" in answer.text
        assert OutsideClass.objects.count() == 1

    def test_the_same_long_after_is_asked_about_and_another_name_makes_it_another_class(self, officer, said):
        officer.post(ADD, said)
        with cast.on(cast.NOW + timedelta(hours=1)):
            assert officer.post(ADD, said).status_code == 422
            assert officer.post(ADD, said | {"title": "Lớp tại xã, lớp 2"}).status_code == 302
        assert OutsideClass.objects.count() == 2

    def test_one_that_was_taken_back_can_be_written_again(self, officer, said):
        officer.post(ADD, said)
        officer.post(f"/quan-tri/tien-do/lop-ngoai/{OutsideClass.objects.get().pk}/bo/", {"reason": "Ghi nhầm"})
        assert officer.post(ADD, said).status_code == 302
        assert OutsideClass.objects.filter(removed_at=None).count() == 1


class TestCorrectedByTwo:
    @pytest.fixture
    def address(self, officer, said):
        officer.post(ADD, said)
        return f"/quan-tri/tien-do/lop-ngoai/{OutsideClass.objects.get().pk}/sua/"

    def test_the_second_reads_what_the_first_wrote_before_it_is_written_over(self, officer, another, said, address):
        opened = said | {"seen": another.get(address).context["form"]["seen"].value()}
        officer.post(address, said | {"people": "80", "reason": "Đếm lại"})
        answer = another.post(address, opened | {"women": "20", "reason": "Bổ sung nữ"})
        assert answer.status_code == 422
        assert "một cán bộ khác đã sửa lớp này" in answer.text
        assert OutsideClass.objects.get().people == 80
        again = {name: answer.context["form"][name].value() for name in (*opened, "women", "reason")}
        assert another.post(address, again | {"people": "80"}).status_code == 302
        made = OutsideClass.objects.get()
        assert (made.people, made.women) == (80, 20)

    def test_one_who_alone_corrects_it_is_not_held_up(self, officer, said, address):
        opened = said | {"seen": officer.get(address).context["form"]["seen"].value()}
        assert officer.post(address, opened | {"people": "60", "reason": "Đếm lại"}).status_code == 302
        assert OutsideClass.objects.get().people == 60
