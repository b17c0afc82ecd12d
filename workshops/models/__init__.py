"""Workshops: what was planned, who was promised a seat.

Activity (courses) ← Workshop ⊃ Session ⊃ AgendaItem, Material      WorkshopPage: how it is written about
Workshop ⊃ LegalBasis, Speaker, Quota, FormQuestion                 Workshop ⊃ Registration → Person
"""

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
from .registrations import HOLDING, Registration, RegistrationSource, RegistrationState

__all__ = [
    "HOLDING", "AgendaItem", "BasisKind", "FormQuestion", "LegalBasis", "Material", "QuestionKind", "Quota", "Registration",
    "RegistrationSource", "RegistrationState", "SeenBy", "Session", "Speaker", "Stage", "Workshop", "WorkshopPage",
]  # fmt: skip
