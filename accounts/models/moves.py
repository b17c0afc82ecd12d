"""Where people lived before, and where they are going to live."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from provinces.models import Place

from .people import Person
from .users import User


class MoveState(models.TextChoices):
    OPEN = "open", _("chờ xác nhận")
    CONFIRMED = "confirmed", _("đã xác nhận, chưa tới ngày")
    DONE = "done", _("đã chuyển")
    REFUSED = "refused", _("đã từ chối")
    TAKEN_BACK = "taken-back", _("đã bỏ")


PENDING = (MoveState.OPEN, MoveState.CONFIRMED)


class Move(models.Model):
    """A person lives elsewhere from a day on. Asked for by the person and confirmed by an officer, or written by one.

    `before` is the place of the day of asking, of a move that is done the place that was left. `Person.place` is where somebody
    lives today; records keep the place of their own day.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="moves", verbose_name=_("người"))
    before = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", verbose_name=_("nơi ở cũ"))
    after = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", verbose_name=_("nơi ở mới"))
    moves_on = models.DateField(_("từ ngày"))
    state = models.CharField(_("tình trạng"), max_length=10, choices=MoveState, default=MoveState.OPEN)
    asked_at = models.DateTimeField(_("ghi lúc"))
    asked_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("người ghi")
    )
    decided_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("quyết định lúc"), null=True, blank=True)
    reason = models.CharField(_("lý do"), max_length=200, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("lần chuyển nơi ở")
        verbose_name_plural = _("chuyển nơi ở")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(state__in=["open", "confirmed"]), name="one_move_ahead_a_person"
            ),
            models.CheckConstraint(condition=~Q(before=F("after")), name="move_leads_elsewhere"),
            models.CheckConstraint(condition=~Q(state="done") | Q(done_at__isnull=False), name="move_done_is_dated"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.after}"

    @property
    def log_title(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
