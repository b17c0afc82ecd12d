"""Search goes by whole words, with accents where they are typed: pages that are there already get theirs."""

import re
from collections.abc import Iterator
from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from lib import text


def said(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield re.sub(r"<[^>]*>", " ", value)
    elif isinstance(value, dict):
        for key, part in value.items():
            if key not in ("id", "type"):
                yield from said(part)
    elif isinstance(value, list):
        for part in value:
            yield from said(part)


def by_words(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for name in ("CataloguePage", "TopicPage", "CoursePage", "LessonPage"):
        model = apps.get_model("courses", name)
        for page in model.objects.all().iterator(chunk_size=100):
            body = said(list(page.body.raw_data)) if name == "LessonPage" else ()
            with_accents = " ".join([page.title, page.summary, *body])
            folded = text.words(page.folded) + text.words(text.nfc(with_accents).casefold())
            model.objects.filter(pk=page.pk).update(folded=folded)


class Migration(migrations.Migration):
    dependencies = [("courses", "0007_replaced_texts")]
    operations = [migrations.RunPython(by_words, migrations.RunPython.noop, elidable=True)]
