import logging
from datetime import datetime
from typing import Any

from django.db.models import ProtectedError, Q

from accounts.models import User

from . import actions
from .models import Credential, Picture, Template

logger = logging.getLogger(__name__)


def enrolment_completed(sender: type, enrolment_id: int, at: datetime, **kwargs: Any) -> None:
    """What keeps a certificate from being issued must not undo what the learner did: logged, tried again by the job."""
    try:
        actions.issue(enrolment_id=enrolment_id, at=at)
    except actions.UNISSUABLE as problem:
        logger.warning("enrolment %s: no certificate: %s", enrolment_id, actions.reason(problem))


def enrolment_renewed(sender: type, enrolment_id: int, at: datetime, **kwargs: Any) -> None:
    try:
        actions.renew(enrolment_id=enrolment_id, at=at)
    except actions.UNISSUABLE as problem:
        logger.warning("enrolment %s: not renewed: %s", enrolment_id, actions.reason(problem))


def enrolment_reopened(
    sender: type, enrolment_id: int, reason: str, by: User | None, at: datetime, **kwargs: Any
) -> None:
    actions.revoke_reopened(enrolment_id=enrolment_id, reason=reason, by=by, at=at)


def template_published(sender: type, instance: Template, **kwargs: Any) -> None:
    actions.freeze_template(template=instance)


def picture_deleting(sender: type, instance: Picture, **kwargs: Any) -> None:
    """A paper names its signature and seal by their content; templates and signatories hold theirs by key."""
    papers = Credential.objects.filter(
        Q(evidence__signature=instance.sha256) | Q(evidence__signer_seal=instance.sha256)
    )
    if papers.exists():
        raise ProtectedError("It stands on papers that were issued.", set(papers[:1]))
