"""What an author types of a quiz, its rules and rows, turned into the arguments of `actions.configure_quiz`."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MinValueValidator
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateTimeInput

from lib.typed import TypedField
from quizzes.actions import RULES, SlotSpec
from quizzes.models import (
    Difficulty,
    Layout,
    ParallelForm,
    Question,
    QuestionBank,
    QuestionTag,
    Quiz,
    ResultPart,
    Slot,
)


class QuestionByKey(forms.CharField):
    """A question named by its key; the browser offers the keys of the list `cau-hoi` while somebody types."""

    widget = forms.TextInput(attrs={"list": "cau-hoi", "autocomplete": "off", "size": 24})

    def clean(self, value: Any) -> Question | None:  # type: ignore[override]
        key = super().clean(value)
        if not key:
            return None
        question = Question.objects.filter(key=key).first()
        if question is None:
            raise forms.ValidationError(_("Không có câu hỏi nào mang mã này. Hãy chọn trong danh sách gợi ý khi gõ."))
        return question

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (initial or "") != (data or "").strip()


class Number(forms.IntegerField):
    """Says its bounds in one sentence, whichever is crossed."""

    def clean(self, value: Any) -> int | None:  # type: ignore[override]
        try:
            number: int | None = super().clean(value)
        except forms.ValidationError as error:
            bounds = {"low": self.min_value, "high": self.max_value}
            raise forms.ValidationError(_("Hãy ghi một con số từ %(low)s đến %(high)s."), params=bounds) from error
        return number


NARROWING = ("difficulty", "tag", "form")


class SlotRow(forms.Form):
    bank = forms.ModelChoiceField(
        label=_("Rút từ ngân hàng"), queryset=QuestionBank.objects.all(), required=False, empty_label="–"
    )
    draw = Number(label=_("Số câu rút"), required=False, min_value=1, max_value=200)
    difficulty = forms.TypedChoiceField(
        label=_("Độ khó"),
        choices=[("", _("tất cả")), *Difficulty.choices],
        coerce=int,
        empty_value=None,
        required=False,
    )
    tag = forms.ModelChoiceField(
        label=_("Nhãn"), queryset=QuestionTag.in_use(), required=False, empty_label=_("tất cả")
    )
    form = forms.ChoiceField(label=_("Đề"), choices=[("", _("tất cả")), *ParallelForm.choices], required=False)
    question = QuestionByKey(label=_("Hoặc mã một câu"), required=False, max_length=60)
    section = TypedField(label=_("Thuộc phần"), required=False, max_length=80)
    marks = forms.DecimalField(
        label=_("Điểm mỗi câu"),
        required=False,
        min_value=Decimal("0.01"),
        max_digits=6,
        decimal_places=2,
        error_messages={"min_value": _("Điểm phải lớn hơn 0.")},
    )
    position = Number(label=_("Thứ tự"), required=False, min_value=1, max_value=999)

    @staticmethod
    def initial_of(slot: Slot) -> dict[str, Any]:
        names = ("position", "bank", "difficulty", "tag", "form", "section")
        return {name: getattr(slot, name) for name in names} | {
            "question": slot.question.key if slot.question else "",
            "draw": None if slot.question else slot.draw,
            "marks": f"{slot.marks.normalize():f}",
        }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors:
            self._say_what_is_unclear(cleaned)
        return cleaned

    def _say_what_is_unclear(self, typed: dict[str, Any]) -> None:
        if typed["bank"] and typed["question"]:
            self.add_error(
                "question", _("Mỗi dòng chỉ một cách: rút từ ngân hàng, hoặc một câu cố định. Hãy xóa một bên.")
            )
        elif not typed["bank"] and not typed["question"]:
            self.add_error(
                "bank", _("Hãy chọn ngân hàng hoặc ghi mã câu hỏi. Nếu không cần dòng này, hãy đánh dấu Bỏ.")
            )
        elif typed["question"] and ((typed["draw"] or 1) > 1 or any(typed[name] for name in NARROWING)):
            self.add_error(
                "question", _("Câu cố định không cần số câu rút, độ khó, nhãn và đề. Hãy để trống các ô đó.")
            )

    def spec(self) -> SlotSpec:
        typed = self.cleaned_data
        names = ("question", "bank", "section", *NARROWING)
        return SlotSpec(
            **{name: typed[name] for name in names}, draw=typed["draw"] or 1, marks=typed["marks"] or Decimal(1)
        )


class _SlotRows(forms.BaseFormSet):
    @cached_property
    def management_form(self) -> Any:
        """Fewer rows than none are refused like a missing count: which rows stood there before would be told wrongly."""
        form = super().management_form
        for field in form.fields.values():
            field.validators.append(MinValueValidator(0))
        form.full_clean()
        return form

    def clean(self) -> None:
        """A question stands in a quiz once."""
        seen: set[Question | None] = set()
        for row in self.kept():
            question = row.cleaned_data.get("question")
            if question and question in seen:
                row.add_error("question", _("Câu này đã có ở một dòng trên. Mỗi câu chỉ hỏi một lần; hãy bỏ một dòng."))
            seen.add(question)

    def kept(self) -> list[SlotRow]:
        """The rows that say something, in the order of their numbers; those without a number come last."""
        filled = [row for row in self.forms if row.has_changed() or row in self.initial_forms]
        rows = [row for row in filled if row.is_valid() and not row.cleaned_data.get("DELETE")]
        return sorted(rows, key=lambda row: row.cleaned_data["position"] or 1000)


SlotRows = forms.formset_factory(
    SlotRow, formset=_SlotRows, extra=2, max_num=60, validate_max=True, can_delete=True, can_delete_extra=False
)


class PartsField(forms.MultipleChoiceField):
    """Which parts of a result are shown; none is an answer too."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.CheckboxSelectMultiple(attrs={"class": "choices"})
        super().__init__(choices=ResultPart.choices, widget=widget, required=False, **kwargs)


class QuizForm(forms.ModelForm):
    """The rules of a quiz with the slots in which its questions stand."""

    pass_percent = Number(
        label=_("Điểm đạt (%)"), min_value=0, max_value=100, help_text=_("Đạt đúng mức này cũng là đạt.")
    )
    attempts_allowed = Number(
        label=_("Số lượt làm"), min_value=1, max_value=100, required=False, help_text=_("Để trống: không giới hạn.")
    )
    cooldown_minutes = Number(
        label=_("Chờ giữa hai lượt (phút)"),
        min_value=0,
        max_value=43200,
        help_text=_("0: làm lại được ngay. Một ngày là 1440 phút."),
    )

    time_limit = Number(
        label=_("Thời gian làm bài (phút)"),
        min_value=1,
        max_value=600,
        required=False,
        help_text=_(
            "Để trống: không tính giờ. Giờ tính từ lúc học viên bấm bắt đầu; mất sóng, tắt máy thì giờ vẫn chạy."
        ),
    )
    opens_at = forms.DateTimeField(label=_("Mở lúc"), required=False, widget=AdminDateTimeInput)
    closes_at = forms.DateTimeField(
        label=_("Đóng lúc"),
        required=False,
        widget=AdminDateTimeInput,
        help_text=_("Từ giờ này không bắt đầu lượt mới được; ai đang làm thì hết giờ."),
    )
    grace_minutes = Number(label=_("Số phút chờ nộp"), min_value=1, max_value=120, required=False, initial=5)

    shown_after = PartsField(
        label=_("Ngay sau khi nộp, học viên xem được"),
        help_text=_(
            "Giấu điểm thì ai đạt vẫn được ghi là hoàn thành ngay: bài sau mở ra, bài này không làm lại được nữa, học xong cả khóa thì có giấy chứng nhận. Vì vậy học viên có thể đoán ra kết quả. Cần giữ kín đến lúc đóng thì đặt bài này cuối khóa và bỏ dấu “bắt buộc”."
        ),
    )
    shown_when_closed = PartsField(
        label=_("Sau khi bài đóng, học viên xem được"), help_text=_("Bài không có giờ đóng thì không dùng đến mục này.")
    )

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Quiz
        fields = RULES

    GROUPS = (
        (_("Điểm và lượt làm"), ("pass_percent", "attempts_allowed", "cooldown_minutes", "counted")),
        (
            _("Học viên làm và xem được gì"),
            ("layout", "is_fixed_order", "is_shuffled", "is_practice", "shown_after", "shown_when_closed"),
        ),
        (_("Thời gian"), ("time_limit", "when_time_is_up", "grace_minutes", "opens_at", "closes_at")),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        slots = self.instance.slots.in_use().select_related("question", "bank", "tag")
        self.rows: Any = SlotRows(
            self.data if self.is_bound else None, prefix="o", initial=[SlotRow.initial_of(slot) for slot in slots]
        )

    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        return [(heading, [self[name] for name in names]) for heading, names in self.GROUPS]

    def wrong(self) -> list[forms.BoundField]:
        """What is to be corrected, of the rows and of the rules, to go to from above."""
        return [field for one in (*self.rows, self) for field in one.visible_fields() if field.errors]

    def clean_grace_minutes(self) -> int:
        """Kept as it was where it says nothing."""
        return int(self.cleaned_data["grace_minutes"] or self.instance.grace_minutes)

    def clean(self) -> dict[str, Any] | None:
        opens, closes = self.cleaned_data.get("opens_at"), self.cleaned_data.get("closes_at")
        if opens and closes and opens >= closes:
            self.add_error("closes_at", _("Giờ đóng phải sau giờ mở."))
        self._say_what_does_not_go_together()
        if not self.rows.is_valid() or self.errors:
            self.add_error(None, _("Chưa lưu gì. Còn chỗ cần sửa: mỗi chỗ được nói rõ ngay tại ô của nó."))
        return super().clean()

    def _say_what_does_not_go_together(self) -> None:
        typed = self.cleaned_data
        if typed.get("is_practice") and typed.get("is_fixed_order"):
            self.add_error("is_fixed_order", _("Bài luyện tập thì không làm theo thứ tự được. Hãy bỏ một dấu."))
        if typed.get("layout") == Layout.WHOLE and (typed.get("is_fixed_order") or typed.get("is_practice")):
            self.add_error(
                "layout",
                _(
                    "Cả bài trên một trang thì thấy hết các câu, nên không đi cùng “làm theo thứ tự, không quay lại” và “bài luyện tập”, là cách làm xong từng câu. Hãy chọn “từng câu một”, hoặc bỏ hai dấu ấy."
                ),
            )
        if "is_practice" in self.changed_data and self.instance.attempts.exists():
            self.add_error(
                "is_practice",
                _(
                    "Đã có người làm bài này nên không đổi giữa bài luyện tập và bài kiểm tra được: kết quả đã có sẽ đổi nghĩa. Hãy tạo một bài mới."
                ),
            )

    def insist_on(self, last: int) -> None:
        """Sent once more, the form replaces the change that its editor was told of."""
        typed: Any = self.data
        typed = typed.copy()
        typed["seen"] = last
        self.data = typed

    def arguments(self) -> dict[str, Any]:
        """For `actions.configure_quiz`."""
        return self.cleaned_data | {
            "activity": self.instance.activity,
            "slots": [row.spec() for row in self.rows.kept()],
        }
