"""What an organiser plans. Rows, never children of a page: records point at them, and a revision of a page would make them anew."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.documents import get_document_model_string
from wagtail.images import get_image_model_string

from courses.models import Activity, Cohort
from lib import dates
from provinces.models import Place


class SeenBy(models.TextChoices):
    EVERYBODY = "everybody", _("mọi người, có trong danh sách lớp")
    LINK = "link", _("ai có đường dẫn")
    INVITED = "invited", _("chỉ người được mời")


class Workshop(models.Model):
    """One workshop: an activity of a course, with what is promised to whoever comes.

    `place` is where it was held as that was called on the day; it counts for the unit of today. `needed_percent`: of the time slots of its
    sessions (parallel ones are one slot), how many a delegate must be at to have completed it.
    """

    activity = models.OneToOneField(
        Activity, on_delete=models.PROTECT, related_name="workshop", verbose_name=_("hoạt động trong khóa học")
    )
    cohort = models.OneToOneField(
        Cohort, on_delete=models.PROTECT, null=True, blank=True, related_name="workshop", verbose_name=_("nhóm học")
    )
    slug = models.SlugField(_("đường dẫn"), max_length=80, unique=True)
    organiser = models.CharField(_("đơn vị tổ chức"), max_length=200)
    organiser_parent = models.CharField(
        _("cơ quan chủ quản"), max_length=200, blank=True, help_text=_("In ở dòng trên cùng của giấy tờ.")
    )
    co_organiser = models.CharField(_("đơn vị phối hợp"), max_length=300, blank=True)
    place = models.ForeignKey(
        Place, on_delete=models.PROTECT, related_name="workshops", verbose_name=_("địa bàn nơi tổ chức")
    )
    venue = models.CharField(_("địa điểm"), max_length=200)
    map_link = models.URLField(_("liên kết bản đồ"), max_length=500, blank=True)
    contact = models.CharField(_("hỏi thêm"), max_length=200, blank=True)
    audience = models.CharField(_("dành cho"), max_length=200, blank=True)
    capacity = models.PositiveSmallIntegerField(
        _("số chỗ"), null=True, blank=True, validators=[MinValueValidator(1)], help_text=_("Để trống: không giới hạn.")
    )
    opens_at = models.DateTimeField(_("nhận đăng ký từ"), null=True, blank=True)
    closes_at = models.DateTimeField(_("nhận đăng ký đến"), null=True, blank=True)
    seen_by = models.CharField(_("ai xem được"), max_length=9, choices=SeenBy, default=SeenBy.EVERYBODY)
    offer_hours = models.PositiveSmallIntegerField(
        _("chờ người dự bị xác nhận trong (giờ)"),
        default=24,
        validators=[MinValueValidator(1), MaxValueValidator(24 * 14)],
    )
    needed_percent = models.PositiveSmallIntegerField(
        _("có mặt ít nhất (% số buổi)"), default=80, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    is_specimen = models.BooleanField(_("lớp mẫu"), default=False, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("người lập")
    )
    created_at = models.DateTimeField(_("lập lúc"))
    sent_as = models.UUIDField(
        null=True, editable=False
    )  # all that its form said: sent once more, it is no other workshop
    cancelled_at = models.DateTimeField(_("hủy lúc"), null=True, blank=True)
    cancelled_why = models.CharField(_("lý do hủy"), max_length=200, blank=True)
    closed_at = models.DateTimeField(_("kết thúc lúc"), null=True, blank=True)
    followed_at = models.DateTimeField(null=True, blank=True, editable=False)  # the call list was last drawn

    class Meta:
        verbose_name = _("lớp tập huấn")
        verbose_name_plural = _("lớp tập huấn")
        constraints = [
            models.CheckConstraint(
                condition=Q(opens_at=None) | Q(closes_at=None) | Q(closes_at__gt=F("opens_at")),
                name="registration_closes_after_it_opens",
                violation_error_message=_("Giờ hết hạn đăng ký phải sau giờ bắt đầu nhận đăng ký."),
            ),
            models.CheckConstraint(condition=Q(needed_percent__range=(1, 100)), name="needed_percent_1_to_100"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """Reads the activity: select it along in lists."""
        return self.activity.title

    @property
    def called(self) -> str:
        """What stands before its title in a sentence: "Tập huấn …" need not say twice that it is one."""
        return "lớp" if self.title.casefold().startswith("tập huấn") else "lớp tập huấn"


class BasisKind(models.TextChoices):
    """Abbreviations as Decree 30/2020/NĐ-CP, Annex III, has them."""

    PLAN = "KH", _("kế hoạch")
    DECISION = "QĐ", _("quyết định")
    INVITATION = "GM", _("giấy mời")
    PROGRAMME = "CTr", _("chương trình")
    LETTER = "CV", _("công văn")
    NOTICE = "TB", _("thông báo")


class LegalBasis(models.Model):
    """A paper on which the workshop rests: the plan, the decision that opens it, the invitation."""

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="bases")
    kind = models.CharField(_("loại văn bản"), max_length=3, choices=BasisKind)
    number = models.CharField(_("số, ký hiệu"), max_length=60, help_text=_("Ví dụ: 170/KH-UBND"))
    issued_on = models.DateField(_("ngày ban hành"), null=True, blank=True)
    issued_by = models.CharField(_("cơ quan ban hành"), max_length=200)
    subject = models.CharField(_("về việc"), max_length=400, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("căn cứ")
        verbose_name_plural = _("căn cứ")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"


class Speaker(models.Model):
    """With the post of that day; what was said of somebody in 2023 is not rewritten."""

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="speakers")
    name = models.CharField(_("họ và tên"), max_length=100)
    degree = models.CharField(_("học hàm, học vị"), max_length=20, blank=True, help_text=_("Ví dụ: ThS., TS."))
    post = models.CharField(_("chức vụ"), max_length=200, blank=True)
    unit = models.CharField(_("đơn vị"), max_length=200, blank=True)
    photo = models.ForeignKey(
        get_image_model_string(),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("ảnh"),
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("báo cáo viên")
        verbose_name_plural = _("báo cáo viên")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return " ".join(filter(None, [self.degree, self.name]))


class Session(models.Model):
    """One dated meeting. Kept once it was planned: what is not held is cancelled. Sessions whose hours overlap are parallel (`parallel`)."""

    workshop = models.ForeignKey(Workshop, on_delete=models.PROTECT, related_name="sessions")
    name = models.CharField(_("tên buổi"), max_length=80)
    starts_at = models.DateTimeField(_("bắt đầu"))
    ends_at = models.DateTimeField(_("kết thúc"))
    room = models.CharField(_("phòng"), max_length=120, blank=True)
    seats = models.PositiveSmallIntegerField(
        _("số chỗ của phòng"), null=True, blank=True, validators=[MinValueValidator(1)]
    )  # of a parallel one, None: as many as come; else the workshop's own count
    cancelled_at = models.DateTimeField(_("hủy lúc"), null=True, blank=True)
    closed_at = models.DateTimeField(_("chốt điểm danh lúc"), null=True, blank=True)

    beside: list[int] | None = None  # keys of the parallel ones, where somebody has looked (`parallel.beside`)

    class Meta:
        verbose_name = _("buổi")
        verbose_name_plural = _("buổi")
        ordering = ["starts_at", "room", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="session_ends_after_it_starts",
                violation_error_message=_("Giờ kết thúc phải sau giờ bắt đầu."),
            ),
            models.UniqueConstraint(
                fields=["workshop", "starts_at", "room"],
                name="one_session_a_room_and_time",
                violation_error_message=_("Đã có một buổi ở phòng này vào giờ này."),
            ),
        ]

    def __str__(self) -> str:
        """With its room: two at one hour are often called alike."""
        return f"{self.name} ({self.room})" if self.room else self.name

    @property
    def dated(self) -> str:
        """With its day, which a name has already that was made of it."""
        day = timezone.localtime(self.starts_at)
        return self.name if dates.short(day) in self.name else f"{self.name}, {dates.localised(day)}"

    @property
    def timed(self) -> str:
        """With its hour and day."""
        begins = timezone.localtime(self.starts_at)
        has_day = dates.short(begins) in self.name
        return f"{self.name}, {begins:%H:%M}" if has_day else f"{self.name}, {dates.moment(begins)}"

    @property
    def where(self) -> str:
        """What one of several at the same hour is told by."""
        return self.room or self.name


class AgendaItem(models.Model):
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="agenda")
    starts_at = models.TimeField(_("giờ"))
    topic = models.CharField(_("nội dung"), max_length=300)
    detail = models.CharField(_("nói thêm"), max_length=300, blank=True)
    speakers = models.ManyToManyField(Speaker, related_name="items", blank=True, verbose_name=_("báo cáo viên"))

    class Meta:
        verbose_name = _("mục chương trình")
        verbose_name_plural = _("chương trình")
        ordering = ["starts_at", "pk"]

    def __str__(self) -> str:
        return f"{self.starts_at:%H:%M} {self.topic}"


class Material(models.Model):
    """What delegates take along: a document of the site, or an address."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="materials")
    title = models.CharField(_("tên tài liệu"), max_length=200)
    document = models.ForeignKey(
        get_document_model_string(),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("tệp"),
    )
    link = models.URLField(_("đường dẫn"), max_length=500, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("tài liệu")
        verbose_name_plural = _("tài liệu")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(document=None) ^ Q(link=""),
                name="material_is_a_file_or_an_address",
                violation_error_message=_("Chọn một tệp hoặc ghi một đường dẫn."),
            )
        ]

    def __str__(self) -> str:
        return self.title


class Quota(models.Model):
    """Seats set apart for a commune, a province or a unit, which sends whom it chooses. Kept once a registration takes from it.

    Officers of `place` fill them, those of a unit as well; a unit without a place tells the organiser whom it sends.
    """

    workshop = models.ForeignKey(Workshop, on_delete=models.PROTECT, related_name="quotas")
    place = models.ForeignKey(
        Place, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("địa bàn")
    )
    unit = models.CharField(_("đơn vị"), max_length=150, blank=True)
    seats = models.PositiveSmallIntegerField(_("số chỗ"), validators=[MinValueValidator(1)])

    class Meta:
        verbose_name = _("chỉ tiêu")
        verbose_name_plural = _("chỉ tiêu")
        constraints = [
            models.CheckConstraint(
                condition=Q(place__isnull=False) | ~Q(unit=""),
                name="quota_is_of_a_place_or_a_unit",
                violation_error_message=_("Chọn một địa bàn hoặc ghi tên một đơn vị."),
            ),
            models.UniqueConstraint(
                fields=["workshop", "place"], condition=Q(place__isnull=False, unit=""), name="one_quota_a_place"
            ),
            models.UniqueConstraint(fields=["workshop", "unit"], condition=~Q(unit=""), name="one_quota_a_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.whose}: {self.seats}"

    @property
    def whose(self) -> str:
        return self.unit or (self.place.near_name if self.place else "")


class Stage(models.TextChoices):
    REGISTRATION = "registration", _("khi đăng ký")
    FEEDBACK = "feedback", _("phiếu đánh giá")


class QuestionKind(models.TextChoices):
    TEXT = "text", _("viết")
    YES_NO = "yes-no", _("có / không")
    CHOICE = "choice", _("chọn một")
    CHOICES = "choices", _("chọn nhiều")
    SCALE = "scale", _("năm mức")
    FACES = "faces", _("ba mặt cười")


class FormQuestion(models.Model):
    """A question of the organiser's own. `options`: one a line, of the kinds that are chosen from. Never deleted once answered."""

    workshop = models.ForeignKey(Workshop, on_delete=models.PROTECT, related_name="questions")
    stage = models.CharField(_("hỏi khi nào"), max_length=12, choices=Stage, default=Stage.REGISTRATION)
    label = models.CharField(_("câu hỏi"), max_length=200)
    kind = models.CharField(_("trả lời"), max_length=7, choices=QuestionKind, default=QuestionKind.TEXT)
    options = models.TextField(_("lựa chọn, mỗi dòng một"), blank=True)
    is_required = models.BooleanField(_("bắt buộc"), default=False)
    position = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("câu hỏi riêng")
        verbose_name_plural = _("câu hỏi riêng")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.label
