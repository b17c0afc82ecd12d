"""Input of officers about people: whom they register, and what they correct."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.models import OfficialLevel, Person, PersonKind, SubjectKind, SubjectRole
from lib import phones
from lib.typed import TypedField
from provinces.models import PlaceQuerySet

from .fields import EMPTY, WrittenNameField
from .own import ConsentForm, NameForm
from .places import PlaceNameField
from .seen import SeenForm


class PersonForm(NameForm):
    """A person as an officer writes it down. What does not belong to the kind is dropped, not refused."""

    subject_name = WrittenNameField(
        label=_("Tên chủ thể"),
        max_length=150,
        required=False,
        help_text=_("Hộ chưa có tên cơ sở, hay mới tìm hiểu OCOP, thì ghi tên chủ hộ."),
    )
    subject_kind = forms.ChoiceField(label=_("Loại hình"), choices=EMPTY + SubjectKind.choices, required=False)
    subject_role = forms.ChoiceField(label=_("Vai trò"), choices=EMPTY + SubjectRole.choices, required=False)
    official_level = forms.ChoiceField(
        label=_("Cấp công tác"), choices=[*EMPTY, *OfficialLevel.of_today()], required=False
    )

    field_order = ["name", "birth_year", "place", "kind"]
    of_subject = ("subject_name", "subject_kind", "subject_role")
    of_official = ("official_level",)

    def __init__(self, *args: Any, within: PlaceQuerySet | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"] = PlaceNameField(within=within, label=_("Xã, phường, đặc khu"), max_length=150)
        self.fields["kind"].label = _("Người này là")
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        asked = self.of_subject if cleaned.get("kind") == PersonKind.SUBJECT else self.of_official
        for name in self.of_subject + self.of_official:
            if name not in asked:
                cleaned[name] = ""
            elif not cleaned.get(name) and cleaned.get("kind") and not self.may_lack(name, cleaned):
                self.add_error(name, _("Hãy ghi mục này, cho khớp với lựa chọn ở ô “Người này là”."))
        return cleaned

    def may_lack(self, name: str, cleaned: dict[str, Any]) -> bool:
        """Whether what the kind is asked for may stay empty."""
        return False

    def for_everybody(self) -> list[forms.BoundField]:
        """What is asked whatever the kind, up to the kind itself."""
        return [self[name] for name in self.field_order]

    def by_kind(self) -> list[tuple[PersonKind, Any, list[forms.BoundField]]]:
        """What each kind is asked for, under a legend that says for whom."""
        return [
            (
                PersonKind.SUBJECT,
                _("Nếu là người làm ra sản phẩm (chủ thể OCOP)"),
                [self[name] for name in self.of_subject],
            ),
            (PersonKind.OFFICIAL, _("Nếu là cán bộ"), [self[name] for name in self.of_official]),
        ]

    def for_the_record(self) -> list[forms.BoundField]:
        asked = (*self.field_order, *self.of_subject, *self.of_official)
        return [field for field in self.visible_fields() if field.name not in asked]


class RegistrationForm(ConsentForm, PersonForm):
    """Somebody who cannot sign up alone; agreement was given on paper or aloud, and the officer answers for that.

    `form_token` is what makes one form one person, however often it is sent.
    """

    without_it = _(
        "Chưa đăng ký, vì ô này chưa đánh dấu. Hãy đọc lời đồng ý cho người ấy nghe; người ấy đồng ý thì đánh dấu, không đồng ý thì đừng đăng ký."
    )

    form_token = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput)
    phone = forms.CharField(
        label=_("Số điện thoại (nếu có)"),
        required=False,
        help_text=_("Người này đăng nhập được bằng số ấy. Số đã có người dùng thì chỉ ghi để liên hệ."),
    )
    how = forms.ChoiceField(
        label=_("Đồng ý bằng cách nào"),
        choices=[
            ("paper", _("đã ký phiếu giấy, tôi giữ phiếu")),
            ("officer", _("đã nghe đọc và đồng ý trước mặt tôi")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Hãy chọn một cách. Im lặng không phải là đồng ý.")},
    )

    def clean_phone(self) -> str:
        typed = self.cleaned_data["phone"].strip()
        return phones.to_e164(typed) if typed else ""


class CorrectionForm(SeenForm, PersonForm):
    reason = TypedField(
        label=_("Vì sao sửa, đối chiếu với giấy tờ nào"),
        max_length=200,
        help_text=_("Ghi vào nhật ký. Đừng chép số giấy tờ vào đây."),
        error_messages={"required": _("Hãy ghi lý do, để sau này người khác xem lại còn hiểu.")},
    )

    def __init__(self, *args: Any, initial: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, initial=initial, **kwargs)
        if initial.get("official_level") == OfficialLevel.DISTRICT:  # of what was written down afterwards
            level: Any = self.fields["official_level"]
            level.choices = EMPTY + OfficialLevel.choices
        self.look_at(initial)

    def may_lack(self, name: str, cleaned: dict[str, Any]) -> bool:
        """What was not known of somebody who came in by a list need not be found out to put their name right; a name and
        a kind of subject come together, and what was written down is not emptied."""
        if name not in self.of_subject or self.initial["kind"] != PersonKind.SUBJECT:
            return False
        together = {"subject_name": "subject_kind", "subject_kind": "subject_name"}
        return not self.initial.get(name) and not cleaned.get(together.get(name, ""))

    @staticmethod
    def initial_of(person: Person) -> dict[str, Any]:
        return {
            "name": person.name,
            "birth_year": person.birth_year,
            "place": capfirst(person.place.full_name),
            "kind": person.kind,
            "subject_name": person.subject.name if person.subject else "",
            "subject_kind": person.subject.kind if person.subject else "",
            "subject_role": person.subject_role,
            "official_level": person.official_level,
        }
