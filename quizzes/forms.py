"""What authors type in the admin, turned into the arguments of actions."""

from typing import Any

from django import forms
from django.core.validators import validate_slug
from django.utils.translation import gettext_lazy as _

from courses.models import Activity, LegalText

from .kinds import Kind
from .kinds.forms import Words
from .models import Question, QuestionVersion

DIFFICULTIES = [(1, _("1 – dễ")), (2, _("2 – vừa")), (3, _("3 – khó"))]


class LessonField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Activity) -> str:  # type: ignore[override]
        return f"{obj.course}: {obj}"


class QuestionForm(forms.ModelForm):
    """A question with the wording that holds; `kind` brings the part in which its answers are written."""

    stem = Words(label=_("Câu hỏi"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    explanation = Words(
        label=_("Giải thích"),
        lines=True,
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Học viên đọc sau khi nộp bài: vì sao đúng, lấy ở đâu ra."),
    )
    to_verify = forms.BooleanField(
        label=_("Có chỗ chờ đối chiếu"),
        required=False,
        help_text=_("Trang kết quả nói rõ rằng chi tiết này chưa đối chiếu với văn bản gốc."),
    )
    difficulty = forms.TypedChoiceField(label=_("Độ khó"), choices=DIFFICULTIES, coerce=int, initial=1)
    lesson = LessonField(label=_("Bài học để xem lại"), queryset=Activity.objects.none(), required=False)
    legal_texts = forms.ModelMultipleChoiceField(
        label=_("Căn cứ pháp luật"),
        queryset=LegalText.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Khi văn bản thay đổi, câu hỏi được đánh dấu “cần rà soát”."),
    )

    class Meta:
        model = Question
        fields = ["bank", "key", "status", "difficulty", "lesson", "legal_texts"]

    WORDING = ("stem", "explanation", "to_verify")

    def __init__(self, *args: Any, kind: Kind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.version: QuestionVersion | None = self.instance.versions.first() if self.instance.pk else None
        for name in self.WORDING if self.version else ():
            self.initial[name] = getattr(self.version, name)
        self.kind_form = kind.form_class(
            self.data if self.is_bound else None, stored=self.version.data if self.version else None, prefix="kind"
        )
        lessons = Activity.objects.filter(kind="lesson").select_related("course")
        self._field("lesson").queryset = lessons.filter(retired_at=None) | lessons.filter(pk=self.instance.lesson_id)
        self._key_is_given_once()

    def _field(self, name: str) -> Any:
        return self.fields[name]

    def _key_is_given_once(self) -> None:
        key = self.fields["key"]
        key.required = False
        if self.instance.pk:
            key.disabled = True
            return
        key.validators.append(validate_slug)
        key.help_text = _("Để trống thì hệ thống tự đặt. Đặt rồi thì không đổi.")

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.kind_form.is_valid():
            self.kind_form.say(self.kind.problems(self.kind_form.wording()))
        if not self.kind_form.is_valid():
            self.add_error(None, _("Phần trả lời còn chỗ cần sửa, xem ở dưới."))
        return cleaned

    def arguments(self) -> dict[str, Any]:
        """For `actions.save_question`."""
        names = ("bank", "status", "difficulty", "lesson", "legal_texts")
        return {name: self.cleaned_data[name] for name in names} | {
            "kind": self.kind.name,
            "key": self.instance.key if self.instance.pk else self.cleaned_data["key"],
            "data": self.kind_form.wording(),
            **{name: self._kept(name) for name in self.WORDING},
        }

    def _kept(self, name: str) -> Any:
        """Untouched wording goes back as it was stored."""
        is_same = self.version and name not in self.changed_data
        return getattr(self.version, name) if is_same else self.cleaned_data[name]
