from django.db import migrations, models
from django.utils import timezone

from lib import text


def fold_and_close_repeats(apps, schema_editor):
    """Of several open requests that are one by now the first stays open. The others are kept, closed, and say why; nobody is told."""
    changes = apps.get_model("accounts", "PhoneChange").objects
    seen = set()
    for change in changes.order_by("pk").iterator(chunk_size=2000):
        change.search = text.fold(change.name)[:120]
        key = (change.old_phone, change.new_phone, change.search)
        if change.status == "open" and key in seen:
            change.status, change.decided_at = "refused", timezone.now()
            change.reason = "Gửi lặp lại: yêu cầu cùng họ tên, cùng số gửi trước đó vẫn còn."
        elif change.status == "open":
            seen.add(key)
        change.save(update_fields=["search", "status", "decided_at", "reason"])


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0016_one_open_change_for_a_name'),
        ('provinces', '0002_places'),
    ]

    operations = [
        migrations.AddField(
            model_name='phonechange',
            name='search',
            field=models.CharField(default='', editable=False, max_length=120),
            preserve_default=False,
        ),
        migrations.RunPython(fold_and_close_repeats, migrations.RunPython.noop),
        migrations.RemoveConstraint(
            model_name='phonechange',
            name='one_open_change_of_a_number',
        ),
        migrations.AddConstraint(
            model_name='phonechange',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'open')), fields=('old_phone', 'new_phone', 'search'), name='one_open_change_of_numbers_for_a_name'),
        ),
    ]
