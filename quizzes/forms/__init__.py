"""Input of authors in the admin: a bank (`banks`), a question (`questions`), and a quiz with its rows (`quizzes`)."""

from .banks import BankForm
from .questions import QuestionForm
from .quizzes import QuizForm

__all__ = ["BankForm", "QuestionForm", "QuizForm"]
