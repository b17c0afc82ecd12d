"""What the board adds up: figures kept by place and course, and the marks of places to be counted again. Whom to call in a week.

Nothing of the board here says more than the enrolments do. `manage.py reconcile` counts everything anew, `audit_invariants` compares.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import OfficialLevel, Person, PersonKind, Subject, User
from courses.models import Course, Topic
from provinces.models import Place

from .reminding.models import Reminder  # noqa: F401 (Django finds models here)
from .sending.models import Sending, Subscription  # noqa: F401


class Reach(models.TextChoices):
    """A row stands for what is recorded in just this place, or in a whole province; a former place stands for itself."""

    PLACE = "place"
    PROVINCE = "province"


class Kept(models.Model):
    """A figure of one place."""

    reach = models.CharField(max_length=8, choices=Reach)
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="+")

    class Meta:
        abstract = True


class Cell(Kept):
    """Enrolments of one place in one course, by kind of trainee."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=PersonKind)
    enrolled = models.PositiveIntegerField()
    active = models.PositiveIntegerField()
    completed = models.PositiveIntegerField()
    certified = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reach", "place", "course", "kind"], name="cell_once")]


class Headcount(Kept):
    """People who are enrolled in a place, each once however many courses they are in."""

    persons = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reach", "place"], name="headcount_once")]


class Scattered(Kept):
    """One of several places of the same reach in which a person is recorded: taken off again where several are added up."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reach", "person", "place"], name="scattered_once")]


class Slice(Kept):
    """Of the enrolments of a place those of a topic, of a kind of trainee, or of both: never of neither."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=8, choices=PersonKind, blank=True)

    class Meta:
        abstract = True


def _once(name: str, *fields: str) -> list[models.BaseConstraint]:
    """Each slice once: a topic that is not said is none of its own to a database. And that it is one."""
    return [
        models.UniqueConstraint(
            fields=[*fields, "topic", "kind"], condition=Q(topic__isnull=False), name=f"{name}_once"
        ),
        models.UniqueConstraint(fields=[*fields, "kind"], condition=Q(topic=None), name=f"{name}_of_all_topics_once"),
        models.CheckConstraint(condition=Q(topic__isnull=False) | ~Q(kind=""), name=f"{name}_is_a_part"),
    ]


class SliceHeadcount(Slice):
    """As `Headcount`, of a slice: what is filtered by topic or kind counts each person once too."""

    persons = models.PositiveIntegerField()

    class Meta:
        constraints = _once("slice_headcount", "reach", "place")


class SliceScattered(Slice):
    """As `Scattered`, of a slice."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = _once("slice_scattered", "reach", "person", "place")


class Yearly(Kept):
    """What a place came to in a year: enrolments that began in it, seats in its workshops taken by who is not enrolled in their courses,
    the people and the subjects of both, each once, and of all seats those of women, and those of which the gender is known."""

    year = models.PositiveSmallIntegerField()
    enrolled = models.PositiveIntegerField()
    seats = models.PositiveIntegerField()
    persons = models.PositiveIntegerField()
    subjects = models.PositiveIntegerField()
    women = models.PositiveIntegerField()
    known = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reach", "place", "year"], name="yearly_once")]


class YearlyScattered(Kept):
    """As `Scattered`, of one year: a person, or a subject."""

    year = models.PositiveSmallIntegerField()
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="+")
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reach", "year", "person", "place"], name="yearly_scattered_person_once"),
            models.UniqueConstraint(fields=["reach", "year", "subject", "place"], name="yearly_scattered_subject_once"),
            models.CheckConstraint(
                condition=Q(person=None) ^ Q(subject=None), name="yearly_scattered_person_or_subject"
            ),
        ]


class Behind(Kept):
    """How many enrolments of a place are in which state, and how many subjects have nobody (`states.conditions`)."""

    unstarted = models.PositiveIntegerField()
    stalled = models.PositiveIntegerField()
    failed = models.PositiveIntegerField()
    expiring = models.PositiveIntegerField()
    absent = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reach", "place"], name="behind_once")]


class Covered(Kept):
    """How far training has reached, of what a place has today: subjects that work, those of them that are headed by somebody who has learnt,
    and officials of each level who hold a certificate. By where they are now, and not by the place of an enrolment."""

    subjects = models.PositiveIntegerField()
    led = models.PositiveIntegerField()
    commune = models.PositiveIntegerField()
    province = models.PositiveIntegerField()
    centre = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reach", "place"], name="covered_once")]


class Monthly(Kept):
    """Of the enrolments of a place in a course, by kind of trainee: how many began in a month, were completed and were certified in it."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=PersonKind)
    month = models.DateField()  # its first day
    begun = models.PositiveIntegerField()
    completed = models.PositiveIntegerField()
    certified = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reach", "place", "course", "kind", "month"], name="monthly_once")
        ]
        indexes = [models.Index(fields=["reach", "month"], name="monthly_of_reach")]


class Stale(models.Model):
    """A place whose figures changed since they were counted. Written by the database itself (`triggers`), never updated,
    so that learners who are enrolled at once do not wait for each other."""

    place_id = models.BigIntegerField()


class Tally(models.Model):
    """One row: for which day the figures hold, because who was active in the last 30 days changes with it. Its lock lets
    one count at a time."""

    day = models.DateField(null=True)


class Figure(models.TextChoices):
    """What a plan of a year sets out to reach, under the names that reports use."""

    CLASSES = "classes", _("số lớp")
    TIMES = "times", _("số lượt người")
    PERSONS = "persons", _("số người")
    SUBJECTS = "subjects", _("số chủ thể")


class Target(models.Model):
    """How much of a figure a place sets out to reach in a year; without a place, the country. One that was taken back has no value, and
    stays, because the log of decisions tells of it."""

    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("địa bàn"))
    year = models.PositiveSmallIntegerField(_("năm"))
    figure = models.CharField(_("chỉ tiêu về"), max_length=8, choices=Figure)
    value = models.PositiveIntegerField(_("chỉ tiêu"), null=True)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("người ghi"))
    at = models.DateTimeField(_("ghi lúc"))

    class Meta:
        verbose_name = _("chỉ tiêu năm")
        verbose_name_plural = _("chỉ tiêu năm")
        constraints = [
            models.UniqueConstraint(fields=["place", "year", "figure"], name="target_once_a_place"),
            models.UniqueConstraint(
                fields=["year", "figure"], condition=Q(place=None), name="target_once_for_the_country"
            ),
            models.CheckConstraint(condition=Q(value=None) | Q(value__gte=1), name="target_is_not_nothing"),
        ]

    def __str__(self) -> str:
        where = self.place.full_name if self.place else gettext("cả nước")
        return f"{self.get_figure_display()} {self.year}, {where}"


class Posts(models.Model):
    """How many officials of a level are in charge of the programme in a place; without a place, in the country. It holds until it is changed;
    one that was taken back has no number, and stays, because the log of decisions tells of it."""

    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("địa bàn"))
    level = models.CharField(_("cấp công tác"), max_length=8, choices=OfficialLevel)
    number = models.PositiveIntegerField(_("số vị trí"), null=True)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("người ghi"))
    at = models.DateTimeField(_("ghi lúc"))

    class Meta:
        verbose_name = _("số vị trí cán bộ phụ trách")
        verbose_name_plural = _("số vị trí cán bộ phụ trách")
        constraints = [
            models.UniqueConstraint(fields=["place", "level"], name="posts_once_a_place"),
            models.UniqueConstraint(fields=["level"], condition=Q(place=None), name="posts_once_for_the_country"),
            models.CheckConstraint(condition=Q(number=None) | Q(number__gte=1), name="posts_are_not_nothing"),
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display()}, {self.place.full_name if self.place else gettext('cả nước')}"


class OutsideClass(models.Model):
    """A class that was held without this platform: numbers, no names. One that was written down by mistake is taken back with a reason."""

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", verbose_name=_("địa bàn nơi tổ chức"))
    day = models.DateField(_("ngày khai giảng"))
    title = models.CharField(_("tên lớp"), max_length=200)
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="+", verbose_name=_("chuyên đề"))
    organiser = models.CharField(_("đơn vị tổ chức"), max_length=200)
    people = models.PositiveIntegerField(_("số lượt người dự"))
    women = models.PositiveIntegerField(_("trong đó nữ"), null=True, blank=True)
    officials = models.PositiveIntegerField(_("trong đó cán bộ"), null=True, blank=True)
    subjects = models.PositiveIntegerField(_("số chủ thể có người dự"), null=True, blank=True)
    legal_base = models.CharField(_("căn cứ"), max_length=200, blank=True)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("người ghi"))
    at = models.DateTimeField(_("ghi lúc"))
    removed_at = models.DateTimeField(_("bỏ lúc"), null=True, editable=False)
    removed_why = models.CharField(_("lý do bỏ"), max_length=200, blank=True, editable=False)

    class Meta:
        verbose_name = _("lớp ngoài hệ thống")
        verbose_name_plural = _("lớp ngoài hệ thống")
        ordering = ["-day", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(people__gte=1), name="outside_class_had_people",
                violation_error_message=_("Số lượt người dự phải từ 1 trở lên."),
            ),
            *(
                models.CheckConstraint(
                    condition=Q((part, None)) | Q((f"{part}__lte", models.F("people"))),
                    name=f"outside_class_{part}_are_some_of_its_people",
                    violation_error_message=_("Số nữ, số cán bộ, số chủ thể không thể nhiều hơn số lượt người dự."),
                )
                for part in ("women", "officials", "subjects")
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title


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


class Snapshot(models.Model):
    """What the board of a place said at a moment, under a name ("Hội nghị sơ kết"). It is never counted again: `content` holds the words and
    numbers (`freezing.content`)."""

    name = models.CharField(_("tên"), max_length=100)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("địa bàn"))
    year = models.PositiveSmallIntegerField(_("năm"))
    taken_at = models.DateTimeField(_("chốt lúc"))
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("người chốt"))
    content = models.JSONField()

    class Meta:
        verbose_name = _("bản chốt số liệu")
        verbose_name_plural = _("bản chốt số liệu")
        ordering = ["-taken_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["place", "name"], name="snapshot_name_once_a_place"),
            models.UniqueConstraint(
                fields=["name"], condition=Q(place=None), name="snapshot_name_once_for_the_country"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SavedView(models.Model):
    """A page of managers as it was narrowed, under a name. It is kept as the name of one of our own addresses (`saving.views.PAGES`) and what was
    asked of it, never as an address that somebody sent. `place` is the unit whose colleagues find it too; None with `is_shared`: the country's."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", verbose_name=_("người lưu"))
    name = models.CharField(_("tên"), max_length=100)
    page = models.CharField(max_length=40)
    query = models.CharField(max_length=1000, blank=True)
    is_shared = models.BooleanField(_("dùng chung cho đơn vị"), default=False)
    place = models.ForeignKey(Place, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("đơn vị"))
    at = models.DateTimeField(_("lưu lúc"))

    class Meta:
        verbose_name = _("cách xem đã lưu")
        verbose_name_plural = _("cách xem đã lưu")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="saved_view_name_once_a_person"),
            models.CheckConstraint(condition=Q(is_shared=True) | Q(place=None), name="saved_view_of_a_unit_is_shared"),
        ]

    def __str__(self) -> str:
        return self.name
