"""Ways in for people without SMS or with a new number, and the codes that were sent."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lib import text
from lib.dates import local_day, short
from provinces.models import Place

from .helps import Help
from .people import Person
from .users import User


class OneTimeCard(models.Model):
    """A code with which one person logs in once, printed, or shown by an officer who helps (`help`). Only its HMAC is kept."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="cards", verbose_name=_("người"))
    code_digest = models.CharField(max_length=64, unique=True)
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("người cấp"))
    issued_at = models.DateTimeField(_("cấp lúc"))
    expires_at = models.DateTimeField(_("hết hạn lúc"))
    used_at = models.DateTimeField(_("dùng lúc"), null=True, blank=True)
    help = models.ForeignKey(
        Help, on_delete=models.PROTECT, null=True, blank=True, related_name="cards", editable=False
    )

    class Meta:
        verbose_name = _("phiếu mã dùng một lần")
        verbose_name_plural = _("phiếu mã dùng một lần")

    def __str__(self) -> str:
        return f"{self.person} ({short(local_day(self.issued_at))})"


class LinkedIdentity(models.Model):
    """Whom another issuer (OpenID Connect) means, as the holder of a log-in told us. Only an HMAC of what it calls them is kept: with some
    issuers that is the number of an identity card."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="identities")
    issuer = models.CharField(max_length=200)
    sub_digest = models.CharField(max_length=64, unique=True)
    linked_at = models.DateTimeField()

    class Meta:
        verbose_name = _("tài khoản ở nơi khác")
        verbose_name_plural = _("tài khoản ở nơi khác")
        constraints = [models.UniqueConstraint(fields=["user", "issuer"], name="one_identity_of_an_issuer")]

    def __str__(self) -> str:
        return f"#{self.pk}"


class SentCode(models.Model):
    """How often a log-in code was guessed at. The code's HMAC stays in the session of whoever asked for it."""

    key = models.CharField(max_length=32, unique=True)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField()

    class Meta:
        verbose_name = _("mã xác nhận đã gửi")
        verbose_name_plural = _("mã xác nhận đã gửi")

    def __str__(self) -> str:
        return f"#{self.pk}"


class PhoneChange(models.Model):
    """Somebody lost the SIM or has a new number: an officer of the place checks and decides."""

    class Status(models.TextChoices):
        OPEN = "open", _("chờ xác nhận")
        CONFIRMED = "confirmed", _("đã xác nhận")
        REFUSED = "refused", _("đã từ chối")

    name = models.CharField(_("họ và tên đã khai"), max_length=100)
    search = models.CharField(max_length=120, editable=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", verbose_name=_("địa bàn"))
    old_phone = models.CharField(_("số cũ"), max_length=16, blank=True)
    new_phone = models.CharField(_("số mới"), max_length=16)
    requested_at = models.DateTimeField(_("yêu cầu lúc"))
    status = models.CharField(_("tình trạng"), max_length=9, choices=Status, default=Status.OPEN)
    person = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="phone_changes", verbose_name=_("người")
    )
    decided_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("quyết định lúc"), null=True, blank=True)
    reason = models.CharField(_("lý do"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("yêu cầu đổi số điện thoại")
        verbose_name_plural = _("yêu cầu đổi số điện thoại")
        ordering = ["-requested_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["old_phone", "new_phone", "search"],
                condition=Q(status="open"),
                name="one_open_change_of_numbers_for_a_name",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({short(local_day(self.requested_at))})"

    def save(self, **kwargs: object) -> None:
        self.name = text.name(self.name)
        self.search = text.fold(self.name)[:120]
        super().save(**kwargs)  # type: ignore[arg-type]
