"""Every write about questions (`questions`, `versions`), their mark "cần rà soát" (`review`), attempts (`attempts`) and marking by hand
(`marking`), regrading (`regrading`); files of questions wait (`uploads`) and are taken over (`importing`, `pictures`)."""

from .attempts import (
    TAKEN_DOWN,
    StaleAnswer,
    allow_another_attempt,
    annul_passes,
    save_answer,
    start_attempt,
    submit_attempt,
)
from .importing import StalePlan, import_questions
from .marking import mark_item
from .questions import (
    SlotSpec,
    StaleQuiz,
    configure_quiz,
    ensure_quiz,
    prepare_quiz,
    save_question,
    save_translation,
    withhold_quiz,
)
from .regrading import MOST_REGRADED, Regraded, regrade
from .review import mark_citing_questions, mark_question_reviewed, mark_quiz_reviewed
from .uploads import drop_upload, find_upload, forget_uploads, keep_upload

__all__ = [
    "MOST_REGRADED",
    "TAKEN_DOWN",
    "Regraded",
    "SlotSpec",
    "StaleAnswer",
    "StalePlan",
    "StaleQuiz",
    "allow_another_attempt",
    "annul_passes",
    "configure_quiz",
    "drop_upload",
    "ensure_quiz",
    "find_upload",
    "forget_uploads",
    "import_questions",
    "keep_upload",
    "mark_citing_questions",
    "mark_item",
    "mark_question_reviewed",
    "mark_quiz_reviewed",
    "prepare_quiz",
    "regrade",
    "save_answer",
    "save_question",
    "save_translation",
    "start_attempt",
    "submit_attempt",
    "withhold_quiz",
]
