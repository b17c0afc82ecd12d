"""Batches at the command line."""

import errno
import io
import zipfile
from datetime import timedelta

import pikepdf
import pytest
from django.core.management import CommandError, call_command

from certificates import actions
from certificates.batches import files, working
from certificates.models import Batch, Credential
from courses.models import Enrolment
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def finished():
    award = cast.award(cast.course())
    for number, name in enumerate(("Trần Thị Út", "Lê Văn Bé")):
        enrolment = cast.enrolment(cast.trainee(name, f"091234567{number}").person, award.course)
        cast.finish(enrolment)


def said(*arguments, **options) -> str:
    out = io.StringIO()
    call_command("certificate_batch", *arguments, stdout=out, **options)
    return out.getvalue()


def failing(why: str, *arguments) -> str:
    """A script that goes by the status it ends with learns that not all is there; what it wrote until then."""
    out = io.StringIO()
    with pytest.raises(CommandError, match=why):
        call_command("certificate_batch", *arguments, stdout=out)
    return out.getvalue()


def until_the_first_is_settled(monkeypatch, then) -> None:
    settle = actions.settle_entry

    def settled_once(**named):
        settle(**named)
        then()

    monkeypatch.setattr(actions, "settle_entry", settled_once)
    monkeypatch.setattr(working, "WORKERS", 1)


@pytest.mark.parametrize("layout", ["a4x2", "a4x4"])
def test_it_issues_draws_and_writes_both_files(finished, tmp_path, layout):
    sheets, papers = tmp_path / "in.pdf", tmp_path / "giay.zip"

    out = said("--course", "ke-chuyen", "--layout", layout, "--sheets", str(sheets), "--zip", str(papers))

    assert "2/2" in out
    assert len(pikepdf.open(sheets).pages) == 1
    assert len(zipfile.ZipFile(papers).namelist()) == Credential.objects.count() == 2


def test_one_that_was_interrupted_goes_on(finished, monkeypatch):
    def kill():
        raise KeyboardInterrupt

    with monkeypatch.context() as killed:
        until_the_first_is_settled(killed, kill)
        with pytest.raises(KeyboardInterrupt):
            said()
    assert Batch.objects.get().entries.filter(state="done").count() == 1
    assert "2/2" in said("--resume", str(Batch.objects.get().pk))
    assert Batch.objects.get().finished_at


@pytest.mark.parametrize("filename", [(), ("giay.pdf",)])
def test_a_full_disk_is_said_and_how_to_go_on(finished, monkeypatch, filename):
    def full(*_arguments):
        raise OSError(errno.ENOSPC, "No space left", *filename)

    with monkeypatch.context() as filled:
        filled.setattr(files, "keep", full)
        said_of = "giay.pdf: " if filename else "^"
        failing(rf"{said_of}No space left \(--resume \d+\)")
    assert "2/2" in said("--resume", str(Batch.objects.get().pk))


def test_one_that_is_stopped_from_its_page_writes_nothing_and_says_so(finished, monkeypatch, tmp_path):
    def stop():
        actions.cancel_batch(batch=Batch.objects.get(), by=None, at=cast.NOW)

    until_the_first_is_settled(monkeypatch, stop)
    failing("It was stopped", "--zip", str(tmp_path / "giay.zip"))
    assert not (tmp_path / "giay.zip").exists()


def test_one_that_was_stopped_begins_anew(finished, monkeypatch, tmp_path):
    def kill():
        raise KeyboardInterrupt

    with monkeypatch.context() as killed:
        until_the_first_is_settled(killed, kill)
        with pytest.raises(KeyboardInterrupt):
            said()
    batch, sheets = Batch.objects.get(), tmp_path / "in.pdf"
    assert actions.cancel_batch(batch=batch, by=None, at=cast.NOW)
    assert "2/2" in said("--resume", str(batch.pk), "--sheets", str(sheets))
    assert len(pikepdf.open(sheets).pages) == Credential.objects.count() == 2


def test_one_that_is_stopped_before_its_sheets_are_put_together_anew_says_so(finished, monkeypatch, tmp_path):
    said()
    batch = Batch.objects.get()
    actions.revoke(credential=Credential.objects.first(), reason="Cấp nhầm", by=None, at=cast.NOW)
    Batch.objects.update(finished_at=None)
    monkeypatch.setattr(working, "work", lambda *_arguments, **_named: 0)
    ended = Batch.ended

    def stopped_meanwhile(one):
        Batch.objects.update(cancelled_at=cast.NOW)
        return ended(one)

    monkeypatch.setattr(Batch, "ended", stopped_meanwhile)
    failing("It was stopped", "--resume", str(batch.pk), "--sheets", str(tmp_path / "in.pdf"))


def test_what_is_tried_again_from_its_page_meanwhile_is_in_its_files(finished, monkeypatch, tmp_path):
    """The entry stands before those that are drawn by then: one way through the list does not come by it again."""
    begin, begun = working._begin, []

    def fails_and_is_tried_again(entry, at):
        begun.append(entry.enrolment_id)
        if len(begun) == 1:
            actions.fail_entry(entry=entry, why="Chưa vẽ được")
            return None
        if len(begun) == 2:
            working.retry(entry.batch, by=None)
        return begin(entry, at)

    monkeypatch.setattr(working, "_begin", fails_and_is_tried_again)
    said("--zip", str(tmp_path / "giay.zip"))
    assert begun == [begun[0], begun[1], begun[0]]
    assert len(zipfile.ZipFile(tmp_path / "giay.zip").namelist()) == 2


def test_no_job_takes_it_over_between_two_rounds(finished, monkeypatch):
    monkeypatch.setattr(working, "A_ROUND", 0)
    locked = []
    worked_on = files.worked_on
    monkeypatch.setattr(files, "worked_on", lambda batch: locked.append(batch) or worked_on(batch))
    out = said()
    assert ("1/2" in out, "2/2" in out, len(locked)) == (True, True, 1)


def test_those_who_wait_in_another_batch_are_counted_and_left_to_it(finished):
    members = list(Enrolment.objects.values_list("pk", flat=True))
    actions.make_batch(token="t", enrolments=members, title="", layout="a4", is_told=False, by=None, at=cast.NOW)
    out = io.StringIO()
    with pytest.raises(CommandError, match="không có giấy nào"):
        call_command("certificate_batch", stdout=out)
    assert "2 wait in another batch" in out.getvalue()
    assert "2/2" in said("--again")


class TestSheetsOfEarlier:
    @pytest.fixture
    def batch(self, finished) -> Batch:
        said()
        return Batch.objects.get()

    def revoke(self, *credentials):
        for one in credentials:
            actions.revoke(credential=one, reason="Cấp nhầm", by=None, at=cast.NOW + timedelta(days=2))

    def test_one_that_was_revoked_since_is_left_out_and_counted(self, batch, tmp_path):
        sheets = tmp_path / "in.pdf"
        self.revoke(Credential.objects.first())

        out = failing("1 of them", "--resume", str(batch.pk), "--sheets", str(sheets))

        assert "without 1 revoked or replaced" in out
        assert "giấy đã bị thu hồi" in out
        assert len(pikepdf.open(sheets).pages) == 1

    def test_one_that_was_replaced_gives_its_place_to_the_other(self, batch, tmp_path):
        sheets, old = tmp_path / "in.pdf", Credential.objects.first()
        staff = cast.staff("administrator")
        actions.reissue(credential=old, why=actions.ReissueReason.LOST, words="", by=staff, at=cast.NOW)

        said("--resume", str(batch.pk), "--sheets", str(sheets))

        assert len(pikepdf.open(sheets).pages) == 2
        assert not batch.ended().exists()
        assert batch.entries.get(enrolment=old.enrolment).credential.replaces == old

    def test_a_zip_without_those_that_ended_is_no_success(self, batch, tmp_path):
        papers = tmp_path / "giay.zip"
        self.revoke(Credential.objects.first())
        failing("1 of them", "--resume", str(batch.pk), "--zip", str(papers))
        assert len(zipfile.ZipFile(papers).namelist()) == 1

    def test_papers_that_are_gone_from_the_disk_are_not_said_to_be_in_a_zip(self, batch, tmp_path):
        files.paper(batch, Credential.objects.first()).unlink()
        failing("Files of 1 are lost", "--resume", str(batch.pk), "--zip", str(tmp_path / "giay.zip"))
        assert not (tmp_path / "giay.zip").exists()

    def test_where_none_is_left_there_are_no_sheets_and_that_is_said(self, batch, tmp_path):
        self.revoke(*Credential.objects.all())
        with pytest.raises(CommandError, match="There are no sheets"):
            said("--resume", str(batch.pk), "--sheets", str(tmp_path / "in.pdf"))
        assert not (tmp_path / "in.pdf").exists()


def test_whoever_got_none_is_named_by_number_alone(finished):
    from certificates.models import Issuer

    Issuer.objects.update(number_pattern="{seq}{ai}")
    out = failing("2 of them were not drawn")
    assert "Hãy báo người quản trị" in out
    assert "Trần" not in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--course", "khong-co"], "There is no “khong-co”; there are: ke-chuyen"),
        (["--issuer", "khong-co"], "There is no “khong-co”; there are: MẪU"),
        (["--year", "1"], "--year"),
        (["--first", "900"], "không có giấy nào"),
        (["--resume", "99"], "There is no such batch"),
        (["--resume", "0"], "There is no such batch"),
        (["--year", "0"], "--year"),
        (["--first", "0"], "--first"),
        (["--last", "0"], "--last"),
    ],
)
def test_what_cannot_be_is_said_and_makes_nothing(finished, arguments, words):
    with pytest.raises(CommandError, match=words):
        said(*arguments)
    assert not Batch.objects.exists()


def test_a_folder_that_there_is_none_is_said(finished, tmp_path):
    with pytest.raises(CommandError, match="There is no such folder"):
        said("--sheets", str(tmp_path / "khong" / "co.pdf"))
    assert not Batch.objects.exists()
