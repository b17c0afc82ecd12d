from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0013_minority'),
    ]

    operations = [
        migrations.AddField(  # whatever is kept is counted anew after migrations
            model_name='behind',
            name='stars',
            field=models.PositiveIntegerField(default=0),
            preserve_default=False,
        ),
    ]
