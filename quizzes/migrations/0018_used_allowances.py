from typing import Any

from django.db import migrations, models
from django.db.models import Exists, F, OuterRef, Q


def mark_used(apps: Any, schema_editor: Any) -> None:
    """What members who are still in the cohort used of it, by their attempts; who left cannot be found again."""
    attempts = apps.get_model("quizzes", "Attempt").objects.filter(
        enrolment__cohort=OuterRef("cohort"), quiz=OuterRef("quiz")
    )
    had_minutes = Q(due_at__isnull=False) & (Q(finished_at=None) | Q(finished_at__gt=OuterRef("given_at")))
    begun_with = attempts.filter(started_at__gte=OuterRef("given_at"))
    given = apps.get_model("quizzes", "Allowance").objects.filter(cohort__isnull=False)
    is_used = Q(Exists(begun_with)) | Q(Exists(attempts.filter(had_minutes)), minutes__gt=0)
    given.filter(is_used).update(used_at=F("given_at"))


class Migration(migrations.Migration):

    dependencies = [
        ('quizzes', '0017_allowances_of_cohorts'),
    ]

    operations = [
        migrations.AddField(
            model_name='allowance',
            name='used_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='có người trong nhóm dùng từ'),
        ),
        migrations.RunPython(mark_used, migrations.RunPython.noop, elidable=True),
    ]
