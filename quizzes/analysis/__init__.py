"""Item analysis: how hard each question was, whom it tells apart, and what its answers say about it.

`measures` and `advice` are pure; `counting` asks the database; `of_quiz` and `of_question` put both together.
"""

from .advice import FEW
from .forms import SelectionForm
from .report import Line, Position, Report, of_question, of_quiz
from .selection import Selection

__all__ = ["FEW", "Line", "Position", "Report", "Selection", "SelectionForm", "of_question", "of_quiz"]
