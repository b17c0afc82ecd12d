"""Every write about questions (`questions`) and attempts (`attempts`)."""

from .attempts import StaleAnswer, allow_another_attempt, annul_passes, save_answer, start_attempt, submit_attempt
from .questions import SlotSpec, configure_quiz, ensure_quiz, mark_citing_questions, save_question, save_translation

__all__ = [
    "SlotSpec",
    "StaleAnswer",
    "allow_another_attempt",
    "annul_passes",
    "configure_quiz",
    "ensure_quiz",
    "mark_citing_questions",
    "save_answer",
    "save_question",
    "save_translation",
    "start_attempt",
    "submit_attempt",
]
