"""Input of authors in the admin: a question (`questions`), and a quiz with its rows (`quizzes`)."""

from .questions import QuestionForm
from .quizzes import QuizForm

__all__ = ["QuestionForm", "QuizForm"]
