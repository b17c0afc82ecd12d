"""What delegates are asked when they register, and what each kind of question takes."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lib import text

from .models import FormQuestion, QuestionKind

REQUIRED = _("Hãy trả lời câu này.")
LONGEST = 500  # letters of an answer that is written
YES_NO = [("yes", _("có")), ("no", _("không"))]
FIVE = [("5", _("rất tốt")), ("4", _("tốt")), ("3", _("được")), ("2", _("chưa tốt")), ("1", _("kém"))]
FACES = [("3", _("hài lòng")), ("2", _("bình thường")), ("1", _("chưa hài lòng"))]  # beside drawings of our own


class WrittenField(forms.CharField):
    """Kept as all texts are; blanks that cannot be seen are no answer."""

    def to_python(self, value: Any) -> str:
        tidy = text.nfc_lines if isinstance(self.widget, forms.Textarea) else text.nfc
        written = tidy(super().to_python(value) or "")
        return written if text.is_seen(written) else ""


class NumberField(forms.ChoiceField):
    """One of a few steps, as a number; None where nothing was chosen."""

    def clean(self, value: Any) -> Any:
        chosen = super().clean(value)
        return int(chosen) if chosen else None


def _chosen(choices: Iterable[Any]) -> Callable[..., forms.Field]:
    return lambda **said: forms.ChoiceField(choices=list(choices), widget=forms.RadioSelect, **said)


def _stepped(choices: Iterable[Any]) -> Callable[..., forms.Field]:
    return lambda **said: NumberField(choices=list(choices), widget=forms.RadioSelect, **said)


def options_of(question: FormQuestion) -> list[tuple[str, str]]:
    """An answer keeps the words that were chosen, so that it stays readable whatever becomes of the options."""
    lines = [text.nfc(line) for line in question.options.splitlines()]
    return [(line, line) for line in dict.fromkeys(lines) if line]


def field_for(question: FormQuestion) -> forms.Field:
    said: dict[str, Any] = {
        "label": question.label if question.is_required else _("%s (không bắt buộc)") % question.label,
        "required": question.is_required,
        "error_messages": {"required": REQUIRED, "invalid_choice": _("Hãy chọn một trong những câu trả lời này.")},
    }
    if question.kind == QuestionKind.CHOICES:
        return forms.MultipleChoiceField(choices=options_of(question), widget=forms.CheckboxSelectMultiple, **said)
    made = {
        QuestionKind.YES_NO: _chosen(YES_NO),
        QuestionKind.CHOICE: _chosen(options_of(question)),
        QuestionKind.SCALE: _stepped(FIVE),
        QuestionKind.FACES: _stepped(FACES),
    }.get(QuestionKind(question.kind))
    if made:
        return made(**said)
    return WrittenField(max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST}), **said)


class AskingForm(forms.Form):
    """The organiser's own questions, as they are asked of one delegate."""

    def __init__(self, *args: Any, questions: Iterable[FormQuestion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = [one for one in questions if one.kind not in _FROM_OPTIONS or options_of(one)]
        for question in self.questions:
            self.fields[_name(question)] = field_for(question)

    def asked(self) -> list[tuple[FormQuestion, forms.BoundField]]:
        return [(question, self[_name(question)]) for question in self.questions]

    def answers(self) -> dict[str, Any]:
        """By the key of each question; what was left open is left out."""
        given = {str(one.pk): self.cleaned_data.get(_name(one)) for one in self.questions}
        return {key: answer for key, answer in given.items() if answer not in (None, "", [])}


class RegistrationForm(AskingForm):
    """Unit and post as on that day, and the organiser's own questions. Who it is, the account says."""

    unit = WrittenField(
        label=_("Đơn vị, cơ sở"),
        max_length=150,
        help_text=_("Ghi trên thẻ đại biểu và danh sách ký tên. Ví dụ: UBND xã Phan Ngọc Hiển, HTX Tôm khô Rạch Gốc."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        error_messages={"required": _("Hãy ghi đơn vị hay cơ sở. Nếu là hộ, ghi tên chủ hộ.")},
    )
    post = WrittenField(
        label=_("Chức vụ, công việc (không bắt buộc)"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )


_FROM_OPTIONS = (QuestionKind.CHOICE, QuestionKind.CHOICES)


def _name(question: FormQuestion) -> str:
    return f"q{question.pk}"
