"""Every write about questions (`questions`, `versions`; `many` at once, `copying`) and their `banks`, their mark "cần rà soát" (`review`), attempts (`attempts`,
`allowances`), marking by hand (`marking`) and regrading (`regrading`); files of questions are taken over (`importing`, `pictures`)."""

from .allowances import allow_ahead, allow_all_ahead, allow_another_attempt, allow_more_time, take_back_allowance
from .attempts import (
    TAKEN_DOWN,
    KeyWasSeen,
    NotNow,
    StaleAnswer,
    annul_passes,
    go_on,
    reveal_item,
    save_answer,
    settle,
    settle_due,
    start_attempt,
    submit_attempt,
)
from .banks import save_bank
from .cohorts import allow_cohort, take_back_from_cohort
from .copying import copy_questions
from .importing import StalePlan, import_questions
from .many import approve_questions, deal_questions, move_questions, reopen_questions, retire_questions
from .marking import MarkedBefore, mark_item
from .questions import (
    RULES,
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

__all__ = [
    "MOST_REGRADED",
    "RULES",
    "TAKEN_DOWN",
    "KeyWasSeen",
    "MarkedBefore",
    "NotNow",
    "Regraded",
    "SlotSpec",
    "StaleAnswer",
    "StalePlan",
    "StaleQuiz",
    "allow_ahead",
    "allow_all_ahead",
    "allow_another_attempt",
    "allow_cohort",
    "allow_more_time",
    "annul_passes",
    "approve_questions",
    "configure_quiz",
    "copy_questions",
    "deal_questions",
    "ensure_quiz",
    "go_on",
    "import_questions",
    "mark_citing_questions",
    "mark_item",
    "mark_question_reviewed",
    "mark_quiz_reviewed",
    "move_questions",
    "prepare_quiz",
    "regrade",
    "reopen_questions",
    "retire_questions",
    "reveal_item",
    "save_answer",
    "save_bank",
    "save_question",
    "save_translation",
    "settle",
    "settle_due",
    "start_attempt",
    "submit_attempt",
    "take_back_allowance",
    "take_back_from_cohort",
    "withhold_quiz",
]
