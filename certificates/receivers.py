import logging
from datetime import datetime
from typing import Any

from accounts.models import User

from . import actions

logger = logging.getLogger(__name__)


def enrolment_completed(sender: type, enrolment_id: int, at: datetime, **kwargs: Any) -> None:
    """What keeps a certificate from being issued must not undo what the learner did: logged, tried again by the job."""
    try:
        actions.issue(enrolment_id=enrolment_id, at=at)
    except actions.UNISSUABLE as problem:
        logger.warning("enrolment %s: no certificate: %s", enrolment_id, actions.reason(problem))


def enrolment_reopened(
    sender: type, enrolment_id: int, reason: str, by: User | None, at: datetime, **kwargs: Any
) -> None:
    actions.revoke_reopened(enrolment_id=enrolment_id, reason=reason, by=by, at=at)
