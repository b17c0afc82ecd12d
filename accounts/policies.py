"""What the Wagtail admin may do with a model, whatever permissions somebody holds: records stay as they happened."""

from typing import Any, ClassVar

from django.db.models import Model
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy


class LimitedPolicy(ModelPermissionPolicy):
    """Grants only actions of `allowed`, and those to whoever holds the model's permission."""

    allowed: ClassVar[frozenset[str]] = frozenset()

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action in self.allowed and bool(super().user_has_permission(user, action))

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        return self.user_has_permission(user, action)

    def user_has_any_permission_for_instance(self, user: Any, actions: Any, instance: Any) -> bool:
        return self.user_has_any_permission(user, actions)


class ReadOnlyPolicy(LimitedPolicy):
    """Looking needs the model's view permission; nobody adds, changes or deletes a record by hand."""

    allowed = frozenset({"view"})


class ChangeOnlyPolicy(LimitedPolicy):
    """Rows that come and go with something else (a page) are only edited."""

    allowed = frozenset({"view", "change"})


class KeptPolicy(LimitedPolicy):
    """Rows that records point at are written and edited, never deleted."""

    allowed = frozenset({"view", "add", "change"})


def _register(policy: type[LimitedPolicy], models: tuple[type[Model], ...]) -> None:
    for model in models:
        register_permission_policy(model, policy(model), exact_class=True)


def read_only(*models: type[Model]) -> None:
    """Records of these models are looked at in the admin and changed by actions alone. Call it in `AppConfig.ready`."""
    _register(ReadOnlyPolicy, models)


def closed(*models: type[Model]) -> None:
    """The admin does not show these models to anybody."""
    _register(LimitedPolicy, models)


def change_only(*models: type[Model]) -> None:
    _register(ChangeOnlyPolicy, models)


def kept(*models: type[Model]) -> None:
    _register(KeptPolicy, models)
