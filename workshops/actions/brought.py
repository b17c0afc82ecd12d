"""A file that came with a form, and what it becomes."""

from dataclasses import dataclass
from typing import Any

from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.utils.file import hash_filelike

from accounts.models import User


@dataclass(frozen=True)
class Brought:
    """A file that came with the form; it belongs to whoever sent it."""

    file: Any
    by: User | None

    def is_of(self, known: Any) -> bool:
        """Whether a document or picture holds this very file: the button was pressed twice."""
        return known is not None and known.file_hash == hash_filelike(self.file)

    def as_document(self, title: str) -> Any:
        made = get_document_model()(title=title, file=self.file, uploaded_by_user=self.by)
        made._set_document_file_metadata()
        made.save()
        return made

    def as_image(self, title: str) -> Any:
        made = get_image_model()(title=title, file=self.file, uploaded_by_user=self.by)
        made._set_image_file_metadata()
        made.save()
        return made
