"""What finishing earns.

Issuer (who signs, with its own number series) ← Counter (last number of a year)
Award: a course earns a certificate of an issuer in a design
Credential: the one document a person holds; its evidence is frozen as data and its PDF can be rebuilt at any time
"""

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from courses.models import Course, Enrolment

from . import rules

NUMBER_LENGTH = 60


class Issuer(models.Model):
    name = models.CharField(_("tên đơn vị cấp"), max_length=200)
    parent_name = models.CharField(_("cơ quan chủ quản"), max_length=200, blank=True)
    code = models.CharField(_("chữ viết tắt"), max_length=20, unique=True)
    place_name = models.CharField(_("địa danh ghi trước ngày cấp"), max_length=60)
    number_pattern = models.CharField(
        _("cách đánh số"),
        max_length=NUMBER_LENGTH,
        default="{seq}/GCN-{code}",
        help_text=_("{seq} số thứ tự trong năm, {year} năm, {code} chữ viết tắt"),
    )
    signer_post = models.CharField(_("chức vụ người ký"), max_length=100)
    signer_name = models.CharField(_("người ký"), max_length=100)
    is_specimen = models.BooleanField(
        _("bản mẫu"), default=False, help_text=_("In chéo “BẢN MẪU – KHÔNG CÓ GIÁ TRỊ” trên mọi giấy của đơn vị này")
    )

    class Meta:
        verbose_name = _("đơn vị cấp")
        verbose_name_plural = _("đơn vị cấp")
        constraints = [
            models.CheckConstraint(condition=Q(number_pattern__contains="{seq}"), name="number_pattern_has_sequence")
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        if rules.pattern_problem(self.number_pattern):
            said = _("Cách đánh số phải có {seq} (số thứ tự); ngoài ra chỉ dùng được {year} và {code}.")
            raise ValidationError({"number_pattern": said})
        longest = rules.format_number(self.number_pattern, seq=10**6, year=2026, code=self.code)
        if len(longest) > NUMBER_LENGTH:
            said = _("Số in ra sẽ quá dài: %(n)s ký tự, nhiều nhất là %(most)s. Hãy rút ngắn cách đánh số.")
            raise ValidationError({"number_pattern": said % {"n": len(longest), "most": NUMBER_LENGTH}})


class Counter(models.Model):
    """The last number that an issuer gave in a year; the row's lock makes the series gapless."""

    issuer = models.ForeignKey(Issuer, on_delete=models.PROTECT, related_name="counters")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issuer", "year"], name="one_counter_a_year")]


class Design(models.TextChoices):
    FORMAL = "formal", _("trang trọng (có quốc hiệu)")
    WARM = "warm", _("thân mật (doanh nghiệp, hợp tác xã)")


class Award(models.Model):
    """What completing a course earns."""

    course = models.OneToOneField(Course, on_delete=models.PROTECT, related_name="award", verbose_name=_("khóa học"))
    issuer = models.ForeignKey(Issuer, on_delete=models.PROTECT, related_name="awards", verbose_name=_("đơn vị cấp"))
    design = models.CharField(_("mẫu giấy"), max_length=6, choices=Design, default=Design.FORMAL)
    course_kind = models.CharField(_("hình thức"), max_length=60, default="khóa học trực tuyến")
    duration = models.CharField(_("thời lượng ghi trên giấy"), max_length=40)
    is_active = models.BooleanField(_("đang cấp"), default=True)

    class Meta:
        verbose_name = _("giấy chứng nhận của khóa học")
        verbose_name_plural = _("giấy chứng nhận của khóa học")

    def __str__(self) -> str:
        return str(self.course)


class CredentialStatus(models.TextChoices):
    VALID = "valid", _("còn hiệu lực")
    REVOKED = "revoked", _("đã thu hồi")
    REPLACED = "replaced", _("đã được thay thế")


class Credential(models.Model):
    """`evidence` holds all that is printed, as strings (see certificates.rules.Evidence); nothing is looked up anew."""

    code = models.CharField(_("mã tra cứu"), max_length=16, unique=True)
    issuer = models.ForeignKey(
        Issuer, on_delete=models.PROTECT, related_name="credentials", verbose_name=_("đơn vị cấp")
    )
    year = models.PositiveSmallIntegerField(_("năm"))
    sequence = models.PositiveIntegerField(_("số thứ tự"))
    number = models.CharField(_("số"), max_length=NUMBER_LENGTH)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="credentials", verbose_name=_("người được cấp")
    )
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="credentials")
    award = models.ForeignKey(
        Award, on_delete=models.PROTECT, related_name="credentials", verbose_name=_("khóa học trên giấy")
    )
    design = models.CharField(_("mẫu giấy"), max_length=6, choices=Design, default=Design.FORMAL)
    issued_at = models.DateTimeField(_("cấp lúc"))
    evidence = models.JSONField()
    is_specimen = models.BooleanField(default=False)
    status = models.CharField(_("tình trạng"), max_length=8, choices=CredentialStatus, default=CredentialStatus.VALID)
    status_at = models.DateTimeField(_("đổi tình trạng lúc"), null=True, blank=True)
    status_reason = models.CharField(_("lý do"), max_length=200, blank=True)
    status_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người đổi tình trạng"),
    )
    replaced_by = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaces")

    class Meta:
        verbose_name = _("giấy chứng nhận")
        verbose_name_plural = _("giấy chứng nhận")
        ordering = ["-issued_at"]
        constraints = [
            models.UniqueConstraint(fields=["issuer", "year", "sequence"], name="number_once_a_year"),
            models.UniqueConstraint(
                fields=["enrolment"], condition=Q(status="valid"), name="one_valid_credential_an_enrolment"
            ),
            models.CheckConstraint(
                condition=Q(status="valid") | Q(status_at__isnull=False), name="status_change_is_dated"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @admin.display(description=_("tên trên giấy"))
    def printed_name(self) -> str:
        """A name that was corrected later is not what the paper says."""
        return str(self.evidence["name"])
