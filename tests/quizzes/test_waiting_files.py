"""Between looking and pressing the button a file waits on the disk: for its owner, for an hour, and for nobody else to read."""

import os
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from elearning.management.commands import run_jobs
from lib import waiting as files
from quizzes.models import Question
from tests import cast

from .files import GIFT, UPLOAD, press, send

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


def waiting() -> list[Path]:
    return sorted(Path(settings.VAR_DIR).glob("waiting-imports/*"))


@pytest.fixture
def folder(settings, tmp_path):
    settings.VAR_DIR = tmp_path


def test_a_file_waits_on_the_disk_until_it_was_used(editor, bank, folder):
    page = send(editor, bank, GIFT)
    (file,) = waiting()
    assert file.read_bytes().endswith(GIFT.encode())
    press(editor, page)
    assert (waiting(), Question.objects.count()) == ([], 2)


def test_of_one_person_some_files_wait(editor, bank, folder, monkeypatch):
    monkeypatch.setattr(files, "MOST", 5)
    pages = [send(editor, bank, f"Câu {number}? {{T}}") for number in range(7)]
    assert len(waiting()) == 5
    assert "Lần bấm này không nhập gì" in press(editor, pages[0]).text
    assert "Đã nhập 1 câu" in press(editor, pages[6]).text


@pytest.fixture
def user(db):
    """Whose it is is all that counts here; with staff in it, a database is none for the jobs of a demo."""
    return cast.trainee()


def keep(user, at=cast.NOW):
    return files.keep(owner=user.pk, data=b"{T}", about={"name": "a.txt"}, at=at)


def test_a_file_waits_for_an_hour_by_the_clock_of_whoever_asks(user, folder):
    token = keep(user)
    assert files.find(user.pk, token, at=cast.NOW + HOUR) == (b"{T}", {"name": "a.txt"})
    assert files.find(user.pk, token, at=cast.NOW + HOUR + SECOND) is None
    assert (files.forget(at=cast.NOW + HOUR), len(waiting())) == (0, 1)
    assert (files.forget(at=cast.NOW + HOUR + SECOND), waiting()) == (1, [])


def test_a_page_that_stood_open_for_too_long_says_so(editor, bank, folder, monkeypatch):
    page, later = send(editor, bank, GIFT), timezone.now() + HOUR + SECOND
    monkeypatch.setattr("quizzes.bringing.timezone.now", lambda: later)
    assert "Lần bấm này không nhập gì" in press(editor, page).text


def test_a_round_of_jobs_deletes_what_nobody_came_back_for(user, folder, monkeypatch):
    keep(user, timezone.now() - HOUR - SECOND)
    keep(user, timezone.now())
    stays = waiting()[1:]
    monkeypatch.setattr(run_jobs, "close_old_connections", lambda: None)  # the test's transaction lives on it
    call_command("run_jobs", "--once")
    assert waiting() == stays


def test_a_file_that_goes_while_old_ones_are_tidied_holds_up_nothing(user, folder, monkeypatch):
    """It was listed, and somebody else has taken it in that moment."""
    keep(user)
    (old,) = waiting()
    monkeypatch.setattr(Path, "glob", lambda *_asked: [old, old])
    assert files.forget(at=cast.NOW + HOUR + SECOND) == 2


@pytest.fixture
def open_to_all():
    """A server on which what nobody closes is open to everybody."""
    usual = os.umask(0)
    yield
    os.umask(usual)


def test_nobody_else_on_the_machine_reads_what_waits(user, folder, open_to_all):
    keep(user)
    (file,) = waiting()
    assert [oct(stat.S_IMODE(path.stat().st_mode)) for path in (file.parent, file)] == ["0o700", "0o600"]


def test_what_is_no_token_leads_to_no_other_file(user, folder):
    keep(user)
    (mine,) = waiting()
    (mine.parent / f"{user.pk}-x").mkdir()
    secret = mine.parent.parent / "secret"
    secret.write_text("")
    files.drop(owner=user.pk, token="x/../../secret")
    assert secret.exists()
    assert files.find(user.pk, "x/../../secret", at=cast.NOW) is None


@pytest.mark.parametrize("token", ["", "../../secret-key", "a" * 3000, "x" * 30])
def test_a_token_that_nobody_was_given_finds_nothing(editor, bank, folder, token):
    assert "Lần bấm này không nhập gì" in editor.post(UPLOAD, {"token": token}, follow=True).text
