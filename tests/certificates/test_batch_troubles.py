"""Batches when something changes or breaks meanwhile: what is drawn is what holds, one trouble is nobody else's, no file stays."""

import errno
import os
from datetime import timedelta

import pytest
from django.utils import timezone

from certificates import actions, rendering
from certificates.batches import files, working
from certificates.models import Award, Batch, Credential, Issuer
from lib.refusals import Refusal
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.once]
LATER = cast.NOW + timedelta(days=15)


@pytest.fixture
def finished():
    award, found = cast.award(cast.course()), []
    for number, name in enumerate(("Trần Thị Út", "Lê Văn Bé")):
        found.append(cast.enrolment(cast.trainee(name, f"091234567{number}").person, award.course))
        cast.finish(found[-1])
        actions.issue(enrolment_id=found[-1].pk, at=cast.NOW)
    return found


def batch_of(enrolments, token="t", by=None) -> Batch:
    members = [one.pk for one in enrolments]
    return actions.make_batch(token=token, enrolments=members, title="", layout="a4", is_told=False, by=by, at=cast.NOW)


def states(batch) -> list[str]:
    return list(batch.entries.order_by("position").values_list("state", flat=True))


def test_what_is_valid_is_drawn_though_its_award_was_switched_off(finished):
    Award.objects.update(is_active=False)
    batch = batch_of(finished)
    working.work(batch)
    assert states(batch) == ["done"] * 2


def test_what_a_stopped_batch_had_drawn_can_be_chosen_again(finished, monkeypatch):
    batch = batch_of(finished)
    settle = actions.settle_entry

    def settle_and_stop(**named):
        settle(**named)
        actions.cancel_batch(batch=batch, by=None, at=cast.NOW)

    with monkeypatch.context() as stopped:
        stopped.setattr(actions, "settle_entry", settle_and_stop)
        working.work(batch)
    assert "done" in states(batch)

    page = cast.client_of(cast.staff("organiser", cast.province())).get("/quan-tri/in-hang-loat/").text
    assert "<b>2</b> giấy còn hiệu lực" in page


class TestOneFault:
    def test_of_a_record_keeps_no_other_from_being_drawn(self, finished, monkeypatch):
        begin = working.rendering.begin

        def broken(credential):
            if credential.enrolment_id == finished[0].pk:
                raise KeyError("Trần Thị Út")
            return begin(credential)

        monkeypatch.setattr(working.rendering, "begin", broken)
        batch = batch_of(finished)
        working.work_on_batches(at=cast.NOW)
        assert states(batch) == ["failed", "done"]
        assert "Trần Thị Út" not in batch.entries.first().failure

    def test_while_it_is_drawn_keeps_no_other_from_it_either(self, finished, monkeypatch):
        begin = working.rendering.begin

        class Broken:
            drawn = None

            def finish(self):
                raise KeyError("result")

        first = finished[0].pk
        monkeypatch.setattr(
            working.rendering, "begin", lambda one: Broken() if one.enrolment_id == first else begin(one)
        )
        batch = batch_of(finished)
        working.work_on_batches(at=cast.NOW)
        assert states(batch) == ["failed", "done"]

    @pytest.mark.parametrize("half", ["begin", "finish"])
    def test_of_the_disk_is_nobody_s_own_and_all_wait_until_there_is_room(self, finished, monkeypatch, half):
        def full(*_arguments):
            raise OSError(errno.ENOSPC, "No space left on device")

        class Broken:
            drawn, finish = None, full

        batch = batch_of(finished)
        with monkeypatch.context() as filled:
            filled.setattr(working.rendering, "begin", full if half == "begin" else lambda _one: Broken())
            working.work_on_batches(at=cast.NOW)
        batch.refresh_from_db()
        assert states(batch) == ["waiting"] * 2
        assert "không ghi được tệp" in batch.trouble
        working.work_on_batches(at=cast.NOW)
        assert states(batch) == ["done"] * 2

    def test_of_a_whole_batch_is_said_there_and_stops_no_other(self, finished, monkeypatch, caplog):
        first, second = batch_of(finished[:1], "a"), batch_of(finished[1:], "b")
        assemble = working._assemble
        monkeypatch.setattr(
            working, "_assemble", lambda batch: {}["Trần Thị Út"] if batch.pk == first.pk else assemble(batch)
        )
        working.work_on_batches(at=cast.NOW)
        second.refresh_from_db()
        first.refresh_from_db()
        assert second.finished_at
        assert "lỗi của hệ thống" in first.trouble
        assert "Trần Thị Út" not in caplog.text


def test_a_second_click_on_try_again_changes_nothing_of_what_waits(finished):
    batch = batch_of(finished)
    working.work(batch)
    actions.revoke(
        credential=Credential.objects.get(enrolment=finished[0]), reason="Cấp nhầm", by=None, at=timezone.now()
    )
    working.retry(batch, by=None)
    working.work(batch)
    why = batch.entries.first().failure
    assert working.retry(batch, by=None) == 1
    Batch.objects.update(trouble="…")
    assert working.retry(batch, by=None) == 0
    entry = batch.entries.first()
    assert (entry.state, entry.failure) == ("waiting", why)
    assert why


def test_papers_with_what_a_disowned_key_stated_are_drawn_anew_by_the_job(finished, settings, tmp_path):
    settings.CERTIFICATE_KEYS = tmp_path
    lost = actions.make_key(issuer=Issuer.objects.get(), by=None, at=cast.NOW)
    actions.state_missing(at=cast.NOW)
    batch, other = batch_of(finished), batch_of(finished, token="stopped")
    working.work(batch)
    actions.cancel_batch(batch=other, by=None, at=cast.NOW)
    before = [files.paper(batch, one).read_bytes() for one in Credential.objects.order_by("pk")]

    actions.disown_key(key=lost, by=None, at=cast.NOW)
    actions.make_key(issuer=Issuer.objects.get(), by=None, at=cast.NOW)
    actions.state_missing(at=cast.NOW)
    assert states(batch) == ["waiting"] * 2
    working.work_on_batches(at=cast.NOW)

    assert states(batch) == ["done"] * 2
    assert Batch.objects.filter(is_retried=False, finished_at__isnull=False).get() == batch
    for old, one in zip(before, Credential.objects.order_by("pk"), strict=True):
        assert files.paper(batch, one).read_bytes() not in (old, b"")
        assert rendering.given_of(files.paper(batch, one).read_bytes()) == one


class TestForgetting:
    @pytest.fixture
    def batch(self, finished):
        unfinished = cast.enrolment(cast.person("Chưa Xong"), finished[0].course)
        batch = batch_of([*finished, unfinished])
        working.work(batch, clock=lambda: cast.NOW)
        return batch

    def test_files_that_cannot_be_deleted_are_not_said_to_be_gone(self, batch, monkeypatch):
        unlink = os.unlink

        def refuse(path, *arguments, **named):
            if str(path).endswith(".pdf"):
                raise PermissionError(13, "no")
            unlink(path, *arguments, **named)

        with monkeypatch.context() as broken:
            broken.setattr(os, "unlink", refuse)
            assert working.forget_batches(at=LATER) == 0
        batch.refresh_from_db()
        assert batch.forgotten_at is None
        assert working.forget_batches(at=LATER) == 1
        assert not files.folder(batch).exists()

    def test_files_that_somebody_took_away_are_gone(self, batch, monkeypatch):
        unlink = os.unlink

        def twice(path, *arguments, **named):
            unlink(path, *arguments, **named)
            unlink(path, *arguments, **named)

        with monkeypatch.context() as emptied:
            emptied.setattr(os, "unlink", twice)
            assert working.forget_batches(at=LATER) == 1

    def test_one_that_is_tried_again_since_it_was_looked_for_keeps_them(self, batch, monkeypatch):
        worked_on = files.worked_on

        def retried_meanwhile(one):
            working.retry(one, by=None)
            return worked_on(one)

        with monkeypatch.context() as late:
            late.setattr(files, "worked_on", retried_meanwhile)
            assert working.forget_batches(at=LATER) == 0
        assert files.sheets(batch).exists()

    def test_one_that_is_being_deleted_is_tried_again_no_more(self, batch, monkeypatch):
        forget = files.forget

        def retried_late(one):
            with pytest.raises(Refusal):
                working.retry(one, by=None)
            forget(one)

        monkeypatch.setattr(files, "forget", retried_late)
        assert working.forget_batches(at=LATER) == 1
        assert not files.folder(batch).exists()


@pytest.mark.parametrize("is_stopped", [False, True])
def test_sheets_with_a_revoked_paper_are_not_handed_out_though_it_waits_to_be_drawn_anew(
    finished, monkeypatch, is_stopped
):
    organiser = cast.staff("organiser", cast.province())
    batch = batch_of(finished, by=organiser)
    working.work(batch)
    Batch.objects.update(trouble="…")
    working.retry(batch, by=None)  # its sheets are put together again, and meanwhile:
    keep, answers = files.keep, []

    def kept(path, write):
        if path.name == files.SHEETS and not answers:
            lost = Credential.objects.get(enrolment=finished[0])
            actions.revoke(credential=lost, reason="Cấp nhầm", by=None, at=timezone.now())
            working.retry(batch, by=None)
            keep(path, write)
            answers.append(cast.client_of(organiser).get(f"/quan-tri/in-hang-loat/{batch.pk}/to-in.pdf").status_code)
            if is_stopped:
                actions.cancel_batch(batch=batch, by=None, at=timezone.now())
        else:
            keep(path, write)

    monkeypatch.setattr(files, "keep", kept)
    working.work(batch)
    assert answers == [302]
    import pikepdf

    assert len(pikepdf.open(files.sheets(batch)).pages) == 1
