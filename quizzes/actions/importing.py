"""Writing what `quizzes.importing.plan` found."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.images import get_image_model
from wagtail.models import Collection

from accounts.models import User
from lib.refusals import Refusal
from pages.forms.images import WholeImageField
from quizzes.importing import Plan, renamed
from quizzes.models import Question

from .questions import save_question


@transaction.atomic
def import_questions(*, plan: Plan, by: User | None, at: datetime) -> list[Question]:
    """All of a plan, as drafts that somebody reviews; returns what is new or has a new version.

    Raises Refusal when the plan has refusals, or a picture cannot be kept; then nothing is written.
    """
    if plan.refusals:
        raise Refusal(_("Chưa nhập câu nào: tệp còn %(n)s chỗ phải sửa.") % {"n": len(plan.refusals)})
    made = []
    for entry in plan.entries:
        if entry.fate == "same":
            continue
        draft = renamed(entry.draft, _keep_pictures(entry.draft.pictures, by))
        words: dict[str, Any] = {
            "kind": draft.kind, "stem": draft.stem, "data": draft.data, "explanation": draft.explanation,
        }  # fmt: skip
        made.append(save_question(bank=plan.bank, key=entry.key, by=by, at=at, **words, **_kept(entry.key)))
    return made


def _kept(key: str) -> dict[str, Any]:
    """What a file does not say of a question that is there already."""
    known = Question.objects.filter(key=key).first()
    if known is None:
        return {}
    return {
        "status": known.status,
        "difficulty": known.difficulty,
        "lesson": known.lesson,
        "legal_texts": list(known.legal_texts.all()),
    }


def _keep_pictures(pictures: Mapping[str, bytes], by: User | None) -> dict[str, str]:
    kept = {}
    for name, content in pictures.items():
        file = SimpleUploadedFile(name, content)
        try:
            WholeImageField().clean(file)
        except ValidationError as error:
            said = _("Hình “%(name)s”: %(why)s") % {"name": name, "why": " ".join(error.messages)}
            raise Refusal(said) from error
        file.seek(0)
        image = get_image_model()(title=name[:255], uploaded_by_user=by, collection=Collection.get_first_root_node())
        image.file.save(name, file)
        image.save()
        kept[name] = f"anh:{image.pk}"
    return kept
