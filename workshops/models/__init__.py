"""Workshops: what was planned, who was promised a seat, who came, what was asked in the hall.

Activity (courses) ← Workshop ⊃ Session ⊃ AgendaItem, Material      WorkshopPage: how it is written about
Workshop ⊃ LegalBasis, Speaker, Quota, FormQuestion                 Workshop ⊃ Registration → Person
Session ⊃ Assignment → Registration: of parallel ones, whose each is
Session ⊃ Attendance → Registration       Workshop ⊃ Desk ⊃ Scan       Workshop ⊃ HallTest ⊃ HallItem, TestSheet; FeedbackSheet
Registration ⊃ Notice: what a delegate was told; Workshop ⊃ Reminder: when they are to be told next
Registration ← FollowUp       Workshop ← ReportText: what is written into its report, ReportPhoto
"""

from .attendance import Attendance, CheckInWay, Desk, Scan, ScanOutcome
from .following import CallOutcome, FollowUp, Used
from .hall import FeedbackSheet, HallItem, HallTest, Moment, SheetSource, TestSheet
from .notices import LONGEST_EXTRA, NAMING_ROOMS, REACHED, Notice, NoticeKind, NoticeState, Reminder
from .pages import WorkshopPage
from .plan import (
    AgendaItem,
    BasisKind,
    FormQuestion,
    LegalBasis,
    Material,
    QuestionKind,
    Quota,
    SeenBy,
    Session,
    Speaker,
    Stage,
    Workshop,
)
from .registrations import HOLDING, SEATLESS, Assignment, Gender, Registration, RegistrationSource, RegistrationState
from .reports import ReportPhoto, ReportText

__all__ = [
    "HOLDING", "LONGEST_EXTRA", "NAMING_ROOMS", "REACHED", "SEATLESS", "AgendaItem", "Assignment", "Attendance", "BasisKind", "CallOutcome", "CheckInWay", "Desk",
    "FeedbackSheet", "FollowUp", "FormQuestion", "Gender", "HallItem", "HallTest", "LegalBasis", "Material", "Moment", "Notice",
    "NoticeKind", "NoticeState", "QuestionKind", "Quota", "Registration", "RegistrationSource", "RegistrationState",
    "Reminder", "ReportPhoto", "ReportText", "Scan", "ScanOutcome", "SeenBy", "Session", "SheetSource", "Speaker", "Stage", "TestSheet",
    "Used", "Workshop", "WorkshopPage",
]  # fmt: skip
