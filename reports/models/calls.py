"""Whom to call in a week, and what came of it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Person, Subject, User
from courses.models import Course
from provinces.models import Place


class Reason(models.TextChoices):
    """Why somebody is on the list of a week, in the order in which one of each is taken in turn."""

    FAILED = "failed", _("làm bài kiểm tra ít nhất hai lần mà chưa đạt")
    EXPIRING = "expiring", _("giấy chứng nhận sắp hết hạn")
    STALLED = "stalled", _("đang học thì tạm dừng")
    STARS = "stars", _("hạng sao sắp hết hạn")
    UNSTARTED = "unstarted", _("đã ghi danh, chưa bắt đầu")
    ABSENT = "absent", _("chủ thể chưa có ai tham gia học")


class Outcome(models.TextChoices):
    TO_CALL = "to_call", _("chưa liên hệ")
    CALLED = "called", _("đã gọi được")
    MET = "met", _("đã gặp")
    HELPED = "helped", _("đã giúp học")
    UNREACHED = "unreached", _("chưa liên lạc được")
    WRONG = "wrong", _("sai số điện thoại")


class CallList(models.Model):
    """Whom a commune is to call in a week; drawn once, so that paper, screen and rates tell of the same people."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="+", verbose_name=_("địa bàn"))
    week = models.DateField(_("tuần"), help_text=_("Ngày thứ Hai"))
    drawn_at = models.DateTimeField(_("lập lúc"))

    class Meta:
        verbose_name = _("danh sách cần liên hệ")
        verbose_name_plural = _("danh sách cần liên hệ")
        constraints = [models.UniqueConstraint(fields=["place", "week"], name="call_list_once_a_week")]

    def __str__(self) -> str:
        return f"{self.place}, {self.week}"


class Contact(models.Model):
    """A person or a subject of a list, why, and what came of it. `since` is the day that the reason speaks of: enrolled, last there,
    or the last day of a paper or of stars."""

    list = models.ForeignKey(CallList, on_delete=models.CASCADE, related_name="contacts")
    position = models.PositiveSmallIntegerField(_("thứ tự"))
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("học viên")
    )
    subject = models.ForeignKey(
        Subject, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("chủ thể")
    )
    course = models.ForeignKey(
        Course, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("khóa học")
    )
    reason = models.CharField(_("lý do"), max_length=9, choices=Reason)
    since = models.DateField(_("từ ngày, đến ngày"), null=True)
    outcome = models.CharField(_("kết quả"), max_length=9, choices=Outcome, default=Outcome.TO_CALL)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("người ghi"))
    at = models.DateTimeField(_("ghi lúc"), null=True)

    class Meta:
        verbose_name = _("lượt liên hệ")
        verbose_name_plural = _("lượt liên hệ")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["list", "position"], name="contact_has_its_place"),
            models.UniqueConstraint(fields=["list", "person"], name="contact_person_once_a_week"),
            models.UniqueConstraint(fields=["list", "subject"], name="contact_subject_once_a_week"),
            models.CheckConstraint(condition=Q(person=None) ^ Q(subject=None), name="contact_person_or_subject"),
        ]

    def __str__(self) -> str:
        return str(self.person or self.subject)

    @property
    def is_done(self) -> bool:
        return self.outcome != Outcome.TO_CALL
