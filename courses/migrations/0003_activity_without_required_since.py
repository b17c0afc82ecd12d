from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('courses', '0002_texts_in_english'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='activity',
            name='required_since',
        ),
    ]
