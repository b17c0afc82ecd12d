"""Who issues, and how its numbers run."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from certificates import rules
from provinces.models import Place

NUMBER_LENGTH = 60


class Issuer(models.Model):
    name = models.CharField(_("tên đơn vị cấp"), max_length=200)
    parent_name = models.CharField(_("cơ quan chủ quản"), max_length=200, blank=True)
    name_en = models.CharField(
        _("tên bằng tiếng Anh"), max_length=200, blank=True, help_text=_("Cho mẫu giấy tiếng Anh và song ngữ")
    )
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
    province = models.ForeignKey(
        Place,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("cho lớp tập huấn của tỉnh"),
        help_text=_(
            "Đơn vị tổ chức của tỉnh này tự chọn đơn vị cấp này cho lớp của mình. Để trống: chỉ người quản trị chọn."
        ),
    )
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
