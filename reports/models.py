"""What the board adds up: figures kept by place and course, and the marks of places to be counted again.

Nothing here says more than the enrolments do. `manage.py reconcile` counts everything anew, `audit_invariants` compares.
"""

from django.db import models

from accounts.models import Person
from courses.models import Course
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
    """Enrolments of one place in one course."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="+")
    enrolled = models.PositiveIntegerField()
    active = models.PositiveIntegerField()
    completed = models.PositiveIntegerField()
    certified = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reach", "place", "course"], name="cell_once")]


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


class Stale(models.Model):
    """A place whose figures changed since they were counted. Written by the database itself (`triggers`), never updated,
    so that learners who are enrolled at once do not wait for each other."""

    place_id = models.BigIntegerField()


class Tally(models.Model):
    """One row: for which day the figures hold, because who was active in the last 30 days changes with it. Its lock lets
    one count at a time."""

    day = models.DateField(null=True)
