"""Who agreed to reminders is told 60, 30 and 7 days before a certificate ends; once each."""

from datetime import date, timedelta

import pytest

from accounts.models import Consent, ConsentText
from certificates import actions, validity
from certificates.models import Award, Credential
from messaging.models import Message
from tests import cast

pytestmark = pytest.mark.django_db
END = cast.NOW + timedelta(days=365)


@pytest.fixture
def credential():
    course = cast.course(lessons=1)
    cast.award(course)
    Award.objects.update(validity_months=12)
    enrolment = cast.enrolment(cast.trainee().person, course)
    cast.finish(enrolment)
    return actions.issue(enrolment_id=enrolment.pk, at=cast.NOW)


def before(days: int):
    return END - timedelta(days=days)


def sent(days: int) -> int:
    actions.remind(at=before(days))
    return Message.objects.filter(purpose="certificate-ends").count()


@pytest.mark.parametrize(
    ("left", "due"), [(61, None), (60, 60), (31, 60), (30, 30), (8, 30), (7, 7), (0, 7), (-1, None)]
)
def test_only_the_newest_reminder_applies(left, due):
    last = date(2027, 11, 23)
    assert validity.reminder_due(last, last - timedelta(days=left)) == due


def test_three_messages_and_no_more_however_often_the_job_runs(credential):
    assert [sent(days) for days in (90, 61, 60, 60, 45, 30, 29, 7, 7, 0, -1, -30)] == [
        0,
        0,
        1,
        1,
        1,
        2,
        2,
        3,
        3,
        3,
        3,
        3,
    ]
    message = Message.objects.order_by("pk").first()
    assert message.to == "+84912345678"
    assert "0001/GCN-MAU" in message.body
    assert "23/11/2027" in message.body
    assert "/c/cua-toi/" in message.body
    assert credential.person.name not in message.body


def test_a_job_that_was_down_sends_the_newest_alone(credential):
    assert sent(5) == 1
    assert Message.objects.get().dedupe_key.endswith("-7")


def test_messages_that_were_forgotten_are_not_sent_again(credential):
    assert sent(60) == 1
    Message.objects.all().delete()
    assert sent(40) == 0


def without_the_agreement(credential) -> None:
    consent = credential.person.consents.get(text__purpose="messages")
    Consent.objects.filter(pk=consent.pk).update(withdrawn_at=cast.NOW)


def without_a_phone(credential) -> None:
    credential.person.user.phone = None
    credential.person.user.save()


def with_an_unconfirmed_phone(credential) -> None:
    credential.person.user.phone_verified_at = None
    credential.person.user.save()


def revoked(credential) -> None:
    actions.revoke(credential=credential, reason="Nhầm", by=None, at=cast.NOW)


def without_an_end(credential) -> None:
    Credential.objects.update(expires_on=None)


def of_a_course_that_earns_none_now(credential) -> None:
    Award.objects.update(is_active=False)


def renewable_later(credential) -> None:
    Award.objects.update(renewal_days=30)


@pytest.mark.parametrize(
    "change",
    [
        without_the_agreement, without_a_phone, with_an_unconfirmed_phone, revoked, without_an_end,
        of_a_course_that_earns_none_now, renewable_later,
    ],
)  # fmt: skip
def test_nobody_else_is_written_to(credential, change):
    change(credential)
    assert sent(60) == 0


def test_those_that_cannot_be_renewed_yet_keep_no_other_waiting(credential, monkeypatch):
    monkeypatch.setattr(actions.reminding, "AT_ONCE", 1)
    Award.objects.update(renewal_days=7)
    other = cast.course(lessons=1, slug="khac", title="Khác")
    cast.award(other, code="KHÁC")
    Award.objects.filter(course=other).update(validity_months=12)
    enrolment = cast.enrolment(cast.trainee("Lê Ba", "0912345679").person, other)
    cast.finish(enrolment)
    actions.issue(enrolment_id=enrolment.pk, at=cast.NOW + timedelta(days=1))
    assert sent(50) == 1
    assert Message.objects.get().to == "+84912345679"


def test_one_that_was_renewed_is_not_reminded_of(credential):
    Credential.objects.filter(pk=credential.pk).update(status="replaced", status_at=cast.NOW)
    assert sent(30) == 0


def test_the_cast_has_agreed_to_messages(credential):
    """Else the controls above would prove nothing."""
    assert ConsentText.Purpose.MESSAGES in {row.text.purpose for row in credential.person.consents.all()}
