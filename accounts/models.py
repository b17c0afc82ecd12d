"""People and what they may do.

Person ← every record points here      User → Person: a log-in, which a person may have
Subject (chủ thể) ⊃ Product            Person → Subject with a role
RoleAssignment: user × role × place    Consent: person × text with version
OneTimeCard, PhoneChange: ways in for people without SMS or with a new number
"""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask

from lib import phones, text
from lib.dates import local_day
from provinces.models import Place

from .rules import REQUIRED_CONSENTS

SEARCH_LENGTH = 200  # of a subject's folded name; longer than the name, as letters like "ß" grow when folded


class SubjectKind(models.TextChoices):
    ENTERPRISE = "enterprise", _("doanh nghiệp")
    COOPERATIVE = "cooperative", _("hợp tác xã")
    GROUP = "group", _("tổ hợp tác")
    HOUSEHOLD = "household", _("hộ kinh doanh")


class Subject(models.Model):
    """The enterprise, cooperative, cooperative group or household behind OCOP products."""

    name = models.CharField(_("tên chủ thể"), max_length=150)
    kind = models.CharField(_("loại hình"), max_length=11, choices=SubjectKind)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="subjects", verbose_name=_("địa bàn"))
    search = models.CharField(max_length=SEARCH_LENGTH, editable=False, db_index=True)
    is_confirmed = models.BooleanField(
        _("đã xác nhận"), default=False, help_text=_("Cán bộ đã đối chiếu; người học tự khai thì chưa")
    )
    created_at = models.DateTimeField(_("ngày ghi"), default=timezone.now)

    class Meta:
        verbose_name = _("chủ thể OCOP")
        verbose_name_plural = _("chủ thể OCOP")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["place", "search"], name="subject_once_in_a_place")]

    def __str__(self) -> str:
        return self.name

    def save(self, **kwargs: object) -> None:
        self.name = text.name(self.name)
        self.search = text.fold(self.name)[:SEARCH_LENGTH]
        super().save(**kwargs)  # type: ignore[arg-type]


class Product(models.Model):
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="products", verbose_name=_("chủ thể"))
    name = models.CharField(_("tên sản phẩm"), max_length=150)
    stars = models.PositiveSmallIntegerField(_("hạng sao"), null=True, blank=True)
    decision = models.CharField(_("quyết định công nhận"), max_length=80, blank=True)
    valid_until = models.DateField(_("có giá trị đến"), null=True, blank=True)

    class Meta:
        verbose_name = _("sản phẩm OCOP")
        verbose_name_plural = _("sản phẩm OCOP")
        constraints = [
            models.CheckConstraint(condition=Q(stars=None) | Q(stars__range=(1, 5)), name="product_stars_1_to_5")
        ]

    def __str__(self) -> str:
        return self.name


class PersonKind(models.TextChoices):
    SUBJECT = "subject", _("chủ thể OCOP")
    OFFICIAL = "official", _("cán bộ")


class SubjectRole(models.TextChoices):
    HEAD = "head", _("người đứng đầu")
    MANAGER = "manager", _("quản lý")
    WORKER = "worker", _("lao động")


class OfficialLevel(models.TextChoices):
    COMMUNE = "commune", _("cấp xã")
    PROVINCE = "province", _("cấp tỉnh")
    CENTRE = "centre", _("trung ương")


class Person(models.Model):
    """Somebody whom records are about; with or without a log-in."""

    name = models.CharField(_("họ và tên"), max_length=100, help_text=_("Như in trên giấy chứng nhận"))
    sort_key = models.CharField(max_length=500, editable=False, db_index=True)
    search = models.CharField(max_length=120, editable=False, db_index=True)
    birth_year = models.PositiveSmallIntegerField(_("năm sinh"), null=True, blank=True)
    contact_phone = models.CharField(
        _("điện thoại liên hệ"), max_length=16, blank=True, help_text=_("Có thể dùng chung")
    )
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="people", verbose_name=_("địa bàn"))
    kind = models.CharField(_("đối tượng"), max_length=8, choices=PersonKind)
    subject = models.ForeignKey(
        Subject, on_delete=models.PROTECT, null=True, blank=True, related_name="people", verbose_name=_("chủ thể")
    )
    subject_role = models.CharField(_("vai trò trong chủ thể"), max_length=7, choices=SubjectRole, blank=True)
    official_level = models.CharField(_("cấp công tác"), max_length=8, choices=OfficialLevel, blank=True)
    has_consented = models.BooleanField(
        _("đồng ý ghi kết quả học"),
        default=True,
        editable=False,
        help_text=_("Theo sổ đồng ý; rút lại thì không ghi thêm kết quả học"),
    )
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged_from")
    is_demo = models.BooleanField(default=False, editable=False)
    form_token = models.UUIDField(
        null=True, editable=False, unique=True, help_text=_("Mẫu mà cán bộ đã gửi: gửi lại vẫn là một người")
    )
    created_at = models.DateTimeField(_("ngày ghi"), default=timezone.now)

    class Meta:
        verbose_name = _("người")
        verbose_name_plural = _("người")
        ordering = ["sort_key"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=PersonKind.SUBJECT) | Q(subject=None, subject_role=""),
                name="only_subjects_have_a_subject",
            ),
            models.CheckConstraint(
                condition=Q(kind=PersonKind.OFFICIAL) | Q(official_level=""), name="only_officials_have_a_level"
            ),
            models.CheckConstraint(condition=~Q(merged_into=models.F("id")), name="person_not_merged_into_itself"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, **kwargs: object) -> None:
        self.name = text.name(self.name)
        self.sort_key = text.sort_key(self.name)[:500]
        self.search = text.fold(self.name)[:120]
        super().save(**kwargs)  # type: ignore[arg-type]

    @property
    def log_title(self) -> str:
        """What the audit log calls a person: Wagtail shows its list to staff of all places, so it holds no names."""
        return f"{self._meta.verbose_name} {self.pk}"

    @property
    def given_name(self) -> str:
        return self.name.split()[-1] if self.name else ""


class UserManager(BaseUserManager["User"]):
    def create_user(self, phone: str | None = None, password: str | None = None, **fields: object) -> "User":
        user = self.model(phone=phones.to_e164(phone) if phone else None, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, phone: str, password: str, **fields: object) -> "User":
        """The first administrator (`manage.py createsuperuser`): rights follow roles, so this one gets the role as well."""
        now = timezone.now()
        user = self.create_user(phone, password, is_staff=True, is_superuser=True, phone_verified_at=now, **fields)
        RoleAssignment.objects.create(
            user=user, role=Role.ADMINISTRATOR, place=None, valid_from=local_day(now), granted_at=now
        )
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A log-in. The phone number is unique or absent: holders of a one-time card may have none.

    `password` holds a trainee's PIN (`has_pin`) or a staff member's password; a PIN never opens the admin.
    """

    phone = models.CharField(_("số điện thoại"), max_length=16, unique=True, null=True, blank=True)
    phone_verified_at = models.DateTimeField(null=True, blank=True)
    person = models.OneToOneField(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="user", verbose_name=_("người")
    )
    display_name = models.CharField(
        _("họ và tên"), max_length=100, blank=True, help_text=_("Của cán bộ không phải là người học")
    )
    has_pin = models.BooleanField(default=False)
    is_staff = models.BooleanField(_("vào được trang quản trị"), default=False)
    is_active = models.BooleanField(_("còn dùng"), default=True)
    is_demo = models.BooleanField(default=False, editable=False)
    date_joined = models.DateTimeField(default=timezone.now)
    profile_draft = models.JSONField(default=dict, blank=True, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "phone"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = _("tài khoản")
        verbose_name_plural = _("tài khoản")

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        if self.person_id and self.person:
            return self.person.name
        return self.display_name or (phones.masked(self.phone) if self.phone else f"#{self.pk}")

    @property
    def email(self) -> str:
        """Nobody has one here; Wagtail asks for it before it sends a mail, and then sends none."""
        return ""

    @property
    def first_name(self) -> str:
        """What Wagtail's side bar calls somebody: the whole name, as names are not split here."""
        return self.get_full_name()

    def get_short_name(self) -> str:
        return self.get_full_name().split()[-1]


class Role(models.TextChoices):
    EDITOR = "editor", _("người biên soạn")
    ORGANISER = "organiser", _("đơn vị tổ chức")
    MANAGER = "manager", _("cán bộ theo dõi")
    ADMINISTRATOR = "administrator", _("quản trị hệ thống")


class RoleAssignmentQuerySet(models.QuerySet["RoleAssignment"]):
    def on(self, day: object) -> "RoleAssignmentQuerySet":
        return self.not_over(day).filter(valid_from__lte=day)

    def not_over(self, day: object) -> "RoleAssignmentQuerySet":
        """What holds on a day or will hold later."""
        return self.filter(Q(valid_until=None) | Q(valid_until__gte=day), ended_at=None)


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
    ended_at = models.DateTimeField(_("thôi lúc"), null=True, blank=True)
    end_reason = models.CharField(_("lý do thôi"), max_length=200, blank=True)

    objects = RoleAssignmentQuerySet.as_manager()

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
                condition=~Q(role="administrator") | Q(place=None), name="administrator_is_countrywide"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.place or _('cả nước')}"


class ConsentText(models.Model):
    """One wording that people were asked to agree to. Never edited once used: a new wording is a new version."""

    class Purpose(models.TextChoices):
        LEARNING_RECORD = "learning-record", _("ghi kết quả học")
        MESSAGES = "messages", _("nhắn tin nhắc học")

    purpose = models.SlugField(_("mục đích"), max_length=40, choices=Purpose)
    version = models.PositiveSmallIntegerField(_("phiên bản"))
    language = models.CharField(_("ngôn ngữ"), max_length=8, default="vi")
    body = models.TextField(_("nội dung"))
    published_at = models.DateTimeField(_("áp dụng từ"))

    class Meta:
        verbose_name = _("văn bản đồng ý")
        verbose_name_plural = _("văn bản đồng ý")
        constraints = [
            models.UniqueConstraint(fields=["purpose", "version", "language"], name="consent_text_version_once")
        ]

    def __str__(self) -> str:
        return gettext("%(purpose)s, bản %(version)s (%(language)s)") % {
            "purpose": self.get_purpose_display(),
            "version": self.version,
            "language": self.language,
        }

    @property
    def is_required(self) -> bool:
        """Whether nothing is added to a learning record without it."""
        return self.purpose in REQUIRED_CONSENTS


class Consent(models.Model):
    """One row of the ledger that Law 91/2025/QH15 asks for: who agreed to which text, when and how, until when."""

    class How(models.TextChoices):
        SELF = "self", _("tự đồng ý trên màn hình")
        OFFICER = "officer", _("cán bộ ghi hộ")
        PAPER = "paper", _("phiếu giấy")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="consents", verbose_name=_("người"))
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, related_name="consents", verbose_name=_("văn bản"))
    given_at = models.DateTimeField(_("đồng ý lúc"))
    how = models.CharField(_("cách đồng ý"), max_length=7, choices=How, default=How.SELF)
    recorded_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(_("rút lại lúc"), null=True, blank=True)

    class Meta:
        verbose_name = _("đồng ý")
        verbose_name_plural = _("sổ đồng ý")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "text"], condition=Q(withdrawn_at=None), name="one_running_consent_a_text"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.text}"


class OneTimeCard(models.Model):
    """A printed code with which one person logs in once. Only its HMAC is kept."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="cards", verbose_name=_("người"))
    code_digest = models.CharField(max_length=64, unique=True)
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("người cấp"))
    issued_at = models.DateTimeField(_("cấp lúc"))
    expires_at = models.DateTimeField(_("hết hạn lúc"))
    used_at = models.DateTimeField(_("dùng lúc"), null=True, blank=True)

    class Meta:
        verbose_name = _("phiếu mã dùng một lần")
        verbose_name_plural = _("phiếu mã dùng một lần")

    def __str__(self) -> str:
        return f"{self.person} ({self.issued_at:%d/%m/%Y})"


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
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", verbose_name=_("địa bàn"))
    old_phone = models.CharField(_("số cũ"), max_length=16, blank=True)
    new_phone = models.CharField(_("số mới"), max_length=16)
    requested_at = models.DateTimeField(_("yêu cầu lúc"))
    status = models.CharField(_("trạng thái"), max_length=9, choices=Status, default=Status.OPEN)
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
                fields=["old_phone", "new_phone"], condition=Q(status="open"), name="one_open_change_of_a_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.requested_at:%d/%m/%Y})"


class ApprovalByAnother(AbstractGroupApprovalTask):
    """Who sent a page in does not approve it; administrators may, and like every approval it is logged."""

    def get_actions(self, obj: Any, user: User) -> Any:
        return [] if self.is_own(obj, user) else super().get_actions(obj, user)

    def get_task_states_user_can_moderate(self, user: User, **kwargs: Any) -> Any:
        states = super().get_task_states_user_can_moderate(user, **kwargs)
        return states if user.is_superuser else states.exclude(workflow_state__requested_by=user)

    def is_own(self, obj: Any, user: User) -> bool:
        return not user.is_superuser and obj.current_workflow_state.requested_by_id == user.pk

    @classmethod
    def get_description(cls) -> str:
        return str(_("Người trong các nhóm đã chọn duyệt bài; ai gửi bài thì không tự duyệt bài đó."))

    class Meta:
        verbose_name = verbose_name_plural = _("bước duyệt của người khác")
