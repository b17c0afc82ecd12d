"""Who was there. What a device says happened has two clocks: its own (`occurred_at`) and the server's (`recorded_at`)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .plan import Session, Workshop
from .registrations import Registration


class Desk(models.Model):
    """A place at the door where a device checks people in: opened by a code that holds for some hours and is kept as a hash alone."""

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="desks")
    name = models.CharField(_("tên bàn"), max_length=60)
    code_hash = models.CharField(max_length=128)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("người lập")
    )
    made_at = models.DateTimeField(_("lập lúc"))
    sent_as = models.UUIDField(null=True, editable=False)  # all that its form said: sent once more, it is no other desk
    expires_at = models.DateTimeField(_("dùng đến"))
    ended_at = models.DateTimeField(_("đóng lúc"), null=True, blank=True)
    # Its code or a phone fell into other hands: whatever comes from then on is the organiser's to look at, as its ages may be invented.
    shut_at = models.DateTimeField(_("thôi nhận lúc"), null=True, blank=True)

    class Meta:
        verbose_name = _("bàn điểm danh")
        verbose_name_plural = _("bàn điểm danh")
        ordering = ["made_at", "pk"]

    def __str__(self) -> str:
        return self.name


class CheckInWay(models.TextChoices):
    SCAN = "scan", _("quét mã")
    SEARCH = "search", _("tìm tên")
    SELF = "self", _("tự điểm danh")
    SHEET = "sheet", _("theo danh sách ký tên")


class Attendance(models.Model):
    """A proven presence: one delegate at one session. What was recorded by mistake is taken back with a reason, never deleted."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="attendances")
    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="attendances")
    way = models.CharField(_("cách điểm danh"), max_length=6, choices=CheckInWay)
    desk = models.ForeignKey(Desk, on_delete=models.SET_NULL, null=True, blank=True, related_name="attendances")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    occurred_at = models.DateTimeField(_("có mặt lúc"))
    recorded_at = models.DateTimeField(_("ghi lúc"))
    taken_back_at = models.DateTimeField(_("bỏ lúc"), null=True, blank=True)
    taken_back_why = models.CharField(_("lý do bỏ"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("lượt điểm danh")
        verbose_name_plural = _("lượt điểm danh")
        constraints = [
            models.UniqueConstraint(
                fields=["session", "registration"], condition=Q(taken_back_at=None), name="present_once_a_session"
            )
        ]

    def __str__(self) -> str:
        return f"{self.session}: {self.registration}"


class ScanOutcome(models.TextChoices):
    PRESENT = "present", _("có mặt")
    AGAIN = "again", _("đã điểm danh trước đó")
    CANCELLED = "cancelled", _("đã hủy đăng ký")
    EXPIRED = "expired", _("đã hết hạn giữ chỗ")
    REPLACED = "replaced", _("đã có người đi thay")
    WAITING = "waiting", _("còn ở danh sách dự bị")
    ELSEWHERE = "elsewhere", _("vé của lớp khác")
    UNKNOWN = "unknown", _("không rõ vé nào")
    ROOM = "room", _("có tên ở phòng khác cùng giờ")
    OUTSIDE = "outside", _("ngoài giờ của buổi")
    CLOSED = "closed", _("buổi đã chốt điểm danh")
    LATE = "late", _("bàn đã đóng: chờ đơn vị tổ chức xem")
    SHUT = "shut", _("bàn không còn được nhận: chờ đơn vị tổ chức xem")


class Scan(models.Model):
    """What a device reported, once for each `nonce` however often it is sent; those that made nobody present are to be looked at.

    `newcomer`: {name, place, phone, unit} of who is on no list, kept until somebody has looked. One who is present with it is known from
    another province, and the desk is told no more of them than it typed. What nobody has looked at is cleared some time after the workshop, and
    counts as looked at then (`actions.forget_scans`). `told_apart`: registrations (keys) of whose pair with this one somebody
    has said that they are two.
    """

    nonce = models.CharField(max_length=36, unique=True)
    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, null=True, blank=True, related_name="scans")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="scans")
    code = models.CharField(_("mã đã quét"), max_length=32)
    registration = models.ForeignKey(
        Registration, on_delete=models.PROTECT, null=True, blank=True, related_name="scans"
    )
    outcome = models.CharField(_("kết quả"), max_length=9, choices=ScanOutcome)
    newcomer = models.JSONField(_("người ngoài danh sách"), default=dict, blank=True)
    occurred_at = models.DateTimeField(_("quét lúc"))
    recorded_at = models.DateTimeField(_("nhận lúc"))
    looked_at = models.DateTimeField(_("đã xem lúc"), null=True, blank=True)
    told_apart = models.JSONField(_("người khác với"), default=list, blank=True)

    class Meta:
        verbose_name = _("lượt quét")
        verbose_name_plural = _("lượt quét")
        indexes = [models.Index(fields=["session", "outcome"], name="scan_conflicts")]

    def __str__(self) -> str:
        return f"{self.code}: {self.get_outcome_display()}"
