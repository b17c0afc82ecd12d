"""Pictures of the library that questions show, by their number in the words: they stay as long as any version says them."""

from typing import Any

from django.db.models import Q, TextField
from django.db.models.functions import Cast
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy

from . import wording
from .models import QuestionVersion, VersionTranslation


class KeptPictures(CollectionOwnershipPermissionPolicy):
    """Wagtail's own policy, but that nobody deletes what a question shows: attempts of long ago show it still, and in a copy it stands
    where its owner does not see it."""

    def user_has_any_permission_for_instance(self, user: Any, actions: Any, instance: Any) -> bool:
        others = [action for action in actions if action != "delete"]
        if others and super().user_has_any_permission_for_instance(user, others, instance):
            return True
        may = "delete" in actions and super().user_has_any_permission_for_instance(user, ["delete"], instance)
        return bool(may) and not is_shown(instance.pk)


def is_shown(pk: int) -> bool:
    said = f"({wording.PICTURE}{pk})"
    words = Q(stem__contains=said) | Q(explanation__contains=said) | Q(written__contains=said)
    versions = QuestionVersion.objects.annotate(written=Cast("data", TextField()))
    translations = VersionTranslation.objects.annotate(written=Cast("texts", TextField()))
    return any(rows.filter(words).exists() for rows in (versions, translations))
