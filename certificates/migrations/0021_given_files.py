import django.db.models.deletion
from django.db import migrations, models


def fill(apps, schema_editor):
    """What offices signed went out; of other files nothing was written down."""
    given = apps.get_model("certificates", "GivenFile")
    signed = apps.get_model("certificates", "SignedCopy").objects.filter(kind="signed").exclude(sha256="")
    rows = signed.values_list("credential_id", "sha256", "uploaded_at")
    found = (given(credential_id=pk, sha256=digest, given_at=at) for pk, digest, at in rows)
    given.objects.bulk_create(found, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("certificates", "0020_statements_of_copies")]

    operations = [
        migrations.CreateModel(
            name="GivenFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("given_at", models.DateTimeField()),
                ("credential", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="given_files", to="certificates.credential")),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("sha256",), name="a_given_file_is_known_once")]},
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
