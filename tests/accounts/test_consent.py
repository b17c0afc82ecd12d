"""Agreement is given, taken back and given again; without it nothing is added to a learning record."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from accounts import actions
from accounts.models import Consent, ConsentText, Person
from accounts.queries import current_consent_texts
from courses.models import Completion, Enrolment
from lib.refusals import Refusal
from pages.models import Operator
from quizzes.models import Attempt
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def trainee():
    return cast.trainee()


@pytest.fixture
def withdrawn(trainee):
    """A trainee in a course who took the required agreement back."""
    client = cast.client_of(trainee)
    course = cast.course(lessons=1, with_quiz=True)
    cast.enrolment(trainee.person, course)
    running = trainee.person.consents.get(text__purpose="learning-record")
    client.post(f"/tai-khoan/dong-y/{running.pk}/rut-lai/")
    client.course = course
    return client


def test_without_agreement_nothing_more_is_recorded_and_the_person_is_asked(withdrawn):
    lesson, quiz = withdrawn.course.activities.get(kind="lesson"), withdrawn.course.activities.get(kind="quiz")
    other = cast.course(slug="khac", title="Khác")
    for address in (
        f"/hoc/bai/{lesson.translation_key}/xong/",
        f"/kiem-tra/{quiz.translation_key}/bat-dau/",
        f"/hoc/khoa/{other.translation_key}/ghi-danh/",
    ):
        assert withdrawn.post(address).url.startswith("/tai-khoan/dong-y/")
    assert (Completion.objects.count(), Attempt.objects.count(), Enrolment.objects.count()) == (0, 0, 1)


def test_reading_the_own_results_needs_no_agreement(withdrawn):
    assert withdrawn.get("/hoc/").status_code == 200
    assert withdrawn.get("/c/cua-toi/").status_code == 200


def test_agreeing_again_is_a_new_row_and_learning_goes_on(withdrawn, trainee):
    page = withdrawn.get("/tai-khoan/dong-y/?next=/hoc/").text
    assert "đã rút lại sự đồng ý" in page
    assert "checked" not in page
    assert withdrawn.post("/tai-khoan/dong-y/", {"learning-record": "on", "next": "/hoc/"}).url == "/hoc/"
    rows = Consent.objects.filter(person=trainee.person, text__purpose="learning-record")
    assert sorted(row.withdrawn_at is None for row in rows) == [False, True]
    lesson = withdrawn.course.activities.get(kind="lesson")
    withdrawn.post(f"/hoc/bai/{lesson.translation_key}/xong/")
    assert Completion.objects.count() == 1


def test_not_ticking_the_required_one_is_refused_with_the_page_again(withdrawn):
    answer = withdrawn.post("/tai-khoan/dong-y/", {})
    assert answer.status_code == 200
    assert "error" in answer.text


def test_taking_back_reminders_does_not_stop_learning(trainee):
    client = cast.client_of(trainee)
    optional = trainee.person.consents.exclude(text__purpose="learning-record").get()
    client.post(f"/tai-khoan/dong-y/{optional.pk}/rut-lai/")
    course = cast.course(lessons=1)
    client.post(f"/hoc/khoa/{course.translation_key}/ghi-danh/")
    assert Enrolment.objects.count() == 1
    assert "Xem những điều chưa đồng ý" in client.get("/tai-khoan/").text


@pytest.fixture
def agreed_to_the_first_wording(trainee):
    """A trainee as the upgrade leaves one: the ledger holds version 1, and the flag is down."""
    row = trainee.person.consents.get(text__purpose="learning-record")
    row.text = ConsentText.objects.get(purpose="learning-record", version=1, language="vi")
    row.save()
    Person.objects.update(has_consented=False)
    return trainee


def log_in(person_after, **fields):
    client = Client()
    return client, client.post("/tai-khoan/dang-nhap/", {"login": person_after.phone, "password": cast.PIN} | fields)


def test_who_agreed_to_a_wording_that_named_fewer_readers_is_asked_at_the_next_log_in(agreed_to_the_first_wording):
    client, answer = log_in(agreed_to_the_first_wording, next="/khoa-hoc/")
    assert answer.url == "/tai-khoan/dong-y/?next=%2Fkhoa-hoc%2F"
    page = client.get(answer.url).text
    assert "Lời đồng ý có bản mới" in page
    assert "đã rút lại" not in page
    assert "checked" not in page
    assert client.post("/tai-khoan/dong-y/", {"learning-record": "on", "next": "/khoa-hoc/"}).url == "/khoa-hoc/"
    rows = Consent.objects.filter(person=agreed_to_the_first_wording.person, text__purpose="learning-record")
    assert [(row.text.version, row.withdrawn_at) for row in rows.order_by("text__version")] == [(1, None), (3, None)]
    assert log_in(agreed_to_the_first_wording)[1].url == "/hoc/"


def test_until_then_nothing_is_added_and_everything_is_still_theirs(agreed_to_the_first_wording):
    client = cast.client_of(agreed_to_the_first_wording)
    course = cast.course(lessons=1)
    assert client.post(f"/hoc/khoa/{course.translation_key}/ghi-danh/").url.startswith("/tai-khoan/dong-y/")
    assert not Enrolment.objects.exists()
    assert client.get("/hoc/").status_code == 200
    assert "Xem những điều chưa đồng ý" in client.get("/tai-khoan/").text


def test_a_card_asks_again_too(agreed_to_the_first_wording):
    code = actions.issue_card(
        person=agreed_to_the_first_wording.person, by=cast.staff("manager", cast.commune()), at=timezone.now()
    )
    assert Client().post("/tai-khoan/phieu-ma/", {"code": code}).url == "/tai-khoan/dong-y/?next=%2Fhoc%2F"


def test_taking_a_purpose_back_closes_all_its_wordings_and_logging_in_does_not_nag(agreed_to_the_first_wording):
    person = agreed_to_the_first_wording.person
    actions.give_consents(person=person, texts=cast.texts(), at=cast.NOW)
    client = cast.client_of(agreed_to_the_first_wording)
    newest = person.consents.get(text__version=3)
    assert client.get("/tai-khoan/").text.count("/rut-lai/") == 2
    client.post(f"/tai-khoan/dong-y/{newest.pk}/rut-lai/")
    assert not person.consents.filter(text__purpose="learning-record", withdrawn_at=None).exists()
    assert log_in(agreed_to_the_first_wording)[1].url == "/hoc/"


def test_nobody_is_written_down_on_the_old_wording():
    old = list(ConsentText.objects.filter(version=1, language="vi"))
    with pytest.raises(Refusal):
        actions.register_person(user=None, name="Út", place=cast.commune(), kind="official", consents=old, at=cast.NOW)


@pytest.mark.parametrize(
    ("language", "readers"),
    [
        (
            "vi",
            [
                "cán bộ OCOP và đơn vị tổ chức lớp ở xã, tỉnh nơi",
                "cán bộ OCOP ở trung ương",
                "người quản trị hệ thống",
            ],
        ),
        (
            "en",
            [
                "OCOP officers and the organisers of training in the commune and the province where",
                "OCOP officers at the centre",
                "administrators of the system",
            ],
        ),
    ],
)
def test_the_wording_and_the_page_on_personal_data_name_the_same_readers(language, readers):
    wording = current_consent_texts(language)[0].body
    page = Client().get(("" if language == "vi" else "/en") + "/du-lieu-ca-nhan/").text
    for reader in readers:
        assert reader in wording
        assert reader.casefold() in page.casefold()


def test_the_page_on_personal_data_promises_only_what_there_is():
    page = Client().get("/du-lieu-ca-nhan/").text
    assert "ngày sinh" not in page
    assert (
        "trả lời trong hai ngày làm việc" in page
    )  # what is asked for on the page that it leads to (test_data_requests.py)
    assert 'href="/tai-khoan/du-lieu/"' in page
    assert "gặp cán bộ OCOP ở xã" in page
    Operator.objects.update(name="Văn phòng Mẫu", phone="0290 000 000")
    page = Client().get("/du-lieu-ca-nhan/").text
    assert "đơn vị vận hành ở cuối trang này" in page
    assert "0290 000 000" in page


def test_signing_up_does_not_promise_a_certificate():
    cast.course(lessons=2)
    for address in ("/khoa-hoc/ke-chuyen/bai-1/", "/khoa-hoc/ke-chuyen/bai-2/"):
        page = Client().get(address).text
        assert "học đến đâu lưu đến đó" in page
        assert "học xong có giấy chứng nhận" not in page


def taking_back(person, purpose):
    return f"/tai-khoan/dong-y/{person.consents.get(text__purpose=purpose).pk}/rut-lai/"


@pytest.mark.parametrize(
    ("purpose", "follows", "said"),
    [
        (
            "learning-record",
            "Bài kiểm tra đang làm dở thì chưa nộp được",
            "Từ giờ chúng tôi không ghi thêm kết quả học",
        ),
        ("messages", "chúng tôi không làm điều này nữa", "Việc học và kết quả của anh/chị không thay đổi"),
    ],
)
def test_taking_back_is_asked_first_and_says_what_follows(trainee, purpose, follows, said):
    client, running = cast.client_of(trainee), trainee.person.consents.filter(withdrawn_at=None)
    address = taking_back(trainee.person, purpose)
    assert f'href="{address}"' in client.get("/tai-khoan/").text
    question = client.get(address).text
    assert follows in question
    assert "Không, giữ như cũ" in question
    assert running.count() == 2
    assert said in client.post(address, follow=True).text
    assert running.count() == 1
    assert client.get(address).url == client.post(address).url == "/tai-khoan/"


def test_nobody_sees_or_takes_back_what_somebody_else_agreed_to(trainee):
    other = cast.client_of(cast.trainee("Lê Thị Ba", "0987111222"))
    address = taking_back(trainee.person, "learning-record")
    assert other.get(address).url == other.post(address).url == "/tai-khoan/"
    assert trainee.person.consents.filter(withdrawn_at=None).count() == 2


def test_officers_read_purpose_and_way_in_words(trainee):
    officer = cast.client_of(cast.staff("manager", cast.commune()))
    row = trainee.person.consents.get(text__purpose="learning-record")
    for page in ("/quan-tri/consent/", f"/quan-tri/consent/inspect/{row.pk}/"):
        shown = officer.get(page).text
        assert "ghi kết quả học, bản 3" in shown
        assert "tự đồng ý trên màn hình" in shown
        assert "learning-record" not in shown


def test_a_missing_agreement_is_named_in_words():
    with pytest.raises(Refusal, match="ghi kết quả học"):
        actions.register_person(user=None, name="Út", place=cast.commune(), kind="official", consents=[], at=cast.NOW)


def test_the_list_of_wordings_names_the_languages():
    desk = cast.client_of(cast.staff("administrator"))
    pages = [desk.get("/quan-tri/consenttext/").text]
    pages += [desk.get(f"/quan-tri/consenttext/inspect/{text.pk}/").text for text in ConsentText.objects.all()[:2]]
    for page in pages:
        assert re.search(r">\s*(Tiếng Việt|English)\s*<", page)
        assert not re.search(r">\s*(vi|en)\s*<", page)


def test_a_language_that_nobody_named_is_its_code():
    assert ConsentText(language="xx", version=1, purpose="messages").get_language_display() == "xx"
