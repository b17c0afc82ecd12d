"""A workshop's own page in the admin: what comes next, how far each step is, and what is not possible any more."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from certificates import actions as certificates
from tests import cast
from workshops import actions
from workshops.models import (
    Attendance,
    Desk,
    FormQuestion,
    Notice,
    NoticeKind,
    NoticeState,
    Quota,
    Registration,
    Scan,
    ScanOutcome,
    Session,
    Workshop,
)

from .halls import bank

pytestmark = pytest.mark.django_db
ROOM = "/quan-tri/tap-huan/"
AFTERNOON = cast.NOW + timedelta(days=2)  # when cast.workshop begins


@pytest.fixture
def workshop(db) -> Workshop:
    return cast.workshop()


def at(moment, user, workshop) -> str:
    with cast.on(moment):
        return cast.client_of(user).get(f"{ROOM}{workshop.pk}/").text


def next_of(page: str) -> tuple[str, str]:
    """The sentence, and the one button that stands out."""
    panel = page.partition('class="plan__next"')[2].partition("</section>")[0]
    primary = re.findall(r'class="button" href="([^"]+)"', panel)
    assert len(primary) == 1
    return re.search(r"<p>(.*?)</p>", panel)[1], primary[0].removeprefix(ROOM).removeprefix("/quan-tri/")


def step(page: str, label: str) -> str:
    """A line of the lists, without its marks."""
    found = [row for row in re.findall(r"<li>(.*?)</li>", page.partition("plan__groups")[2], re.DOTALL) if label in row]
    return found[0]


class TestNext:
    def test_without_delegates_their_list_is_brought(self, organiser, workshop):
        said, door = next_of(at(cast.NOW, organiser, workshop))
        assert "Chưa có đại biểu nào" in said
        assert door == f"{workshop.pk}/nhap-danh-sach/"

    def test_before_it_begins_they_are_invited_and_then_badges_are_printed(self, organiser, workshop):
        one = cast.delegate(workshop, contact_phone="+84912345678")
        said, door = next_of(at(cast.NOW, organiser, workshop))
        assert said == "Còn 1 đại biểu chưa được mời."
        assert door == f"{workshop.pk}/tin-nhan/gui/invitation/"
        Notice.objects.create(
            registration=one, kind=NoticeKind.INVITATION, about="1", state=NoticeState.SENT, at=cast.NOW
        )
        page = at(cast.NOW, organiser, workshop)
        assert next_of(page)[1] == f"{workshop.pk}/giay-to/#the.pdf"
        assert "đã mời 1/1" in step(page, "Gửi giấy mời")

    def test_who_cannot_be_told_by_message_needs_paper_and_is_no_reason_to_wait(self, organiser, workshop):
        one = cast.delegate(workshop, contact_phone="+84912345678")
        cast.delegate(workshop, "Lê Văn Bé")
        muted = cast.delegate(workshop, "Danh Sà Mây", contact_phone="+84912345679")
        actions.mute(registration=muted, is_muted=True)
        said, door = next_of(at(cast.NOW, organiser, workshop))
        assert said.startswith("Còn 1 đại biểu chưa được mời. 2 đại biểu không nhận tin nhắn được")
        assert door == f"{workshop.pk}/tin-nhan/gui/invitation/"
        Notice.objects.create(
            registration=one, kind=NoticeKind.INVITATION, about="1", state=NoticeState.SENT, at=cast.NOW
        )
        page = at(cast.NOW, organiser, workshop)
        said, door = next_of(page)
        assert "chưa được mời" not in said
        assert "2 đại biểu không nhận tin nhắn được" in said
        assert "gửi giấy mời in" in said
        assert door == f"{workshop.pk}/giay-to/#the.pdf"
        assert (
            f"{workshop.pk}/giay-to/#giay-moi.pdf" in page.partition('class="plan__next"')[2].partition("</section>")[0]
        )
        assert "đã mời 1/3" in step(page, "Gửi giấy mời")

    def test_who_was_told_before_losing_the_number_needs_no_paper(self, organiser, workshop):
        one = cast.delegate(workshop)
        Notice.objects.create(
            registration=one, kind=NoticeKind.INVITATION, about="1", state=NoticeState.SENT, at=cast.NOW
        )
        assert next_of(at(cast.NOW, organiser, workshop))[0].startswith("Đã mời đủ.")

    def test_on_the_day_without_delegates_their_list_is_brought_or_the_door_opened(self, organiser, workshop):
        page = at(AFTERNOON - timedelta(hours=4), organiser, workshop)
        said, door = next_of(page)
        assert "chưa có đại biểu nào" in said
        assert door == f"{workshop.pk}/nhap-danh-sach/"
        assert f"diem-danh/{workshop.pk}/ban/" in page.partition('class="plan__next"')[2].partition("</section>")[0]

    def test_on_the_day_the_door_is_opened(self, organiser, workshop):
        one = cast.delegate(workshop)
        page = at(AFTERNOON - timedelta(hours=4), organiser, workshop)
        assert next_of(page) == ("Hôm nay lớp đón đại biểu: 0/1 có mặt.", f"diem-danh/{workshop.pk}/ban/")
        cast.present(one)
        assert next_of(at(AFTERNOON + timedelta(hours=1), organiser, workshop))[0].endswith("1/1 có mặt.")

    def test_when_it_is_over_it_is_closed(self, organiser, workshop):
        cast.delegate(workshop)
        assert next_of(at(AFTERNOON + timedelta(days=1), organiser, workshop))[1] == f"{workshop.pk}/chot/"

    def test_what_the_door_could_not_settle_is_said_before(self, organiser, workshop):
        cast.delegate(workshop)
        Scan.objects.create(
            nonce="1", session=workshop.sessions.get(), code="x", outcome=ScanOutcome.UNKNOWN, occurred_at=AFTERNOON, recorded_at=AFTERNOON
        )  # fmt: skip
        page = at(AFTERNOON + timedelta(days=1), organiser, workshop)
        assert "Xem lại 1 lượt điểm danh" in next_of(page)[0]
        assert "1 lượt chờ" in step(page, "Lượt cần xem lại")

    def test_of_a_day_long_ago_without_delegates_the_list_comes_first(self, organiser, workshop):
        assert next_of(at(AFTERNOON + timedelta(days=900), organiser, workshop))[1] == f"{workshop.pk}/nhap-danh-sach/"

    def test_once_closed_there_is_the_report_and_with_certificates_their_printing(self, organiser, workshop):
        one = cast.delegate(workshop)
        cast.present(one)
        Workshop.objects.update(closed_at=AFTERNOON + timedelta(hours=4))
        page = at(AFTERNOON + timedelta(hours=5), organiser, workshop)
        assert next_of(page)[1] == f"{workshop.pk}/bao-cao/"
        assert "chưa cấp giấy nào" in step(page, "In giấy chứng nhận")
        cast.award(workshop.activity.course)
        enrolled = cast.enrolment(one.person, workshop.activity.course)
        cast.finish(enrolled, AFTERNOON)
        certificates.issue(enrolment_id=enrolled.pk, at=AFTERNOON)
        page = at(AFTERNOON + timedelta(hours=5), organiser, workshop)
        assert next_of(page)[1].startswith("in-hang-loat/")
        assert "1 giấy" in step(page, "In giấy chứng nhận")
        assert "giấy số" in page

    def test_cancelled_it_tells_who_was_told(self, organiser, workshop):
        cast.delegate(workshop)
        actions.cancel_workshop(workshop=workshop, reason="Bão", by=organiser, at=cast.NOW)
        assert next_of(at(cast.NOW, organiser, workshop))[1] == f"{workshop.pk}/tin-nhan/"

    def test_who_merely_looks_has_nothing_to_do_next(self, workshop):
        page = at(cast.NOW, cast.staff("manager", cast.province()), workshop)
        assert "Việc tiếp theo" not in page
        assert "Danh sách ký tên" in page
        for door in ("nhap-danh-sach", f"{workshop.pk}/chot/", "thong-tin", "#the.pdf", "them-dai-bieu"):
            assert door not in page


class TestSteps:
    def test_how_far_each_is_stands_beside_it(self, organiser, workshop):
        for name in ("Trần Thị Út", "Lê Văn Bé"):
            cast.delegate(workshop, name)
        cast.present(Registration.objects.earliest("pk"))
        Desk.objects.create(
            workshop=workshop, name="Bàn 1", code_hash="x", made_at=cast.NOW, expires_at=AFTERNOON + timedelta(hours=8)
        )
        actions.make_tests(
            workshop=workshop, bank=bank(), questions=5, pass_percent=60, is_anonymous=False, by=organiser, at=cast.NOW
        )
        page = at(AFTERNOON, organiser, workshop)
        for label, state in {
            "Nhập danh sách": "2 đại biểu", "Gửi giấy mời": "đã mời 0/2", "Số người có mặt": "1/2 có mặt", "Bàn điểm danh": "1 bàn đang mở",
            "Màn chiếu": "đầu vào: chưa mở; đầu ra: chưa mở", "Chốt lớp": "chưa chốt", "Báo cáo kết quả": "chưa viết",
        }.items():  # fmt: skip
            assert state in step(page, label)

    def test_what_closing_ends_stays_and_says_why(self, organiser, workshop):
        cast.delegate(workshop)
        closed = AFTERNOON + timedelta(hours=4)
        Workshop.objects.update(closed_at=closed)
        page = at(closed, organiser, workshop)
        for label in (
            "Nhập danh sách",
            "Thêm một đại biểu",
            "Gửi giấy mời",
            "Bàn điểm danh",
            "ký tên",
            "Thông tin chung",
            "Chỉ tiêu",
        ):
            assert "<a" not in step(page, label) or label == "ký tên"
        assert "lớp đã chốt" in step(page, "Nhập danh sách")
        assert "cần sửa thì mở lại ở mục Chốt lớp" in page
        assert f"đã chốt {timezone.localtime(closed):%H:%M}" in step(page, "Chốt lớp, cấp giấy")

    def test_an_invitation_goes_until_it_begins(self, organiser, workshop):
        cast.delegate(workshop)
        assert "<a" in step(at(AFTERNOON - timedelta(hours=1), organiser, workshop), "Gửi giấy mời")
        assert "lớp đã bắt đầu" in step(at(AFTERNOON + timedelta(hours=1), organiser, workshop), "Gửi giấy mời")

    def test_papers_are_found_where_they_are_needed(self, organiser, workshop):
        page = at(cast.NOW, organiser, workshop)
        before, after = page.partition("Trước lớp")[2].partition("Trong lớp")[0], page.partition("Sau lớp")[2]
        for paper in ("the.pdf", "ky-ten.pdf", "giay-moi.pdf", "phieu-dong-y.pdf"):
            assert f"giay-to/#{paper}" in before
        assert "giay-to/#so-lieu.xlsx" in after
        with cast.on(cast.NOW):
            papers = cast.client_of(organiser).get(f"{ROOM}{workshop.pk}/giay-to/").text
        for paper in ("the.pdf", "ky-ten.pdf", "giay-moi.pdf", "phieu-dong-y.pdf", "so-lieu.xlsx"):
            assert f'<p id="{paper}"' in papers

    def test_the_number_of_queries_does_not_grow(self, organiser, workshop, django_assert_max_num_queries):
        FormQuestion.objects.create(workshop=workshop, label="Ăn chay?", kind="yes-no")
        client, first = cast.client_of(organiser), workshop.sessions.get()
        for number in range(3):
            cast.present(
                cast.delegate(workshop, f"Lê Văn {['Ba', 'Bé', 'Bí'][number]}", contact_phone=f"+8491234567{number}")
            )
            Session.objects.create(workshop=workshop, name="Sau", starts_at=first.starts_at + timedelta(days=number + 1), ends_at=first.ends_at + timedelta(days=number + 1))  # fmt: skip
        with cast.on(AFTERNOON), django_assert_max_num_queries(60) as few:
            client.get(f"{ROOM}{workshop.pk}/")
        for name in ("Trần Thị Út", "Trần Thị Ba", "Trần Thị Tư", "Trần Thị Năm"):
            cast.present(cast.delegate(workshop, name))
        with cast.on(AFTERNOON), django_assert_max_num_queries(len(few)):
            client.get(f"{ROOM}{workshop.pk}/")


class TestWrittenDownAfterwards:
    """A class of 2023 that is entered as it was: nobody is written to, and nobody stands at a door."""

    LATER = AFTERNOON + timedelta(days=900)

    @pytest.fixture(autouse=True)
    def _of_before(self, workshop):
        Workshop.objects.update(created_at=self.LATER)

    def test_what_makes_no_sense_any_more_says_so_instead_of_a_link(self, organiser, workshop):
        cast.delegate(workshop)
        page = at(self.LATER, organiser, workshop)
        for label in ("Gửi giấy mời", "Tin nhắn đã gửi", "Bàn điểm danh", "Chỉ tiêu"):
            assert "<a" not in step(page, label)
            assert "lớp được ghi lại sau ngày học" in step(page, label)
        for label in ("Nhập danh sách", "ký tên", "Chốt lớp", "Báo cáo kết quả", "Các buổi", "kiểm tra"):
            assert "<a" in step(page, label)

    def test_who_was_there_is_taken_from_the_signed_list_and_then_it_is_closed(self, organiser, workshop):
        assert "chờ người học tự đăng ký" not in next_of(at(self.LATER, organiser, workshop))[0]
        one = cast.delegate(workshop)
        assert next_of(at(self.LATER, organiser, workshop))[1] == f"diem-danh/{workshop.pk}/ky-ten/"
        cast.present(one)
        assert next_of(at(self.LATER, organiser, workshop))[1] == f"{workshop.pk}/chot/"

    def test_seats_and_a_desk_that_are_there_by_mistake_can_still_be_taken_away(self, organiser, workshop):
        Quota.objects.create(workshop=workshop, place=cast.commune(), seats=5)
        Desk.objects.create(
            workshop=workshop,
            name="Bàn 1",
            code_hash="x",
            made_at=self.LATER,
            expires_at=self.LATER + timedelta(hours=8),
        )
        page = at(self.LATER, organiser, workshop)
        assert "<a" in step(page, "Chỉ tiêu")
        assert "<a" in step(page, "Bàn điểm danh")

    def test_one_that_is_merely_over_keeps_its_messages_and_desks(self, organiser, workshop):
        Workshop.objects.update(created_at=cast.NOW)
        page = at(self.LATER, organiser, workshop)
        for label in ("Tin nhắn đã gửi", "Bàn điểm danh", "Chỉ tiêu"):
            assert "<a" in step(page, label)


class TestDelegates:
    def test_their_phones_are_shown_to_whoever_calls_them(self, organiser, workshop):
        cast.delegate(workshop, contact_phone="+84912345678")
        page = at(cast.NOW, organiser, workshop)
        assert "09•• ••• 678" in page
        assert '<a href="tel:+84912345678">0912 345 678</a>' in page

    def test_a_looker_sees_those_of_people_who_live_there_now(self, workshop):
        here, gone = (
            cast.delegate(workshop, contact_phone="+84912345678"),
            cast.delegate(workshop, "Trần Thị Út", contact_phone="+84912345679"),
        )
        gone.person.place = cast.commune("Bảo Nhai", "Lào Cai")
        gone.person.save()
        page = at(cast.NOW, cast.staff("manager", cast.province()), workshop)
        assert here.person.name in page
        assert gone.person.name in page
        assert ("+84912345678" in page, "345 679" in page, "679" in page) == (True, False, False)

    def test_who_came_and_who_came_late(self, organiser, workshop):
        early, late = cast.delegate(workshop), cast.delegate(workshop, "Trần Thị Út")
        cast.present(early)
        cast.present(late, at=AFTERNOON + timedelta(minutes=40))
        page = at(AFTERNOON + timedelta(hours=1), organiser, workshop)
        assert f"có mặt {timezone.localtime(AFTERNOON):%H:%M}" in page
        assert page.count("đến muộn") == 1
        Attendance.objects.filter(registration=late).update(way="sheet")
        assert "đến muộn" not in at(AFTERNOON + timedelta(hours=1), organiser, workshop)

    @pytest.mark.parametrize(("is_anonymous", "times"), [(False, 1), (True, 0)])
    def test_a_test_that_names_nobody_is_nobodys_here(self, organiser, workshop, is_anonymous, times):
        one = cast.delegate(workshop)
        actions.make_tests(
            workshop=workshop,
            bank=bank(),
            questions=5,
            pass_percent=60,
            is_anonymous=is_anonymous,
            by=organiser,
            at=cast.NOW,
        )
        test = workshop.tests.get(moment="before")
        test.sheets.create(
            registration=None if is_anonymous else one,
            badge=one.number,
            right=1,
            questions=5,
            source="phone",
            handed_in_at=cast.NOW,
        )
        assert at(AFTERNOON, organiser, workshop).count("đã làm bài đầu vào") == times

    def test_own_questions_are_counted_of_those_with_a_seat(self, organiser, workshop):
        eats = FormQuestion.objects.create(workshop=workshop, label="Anh/Chị ăn chay?", kind="yes-no")
        brings = FormQuestion.objects.create(workshop=workshop, label="Mang gì?", kind="choices", options="Tôm\nMật")
        for name, answers in {"Lê Văn Bé": ("yes", ["Tôm", "Mật"]), "Trần Thị Út": ("yes", ["Tôm"]), "Lê Văn Tư": ("no", []), "Lê Văn Ba": ("yes", [])}.items():  # fmt: skip
            Registration.objects.filter(pk=cast.delegate(workshop, name).pk).update(
                answers={str(eats.pk): answers[0], str(brings.pk): answers[1]}
            )
        actions.cancel(registration=Registration.objects.get(person__name="Lê Văn Ba"), at=cast.NOW)
        page = at(cast.NOW, organiser, workshop)
        assert "<dt>Anh/Chị ăn chay?</dt><dd>có: <b>2</b>; không: <b>1</b></dd>" in page
        assert "<dt>Mang gì?</dt><dd>Tôm: <b>2</b>; Mật: <b>1</b></dd>" in page
        assert "Mang gì? Tôm, Mật" in page


def test_calls_are_announced_for_ninety_days_after_the_last_session(organiser, workshop):
    last = workshop.sessions.get().ends_at + timedelta(days=2)
    Session.objects.create(workshop=workshop, name="Buổi sau", starts_at=last - timedelta(hours=3), ends_at=last)
    day = timezone.localtime(last + timedelta(days=90))
    assert f"từ {day:%d/%m/%Y}" in step(at(cast.NOW, organiser, workshop), "Gọi lại sau ba tháng")
