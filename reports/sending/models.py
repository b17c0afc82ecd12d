"""Who gets which report how often, and each time that it was due."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from messaging.wording import why
from provinces.models import Place


class What(models.TextChoices):
    BOARD = "board", _("tiến độ học")
    PLAN = "plan", _("kết quả so với chỉ tiêu năm")
    CALLS = "calls", _("cần liên hệ tuần này")


class Every(models.TextChoices):
    WEEK = "week", _("mỗi thứ Hai, 7 giờ")
    MONTH = "month", _("ngày 1 hằng tháng, 7 giờ")


class Way(models.TextChoices):
    MAIL = "mail", _("thư điện tử")
    MESSAGE = "message", _("tin nhắn (chỉ đường dẫn)")


class Subscription(models.Model):
    """A report of a place for a colleague; without a place, of the country. Whether they may see it is asked each time."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", verbose_name=_("người nhận"))
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("địa bàn"))
    what = models.CharField(_("báo cáo"), max_length=5, choices=What)
    every = models.CharField(_("khi nào"), max_length=5, choices=Every)
    way = models.CharField(_("cách gửi"), max_length=7, choices=Way)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("người đặt"))
    at = models.DateTimeField(_("đặt lúc"))
    ended_at = models.DateTimeField(_("thôi gửi lúc"), null=True)

    class Meta:
        verbose_name = _("báo cáo gửi định kỳ")
        verbose_name_plural = _("báo cáo gửi định kỳ")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "place", "what", "every", "way"], condition=Q(ended_at=None), name="subscribed_once"
            ),
            models.UniqueConstraint(
                fields=["user", "what", "every", "way"],
                condition=Q(ended_at=None, place=None),
                name="subscribed_once_for_the_country",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_what_display()} #{self.pk}"


class SendingState(models.TextChoices):
    WAITING = "waiting", _("đang chờ gửi")
    UNDERWAY = "underway", _("đang gửi")
    OUTBOX = "outbox", _("đang chờ gửi tin nhắn")
    SENT = "sent", _("đã gửi")
    FAILED = "failed", _("không gửi được")
    UNSURE = "unsure", _("không rõ đã gửi chưa")
    SKIPPED = "skipped", _("không gửi: người nhận không còn quyền xem")


NO_ADDRESS, NO_NUMBER = "no confirmed address", "no number"  # errors that the reader puts right
NO_SERVER, KILLED = "mail is off", "the worker was stopped while it was sending"
WHY = {
    NO_ADDRESS: _("người nhận chưa có địa chỉ thư điện tử đã xác nhận"),
    NO_NUMBER: _("người nhận không có số điện thoại"),
    NO_SERVER: _("người vận hành chưa khai báo máy chủ thư"),
    KILLED: _("máy chủ dừng giữa lúc gửi"),
}
OPEN = (SendingState.WAITING, SendingState.UNDERWAY, SendingState.OUTBOX)


class Sending(models.Model):
    """One period of a subscription, once. `UNDERWAY` is written before a server is spoken to: a worker that is killed then leaves it, and what
    may have gone out is not sent once more by itself."""

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="sendings")
    due_at = models.DateTimeField(_("phải gửi lúc"))
    state = models.CharField(_("tình trạng"), max_length=8, choices=SendingState, default=SendingState.WAITING)
    tries = models.PositiveSmallIntegerField(_("số lần thử"), default=0)
    next_try_at = models.DateTimeField(_("thử lại lúc"))
    settled_at = models.DateTimeField(_("xong lúc"), null=True)
    error = models.CharField(_("lỗi gần nhất"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("lần gửi báo cáo")
        verbose_name_plural = _("lần gửi báo cáo")
        ordering = ["-due_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["subscription", "due_at"], name="sent_once_a_period")]
        indexes = [
            models.Index(
                fields=["next_try_at"], condition=Q(state__in=("waiting", "underway", "outbox")), name="sending_open"
            )
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def why(self) -> str:
        """The error in plain words."""
        return str(WHY.get(self.error, "")) or why(self.error)

    @property
    def message_key(self) -> str:
        return f"report-{self.pk}-{self.tries}"
