"""Input of officers about two rows of people that are one."""

from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from accounts.queries import number_of
from lib import phones

from .subjects import reason_field


class MergingForm(forms.Form):
    """Which of the two rows stays and, where both have a log-in, which of those."""

    into = forms.ChoiceField(
        label=_("Hồ sơ giữ lại"),
        widget=forms.RadioSelect,
        help_text=_("Giữ họ tên, nơi ở của hồ sơ này; chỗ nào còn trống thì lấy của hồ sơ kia."),
        error_messages={"required": _("Hãy chọn hồ sơ giữ lại."), "invalid_choice": _("Hãy chọn một trong hai.")},
    )
    log_in = forms.ChoiceField(
        label=_("Số đăng nhập giữ lại"),
        widget=forms.RadioSelect,
        help_text=_("Số kia từ nay không đăng nhập được nữa. Hãy hỏi người ấy đang dùng số nào."),
        error_messages={
            "required": _("Hãy chọn số đăng nhập giữ lại."),
            "invalid_choice": _("Hãy chọn một trong hai."),
        },
    )
    reason = reason_field(
        label=_("Vì sao biết là cùng một người"),
        help_text=_("Ví dụ: đã gọi hỏi, đã xem giấy tờ. Ghi vào nhật ký; đừng chép số giấy tờ vào đây."),
    )

    def __init__(self, *args: Any, two: tuple[Person, Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.two = {str(one.pk): one for one in two}
        into, log_in = self.fields["into"], self.fields["log_in"]
        assert isinstance(into, forms.ChoiceField)  # noqa: S101 (as written above)
        assert isinstance(log_in, forms.ChoiceField)  # noqa: S101
        into.choices = [(key, _row(one)) for key, one in self.two.items()]
        if all(has_log_in(one) and one.user.is_active for one in two):
            log_in.choices = [(key, log_in_of(one)) for key, one in self.two.items()]
        else:
            del self.fields["log_in"]

    def chosen(self) -> dict[str, Any]:
        """As `merge_people` takes it."""
        into = self.two[self.cleaned_data["into"]]
        person = next(one for one in self.two.values() if one is not into)
        keeps = self.two.get(self.cleaned_data.get("log_in", ""))
        return {"person": person, "into": into, "keeps_log_in_of": keeps, "reason": self.cleaned_data["reason"]}


def has_log_in(person: Person) -> bool:
    return getattr(person, "user", None) is not None


def log_in_of(person: Person) -> str:
    if not has_log_in(person):
        return gettext("chưa có")
    number = number_of(person)
    said = phones.readable(number) if number else gettext("vào bằng phiếu mã, không có số")
    return said if person.user.is_active else gettext("%(number)s (đang tạm ngừng)") % {"number": said}


def _row(person: Person) -> str:
    day = date_format(localdate(person.created_at), "SHORT_DATE_FORMAT")
    year = str(person.birth_year) if person.birth_year else ""
    return " · ".join(filter(None, [person.name, year, str(person.place), gettext("ghi ngày %(day)s") % {"day": day}]))
