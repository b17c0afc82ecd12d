from decimal import Decimal

from django.conf import settings
from django.contrib import admin
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from courses.models import Cohort, Enrolment
from quizzes import rules
from quizzes.kinds import KINDS, essay

from .bank import QuestionVersion
from .quiz import Layout, Quiz, TimeUp


class AttemptState(models.TextChoices):
    IN_PROGRESS = "in_progress", _("đang làm")
    OVERDUE = "overdue", _("hết giờ, chờ nộp")
    MARKING = "marking", _("chờ chấm")
    FINISHED = "finished", _("đã nộp")
    ABANDONED = "abandoned", _("hết giờ, không chấm")

    @classmethod
    def running(cls) -> tuple["AttemptState", ...]:
        """Begun, and neither handed in nor given up."""
        return cls.IN_PROGRESS, cls.OVERDUE


class Counts(models.TextChoices):
    """How a question counts in an attempt; all but the first come from a regrade."""

    BY_KEY = "", _("theo đáp án")
    FULL = "full", _("ai cũng được trọn điểm")
    NOTHING = "nothing", _("không tính")


class Attempt(models.Model):
    """One try. An annulled one is kept as it was and counts no longer: not as passed, and not among those used up."""

    enrolment = models.ForeignKey(
        Enrolment, on_delete=models.PROTECT, related_name="attempts", verbose_name=_("lượt ghi danh")
    )
    quiz = models.ForeignKey(Quiz, on_delete=models.PROTECT, related_name="attempts", verbose_name=_("bài kiểm tra"))
    number = models.PositiveSmallIntegerField(_("lượt"))
    state = models.CharField(_("tình trạng"), max_length=11, choices=AttemptState, default=AttemptState.IN_PROGRESS)
    language = models.CharField(_("ngôn ngữ"), max_length=8, default="vi")
    pass_percent = models.PositiveSmallIntegerField(_("điểm đạt (%)"))
    started_at = models.DateTimeField(_("bắt đầu lúc"))
    due_at = models.DateTimeField(_("hết giờ lúc"), null=True, blank=True)
    when_time_is_up = models.CharField(_("khi hết giờ"), max_length=7, choices=TimeUp, default=TimeUp.SUBMIT)
    grace_minutes = models.PositiveSmallIntegerField(_("số phút chờ nộp"), default=0)
    is_practice = models.BooleanField(_("luyện tập"), default=False)
    is_fixed_order = models.BooleanField(_("làm theo thứ tự"), default=False)
    layout = models.CharField(_("cách trình bày"), max_length=5, choices=Layout, default=Layout.EACH)
    at_position = models.PositiveSmallIntegerField(_("đang ở câu"), default=1)
    is_helped = models.BooleanField(_("có cán bộ giúp"), default=False)
    finished_at = models.DateTimeField(_("nộp lúc"), null=True, blank=True)
    score = models.DecimalField(_("điểm"), max_digits=9, decimal_places=5, null=True, blank=True)
    max_score = models.DecimalField(_("điểm tối đa"), max_digits=9, decimal_places=5)
    passed = models.BooleanField(_("đạt"), null=True, blank=True)

    annulled_at = models.DateTimeField(_("không còn tính từ"), null=True, blank=True)
    annulled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người mở lại"),
    )
    annulled_reason = models.CharField(_("lý do mở lại"), max_length=200, blank=True)

    # The last time: each one is in the log.
    regraded_at = models.DateTimeField(_("chấm lại lúc"), null=True, blank=True)
    regraded_reason = models.CharField(_("lý do chấm lại"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("lượt làm")
        verbose_name_plural = _("lượt làm")
        indexes = [
            models.Index(fields=["finished_at"], condition=Q(state="marking"), name="attempt_marking"),
            models.Index(fields=["due_at"], condition=Q(state__in=["in_progress", "overdue"]), name="attempt_due"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "quiz", "number"], name="attempt_number_once"),
            models.UniqueConstraint(
                fields=["enrolment", "quiz"],
                condition=Q(state__in=["in_progress", "overdue"]),
                name="one_attempt_in_progress",
            ),
            models.CheckConstraint(
                condition=~Q(state="finished")
                | Q(score__isnull=False, passed__isnull=False, finished_at__isnull=False),
                name="finished_attempt_is_scored",
            ),
            models.CheckConstraint(
                condition=Q(score=None) | Q(score__range=(0, F("max_score"))), name="score_within_maximum"
            ),
            models.CheckConstraint(
                condition=Q(annulled_at=None, annulled_reason="")
                | (Q(annulled_at__isnull=False, state="finished") & ~Q(annulled_reason="")),
                name="annulled_attempt_is_finished",
            ),
            models.CheckConstraint(
                condition=Q(regraded_at=None, regraded_reason="")
                | (Q(regraded_at__isnull=False) & ~Q(regraded_reason="")),
                name="regraded_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment} · {self.quiz} · {self.number}"

    @admin.display(description=_("kết quả"))
    def outcome(self) -> str:
        """In words; "" before submission."""
        if self.annulled_at:
            return gettext("không còn tính")
        return "" if self.passed is None else gettext("đạt") if self.passed else gettext("chưa đạt")

    @admin.display(description=_("hỗ trợ"))
    def help_in_words(self) -> str:
        """ "" where somebody did it alone."""
        return gettext("có cán bộ giúp") if self.is_helped else ""

    @property
    def clock(self) -> rules.Clock:
        return rules.Clock(self.due_at, self.when_time_is_up, self.grace_minutes)

    def is_at(self, position: int) -> bool:
        """Whether a question may be seen and answered now: any, but where the order is fixed."""
        return not self.is_fixed_order or position == self.at_position

    @property
    def is_whole(self) -> bool:
        """Whether all questions stand on one page."""
        return self.layout == Layout.WHOLE

    def address_of(self, position: int) -> str:
        """Where a question of it is answered."""
        return self._addresses % position

    @cached_property
    def _addresses(self) -> str:
        """With %s for the position: one page asks for those of all its questions."""
        if self.is_whole:
            return f"{reverse('quizzes:whole', args=[self.pk])}#cau-%s"
        return "%s".join(reverse("quizzes:item", args=[self.pk, 0]).rsplit("0", 1))

    @property
    def is_running(self) -> bool:
        return self.state in AttemptState.running()

    @property
    def is_pass(self) -> bool:
        """Whether it counts as passed today; `passed` says what came out."""
        return bool(self.passed) and self.annulled_at is None

    @property
    def minutes(self) -> int | None:
        """From the first question to submission, breaks included."""
        return None if self.finished_at is None else round((self.finished_at - self.started_at).total_seconds() / 60)

    @property
    def percent(self) -> Decimal | None:
        return None if self.score is None or not self.max_score else round(100 * self.score / self.max_score, 1)

    @property
    def is_pass_kept(self) -> bool:
        """Passed, and below the pass mark since a regrade: that is nobody's fault who was told."""
        return self.is_pass and not rules.has_passed(self.score or Decimal(0), self.max_score, self.pass_percent)


class Item(models.Model):
    """One question as drawn into one attempt, and the answer to it.

    `revision` counts the saves of this answer, so that a stale tab is refused instead of overwriting silently.
    `version` is what was asked and stays; a regrade may let the key of a later one count.
    """

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="items", verbose_name=_("lượt làm"))
    position = models.PositiveSmallIntegerField(_("thứ tự"))
    version = models.ForeignKey(
        QuestionVersion, on_delete=models.PROTECT, related_name="items", verbose_name=_("phiên bản câu hỏi")
    )
    key_version = models.ForeignKey(
        QuestionVersion,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("chấm theo phiên bản"),
    )
    counts = models.CharField(_("cách tính"), max_length=7, choices=Counts, default=Counts.BY_KEY, blank=True)
    section = models.CharField(_("thuộc phần"), max_length=80, blank=True)
    marks = models.DecimalField(_("điểm của câu"), max_digits=6, decimal_places=2)
    order = models.JSONField(_("thứ tự phương án"), default=list, help_text="ids of the choices in the order shown")
    answer = models.JSONField(_("câu trả lời"), null=True, blank=True)
    revision = models.PositiveIntegerField(_("số lần lưu"), default=0)
    saved_at = models.DateTimeField(_("lưu lúc"), null=True, blank=True)
    revealed_at = models.DateTimeField(_("xem đáp án lúc"), null=True, blank=True)
    score = models.DecimalField(_("điểm"), max_digits=9, decimal_places=5, null=True, blank=True)

    # Where somebody marks by hand: points for each criterion of the rubric, and what is said to the trainee.
    points = models.JSONField(_("điểm từng tiêu chí"), default=dict, blank=True)
    comment = models.TextField(_("nhận xét"), blank=True)
    marked_at = models.DateTimeField(_("chấm lúc"), null=True, blank=True)
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người chấm"),
    )

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

    @property
    def key(self) -> QuestionVersion:
        """By whose key the answer is scored."""
        return self.key_version or self.version

    def earned(self) -> Decimal | None:
        """What the answer brings as the question counts today; None while somebody has to mark it by hand.

        The points that a marker gave are kept whatever counts meanwhile, and bring the same when they count again.
        """
        if self.counts:
            return self.marks if self.counts == Counts.FULL else Decimal(0)
        if self.marked_at:
            return rules.score(essay.marked(self.version.data, self.points), self.marks)
        fraction = KINDS[self.key.kind].fraction(self.key.data, self.answer)
        return None if fraction is None else rules.score(fraction, self.marks)


class Allowance(models.Model):
    """What an officer gave one person in one quiz, or whoever is in a cohort when an attempt begins: attempts beyond those that it
    allows, or minutes beyond its time limit."""

    enrolment = models.ForeignKey(
        Enrolment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="allowances",
        verbose_name=_("lượt ghi danh"),
    )
    cohort = models.ForeignKey(
        Cohort,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="allowances",
        verbose_name=_("nhóm học"),
    )
    quiz = models.ForeignKey(Quiz, on_delete=models.PROTECT, related_name="allowances", verbose_name=_("bài kiểm tra"))
    attempts = models.PositiveSmallIntegerField(_("số lượt cho thêm"), default=1)
    minutes = models.PositiveSmallIntegerField(_("số phút cho thêm"), default=0)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("người cho")
    )
    reason = models.CharField(_("lý do"), max_length=200)
    given_at = models.DateTimeField(_("cho lúc"))
    used_at = models.DateTimeField(  # of a cohort's: who used it may have left since
        _("có người trong nhóm dùng từ"), null=True, blank=True, editable=False
    )

    class Meta:
        verbose_name = _("phần cho thêm")
        verbose_name_plural = _("phần cho thêm")
        ordering = ["given_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="allowance_has_a_reason"),
            models.CheckConstraint(condition=Q(attempts__gt=0) | Q(minutes__gt=0), name="allowance_gives_something"),
            models.CheckConstraint(
                condition=Q(enrolment__isnull=False, cohort=None) | Q(enrolment=None, cohort__isnull=False),
                name="allowance_of_a_person_or_a_cohort",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cohort or self.enrolment} · {self.quiz}"

    def in_words(self) -> str:
        minutes = ngettext("thêm %(n)s phút", "thêm %(n)s phút", self.minutes) % {"n": self.minutes}
        attempts = ngettext("thêm %(n)s lượt làm", "thêm %(n)s lượt làm", self.attempts) % {"n": self.attempts}
        return ", ".join([minutes] * bool(self.minutes) + [attempts] * bool(self.attempts))
