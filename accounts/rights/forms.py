"""Input about requests: the trainee's own, and what officers write down and answer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Consent, DataRequest
from accounts.queries import running_consents
from accounts.rules import OWN_ONLY
from lib.typed import TypedField

from . import rules


class AskForm(forms.Form):
    note = TypedField(
        label=_("Anh/Chị muốn gì?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": _("Hãy viết vài chữ, để cán bộ biết cần làm gì."),
            "max_length": _("Hãy viết ngắn lại, nhiều nhất 500 ký tự."),
        },
    )


class RecordForm(forms.Form):
    """What somebody asked who came to the office, or sent a letter."""

    kind = forms.ChoiceField(
        label=_("Yêu cầu"),
        choices=DataRequest.Kind,
        widget=forms.RadioSelect,
        error_messages={"required": _("Hãy chọn người ấy yêu cầu gì.")},
    )
    note = TypedField(
        label=_("Người ấy muốn gì, đã xác minh thế nào"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Ví dụ: đến gặp, đã xem căn cước; xin không gọi điện nữa. Không chép số căn cước."),
        error_messages={"required": _("Hãy ghi người ấy muốn gì và đã xác minh thế nào.")},
    )


class AnswerForm(forms.Form):
    answer = TypedField(
        label=_("Câu trả lời (người yêu cầu đọc được)"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Hãy viết câu trả lời hoặc lý do.")},
    )


class RefusalForm(AnswerForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].label = _("Lý do từ chối (người yêu cầu đọc được)")


class SettleForm(AnswerForm):
    """What agreements are closed with it, where that is what was asked."""

    consents = forms.ModelMultipleChoiceField(
        label=_("Rút lại sự đồng ý"),
        queryset=Consent.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    own_only = forms.BooleanField(
        label=_("Rút cả câu trả lời về dân tộc, nếu người ấy có trả lời"),
        required=False,
        help_text=_("Cán bộ không được biết ai đã trả lời, nên ô này luôn có ở đây."),
    )
    keeps_calls = forms.BooleanField(
        label=_("Vẫn gọi, vẫn nhắn nhắc học: người ấy phản đối việc khác"),
        required=False,
        help_text=_("Không đánh dấu thì từ nay danh sách cần liên hệ và tin nhắc không có người này nữa."),
    )

    def __init__(self, *args: Any, request: DataRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].label = _("Đã làm gì (người yêu cầu đọc được)")
        keys = [one.pk for one in running_consents(request.person) if one.text.purpose not in OWN_ONLY]
        field: Any = self.fields["consents"]
        field.queryset = Consent.objects.filter(pk__in=keys).select_related("text")
        field.label_from_instance = lambda one: one.text.get_purpose_display()
        objects = request.kind in (DataRequest.Kind.RESTRICT, DataRequest.Kind.OBJECT)
        withdraws = objects or request.kind == DataRequest.Kind.WITHDRAW
        asked = {"consents": bool(keys) and withdraws, "own_only": withdraws, "keeps_calls": objects}
        for name in [name for name, is_asked in asked.items() if not is_asked]:
            del self.fields[name]


class AgainForm(forms.Form):
    reason = TypedField(
        label=_("Vì sao biết là gọi, nhắn lại được"),
        max_length=200,
        help_text=_("Ví dụ: người ấy đến gặp và nói nay muốn được nhắc."),
        error_messages={"required": _("Hãy ghi lý do.")},
    )


class ExtendForm(forms.Form):
    days = forms.IntegerField(
        label=_("Thêm mấy ngày"),
        min_value=1,
        max_value=rules.MOST_EXTENSION_DAYS,
        error_messages={
            "required": _("Hãy ghi số ngày."),
            "min_value": _("Ít nhất 1 ngày."),
            "max_value": _("Luật cho gia hạn nhiều nhất 15 ngày."),
            "invalid": _("Hãy ghi bằng số."),
        },
    )
    reason = TypedField(
        label=_("Lý do gia hạn (người yêu cầu đọc được)"),
        max_length=200,
        error_messages={"required": _("Hãy ghi lý do.")},
    )
