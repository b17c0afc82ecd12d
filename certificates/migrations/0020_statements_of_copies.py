from django.db import migrations, models


def fill(apps, schema_editor):
    """Of what was brought so far the newest key that could have stated it then; where that is a disowned one the office signs again."""
    copies = apps.get_model("certificates", "SignedCopy").objects.filter(kind="signed").select_related("credential")
    keys = apps.get_model("certificates", "SigningKey").objects
    for copy in copies.iterator():
        before = keys.filter(issuer=copy.credential.issuer_id, made_at__lte=copy.uploaded_at).order_by("-made_at", "-pk")
        own = before.filter(kid=copy.credential.statement_kid).first()
        stated = own or before.exclude(disowned_at=None).first()
        if stated:
            copy.statement_kid = stated.kid
            copy.save(update_fields=["statement_kid"])


class Migration(migrations.Migration):
    dependencies = [("certificates", "0019_issuers_of_a_province")]

    operations = [
        migrations.AddField("signedcopy", "statement_kid", models.CharField(blank=True, max_length=8)),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
