"""Pictures that a question file brings: into the library, each once."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from django.core.files.base import ContentFile
from wagtail.images import get_image_model
from wagtail.models import Collection

from accounts.models import User
from lib import photographs
from quizzes import wording
from quizzes.formats.base import Draft
from quizzes.importing import fingerprints


@dataclass(frozen=True)
class Images:
    """By fingerprint. What is `new` has its file on the disk, and its row once it is saved."""

    by_content: dict[str, Any] = field(default_factory=dict)
    new: list[Any] = field(default_factory=list)

    def save(self) -> None:
        for image in self.new:
            image.save()

    def places(self, draft: Draft) -> dict[str, str]:
        """Where the words of a draft show each of its pictures."""
        found = {name: self.by_content[known] for name, known in fingerprints(draft).items()}
        return {name: f"{wording.PICTURE}{image.pk}" for name, image in found.items()}

    def discard(self) -> None:
        for image in self.new:
            image.file.delete(save=False)


@contextmanager
def kept(drafts: Sequence[Draft], by: User | None) -> Iterator[Images]:
    """Files are written before the transaction, and taken away when it fails: a rollback knows nothing of a disk."""
    root = Collection.get_first_root_node()
    brought = _brought(drafts)
    images = Images(_shared(brought, root))
    try:
        for known, (name, content) in brought.items():
            _keep(images, known, name, content, root, by)
        yield images
    except BaseException:
        images.discard()
        raise


def _brought(drafts: Sequence[Draft]) -> dict[str, tuple[str, bytes]]:
    """Name and content by fingerprint; of several names the first."""
    brought: dict[str, tuple[str, bytes]] = {}
    for draft in drafts:
        for name, known in fingerprints(draft).items():
            brought.setdefault(known, (unquote(name), draft.pictures[name]))
    return brought


def _shared(fingerprints: Iterable[str], root: Collection) -> dict[str, Any]:
    """The oldest of each. Only what lies where everybody may see it is used again."""
    found = get_image_model().objects.filter(file_hash__in=list(fingerprints), collection=root).order_by("-pk")
    return {image.file_hash: image for image in found}


def _keep(images: Images, known: str, name: str, content: bytes, root: Collection, by: User | None) -> None:
    if known in images.by_content:
        return
    image = get_image_model()(title=name[:255], uploaded_by_user=by, collection=root)
    shown = photographs.without(content)
    image.file.save(name, ContentFile(shown, name), save=False)
    image.file_size, image.file_hash = len(shown), known  # of the file that was brought, to know it again
    images.new.append(image)
    images.by_content[known] = image
