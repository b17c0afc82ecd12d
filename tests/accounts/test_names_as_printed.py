"""A name goes onto the certificate as it is written here: proposed in the usual letters, never forced, and one's own to correct."""

import re
from uuid import uuid4

import pytest
from wagtail.models import ModelLogEntry

from accounts import actions, rules
from accounts.models import Person
from certificates.actions import issue_missing
from certificates.models import Credential
from tests import cast

pytestmark = pytest.mark.django_db
STEP, OWN = "/tai-khoan/ho-so/ten/", "/tai-khoan/ten/"


@pytest.fixture
def newcomer():
    return cast.client_of(actions.user_for_phone(phone="+84912345678", at=cast.NOW))


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("nguyễn thị mẫu", "Nguyễn Thị Mẫu"),
        ("NGUYỄN THỊ MẪU", "Nguyễn Thị Mẫu"),
        ("đỗ út", "Đỗ Út"),
        ("h'hen niê", "H'Hen Niê"),
        ("Y BLIR-KPĂ", "Y Blir-Kpă"),
        ("Q\u0303UA THỊ BA", "Q\u0303ua Thị Ba"),
        ("H'Hen Niê", "H'Hen Niê"),
        ("Y Phôn Ksor", "Y Phôn Ksor"),
        ("Nguyễn thị Mẫu", "Nguyễn thị Mẫu"),
        ("ថាច់ សុវណ្ណារ៉ា", "ថាច់ សុវណ្ណារ៉ា"),
    ],
)
def test_only_names_all_small_or_all_large_are_written_anew(typed, written):
    assert rules.capitalised(typed) == written


def sent_back(page):
    """The fields of the form as a browser without JavaScript would send them again."""
    return dict(re.findall(r'name="(name|name_asked)" value="([^"]*)"', page))


def test_a_name_in_capitals_is_given_back_as_it_will_be_printed_and_sent_again_it_is_taken(newcomer):
    page = newcomer.post(STEP, {"name": "NGUYỄN THỊ MẪU", "kind": "subject", "birth_year": "1975"}).text
    assert "Chúng tôi viết lại thành “Nguyễn Thị Mẫu”" in page
    assert 'value="1975"' in page
    again = sent_back(page)
    assert again["name"] == "Nguyễn Thị Mẫu"
    assert newcomer.post(STEP, again | {"kind": "subject"}).status_code == 302
    newcomer.post("/tai-khoan/ho-so/noi-o/", {"place": cast.commune().pk})
    assert "sẽ in tên <b" in newcomer.get("/tai-khoan/ho-so/dong-y/").text
    assert "Nguyễn Thị Mẫu</b>" in newcomer.get("/tai-khoan/ho-so/dong-y/").text


def test_to_be_asked_is_no_fault_neither_for_people_nor_for_officers(newcomer):
    page = newcomer.post(STEP, {"name": "trần thị mơ", "kind": "subject"}).text
    assert 'role="status" tabindex="-1" autofocus' in page
    for sign in ("field--error", "field__error", "message--stop", "#alert", "aria-invalid"):
        assert sign not in page
    officer = cast.client_of(cast.staff("manager", cast.commune()))
    typed = {"name": "trần thị mơ", "place": "rach goc", "kind": "official", "official_level": "commune"}
    page = officer.post("/quan-tri/nguoi/dang-ky/", typed | {"how": "paper", "learning-record": "on", "form_token": str(uuid4())}).text  # fmt: skip
    assert "help-info" in page
    assert "error-message" not in page
    assert "Chưa lưu được" not in page


def test_who_insists_is_not_asked_twice(newcomer):
    again = sent_back(newcomer.post(STEP, {"name": "nguyễn thị mẫu", "kind": "subject"}).text)
    answer = newcomer.post(STEP, again | {"name": "nguyễn thị mẫu", "kind": "subject"})
    assert answer.status_code == 302


def test_another_name_is_asked_about_anew(newcomer):
    again = sent_back(newcomer.post(STEP, {"name": "nguyễn thị mẫu", "kind": "subject"}).text)
    assert "“Lê Ba”" in newcomer.post(STEP, again | {"name": "lê ba", "kind": "subject"}).text


def test_an_officer_is_asked_too_and_one_form_is_still_one_person():
    officer = cast.client_of(cast.staff("manager", cast.commune()))
    form = {
        "name": "danh sà mây", "place": "rach goc", "kind": "official", "official_level": "commune", "how": "paper",
        "learning-record": "on", "form_token": str(uuid4()),
    }  # fmt: skip
    page = officer.post("/quan-tri/nguoi/dang-ky/", form)
    assert page.status_code == 422
    assert "“Danh Sà Mây”" in page.text
    assert form["form_token"] in page.text
    officer.post("/quan-tri/nguoi/dang-ky/", form | {"name": "Danh Sà Mây", "name_asked": "Danh Sà Mây"})
    assert Person.objects.get().name == "Danh Sà Mây"


def test_without_a_certificate_people_correct_their_own_name_and_it_is_logged():
    user = cast.trainee("Trần Thị Ut")
    client = cast.client_of(user)
    assert OWN in client.get("/tai-khoan/").text
    assert client.post(OWN, {"name": "Trần Thị Út"}).url == "/tai-khoan/"
    assert "Đã sửa tên" in client.get("/tai-khoan/").text
    person = Person.objects.get()
    assert (person.name, person.search) == ("Trần Thị Út", "tran thi ut")
    entry = ModelLogEntry.objects.get(action="accounts.person_corrected")
    assert (entry.user_id, entry.data["fields"]) == (user.pk, ["name"])
    assert "Út" not in str(entry.data)


@pytest.mark.parametrize("wrong", ["", "Trần Thị 2"])
def test_no_name_is_no_correction(wrong):
    client = cast.client_of(cast.trainee())
    assert "field__error" in client.post(OWN, {"name": wrong}).text
    assert Person.objects.get().name == "Trần Thị Út"


def test_a_name_on_a_certificate_is_corrected_by_an_officer_and_the_pages_say_so():
    user = cast.trainee()
    client, course = cast.client_of(user), cast.course(lessons=1)
    cast.award(course)
    cast.finish(cast.enrolment(user.person, course))
    issue_missing(at=cast.NOW)
    assert Credential.objects.exists()
    page = client.get("/tai-khoan/").text
    assert OWN not in page
    assert "Họ và tên đã in trên giấy chứng nhận" in page
    form = client.get(OWN).text
    assert "cần sửa thì nhờ cán bộ xã" in form
    assert 'name="name"' not in form
    assert "Tên vẫn giữ như cũ" in client.post(OWN, {"name": "Lê Văn Khác"}, follow=True).text
    assert Person.objects.get().name == "Trần Thị Út"
    assert not ModelLogEntry.objects.filter(action="accounts.person_corrected").exists()


def test_the_own_page_shows_the_year_of_birth_that_is_printed_and_nothing_where_there_is_none():
    user = cast.trainee()
    client = cast.client_of(user)
    assert "Năm sinh" not in client.get("/tai-khoan/").text
    user.person.birth_year = 1975
    user.person.save()
    page = client.get("/tai-khoan/").text
    assert "Năm sinh" in page
    assert "1975" in page
