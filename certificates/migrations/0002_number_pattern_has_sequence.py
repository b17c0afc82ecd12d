from django.db import migrations, models
from django.db.models import CharField, F, Value
from django.db.models.functions import Concat, Left


def put_sequence_in_front(apps, schema_editor):
    """A pattern without {seq} could never number anything: "GCN-VP" becomes "{seq}/GCN-VP"."""
    issuers = apps.get_model("certificates", "Issuer").objects.exclude(number_pattern__contains="{seq}")
    issuers.update(number_pattern=Concat(Value("{seq}/"), Left(F("number_pattern"), 54), output_field=CharField()))


class Migration(migrations.Migration):
    dependencies = [
        ("certificates", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(put_sequence_in_front, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="issuer",
            constraint=models.CheckConstraint(
                condition=models.Q(("number_pattern__contains", "{seq}")), name="number_pattern_has_sequence"
            ),
        ),
    ]
