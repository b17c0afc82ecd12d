"""Whether somebody belongs to an ethnic minority: asked under a consent of its own, and the person's alone to see."""

import io
import re
from datetime import timedelta

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook
from wagtail.models import ModelLogEntry

from accounts import actions, personal
from accounts.models import Consent, MinorityAnswer, Person
from accounts.queries import current_consent_texts, text_of, texts_for_help
from accounts.rights import actions as rights
from accounts.rights import kept
from accounts.rights.erasing import erase_person
from lib.refusals import Refusal
from tests import cast

pytestmark = pytest.mark.django_db
PAGE, DATA = "/tai-khoan/du-lieu/dan-toc/", "/tai-khoan/du-lieu/"
YES, NO = {"answer": "co", "agrees": "on"}, {"answer": "khong", "agrees": "on"}
LATER = cast.NOW + timedelta(hours=1)
# What a page says only of an answer or of the agreement to it.
TRACES = ("Câu trả lời về dân tộc", "tính tổng số người dân tộc thiểu số", "minority", "dân tộc nào")


@pytest.fixture
def user():
    return cast.trainee()


@pytest.fixture
def client(user):
    return cast.client_of(user)


def ledger(person):
    return Consent.objects.filter(person=person, text__purpose="minority")


def answer(person, is_minority=True, at=cast.NOW):
    actions.answer_minority(person=person, text=text_of("minority", "vi"), is_minority=is_minority, at=at)


def words(body: bytes) -> str:
    """Of a page without what its filters offer, the names of all kinds of records; or of all sheets of a workbook."""
    if not body.startswith(b"PK"):
        return re.sub("<option.*?</option>", "", body.decode(), flags=re.DOTALL)
    book = CalamineWorkbook.from_filelike(io.BytesIO(body))
    return str([book.get_sheet_by_name(name).to_python() for name in book.sheet_names])


def said(person):
    return MinorityAnswer.objects.filter(person=person).values_list("is_minority", flat=True).first()


class TestAnswering:
    def test_the_page_says_what_it_is_for_and_nothing_is_chosen_beforehand(self, client):
        page = client.get(PAGE).text
        assert "Báo cáo của Chương trình OCOP" in page
        assert "việc học và giấy chứng nhận của anh/chị không thay đổi" in page
        assert " checked" not in page
        assert f'href="{PAGE}"' in client.get(DATA).text
        assert f'href="{PAGE}"' in client.get(f"{DATA}sua/").text

    @pytest.mark.parametrize(("typed", "is_minority"), [(YES, True), (NO, False)])
    def test_yes_or_no_is_kept_with_purpose_version_and_time(self, client, user, typed, is_minority):
        assert client.post(PAGE, typed).url == DATA
        assert said(user.person) is is_minority
        row = ledger(user.person).get()
        assert (row.text.version, row.how, row.recorded_by) == (1, "self", None)
        assert ("Có" if is_minority else "Không") in client.get(DATA).text.partition("Câu trả lời về dân tộc")[2][:600]

    @pytest.mark.parametrize("typed", [{"answer": "co"}, {"agrees": "on"}, {"answer": "có lẽ", "agrees": "on"}, {}])
    def test_without_an_agreement_or_an_answer_nothing_is_kept(self, client, user, typed):
        page = client.post(PAGE, typed).text
        assert "rời trang này" in page or "có lẽ" in page
        assert said(user.person) is None
        assert not ledger(user.person).exists()

    def test_it_is_corrected_without_agreeing_again(self, client, user):
        client.post(PAGE, YES)
        assert 'name="agrees"' not in client.get(PAGE).text
        client.post(PAGE, {"answer": "khong"})
        assert said(user.person) is False
        assert ledger(user.person).count() == 1

    def test_it_is_asked_nowhere_else(self, client, user):
        assert "minority" not in {one.purpose for one in current_consent_texts("vi")}
        assert "minority" not in {one.purpose for one in texts_for_help(user.person)}
        assert client.get("/tai-khoan/dong-y/").status_code == 302

    def test_nobody_asks_a_visitor(self):
        assert Client().get(PAGE).status_code == 302


class TestTakingBack:
    def test_the_answer_goes_at_once_and_learning_stays(self, client, user):
        client.post(PAGE, YES)
        address = f"/tai-khoan/dong-y/{ledger(user.person).get().pk}/rut-lai/"
        assert "bị xóa ngay" in client.get(address).text
        client.post(address)
        assert said(user.person) is None
        assert ledger(user.person).get().withdrawn_at
        assert Person.objects.get(pk=user.person.pk).has_consented
        assert personal.violations() == []

    def test_taking_something_else_back_leaves_it(self, user):
        answer(user.person)
        actions.withdraw_consent(
            person=user.person, consent_id=user.person.consents.get(text__purpose="messages").pk, at=LATER
        )
        assert said(user.person) is True

    def test_erasing_deletes_it(self, user):
        answer(user.person)
        erase_person(person=user.person, by=None, at=LATER)
        assert said(user.person) is None
        answer(user.person, at=LATER)
        assert said(user.person) is None, "nothing is written about who was erased"
        assert not ledger(user.person).filter(withdrawn_at=None).exists()

    def test_an_answer_without_its_agreement_is_named(self, user):
        answer(user.person)
        ledger(user.person).update(withdrawn_at=LATER)
        assert personal.violations() == [
            f"person {user.person.pk}: an answer is kept without the agreement under which it was given"
        ]


class TestJoining:
    @pytest.fixture
    def two(self):
        return cast.person("Trần Thị Út"), cast.person("Trần Thị Út", birth_year=1980)

    def merge(self, two):
        actions.merge_people(person=two[0], into=two[1], by=None, reason="ghi hai lần", at=LATER + timedelta(hours=1))
        assert said(two[0]) is None
        assert personal.violations() == []
        return said(two[1])

    @pytest.mark.parametrize(
        ("gone", "left", "follows"),
        [(True, None, True), (None, False, False), (True, True, True), (False, False, False), (True, False, None)],
    )
    def test_it_follows_unless_two_answers_contradict_each_other(self, two, gone, left, follows):
        for person, is_minority in zip(two, (gone, left), strict=True):
            if is_minority is not None:
                answer(person, is_minority)
        assert self.merge(two) is follows

    @pytest.mark.parametrize("taker", [0, 1])
    def test_taken_back_on_either_row_it_is_gone(self, two, taker):
        for person in two:
            answer(person)
        actions.withdraw_consent(person=two[taker], consent_id=ledger(two[taker]).get().pk, at=LATER)
        assert self.merge(two) is None


class TestNobodyElseReadsIt:
    @pytest.fixture
    def person(self, user):
        answer(user.person)
        return user.person

    @pytest.mark.parametrize("role", ["manager", "organiser", "administrator"])
    def test_no_page_or_file_of_colleagues_tells_of_it(self, person, role):
        office = cast.client_of(cast.staff(role, None))
        row = ledger(person).get()
        asked = rights.ask(person=person, kind="withdraw", at=cast.NOW)
        closed = [f"/quan-tri/consent/inspect/{row.pk}/", "/quan-tri/consent/?export=csv"]
        pages = [
            *closed,
            "/quan-tri/person/", "/quan-tri/person/?export=xlsx", "/quan-tri/person/?q=dân tộc", f"/quan-tri/person/inspect/{person.pk}/",
            "/quan-tri/consent/", f"/quan-tri/du-lieu/nguoi/{person.pk}/dong-y/",
            f"/quan-tri/du-lieu/nguoi/{person.pk}/dong-y/?export=xlsx", "/quan-tri/nhat-ky/", f"/quan-tri/datarequest/inspect/{asked.pk}/",
            f"/quan-tri/du-lieu/{asked.pk}/xong/", "/quan-tri/enrolment/",
        ]  # fmt: skip
        for page in pages:
            response = office.get(page)
            body = b"".join(response.streaming_content) if response.streaming else response.content
            assert response.status_code == 200 or role == "organiser" or page in closed, page
            assert not [one for one in TRACES if one in words(body)], page

    def test_the_control_other_agreements_are_there(self, person):
        office = cast.client_of(cast.staff("manager", None))
        assert "nhắn tin nhắc học" in office.get("/quan-tri/consent/").text
        own = person.consents.get(text__purpose="messages")
        assert office.get(f"/quan-tri/consent/inspect/{own.pk}/").status_code == 200

    def test_the_log_says_nothing(self, client, user):
        before = ModelLogEntry.objects.count()
        client.post(PAGE, YES)
        assert ModelLogEntry.objects.count() == before

    def test_a_copy_that_an_officer_hands_over_is_without_it_and_the_own_one_has_it(self, person):
        def told(**who):
            return str(kept.as_data(person, LATER, **who))

        assert "is_minority" in told()
        assert "'purpose': 'minority'" in told()
        assert not [one for one in ("minority", *TRACES) if one in told(by_staff=True)]

    def test_the_handed_over_file_is_that_copy(self, person):
        office = cast.client_of(cast.staff("manager", None))
        asked = rights.ask(person=person, kind="export", at=cast.NOW)
        for way in ({}, {"json": "1"}):
            file = office.post(f"/quan-tri/du-lieu/{asked.pk}/ban-in/", way)
            assert person.name in file.content.decode()
            assert not [one for one in TRACES if one in file.content.decode()]

    def test_an_officer_takes_none_back_by_a_changed_form(self, person):
        officer = cast.staff("manager", None)
        row = ledger(person).get()
        asked = rights.ask(person=person, kind="withdraw", at=cast.NOW)
        cast.client_of(officer).post(f"/quan-tri/du-lieu/{asked.pk}/xong/", {"answer": "Xong.", "consents": [row.pk]})
        assert said(person) is True

    def test_while_an_officer_helps_it_is_neither_asked_nor_shown(self, person):
        phone = cast.client_of(cast.staff("manager", person.place))
        phone.post(f"/quan-tri/nguoi/{person.pk}/giup/", {"where": "here", "help": "on"})
        for page in (DATA, "/tai-khoan/", f"{DATA}sua/"):
            shown = phone.get(page).text
            assert "Cán Bộ giúp" in shown
            assert not [one for one in (*TRACES, PAGE) if one in shown], page
        assert "tự anh/chị trả lời" in phone.get(PAGE, follow=True).text
        phone.post(PAGE, NO)
        phone.post(f"/tai-khoan/dong-y/{ledger(person).get().pk}/rut-lai/")
        assert said(person) is True


def test_a_withdrawal_with_nothing_that_is_named_stays_refused(user):
    asked = rights.ask(person=user.person, kind="withdraw", at=cast.NOW)
    with pytest.raises(Refusal):
        rights.settle(request=asked, is_done=True, answer="Xong.", by=cast.staff("manager", None), at=LATER)
