"""The register of subjects: who sees which, finding, writing down, confirming, joining two that are one, closing, and products."""

import io
import re
from datetime import date, timedelta

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from accounts import actions, personal
from accounts.models import Person, Product, Subject
from accounts.viewsets.subjects import today
from courses.models import Enrolment
from lib import registries
from lib.refusals import Refusal
from reports.calling import actions as calling
from reports.models import Contact
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.once]
LIST = "/quan-tri/subject/"


def subject(name="HTX Tôm khô Rạch Gốc", place=None, **more) -> Subject:
    said = {"kind": "cooperative", "leader": "Trần Thị Út", "phone": "0912 345 678"} | more
    return actions.write_subject(name=name, place=place or cast.commune(), by=None, at=cast.NOW, **said)


def product(of: Subject, name="Tôm khô", stars=4, until: date | None = date(2029, 2, 5)) -> Product:
    return actions.write_product(
        subject=of, name=name, stars=stars, decision="12/QĐ-UBND ngày 05/02/2026", valid_until=until, by=None
    )


def manager(place=None, phone="0987654321"):
    return cast.client_of(cast.staff("manager", place or cast.commune(), phone=phone))


@pytest.fixture
def officer():
    return manager()


def accounts_user():
    """Somebody at the last step of signing up, in the commune."""
    user = actions.user_for_phone(phone="+84912000111", at=cast.NOW)
    actions.keep_draft(user=user, values={"name": "Lê Bé", "place": cast.commune().pk, "kind": "subject"})
    return user


def address(name: str, of) -> str:
    return reverse(f"accounts_admin:{name}", args=[of.pk])


def names(client, query="") -> list[str]:
    return [one.name for one in client.get(LIST + query).context["object_list"]]


class TestWhoSeesWhich:
    def test_a_manager_sees_the_subjects_of_the_own_place_and_of_no_other(self):
        subject(), subject("Cơ sở Mắm Lào Cai", cast.commune("Bảo Thắng", "Lào Cai"))
        assert names(manager()) == ["HTX Tôm khô Rạch Gốc"]
        assert names(manager(cast.province(), "0987654322")) == ["HTX Tôm khô Rạch Gốc"]
        assert names(manager(cast.province("Lào Cai"), "0987654323")) == ["Cơ sở Mắm Lào Cai"]

    def test_the_list_is_called_the_register_and_counts_subjects(self, officer):
        subject()
        page = officer.get(LIST).text
        assert "Sổ chủ thể" in page
        assert "1 chủ thể OCOP" in " ".join(page.split())

    def test_the_centre_sees_all(self):
        subject(), subject("Cơ sở Mắm Lào Cai", cast.commune("Bảo Thắng", "Lào Cai"))
        assert len(names(cast.client_of(cast.staff("manager", None)))) == 2

    @pytest.mark.parametrize(
        "page",
        ["correct_subject", "confirm_subject", "join_subject", "close_subject", "reopen_subject", "add_product"],
    )
    def test_a_foreign_subject_and_one_that_is_not_there_look_the_same(self, page):
        one, client = subject(), manager(cast.province("Lào Cai"))
        there = client.post(address(page, one), {"reason": "x"})
        missing = client.post(reverse(f"accounts_admin:{page}", args=[one.pk + 999]), {"reason": "x"})
        assert (there.status_code, missing.status_code) == (404, 404)
        assert ModelLogEntry.objects.for_instance(one).count() == 1

    @pytest.mark.parametrize("page", ["correct_product", "remove_product"])
    def test_so_do_its_products(self, page):
        made, client = product(subject()), manager(cast.province("Lào Cai"))
        assert client.post(address(page, made), {"reason": "x"}).status_code == 404
        assert client.post(reverse(f"accounts_admin:{page}", args=[made.pk + 999]), {}).status_code == 404
        assert Product.objects.count() == 1

    def test_an_organiser_looks_and_changes_nothing(self):
        one, client = subject(), cast.client_of(cast.staff("organiser", cast.province()))
        page = client.get(f"{LIST}inspect/{one.pk}/").text
        assert one.name in page
        assert "Sửa thông tin" not in page
        assert client.get(address("correct_subject", one), follow=True).redirect_chain

    def test_people_elsewhere_are_counted_and_not_named(self, officer):
        one = subject()
        person = cast.person("Người Nơi Khác", cast.commune("Bảo Thắng", "Lào Cai"))
        Person.objects.filter(pk=person.pk).update(subject=one)
        page = officer.get(f"{LIST}inspect/{one.pk}/").text
        assert "1 người ở địa bàn khác" in page
        assert "Người Nơi Khác" not in page


class TestFinding:
    def test_without_diacritics_by_name_product_leader_and_number(self, officer):
        one = subject()
        product(one, "Khô cá dứa")
        subject("Hộ Ba khía", leader="Lê Văn Bé", phone="0987 000 111")
        for query in ("tom kho", "ca dua", "Trần Thị", "0912345678", "678", "5678", "345 678"):
            assert names(officer, f"?q={query}") == [one.name], query

    def test_by_stars_and_by_when_they_run_out(self, officer):
        soon, over, later = subject("Sắp hết"), subject("Hết rồi"), subject("Còn lâu")
        product(soon, stars=5, until=today() + timedelta(days=100))
        product(over, stars=3, until=today() - timedelta(days=1))
        product(later, stars=3, until=today() + timedelta(days=400))
        assert names(officer, "?valid=soon") == ["Sắp hết"]
        assert names(officer, "?valid=over") == ["Hết rồi"]
        assert names(officer, "?stars=3") == ["Còn lâu", "Hết rồi"]
        assert names(officer, "?ordering=ends_on") == ["Hết rồi", "Sắp hết", "Còn lâu"]
        subject("Chưa có sản phẩm")
        assert names(officer, "?ordering=ends_on")[-1] == "Chưa có sản phẩm"
        assert [names(officer, "?ordering=-best")[at] for at in (0, -1)] == ["Sắp hết", "Chưa có sản phẩm"]

    def test_what_has_no_stars_has_none_that_run_out(self, officer):
        for days in (9, -9):
            product(subject(f"Chưa phân hạng {days}"), stars=None, until=today() + timedelta(days=days))
        assert [names(officer, f"?valid={when}") for when in ("soon", "over")] == [[], []]

    def test_by_whether_its_leader_has_learnt(self, officer):
        led = cast.person("Đã Học", subject_name="Chủ thể đã học")
        cast.person("Chưa Học", subject_name="Chủ thể chưa học")
        cast.finish(cast.enrolment(led, cast.course(lessons=1)))
        assert names(officer, "?trained=no") == ["Chủ thể chưa học"]
        assert names(officer, "?trained=yes") == ["Chủ thể đã học"]

    def test_by_whether_anybody_of_it_learns(self, officer):
        cast.person("Chưa Học", subject_name="Chủ thể chưa học")
        one = cast.person("Đang Học", subject_name="Chủ thể đang học", subject_role="worker")
        cast.enrolment(one, cast.course(lessons=1))
        assert names(officer, "?learning=no") == ["Chủ thể chưa học"]
        assert names(officer, "?learning=yes") == ["Chủ thể đang học"]

    def test_a_worker_who_has_learnt_is_no_leader(self, officer):
        worker = cast.person("Lao Động", subject_name="Chủ thể", subject_role="worker")
        cast.finish(cast.enrolment(worker, cast.course(lessons=1)))
        assert names(officer, "?trained=yes") == []

    def test_by_state_and_kind(self, officer):
        cast.person(subject_name="Tự khai")
        closed = subject("Đã ngừng")
        officer.post(address("close_subject", closed), {"reason": "giải thể"})
        subject("Đã đối chiếu", kind="enterprise")
        assert names(officer, "?state=unconfirmed") == ["Tự khai"]
        assert names(officer, "?state=closed") == ["Đã ngừng"]
        assert names(officer, "?state=confirmed") == ["Đã đối chiếu"]
        assert names(officer, "?kind=enterprise") == ["Đã đối chiếu"]


class TestWritingDown:
    said = {"name": "HTX Mắm Út", "kind": "cooperative", "place": "rach goc", "leader": "Trần Thị Út"}

    def test_what_an_officer_writes_is_confirmed_and_logged(self, officer):
        answer = officer.post("/quan-tri/chu-the/them/", self.said | {"phone": "912345678"})
        one = Subject.objects.get()
        assert answer.url == f"{LIST}inspect/{one.pk}/"
        assert (one.place, one.is_confirmed, one.phone) == (cast.commune(), True, "0912 345 678")
        assert ModelLogEntry.objects.get(action="accounts.subject_added").user.phone == "+84987654321"

    def test_the_number_of_a_landline_stays_as_it_was_typed(self, officer):
        officer.post("/quan-tri/chu-the/them/", self.said | {"phone": "0290 3831 234 (văn phòng)"})
        assert Subject.objects.get().phone == "0290 3831 234 (văn phòng)"

    def test_one_name_stands_once_in_a_commune(self, officer):
        officer.post("/quan-tri/chu-the/them/", self.said)
        again = officer.post("/quan-tri/chu-the/them/", self.said | {"name": "htx mam ut"})
        assert again.status_code == 422
        assert "đã có chủ thể “HTX Mắm Út” trong sổ" in again.text
        assert Subject.objects.count() == 1

    def test_pressed_twice_it_stands_once(self, officer):
        answers = [officer.post("/quan-tri/chu-the/them/", self.said) for _press in range(2)]
        assert {answer.headers["Location"] for answer in answers} == {f"{LIST}inspect/{Subject.objects.get().pk}/"}
        assert ModelLogEntry.objects.filter(action="accounts.subject_added").count() == 1

    def test_what_another_or_an_earlier_form_wrote_is_no_second_press(self, officer):
        officer.post("/quan-tri/chu-the/them/", self.said)
        assert manager(cast.province(), "0987654322").post("/quan-tri/chu-the/them/", self.said).status_code == 422
        assert officer.post("/quan-tri/chu-the/them/", self.said | {"leader": "Lê Bé"}).status_code == 422
        Subject.objects.update(created_at=timezone.now() - timedelta(minutes=2))
        assert officer.post("/quan-tri/chu-the/them/", self.said).status_code == 422

    def test_a_place_elsewhere_is_refused(self, officer):
        answer = officer.post("/quan-tri/chu-the/them/", self.said | {"place": "Bảo Thắng, Lào Cai"})
        assert answer.status_code == 422
        assert not Subject.objects.exists()

    def test_a_correction_says_why_and_the_log_holds_no_number(self, officer):
        one = subject()
        said = {
            "name": "HTX Tôm khô",
            "kind": "cooperative",
            "place": "rach goc",
            "leader": "Út",
            "phone": "0911111111",
        }
        assert officer.post(address("correct_subject", one), said).status_code == 422
        officer.post(address("correct_subject", one), said | {"reason": "theo quyết định"})
        one.refresh_from_db()
        entry = ModelLogEntry.objects.get(action="accounts.subject_corrected")
        assert (one.name, one.leader, one.phone) == ("HTX Tôm khô", "Út", "0911 111 111")
        assert set(entry.data["fields"]) == {"name", "leader", "phone"}
        assert entry.data["before"] == {"name": "HTX Tôm khô Rạch Gốc"}

    def test_a_form_left_open_does_not_write_over_what_another_has_corrected(self, officer):
        one = subject()
        seen = officer.get(address("correct_subject", one)).context["form"]["seen"].value()
        said = {"name": one.name, "kind": "household", "place": "rach goc", "reason": "x", "seen": seen}
        Subject.objects.filter(pk=one.pk).update(leader="Người Khác")
        assert officer.post(address("correct_subject", one), said).status_code == 422
        assert Subject.objects.get().leader == "Người Khác"

    def test_what_a_trainee_typed_is_confirmed_by_an_officer(self, officer):
        cast.person()
        one = Subject.objects.get()
        assert "Chưa xác nhận" in officer.get(f"{LIST}inspect/{one.pk}/").text
        officer.post(address("confirm_subject", one)), officer.post(address("confirm_subject", one))
        one.refresh_from_db()
        assert one.is_confirmed
        assert ModelLogEntry.objects.filter(action="accounts.subject_confirmed").count() == 1

    def test_one_that_stopped_is_kept_with_the_reason_and_may_go_on(self, officer):
        one = subject()
        assert officer.post(address("close_subject", one), {"reason": " "}).status_code == 422
        officer.post(address("close_subject", one), {"reason": "giải thể"})
        one.refresh_from_db()
        assert (bool(one.closed_at), one.closed_reason) == (True, "giải thể")
        assert "Ngừng hoạt động từ" in officer.get(f"{LIST}inspect/{one.pk}/").text
        officer.post(address("reopen_subject", one))
        one.refresh_from_db()
        assert (one.closed_at, one.closed_reason) == (None, "")


class TestJoining:
    def test_people_products_and_records_follow_and_the_log_says_so(self, officer):
        learner = cast.person(subject_name="Tôm khô Rạch Gốc")
        enrolment = cast.enrolment(learner, cast.course(lessons=1))
        typed, kept = learner.subject, subject(leader="", phone="")
        Subject.objects.filter(pk=typed.pk).update(leader="Trần Thị Út", phone="0912 345 678")
        product(typed)
        page = officer.get(address("join_subject", typed))
        assert kept.name in page.text
        said = {"into": kept.pk, "reason": "cùng người đứng đầu"}
        assert officer.post(address("join_subject", typed), said).url == f"{LIST}inspect/{kept.pk}/"
        kept.refresh_from_db(), learner.refresh_from_db()
        assert (learner.subject, Enrolment.objects.get(pk=enrolment.pk).subject) == (kept, kept)
        assert [one.name for one in kept.products.all()] == ["Tôm khô"]
        assert (kept.leader, kept.phone) == ("Trần Thị Út", "0912 345 678")
        entry = ModelLogEntry.objects.get(action="accounts.subjects_joined")
        assert entry.data["joined"] == "Tôm khô Rạch Gốc"
        assert entry.data["moved"] == {"accounts.Person": 1, "courses.Enrolment": 1}

    def test_registrations_of_workshops_follow_too(self):
        registration = cast.delegate(cast.workshop(), subject_name="Tôm khô Rạch Gốc")
        one, kept = registration.person.subject, subject()
        actions.join_subjects(subject=one, into=kept, by=None, reason="x")
        registration.refresh_from_db()
        assert registration.subject == kept

    def test_of_two_products_of_one_name_the_one_valid_longer_stays_and_the_log_keeps_the_other(self):
        one, kept = subject("Tôm Rạch Gốc"), subject()
        product(one, stars=4, until=date(2029, 1, 1)), product(kept, stars=3, until=date(2026, 1, 1))
        actions.join_subjects(subject=one, into=kept, by=None, reason="x")
        assert [(p.stars, p.valid_until) for p in kept.products.all()] == [(4, date(2029, 1, 1))]
        dropped = ModelLogEntry.objects.get(action="accounts.subjects_joined").data["dropped"]
        assert [(p["stars"], p["valid_until"]) for p in dropped] == [(3, "01/01/2026")]

    def test_whoever_types_the_old_name_means_the_one_that_is_left(self):
        one, kept = subject("Tôm Rạch Gốc"), subject()
        actions.join_subjects(subject=one, into=kept, by=None, reason="x")
        assert cast.person(subject_name="tom rach goc").subject == kept
        with pytest.raises(Refusal, match="đã được gộp vào “HTX Tôm khô Rạch Gốc”"):
            subject("Tôm Rạch Gốc")

    def test_an_officer_who_types_the_old_name_renames_nothing(self, officer):
        learner = cast.person(subject_name="Tôm Rạch Gốc")
        kept = subject()
        actions.join_subjects(subject=learner.subject, into=kept, by=None, reason="x")
        said = {"name": learner.name, "place": "rach goc", "kind": "subject", "subject_name": "Tôm Rạch Gốc"}
        said |= {"subject_kind": "household", "subject_role": "worker", "reason": "x"}
        officer.post(f"/quan-tri/nguoi/{learner.pk}/sua/", said)
        kept.refresh_from_db(), learner.refresh_from_db()
        assert (kept.name, kept.kind) == ("HTX Tôm khô Rạch Gốc", "cooperative")
        assert (learner.subject, learner.subject_role) == (kept, "worker")

    def test_who_signs_up_is_offered_those_that_stand_the_confirmed_first(self):
        cast.person(subject_name="A tự khai")
        gone, joined, kept = subject("B đã ngừng"), subject("C đã gộp"), subject("Z còn lại")
        actions.close_subject(subject=gone, by=None, reason="x", at=cast.NOW)
        actions.join_subjects(subject=joined, into=kept, by=None, reason="x")
        page = cast.client_of(accounts_user()).get("/tai-khoan/ho-so/dong-y/").text
        offered = re.findall(r'<option value="([^"]+)"></option>', page)
        assert offered == ["Z còn lại", "A tự khai"]

    def test_it_stands_in_the_list_no_more_and_its_page_is_gone(self, officer):
        one, kept = subject("Tôm Rạch Gốc"), subject()
        actions.join_subjects(subject=one, into=kept, by=None, reason="x")
        assert names(officer) == [kept.name]
        assert officer.get(f"{LIST}inspect/{one.pk}/").status_code == 404
        assert "Còn được ghi là: Tôm Rạch Gốc" in officer.get(f"{LIST}inspect/{kept.pk}/").text

    def test_two_who_stand_on_one_list_of_whom_to_call_stand_there_once(self, officer):
        one, kept = subject("Tôm khô Rạch Gốc"), subject()
        calling.drawn(place=cast.commune(), at=cast.NOW)
        said = {"into": kept.pk, "reason": "cùng người đứng đầu"}
        assert officer.post(address("join_subject", one), said).url == f"{LIST}inspect/{kept.pk}/"
        assert [contact.subject for contact in Contact.objects.all()] == [kept]

    def test_one_that_works_is_not_joined_into_one_that_closed(self):
        works, closed = subject(), subject("HTX Đã Nghỉ")
        actions.close_subject(subject=closed, reason="Nghỉ", by=None, at=cast.NOW)
        with pytest.raises(Refusal, match="ngừng hoạt động"):
            actions.join_subjects(subject=works, into=closed, by=None, reason="")
        assert actions.join_subjects(subject=closed, into=works, by=None, reason="") == works

    def test_a_product_that_was_removed_meanwhile_is_told_in_words(self, officer):
        made = product(subject())
        held = Product.objects.get(pk=made.pk)
        actions.remove_product(product=made, by=None, reason="Ghi nhầm")
        with pytest.raises(Refusal, match="vừa được bỏ"):
            actions.remove_product(product=held, by=None, reason="Ghi nhầm")
        with pytest.raises(Refusal, match="vừa được bỏ"):
            actions.correct_product(
                product=held,
                name="Tôm khô",
                stars=5,
                decision="",
                valid_until=None,
                by=cast.staff("editor", phone="0977000999"),
            )

    def test_what_a_name_was_joined_to_elsewhere_is_not_told_here(self):
        one, far = subject("Tôm Rạch Gốc"), subject("HTX Của Tỉnh Khác", cast.commune("Bảo Thắng", "Lào Cai"))
        actions.join_subjects(subject=one, into=far, by=None, reason="x")
        with pytest.raises(Refusal, match="đã được gộp vào một chủ thể ở nơi khác") as refused:
            subject("Tôm Rạch Gốc")
        assert far.name not in str(refused.value)

    def test_names_that_were_joined_before_come_along(self):
        first, second, third = subject("Một"), subject("Hai"), subject("Ba")
        actions.join_subjects(subject=first, into=second, by=None, reason="x")
        actions.join_subjects(subject=second, into=third, by=None, reason="x")
        assert {one.name for one in third.merged_from.all()} == {"Một", "Hai"}

    def test_neither_with_itself_nor_twice_nor_into_a_foreign_one(self, officer):
        one, kept = subject("Tôm Rạch Gốc"), subject()
        foreign = subject("Tôm Rạch Gốc", cast.commune("Bảo Thắng", "Lào Cai"))
        for into in (one, foreign):
            answer = officer.post(address("join_subject", one) + "?q=tom", {"into": into.pk, "reason": "x"})
            assert answer.status_code == 422
        with pytest.raises(Refusal, match="cùng một chủ thể"):
            actions.join_subjects(subject=one, into=one, by=None, reason="x")
        actions.join_subjects(subject=one, into=kept, by=None, reason="x")
        with pytest.raises(Refusal, match="vừa được gộp"):
            actions.join_subjects(subject=one, into=kept, by=None, reason="x")


class TestProducts:
    said = {"name": "Tôm khô", "stars": "4", "decision": "12/QĐ-UBND", "valid_until": "05/02/2029"}

    def test_one_is_written_down_corrected_and_taken_out_with_a_reason(self, officer):
        one = subject()
        officer.post(address("add_product", one), self.said)
        made = one.products.get()
        assert (made.stars, made.valid_until) == (4, date(2029, 2, 5))
        officer.post(address("correct_product", made), self.said | {"stars": "5"})
        entry = ModelLogEntry.objects.get(action="accounts.product_corrected")
        assert (entry.data["stars"], entry.data["before"]["stars"]) == (5, 4)
        assert officer.post(address("remove_product", made), {}).status_code == 422
        officer.post(address("remove_product", made), {"reason": "ghi nhầm"})
        assert not one.products.exists()
        assert ModelLogEntry.objects.get(action="accounts.product_removed").data["decision"] == "12/QĐ-UBND"

    def test_pressed_twice_it_stands_once(self, officer):
        one = subject()
        answers = [officer.post(address("add_product", one), self.said) for _press in range(2)]
        assert [answer.status_code for answer in answers] == [302, 302]
        assert one.products.count() == ModelLogEntry.objects.filter(action="accounts.product_added").count() == 1

    def test_a_form_left_open_does_not_write_over_what_another_has_corrected(self, officer):
        made = product(subject(), stars=3)
        seen = officer.get(address("correct_product", made)).context["form"]["seen"].value()
        Product.objects.update(stars=4, valid_until=date(2029, 12, 31))
        answer = officer.post(address("correct_product", made), self.said | {"stars": "3", "seen": seen})
        assert answer.status_code == 422
        assert "một cán bộ khác đã sửa sản phẩm này" in answer.text
        assert Product.objects.get().stars == 4
        seen = answer.context["form"]["seen"].value()
        officer.post(address("correct_product", made), self.said | {"stars": "3", "seen": seen})
        assert Product.objects.get().stars == 3, "who has been told may"

    @pytest.mark.parametrize(
        "wrong",
        [{"stars": "6"}, {"name": "  "}, *({"valid_until": day} for day in ("31/02/2029", "05/02/0226", "9999-12-31"))],
    )
    def test_what_cannot_be_is_refused_and_what_was_typed_stays(self, officer, wrong):
        answer = officer.post(address("add_product", subject()), self.said | wrong)
        assert answer.status_code == 422
        assert "12/QĐ-UBND" in answer.text
        assert not Product.objects.exists()

    def test_a_product_stands_once(self, officer):
        one = subject()
        product(one)
        answer = officer.post(address("add_product", one), self.said | {"name": "TOM KHO"})
        assert "đã có sản phẩm “Tôm khô”" in answer.text

    def test_the_page_says_what_runs_out(self, officer):
        one = subject()
        product(one, "Một", until=today() + timedelta(days=30)), product(one, "Hai", until=today() - timedelta(days=1))
        page = officer.get(f"{LIST}inspect/{one.pk}/").text
        assert page.count("(sắp hết hạn)") == page.count("(đã hết hạn)") == 1


class TestAsAFile:
    def rows(self, client, query="?export=xlsx"):
        book = openpyxl.load_workbook(io.BytesIO(b"".join(client.get(LIST + query).streaming_content)))
        return [list(row) for row in book.active.iter_rows()]

    def test_a_row_for_each_product_and_no_formula(self, officer):
        one = subject("=HYPERLINK(1)")
        product(one, "+Tôm"), product(one, "Cá"), subject("Chưa có sản phẩm")
        cells = self.rows(officer)
        assert [row[5].value for row in cells[1:]] == ["+Tôm", "Cá", ""]
        assert {cell.data_type for row in cells for cell in row if cell.value} == {"s"}
        assert cells[1][0].value == "=HYPERLINK(1)"

    def test_nobody_elses_is_in_it(self, officer):
        subject(), subject("Cơ sở Mắm Lào Cai", cast.commune("Bảo Thắng", "Lào Cai"))
        assert [row[0].value for row in self.rows(officer)[1:]] == ["HTX Tôm khô Rạch Gốc"]
        assert len(self.rows(officer, "?export=xlsx&place=")) == 2


class TestWhatIsKeptOfPeople:
    def records(self):
        return registries.person_records["accounts.Subject.leader"]

    def test_a_leader_takes_along_what_the_register_says_and_has_it_taken_out(self):
        learner = cast.person("Trần Thị Út", subject_name="HTX Mắm")
        Subject.objects.update(leader="TRẦN THỊ ÚT", phone="0912 345 678")
        assert self.records().export(learner.pk) == [
            {"subject": "HTX Mắm", "leader": "TRẦN THỊ ÚT", "phone": "0912 345 678"}
        ]
        assert self.records().erase(learner.pk) == 1
        assert Subject.objects.values_list("name", "leader", "phone").get() == ("HTX Mắm", "", "")

    def test_of_somebody_else_nothing_is_taken_out(self):
        worker = cast.person("Lê Văn Bé", subject_name="HTX Mắm", subject_role="worker")
        Subject.objects.update(leader="Trần Thị Út", phone="0912 345 678")
        assert (self.records().export(worker.pk), self.records().erase(worker.pk)) == ([], 0)

    def test_a_name_that_still_has_somebody_is_a_violation(self):
        learner, kept = cast.person(subject_name="Tôm Rạch Gốc"), subject()
        actions.join_subjects(subject=learner.subject, into=kept, by=None, reason="x")
        assert personal.violations() == []
        gone = Subject.objects.exclude(merged_into=None).get()
        Person.objects.filter(pk=learner.pk).update(subject=gone)
        assert [f"subject {gone.pk} was joined" in said for said in personal.violations()] == [True]
