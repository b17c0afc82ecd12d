"""What is asked in the hall: a test before and one after, and what people thought of it. Phone and paper write the same rows."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models import Activity
from quizzes.models import QuestionVersion

from .plan import Workshop
from .registrations import Registration


class Moment(models.TextChoices):
    BEFORE = "before", _("đầu vào")
    AFTER = "after", _("đầu ra")


class HallTest(models.Model):
    """One paper for everybody in the hall: its questions are fixed once, so that a sheet of paper can be typed in.

    Before and after are parallel forms of one bank. `activity`: the quiz of the course that whoever passes has completed by it.
    `is_anonymous`: sheets bear a badge's number and nobody is named by them.
    """

    workshop = models.ForeignKey(Workshop, on_delete=models.PROTECT, related_name="tests")
    moment = models.CharField(_("lúc nào"), max_length=6, choices=Moment)
    activity = models.ForeignKey(
        Activity,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="hall_tests",
        verbose_name=_("bài kiểm tra của khóa học"),
    )
    pass_percent = models.PositiveSmallIntegerField(_("đạt từ (%)"), default=60)
    is_anonymous = models.BooleanField(_("không ghi tên"), default=False)
    made_at = models.DateTimeField(_("lập lúc"))
    opened_at = models.DateTimeField(_("mở lúc"), null=True, blank=True)
    closed_at = models.DateTimeField(_("đóng lúc"), null=True, blank=True)

    class Meta:
        verbose_name = _("bài kiểm tra tại lớp")
        verbose_name_plural = _("bài kiểm tra tại lớp")
        constraints = [
            models.UniqueConstraint(fields=["workshop", "moment"], name="one_test_a_moment"),
            models.CheckConstraint(condition=Q(pass_percent__range=(1, 100)), name="hall_pass_1_to_100"),
        ]

    def __str__(self) -> str:
        return f"{self.workshop}: {self.get_moment_display()}"


class HallItem(models.Model):
    """A question as it stands on the paper: choices in the order of `choices` are A, B, C, D."""

    test = models.ForeignKey(HallTest, on_delete=models.CASCADE, related_name="items")
    number = models.PositiveSmallIntegerField(_("câu"))
    version = models.ForeignKey(QuestionVersion, on_delete=models.PROTECT, related_name="hall_items")
    choices = models.JSONField(default=list)  # ids of the version's choices

    class Meta:
        verbose_name = _("câu hỏi tại lớp")
        verbose_name_plural = _("câu hỏi tại lớp")
        ordering = ["test", "number"]
        constraints = [models.UniqueConstraint(fields=["test", "number"], name="one_item_a_number")]

    def __str__(self) -> str:
        return f"{self.test} {self.number}"


class SheetSource(models.TextChoices):
    PHONE = "phone", _("điện thoại")
    TABLET = "tablet", _("máy dùng chung")
    PAPER = "paper", _("phiếu giấy")


class TestSheet(models.Model):
    """One delegate's answers to one test: {"1": "B"}. Of an anonymous test the badge's number alone is known."""

    __test__ = False

    test = models.ForeignKey(HallTest, on_delete=models.PROTECT, related_name="sheets")
    registration = models.ForeignKey(
        Registration, on_delete=models.PROTECT, null=True, blank=True, related_name="test_sheets"
    )
    badge = models.PositiveSmallIntegerField(_("số thẻ"))
    answers = models.JSONField(_("trả lời"), default=dict)
    right = models.PositiveSmallIntegerField(_("số câu đúng"))
    questions = models.PositiveSmallIntegerField(_("số câu"))
    source = models.CharField(_("nguồn"), max_length=6, choices=SheetSource)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    handed_in_at = models.DateTimeField(_("nộp lúc"))

    class Meta:
        verbose_name = _("phiếu trả lời")
        verbose_name_plural = _("phiếu trả lời")
        constraints = [
            models.UniqueConstraint(fields=["test", "badge"], name="one_sheet_a_badge"),
            models.CheckConstraint(condition=Q(right__lte=models.F("questions")), name="no_more_right_than_asked"),
        ]

    def __str__(self) -> str:
        return f"{self.test}: {self.badge}"


class FeedbackSheet(models.Model):
    """What somebody who was there thought. It points at nobody and knows its day alone, so that no list tells whose it is;
    `Registration.gave_feedback` says who has given theirs. `paper_number` is what whoever types writes on a sheet of paper, which bears no
    badge's number: so the sheet is found again, corrected and looked at by a second person.
    """

    workshop = models.ForeignKey(Workshop, on_delete=models.PROTECT, related_name="feedback")
    answers = models.JSONField(_("trả lời"), default=dict)  # by the key of its FormQuestion
    source = models.CharField(_("nguồn"), max_length=6, choices=SheetSource)
    given_on = models.DateField(_("ngày"))
    is_quotable = models.BooleanField(_("cho trích vào báo cáo"), default=False)
    paper_number = models.PositiveSmallIntegerField(_("số phiếu"), null=True, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("phiếu đánh giá")
        verbose_name_plural = _("phiếu đánh giá")
        constraints = [
            models.UniqueConstraint(fields=["workshop", "paper_number"], name="one_feedback_a_paper"),
            models.CheckConstraint(
                condition=Q(source="paper", paper_number__isnull=False) | (~Q(source="paper") & Q(paper_number=None)),
                name="feedback_on_paper_has_a_number",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.workshop}: {self.pk}"
