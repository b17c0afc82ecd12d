"""Every certificate gets a place in its issuer's list, at random."""

import secrets

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SIZE = 131_072


def give_places(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    Credential = apps.get_model("certificates", "Credential")  # noqa: N806
    for issuer in apps.get_model("certificates", "Issuer").objects.values_list("pk", flat=True):
        of_issuer = Credential.objects.filter(issuer=issuer)
        size = SIZE * (1 + of_issuer.count() * 2 // SIZE)
        places = secrets.SystemRandom().sample(range(size), of_issuer.count())
        for pk, place in zip(of_issuer.values_list("pk", flat=True), places, strict=True):
            Credential.objects.filter(pk=pk).update(status_index=place)


class Migration(migrations.Migration):
    dependencies = [("certificates", "0008_signing_keys")]

    operations = [
        migrations.AddField("credential", "status_index", models.PositiveIntegerField(editable=False, null=True)),
        migrations.RunPython(give_places, migrations.RunPython.noop),
        migrations.AddConstraint(
            "credential",
            models.UniqueConstraint(fields=("issuer", "status_index"), name="status_place_once_an_issuer"),
        ),
    ]
