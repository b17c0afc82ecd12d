from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.search import index

from courses.models import Activity, ActivityPage
from courses.queries import withheld_of
from pages.forms import ReadyForm

from .bank import Difficulty, ParallelForm, Question, QuestionBank


class TimeUp(models.TextChoices):
    """What becomes of an attempt whose time is up before it was handed in (Moodle: overdue handling)."""

    SUBMIT = "submit", _("tự nộp các câu đã lưu")
    GRACE = "grace", _("chờ thêm ít phút để học viên bấm nộp; không nộp thì không chấm")
    ABANDON = "abandon", _("không chấm, lượt ấy vẫn tính là đã dùng")


class Counted(models.TextChoices):
    """Which of several attempts is a person's result."""

    BEST = "best", _("lượt điểm cao nhất")
    LAST = "last", _("lượt cuối")
    FIRST = "first", _("lượt đầu")


class Layout(models.TextChoices):
    """How an attempt is laid out on the screen."""

    EACH = "each", _("từng câu một")
    WHOLE = "whole", _("cả bài trên một trang")


class ResultPart(models.TextChoices):
    """What of a result can be kept back."""

    SCORE = "score", _("điểm, đạt hay chưa đạt")
    ANSWERS = "answers", _("đáp án đúng")
    FEEDBACK = "feedback", _("lời nhắn và giải thích")


def all_parts() -> list[str]:
    return [str(part) for part in ResultPart]


class Quiz(models.Model):
    """The rules of one quiz activity, shared by its pages in all languages."""

    activity = models.OneToOneField(
        Activity, on_delete=models.PROTECT, related_name="quiz", verbose_name=_("bài kiểm tra")
    )
    pass_percent = models.PositiveSmallIntegerField(_("điểm đạt (%)"), default=70)
    attempts_allowed = models.PositiveSmallIntegerField(
        _("số lượt làm"), null=True, blank=True, help_text=_("Để trống: không giới hạn")
    )
    cooldown_minutes = models.PositiveIntegerField(_("chờ giữa hai lượt (phút)"), default=0)
    counted = models.CharField(_("lượt được tính"), max_length=5, choices=Counted, default=Counted.BEST)
    opens_at = models.DateTimeField(_("mở lúc"), null=True, blank=True)
    closes_at = models.DateTimeField(_("đóng lúc"), null=True, blank=True)
    time_limit = models.PositiveSmallIntegerField(
        _("thời gian làm bài (phút)"), null=True, blank=True, help_text=_("Để trống: không tính giờ")
    )
    when_time_is_up = models.CharField(_("khi hết giờ"), max_length=7, choices=TimeUp, default=TimeUp.SUBMIT)
    grace_minutes = models.PositiveSmallIntegerField(_("số phút chờ nộp"), default=5)
    layout = models.CharField(
        _("cách trình bày"),
        max_length=5,
        choices=Layout,
        default=Layout.EACH,
        help_text=_("Cả bài trên một trang: học viên thấy hết các câu, làm câu nào trước cũng được."),
    )
    is_fixed_order = models.BooleanField(
        _("làm theo thứ tự, không quay lại"),
        default=False,
        help_text=_("Sang câu sau rồi thì không xem lại và không sửa câu trước."),
    )
    is_shuffled = models.BooleanField(
        _("đảo thứ tự câu"),
        default=False,
        help_text=_("Mỗi lượt làm một thứ tự; câu của phần nào ở trong phần ấy."),
    )
    is_practice = models.BooleanField(
        _("bài luyện tập"),
        default=False,
        help_text=_(
            "Làm bao nhiêu lần cũng được, trả lời xong câu nào thì xem được đáp án câu ấy; nộp là xong, không cần đủ điểm."
        ),
    )
    shown_after = models.JSONField(_("ngay sau khi nộp"), default=all_parts)
    shown_when_closed = models.JSONField(_("sau khi bài đóng"), default=all_parts)
    needs_review_since = models.DateTimeField(_("cần rà soát từ"), null=True, blank=True)

    class Meta:
        verbose_name = _("bài kiểm tra")
        verbose_name_plural = _("bài kiểm tra")
        constraints = [
            models.CheckConstraint(condition=Q(pass_percent__range=(0, 100)), name="pass_percent_0_to_100"),
            models.CheckConstraint(
                condition=Q(attempts_allowed=None) | Q(attempts_allowed__gte=1), name="at_least_one_attempt"
            ),
            models.CheckConstraint(condition=Q(time_limit=None) | Q(time_limit__gte=1), name="time_limit_of_a_minute"),
            models.CheckConstraint(
                condition=Q(opens_at=None) | Q(closes_at=None) | Q(opens_at__lt=F("closes_at")),
                name="quiz_opens_before_it_closes",
            ),
            models.CheckConstraint(
                condition=~Q(layout="whole") | Q(is_fixed_order=False, is_practice=False),
                name="one_page_goes_with_a_free_order",
            ),
        ]

    def __str__(self) -> str:
        return self.activity.title

    @property
    def limits_time(self) -> bool:
        return bool(self.time_limit or self.closes_at)

    @property
    def limits_attempts(self) -> bool:
        return self.attempts_allowed is not None and not self.is_practice

    @property
    def is_offered(self) -> bool:
        return not (self.activity.retired_at or self.activity.course.retired_at)

    def _goes_on(self, now: datetime) -> bool:
        """Whether somebody who was given more time still writes."""
        return self.attempts.filter(state__in=["in_progress", "overdue"], due_at__gt=now).exists()

    def shown_at(self, now: datetime) -> frozenset[str]:
        """Which parts of a result (`ResultPart`) may be seen by whoever handed in."""
        is_closed = self.closes_at is not None and now >= self.closes_at and not self._goes_on(now)
        return frozenset(self.shown_when_closed if is_closed else self.shown_after)


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
    difficulty = models.PositiveSmallIntegerField(_("chỉ lấy độ khó"), choices=Difficulty, null=True, blank=True)
    tag = models.ForeignKey(
        Tag, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("chỉ lấy nhãn")
    )
    form = models.CharField(_("chỉ lấy đề"), max_length=1, choices=ParallelForm, blank=True)
    section = models.CharField(_("thuộc phần"), max_length=80, blank=True)
    marks = models.DecimalField(_("điểm mỗi câu"), max_digits=6, decimal_places=2, default=1)
    cancelled_at = models.DateTimeField(_("bỏ lúc"), null=True, blank=True)

    objects = SlotQuerySet.as_manager()

    class Meta:
        verbose_name = _("dòng câu hỏi")
        verbose_name_plural = _("dòng câu hỏi")
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
        tag = f", {self.tag}" if self.tag else ""
        form = f", {self.get_form_display()}" if self.form else ""
        return f"{self.bank} × {self.draw}{level}{tag}{form}"


class QuizPage(ActivityPage):
    activity_kind = "quiz"
    adding = _("Thêm bài kiểm tra")
    base_form_class = ReadyForm

    intro = RichTextField(_("lời dặn"), features=["bold", "italic", "ul", "ol", "link"], blank=True)

    content_panels = [
        *ActivityPage.content_panels,
        FieldPanel("intro"),
        HelpPanel(heading=_("Câu hỏi và cách làm"), template="quizzes/admin/_questions_panel.html"),
        MultiFieldPanel([FieldPanel("minutes"), FieldPanel("is_required")], heading=_("Trong khóa học")),
    ]
    search_fields = [*ActivityPage.search_fields, index.SearchField("summary"), index.SearchField("folded")]

    class Meta:
        verbose_name = _("trang bài kiểm tra")

    @property
    def quiz(self) -> Quiz | None:
        """Its rules, which it has as soon as it is saved in the admin, be it as a draft."""
        return Quiz.objects.filter(activity__translation_key=self.translation_key).first()

    @property
    def is_offered(self) -> bool:
        return Activity.objects.offered().filter(translation_key=self.translation_key).exists()

    @property
    def is_awaited(self) -> bool:
        """Whether nobody finishes a course that is open because this quiz is not on the site yet."""
        row = Activity.objects.filter(translation_key=self.translation_key, course__retired_at=None).first()
        return row is not None and row.pk in {one.activity_id for one in withheld_of(row.course_id)}

    @classmethod
    def empty_among(cls, keys: Iterable[UUID]) -> set[UUID]:
        from quizzes.queries import outlooks  # they rest on the models

        wanted = set(keys)
        known = Quiz.objects.filter(activity__translation_key__in=wanted).select_related("activity")
        return wanted - {one.quiz.activity.translation_key for one in outlooks(list(known)) if one.questions}

    def not_ready(self) -> str:
        if not self.empty_among([self.translation_key]):
            return ""
        return gettext(
            "Chưa đăng hay gửi duyệt được, vì bài kiểm tra chưa có câu hỏi nào đã duyệt. Những gì anh/chị vừa nhập vẫn còn ở đây: hãy lưu bản nháp, đặt câu hỏi, rồi đăng."
        )
