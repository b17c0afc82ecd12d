"""Whom records are about."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lib import text
from provinces.models import Place

from .subjects import Subject

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class PersonKind(models.TextChoices):
    SUBJECT = "subject", _("chủ thể OCOP")
    OFFICIAL = "official", _("cán bộ")


class SubjectRole(models.TextChoices):
    HEAD = "head", _("người đứng đầu")
    MANAGER = "manager", _("quản lý")
    WORKER = "worker", _("lao động")


class OfficialLevel(models.TextChoices):
    """Districts ended on 30/6/2025: who worked for one stands in what was held before, and nobody chooses it any more."""

    COMMUNE = "commune", _("cấp xã")
    DISTRICT = "district", _("cấp huyện")
    PROVINCE = "province", _("cấp tỉnh")
    CENTRE = "centre", _("trung ương")

    @classmethod
    def of_today(cls) -> "list[tuple[str, StrOrPromise]]":
        """As choices of a form."""
        return [(value, label) for value, label in cls.choices if value != cls.DISTRICT]


ERASED = "Người đã xóa dữ liệu"  # stands where a name stood, in every language


class Person(models.Model):
    """Somebody whom records are about; with or without a log-in. Who was written down twice and joined to another (`merged_into`) is
    kept without records, so that old links lead on."""

    name = models.CharField(_("họ và tên"), max_length=100, help_text=_("Như in trên giấy chứng nhận"))
    sort_key = models.CharField(max_length=500, editable=False, db_index=True)
    search = models.CharField(max_length=120, editable=False, db_index=True)
    birth_year = models.PositiveSmallIntegerField(_("năm sinh"), null=True, blank=True)
    contact_phone = models.CharField(
        _("điện thoại liên hệ"), max_length=16, blank=True, db_index=True, help_text=_("Có thể dùng chung")
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
    merged_at = models.DateTimeField(null=True, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)
    erased_at = models.DateTimeField(
        _("xóa dữ liệu lúc"), null=True, blank=True, editable=False, help_text=_("Lượt học còn lại, không còn tên")
    )
    form_token = models.UUIDField(
        null=True, editable=False, unique=True, help_text=_("Mẫu mà cán bộ đã gửi: gửi lại vẫn là một người")
    )
    created_at = models.DateTimeField(_("ngày ghi"), default=timezone.now)

    class Meta:
        verbose_name = _("người")
        verbose_name_plural = _("Học viên")  # as in the menu
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
        indexes = [
            models.Index(fields=["contact_phone"], name="person_by_number"),
            # Jobs ask for them every minute.
            models.Index(fields=["erased_at"], condition=Q(erased_at__isnull=False), name="person_erased"),
            models.Index(fields=["merged_at"], condition=Q(merged_at__isnull=False), name="person_merged"),
            models.Index(fields=["id"], condition=Q(has_consented=False), name="person_without_agreement"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, **kwargs: object) -> None:
        self.spelled()
        super().save(**kwargs)  # type: ignore[arg-type]

    def spelled(self) -> "Person":
        """As it is stored; `save` does it, whoever writes many at once asks for it."""
        self.name = text.name(self.name)
        self.sort_key = text.sort_key(self.name)[:500]
        self.search = text.fold(self.name)[:120]
        return self

    @property
    def log_title(self) -> str:
        """What the audit log calls a person: Wagtail shows its list to staff of all places, so it holds no names."""
        return f"{self._meta.verbose_name} {self.pk}"

    @property
    def is_gone(self) -> bool:
        """Joined to another, or erased: nothing more is written about this row."""
        return self.merged_into_id is not None or self.erased_at is not None

    @property
    def given_name(self) -> str:
        return self.name.split()[-1] if self.name else ""
