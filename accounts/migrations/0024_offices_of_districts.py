from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0023_people_joined_moved_and_helped")]

    operations = [
        migrations.AlterField(
            model_name="person",
            name="official_level",
            field=models.CharField(
                blank=True,
                choices=[
                    ("commune", "cấp xã"),
                    ("district", "cấp huyện"),
                    ("province", "cấp tỉnh"),
                    ("centre", "trung ương"),
                ],
                max_length=8,
                verbose_name="cấp công tác",
            ),
        ),
    ]
