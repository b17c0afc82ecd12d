"""Who may do what, where and for how long; and the step of the workflow in which another one approves."""

from datetime import date
from typing import Any

from django.db import models, transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask, Revision, TaskState

from lib.dates import local_day
from provinces.models import Place
from provinces.queries import ids_within

from .users import User


class Role(models.TextChoices):
    EDITOR = "editor", _("người biên soạn")
    AUTHOR = "author", _("người soạn câu hỏi")
    ORGANISER = "organiser", _("đơn vị tổ chức")
    MANAGER = "manager", _("cán bộ theo dõi")
    ADMINISTRATOR = "administrator", _("quản trị hệ thống")


COUNTRYWIDE = (Role.EDITOR, Role.ADMINISTRATOR)  # what they do has no place
PROVINCEWIDE = (Role.AUTHOR,)  # banks of questions belong to provinces or to the country


class RoleAssignmentQuerySet(models.QuerySet["RoleAssignment"]):
    def on(self, day: object) -> "RoleAssignmentQuerySet":
        return self.not_over(day).filter(valid_from__lte=day)

    def not_over(self, day: object) -> "RoleAssignmentQuerySet":
        """What holds on a day or will hold later."""
        return self.filter(Q(valid_until=None) | Q(valid_until__gte=day), ended_at=None)

    def over(self, day: object) -> "RoleAssignmentQuerySet":
        return self.filter(Q(valid_until__lt=day) | Q(ended_at__isnull=False))


class RoleAssignment(models.Model):
    """A role, within a place, for a time. No place means the whole country. Kept when it is over: who might do what, when."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="roles", verbose_name=_("tài khoản"))
    role = models.CharField(_("vai trò"), max_length=13, choices=Role)
    place = models.ForeignKey(
        Place, on_delete=models.PROTECT, null=True, blank=True, related_name="roles", verbose_name=_("địa bàn")
    )
    valid_from = models.DateField(_("từ ngày"))
    valid_until = models.DateField(_("đến hết ngày"), null=True, blank=True)
    granted_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    granted_at = models.DateTimeField(_("giao lúc"), null=True, blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(_("cho thôi lúc"), null=True, blank=True)
    end_reason = models.CharField(_("lý do cho thôi"), max_length=200, blank=True)

    objects = RoleAssignmentQuerySet.as_manager()

    @property
    def place_ids(self) -> frozenset[int]:
        """Of its place and all within, former units included."""
        return ids_within(self.place) if self.place else frozenset()

    @property
    def last_day(self) -> date | None:
        """What was planned, or the day on which somebody ended it before."""
        ended = local_day(self.ended_at) if self.ended_at else None
        return min(filter(None, (ended, self.valid_until)), default=None)

    @property
    def was_held(self) -> bool:
        """Whether it gave its rights for a day at least: one may be ended before it begins."""
        return self.last_day is None or self.last_day >= self.valid_from

    class Meta:
        verbose_name = _("phân công")
        verbose_name_plural = _("phân công")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "place"], condition=Q(ended_at=None), name="role_once_a_place"
            ),
            models.UniqueConstraint(
                fields=["user", "role"], condition=Q(place=None, ended_at=None), name="role_once_countrywide"
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")), name="role_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=~Q(role__in=COUNTRYWIDE) | Q(place=None), name="role_of_the_country_has_no_place"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.place or _('cả nước')}"


class ApprovalByAnother(AbstractGroupApprovalTask):
    """Who sent a page in, or wrote its last words, does not approve it; administrators may, and every approval is logged."""

    def get_actions(self, obj: Any, user: User) -> Any:
        return [] if self.is_own(obj, user) else super().get_actions(obj, user)

    def get_task_states_user_can_moderate(self, user: User, **kwargs: Any) -> Any:
        """What waits for somebody by the first page of the admin: neither what they sent in nor what they wrote last."""
        states = super().get_task_states_user_can_moderate(user, **kwargs)
        if user.is_superuser:
            return states
        words = Revision.objects.filter(
            object_id=OuterRef("workflow_state__object_id"),
            base_content_type=OuterRef("workflow_state__base_content_type"),
        )
        author = Subquery(words.order_by("-created_at", "-pk").values("user")[:1])
        others = states.exclude(workflow_state__requested_by=user)
        waiting = others.alias(author=author).filter(Q(author=None) | ~Q(author=user.pk))
        return states.filter(pk__in=waiting.values("pk"))  # Wagtail joins the steps of all kinds with "or"

    def locked_for_user(self, obj: Any, user: User) -> bool:
        """What was sent in stays as it is: else whoever approves could make words public that were put in meanwhile."""
        return super().locked_for_user(obj, user) or self.is_sender(obj, user)

    def user_can_lock(self, obj: Any, user: User) -> bool:
        """A lock of one's own would take the place of the lock above, and open the page again to its sender."""
        return super().user_can_lock(obj, user) and not self.is_sender(obj, user)

    def on_action(self, task_state: Any, user: User, action_name: str, **kwargs: Any) -> Any:
        """Of two who decide at once the first does; the second finds nothing that waits."""
        with transaction.atomic():
            state = TaskState.objects.select_for_update().get(pk=task_state.pk)
            waits = state.status == TaskState.STATUS_IN_PROGRESS
            if not waits or (action_name == "approve" and self.is_own(state.workflow_state.content_object, user)):
                return None  # the editor saves what was typed before it approves: a draft, which waits for another
            return super().on_action(state, user, action_name, **kwargs)

    def is_sender(self, obj: Any, user: User) -> bool:
        return not user.is_superuser and user.pk == obj.current_workflow_state.requested_by_id

    def is_own(self, obj: Any, user: User) -> bool:
        words = obj.latest_revision
        wrote_last = bool(words) and not user.is_superuser and user.pk == words.user_id
        return wrote_last or self.is_sender(obj, user)

    @classmethod
    def get_description(cls) -> str:
        return str(_("Người trong các nhóm đã chọn duyệt bài; ai gửi bài thì không tự duyệt bài đó."))

    class Meta:
        verbose_name = verbose_name_plural = _("bước duyệt của người khác")
