"""An officer writes down who cannot sign up alone, and puts right what is wrong, within the own places."""

import re
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from wagtail.models import ModelLogEntry

from accounts import actions
from accounts.forms.places import PlaceNameField
from accounts.models import Consent, Person, Subject, User
from certificates import actions as certificates
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.once]
REGISTER = "/quan-tri/nguoi/dang-ky/"


@pytest.fixture
def officer():
    return cast.client_of(cast.staff("manager", cast.commune()))


def form(**fields):
    return {
        "form_token": str(uuid4()),
        "name": "Danh Sà Mây",
        "birth_year": "1961",
        "place": "rach goc",
        "kind": "subject",
        "subject_name": "Ba khía Sà Mây",
        "subject_kind": "household",
        "subject_role": "head",
        "how": "paper",
        "learning-record": "on",
    } | fields


def test_a_person_without_a_phone_is_written_down_with_the_paper_that_was_signed(officer):
    answer = officer.post(REGISTER, form())
    person = Person.objects.get(name="Danh Sà Mây")
    assert answer.url == f"/quan-tri/person/inspect/{person.pk}/"
    assert person.place == cast.commune()
    assert person.subject.name == "Ba khía Sà Mây"
    assert [(c.how, c.recorded_by.phone) for c in person.consents.all()] == [("paper", "+84987654321")]
    assert ModelLogEntry.objects.filter(action="accounts.person_registered").count() == 1


def test_the_form_knows_the_commune_of_an_officer_who_has_one(officer):
    assert "Xã Phan Ngọc Hiển, tỉnh Cà Mau" in officer.get(REGISTER).text


def test_a_number_becomes_the_log_in_and_the_first_code_finds_the_person(officer):
    officer.post(REGISTER, form(phone="0912 000 111"))
    user = actions.user_for_phone(phone="+84912000111", at=cast.NOW)
    assert user.person.name == "Danh Sà Mây"
    assert user.phone_verified_at is None


def test_a_couple_shares_a_number_the_second_is_only_called_on_it(officer):
    cast.trainee(phone="0912000111")
    officer.post(REGISTER, form(phone="0912000111"))
    person = Person.objects.get(name="Danh Sà Mây")
    assert person.contact_phone == "+84912000111"
    assert not User.objects.filter(person=person).exists()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"learning-record": ""}, "Chưa đăng ký, vì ô này chưa đánh dấu"),
        ({"how": ""}, "Im lặng không phải là đồng ý"),
        ({"place": "khong co noi nay"}, "Không tìm thấy nơi này"),
        ({"place": "An Xuyên, Cà Mau"}, "Không tìm thấy nơi này"),
        ({"subject_role": ""}, "Hãy ghi mục này"),
        ({"phone": "12"}, "Số điện thoại chưa đúng"),
        ({"name": "1"}, "Họ và tên chỉ gồm chữ"),
    ],
)
def test_a_wrong_form_says_what_and_keeps_what_was_typed(officer, wrong, sentence):
    answer = officer.post(REGISTER, form(**wrong))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Ba khía Sà Mây" in answer.text
    assert not Person.objects.exists()
    assert not Consent.objects.exists()


def test_a_name_that_fits_many_places_is_not_guessed():
    centre = cast.client_of(cast.staff("manager"))
    answer = centre.post(REGISTER, form(place="Tân Hưng"))
    assert "Có nhiều nơi khớp" in answer.text
    assert not Person.objects.exists()


def test_somebody_of_the_same_name_is_shown_before_a_second_is_made(officer):
    officer.post(REGISTER, form())
    answer = officer.post(REGISTER, form())
    assert "Ở xã này đã có người cùng họ tên, cùng năm sinh" in answer.text
    assert "đã có người cùng họ tên" in officer.post(REGISTER, form(birth_year="1980")).text
    assert Person.objects.count() == 1
    Person.objects.update(birth_year=None)
    assert "đã có người cùng họ tên" in officer.post(REGISTER, form(birth_year="")).text, (
        "two unknown years are not one"
    )
    officer.post(REGISTER, form(anyway="1"))
    assert Person.objects.count() == 2


@pytest.mark.parametrize("phone", ["", "0912000111"])
def test_the_same_form_sent_twice_leads_to_the_card_of_one_person(officer, phone):
    twice = form(phone=phone)
    assert officer.post(REGISTER, twice).url == officer.post(REGISTER, twice).url
    assert Person.objects.count() == 1
    assert Consent.objects.count() == 1
    assert ModelLogEntry.objects.filter(action="accounts.person_registered").count() == 1


@pytest.mark.parametrize("other", [{"name": "Kim Thị Sa"}, {"birth_year": "1980", "anyway": "1"}])
def test_a_form_that_comes_back_with_somebody_else_is_asked_again_and_then_makes_that_person(officer, other):
    first = form()
    officer.post(REGISTER, first)
    answer = officer.post(REGISTER, first | other)
    assert "Lần gửi trước đã đăng ký cho Danh Sà Mây rồi" in answer.text
    assert Person.objects.count() == 1
    fresh = re.search(r'name="form_token" value="([^"]+)"', answer.text)[1]
    assert fresh != first["form_token"]
    officer.post(REGISTER, first | other | {"form_token": fresh})
    assert Person.objects.count() == 2


def test_every_form_has_a_token_of_its_own(officer):
    first, second = ([*re.findall(r'name="form_token" value="([^"]+)"', officer.get(REGISTER).text)] for _ in range(2))
    assert (len(first), len(second)) == (1, 1)
    assert first != second


def test_a_correction_changes_the_person_and_tells_why_without_telling_what(officer):
    person = cast.person("Trần Thị Ut")
    fields = form(name="Trần Thị Út", reason="đối chiếu giấy tờ", place="Phan Ngọc Hiển, Cà Mau")
    assert officer.post(f"/quan-tri/nguoi/{person.pk}/sua/", fields).status_code == 302
    person.refresh_from_db()
    assert (person.name, person.search) == ("Trần Thị Út", "tran thi ut")
    entry = ModelLogEntry.objects.get(action="accounts.person_corrected")
    assert entry.data["reason"] == "đối chiếu giấy tờ"
    assert "name" in entry.data["fields"]
    assert "Út" not in str(entry.data)


@pytest.mark.parametrize(
    ("written", "typed", "missing"),
    [
        ({}, {}, []),
        ({}, {"subject_name": "Mắm Út"}, ["subject_kind"]),
        ({}, {"subject_kind": "group"}, ["subject_name"]),
        ({}, {"subject_name": "Mắm Út", "subject_kind": "group"}, []),
        ({"subject_name": "Mắm Út"}, {}, ["subject_name", "subject_kind"]),
        ({"subject_role": "head"}, {}, ["subject_role"]),
    ],
)
def test_what_a_list_did_not_tell_of_somebody_a_correction_does_not_ask_for(officer, written, typed, missing):
    person = cast.person("Trần Thị Ut", **({"subject_name": "", "subject_role": ""} | written))
    empty = {"subject_name": "", "subject_kind": "", "subject_role": ""}
    fields = form(name="Trần Thị Út", reason="đối chiếu giấy tờ", **(empty | typed))
    answer = officer.post(f"/quan-tri/nguoi/{person.pk}/sua/", fields)
    assert (list(answer.context["form"].errors) if answer.context else []) == missing
    person.refresh_from_db()
    assert person.name == ("Trần Thị Ut" if missing else "Trần Thị Út")
    assert str(person.subject or "") == (written if missing else typed).get("subject_name", "")


def test_who_becomes_something_else_is_asked_for_what_belongs_to_it(officer):
    official = cast.person("Trần Thị Ut", kind="official", subject_name="", subject_role="", official_level="commune")
    producer = cast.person("Lê Thị Ba", subject_name="", subject_role="")
    empty = {"subject_name": "", "subject_kind": "", "subject_role": "", "reason": "đối chiếu giấy tờ"}
    wanted = {official: ["subject_name", "subject_kind", "subject_role"], producer: ["official_level"]}
    for person, missing in wanted.items():
        kind = "subject" if person == official else "official"
        answer = officer.post(f"/quan-tri/nguoi/{person.pk}/sua/", form(name=person.name, kind=kind, **empty))
        assert list(answer.context["form"].errors) == missing


def test_a_number_of_somebody_else_is_only_for_calling_and_the_officer_is_told(officer):
    """Else the officer would send a learner with that number into the other one's account."""
    cast.trainee("Nguyễn Thị Mẫu", "0912345678")
    fields = form(name="Phạm Văn Không Máy", place="Phan Ngọc Hiển, Cà Mau", phone="0912345678")
    page = officer.post("/quan-tri/nguoi/dang-ky/", fields, follow=True).text
    assert "Số 0912 345 678 đang là số đăng nhập của người khác" in page
    assert "Chưa có số đăng nhập: vào học bằng phiếu mã." in page
    page = officer.post("/quan-tri/nguoi/dang-ky/", form(form_token=uuid4(), phone="0912000888"), follow=True).text
    assert "của người khác" not in page
    assert "Đăng nhập bằng số 0912 000 888." in page


def test_of_two_officers_who_correct_somebody_the_second_reads_that_the_first_did(officer):
    """What she typed stays, and the next press saves it."""
    person = cast.person("Trần Thị Ut")
    address = f"/quan-tri/nguoi/{person.pk}/sua/"
    seen = re.search(r'name="seen" value="(\w+)"', officer.get(address).text)[1]
    Person.objects.filter(pk=person.pk).update(birth_year=1971)
    fields = form(name="Trần Thị Út", reason="đối chiếu giấy tờ", place="Phan Ngọc Hiển, Cà Mau", seen=seen)
    refused = officer.post(address, fields)
    assert refused.status_code == 422
    assert "một cán bộ khác đã sửa thông tin của người này" in refused.text
    assert 'value="Trần Thị Út"' in refused.text
    person.refresh_from_db()
    assert (person.name, person.birth_year) == ("Trần Thị Ut", 1971)
    again = re.search(r'name="seen" value="(\w+)"', refused.text)[1]
    assert officer.post(address, fields | {"seen": again}).status_code == 302
    person.refresh_from_db()
    assert person.name == "Trần Thị Út"


def test_a_correction_puts_the_subject_right_for_all_who_belong_to_it(officer):
    """Its name is printed on certificates, and nobody else can write it."""
    person, colleague = cast.person(subject_name="Tom kho Hai"), cast.person("Lê Thị Ba", subject_name="Tom kho Hai")
    fields = form(subject_name="Tôm khô Hai", subject_kind="cooperative", reason="đối chiếu giấy tờ")
    officer.post(f"/quan-tri/nguoi/{person.pk}/sua/", fields)
    subject = Subject.objects.get()
    assert (subject.name, subject.kind) == ("Tôm khô Hai", "cooperative")
    assert set(subject.people.all()) == {person, colleague}
    assert "subject" in ModelLogEntry.objects.for_instance(person).latest("pk").data["fields"]
    entry = ModelLogEntry.objects.for_instance(subject).get()
    assert (entry.action, entry.data) == (
        "accounts.subject_corrected",
        {"fields": ["name", "kind"], "reason": "đối chiếu giấy tờ"},
    )


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"subject_name": "Tôm khô Hai", "subject_kind": "household"}, "name"),
        ({"subject_name": "Tom kho Hai", "subject_kind": "group"}, "kind"),
    ],
)
def test_the_log_of_a_subject_names_what_was_put_right_and_nothing_else(officer, typed, field):
    person = cast.person(subject_name="Tom kho Hai")
    officer.post(f"/quan-tri/nguoi/{person.pk}/sua/", form(**typed, reason="đối chiếu giấy tờ"))
    assert ModelLogEntry.objects.for_instance(person.subject).get().data["fields"] == [field]


def test_who_joins_a_subject_does_not_rename_it(officer):
    cast.person("Lê Thị Ba", subject_name="Tôm khô Hai")
    person = cast.person(subject_name="Mắm Út")
    officer.post(
        f"/quan-tri/nguoi/{person.pk}/sua/", form(subject_name="tom kho hai", subject_kind="group", reason="nhầm")
    )
    person.refresh_from_db()
    assert (person.subject.name, person.subject.kind) == ("Tôm khô Hai", "household")


def test_a_correction_needs_a_reason(officer):
    person = cast.person()
    answer = officer.post(f"/quan-tri/nguoi/{person.pk}/sua/", form(reason=""))
    assert "Hãy ghi lý do" in answer.text
    person.refresh_from_db()
    assert person.name == "Trần Thị Út"


def test_who_becomes_an_official_leaves_the_subject(officer):
    person = cast.person()
    officer.post(
        f"/quan-tri/nguoi/{person.pk}/sua/", form(kind="official", official_level="commune", reason="chuyển công tác")
    )
    person.refresh_from_db()
    assert (person.kind, person.subject, person.official_level) == ("official", None, "commune")
    assert Subject.objects.exists()


def test_people_of_other_places_are_not_there_and_nobody_is_moved_out_of_the_own_places(officer):
    foreign = cast.person("Lê Thị Lạ", cast.commune("An Xuyên"))
    assert officer.get(f"/quan-tri/nguoi/{foreign.pk}/sua/").status_code == 404
    mine = cast.person("Trần Thị Út")
    answer = officer.post(f"/quan-tri/nguoi/{mine.pk}/sua/", form(place="An Xuyên, Cà Mau", reason="dời nhà"))
    assert answer.status_code == 422
    mine.refresh_from_db()
    assert mine.place == cast.commune()


def test_people_are_found_without_diacritics(officer):
    cast.person("Trần Thị Út")
    cast.person("Danh Sà Mây")
    page = officer.get("/quan-tri/person/?q=sa may").text
    assert "Danh Sà Mây" in page
    assert "Trần Thị Út" not in page


def test_the_printed_card_shows_code_address_and_a_picture_to_scan(officer):
    person = cast.person()
    page = officer.post(f"/quan-tri/nguoi/{person.pk}/phieu/").text
    assert "/tai-khoan/phieu-ma/" in page
    assert "data:image/png;base64" in page
    assert person.cards.count() == 1


@pytest.mark.parametrize("name", ["xã Ba Tơ, tỉnh Quảng Ngãi", "Xã Ba Tô, tỉnh Quảng Ngãi"])
def test_a_place_written_in_full_is_found_where_only_a_mark_tells_two_apart(name):
    assert PlaceNameField().clean(name).full_name == name.lower()[:1] + name[1:]


def test_two_places_that_a_name_without_marks_fits_are_asked_about():
    with pytest.raises(ValidationError, match="Có nhiều nơi khớp"):
        PlaceNameField().clean("xa ba to, tinh quang ngai")


def test_what_is_asked_of_each_kind_stands_under_its_own_legend(officer):
    page = officer.get(REGISTER).text
    subject, official = page.split('data-kind="official"', 1)
    subject = subject.split('data-kind="subject"', 1)[1]
    assert "Nếu là người làm ra sản phẩm (chủ thể OCOP)" in subject
    assert [f'name="{name}"' in subject for name in ("subject_name", "official_level")] == [True, False]
    official = official.split("</fieldset>", 1)[0]
    assert "Nếu là cán bộ" in official
    assert [f'name="{name}"' in official for name in ("subject_name", "official_level")] == [False, True]


def test_each_field_of_the_forms_is_there_once(officer):
    person = cast.person()
    for address, names in (
        (REGISTER, ("phone", "how", "kind")),
        (f"/quan-tri/nguoi/{person.pk}/sua/", ("reason", "name")),
    ):
        page = officer.get(address).text
        assert all(f'name="{name}"' in page for name in names)
        assert page.count('id="id_subject_name"') == page.count('id="id_birth_year"') == 1


def test_only_where_a_paper_was_issued_is_it_said_that_papers_stay_as_printed(officer):
    course, person = cast.course(lessons=1), cast.person()
    cast.award(course)
    address, kept = f"/quan-tri/nguoi/{person.pk}/sua/", "Giấy chứng nhận đã cấp vẫn giữ như đã in"
    page = officer.post(address, form(name="Trần Thị Bé", reason="đối chiếu giấy tờ"), follow=True).text
    assert "Đã sửa thông tin." in page
    assert kept not in page
    enrolment = cast.enrolment(person, course)
    cast.finish(enrolment)
    certificates.issue(enrolment_id=enrolment.pk, at=cast.NOW)
    again = officer.post(address, form(name="Trần Thị Út", reason="đối chiếu giấy tờ"), follow=True).text
    assert kept in again
