"""Commands of an operator: each violation planted is found and nothing else, each repair repairs."""

import contextlib
import socket

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.core.management.base import SystemCheckError

from accounts.models import User
from certificates.models import Counter, Credential
from courses.models import Enrolment
from elearning import checks
from elearning.management.commands import run_jobs
from lib import registries
from quizzes import actions as quizzes
from quizzes.models import Attempt, Item, Quiz
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def passed():
    """One trainee who passed the quiz of a course that earns a certificate."""
    course = cast.course(lessons=0, with_quiz=True)
    cast.award(course)
    enrolment = cast.enrolment(cast.trainee().person, course)
    attempt = quizzes.start_attempt(enrolment=enrolment, quiz=Quiz.objects.get(), language="vi", at=cast.NOW)
    Item.objects.filter(attempt=attempt).update(answer="a")
    quizzes.submit_attempt(attempt=attempt, at=cast.NOW)
    return enrolment


def audit(capsys) -> str:
    with contextlib.suppress(SystemExit):
        call_command("audit_invariants")
    return capsys.readouterr().out


def test_sound_records_have_no_violation(passed, capsys):
    call_command("reconcile")
    capsys.readouterr()
    assert audit(capsys).startswith("0 ")


def test_a_planted_score_is_found(passed, capsys):
    Attempt.objects.update(score=1)
    assert "not the sum of its items" in audit(capsys)


def test_a_pass_that_completed_nothing_is_found(passed, capsys):
    passed.completions.all().delete()
    assert "passed, but not completed" in audit(capsys)


def test_an_agreement_that_the_ledger_does_not_know_is_found(passed, capsys):
    passed.person.consents.update(withdrawn_at=cast.NOW)
    assert "the ledger says otherwise" in audit(capsys)


def test_a_gap_in_the_numbers_is_found(passed, capsys):
    call_command("reconcile")
    Counter.objects.update(last=2)
    assert "numbers are not 1..2" in audit(capsys)


def test_reconcile_issues_what_a_crash_left_out(passed, capsys):
    assert not Credential.objects.exists(), "no signal was heard: the transaction of a test never commits"
    call_command("reconcile")
    assert Credential.objects.count() == 1
    assert "cấp bù: 1" in capsys.readouterr().out


def test_reconcile_finishes_an_enrolment_whose_last_step_was_lost(passed):
    Enrolment.objects.update(completed_at=None)
    call_command("reconcile")
    assert Enrolment.objects.get().completed_at is not None


def test_one_round_of_jobs_issues_it_too_and_says_that_all_went_well(passed, monkeypatch, capsys):
    monkeypatch.setattr(run_jobs, "close_old_connections", lambda: None)  # the test's transaction lives on it
    call_command("run_jobs", "--once")
    assert Credential.objects.count() == 1
    assert "failed: 0." in capsys.readouterr().out


def test_a_job_that_fails_is_named_and_keeps_no_other_from_running(passed, monkeypatch, capsys):
    monkeypatch.setattr(run_jobs, "close_old_connections", lambda: None)
    monkeypatch.setitem(registries.jobs.entries, "accounts.forget_codes", lambda at: 1 / 0)
    call_command("run_jobs", "--once")
    assert Credential.objects.count() == 1
    assert "failed: accounts.forget_codes." in capsys.readouterr().out


def test_a_port_that_is_taken_is_said_in_a_sentence():
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(CommandError, match="PORT="):
        call_command("serve", port=taken.getsockname()[1])


class TestChecks:
    def test_plain_http_is_explained_header_by_header(self, settings):
        settings.SECURE_HSTS_SECONDS = 0
        names = {message.id for message in checks.headers_follow_the_address()}
        assert names == set(checks.HEADERS)
        assert "Strict-Transport-Security" in str(checks.headers_follow_the_address()[0])

    def test_over_https_there_is_nothing_to_explain(self, settings):
        settings.SECURE_HSTS_SECONDS = 31_536_000
        settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = settings.SECURE_SSL_REDIRECT = True
        assert checks.headers_follow_the_address() == []

    def test_a_real_site_refuses_the_demo_phone(self, settings):
        settings.DEMO, settings.MESSAGING_SMS_CHANNEL = False, checks.DEMO_CHANNEL
        with pytest.raises(ImproperlyConfigured, match="demo phone"):
            checks.refuse_demo_data()

    def test_a_real_site_refuses_demo_people(self, settings):
        user = cast.trainee()
        settings.DEMO, settings.MESSAGING_SMS_CHANNEL = False, "messaging.channels.Console"
        checks.refuse_demo_data()
        user.is_demo = True
        user.save()
        with pytest.raises(ImproperlyConfigured, match="well-known passwords"):
            checks.refuse_demo_data()

    @pytest.mark.parametrize(
        ("command", "options"), [("check", {}), ("run_jobs", {"once": True, "skip_checks": False})]
    )
    def test_commands_say_so_in_a_sentence_and_stop(self, settings, command, options):
        user = cast.trainee()
        user.is_demo = True
        user.save()
        settings.DEMO, settings.MESSAGING_SMS_CHANNEL = False, "messaging.channels.Console"
        with pytest.raises(SystemCheckError, match="well-known passwords"):
            call_command(command, **options)

    def test_a_demo_refuses_the_data_of_a_real_site(self, settings):
        settings.DEMO = True
        assert checks.no_demo_on_real_data() == []
        staff = cast.staff("editor")
        with pytest.raises(ImproperlyConfigured, match="belongs to a real site"):
            checks.refuse_demo_data()
        cast.trainee()
        User.objects.exclude(pk=staff.pk).update(is_demo=True)
        assert checks.no_demo_on_real_data() == []

    def test_the_demo_keeps_them(self, settings):
        user = cast.trainee()
        user.is_demo = True
        user.save()
        assert checks.no_demo_people() == []
