"""Batches at the command line."""

import io
import zipfile
from datetime import timedelta

import pikepdf
import pytest
from django.core.management import CommandError, call_command

from certificates import actions
from certificates.models import Batch, Credential
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


def test_it_issues_draws_and_writes_both_files(finished, tmp_path):
    sheets, papers = tmp_path / "in.pdf", tmp_path / "giay.zip"

    out = said("--course", "ke-chuyen", "--layout", "a4x2", "--sheets", str(sheets), "--zip", str(papers))

    assert "2/2" in out
    assert len(pikepdf.open(sheets).pages) == 1
    assert len(zipfile.ZipFile(papers).namelist()) == Credential.objects.count() == 2


def test_one_that_was_interrupted_goes_on(finished, monkeypatch):
    with monkeypatch.context() as killed:
        killed.setattr("certificates.batches.working.work", lambda *_args, **_named: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            said()
    assert "2/2" in said("--resume", str(Batch.objects.get().pk))
    assert Batch.objects.get().finished_at


def test_those_who_wait_in_another_batch_are_counted_and_left_to_it(finished, monkeypatch):
    with monkeypatch.context() as killed:
        killed.setattr("certificates.batches.working.work", lambda *_args, **_named: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            said()
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

        out = said("--resume", str(batch.pk), "--sheets", str(sheets))

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

    def test_where_none_is_left_there_are_no_sheets_and_that_is_said(self, batch, tmp_path):
        self.revoke(*Credential.objects.all())
        with pytest.raises(CommandError, match="There are no sheets"):
            said("--resume", str(batch.pk), "--sheets", str(tmp_path / "in.pdf"))
        assert not (tmp_path / "in.pdf").exists()


def test_whoever_got_none_is_named_by_number_alone(finished):
    from certificates.models import Issuer

    Issuer.objects.update(number_pattern="{seq}{ai}")
    out = said()
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
