"""Every write about questions (`questions`, `versions`; `many` at once), their mark "cần rà soát" (`review`), attempts (`attempts`) and marking by hand
(`marking`); files of questions wait (`uploads`) and are taken over (`importing`, `pictures`)."""

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
from .many import approve_questions, move_questions, reopen_questions, retire_questions
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
from .review import mark_citing_questions, mark_question_reviewed, mark_quiz_reviewed
from .uploads import drop_upload, find_upload, forget_uploads, keep_upload

__all__ = [
    "TAKEN_DOWN",
    "SlotSpec",
    "StaleAnswer",
    "StalePlan",
    "StaleQuiz",
    "allow_another_attempt",
    "annul_passes",
    "approve_questions",
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
    "move_questions",
    "prepare_quiz",
    "reopen_questions",
    "retire_questions",
    "save_answer",
    "save_question",
    "save_translation",
    "start_attempt",
    "submit_attempt",
    "withhold_quiz",
]
