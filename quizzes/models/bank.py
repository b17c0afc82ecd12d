from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager
from taggit.models import ItemBase, Tag
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from courses.models import Activity, LegalText, Topic
from provinces.models import Level, Place
from quizzes import wording
from quizzes.kinds import KINDS


def _provinces(label: Any, help_text: Any) -> "models.ManyToManyField[Place, Any]":
    """Those of today, with which a bank is shared."""
    today = {"level": Level.PROVINCE, "valid_to": None}
    return models.ManyToManyField(
        Place, blank=True, limit_choices_to=today, related_name="+", verbose_name=label, help_text=help_text
    )


class QuestionBank(models.Model):
    """Of the whole country, or of one province, which may let others read it or write in it. Who may what: `access.banks_…`."""

    name = models.CharField(_("tên"), max_length=120)
    topic = models.ForeignKey(
        Topic,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="question_banks",
        verbose_name=_("chuyên đề"),
    )
    owner_place = models.ForeignKey(
        Place,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        limit_choices_to={"level": Level.PROVINCE, "valid_to": None},
        related_name="+",
        verbose_name=_("của tỉnh"),
        help_text=_("Ngân hàng viết riêng cho một tỉnh. Để trống: dùng chung cả nước."),
    )
    is_open = models.BooleanField(
        _("mọi tỉnh được xem và dùng"),
        default=False,
        help_text=_(
            "Đánh dấu thì người soạn câu hỏi của tỉnh nào cũng đọc được câu và đáp án, và chép về dùng. Ngân hàng của cả nước không cần đánh dấu."
        ),
    )
    readers = _provinces(
        _("tỉnh được xem và dùng"),
        _("Người soạn câu hỏi của các tỉnh này đọc được câu và đáp án, xuất ra tệp, chép về ngân hàng của mình."),
    )
    writers = _provinces(
        _("tỉnh cùng biên soạn"),
        _("Người soạn câu hỏi của các tỉnh này thêm, sửa, duyệt câu trong ngân hàng này như của mình."),
    )

    class Meta:
        verbose_name = _("ngân hàng câu hỏi")
        verbose_name_plural = _("ngân hàng câu hỏi")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class QuestionStatus(models.TextChoices):
    DRAFT = "draft", _("nháp")
    REVIEWED = "reviewed", _("đã duyệt")
    RETIRED = "retired", _("ngừng dùng")


class Difficulty(models.IntegerChoices):
    EASY = 1, _("1 – dễ")
    MEDIUM = 2, _("2 – vừa")
    HARD = 3, _("3 – khó")


@register_setting(icon="check")
class ReviewSettings(BaseGenericSetting):
    """What the operator asks of whoever approves questions."""

    by_another = models.BooleanField(
        _("câu hỏi phải do người khác duyệt"),
        default=False,
        help_text=_(
            "Người viết phiên bản mới nhất của một câu thì không tự duyệt câu đó được. Câu đã duyệt từ trước giữ nguyên."
        ),
    )

    class Meta:
        verbose_name = _("duyệt câu hỏi")


class ParallelForm(models.TextChoices):
    """Two halves of a bank that are equally hard, so that what is asked before a course and what is asked after it can be compared."""

    A = "A", _("đề A")
    B = "B", _("đề B")


class QuestionQuerySet(models.QuerySet["Question"]):
    def askable(self) -> "QuestionQuerySet":
        """What a quiz may ask: drafts wait, retired questions stay in old attempts."""
        return self.filter(status=QuestionStatus.REVIEWED)


class Question(models.Model):
    bank = models.ForeignKey(
        QuestionBank, on_delete=models.PROTECT, related_name="questions", verbose_name=_("ngân hàng")
    )
    key = models.CharField(_("mã"), max_length=60, unique=True, help_text=_("Ổn định qua các lần nhập và xuất"))
    kind = models.SlugField(_("dạng"), max_length=20)
    status = models.CharField(_("tình trạng"), max_length=8, choices=QuestionStatus, default=QuestionStatus.DRAFT)
    difficulty = models.PositiveSmallIntegerField(_("độ khó"), choices=Difficulty, default=1)
    language = models.CharField(_("ngôn ngữ"), max_length=8, choices=settings.LANGUAGES, default="vi")
    form = models.CharField(_("đề song song"), max_length=1, choices=ParallelForm, blank=True)
    lesson = models.ForeignKey(
        Activity,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="questions",
        verbose_name=_("bài học để xem lại"),
    )
    paragraph = models.CharField(
        _("đoạn để xem lại"), max_length=36, blank=True
    )  # the id of a block of its page; it may be gone
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người biên soạn"),
    )
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người duyệt"),
    )
    reviewed_at = models.DateTimeField(_("duyệt lúc"), null=True, blank=True)
    legal_texts = models.ManyToManyField(
        LegalText, related_name="questions", blank=True, verbose_name=_("căn cứ pháp luật")
    )
    needs_review_since = models.DateTimeField(_("cần rà soát từ"), null=True, blank=True)
    tags = TaggableManager(through="quizzes.QuestionTag", blank=True, verbose_name=_("nhãn"))
    search = models.TextField(_("chữ để tìm"), editable=False, blank=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("câu hỏi")
        verbose_name_plural = _("câu hỏi")
        ordering = ["bank", "key"]
        constraints = [models.CheckConstraint(condition=Q(difficulty__range=(1, 3)), name="difficulty_1_to_3")]

    def __str__(self) -> str:
        return self.key

    def get_kind_display(self) -> str:
        return str(KINDS[self.kind].label)

    @property
    def stem(self) -> str:
        """What it asks today; lists prefetch `versions`."""
        return next((wording.plain(version.stem) for version in self.versions.all()), "")

    @property
    def in_words(self) -> str:
        return f"{Truncator(self.stem).chars(100)} ({self.key})"


class QuestionTag(ItemBase):
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="question_tags", verbose_name=_("nhãn"))
    content_object = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="+", verbose_name=_("câu hỏi"))

    class Meta:
        verbose_name = _("nhãn của câu hỏi")
        verbose_name_plural = _("nhãn của câu hỏi")
        constraints = [models.UniqueConstraint(fields=["content_object", "tag"], name="question_tagged_once")]

    @classmethod
    def in_use(cls) -> "models.QuerySet[Tag]":
        """Tags that a question has; pictures have theirs in the same table."""
        return Tag.objects.filter(pk__in=cls.objects.values("tag")).order_by("name")


class QuestionVersion(models.Model):
    """Exact wording and key. Never changed once saved; the next save makes version n+1.

    `data` belongs to the kind (see quizzes/kinds): e.g. {"choices": [{"id": "a", "text": "…", "right": true, "feedback": "…"}]}.
    """

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="versions", verbose_name=_("câu hỏi"))
    number = models.PositiveSmallIntegerField(_("phiên bản"))
    kind = models.SlugField(_("dạng"), max_length=20)
    stem = models.TextField(_("câu chữ"))
    data = models.JSONField(_("phương án và đáp án"), default=dict)
    explanation = models.TextField(_("giải thích"), blank=True)
    to_verify = models.BooleanField(_("có chỗ chờ đối chiếu"), default=False)
    created_at = models.DateTimeField(_("viết lúc"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người viết"),
    )

    class Meta:
        verbose_name = _("phiên bản câu hỏi")
        verbose_name_plural = _("phiên bản câu hỏi")
        ordering = ["question", "-number"]
        constraints = [models.UniqueConstraint(fields=["question", "number"], name="question_version_once")]

    def __str__(self) -> str:
        return f"{self.question} v{self.number}"


class VersionTranslation(models.Model):
    """The same version in another language: same ids in `data`, other words, no key of its own."""

    version = models.ForeignKey(
        QuestionVersion, on_delete=models.CASCADE, related_name="translations", verbose_name=_("phiên bản")
    )
    language = models.CharField(_("ngôn ngữ"), max_length=8)
    stem = models.TextField(_("câu chữ"))
    texts = models.JSONField(_("phương án"), default=dict, help_text="{choice id: {text, feedback}}")
    explanation = models.TextField(_("giải thích"), blank=True)

    class Meta:
        verbose_name = _("bản dịch câu hỏi")
        verbose_name_plural = _("bản dịch câu hỏi")
        constraints = [models.UniqueConstraint(fields=["version", "language"], name="version_translated_once")]
