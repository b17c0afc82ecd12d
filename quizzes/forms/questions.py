"""What an author types of a question, turned into the arguments of `actions.save_question`."""

from typing import Any

from django import forms
from django.core.validators import validate_slug
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from courses.models import Activity, LegalText, LessonPage
from lib import dates, text
from lib.typed import TypedField
from quizzes import rules
from quizzes.access import banks_of, banks_to_write
from quizzes.kinds import KINDS, Kind
from quizzes.kinds.base import Data
from quizzes.kinds.forms import Before, carried, named_faults
from quizzes.models import (
    Difficulty,
    Question,
    QuestionBank,
    QuestionVersion,
)


class LessonField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Activity) -> str:  # type: ignore[override]
        return f"{obj.course}: {obj}"


class ParagraphField(forms.ChoiceField):
    """A block of a lesson, in the words of its heading. A copied lesson has the same ids, so its value names the lesson too."""

    def offer(self, lessons: QuerySet[Activity]) -> None:
        pages = LessonPage.objects.live().filter(locale__language_code="vi")
        known = {
            page.translation_key: page for page in pages.filter(translation_key__in=lessons.values("translation_key"))
        }
        groups = [(f"{one.course}: {one}", _paragraphs(one, known.get(one.translation_key))) for one in lessons]
        self.choices = [("", _("(cả bài)")), *((name, several) for name, several in groups if several)]


def _paragraphs(lesson: Activity, page: LessonPage | None) -> list[tuple[str, str]]:
    outline = page.body.stream_block.outline(page.body) if page else []
    return [(f"{lesson.pk}:{block}", words) for block, words in outline]


LAW = _("%(law)s: %(name)s (%(status)s, rà soát trước %(day)s)")


class LegalTextsField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple(attrs={"class": "choices"})

    def label_from_instance(self, obj: LegalText) -> str:  # type: ignore[override]
        return LAW % {
            "law": obj,
            "name": obj.name,
            "status": obj.get_status_display(),
            "day": dates.localised(obj.review_by),
        }


class TagsField(forms.CharField):
    """Tags between commas: a tag in Vietnamese has blanks in it."""

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) else ", ".join(str(tag) for tag in value or [])

    def clean(self, value: Any) -> list[str]:  # type: ignore[override]
        typed = rules.tags([super().clean(value)])
        if any(len(tag) > rules.LONGEST_TAG for tag in typed):
            raise forms.ValidationError(
                _("Mỗi nhãn dài nhất %(n)s ký tự. Hãy đặt dấu phẩy giữa các nhãn."), params={"n": rules.LONGEST_TAG}
            )
        return typed


class QuestionForm(forms.ModelForm):
    """A question with the wording that holds; `kind` brings the part in which its answers are written."""

    stem = TypedField(
        label=_("Câu hỏi"),
        lines=True,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3, "data-pictures": True}),
        help_text=_(
            "Đoạn đầu là lời hỏi. **chữ đậm**, *chữ nghiêng*; dòng bắt đầu bằng dấu - là danh sách. Hình: bấm Chèn hình dưới ô đang viết, rồi sửa lời mô tả trong dấu [ ] cho người không nhìn thấy hình."
        ),
    )
    explanation = TypedField(
        label=_("Giải thích"),
        lines=True,
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4, "data-pictures": True}),
        help_text=_("Học viên đọc sau khi nộp bài: vì sao đúng, lấy ở đâu ra."),
    )
    to_verify = forms.BooleanField(
        label=_("Có chỗ chờ đối chiếu"),
        required=False,
        help_text=_("Trang kết quả nói rõ rằng chi tiết này chưa đối chiếu với văn bản gốc."),
    )
    difficulty = forms.TypedChoiceField(label=_("Độ khó"), choices=Difficulty, coerce=int, initial=1)
    tags = TagsField(
        label=_("Nhãn"),
        required=False,
        help_text=_(
            "Vài chữ để lọc và để bài kiểm tra chỉ rút câu có nhãn ấy. Cách nhau bằng dấu phẩy: nhãn mác, an toàn thực phẩm."
        ),
    )
    lesson = LessonField(
        label=_("Bài học để xem lại"),
        queryset=Activity.objects.none(),
        required=False,
        help_text=_(
            "Ở đây có các bài học đang mở. Bài còn là bản nháp thì hãy đăng bài rồi quay lại chọn; để trống vẫn lưu được câu hỏi."
        ),
    )
    paragraph = ParagraphField(
        label=_("Đoạn để xem lại"),
        required=False,
        help_text=_(
            "Trang kết quả đưa học viên tới đúng đoạn này của bài. Để trống thì tới đầu bài; đoạn bị xóa khỏi bài cũng vậy. Chỉ cần chọn đoạn, hệ thống tự điền bài."
        ),
    )
    legal_texts = LegalTextsField(
        label=_("Căn cứ pháp luật"),
        queryset=LegalText.objects.all(),
        required=False,
        help_text=_("Khi văn bản thay đổi, câu hỏi được đánh dấu “cần rà soát”."),
    )

    class Meta:
        model = Question
        fields = ["bank", "key", "status", "difficulty", "language", "tags", "lesson", "legal_texts"]
        help_texts = {
            "language": _("Câu này viết bằng tiếng nào."),
            "status": _("Câu hỏi không xóa được, vì bài đã làm giữ câu ấy. “Ngừng dùng” thì không bài nào hỏi nữa."),
        }

    class Media:
        js = (
            "wagtailadmin/js/modal-workflow.js",
            "wagtailadmin/js/chooser-modal.js",
            "wagtailimages/js/image-chooser-modal.js",
        )

    WORDING = ("stem", "explanation", "to_verify")

    def __init__(self, *args: Any, kind: Kind, user: User, typed: QueryDict | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._field("bank").queryset = self._banks(user)
        self.kind = kind
        self.answers: Data | None = None  # as they can be read, whether the kind can ask with them or not
        self.version: QuestionVersion | None = self.instance.versions.first() if self.instance.pk else None
        for name in self.WORDING if self.version else ():
            self.initial[name] = getattr(self.version, name)
        self.kind_form = kind.form_class(
            self.data if self.is_bound else None,
            stored=self.version.data if self.version else None,
            before=_before(typed),
            prefix="kind",
        )
        lessons = Activity.objects.filter(kind="lesson").select_related("course")
        self._field("lesson").queryset = lessons.filter(retired_at=None) | lessons.filter(pk=self.instance.lesson_id)
        self._field("paragraph").offer(self._field("lesson").queryset)
        self.initial["paragraph"] = f"{self.instance.lesson_id}:{self.instance.paragraph}"
        self._key_is_given_once()
        if typed:
            self.initial.update(carried(self, typed, self.fields))

    def _field(self, name: str) -> Any:
        return self.fields[name]

    def _banks(self, user: User) -> QuerySet[QuestionBank]:
        """Out of a bank that one only writes in nothing is taken: it belongs to others."""
        stands_in = QuestionBank.objects.filter(pk=self.instance.bank_id)
        is_foreign = self.instance.pk and not banks_of(user).filter(pk__in=stands_in).exists()
        return stands_in if is_foreign else banks_to_write(user)

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
        self._fit_the_paragraph()
        if self.kind_form.is_valid():
            self.answers = self.kind_form.wording()
            self.kind_form.say(self.kind.problems(self.answers))
        if not self.kind_form.is_valid():
            self.add_error(None, _("Chưa lưu gì. Phần trả lời còn chỗ cần sửa, xem ở dưới."))
        return cleaned

    def _fit_the_paragraph(self) -> None:
        lesson, _colon, block = (self.cleaned_data.get("paragraph") or "").partition(":")
        chosen = self.cleaned_data.get("lesson")
        if chosen and lesson and lesson != str(chosen.pk):
            self.add_error(
                "paragraph", _("Đoạn này không ở trong bài học đã chọn. Hãy chọn đoạn của bài ấy, hoặc để “(cả bài)”.")
            )
        elif lesson:
            self.cleaned_data["lesson"] = self._field("lesson").queryset.get(pk=lesson)
        self.cleaned_data["paragraph"] = block

    def arguments(self) -> dict[str, Any]:
        """For `actions.save_question`."""
        names = ("bank", "status", "difficulty", "language", "tags", "lesson", "paragraph", "legal_texts")
        return {name: self.cleaned_data[name] for name in names} | {
            "kind": self.kind.name,
            "key": self.instance.key if self.instance.pk else self.cleaned_data["key"],
            "data": self.kind_form.wording(),
            **{name: self._kept(name) for name in self.WORDING},
        }

    def faults(self) -> list[str]:
        """Why the words cannot be shown yet; what is not part of them (the key, the bank) does not matter for that."""
        return [] if self.is_valid() else [*named_faults(self, self.WORDING), *self.kind_form.faults()]

    def typed(self) -> QuestionVersion | None:
        """As it would be saved, for a form that was looked at for faults. Of one that is not finished what can be shown by now:
        without answers that can be read the words alone, without words nothing."""
        if any(name in self.errors for name in self.WORDING):
            return None
        words = {name: self._kept(name) for name in self.WORDING}
        words["stem"] = text.nfc_lines(words["stem"])
        kind = KINDS["description"] if self.answers is None else self.kind
        return QuestionVersion(question=self.instance, kind=kind.name, data=self.answers or {}, **words)

    def _kept(self, name: str) -> Any:
        """Untouched wording goes back as it was stored."""
        is_same = self.version and name not in self.changed_data
        return getattr(self.version, name) if is_same else self.cleaned_data[name]


def _before(typed: QueryDict | None) -> Before | None:
    kind = KINDS.get(typed.get("kind", "")) if typed else None
    return Before(kind.form_class, typed) if kind and typed else None
