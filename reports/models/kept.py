"""What the board adds up: figures kept by place and course, and the marks of places to be counted again.

Nothing here says more than the enrolments do. `manage.py reconcile` counts everything anew, `audit_invariants` compares.
"""

from django.db import models
from django.db.models import Q

from accounts.models import Person, PersonKind, Subject
from courses.models import Course, Topic
from provinces.models import Place


class Reach(models.TextChoices):
    """A row stands for what is recorded in just this place, or in a whole province; a former place stands for itself."""

    PLACE = "place"
    PROVINCE = "province"


class Kept(models.Model):
    """A figure of one place."""

    reach = models.CharField(max_length=8, choices=Reach)
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="+")

    class Meta:
        abstract = True


class Cell(Kept):
    """Enrolments of one place in one course, by kind of trainee."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=PersonKind)
    enrolled = models.PositiveIntegerField()
    active = models.PositiveIntegerField()
    completed = models.PositiveIntegerField()
    certified = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reach", "place", "course", "kind"], name="cell_once")]


class Headcount(Kept):
    """People who are enrolled in a place, each once however many courses they are in."""

    persons = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reach", "place"], name="headcount_once")]


class Scattered(Kept):
    """One of several places of the same reach in which a person is recorded: taken off again where several are added up."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reach", "person", "place"], name="scattered_once")]


class Slice(Kept):
    """Of the enrolments of a place those of a topic, of a kind of trainee, or of both: never of neither."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=8, choices=PersonKind, blank=True)

    class Meta:
        abstract = True


def _once(name: str, *fields: str) -> list[models.BaseConstraint]:
    """Each slice once: a topic that is not said is none of its own to a database. And that it is one."""
    return [
        models.UniqueConstraint(
            fields=[*fields, "topic", "kind"], condition=Q(topic__isnull=False), name=f"{name}_once"
        ),
        models.UniqueConstraint(fields=[*fields, "kind"], condition=Q(topic=None), name=f"{name}_of_all_topics_once"),
        models.CheckConstraint(condition=Q(topic__isnull=False) | ~Q(kind=""), name=f"{name}_is_a_part"),
    ]


class SliceHeadcount(Slice):
    """As `Headcount`, of a slice: what is filtered by topic or kind counts each person once too."""

    persons = models.PositiveIntegerField()

    class Meta:
        constraints = _once("slice_headcount", "reach", "place")


class SliceScattered(Slice):
    """As `Scattered`, of a slice."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = _once("slice_scattered", "reach", "person", "place")


class Yearly(Kept):
    """What a place came to in a year: enrolments that began in it, seats in its workshops taken by who is not enrolled in their courses,
    the people and the subjects of both, each once, and of all seats those of women, and those of which the gender is known."""

    year = models.PositiveSmallIntegerField()
    enrolled = models.PositiveIntegerField()
    seats = models.PositiveIntegerField()
    persons = models.PositiveIntegerField()
    subjects = models.PositiveIntegerField()
    women = models.PositiveIntegerField()
    known = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reach", "place", "year"], name="yearly_once")]


class YearlyScattered(Kept):
    """As `Scattered`, of one year: a person, or a subject."""

    year = models.PositiveSmallIntegerField()
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="+")
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reach", "year", "person", "place"], name="yearly_scattered_person_once"),
            models.UniqueConstraint(fields=["reach", "year", "subject", "place"], name="yearly_scattered_subject_once"),
            models.CheckConstraint(
                condition=Q(person=None) ^ Q(subject=None), name="yearly_scattered_person_or_subject"
            ),
        ]


class Behind(Kept):
    """How many enrolments of a place are in which state, how many subjects have nobody, and of how many stars run out (`states.conditions`)."""

    unstarted = models.PositiveIntegerField()
    stalled = models.PositiveIntegerField()
    failed = models.PositiveIntegerField()
    expiring = models.PositiveIntegerField()
    absent = models.PositiveIntegerField()
    stars = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reach", "place"], name="behind_once")]


class Covered(Kept):
    """How far training has reached, of what a place has today: subjects that work, those of them that are headed by somebody who has learnt,
    and officials of each level who hold a certificate. By where they are now, and not by the place of an enrolment."""

    subjects = models.PositiveIntegerField()
    led = models.PositiveIntegerField()
    commune = models.PositiveIntegerField()
    province = models.PositiveIntegerField()
    centre = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reach", "place"], name="covered_once")]


class Minority(Kept):
    """Of a province of today: how many of the people who are enrolled there, or came to a workshop, said that they belong to an ethnic
    minority (`persons`), and how many said anything (`answered`). What of it is shown says `minority.queries`."""

    persons = models.PositiveIntegerField()
    answered = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reach", "place"], name="minority_once")]


class Monthly(Kept):
    """Of the enrolments of a place in a course, by kind of trainee: how many began in a month, were completed and were certified in it."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=PersonKind)
    month = models.DateField()  # its first day
    begun = models.PositiveIntegerField()
    completed = models.PositiveIntegerField()
    certified = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reach", "place", "course", "kind", "month"], name="monthly_once")
        ]
        indexes = [models.Index(fields=["reach", "month"], name="monthly_of_reach")]


class Stale(models.Model):
    """A place whose figures changed since they were counted. Written by the database itself (`triggers`), never updated,
    so that learners who are enrolled at once do not wait for each other."""

    place_id = models.BigIntegerField()


class Tally(models.Model):
    """One row: for which day the figures hold, because who was active in the last 30 days changes with it. Its lock lets
    one count at a time."""

    day = models.DateField(null=True)
