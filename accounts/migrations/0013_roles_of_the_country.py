from django.db import migrations, models
from django.db.models import Q
from django.utils import timezone


def leave_places(apps, schema_editor):
    """Editors work for the whole country; who was one of several places is one once, for all the days of these."""
    editors = apps.get_model("accounts", "RoleAssignment").objects.filter(role="editor")
    for user in editors.exclude(place=None).order_by().values_list("user", flat=True).distinct():
        kept, *others = editors.filter(user=user, ended_at=None).order_by("valid_from", "pk") or [None]
        for one in others:
            kept.valid_until = max(kept.valid_until, one.valid_until) if kept.valid_until and one.valid_until else None
            one.ended_at, one.end_reason = timezone.now(), "Gộp vào một vai trò của cả nước"
            one.save()
        if kept:
            kept.save()
    editors.update(place=None)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0012_words_for_ended_roles"),
        ("provinces", "0002_places"),
    ]

    operations = [
        migrations.RunPython(leave_places, migrations.RunPython.noop),
        migrations.RemoveConstraint(model_name="roleassignment", name="administrator_is_countrywide"),
        migrations.AddConstraint(
            model_name="roleassignment",
            constraint=models.CheckConstraint(
                condition=~Q(role__in=("editor", "administrator")) | Q(place=None),
                name="role_of_the_country_has_no_place",
            ),
        ),
    ]
