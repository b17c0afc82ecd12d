"""The database marks the places whose figures change, in the same transaction, whoever changes them and however.

A receiver of Django's signals would miss `update()`, `bulk_create` and SQL, and figures that are wrong in silence are worse
than none. Both databases read the same lines; only the frame differs.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection, connections

CHANGED = """OLD.person_id <> NEW.person_id OR OLD.course_id <> NEW.course_id OR OLD.place_id <> NEW.place_id
    OR (OLD.completed_at IS NULL) <> (NEW.completed_at IS NULL) OR date(OLD.last_active_at) <> date(NEW.last_active_at)
    OR OLD.completed_at <> NEW.completed_at OR OLD.enrolled_at <> NEW.enrolled_at
    OR OLD.person_kind <> NEW.person_kind OR coalesce(OLD.subject_id, 0) <> coalesce(NEW.subject_id, 0)"""
OF_ENROLMENT = "SELECT place_id FROM courses_enrolment WHERE id = {}.enrolment_id"
OF_REGISTRATION = "SELECT place_id FROM workshops_registration WHERE id = {}.registration_id"
OF_SEATS = "SELECT place_id FROM workshops_registration WHERE person_id = {}.person_id"
OF_SUBJECT = "SELECT place_id FROM accounts_subject WHERE id = {}.subject_id"
DATED = "{0}.stars IS NOT NULL AND {0}.valid_until IS NOT NULL"  # a product whose stars will run out
OF_PERSON = """SELECT subject.place_id FROM accounts_subject subject
    JOIN accounts_person person ON person.subject_id = subject.id WHERE person.id = {}.person_id"""
# Of whom training has reached: where they are now, and where their subject is.
OF_HOLDER = """SELECT person.place_id FROM accounts_person person
    JOIN courses_enrolment enrolment ON enrolment.person_id = person.id WHERE enrolment.id = {}.enrolment_id"""
OF_ENROLLED = "SELECT place_id FROM courses_enrolment WHERE person_id = {}.person_id"
OF_LEARNER = "SELECT place_id FROM accounts_person WHERE id = {}.person_id"
# The first that is done begins an enrolment, and the last that is taken away leaves it unbegun; what is between marks nothing.
BEFORE = "SELECT 1 FROM {table} other WHERE other.enrolment_id = {row}.enrolment_id"
BEGUN = (
    OF_ENROLMENT.format("NEW") + f" AND NOT EXISTS ({BEFORE.format(table='{table}', row='NEW')} AND other.id < NEW.id)"
)
UNBEGUN = OF_ENROLMENT.format("OLD") + f" AND NOT EXISTS ({BEFORE.format(table='{table}', row='OLD')})"
OF_WORKSHOP = "SELECT DISTINCT place_id FROM workshops_registration WHERE workshop_id = {}"
EVERYWHERE = """INSERT INTO reports_stale (place_id)
    SELECT place_id FROM courses_enrolment UNION SELECT place_id FROM reports_cell
    UNION SELECT place_id FROM workshops_registration UNION SELECT place_id FROM reports_yearly
    UNION SELECT place_id FROM accounts_subject UNION SELECT place_id FROM reports_behind
    UNION SELECT place_id FROM accounts_person WHERE kind = 'official' UNION SELECT place_id FROM reports_covered"""


@dataclass(frozen=True)
class Trigger:
    """After `event` on `table`, and only where `when` holds, the places that `places` selects are marked."""

    name: str
    event: str
    table: str
    places: str
    when: str = "TRUE"


TRIGGERS = [
    Trigger(
        "stale_enrolled",
        "INSERT",
        "courses_enrolment",
        f"SELECT NEW.place_id UNION {OF_SEATS.format('NEW')} UNION {OF_PERSON.format('NEW')}",
    ),
    Trigger(
        "stale_removed",
        "DELETE",
        "courses_enrolment",
        f"SELECT OLD.place_id UNION {OF_SEATS.format('OLD')} UNION {OF_PERSON.format('OLD')}",
    ),
    Trigger("stale_changed", "UPDATE", "courses_enrolment", "SELECT OLD.place_id UNION SELECT NEW.place_id", CHANGED),
    Trigger(
        "stale_seat",
        "UPDATE",
        "courses_enrolment",
        f"{OF_SEATS.format('OLD')} UNION {OF_SEATS.format('NEW')} UNION {OF_PERSON.format('OLD')} UNION {OF_PERSON.format('NEW')}",
        "OLD.person_id <> NEW.person_id OR OLD.course_id <> NEW.course_id",
    ),
    Trigger("stale_issued", "INSERT", "certificates_credential", OF_ENROLMENT.format("NEW")),
    Trigger("stale_withdrawn", "DELETE", "certificates_credential", OF_ENROLMENT.format("OLD")),
    Trigger(
        "stale_status",
        "UPDATE",
        "certificates_credential",
        f"{OF_ENROLMENT.format('OLD')} UNION {OF_ENROLMENT.format('NEW')}",
        """OLD.status <> NEW.status OR OLD.enrolment_id <> NEW.enrolment_id OR OLD.issued_at <> NEW.issued_at
        OR coalesce(CAST(OLD.expires_on AS text), '') <> coalesce(CAST(NEW.expires_on AS text), '')""",
    ),
    Trigger(
        "stale_merged",
        "UPDATE",
        "accounts_person",
        """SELECT place_id FROM courses_enrolment WHERE person_id = NEW.id
        UNION SELECT place_id FROM workshops_registration WHERE person_id = NEW.id
        UNION SELECT place_id FROM accounts_subject WHERE id = NEW.subject_id""",
        "(OLD.merged_into_id IS NULL) <> (NEW.merged_into_id IS NULL)",
    ),
    Trigger(
        "stale_erased",
        "UPDATE",
        "accounts_person",
        "SELECT place_id FROM courses_enrolment WHERE person_id = NEW.id",
        "(OLD.erased_at IS NULL) <> (NEW.erased_at IS NULL)",
    ),
    Trigger(
        "stale_agreed",
        "UPDATE",
        "accounts_person",
        "SELECT place_id FROM courses_enrolment WHERE person_id = NEW.id",
        "OLD.has_consented <> NEW.has_consented",
    ),
    Trigger(  # also of whoever was to be asked again, whose row says no already
        "stale_taken_back",
        "UPDATE",
        "accounts_consent",
        "SELECT place_id FROM courses_enrolment WHERE person_id IN (OLD.person_id, NEW.person_id)",
        "(OLD.withdrawn_at IS NULL) <> (NEW.withdrawn_at IS NULL) OR OLD.person_id <> NEW.person_id",
    ),
    Trigger(
        "stale_log_in",
        "UPDATE",
        "accounts_user",
        "SELECT place_id FROM courses_enrolment WHERE person_id IN (OLD.person_id, NEW.person_id)",
        "OLD.is_active <> NEW.is_active OR coalesce(OLD.person_id, 0) <> coalesce(NEW.person_id, 0)",
    ),
    Trigger(
        "stale_place",
        "UPDATE",
        "provinces_place",
        "SELECT NEW.id UNION SELECT OLD.parent_id WHERE OLD.parent_id IS NOT NULL",
        "coalesce(OLD.parent_id, 0) <> coalesce(NEW.parent_id, 0) OR (OLD.valid_to IS NULL) <> (NEW.valid_to IS NULL)",
    ),
    Trigger("stale_begun", "INSERT", "courses_completion", BEGUN.format(table="courses_completion")),
    Trigger("stale_unbegun", "DELETE", "courses_completion", UNBEGUN.format(table="courses_completion")),
    Trigger("stale_tried", "INSERT", "quizzes_attempt", OF_ENROLMENT.format("NEW")),
    Trigger("stale_untried", "DELETE", "quizzes_attempt", OF_ENROLMENT.format("OLD")),
    Trigger(
        "stale_attempt",
        "UPDATE",
        "quizzes_attempt",
        f"{OF_ENROLMENT.format('OLD')} UNION {OF_ENROLMENT.format('NEW')}",
        """OLD.state <> NEW.state OR OLD.is_practice <> NEW.is_practice OR OLD.enrolment_id <> NEW.enrolment_id
        OR (OLD.annulled_at IS NULL) <> (NEW.annulled_at IS NULL)
        OR (OLD.passed IS NULL) <> (NEW.passed IS NULL) OR OLD.passed <> NEW.passed""",
    ),
    Trigger(
        "stale_retired",
        "UPDATE",
        "courses_course",
        "SELECT DISTINCT place_id FROM courses_enrolment WHERE course_id = NEW.id",
        "(OLD.retired_at IS NULL) <> (NEW.retired_at IS NULL) OR OLD.topic_id <> NEW.topic_id",
    ),
    Trigger("stale_subject_written", "INSERT", "accounts_subject", "SELECT NEW.place_id"),
    Trigger("stale_subject_removed", "DELETE", "accounts_subject", "SELECT OLD.place_id"),
    Trigger(
        "stale_subject",
        "UPDATE",
        "accounts_subject",
        "SELECT OLD.place_id UNION SELECT NEW.place_id",
        """OLD.place_id <> NEW.place_id OR (OLD.closed_at IS NULL) <> (NEW.closed_at IS NULL)
        OR (OLD.merged_into_id IS NULL) <> (NEW.merged_into_id IS NULL)""",
    ),
    Trigger(
        "stale_member",
        "UPDATE",
        "accounts_person",
        f"{OF_SUBJECT.format('OLD')} UNION {OF_SUBJECT.format('NEW')}",
        "coalesce(OLD.subject_id, 0) <> coalesce(NEW.subject_id, 0)",
    ),
    Trigger("stale_product_written", "INSERT", "accounts_product", OF_SUBJECT.format("NEW"), DATED.format("NEW")),
    Trigger("stale_product_removed", "DELETE", "accounts_product", OF_SUBJECT.format("OLD"), DATED.format("OLD")),
    Trigger(
        "stale_product",
        "UPDATE",
        "accounts_product",
        f"{OF_SUBJECT.format('OLD')} UNION {OF_SUBJECT.format('NEW')}",
        """OLD.subject_id <> NEW.subject_id OR (OLD.stars IS NULL) <> (NEW.stars IS NULL)
        OR coalesce(CAST(OLD.valid_until AS text), '') <> coalesce(CAST(NEW.valid_until AS text), '')""",
    ),
    Trigger("stale_present", "INSERT", "workshops_attendance", OF_REGISTRATION.format("NEW")),
    Trigger("stale_absent", "DELETE", "workshops_attendance", OF_REGISTRATION.format("OLD")),
    Trigger(
        "stale_attendance",
        "UPDATE",
        "workshops_attendance",
        f"{OF_REGISTRATION.format('OLD')} UNION {OF_REGISTRATION.format('NEW')}",
        """(OLD.taken_back_at IS NULL) <> (NEW.taken_back_at IS NULL) OR OLD.session_id <> NEW.session_id
        OR OLD.registration_id <> NEW.registration_id""",
    ),
    Trigger(
        "stale_delegate",
        "UPDATE",
        "workshops_registration",
        "SELECT OLD.place_id UNION SELECT NEW.place_id",
        """OLD.place_id <> NEW.place_id OR OLD.gender <> NEW.gender OR OLD.workshop_id <> NEW.workshop_id
        OR OLD.person_id <> NEW.person_id OR coalesce(OLD.subject_id, 0) <> coalesce(NEW.subject_id, 0)""",
    ),
    Trigger("stale_session_planned", "INSERT", "workshops_session", OF_WORKSHOP.format("NEW.workshop_id")),
    Trigger("stale_session_gone", "DELETE", "workshops_session", OF_WORKSHOP.format("OLD.workshop_id")),
    Trigger(
        "stale_session",
        "UPDATE",
        "workshops_session",
        f"{OF_WORKSHOP.format('OLD.workshop_id')} UNION {OF_WORKSHOP.format('NEW.workshop_id')}",
        """OLD.workshop_id <> NEW.workshop_id OR OLD.starts_at <> NEW.starts_at
        OR (OLD.cancelled_at IS NULL) <> (NEW.cancelled_at IS NULL)""",
    ),
    Trigger(
        "stale_workshop",
        "UPDATE",
        "workshops_workshop",
        OF_WORKSHOP.format("NEW.id"),
        "(OLD.cancelled_at IS NULL) <> (NEW.cancelled_at IS NULL)",
    ),
    Trigger(
        "stale_trained",
        "UPDATE",
        "courses_enrolment",
        " UNION ".join(one.format(row) for one in (OF_PERSON, OF_LEARNER) for row in ("OLD", "NEW")),
        "OLD.person_id <> NEW.person_id OR (OLD.completed_at IS NULL) <> (NEW.completed_at IS NULL)",
    ),
    Trigger("stale_holder_issued", "INSERT", "certificates_credential", OF_HOLDER.format("NEW")),
    Trigger("stale_holder_withdrawn", "DELETE", "certificates_credential", OF_HOLDER.format("OLD")),
    Trigger(
        "stale_holder",
        "UPDATE",
        "certificates_credential",
        f"{OF_HOLDER.format('OLD')} UNION {OF_HOLDER.format('NEW')}",
        "OLD.status <> NEW.status OR OLD.enrolment_id <> NEW.enrolment_id",
    ),
    Trigger(
        "stale_standing",
        "UPDATE",
        "accounts_person",
        f"SELECT OLD.place_id UNION SELECT NEW.place_id UNION {OF_SUBJECT.format('OLD')} UNION {OF_SUBJECT.format('NEW')}",
        """OLD.place_id <> NEW.place_id OR OLD.kind <> NEW.kind OR OLD.official_level <> NEW.official_level
        OR OLD.subject_role <> NEW.subject_role OR (OLD.merged_into_id IS NULL) <> (NEW.merged_into_id IS NULL)
        OR (OLD.erased_at IS NULL) <> (NEW.erased_at IS NULL)""",
    ),
    *(
        Trigger(name, event, "accounts_minorityanswer", f"{OF_ENROLLED.format(row)} UNION {OF_SEATS.format(row)}", when)
        for name, event, row, when in (
            ("stale_answered", "INSERT", "NEW", "TRUE"),
            ("stale_unanswered", "DELETE", "OLD", "TRUE"),
            ("stale_answer", "UPDATE", "NEW", "OLD.is_minority <> NEW.is_minority"),
        )
    ),
]


def drop(using: str = "default", **_signal: Any) -> None:
    """Before migrations: SQLite rebuilds a table to alter it, and refuses while a trigger names one that is away."""
    with connections[using].cursor() as cursor:
        existing = _tables(using)
        for trigger in TRIGGERS:
            if trigger.table in existing:
                cursor.execute(_dropping(trigger, connections[using].vendor))


def create(using: str = "default", **signal: Any) -> None:
    """After migrations. What changed meanwhile left no mark: everything is counted again. Nothing where `migrate` took the
    tables of this app away."""
    drop(using, **signal)
    if not are_possible(using):
        return
    with connections[using].cursor() as cursor:
        for trigger in TRIGGERS:
            for statement in _creating(trigger, connections[using].vendor):
                cursor.execute(statement)
        cursor.execute(EVERYWHERE)


def are_possible(using: str = "default") -> bool:
    """Whether the tables of this app are there: `migrate` may have stopped short of them, or gone back."""
    return "reports_stale" in _tables(using)


def missing() -> list[str]:
    """Triggers that should be there and are not, as after a migration that failed half-way."""
    catalogue = (
        "SELECT tgname FROM pg_trigger" if connection.vendor == "postgresql" else "SELECT name FROM sqlite_master"
    )
    with connection.cursor() as cursor:
        cursor.execute(catalogue)
        there = {name for (name,) in cursor.fetchall()}
    return [trigger.name for trigger in TRIGGERS if trigger.name not in there]


def _tables(using: str) -> set[str]:
    return set(connections[using].introspection.table_names())


def _dropping(trigger: Trigger, vendor: str) -> str:
    on_table = f" ON {trigger.table}" if vendor == "postgresql" else ""
    return f"DROP TRIGGER IF EXISTS {trigger.name}{on_table}"


def _creating(trigger: Trigger, vendor: str) -> list[str]:
    marking = f"INSERT INTO reports_stale (place_id) {trigger.places};"
    head = f"CREATE TRIGGER {trigger.name} AFTER {trigger.event} ON {trigger.table} FOR EACH ROW WHEN ({trigger.when})"
    if vendor != "postgresql":
        return [f"{head} BEGIN {marking} END"]
    body = f"BEGIN {marking} RETURN NULL; END"
    return [
        f"CREATE OR REPLACE FUNCTION reports_{trigger.name}() RETURNS trigger LANGUAGE plpgsql"
        f" SET search_path FROM CURRENT AS $${body}$$",
        f"{head} EXECUTE FUNCTION reports_{trigger.name}()",
    ]
