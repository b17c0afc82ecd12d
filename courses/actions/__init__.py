"""Every write of catalogue rows, learning records and legal texts: one file a noun."""

from .attending import record_attendance
from .cohorts import (
    change_cohort,
    close_cohort,
    join_cohort,
    leave_cohort,
    move_to_cohort,
    open_cohort,
    reopen_cohort,
)
from .finishing import finish_waiting, recompute_enrolment
from .legal import change_legal_text, lift_marks, mark_citing_activities, mark_reviewed, note_reviewed, note_reviewer
from .publishing import (
    forget_reviewer,
    number_activities,
    prepare_activity,
    publish_activity,
    publish_course,
    retire_page,
)
from .records import complete_activity, enrol, reconcile, reopen_enrolment
from .renewing import begin_renewal, finish_renewals

__all__ = [
    "begin_renewal",
    "change_cohort",
    "change_legal_text",
    "close_cohort",
    "complete_activity",
    "enrol",
    "finish_renewals",
    "finish_waiting",
    "forget_reviewer",
    "join_cohort",
    "leave_cohort",
    "lift_marks",
    "mark_citing_activities",
    "mark_reviewed",
    "move_to_cohort",
    "note_reviewed",
    "note_reviewer",
    "number_activities",
    "open_cohort",
    "prepare_activity",
    "publish_activity",
    "publish_course",
    "recompute_enrolment",
    "reconcile",
    "record_attendance",
    "reopen_cohort",
    "reopen_enrolment",
    "retire_page",
]
