import logging
from datetime import datetime
from typing import Any

from lib.refusals import Refusal

from . import actions

logger = logging.getLogger(__name__)


def enrolment_completed(sender: type, enrolment_id: int, at: datetime, **kwargs: Any) -> None:
    """A refusal must not undo what the learner did: it is logged, and the job tries again."""
    try:
        actions.issue(enrolment_id=enrolment_id, at=at)
    except Refusal as refusal:
        logger.warning("enrolment %s: %s", enrolment_id, refusal)
