"""An officer's page of a person tells what the person learns and earned, and numbers are written as they are read out."""

import re

import pytest

from accounts import actions as accounts
from certificates import actions
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(db):
    return cast.client_of(cast.staff("manager", cast.commune()))


def page_of(client, person):
    return client.get(f"/quan-tri/person/inspect/{person.pk}/")


def test_it_tells_the_courses_and_the_papers(officer):
    person = cast.trainee().person
    course = cast.course(lessons=1, title="Kể chuyện tôm khô")
    cast.award(course)
    enrolment = cast.enrolment(person, course)
    assert "xong 0/1 bài" in page_of(officer, person).text
    cast.finish(enrolment)
    credential = actions.issue(enrolment_id=enrolment.pk, at=cast.NOW)
    shown = page_of(officer, person).text
    assert "học xong ngày" in shown
    assert f"/quan-tri/enrolment/inspect/{enrolment.pk}/" in shown
    assert credential.number in shown
    assert f"/quan-tri/credential/inspect/{credential.pk}/" in shown


def test_who_learns_nothing_yet_is_said_and_people_of_other_places_stay_unknown(officer):
    assert "Chưa ghi danh khóa nào" in page_of(officer, cast.person()).text
    elsewhere = cast.person("Lý Thị Mẩy", cast.commune("Tả Phìn", "Lào Cai"))
    assert page_of(officer, elsewhere).status_code == 404


def test_the_list_leads_to_it(officer):
    person = cast.person()
    assert f'href="/quan-tri/person/inspect/{person.pk}/"' in officer.get("/quan-tri/person/").text


def test_what_is_not_known_is_a_dash(officer):
    person = cast.person()
    person.contact_phone = ""
    person.save()
    assert re.search(r"Điện thoại liên hệ</dt>\s*<dd>\s*–\s*</dd>", page_of(officer, person).text, re.IGNORECASE)


def test_the_number_is_dialled_from_the_page_and_help_is_offered_before_a_change_of_number(officer):
    person = cast.person(contact_phone="+84912345679")
    shown = page_of(officer, person).text
    assert '<a href="tel:+84912345679">0912 345 679</a>' in shown
    assert shown.count(">Giúp học</a>") == 1
    assert shown.index(f"/quan-tri/nguoi/{person.pk}/giup/") < shown.index('id="new_number"')


def test_numbers_are_written_as_they_are_read_out(officer):
    person = cast.person()
    person.contact_phone = "+84912345679"
    person.save()
    shown = page_of(officer, person).text
    assert "0912 345 679" in shown
    assert ">+84912345679" not in shown
    staff = cast.client_of(cast.staff("administrator", phone="0987654301")).get("/quan-tri/users/").text
    assert "0987 654 301" in staff
    assert "+84987654301" not in staff


def correct(person, by, reason, **fields):
    kept = {
        "name": person.name, "birth_year": 1961, "place": person.place, "kind": "subject", "subject_name": "Tôm khô Út",
        "subject_kind": "household", "subject_role": "head", "official_level": "",
    }  # fmt: skip
    return accounts.correct_person(person=person, by=by, reason=reason, at=cast.NOW, **kept | fields)


def test_it_tells_who_corrected_what_and_why_the_newest_first(officer):
    person = cast.person()
    assert "Nhật ký</h2>" not in page_of(officer, person).text
    colleague = cast.staff("manager", cast.commune(), phone="0987654301", name="Phạm Văn Sửa")
    correct(person, colleague, "Đọc nhầm giấy khai sinh")
    correct(person, colleague, "Đối chiếu căn cước", name="Trần Thị Út Em")
    log = page_of(officer, person).text.split("Nhật ký</h2>")[1]
    assert "Phạm Văn Sửa: Đã sửa thông tin học viên (họ và tên). Lý do: Đối chiếu căn cước" in log
    assert "(năm sinh). Lý do: Đọc nhầm giấy khai sinh" in log
    assert log.index("Đối chiếu căn cước") < log.index("Đọc nhầm giấy khai sinh")
    assert "Trần Thị Út<" not in log, "what was written before is nowhere"


def test_the_log_is_of_this_person_and_ends_somewhere(officer):
    person, other = cast.person(), cast.person("Lê Thị Ba")
    colleague = cast.staff("manager", cast.commune(), phone="0987654301")
    correct(other, colleague, "Của người khác", birth_year=1970)
    for year in range(1950, 1975):
        correct(person, colleague, f"Lần {year}", birth_year=year)
    log = page_of(officer, person).text.split("Nhật ký</h2>")[1]
    assert log.count("Lý do:") == 20
    assert "Lần 1974" in log
    assert "Của người khác" not in log


def test_nobody_corrects_the_own_person_and_a_colleague_does():
    """A name on a paper is compared with an identity card by somebody else."""
    user = cast.staff("manager", cast.commune())
    own = cast.person("Lê Văn Cán Bộ", user=user)
    user.refresh_from_db()
    shown = page_of(cast.client_of(user), own).text
    assert "thông tin của chính anh/chị" in shown
    assert f"/quan-tri/nguoi/{own.pk}/sua/" not in shown
    address = f"/quan-tri/nguoi/{own.pk}/sua/"
    form = cast.client_of(user).get(address).context["form"]
    typed = {name: value for name, value in form.initial.items() if value} | {"name": "Tên Khác", "reason": "nhầm"}
    refused = cast.client_of(user).post(address, typed)
    assert (refused.status_code, "Hãy nhờ một cán bộ khác sửa giúp" in refused.text) == (422, True)
    assert 'value="Tên Khác"' in refused.text
    own.refresh_from_db()
    assert own.name == "Lê Văn Cán Bộ"
    colleague = cast.client_of(cast.staff("manager", cast.commune(), phone="0987654301"))
    assert colleague.post(address, typed).status_code == 302
