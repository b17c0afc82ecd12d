"""The two designs that there were become templates, word for word, with a first version each; awards choose theirs."""

import json
from hashlib import sha256

from django.db import migrations
from django.utils import timezone

NAMES = {"formal": "Mẫu trang trọng", "warm": "Mẫu thân mật"}

PARTS = {
    "formal": [
        {
            "type": "heading",
            "value": {
                "title": "GIẤY CHỨNG NHẬN",
                "subtitle": "hoàn thành khóa học",
                "title_en": "CERTIFICATE",
                "subtitle_en": "of completion",
            },
        },
        {"type": "lead", "value": {"text": "Chứng nhận Ông/Bà", "text_en": "This is to certify that"}},
        {"type": "name", "value": {}},
        {"type": "person", "value": {"who": True, "address": True}},
        {
            "type": "line",
            "value": {
                "text": "đã hoàn thành {course_kind}",
                "text_en": "has completed the {course_kind}",
                "style": "done",
            },
        },
        {"type": "course", "value": {}},
        {"type": "facts", "value": {"duration": True, "period": True, "result": True}},
        {"type": "check", "value": {"register": True}},
        {
            "type": "signature",
            "value": {
                "note": "(bản điện tử, tra cứu bằng mã QR)",
                "note_en": "(electronic copy, verify by the QR code)",
                "hand": True,
                "seal": True,
            },
        },
    ],
    "warm": [
        {
            "type": "heading",
            "value": {
                "title": "Giấy chứng nhận",
                "subtitle": "hoàn thành khóa học",
                "title_en": "Certificate",
                "subtitle_en": "of completion",
            },
        },
        {"type": "lead", "value": {"text": "Trân trọng trao cho Ông/Bà", "text_en": "proudly presented to"}},
        {"type": "name", "value": {}},
        {"type": "person", "value": {"who": True, "address": True}},
        {
            "type": "line",
            "value": {
                "text": "đã hoàn thành {course_kind}",
                "text_en": "who has completed the {course_kind}",
                "style": "done",
            },
        },
        {"type": "course", "value": {}},
        {"type": "facts", "value": {"duration": True, "period": True, "result": True}},
        {"type": "check", "value": {"register": True}},
        {
            "type": "signature",
            "value": {
                "note": "(bản điện tử, tra cứu bằng mã QR)",
                "note_en": "(electronic copy, verify by the QR code)",
                "hand": True,
                "seal": True,
            },
        },
    ],
}


def add_templates(apps, schema_editor):
    Template = apps.get_model("certificates", "Template")
    Version = apps.get_model("certificates", "TemplateVersion")
    Award = apps.get_model("certificates", "Award")
    now = timezone.now()
    for look, parts in PARTS.items():
        template = Template.objects.create(
            name=NAMES[look],
            look=look,
            body=json.dumps(parts),
            live=True,
            first_published_at=now,
            last_published_at=now,
        )
        data = {
            "look": look, "language": "vi", "accent": "green", "parts": parts, "background": "", "logo": "", "seal": "",
        }  # fmt: skip
        written = json.dumps(data, sort_keys=True, ensure_ascii=False).encode()
        Version.objects.create(template=template, number=1, data=data, sha256=sha256(written).hexdigest())
        Award.objects.filter(design=look).update(template=template)


class Migration(migrations.Migration):
    dependencies = [
        ("certificates", "0010_templates"),
    ]

    operations = [
        migrations.RunPython(add_templates, migrations.RunPython.noop),
    ]
