from datetime import datetime, timezone

from django.db import migrations

TEXTS = [
    (
        "learning-record",
        "vi",
        "Tôi đồng ý cho lưu họ tên, số điện thoại, nơi ở và kết quả học của tôi để theo dõi việc học và cấp giấy chứng nhận. "
        "Cán bộ theo dõi OCOP ở xã, tỉnh của tôi xem được các thông tin này.",
    ),
    (
        "learning-record",
        "en",
        "I agree that my name, phone number, commune and learning results are kept to follow my progress and to issue "
        "certificates. The OCOP officers of my commune and province can see them.",
    ),
    ("messages", "vi", "Tôi đồng ý nhận tin nhắn nhắc học và báo lớp tập huấn gần tôi."),
    ("messages", "en", "I agree to receive reminders and news of workshops near me by text message."),
]


def write(apps, schema_editor):
    model = apps.get_model("accounts", "ConsentText")
    for purpose, language, body in TEXTS:
        model.objects.get_or_create(
            purpose=purpose,
            version=1,
            language=language,
            defaults={"body": body, "published_at": datetime(2026, 11, 23, tzinfo=timezone.utc)},
        )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_profile_draft")]

    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
