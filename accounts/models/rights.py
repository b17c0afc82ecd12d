"""What a person asks of the data that is kept about them (Law 91/2025/QH15)."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lib import dates

from .people import Person
from .users import User


class DataRequest(models.Model):
    """One request, with the days by which law wants an answer and an end. A deletion has a day on which it is done by itself, and
    may be taken back until then. Words (`note`, `answer`, `extension_reason`) go with an erasure; kind, days and state stay. While
    `stops_calls` nobody is asked to call or remind the person: what an objection or restriction that was done stands for."""

    class Kind(models.TextChoices):
        VIEW = "view", _("xem dữ liệu")
        EXPORT = "export", _("cấp bản dữ liệu")
        CORRECT = "correct", _("sửa dữ liệu")
        WITHDRAW = "withdraw", _("rút lại sự đồng ý")
        RESTRICT = "restrict", _("hạn chế việc dùng dữ liệu")
        OBJECT = "object", _("phản đối việc dùng dữ liệu")
        DELETE = "delete", _("xóa dữ liệu")

    class Way(models.TextChoices):
        SELF = "self", _("tự gửi trên trang")
        OFFICER = "officer", _("cán bộ ghi hộ")

    class State(models.TextChoices):
        OPEN = "open", _("chờ trả lời")
        RUNNING = "running", _("đang làm")
        DONE = "done", _("đã làm xong")
        REFUSED = "refused", _("đã từ chối")
        TAKEN_BACK = "back", _("người yêu cầu rút lại")

    UNSETTLED = (State.OPEN, State.RUNNING)

    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="data_requests", verbose_name=_("người yêu cầu")
    )
    kind = models.CharField(_("yêu cầu"), max_length=8, choices=Kind)
    way = models.CharField(_("cách gửi"), max_length=7, choices=Way)
    note = models.CharField(_("nội dung"), max_length=500, blank=True)
    received_at = models.DateTimeField(_("nhận lúc"))
    reply_by = models.DateField(_("hạn trả lời"))
    replied_at = models.DateTimeField(_("trả lời lúc"), null=True, blank=True)
    done_by = models.DateField(_("hạn làm xong"))
    extended_at = models.DateTimeField(_("gia hạn lúc"), null=True, blank=True)
    extension_reason = models.CharField(_("lý do gia hạn"), max_length=200, blank=True)
    erase_on = models.DateField(_("xóa vào ngày"), null=True, blank=True)
    state = models.CharField(_("tình trạng"), max_length=7, choices=State, default=State.OPEN)
    answer = models.CharField(_("câu trả lời"), max_length=500, blank=True)
    stops_calls = models.BooleanField(
        _("thôi gọi, thôi nhắn nhắc học"), default=False, db_default=False, editable=False
    )
    settled_at = models.DateTimeField(_("xong lúc"), null=True, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    decided_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("người giải quyết")
    )

    class Meta:
        verbose_name = _("yêu cầu về dữ liệu cá nhân")
        verbose_name_plural = _("Yêu cầu về dữ liệu cá nhân")  # as in the menu
        ordering = ["done_by", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind"],
                condition=Q(state__in=["open", "running"]),
                name="one_unsettled_request_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind="delete") | Q(erase_on=None), name="only_deletions_have_a_day_of_erasing"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "running"]) | Q(settled_at__isnull=False),
                name="what_is_settled_is_dated",
            ),
        ]
        indexes = [
            models.Index(fields=["person"], condition=Q(stops_calls=True), name="request_stops_calls"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({dates.short(dates.local_day(self.received_at))})"

    @property
    def log_title(self) -> str:
        """As with people: the log holds no names."""
        return f"{self._meta.verbose_name} {self.pk}"

    @property
    def is_unsettled(self) -> bool:
        return self.state in self.UNSETTLED

    @property
    def due(self) -> date:
        """The day by which something has to happen next."""
        return self.reply_by if self.state == self.State.OPEN else self.done_by

    def is_late(self, today: date) -> bool:
        return self.is_unsettled and self.due < today
