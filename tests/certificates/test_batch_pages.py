"""Batches in the admin: who makes them of which certificates, what is seen while they are drawn, and what is taken away."""

import io
import zipfile
from copy import deepcopy
from datetime import timedelta
from urllib.parse import parse_qsl

import pikepdf
import pytest
from django.utils import timezone

from accounts.models import User
from certificates import actions
from certificates.batches import files, working
from certificates.batches.forms import ChooseForm
from certificates.models import Award, Batch, BatchEntry, Credential, EntryState
from tests import cast
from tests.conftest import made_for_a_file

pytestmark = [pytest.mark.django_db, pytest.mark.once]
ROOM = "/quan-tri/in-hang-loat/"
CA_MAU, LAO_CAI = ("Trần Thị Út", "Lê Văn Bé"), ("Giàng A Páo",)


@pytest.fixture
def credentials(made_credentials, db) -> list[Credential]:
    return deepcopy(made_credentials)


def three() -> list[Credential]:
    """Two of Cà Mau and one of Lào Cai."""
    award, held = cast.award(cast.course()), []
    for number, name in enumerate((*CA_MAU, *LAO_CAI)):
        place = cast.commune("Bảo Nhai", "Lào Cai") if name in LAO_CAI else cast.commune()
        enrolment = cast.enrolment(cast.trainee(name, f"091234567{number}", place).person, award.course)
        cast.finish(enrolment)
        held.append(actions.issue(enrolment_id=enrolment.pk, at=timezone.now()))
    return held


made_credentials = made_for_a_file(three)


@pytest.fixture
def award(credentials) -> Award:
    return Award.objects.get()


@pytest.fixture
def organiser() -> User:
    return cast.staff("organiser", cast.province())


def filled(client, query="") -> dict[str, str]:
    """The form as it stands there once it was narrowed so."""
    page = client.get(ROOM + query).text
    hidden = {name: page.split(f'name="{name}" value="')[1].split('"')[0] for name in ("token", "seen")}
    return hidden | dict(parse_qsl(query.lstrip("?"))) | {"layout": "a4"}


def made(client, query="", **fields) -> Batch:
    sent = filled(client, query) | fields
    answer = client.post(ROOM, sent)
    assert answer.status_code == 302, answer.text
    return Batch.objects.get(token=sent["token"])


def names_in(batch) -> set[str]:
    return set(batch.entries.values_list("enrolment__person__name", flat=True))


def test_an_organiser_makes_one_for_the_own_place(credentials, organiser):
    client = cast.client_of(organiser)

    assert "<b>2</b> giấy còn hiệu lực" in client.get(ROOM).text
    assert names_in(made(client)) == set(CA_MAU)


def test_it_is_watched_and_taken_away(credentials, organiser):
    client = cast.client_of(organiser)
    batch = made(client, layout="a4x2")

    page = client.get(f"{ROOM}{batch.pk}/").text
    assert "Đã vẽ 0/2 giấy" in page
    assert "data-running" in page
    assert client.get(f"{ROOM}{batch.pk}/to-in.pdf").status_code == 404

    working.work(batch)
    page = client.get(f"{ROOM}{batch.pk}/").text
    assert "Đã vẽ 2/2 giấy" in page
    assert "data-running" not in page
    sheets = pikepdf.open(io.BytesIO(b"".join(client.get(f"{ROOM}{batch.pk}/to-in.pdf").streaming_content)))
    assert len(sheets.pages) == 1
    papers = client.get(f"{ROOM}{batch.pk}/giay.zip")
    archive = zipfile.ZipFile(io.BytesIO(b"".join(papers.streaming_content)))
    assert len(archive.namelist()) == 2
    assert all(archive.read(name).startswith(b"%PDF") for name in archive.namelist())


def test_finished_people_without_a_certificate_are_counted_and_get_one(credentials, award, organiser):
    late = cast.enrolment(cast.trainee("Phạm Thị Mới", "0912345679").person, award.course)
    cast.finish(late)
    client = cast.client_of(organiser)

    assert "<b>1</b> người đã hoàn thành mà chưa có giấy" in client.get(ROOM).text
    working.work(made(client))
    assert Credential.objects.filter(enrolment=late).exists()


def test_what_was_drawn_before_is_left_out_unless_asked_for(credentials, organiser):
    client = cast.client_of(organiser)
    working.work(made(client, "?last=1"))

    assert names_in(made(client)) == {"Lê Văn Bé"}
    assert names_in(made(client, "?again=on")) == set(CA_MAU)


class TestThoseOfAnotherBatch:
    """Which waits to be drawn: one that holds a certificate, and one that gets it there."""

    @pytest.fixture
    def other(self, credentials, award, organiser) -> Batch:
        late = cast.enrolment(cast.trainee("Phạm Thị Mới", "0912345679").person, award.course)
        cast.finish(late)
        Credential.objects.filter(enrolment=late).delete()
        return actions.make_batch(
            token="other",
            enrolments=[credentials[0].enrolment_id, late.pk],
            title="",
            layout="a4",
            is_told=False,
            by=organiser,
            at=timezone.now(),
        )

    def test_they_are_left_out_and_said_with_the_way_there(self, other, organiser):
        client = cast.client_of(organiser)
        page = client.get(ROOM).text

        assert "<b>1</b> giấy còn hiệu lực" in page
        assert "chưa có giấy" not in page
        assert f'<b>2</b> giấy đang nằm trong đợt in khác. <a href="{ROOM}{other.pk}/">' in page
        assert names_in(made(client)) == {"Lê Văn Bé"}

    def test_they_are_in_it_too_if_asked_for(self, other, organiser):
        client = cast.client_of(organiser)
        page = client.get(f"{ROOM}?again=on").text
        assert "đợt này cũng in những giấy đó" in page
        assert names_in(made(client, "?again=on")) == {*CA_MAU, "Phạm Thị Mới"}

    def test_who_may_not_see_that_batch_is_told_without_the_way(self, other):
        page = cast.client_of(cast.staff("organiser", cast.province(), phone="0987654322")).get(ROOM).text
        assert "<b>2</b> giấy đang nằm trong đợt in khác." in page
        assert f"{ROOM}{other.pk}/" not in page

    def test_a_batch_that_was_stopped_holds_nobody(self, other, organiser):
        actions.cancel_batch(batch=other, by=None, at=timezone.now())
        page = cast.client_of(organiser).get(ROOM).text
        assert ("<b>2</b> giấy còn hiệu lực" in page, "đợt in khác" in page) == (True, False)

    def test_whom_it_took_since_they_were_counted_is_refused_with_the_new_count(
        self, credentials, organiser, monkeypatch
    ):
        client = cast.client_of(organiser)
        sent, enrolments = filled(client), ChooseForm.enrolments

        def while_another_is_made(choose, *arguments, **named):
            found = enrolments(choose, *arguments, **named)
            monkeypatch.undo()
            made(client, "?last=1")
            return found

        monkeypatch.setattr(ChooseForm, "enrolments", while_another_is_made)
        answer = client.post(ROOM, sent)

        assert answer.status_code == 422
        assert "1 giấy vừa được đưa vào một đợt in khác" in answer.text
        assert 'name="seen" value="1"' in answer.text
        assert Batch.objects.count() == 1


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("?first=2", 2),
        ("?first=2&last=2", 1),
        ("?year=2020", 0),
        ("?again=on", 3),
        ("?province={lao_cai}", 1),
        ("?award={award}", 3),
    ],
)
def test_the_centre_narrows_by_number_year_province_and_course(credentials, award, query, count):
    client = cast.client_of(cast.staff("administrator"))
    query = query.format(lao_cai=cast.province("Lào Cai").pk, award=award.pk)

    page = client.get(ROOM + query).text

    assert f"<b>{count}</b> giấy còn hiệu lực" in page


def test_what_holds_no_more_is_not_drawn(credentials, organiser):
    actions.revoke(credential=credentials[0], reason="Cấp nhầm", by=None, at=timezone.now())
    Credential.objects.filter(pk=credentials[1].pk).update(expires_on=timezone.localdate() - timedelta(days=1))
    client = cast.client_of(organiser)

    page = client.get(ROOM).text

    assert "Không có giấy nào để in" in page
    assert 'name="layout"' not in page


def test_nonsense_in_the_address_chooses_nothing(credentials, organiser):
    client = cast.client_of(organiser)
    for query in ("?year=abc", "?award=99999", "?first=-1", "?cohort=x", "?issuer=0"):
        page = client.get(ROOM + query)
        assert (page.status_code, "chưa đọc được" in page.text) == (200, True), query
        sent = dict(parse_qsl(query[1:])) | {"token": "t", "layout": "a4", "seen": "0"}
        assert client.post(ROOM, sent).status_code in (200, 422)
    assert not Batch.objects.exists()


def test_a_form_without_a_layout_comes_back(credentials, organiser):
    client = cast.client_of(organiser)
    assert client.post(ROOM, filled(client) | {"layout": "a0"}).status_code == 422
    assert not Batch.objects.exists()


def test_what_was_chosen_and_not_looked_at_is_shown_first(credentials, organiser):
    client = cast.client_of(organiser)
    sent = filled(client) | {"first": "2"}

    answer = client.post(ROOM, sent)
    assert (answer.status_code, "bây giờ là 1 giấy" in answer.text) == (422, True)
    assert not Batch.objects.exists()

    assert client.post(ROOM, sent | {"seen": "1"}).status_code == 302
    assert names_in(Batch.objects.get()) == {"Lê Văn Bé"}


def test_narrowing_leads_to_an_address_without_the_token(credentials, organiser):
    answer = cast.client_of(organiser).post(ROOM, {"loc": "1", "first": "2", "token": "t", "csrfmiddlewaretoken": "x"})
    assert answer["Location"] == f"{ROOM}?first=2"


def test_an_officer_of_a_province_chooses_among_no_other(credentials, organiser):
    page = cast.client_of(organiser).get(ROOM).text
    assert "Cà Mau</option>" in page
    assert "Lào Cai</option>" not in page


def test_a_double_click_makes_one(credentials, organiser):
    client = cast.client_of(organiser)
    sent = filled(client)
    first, second = client.post(ROOM, sent), client.post(ROOM, sent)
    assert first["Location"] == second["Location"]
    assert Batch.objects.count() == 1


def test_one_that_ended_since_is_named_and_given_out_no_more(credentials, organiser):
    client = cast.client_of(organiser)
    batch = made(client)
    working.work(batch)
    actions.revoke(credential=credentials[0], reason="Cấp nhầm", by=None, at=timezone.now())

    page = client.get(f"{ROOM}{batch.pk}/").text
    archive = zipfile.ZipFile(io.BytesIO(b"".join(client.get(f"{ROOM}{batch.pk}/giay.zip").streaming_content)))

    assert "đừng phát bản đã in" in page
    assert credentials[0].number in page
    assert [credentials[0].code in name for name in archive.namelist()] == [False]
    refused = client.get(f"{ROOM}{batch.pk}/to-in.pdf", follow=True)
    assert "Hãy bấm “Ghép lại tờ in”" in refused.text
    client.post(f"{ROOM}{batch.pk}/thu-lai/")
    working.work(batch)
    assert len(pikepdf.open(files.sheets(batch)).pages) == 1
    assert "đã bị thu hồi" in client.get(f"{ROOM}{batch.pk}/").text


def test_one_that_is_stopped_says_so_and_is_not_stopped_twice(credentials, organiser):
    client = cast.client_of(organiser)
    batch = made(client)

    client.post(f"{ROOM}{batch.pk}/dung/")
    assert "Đã dừng lúc" in client.get(f"{ROOM}{batch.pk}/").text
    assert "đã dừng từ trước" in client.post(f"{ROOM}{batch.pk}/dung/", follow=True).text


def test_one_that_was_stopped_is_run_again_from_its_page(credentials, organiser):
    client = cast.client_of(organiser)
    batch = made(client)
    assert "Chạy lại" not in client.get(f"{ROOM}{batch.pk}/").text
    client.post(f"{ROOM}{batch.pk}/dung/")
    working.forget_batches(at=timezone.now())

    assert "Chạy lại đợt in này" in client.get(f"{ROOM}{batch.pk}/").text
    client.post(f"{ROOM}{batch.pk}/thu-lai/")
    assert "data-running" in client.get(f"{ROOM}{batch.pk}/").text
    working.work(batch)
    assert client.get(f"{ROOM}{batch.pk}/to-in.pdf").status_code == 200


class TestStoppingARetry:
    """Of a batch whose second paper got none."""

    @pytest.fixture
    def batch(self, credentials, organiser) -> Batch:
        batch = made(cast.client_of(organiser))
        actions.revoke(credential=credentials[1], reason="Cấp nhầm", by=None, at=timezone.now())
        working.work(batch)
        return batch

    def stopped(self, client, batch) -> str:
        client.post(f"{ROOM}{batch.pk}/thu-lai/")
        client.post(f"{ROOM}{batch.pk}/dung/")
        return client.get(f"{ROOM}{batch.pk}/").text

    def papers(self, client, batch) -> list[str]:
        answer = client.get(f"{ROOM}{batch.pk}/giay.zip")
        return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))).namelist()

    def sheets(self, client, batch) -> int:
        answer = client.get(f"{ROOM}{batch.pk}/to-in.pdf")
        return len(pikepdf.open(io.BytesIO(b"".join(answer.streaming_content))).pages)

    def test_what_was_drawn_stays_at_once_and_for_good(self, batch, organiser):
        client = cast.client_of(organiser)

        page = self.stopped(client, batch)

        assert "không giữ lại" not in page
        assert "đã bị thu hồi" in page
        assert (len(self.papers(client, batch)), self.sheets(client, batch)) == (1, 1)
        working.work_on_batches(at=timezone.now())
        assert (working.forget_batches(at=timezone.now()), batch.entries.filter(state="failed").count()) == (0, 1)
        assert (len(self.papers(client, batch)), self.sheets(client, batch)) == (1, 1)
        assert "data-running" not in client.get(f"{ROOM}{batch.pk}/").text

    def test_it_can_be_taken_away_while_it_is_tried_again(self, batch, organiser):
        client = cast.client_of(organiser)
        client.post(f"{ROOM}{batch.pk}/thu-lai/")
        assert "vẫn tải được" in client.get(f"{ROOM}{batch.pk}/").text
        assert (len(self.papers(client, batch)), self.sheets(client, batch)) == (1, 1)

    def test_there_is_nothing_to_stop_in_it_twice(self, batch, organiser):
        client = cast.client_of(organiser)
        assert "Dừng đợt in" not in self.stopped(client, batch)
        assert "đã dừng từ trước" in client.post(f"{ROOM}{batch.pk}/dung/", follow=True).text

    def test_sheets_with_one_that_ended_come_back_without_it(self, credentials, batch, organiser):
        client = cast.client_of(organiser)
        Credential.objects.filter(pk=credentials[1].pk).update(status="valid")  # so that one is left
        working.retry(batch, by=None)
        working.work(batch)
        actions.revoke(credential=credentials[0], reason="Cấp nhầm", by=None, at=timezone.now())

        assert "Đã dừng trước khi vẽ lại" in self.stopped(client, batch)

        assert client.get(f"{ROOM}{batch.pk}/to-in.pdf").status_code == 404
        assert len(self.papers(client, batch)) == 1
        working.work_on_batches(at=timezone.now())
        assert self.sheets(client, batch) == 1


class TestForOthers:
    def paths(self, batch):
        return [f"{ROOM}{batch.pk}/", f"{ROOM}{batch.pk}/to-in.pdf", f"{ROOM}{batch.pk}/giay.zip"]

    @pytest.fixture
    def batch(self, credentials, organiser):
        batch = made(cast.client_of(organiser))
        working.work(batch)
        return batch

    def test_a_batch_of_somebody_else_is_not_found(self, batch):
        other = cast.client_of(cast.staff("organiser", cast.province(), phone="0987654322"))
        assert [other.get(path).status_code for path in self.paths(batch)] == [404] * 3
        for what in ("thu-lai", "dung"):
            assert other.post(f"{ROOM}{batch.pk}/{what}/").status_code == 404
        assert f"{batch.pk}/" not in other.get(ROOM).text.split("Các đợt in gần đây")[1]

    def test_administrators_see_all(self, batch):
        admin = cast.client_of(cast.staff("administrator", phone="0987654322"))
        assert [admin.get(path).status_code for path in self.paths(batch)] == [200] * 3

    def test_a_manager_who_may_not_issue_is_kept_out(self, batch):
        manager = cast.client_of(cast.staff("manager", cast.province(), phone="0987654323"))
        assert {manager.get(path).status_code for path in (ROOM, *self.paths(batch))} <= {302, 403}

    def test_who_works_for_another_place_now_does_not_get_the_files_of_the_old(self, batch, organiser):
        organiser.roles.update(place=cast.province("Lào Cai"))
        client = cast.client_of(User.objects.get(pk=organiser.pk))
        assert [client.get(path).status_code for path in self.paths(batch)] == [404] * 3


class TestWhenSomebodyMovesAway:
    @pytest.fixture
    def batch(self, credentials, organiser):
        """The second of Cà Mau is among its failures."""
        batch = made(cast.client_of(organiser))
        actions.revoke(credential=credentials[1], reason="Cấp nhầm", by=None, at=timezone.now())
        working.work(batch)
        return batch

    def moves(self, credential):
        person = credential.enrolment.person
        person.place = cast.commune("Bảo Nhai", "Lào Cai")
        person.save()

    def test_the_others_stay_and_the_sheets_with_both_do_not(self, credentials, batch, organiser):
        self.moves(credentials[0])
        client = cast.client_of(organiser)

        page = client.get(f"{ROOM}{batch.pk}/").text
        assert "không thuộc địa bàn" in page
        assert "to-in.pdf" not in page
        assert CA_MAU[1] in page
        assert client.get(f"{ROOM}{batch.pk}/to-in.pdf").status_code == 404
        papers = client.get(f"{ROOM}{batch.pk}/giay.zip")
        assert zipfile.ZipFile(io.BytesIO(b"".join(papers.streaming_content))).namelist() == []
        assert client.post(f"{ROOM}{batch.pk}/dung/").status_code == 302

    def test_sheets_that_are_being_put_together_again_are_not_offered_to_be(self, credentials, organiser):
        client = cast.client_of(organiser)
        batch = made(client)
        working.work(batch)
        actions.revoke(credential=credentials[1], reason="Cấp nhầm", by=None, at=timezone.now())
        client.post(f"{ROOM}{batch.pk}/thu-lai/")
        page = client.get(f"{ROOM}{batch.pk}/").text
        assert "data-running" in page
        assert "Ghép lại" not in page

    def test_sheets_that_nobody_gets_are_not_offered_to_be_put_together_again(self, credentials, organiser):
        batch = made(cast.client_of(organiser))
        working.work(batch)
        actions.revoke(credential=credentials[1], reason="Cấp nhầm", by=None, at=timezone.now())
        client = cast.client_of(organiser)
        assert client.get(f"{ROOM}{batch.pk}/").text.count("Ghép lại tờ in") == 2  # the control: why, and the button
        self.moves(credentials[0])
        page = client.get(f"{ROOM}{batch.pk}/").text
        assert "đừng phát bản đã in" in page
        assert credentials[1].number in page
        assert "Ghép lại" not in page
        assert "Kích thước thật" not in page

    def test_the_button_is_called_as_the_page_says_also_where_a_paper_failed(self, credentials, organiser):
        batch = made(cast.client_of(organiser))
        working.work(batch)
        BatchEntry.objects.filter(batch=batch, credential=credentials[0]).update(
            state=EntryState.FAILED, failure="Mẫu có lỗi."
        )
        client = cast.client_of(organiser)
        assert "Thử lại giấy chưa vẽ được" in client.get(f"{ROOM}{batch.pk}/").text  # the control: nothing has ended
        actions.revoke(credential=credentials[1], reason="Cấp nhầm", by=None, at=timezone.now())
        page = client.get(f"{ROOM}{batch.pk}/").text
        assert page.count("Ghép lại tờ in") == 2  # why, and the button
        assert "Thử lại giấy" not in page

    def test_whose_paper_ended_is_told_to_their_own_officers_alone(self, credentials, organiser):
        batch = made(cast.client_of(organiser))
        working.work(batch)
        for one in credentials[:2]:
            actions.revoke(credential=one, reason="Cấp nhầm", by=None, at=timezone.now())
        self.moves(credentials[0])
        page = cast.client_of(organiser).get(f"{ROOM}{batch.pk}/").text
        assert credentials[1].number in page
        assert credentials[0].number not in page

    def test_who_got_none_is_named_to_their_own_officers_alone(self, credentials, batch, organiser):
        self.moves(credentials[1])
        client = cast.client_of(organiser)
        page = client.get(f"{ROOM}{batch.pk}/").text
        assert CA_MAU[1] not in page
        assert "Thử lại" in page or "Ghép lại" in page
        assert client.get(f"{ROOM}{batch.pk}/to-in.pdf").status_code == 200  # nobody foreign is on them

    def test_who_works_elsewhere_now_sees_no_name_of_a_batch_in_which_all_failed(self, credentials, organiser):
        for one in credentials[:2]:
            actions.revoke(credential=one, reason="Cấp nhầm", by=None, at=timezone.now())
        members = [one.enrolment_id for one in credentials[:2]]
        batch = actions.make_batch(
            token="t", enrolments=members, title="", layout="a4", is_told=False, by=organiser, at=timezone.now()
        )
        working.work(batch)
        organiser.roles.update(place=cast.province("Lào Cai"))
        client = cast.client_of(User.objects.get(pk=organiser.pk))
        assert client.get(f"{ROOM}{batch.pk}/").status_code == 404


def test_the_register_leads_here_with_what_it_shows(credentials, award, organiser):
    register = cast.client_of(organiser).get(f"/quan-tri/credential/?course={award.course_id}&year=2026").text
    assert f"in-hang-loat/?year=2026&amp;award={award.pk}" in register


def test_a_list_longer_than_a_batch_is_refused_with_what_to_do(credentials, organiser, monkeypatch):
    monkeypatch.setattr("certificates.actions.batches.MOST", 1)
    client = cast.client_of(organiser)
    answer = client.post(ROOM, filled(client))
    assert (answer.status_code, "nhiều nhất 1 giấy" in answer.text) == (422, True)
