from django.db import migrations

from provinces.importing import load_places


def load(apps, schema_editor):
    load_places(apps)


class Migration(migrations.Migration):
    dependencies = [("provinces", "0001_initial")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
