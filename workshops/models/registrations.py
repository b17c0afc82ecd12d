from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import OfficialLevel, Person, PersonKind, Subject
from provinces.models import Place

from .plan import Quota, Session, Workshop


class RegistrationState(models.TextChoices):
    HELD = "held", _("có chỗ")
    WAITING = "waiting", _("dự bị")
    OFFERED = "offered", _("được mời từ danh sách dự bị")
    EXPIRED = "expired", _("hết hạn giữ chỗ")
    CANCELLED = "cancelled", _("đã hủy")
    REPLACED = "replaced", _("có người đi thay")


HOLDING = (RegistrationState.HELD, RegistrationState.OFFERED)  # a seat; an offer keeps one until it expires

# None, and may have one again: whoever stands at the door is let in, another replaced nobody.
SEATLESS = (RegistrationState.WAITING, RegistrationState.EXPIRED, RegistrationState.CANCELLED)


class RegistrationSource(models.TextChoices):
    SELF = "self", _("tự đăng ký")
    NOMINATED = "nominated", _("được cử")
    IMPORT = "import", _("nhập từ danh sách")
    WALK_IN = "walk-in", _("bổ sung tại chỗ")


class Gender(models.TextChoices):
    """As a list or the organiser says it; what nobody said is not guessed by the name."""

    FEMALE = "female", _("nữ")
    MALE = "male", _("nam")


class Registration(models.Model):
    """A promised seat, or a place in the waiting list: one person, one workshop, with place and post as on that day.

    `number` is on the badge and on paper tests; `code` is behind the ticket's QR. Who comes in somebody's stead has a row of one's own
    that points at the first (`replaces`), so that both names stay.
    """

    workshop = models.ForeignKey(
        Workshop, on_delete=models.PROTECT, related_name="registrations", verbose_name=_("lớp tập huấn")
    )
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="registrations", verbose_name=_("đại biểu")
    )
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", verbose_name=_("địa bàn lúc đăng ký"))
    person_kind = models.CharField(_("đối tượng lúc đăng ký"), max_length=8, choices=PersonKind)
    official_level = models.CharField(_("cấp"), max_length=8, choices=OfficialLevel, blank=True)
    subject = models.ForeignKey(Subject, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    unit = models.CharField(_("đơn vị, chủ thể"), max_length=150, blank=True)
    post = models.CharField(_("chức vụ"), max_length=100, blank=True)
    gender = models.CharField(_("giới tính"), max_length=6, choices=Gender, blank=True)
    note = models.CharField(_("ghi chú"), max_length=200, blank=True)
    state = models.CharField(_("tình trạng"), max_length=9, choices=RegistrationState)
    source = models.CharField(_("nguồn"), max_length=9, choices=RegistrationSource)
    number = models.PositiveSmallIntegerField(_("số thẻ"))
    code = models.CharField(_("mã vé"), max_length=16, unique=True)
    quota = models.ForeignKey(
        Quota, on_delete=models.PROTECT, null=True, blank=True, related_name="registrations", verbose_name=_("chỉ tiêu")
    )
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("đi thay")
    )
    answers = models.JSONField(_("trả lời"), default=dict, blank=True)  # by the key of its FormQuestion
    gave_feedback = models.BooleanField(_("đã nộp phiếu đánh giá"), default=False)
    is_muted = models.BooleanField(
        _("không nhận tin nhắn"), default=False, help_text=_("Trừ tin báo hủy lớp và tin trả lời việc tự đăng ký.")
    )
    # The rooms of parallel sessions as the delegate knows them, in plain letters: chosen by themselves, or in the last message.
    told_rooms = models.TextField(_("phòng đã báo"), blank=True)
    own_rooms = models.TextField(_("phòng tự chọn"), blank=True)  # what is known without any message
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    registered_at = models.DateTimeField(_("đăng ký lúc"))
    waiting_since = models.DateTimeField(_("chờ từ"), null=True, blank=True)
    offered_until = models.DateTimeField(_("giữ chỗ đến"), null=True, blank=True)
    ended_at = models.DateTimeField(_("hủy lúc"), null=True, blank=True)

    class Meta:
        verbose_name = _("đăng ký tham dự")
        verbose_name_plural = _("đăng ký tham dự")
        ordering = ["workshop", "number"]
        constraints = [
            models.UniqueConstraint(fields=["workshop", "person"], name="registered_once"),
            models.UniqueConstraint(fields=["workshop", "number"], name="one_badge_a_number"),
            models.CheckConstraint(
                condition=Q(state="offered", offered_until__isnull=False)
                | (~Q(state="offered") & Q(offered_until=None)),
                name="an_offer_ends",
            ),
            models.CheckConstraint(
                condition=~Q(state="waiting") | Q(waiting_since__isnull=False), name="who_waits_has_a_turn"
            ),
        ]
        indexes = [models.Index(fields=["workshop", "state", "waiting_since"], name="registration_turns")]

    def __str__(self) -> str:
        return f"{self.workshop}: {self.person}"


class Assignment(models.Model):
    """To which of parallel sessions a delegate goes. It takes a seat of that session while the registration has one.

    `at_door`: who stood there was taken in, also where no seat was left.
    """

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="assignments")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="assignments")
    at_door = models.BooleanField(default=False)
    made_at = models.DateTimeField(_("xếp lúc"))

    class Meta:
        verbose_name = _("chỗ trong phòng")
        verbose_name_plural = _("chỗ trong phòng")
        constraints = [models.UniqueConstraint(fields=["registration", "session"], name="assigned_once_a_session")]

    def __str__(self) -> str:
        return f"{self.session}: {self.registration}"
