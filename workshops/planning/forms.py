"""What an organiser types of a workshop: about the whole of it, and the rows of its parts."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateTimeInput

from accounts.access import home_of, managed_places, roles_that_allow
from accounts.forms.places import PlaceNameInput, PlaceOfDayField
from accounts.models import User
from certificates.access import issuers_for
from certificates.models import Issuer
from courses.models import Course, Topic
from lib import text
from lib.dates import short
from lib.typed import TypedField, is_thinkable
from provinces.models import Place
from workshops import parallel
from workshops.access import TO_MANAGE, TO_PLAN
from workshops.actions import certifying, parts
from workshops.actions.planning import DETAILS, RESERVED
from workshops.models import BasisKind, QuestionKind, Session, Stage, Workshop

from .fields import ClockField, DayField, NumberField, full_day, values_of
from .files import MaterialRow, MaterialRows, SpeakerRow, SpeakerRows
from .rows import Remembering, Row, Rows, growing

NOON = time(12)


class DetailsForm(Remembering, forms.ModelForm):
    """About a workshop as a whole. `arguments` is what the actions take; they write the row."""

    title = TypedField(label=_("Tên lớp"), max_length=200)
    issuer = forms.ModelChoiceField(
        Issuer.objects.none(),
        required=False,
        label=_("Ai cấp giấy chứng nhận"),
        empty_label=_("lớp này không cấp giấy"),
        help_text=_("Ai hoàn thành lớp thì được cấp giấy khi chốt lớp; đổi được cho tới lúc ấy."),
    )
    summary = TypedField(
        label=_("Giới thiệu ngắn"), max_length=200, required=False, help_text=_("Một, hai câu: học gì, được gì.")
    )
    GROUPS: tuple[tuple[Any, tuple[str, ...]], ...] = (
        (_("Lớp gì, cho ai"), ("title", "summary", "audience")),
        (_("Ở đâu, ai tổ chức"), ("organiser", "organiser_parent", "co_organiser", "place", "venue", "map_link", "contact")),
        (_("Đăng ký"), ("capacity", "opens_at", "closes_at", "seen_by", "offer_hours", "needed_percent")),
        (_("Giấy chứng nhận"), ("issuer",)),
    )  # fmt: skip

    class Meta:
        model = Workshop
        fields = DETAILS
        widgets = {"opens_at": AdminDateTimeInput, "closes_at": AdminDateTimeInput}
        help_texts = {
            "opens_at": _("Để trống: nhận ngay."),
            "closes_at": _("Để trống: đến giờ bắt đầu buổi đầu tiên."),
            "audience": _("Ví dụ: cán bộ xã, chủ thể OCOP và hộ sản xuất."),
            "contact": _("Tên và số điện thoại của người trả lời; ai xem trang lớp cũng đọc được."),
        }

    def __init__(self, *args: Any, user: User, day: date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_new = self.instance.pk is None
        permission = TO_PLAN if is_new else TO_MANAGE
        place = home_of(user, permission) if is_new else self.instance.place
        self.fields["place"] = PlaceOfDayField(
            day=day,
            within=managed_places(user, permission),
            provinces=True,
            home=place,
            label=_("Xã, phường nơi tổ chức"),
            widget=PlaceNameInput(provinces=True),
            initial=place.full_name if place else "",
            error_messages={"required": _("Hãy ghi nơi tổ chức.")},
        )
        self._offer_issuers(user)
        for name in ("offer_hours", "needed_percent"):
            self.fields[name].required = False
        for name in ("opens_at", "closes_at"):
            self.fields[name].validators.append(is_thinkable)

    def _offer_issuers(self, user: User) -> None:
        """Without anybody to choose the form says who chooses."""
        self.award = certifying.award_of(self.instance) if self.instance.pk else None
        offered = certifying.issuers_of(self.instance, user) if self.instance.pk else issuers_for(user, _places(user))
        if not offered.exists():
            del self.fields["issuer"]
            return
        self.fields["issuer"].queryset = offered  # type: ignore[attr-defined]
        if self.award:
            self.initial["issuer"] = self.award.issuer_id

    @property
    def is_known(self) -> bool:
        return self.instance.pk is not None

    def full_clean(self) -> None:
        super().full_clean()
        self.refuse_overtaken()

    def clean_offer_hours(self) -> int:
        return int(self.cleaned_data["offer_hours"] or Workshop._meta.get_field("offer_hours").default)

    def clean_needed_percent(self) -> int:
        return int(self.cleaned_data["needed_percent"] or Workshop._meta.get_field("needed_percent").default)

    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        return [(heading, [self[name] for name in names if name in self.fields]) for heading, names in self.GROUPS]

    def arguments(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        own = {name: cleaned[name] for name in ("title", "summary", "place")}
        own |= {"issuer": cleaned["issuer"] if "issuer" in self.fields else self.award and self.award.issuer}
        return own | {"details": {name: cleaned[name] for name in DETAILS}}


def _places(user: User) -> list[Place]:
    """In which somebody plans; of the whole country, its provinces."""
    places = [one.place for one in roles_that_allow(user, TO_PLAN)]
    return [one for one in places if one] if all(places) else list(Place.objects.current().provinces())


class PlanForm(DetailsForm):
    """With what is decided once: the course, and the address."""

    topic = forms.ModelChoiceField(
        Topic.objects.all(),
        label=_("Chuyên đề"),
        empty_label="–",
        error_messages={"required": _("Hãy chọn chuyên đề của lớp.")},
    )
    course = forms.ModelChoiceField(
        Course.objects.none(),
        required=False,
        label=_("Thuộc khóa học"),
        empty_label=_("lập khóa học mới cho lớp này"),
        help_text=_("Khóa mới mang tên của lớp; bài kiểm tra trước và sau thêm sau được."),
    )
    slug = forms.SlugField(
        label=_("Đường dẫn"), max_length=80, required=False, help_text=_("Để trống: lấy theo tên lớp, không dấu.")
    )
    GROUPS = (
        (_("Lớp gì, cho ai"), ("title", "topic", "audience", "summary")),
        *DetailsForm.GROUPS[1:],
        (_("Ít khi đổi"), ("course", "slug")),
    )

    class Meta(DetailsForm.Meta):
        help_texts = DetailsForm.Meta.help_texts | {"closes_at": _("Để trống: 17:00 ngày trước buổi đầu tiên.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["course"].queryset = Course.objects.offered().order_by("title")  # type: ignore[attr-defined]
        self.fields["topic"].required = not (self.is_bound and self["course"].data)  # a course has one

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if slug in RESERVED or (slug and Workshop.objects.filter(slug=slug).exists()):
            raise ValidationError(_g("Đường dẫn này đã có lớp khác dùng. Hãy ghi đường dẫn khác, hoặc để trống."))
        return slug

    def arguments(self) -> dict[str, Any]:
        return super().arguments() | {name: self.cleaned_data[name] for name in ("topic", "course", "slug")}


class SessionRow(Row):
    day = DayField(label=_("Ngày"))
    begins = ClockField(label=_("Từ"), initial=time(13, 30))
    ends = ClockField(label=_("Đến"), initial=time(17, 0))
    room = TypedField(label=_("Phòng"), max_length=120, required=False)
    name = TypedField(label=_("Tên buổi"), max_length=80, required=False)
    seats = forms.IntegerField(
        label=_("Số chỗ của phòng"),
        required=False,
        min_value=1,
        max_value=32767,
        widget=forms.NumberInput(attrs={"min": 1}),
        help_text=_("Chỉ khi có phòng khác cùng giờ."),
    )
    field_order = ["day", "begins", "ends", "room", "name", "seats"]

    def __init__(self, *args: Any, near: date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].near = near  # type: ignore[attr-defined]

    @cached_property
    def session(self) -> Session:
        """As it is typed; not in the database."""
        said = self.cleaned_data
        starts, ends = _moment(said["day"], said["begins"]), _moment(said["day"], said["ends"])
        return Session(room=said.get("room") or "", starts_at=starts, ends_at=ends)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        begins, ends = cleaned.get("begins"), cleaned.get("ends")
        if begins and ends and ends <= begins:
            self.add_error("ends", _("Giờ kết thúc phải sau giờ bắt đầu."))
        return cleaned

    def spec(self) -> parts.SessionSpec:
        said = self.cleaned_data
        return parts.SessionSpec(
            pk=self.initial.get("pk"),
            name=said["name"] or name_of(said["day"], said["begins"]),
            starts_at=_moment(said["day"], said["begins"]),
            ends_at=_moment(said["day"], said["ends"]),
            room=said["room"],
            seats=said["seats"],
        )


def name_of(day: date, begins: time) -> str:
    said = _g("Buổi sáng %(day)s") if begins < NOON else _g("Buổi chiều %(day)s")
    return said % {"day": short(day)}


def _moment(day: date, clock: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock))


class SessionRows(Rows):
    heading, one = _("Các buổi"), _("Buổi")
    lead = _(
        "Mỗi dòng một buổi. Hai phòng cùng giờ là hai dòng: mỗi đại biểu chọn một phòng, và được tính là một buổi. Tên buổi để trống thì tự đặt theo ngày. Lớp đã qua cũng ghi được: địa bàn ghi theo tên vào ngày ấy, kể cả xã, huyện, tỉnh cũ."
    )

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        """A day without its year is one near to those of the other sessions."""
        return super().get_form_kwargs(index) | {"near": self._known_day}

    @cached_property
    def _known_day(self) -> date | None:
        typed = (
            [self.data.get(f"{self.add_prefix(at)}-day") for at in range(self.total_form_count())]
            if self.is_bound
            else []
        )
        return min(filter(None, map(full_day, typed)), default=None)

    def clean(self) -> None:
        """Two in one room, or in none that is named, cannot be at one hour."""
        rows: list[Any] = [row for _at, row in self.wanted]
        for _first, second in parallel.clashes(row.session for row in rows):
            same_room = _("Đã có một buổi ở phòng này vào giờ này.")
            unnamed = _("Đã có một buổi ở phòng này vào giờ này. Nếu là hai phòng thì ghi tên từng phòng.")
            next(row for row in rows if row.session is second).add_error("room", same_room if second.room else unnamed)


class AgendaRow(Row):
    session = NumberField()
    starts_at = ClockField(label=_("Giờ"))
    topic = TypedField(label=_("Nội dung"), max_length=300)
    speakers = TypedField(
        label=_("Báo cáo viên"), max_length=500, required=False, help_text=_("Nhiều người thì cách nhau bằng dấu phẩy.")
    )
    detail = TypedField(label=_("Ghi chú"), max_length=300, required=False)

    def spec(self) -> parts.AgendaSpec:
        said = values_of(self)
        names = [name.strip() for name in said["speakers"].split(",")]
        return parts.AgendaSpec(**said | {"session": said["session"] - 1, "speakers": [name for name in names if name]})


class AgendaRows(Rows):
    heading, one = _("Chương trình"), _("Mục")
    lead = _("Mỗi mục: buổi số mấy, giờ bắt đầu, nội dung, ai trình bày (tên đã ghi ở bảng báo cáo viên).")


class BasisRow(Row):
    kind = forms.ChoiceField(label=_("Loại văn bản"), choices=BasisKind.choices, initial=BasisKind.PLAN)
    number = TypedField(label=_("Số, ký hiệu"), max_length=60, help_text=_("Ví dụ: 170/KH-UBND"))
    issued_on = DayField(is_past=True, label=_("Ngày ban hành"), required=False)
    issued_by = TypedField(label=_("Cơ quan ban hành"), max_length=200)
    subject = TypedField(label=_("Về việc"), max_length=400, required=False)

    def spec(self) -> parts.BasisSpec:
        return parts.BasisSpec(**values_of(self))


class BasisRows(Rows):
    heading, one = _("Căn cứ"), _("Văn bản")
    lead = _("Kế hoạch, quyết định mở lớp, giấy mời: in trên giấy tờ và báo cáo.")


class QuotaRow(Row):
    place = PlaceOfDayField(
        provinces=True,
        required=False,
        label=_("Xã, phường hoặc tỉnh"),
        help_text="",
        widget=PlaceNameInput(provinces=True),
    )
    unit = TypedField(
        label=_("Đơn vị, nếu chỉ dành cho một đơn vị"),
        max_length=150,
        required=False,
        help_text=_("Nếu ghi thêm địa bàn, cán bộ nơi ấy cử người thay cho đơn vị."),
    )
    seats = forms.IntegerField(
        label=_("Số chỗ"), min_value=1, max_value=32767, widget=forms.NumberInput(attrs={"min": 1})
    )

    def __init__(self, *args: Any, day: date | None = None, home: Place | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["place"]
        field.day, field.home = day, home

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not cleaned.get("place") and not cleaned.get("unit"):
            self.add_error("place", _("Chọn một địa bàn hoặc ghi tên một đơn vị."))
        return cleaned

    def spec(self) -> parts.QuotaSpec:
        return parts.QuotaSpec(**values_of(self))


class QuotaRows(Rows):
    heading, one = _("Chỉ tiêu"), _("Chỉ tiêu")
    lead = _(
        "Số chỗ để dành cho một xã, một tỉnh hay một đơn vị; cán bộ nơi ấy tự cử người. Chỗ còn lại ai đăng ký trước được trước."
    )

    def clean(self) -> None:
        seen: set[Any] = set()
        for _at, row in self.wanted:
            whose = text.fold(row.cleaned_data.get("unit") or "") or row.cleaned_data.get("place")
            if whose and whose in seen:
                row.add_error("seats", _("Nơi này đã có một chỉ tiêu ở dòng trên. Hãy cộng lại thành một dòng."))
            seen.add(whose)


class QuestionRow(Row):
    label = TypedField(label=_("Câu hỏi"), max_length=200)
    kind = forms.ChoiceField(label=_("Trả lời"), choices=QuestionKind.choices, initial=QuestionKind.TEXT)
    options = TypedField(
        lines=True, label=_("Lựa chọn, mỗi dòng một"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    stage = forms.ChoiceField(label=_("Hỏi khi nào"), choices=Stage.choices, initial=Stage.REGISTRATION)
    is_required = forms.BooleanField(label=_("Bắt buộc trả lời"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        choices = (cleaned.get("options") or "").splitlines()
        if cleaned.get("kind") in parts.CHOSEN_FROM and len(choices) < 2:
            self.add_error("options", _("Hãy ghi ít nhất hai lựa chọn, mỗi dòng một."))
        return cleaned

    def spec(self) -> parts.QuestionSpec:
        return parts.QuestionSpec(**values_of(self))


class QuestionRows(Rows):
    heading, one = _("Câu hỏi riêng"), _("Câu hỏi")
    lead = _("Hỏi thêm khi đăng ký, hoặc trong phiếu đánh giá. Đừng hỏi số căn cước, số tài khoản.")


KINDS: dict[str, type[Any]] = {
    "sessions": growing(SessionRow, SessionRows, 2),
    "speakers": growing(SpeakerRow, SpeakerRows, 2),
    "agenda": growing(AgendaRow, AgendaRows, 4),
    "materials": growing(MaterialRow, MaterialRows, 1),
    "bases": growing(BasisRow, BasisRows, 2),
    "quotas": growing(QuotaRow, QuotaRows, 2),
    "questions": growing(QuestionRow, QuestionRows, 1),
}


class CancelForm(forms.Form):
    reason = TypedField(
        label=_("Lý do hủy"),
        max_length=200,
        help_text=_("Ai mở trang lớp cũng đọc được lý do này."),
        error_messages={"required": _("Hãy ghi lý do hủy.")},
    )
