"""What delegates are asked when they register, and what each kind of question takes."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from lib import text

from . import rules
from .models import FormQuestion, QuestionKind, Session
from .parallel import Slot

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

    def answered(self, answers: Mapping[str, Any]) -> None:
        """Begins with what was answered before (by the key of each question)."""
        for one in self.questions:
            if str(one.pk) in answers:
                self.initial[_name(one)] = answers[str(one.pk)]

    def asked(self) -> list[tuple[FormQuestion, forms.BoundField]]:
        return [(question, self[_name(question)]) for question in self.questions]

    def answers(self) -> dict[str, Any]:
        """By the key of each question; what was left open is left out."""
        given = {str(one.pk): self.cleaned_data.get(_name(one)) for one in self.questions}
        return {key: answer for key, answer in given.items() if answer not in (None, "", [])}


class RoomRadios(forms.RadioSelect):
    full: frozenset[str] = frozenset()

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        if str(value) in self.full:
            option["attrs"] = {key: said for key, said in option["attrs"].items() if key != "checked"} | {
                "disabled": True
            }
        return option


class RoomField(forms.ChoiceField):
    """One of the sessions of a slot. One without a seat is shown and cannot be chosen, but by who has it already. `at_most`: seats that the
    class itself has left for whoever has none in it."""

    widget = RoomRadios

    def __init__(
        self,
        slot: Slot,
        pools: Mapping[int, rules.Pool],
        *,
        mine: int | None = None,
        at_most: int | None = None,
        may_wait: bool = False,
        **kwargs: Any,
    ) -> None:
        self.rooms = {str(one.pk): one.where for one in slot.sessions}
        self.full = frozenset(str(key) for key in slot.keys if key != mine and not pools[key].has_room)
        choices = [
            (str(one.pk), room_in_words(one, pools[one.pk], is_mine=one.pk == mine, at_most=at_most))
            for one in slot.sessions
        ]
        super().__init__(choices=[("", _("xếp phòng sau")), *choices] if may_wait else choices, **kwargs)
        self.widget.full = self.full

    def validate(self, value: str) -> None:
        super().validate(value)
        if value in self.full:
            raise ValidationError(_g("“%(room)s” vừa hết chỗ. Hãy chọn phòng khác.") % {"room": self.rooms[value]})


def room_in_words(session: Session, pool: rules.Pool, *, is_mine: bool = False, at_most: int | None = None) -> str:
    """ "Phòng 2: Livestream bán hàng, 13:30–17:00, còn 5 chỗ"."""
    starts, ends = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    name = f"{session.room}: {session.name}" if session.room else session.name
    said = [name, f"{starts:%H:%M}–{ends:%H:%M}"]
    if is_mine:
        said.append(_g("phòng của anh/chị"))
    elif pool.free is not None:
        free = pool.free if at_most is None else min(pool.free, at_most)
        said.append(_g("còn %(n)s chỗ") % {"n": free} if free else _g("đã hết chỗ"))
    return ", ".join(said)


class RoomsForm(forms.Form):
    """Of each slot of parallel sessions one. Where every room of a slot is full nobody is kept out: the organiser finds one."""

    def offer_rooms(
        self,
        slots: Iterable[Slot],
        pools: Mapping[int, rules.Pool],
        *,
        mine: Iterable[int] = (),
        before: Collection[int] = (),
        at_most: int | None = None,
        required: bool = True,
    ) -> None:
        """`required`: of a delegate's own form; in those of others a room may be left to be assigned later. `before`: what was chosen at an earlier time, and is proposed where it has a seat."""
        self.has_choice = False
        self.slots, of_whom = [slot for slot in slots if slot.is_parallel], set(mine)
        for slot in self.slots:
            own = next((key for key in slot.keys if key in of_whom), None)
            has_room = own is not None or any(pools[key].has_room for key in slot.keys)
            self.has_choice |= has_room
            first = own or next((key for key in slot.keys if key in before and pools[key].has_room), "")
            self.fields[_room(slot)] = RoomField(
                slot, pools, mine=own, at_most=at_most, may_wait=not required, initial=str(first), required=required and has_room,
                label=_slot_in_words(slot, len(self.slots)), error_messages={"required": _("Hãy chọn một phòng.")},
            )  # fmt: skip

    def asked_rooms(self) -> list[forms.BoundField]:
        return [self[_room(slot)] for slot in self.slots]

    def rooms(self) -> list[int]:
        """Keys of the sessions that were chosen."""
        chosen = [self.cleaned_data.get(_room(slot)) for slot in self.slots]
        return [int(one) for one in chosen if one]

    slots: list[Slot] = []
    has_choice = False  # of a room with a seat


def _room(slot: Slot) -> str:
    return f"room{slot.key}"


def _slot_in_words(slot: Slot, count: int) -> str:
    if count == 1:
        return _g("Chọn phòng (cùng giờ, mỗi người một phòng)")
    starts = timezone.localtime(slot.begins_at)
    return _g("Chọn phòng lúc %(at)s (cùng giờ, mỗi người một phòng)") % {"at": f"{starts:%H:%M %d/%m}"}


class RegistrationForm(RoomsForm, AskingForm):
    """Unit and post as on that day, the rooms of parallel sessions, and the organiser's own questions. Who it is, the account says."""

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
