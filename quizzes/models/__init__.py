"""Question banks, quizzes and attempts.

QuestionBank ⊃ Question ⊃ QuestionVersion (immutable) ⊃ VersionTranslation
Quiz (one per quiz activity) ⊃ Slot          what is asked: a fixed question, or some drawn from a bank
Attempt (enrolment × quiz × number) ⊃ Item   one question version as drawn, with the answer given and its score
Allowance                                    more attempts or more minutes, given by an officer

Rows that attempts point at are never deleted. An attempt copies what it was started under, so that a later change of the
quiz does not touch it.
"""

from .attempt import Allowance, Attempt, AttemptState, Counts, Item
from .bank import (
    Difficulty,
    ParallelForm,
    Question,
    QuestionBank,
    QuestionStatus,
    QuestionTag,
    QuestionVersion,
    ReviewSettings,
    VersionTranslation,
)
from .quiz import Counted, Layout, Quiz, QuizPage, ResultPart, Slot, TimeUp

__all__ = [
    "Allowance",
    "Attempt",
    "AttemptState",
    "Counted",
    "Counts",
    "Difficulty",
    "Item",
    "Layout",
    "ParallelForm",
    "Question",
    "QuestionBank",
    "QuestionStatus",
    "QuestionTag",
    "QuestionVersion",
    "Quiz",
    "QuizPage",
    "ResultPart",
    "ReviewSettings",
    "Slot",
    "TimeUp",
    "VersionTranslation",
]
