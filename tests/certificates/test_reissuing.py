"""A corrected name gets a paper of its own: once, and the old one says so."""

import pytest

from certificates import actions, personal
from certificates.models import Award, Credential
from courses import actions as course_actions
from lib.refusals import Refusal
from tests import cast
from tests.racing import at_once, overlapping, without_locks

OLD, NEW = "Trần Thị Út", "Trần Thị Út Nhỏ"


def certified():
    course = cast.course(lessons=1)
    cast.award(course)
    enrolment = cast.enrolment(cast.trainee(OLD).person, course)
    cast.finish(enrolment)
    actions.issue_missing(at=cast.NOW)
    return Credential.objects.get()


@pytest.fixture
def old(db):
    return certified()


@pytest.fixture
def organiser(db):
    return cast.staff("organiser", cast.province())


def rename(credential, name: str = NEW) -> None:
    credential.person.name = name
    credential.person.save()


def reissued(credential, by, why: str = "name", words: str = "", at=cast.NOW):
    return actions.reissue(credential=credential, why=why, words=words, by=by, at=at)


def test_a_new_number_a_new_code_and_the_same_course_dates_and_result(old, organiser):
    rename(old)
    new, is_new = reissued(old, organiser)
    assert is_new
    assert (new.evidence["name"], new.number) == (NEW, "0002/GCN-MẪU")
    assert new.code != old.code
    for kept in ("course", "period", "result", "duration"):
        assert new.evidence[kept] == old.evidence[kept]
    old.refresh_from_db()
    assert (old.status, old.replaced_by, old.status_reason) == ("replaced", new, "sửa họ tên")
    assert personal.violations() == []


def test_a_course_that_was_renamed_is_printed_as_it_was(old, organiser):
    rename(old)
    old.enrolment.course.title = "Tên khóa mới"
    old.enrolment.course.save()
    assert reissued(old, organiser)[0].evidence["course"] == "Kể chuyện"


def test_its_english_title_stays_with_it(old, organiser):
    Credential.objects.update(evidence=old.evidence | {"course_en": "Telling a story"})
    Award.objects.update(course_en="Another title")
    rename(old)
    assert reissued(old, organiser)[0].evidence["course_en"] == "Telling a story"


def test_a_second_click_changes_nothing_and_leads_to_the_new_one(old, organiser):
    rename(old)
    new, _is_new = reissued(old, organiser)
    assert reissued(old, organiser) == (new, False)
    assert Credential.objects.count() == 2


def test_what_says_all_as_the_record_does_is_not_corrected(old, organiser):
    with pytest.raises(Refusal, match="đúng như hồ sơ"):
        reissued(old, organiser)
    assert Credential.objects.get().status == "valid"
    assert reissued(old, organiser, why="lost")[1]


@pytest.mark.parametrize(("why", "words"), [("", ""), ("x", "y"), ("other", " ")])
def test_a_reissue_needs_a_reason(old, organiser, why, words):
    rename(old)
    with pytest.raises(Refusal, match="lý do"):
        reissued(old, organiser, why, words)


def test_nobody_reissues_an_own_one_nor_one_that_was_revoked(old, organiser):
    rename(old)
    with pytest.raises(Refusal, match="chính anh/chị"):
        reissued(old, old.person.user)
    actions.revoke(credential=old, reason="Cấp nhầm", by=None, at=cast.NOW)
    with pytest.raises(Refusal, match="thu hồi"):
        reissued(old, organiser)


def test_the_old_paper_says_so_when_it_is_scanned_and_is_given_out_no_more(client, old, organiser):
    rename(old)
    new, _is_new = reissued(old, organiser)
    page = client.get(f"/c/{old.code}").text
    assert "Đã được thay thế" in page
    assert f"/c/{new.code}" in page
    holder = cast.client_of(old.person.user)
    assert holder.get(f"/c/{old.code}/pdf/").status_code == 302
    assert holder.get(f"/c/{new.code}/pdf/").status_code == 200
    assert "giấy này đã được thay bằng giấy số 0002/GCN-MẪU" in holder.get("/c/cua-toi/").text


def test_reopening_revokes_the_new_one_and_earning_it_again_makes_a_third(
    old, organiser, django_capture_on_commit_callbacks
):
    rename(old)
    new, _is_new = reissued(old, organiser)
    lesson = old.enrolment.course.activities.get()
    with django_capture_on_commit_callbacks(execute=True):
        course_actions.reopen_enrolment(
            enrolment=old.enrolment, activity=lesson, by=organiser, reason="Nhầm", at=cast.NOW
        )
    new.refresh_from_db()
    assert new.status == "revoked"


class TestInTheAdmin:
    @pytest.fixture
    def desk(self, organiser):
        return cast.client_of(organiser)

    def test_who_corrects_a_name_is_told_that_a_paper_bears_the_old_one(self, old, desk):
        path = f"/quan-tri/person/inspect/{old.person_id}/"
        assert "giay/" not in desk.get(path).text
        rename(old)
        page = desk.get(path).text
        assert "cần được cấp lại" in page
        assert f"/quan-tri/giay/{old.pk}/cap-lai/" in page
        manager = cast.client_of(cast.staff("manager", cast.province(), "0987654301")).get(path).text
        assert "nhờ đơn vị tổ chức cấp lại" in manager

    def test_a_form_with_the_reason_and_its_answer(self, old, desk):
        rename(old)
        path = f"/quan-tri/giay/{old.pk}/cap-lai/"
        assert NEW in desk.get(path).text
        assert desk.post(path, {}).status_code == 422
        answers = [desk.post(path, {"why": "name", "words": "CCCD"}) for _click in range(2)]
        new = Credential.objects.get(status="valid")
        assert [answer.url for answer in answers] == [f"/quan-tri/credential/inspect/{new.pk}/"] * 2
        assert "Cấp thay giấy số" in desk.get(answers[0].url).text

    def test_another_province_finds_nothing(self, old):
        rename(old)
        other = cast.client_of(cast.staff("organiser", cast.province("Lào Cai")))
        assert other.post(f"/quan-tri/giay/{old.pk}/cap-lai/", {"why": "name"}).status_code == 404
        assert Credential.objects.count() == 1


class TestWhatIsAudited:
    @pytest.fixture
    def pair(self, old, organiser):
        rename(old)
        new, _is_new = reissued(old, organiser)
        return old, new

    @pytest.mark.parametrize(
        ("planted", "said"),
        [
            ({"replaced_by": None}, "replaced by nothing"),
            ({"status": "revoked", "replaced_by": None}, ""),
        ],
    )
    def test_a_broken_chain_is_found(self, pair, planted, said):
        Credential.objects.filter(pk=pair[0].pk).update(**planted)
        found = personal.violations()
        assert [said] == [line.partition(": ")[2] for line in found] if said else found == []

    def test_one_of_another_course_or_an_earlier_one_is_found(self, pair, organiser):
        old, new = pair
        Credential.objects.filter(pk=old.pk).update(replaced_by=None)
        Credential.objects.filter(pk=new.pk).update(status="replaced", status_at=cast.NOW, replaced_by=old)
        Credential.objects.filter(pk=old.pk).update(status="valid")
        assert [line for line in personal.violations() if "earlier" in line]


@pytest.fixture
def committed():
    old = certified()
    rename(old)
    return old, cast.staff("organiser", cast.province()), cast.staff("manager", None, "0987654309")


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_of_six_clicks_at_once_one_makes_a_certificate(committed):
    old, organiser, _manager = committed
    results = at_once(*[lambda: reissued(old, organiser) for _click in range(6)])
    assert sum(is_new for _new, is_new in results) == 1
    assert len({new.pk for new, _is_new in results}) == 1
    assert personal.violations() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_without_the_lock_the_slower_one_would_find_no_new_one(committed, monkeypatch):
    """The control: the database still lets one certificate be made, but who waits for it knows nothing of it."""
    without_locks(monkeypatch)
    old, organiser, _manager = committed
    _first, second = overlapping(lambda: reissued(old, organiser), lambda: reissued(old, organiser))
    assert isinstance(second, Exception)


def reissued_while_reopened(old, organiser, manager) -> list[str]:
    overlapping(
        lambda: reissued(old, organiser),
        lambda: course_actions.reopen_enrolment(
            enrolment=old.enrolment, activity=old.enrolment.course.activities.get(), by=manager, reason="x", at=cast.NOW
        ),
    )
    return list(Credential.objects.order_by("pk").values_list("status", flat=True))


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_what_is_reissued_while_the_course_is_reopened_is_revoked(committed):
    assert reissued_while_reopened(*committed) == ["replaced", "revoked"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_without_the_lock_it_would_stay_valid_for_an_unfinished_course(committed, monkeypatch):
    """The control."""
    without_locks(monkeypatch)
    assert reissued_while_reopened(*committed) == ["replaced", "valid"]
