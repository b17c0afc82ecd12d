from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('certificates', '0017_duration_of_a_workshop'),
    ]

    operations = [
        migrations.AddField(
            model_name='batch',
            name='is_retried',
            field=models.BooleanField(default=False, editable=False),
        ),
    ]
