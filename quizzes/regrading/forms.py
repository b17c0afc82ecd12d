from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.models import Counts

from .decisions import Asked, Decision, Decisions

KEY = "key"


class RegradeForm(forms.Form):
    """For each question how it counts from now on; asked by address first, so that nothing is written while looking.

    The version of a key is named in the choice: whoever confirms gets what was looked at, or is told.
    """

    reason = forms.CharField(
        label=gettext_lazy("Lý do chấm lại"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Học viên đọc được ở trang kết quả. Ví dụ: đáp án câu 4 ghi nhầm, nay đã sửa."),
        widget=forms.TextInput(attrs={"size": 60}),
    )

    def __init__(self, *args: Any, questions: Sequence[Asked], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        for one in questions:
            self.fields[_name(one)] = forms.ChoiceField(
                choices=_choices(one),
                required=False,
                label=one.stem,
                error_messages={
                    "invalid_choice": _(
                        "Chưa chấm lại, vì câu này vừa được sửa. Hãy chọn lại cách tính rồi bấm “Xem những bài thay đổi”."
                    )
                },
            )

    def rows(self) -> list[tuple[Asked, forms.BoundField]]:
        return [(one, self[_name(one)]) for one in self.questions]

    def decisions(self) -> Decisions:
        chosen = {one.newest.question_id: self._decision(one) for one in self.questions}
        return {question: decision for question, decision in chosen.items() if decision}

    def _decision(self, one: Asked) -> Decision | None:
        chosen = self.cleaned_data.get(_name(one))
        if not chosen:
            return None
        return Decision(chosen) if chosen in (Counts.FULL, Counts.NOTHING) else one.by_key


def _name(one: Asked) -> str:
    return f"q{one.newest.question_id}"


def _choices(one: Asked) -> list[tuple[str, Any]]:
    by_key = (
        _("theo đáp án của phiên bản %(n)s")
        if one.has_key
        else _("theo điểm người chấm đã cho; chưa ai chấm thì để nguyên")
    )
    return [
        ("", _("để nguyên")),
        (key_of(one), by_key % {"n": one.newest.number}),
        (Counts.FULL, _("ai cũng được trọn điểm câu này")),
        (Counts.NOTHING, _("không tính câu này")),
    ]


def key_of(one: Asked) -> str:
    return f"{KEY}{one.newest.pk}"


def by_key(questions: Sequence[Asked]) -> dict[str, str]:
    """First values of a form in which the questions follow their newest keys."""
    return {_name(one): key_of(one) for one in questions if one.has_key}
