"""Item analysis: how hard each question was, whom it tells apart, and what its answers say about it.

`measures` and `advice` are pure; `counting` asks the database; `of_quiz` and `of_question` put both together.
"""

from .report import Line, Position, Report, of_question, of_quiz
from .selection import Selection

__all__ = ["Line", "Position", "Report", "Selection", "of_question", "of_quiz"]
