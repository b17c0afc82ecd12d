"""Question banks, quizzes and attempts.

QuestionBank ⊃ Question ⊃ QuestionVersion (immutable) ⊃ VersionTranslation
Quiz (one per quiz activity) ⊃ Slot          what is asked: a fixed question, or some drawn from a bank
Attempt (enrolment × quiz × number) ⊃ Item   one question version as drawn, with the answer given and its score

Rows that attempts point at are never deleted. An attempt copies what it was started under, so that a later change of the
quiz does not touch it.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail.search import index

from courses.models import Activity, ActivityPage, Enrolment, LegalText, Topic
from provinces.models import Place

from .kinds import KINDS


class QuestionBank(models.Model):
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
        related_name="+",
        verbose_name=_("tỉnh quản lý"),
        help_text=_("Để trống: dùng chung cả nước"),
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
    status = models.CharField(_("trạng thái"), max_length=8, choices=QuestionStatus, default=QuestionStatus.DRAFT)
    difficulty = models.PositiveSmallIntegerField(_("độ khó"), choices=Difficulty, default=1)
    lesson = models.ForeignKey(
        Activity,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="questions",
        verbose_name=_("bài học để xem lại"),
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người biên soạn"),
    )
    reviewer_name = models.CharField(_("người thẩm định"), max_length=100, blank=True)
    legal_texts = models.ManyToManyField(
        LegalText, related_name="questions", blank=True, verbose_name=_("căn cứ pháp luật")
    )
    needs_review_since = models.DateTimeField(_("cần rà soát từ"), null=True, blank=True)
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


class QuestionVersion(models.Model):
    """Exact wording and key. Never changed once saved; the next save makes version n+1.

    `data` belongs to the kind (see quizzes/kinds): e.g. {"choices": [{"id": "a", "text": "…", "weight": 1.0, "feedback": "…"}]}.
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


class Quiz(models.Model):
    """The rules of one quiz activity, shared by its pages in all languages."""

    activity = models.OneToOneField(
        Activity, on_delete=models.PROTECT, related_name="quiz", verbose_name=_("hoạt động")
    )
    pass_percent = models.PositiveSmallIntegerField(_("điểm đạt (%)"), default=70)
    attempts_allowed = models.PositiveSmallIntegerField(
        _("số lượt làm"), null=True, blank=True, help_text=_("Để trống: không giới hạn")
    )
    cooldown_minutes = models.PositiveIntegerField(_("chờ giữa hai lượt (phút)"), default=0)
    needs_review_since = models.DateTimeField(_("cần rà soát từ"), null=True, blank=True)

    class Meta:
        verbose_name = _("bài kiểm tra")
        verbose_name_plural = _("bài kiểm tra")
        constraints = [
            models.CheckConstraint(condition=Q(pass_percent__range=(0, 100)), name="pass_percent_0_to_100"),
            models.CheckConstraint(
                condition=Q(attempts_allowed=None) | Q(attempts_allowed__gte=1), name="at_least_one_attempt"
            ),
        ]

    def __str__(self) -> str:
        return self.activity.title


class SlotQuerySet(models.QuerySet["Slot"]):
    def in_use(self) -> "SlotQuerySet":
        return self.filter(cancelled_at=None).order_by("position", "pk")


class Slot(models.Model):
    """A place in a quiz: one fixed question, or `draw` questions from a bank."""

    quiz = models.ForeignKey(Quiz, on_delete=models.PROTECT, related_name="slots", verbose_name=_("bài kiểm tra"))
    position = models.PositiveSmallIntegerField(_("thứ tự"), default=1)
    question = models.ForeignKey(
        Question, on_delete=models.PROTECT, null=True, blank=True, related_name="slots", verbose_name=_("câu hỏi")
    )
    bank = models.ForeignKey(
        QuestionBank,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="slots",
        verbose_name=_("rút từ ngân hàng"),
    )
    draw = models.PositiveSmallIntegerField(_("số câu rút"), default=1)
    difficulty = models.PositiveSmallIntegerField(_("chỉ độ khó"), choices=Difficulty, null=True, blank=True)
    marks = models.DecimalField(_("điểm mỗi câu"), max_digits=6, decimal_places=2, default=1)
    cancelled_at = models.DateTimeField(_("bỏ từ"), null=True, blank=True)

    objects = SlotQuerySet.as_manager()

    class Meta:
        verbose_name = _("ô câu hỏi")
        verbose_name_plural = _("ô câu hỏi")
        ordering = ["quiz", "position"]
        constraints = [
            models.CheckConstraint(
                condition=Q(question__isnull=False, bank=None, draw=1) | Q(question=None, bank__isnull=False),
                name="slot_fixed_or_drawn",
            ),
        ]

    def __str__(self) -> str:
        if self.question:
            return str(self.question)
        level = f", {self.get_difficulty_display()}" if self.difficulty else ""
        return f"{self.bank} × {self.draw}{level}"


class AttemptState(models.TextChoices):
    IN_PROGRESS = "in_progress", _("đang làm")
    FINISHED = "finished", _("đã nộp")
    ABANDONED = "abandoned", _("bỏ dở")


class Attempt(models.Model):
    enrolment = models.ForeignKey(
        Enrolment, on_delete=models.PROTECT, related_name="attempts", verbose_name=_("lượt ghi danh")
    )
    quiz = models.ForeignKey(Quiz, on_delete=models.PROTECT, related_name="attempts", verbose_name=_("bài kiểm tra"))
    number = models.PositiveSmallIntegerField(_("lượt"))
    state = models.CharField(_("trạng thái"), max_length=11, choices=AttemptState, default=AttemptState.IN_PROGRESS)
    language = models.CharField(_("ngôn ngữ"), max_length=8, default="vi")
    pass_percent = models.PositiveSmallIntegerField(_("điểm đạt (%)"))
    started_at = models.DateTimeField(_("bắt đầu lúc"))
    finished_at = models.DateTimeField(_("nộp lúc"), null=True, blank=True)
    score = models.DecimalField(_("điểm"), max_digits=9, decimal_places=5, null=True, blank=True)
    max_score = models.DecimalField(_("điểm tối đa"), max_digits=9, decimal_places=5)
    passed = models.BooleanField(_("đạt"), null=True, blank=True)

    class Meta:
        verbose_name = _("lượt làm")
        verbose_name_plural = _("lượt làm")
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "quiz", "number"], name="attempt_number_once"),
            models.UniqueConstraint(
                fields=["enrolment", "quiz"], condition=Q(state="in_progress"), name="one_attempt_in_progress"
            ),
            models.CheckConstraint(
                condition=~Q(state="finished")
                | Q(score__isnull=False, passed__isnull=False, finished_at__isnull=False),
                name="finished_attempt_is_scored",
            ),
            models.CheckConstraint(
                condition=Q(score=None) | Q(score__range=(0, F("max_score"))), name="score_within_maximum"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment} · {self.quiz} · {self.number}"


class Item(models.Model):
    """One question as drawn into one attempt, and the answer to it.

    `revision` counts the saves of this answer, so that a stale tab is refused instead of overwriting silently.
    """

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="items", verbose_name=_("lượt làm"))
    position = models.PositiveSmallIntegerField(_("thứ tự"))
    version = models.ForeignKey(
        QuestionVersion, on_delete=models.PROTECT, related_name="items", verbose_name=_("phiên bản câu hỏi")
    )
    marks = models.DecimalField(_("điểm của câu"), max_digits=6, decimal_places=2)
    order = models.JSONField(_("thứ tự phương án"), default=list, help_text="ids of the choices in the order shown")
    answer = models.JSONField(_("câu trả lời"), null=True, blank=True)
    revision = models.PositiveIntegerField(_("số lần lưu"), default=0)
    saved_at = models.DateTimeField(_("lưu lúc"), null=True, blank=True)
    score = models.DecimalField(_("điểm"), max_digits=9, decimal_places=5, null=True, blank=True)

    class Meta:
        verbose_name = _("câu trong lượt làm")
        verbose_name_plural = _("câu trong lượt làm")
        ordering = ["attempt", "position"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "position"], name="item_position_once"),
            models.CheckConstraint(
                condition=Q(score=None) | Q(score__range=(0, F("marks"))), name="item_score_within_marks"
            ),
        ]


class QuizPage(ActivityPage):
    activity_kind = "quiz"

    intro = RichTextField(_("lời dặn"), features=["bold", "italic", "ul", "ol", "link"], blank=True)

    content_panels = [
        *ActivityPage.content_panels,
        FieldPanel("intro"),
        HelpPanel(heading=_("Câu hỏi và cách làm"), template="quizzes/admin/_questions_panel.html"),
        MultiFieldPanel([FieldPanel("minutes"), FieldPanel("is_required")], heading=_("Trong khóa học")),
    ]
    search_fields = [*Page.search_fields, index.SearchField("summary"), index.SearchField("folded")]

    class Meta:
        verbose_name = _("trang bài kiểm tra")

    @property
    def quiz(self) -> Quiz | None:
        """Its rules, which it has from the day when it is first published."""
        return Quiz.objects.filter(activity__translation_key=self.translation_key).first()
