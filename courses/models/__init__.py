"""Catalogue and learning.

Pages (how something is written and read):  CataloguePage ⊃ TopicPage, CoursePage ⊃ LessonPage (and activity pages of upper apps)
Rows (what is learnt):                      Topic ← Course ← Activity; LegalText ← Citation → Activity; Course ← Cohort
Records (what happened):                    Enrolment (person × course, with the place as recorded, perhaps in a Cohort) ← Completion (of an activity)
                                            Enrolment ← Renewal (the finished course once more) ← RenewedStep (of an activity)

The pages of all languages share one row through `translation_key`.
"""

from .cohorts import Cohort
from .legal import Citation, Confidence, LegalStatus, LegalText
from .pages import ActivityPage, CataloguePage, CoursePage, LessonPage, TopicPage
from .records import Completion, Enrolment, Source
from .renewals import Renewal, RenewedStep
from .rows import Activity, Course, Topic

__all__ = [
    "Activity",
    "ActivityPage",
    "CataloguePage",
    "Citation",
    "Cohort",
    "Completion",
    "Confidence",
    "Course",
    "CoursePage",
    "Enrolment",
    "LegalStatus",
    "LegalText",
    "LessonPage",
    "Renewal",
    "RenewedStep",
    "Source",
    "Topic",
    "TopicPage",
]
