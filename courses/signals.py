"""What goes up from here. Sent on commit; receivers are idempotent, and `manage.py reconcile` repairs a missed one."""

from django.dispatch import Signal

enrolment_completed = Signal()  # enrolment_id: int, at: datetime
enrolment_reopened = Signal()  # enrolment_id: int, reason: str, by: User | None, at: datetime
enrolment_renewed = Signal()  # enrolment_id: int, at: datetime; what is asked again was done again
