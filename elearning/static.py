from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

_COMMENT = re.compile(r"^[ \t]*//.*\n", re.MULTILINE)


class WithoutComments:
    """Scripts of a storage without their lines of comment, which are for whoever reads the house: no phone has to fetch them."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage

    def open(self, path: str) -> ContentFile[bytes]:
        with self.storage.open(path) as script:
            return ContentFile(_COMMENT.sub("", script.read().decode()).encode(), name=path)


class LinkedScripts(CompressedManifestStaticFilesStorage):
    """A script finds another by its plain name; what is served bears the name of its content, here as everywhere."""

    support_js_module_import_aggregation = True

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.addresses: dict[str, str] = {}

    def url(self, name: str | None, force: bool = False) -> str:
        """Known after the first time: a page names ten files, and to look one up costs as much as a question to the database."""
        if settings.DEBUG or force or name is None:
            return super().url(name, force)
        if name not in self.addresses:
            self.addresses[name] = super().url(name, force)
        return self.addresses[name]

    def post_process(self, paths: dict[str, Any], *args: Any, **options: Any) -> Iterator[Any]:
        ours = {name: (WithoutComments(storage), path) for name, (storage, path) in paths.items() if _is_ours(name)}
        yield from super().post_process(paths | ours, *args, **options)


def _is_ours(name: str) -> bool:
    return name.startswith("js/") and name.endswith(".js")
