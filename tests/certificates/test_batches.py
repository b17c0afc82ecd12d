"""Many certificates in one go: each is drawn once and told of once, whatever fails, stops or comes twice."""

import os
import shutil
import signal
from copy import deepcopy
from datetime import timedelta

import pikepdf
import pytest
from django.core.files.storage import storages
from wagtail.models import ModelLogEntry

from certificates import actions
from certificates.batches import files, working
from certificates.models import Batch, CopyKind, Credential, EntryState, Issuer, Layout
from certificates.rendering import Printer
from courses.models import Enrolment
from lib import apart
from lib.refusals import Refusal
from lib.registries import Unfinished
from messaging.models import Message
from tests import cast
from tests.conftest import made_for_a_file

pytestmark = [pytest.mark.django_db, pytest.mark.long]

NAMES = ("Trần Thị Út", "Lê Văn Bé", "Thạch Thị Hồng", "Nguyễn Văn Tám", "Lý Thị Hoa")


@pytest.fixture
def finished(made_finished, db) -> list[Enrolment]:
    return deepcopy(made_finished)


def five() -> list[Enrolment]:
    """Five people who finished; nobody has told the certificates yet."""
    award, found = cast.award(cast.course()), []
    for number, name in enumerate(NAMES):
        who = cast.trainee(name, f"091234567{number}").person
        enrolment = cast.enrolment(who, award.course)
        cast.finish(enrolment)
        found.append(enrolment)
    return found


made_finished = made_for_a_file(five)


def batch_of(enrolments, *, token="t", layout=Layout.ONE, is_told=False) -> Batch:
    return actions.make_batch(
        token=token,
        enrolments=[one.pk for one in enrolments],
        title="Kể chuyện",
        layout=layout,
        is_told=is_told,
        by=None,
        at=cast.NOW,
    )


def states(batch) -> list[str]:
    return list(batch.entries.order_by("position").values_list("state", flat=True))


def on_disk(batch) -> set[str]:
    return {path.name for path in files.folder(batch).iterdir()} - {files.LOCK}


def test_who_has_no_certificate_yet_gets_one_and_each_is_drawn(finished):
    batch = batch_of(finished)

    working.work(batch)

    batch.refresh_from_db()
    codes = Credential.objects.values_list("code", flat=True)
    assert (states(batch), batch.trouble) == (["done"] * 5, "")
    assert batch.finished_at is not None
    assert on_disk(batch) == {*(f"{code}.pdf" for code in codes), "sheets.pdf"}
    assert len(pikepdf.open(files.sheets(batch)).pages) == 5


def test_the_same_form_sent_twice_makes_one_batch(finished):
    assert batch_of(finished).pk == batch_of(finished).pk
    assert Batch.objects.get().entries.count() == 5


def test_nobody_and_too_many_are_refused(finished, monkeypatch):
    with pytest.raises(Refusal, match="không có giấy nào"):
        batch_of([])
    monkeypatch.setattr("certificates.actions.batches.MOST", 4)
    with pytest.raises(Refusal, match="nhiều nhất 4 giấy"):
        batch_of(finished)
    assert not Batch.objects.exists()


def test_what_cannot_be_issued_is_named_and_keeps_nobody_else_from_theirs(finished):
    unfinished = cast.enrolment(cast.person("Chưa Xong"), finished[0].course)
    batch = batch_of([unfinished, *finished])

    working.work(batch)

    failed = batch.entries.get(state=EntryState.FAILED)
    assert (failed.enrolment, "chưa hoàn thành" in failed.failure) == (unfinished, True)
    assert states(batch).count("done") == 5
    assert Batch.objects.get().finished_at


def test_what_cannot_be_drawn_is_named_and_done_when_it_is_tried_again(finished, monkeypatch):
    def fail(*_arguments):
        raise ValueError("Trần Thị Út")

    batch = batch_of(finished)
    actions.issue(enrolment_id=finished[0].pk, at=cast.NOW)
    working.rendering.pdf(Credential.objects.get())  # what is ours is drawn and read in
    with monkeypatch.context() as broken:
        broken.setattr(Printer, "laid_out", fail)
        working.work(batch)

    assert states(batch) == ["failed"] * 5
    assert "Chưa vẽ được" in batch.entries.first().failure
    assert on_disk(batch) == set()

    assert actions.retry_batch(batch=batch, by=None) == 5
    working.work(batch)
    assert states(batch) == ["done"] * 5
    assert Credential.objects.count() == 5


def test_numbers_of_an_office_that_are_wrong_are_no_fault_of_the_batch(finished, caplog):
    Issuer.objects.update(number_pattern="{seq}{ai}")
    batch = batch_of(finished)

    working.work(batch)

    assert states(batch) == ["failed"] * 5
    assert "Hãy báo người quản trị" in batch.entries.first().failure
    assert not Credential.objects.exists()


class TestTelling:
    @pytest.fixture(autouse=True)
    def reachable(self, finished):
        for one in finished[3:]:
            one.person.consents.filter(text__purpose="messages").update(withdrawn_at=cast.NOW)

    def test_who_agreed_is_told_once_however_many_batches(self, finished):
        working.work(batch_of(finished, token="first", is_told=True))
        told = Message.objects.filter(purpose="certificate-ready")
        assert sorted(told.values_list("to", flat=True)) == ["+84912345670", "+84912345671", "+84912345672"]
        assert "giay chung nhan so" in told.first().body
        assert len(told.first().body) <= 160

        Message.objects.all().delete()  # as after thirty days
        working.work(batch_of(finished, token="second", is_told=True))
        assert not Message.objects.exists()

    def test_nobody_is_told_unless_asked_for(self, finished):
        working.work(batch_of(finished))
        assert not Message.objects.exists()

    def test_whoever_settles_second_tells_nobody(self, finished):
        batch = batch_of(finished, is_told=True)
        working.work(batch)
        entry = batch.entries.first()
        Message.objects.all().delete()

        assert not actions.settle_entry(entry=entry, credential=entry.credential, at=cast.NOW)
        assert not Message.objects.exists()


def test_a_paper_that_was_replaced_meanwhile_is_drawn_as_the_new_one(finished):
    old = actions.issue(enrolment_id=finished[0].pk, at=cast.NOW)
    batch = batch_of(finished[:1])
    actions.reissue(
        credential=old,
        why=actions.ReissueReason.LOST,
        words="",
        by=cast.staff("administrator"),
        at=cast.NOW + timedelta(days=1),
    )

    working.work(batch)

    assert batch.entries.get().credential.replaces == old


def test_a_job_works_for_a_while_and_says_that_there_is_more(finished, monkeypatch):
    monkeypatch.setattr(working, "A_ROUND", 0)
    batch = batch_of(finished)

    assert isinstance(working.work_on_batches(at=cast.NOW), Unfinished)
    assert states(batch) == ["waiting"] * 5

    monkeypatch.setattr(working, "A_ROUND", 600)
    done = working.work_on_batches(at=cast.NOW)
    assert (done, isinstance(done, Unfinished)) == (5, False)
    assert working.work_on_batches(at=cast.NOW) == 0


def test_two_processes_do_not_draw_the_same(finished):
    batch, begun = batch_of(finished), os.pipe()

    def hold() -> None:
        with files.worked_on(batch):
            os.write(begun[1], b"!")
            signal.pause()

    other = apart.Running(hold, seconds=60)
    os.read(begun[0], 1)
    with pytest.raises(files.BusyError):
        working.work(batch)
    assert working.work_on_batches(at=cast.NOW) == 0
    assert states(batch) == ["waiting"] * 5

    other.kill()
    assert working.work(batch) == 5
    for end in begun:
        os.close(end)


def test_one_that_was_stopped_draws_nothing_more_and_leaves_no_file(finished):
    batch = batch_of(finished)
    working.work(batch, until=0)
    assert actions.cancel_batch(batch=batch, by=None, at=cast.NOW)

    assert working.work_on_batches(at=cast.NOW) == 0
    assert working.forget_batches(at=cast.NOW) == 1
    assert states(batch) == ["waiting"] * 5
    assert not files.folder(batch).exists()


class TestOneThatWasStopped:
    """After two of five were drawn, and all were to be told."""

    @pytest.fixture
    def batch(self, finished, monkeypatch) -> Batch:
        batch, settle = batch_of(finished, is_told=True), actions.settle_entry

        def settle_and_stop(**named):
            settled = settle(**named)
            if batch.entries.filter(state=EntryState.DONE).count() == 2:
                actions.cancel_batch(batch=batch, by=None, at=cast.NOW)
            return settled

        with monkeypatch.context() as until:
            until.setattr(actions, "settle_entry", settle_and_stop)
            working.work(batch)
        assert states(batch).count("done") == 2
        return batch

    @pytest.mark.parametrize("is_forgotten", [True, False])
    def test_is_run_again_from_its_start_and_tells_nobody_twice(self, batch, is_forgotten):
        if is_forgotten:
            assert working.forget_batches(at=cast.NOW) == 1

        assert working.retry(batch, by=None) == 5
        assert working.forget_batches(at=cast.NOW) == 0
        working.work_on_batches(at=cast.NOW)

        assert states(batch) == ["done"] * 5
        assert len(pikepdf.open(files.sheets(batch)).pages) == 5
        assert Credential.objects.count() == Message.objects.filter(purpose="certificate-ready").count() == 5
        assert ModelLogEntry.objects.filter(action="certificates.batch_retried").count() == 1

    def test_is_not_run_again_by_a_second_click(self, batch):
        working.retry(batch, by=None)
        working.work(batch)
        assert working.retry(batch, by=None) == 0
        assert states(batch) == ["done"] * 5

    def test_stays_stopped_where_another_took_its_people_since(self, batch, finished):
        another = batch_of(finished[:3], token="another")
        with pytest.raises(Refusal, match=f"đợt in {another.pk}"):
            working.retry(batch, by=None)
        assert not Batch.objects.unfinished().filter(pk=batch.pk).exists()

    def test_is_run_again_once_the_other_is_stopped_too(self, batch, finished):
        actions.cancel_batch(batch=batch_of(finished[:3], token="another"), by=None, at=cast.NOW)
        assert working.retry(batch, by=None) == 5


def test_trying_again_what_did_not_fail_changes_nothing(finished):
    batch = batch_of(finished)
    working.work(batch)
    before = Batch.objects.values().get()

    assert actions.retry_batch(batch=batch, by=None) == 0
    assert (Batch.objects.values().get(), states(batch)) == (before, ["done"] * 5)
    assert not ModelLogEntry.objects.filter(action="certificates.batch_retried").exists()


def test_whoever_draws_gives_up_what_was_stopped_meanwhile(finished, monkeypatch):
    Issuer.objects.update(number_pattern="{seq}{ai}")
    batch = batch_of(finished)
    working.work(batch)
    Issuer.objects.update(number_pattern="{seq}/GCN")
    actions.retry_batch(batch=batch, by=None)
    issue = actions.issue

    def issue_and_stop(**named):
        assert actions.cancel_batch(batch=batch, by=None, at=cast.NOW)
        return issue(**named)

    monkeypatch.setattr(actions, "issue", issue_and_stop)
    working.work(batch)

    assert states(batch) == ["failed"] * 5
    assert "Hãy báo người quản trị" in batch.entries.last().failure  # as it was
    assert Credential.objects.count() == 1
    assert not Batch.objects.unfinished().exists()


def test_files_of_one_that_is_tried_again_are_not_forgotten_meanwhile(finished):
    batch = batch_of([*finished, cast.enrolment(cast.person("Chưa Xong"), finished[0].course)])
    working.work(batch, clock=lambda: cast.NOW)
    actions.retry_batch(batch=batch, by=None)
    assert working.forget_batches(at=cast.NOW + timedelta(days=15)) == 0


def test_files_are_kept_for_two_weeks_and_certificates_for_ever(finished):
    batch = batch_of(finished)
    working.work(batch, clock=lambda: cast.NOW)

    assert working.forget_batches(at=cast.NOW + timedelta(days=13)) == 0
    assert files.sheets(batch).exists()
    assert working.forget_batches(at=cast.NOW + timedelta(days=15)) == 1
    assert not files.folder(batch).exists()
    assert Credential.objects.count() == 5
    assert working.forget_batches(at=cast.NOW + timedelta(days=16)) == 0


def test_a_full_disk_is_said_leaves_no_half_file_and_is_overcome(finished, monkeypatch):
    def full(_descriptor):
        raise OSError(28, "No space left on device")

    batch = batch_of(finished)
    with monkeypatch.context() as broken:
        broken.setattr("certificates.batches.files.os.fsync", full)
        with pytest.raises(OSError, match="space"):
            working.work(batch)

    batch.refresh_from_db()
    assert "không ghi được tệp" in batch.trouble
    assert not {name for name in on_disk(batch) if name.endswith(".new")}
    working.work(batch)
    batch.refresh_from_db()
    assert (states(batch), batch.trouble) == (["done"] * 5, "")


def test_a_lost_file_is_drawn_anew_by_whoever_puts_the_sheets_together(finished):
    batch = batch_of([*finished, cast.enrolment(cast.person("Chưa Xong"), finished[0].course)])
    working.work(batch)
    lost = files.paper(batch, batch.entries.first().credential)
    lost.unlink()

    actions.retry_batch(batch=batch, by=None)
    working.work(batch)

    assert states(batch) == ["done"] * 5 + ["failed"]
    assert lost.exists()
    assert len(pikepdf.open(files.sheets(batch)).pages) == 5


def test_one_that_cannot_be_written_says_so_and_keeps_no_other_waiting(finished):
    stuck, other = batch_of(finished[:1], token="stuck"), batch_of(finished[1:], token="other")
    shutil.rmtree(files.folder(stuck), ignore_errors=True)
    files.folder(stuck).parent.mkdir(parents=True, exist_ok=True)
    files.folder(stuck).write_text("a file where a folder should be")

    working.work_on_batches(at=cast.NOW)

    stuck.refresh_from_db()
    assert "không ghi được tệp" in stuck.trouble
    assert (states(stuck), states(other)) == (["waiting"], ["done"] * 4)
    files.folder(stuck).unlink()


def test_files_lie_where_no_address_leads(finished):
    batch = batch_of(finished)
    working.work(batch)
    assert files.folder(batch).is_relative_to(storages["certificates"].path(""))
    assert {oct(path.stat().st_mode & 0o077) for path in files.folder(batch).glob("*.pdf")} == {"0o0"}


def test_what_an_office_signed_or_is_sealed_here_is_what_goes_to_the_printer(finished, monkeypatch):
    """Both have what `delivered` gives, and marks of signers are on the sheets."""
    credential = actions.issue(enrolment_id=finished[0].pk, at=cast.NOW)
    signed = working.rendering.pdf(credential) + b"\n% signed\n"
    actions.take_copy(
        credential=credential,
        kind=CopyKind.SIGNED,
        data=signed,
        signers="Chánh",
        signed_at=cast.NOW,
        by=None,
        at=cast.NOW,
    )
    batch = batch_of(finished[:2])

    working.work(batch)

    assert files.paper(batch, credential).read_bytes() == signed
    assert len(pikepdf.open(files.sheets(batch)).pages) == 2
