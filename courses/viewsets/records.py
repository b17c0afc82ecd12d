"""Catalogue rows and learning records in the Wagtail admin."""

from typing import Any

from django.contrib import messages
from django.db.models import Case, Exists, OuterRef, QuerySet, Value, When
from django.forms import RadioSelect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, ModelChoiceFilter
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms.choosers import BaseFilterForm, SearchFilterMixin
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic.chooser import ChooseResultsViewMixin, ChooseViewMixin, CreationFormMixin
from wagtail.admin.widgets import HeaderButton
from wagtail.snippets.views.chooser import BaseSnippetChooseView, SnippetChooserViewSet
from wagtail.snippets.views.snippets import CreateView, SnippetViewSet
from wagtail.snippets.views.snippets import EditView as BaseEditView
from wagtail.snippets.views.snippets import IndexView as SnippetIndexView

from accounts.access import AnyUser, people_visible_to
from accounts.models import PersonKind, User
from accounts.queries import helper_at
from accounts.viewsets import RecordViewSet, ScopedIndexView, WithinFilter
from accounts.viewsets.base import ScopedInspectView, TakenMeanwhile, permission_to_see
from accounts.viewsets.words import WordColumn
from courses import actions, authoring, queries, searching
from courses.access import cohorts_visible_to, enrolments_visible_to
from courses.forms import ReopenForm
from courses.models import Activity, Completion, Course, Enrolment, LegalText, Source, Topic
from lib import registries

from .cohorts import CohortFilter

LEARNING = "register_learning_menu_item"


class SnippetCreateView(TakenMeanwhile, CreateView):
    pass


class SnippetEditView(TakenMeanwhile, BaseEditView):
    pass


class LegalTextEditView(SnippetEditView):
    def save_instance(self) -> LegalText:
        """Saving marks everything that cites the row; how much is said on the page."""
        legal_text: LegalText = self.form.save(commit=False)
        marked = actions.change_legal_text(legal_text=legal_text, by=self.request.user, at=timezone.now())
        if marked:
            said = ngettext(
                "Đã đánh dấu “cần rà soát”: %(n)s mục.", "Đã đánh dấu “cần rà soát”: %(n)s mục.", len(marked)
            )
            messages.warning(self.request, said % {"n": len(marked)})
        return legal_text


class LegalTextIndexView(SnippetIndexView):
    def search_queryset(self, queryset: QuerySet[LegalText]) -> QuerySet[LegalText]:
        return searching.legal_texts(self.search_query, queryset) if self.is_searching else queryset


class LegalTextSearch(SearchFilterMixin, BaseFilterForm):
    def filter(self, objects: QuerySet[LegalText]) -> QuerySet[LegalText]:
        self.search_query = self.cleaned_data["q"]
        self.is_searching = bool(self.search_query)
        return searching.legal_texts(self.search_query, objects) if self.is_searching else objects


class KnownByName(BaseSnippetChooseView):
    """A number alone tells nobody which law it is, nor that it was replaced."""

    filter_form_class = LegalTextSearch

    @property
    def columns(self) -> list[Column]:
        name, status = LegalText._meta.get_field("name"), LegalText._meta.get_field("status")
        return [
            *super().columns,
            Column("name", label=capfirst(name.verbose_name)),
            Column("status", label=capfirst(status.verbose_name), accessor="get_status_display"),
        ]


class LegalTextChooseView(ChooseViewMixin, CreationFormMixin, KnownByName):
    pass


class LegalTextResultsView(ChooseResultsViewMixin, CreationFormMixin, KnownByName):
    pass


class LegalTextChooser(SnippetChooserViewSet):
    choose_view_class = LegalTextChooseView
    choose_results_view_class = LegalTextResultsView


class LegalTextFilters(WagtailFilterSet):
    due = ChoiceFilter(
        label=_("Rà soát định kỳ"),
        choices=[("past", _("đã quá ngày")), ("soon", _("trong 30 ngày tới"))],
        method="by_due",
        widget=RadioSelect,
        empty_label=_("Tất cả"),
    )

    class Meta:
        model = LegalText
        fields = ["status", "confidence"]

    def by_due(self, queryset: QuerySet[LegalText], name: str, value: str) -> QuerySet[LegalText]:
        return queryset.filter(pk__in=queries.legal_texts_due(value))


class LegalTextViewSet(SnippetViewSet):
    model = LegalText
    icon = "clipboard-list"
    menu_label = _("Văn bản pháp luật")
    add_to_admin_menu = True
    menu_order = 260
    index_view_class = LegalTextIndexView
    add_view_class = SnippetCreateView
    edit_view_class = LegalTextEditView
    chooser_viewset_class = LegalTextChooser
    chooser_per_page = 25
    list_display = ["number", "name", "status", "in_force_from", "review_by", "confidence"]
    filterset_class = LegalTextFilters
    search_fields = ["number", "name"]
    panels = [
        MultiFieldPanel(
            [
                FieldPanel("kind", help_text=_("Luật, Nghị định, Quyết định, Thông tư …")),
                FieldPanel("number", help_text=_("Đủ và đúng như trên văn bản, ví dụ 37/2026/NĐ-CP")),
                FieldPanel("name", help_text=_("Nói về việc gì, ngắn gọn; không ghi lại loại và số hiệu")),
                FieldPanel("name_en"),
                FieldPanel("key", help_text=_("Tên ngắn để nạp từ tệp, ví dụ nd-37-2026. Đặt một lần, không đổi.")),
            ],
            heading=_("Văn bản"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("status", help_text=_("Bài học in tình trạng này")),
                FieldPanel("in_force_from", help_text=_("Để trống khi chưa rõ")),
                FieldPanel("replaced_by", help_text=_("Phải chọn khi tình trạng là “đã được thay thế”")),
            ],
            heading=_("Tình trạng"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("checked_on", help_text=_("Ngày đối chiếu gần nhất; bài học in ngày này")),
                FieldPanel("review_by", help_text=_("Ngày phải xem lại, kể cả khi chưa nghe có thay đổi")),
                FieldPanel("source", help_text=_("Đọc ở đâu: bản gốc, công báo, cơ sở dữ liệu pháp luật, báo chí …")),
                FieldPanel("confidence"),
                FieldPanel("note", help_text=_("Học viên thấy ghi chú này dưới căn cứ")),
                FieldPanel("note_en"),
            ],
            heading=_("Rà soát"),
        ),
    ]


class TopicViewSet(SnippetViewSet):
    model = Topic
    icon = "tag"
    menu_label = _("Chuyên đề")
    menu_hook = LEARNING  # Wagtail's own entry would be one for this kind alone
    menu_order = 10
    add_view_class = SnippetCreateView
    edit_view_class = SnippetEditView
    list_display = ["name", "position"]
    panels = [FieldPanel("name"), FieldPanel("name_en"), FieldPanel("slug"), FieldPanel("position")]


def visible(queryset: QuerySet[Any], user: AnyUser) -> QuerySet[Any]:
    return queryset & enrolments_visible_to(user, permission_to_see(queryset))


class CourseIndexView(ScopedIndexView):
    @cached_property
    def header_buttons(self) -> list[Any]:
        """The list is of records; a course begins as a page."""
        usual: list[Any] = super().header_buttons
        address = authoring.new_course_address(self.request.user)
        return [*usual, HeaderButton(_("Tạo khóa học"), url=address, icon_name="plus")] if address else usual


class CourseViewSet(RecordViewSet):
    model = Course
    index_view_class = CourseIndexView
    icon = "folder-open-inverse"
    menu_label = _("Khóa học")
    related = ("topic",)
    list_display = ["title", "topic", "minutes", "is_sequential", "retired_at"]
    list_filter = ["topic"]
    inspect_view_fields = ["title", "topic", "minutes", "is_sequential", "retired_at"]


class ActivityViewSet(RecordViewSet):
    model = Activity
    icon = "list-ul"
    menu_label = _("Bài học, bài kiểm tra")
    related = ("course",)
    list_display = ["title", "course", "kind", "position", "is_required", "needs_review_since", "retired_at"]
    list_filter = ["course", "kind", "is_required"]
    inspect_view_fields = [
        "title",
        "course",
        "kind",
        "is_required",
        "needs_review_since",
        "review_reason",
        "retired_at",
    ]


def page_of_person(enrolment: Any) -> str | None:
    """Of a row of the list, which knows `is_mine`."""
    return reverse("person:inspect", args=[enrolment.person_id]) if enrolment.is_mine else None


class EnrolmentIndexView(ScopedIndexView):
    def told(self, rows: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
        """Whom to call is told of people who live in the user's places now; who moved away belongs to other colleagues."""
        mine = people_visible_to(self.request.user, "accounts.view_person").filter(pk=OuterRef("person"))
        helped = Completion.objects.filter(enrolment=OuterRef("pk"), source=Source.HELPED)
        words = Case(When(Exists(helped), then=Value(gettext("có cán bộ giúp"))), default=Value(""))
        rows = rows.annotate(is_mine=Exists(mine), helped=words)
        return rows.annotate(phone=Case(When(is_mine=True, then="person__contact_phone"), default=Value("")))

    def paginate_queryset(self, queryset: QuerySet[Enrolment], page_size: int) -> Any:
        """Looked up for the rows of the page alone: with the whole list, PostgreSQL would prepare for all of its rows."""
        paginator, page, rows, has_others = super().paginate_queryset(queryset, page_size)
        page.object_list = self.told(queryset.filter(pk__in=list(rows.values_list("pk", flat=True))))
        return paginator, page, page.object_list, has_others


class EnrolmentInspectView(ScopedInspectView):
    @cached_property
    def sees_person(self) -> bool:
        return people_visible_to(self.request.user, "accounts.view_person").contains(self.object.person)

    def get_person_display_value(self) -> Any:
        person = self.object.person
        if not self.sees_person:
            return person
        return format_html('<a href="{}">{}</a>', reverse("person:inspect", args=[person.pk]), person)

    def get_cohort_display_value(self) -> Any:
        """Its name alone for those whose places do not hold its place."""
        cohort = self.object.cohort
        if cohort is None or not cohorts_visible_to(self.request.user, "courses.view_cohort").contains(cohort):
            return cohort or "–"
        return format_html('<a href="{}">{}</a>', reverse("cohort:inspect", args=[cohort.pk]), cohort)

    def completions(self) -> list[tuple[Completion, User | None]]:
        """Each with who helped, as the page of the person tells it to those who see that."""
        rows = list(self.object.completions.select_related("activity").order_by("activity__position"))
        was_helped = any(row.source == Source.HELPED for row in rows)
        helps = list(self.object.person.helps.select_related("by__person")) if was_helped and self.sees_person else []
        return [(row, helper_at(helps, row.recorded_at) if row.source == Source.HELPED else None) for row in rows]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        enrolment: Enrolment = self.object
        return super().get_context_data(**kwargs) | {
            "completions": self.completions(),
            "reopenings": queries.reopenings(enrolment),
            "form": ReopenForm(enrolment=enrolment, label_suffix=""),
        }


def states() -> list[tuple[str, Any]]:
    return [(name, capfirst(state.label)) for name, state in registries.enrolment_states]


class EnrolmentFilters(WagtailFilterSet):
    place = WithinFilter()
    state = ChoiceFilter(
        label=_("Tình trạng học"), choices=states, method="by_state", widget=RadioSelect, empty_label=_("Tất cả")
    )

    topic = ModelChoiceFilter(
        label=_("Chuyên đề"), field_name="course__topic", queryset=Topic.objects.all(), empty_label=_("Tất cả")
    )
    kind = ChoiceFilter(
        label=_("Đối tượng lúc ghi danh"),
        field_name="person_kind",
        choices=PersonKind.choices,
        widget=RadioSelect,
        empty_label=_("Tất cả"),
    )
    cohort = CohortFilter()

    class Meta:
        model = Enrolment
        fields = ["course"]

    def by_state(self, queryset: QuerySet[Enrolment], name: str, value: str) -> QuerySet[Enrolment]:
        """As the board counts them: its numbers lead here."""
        return queryset.filter(registries.enrolment_states[value].condition(timezone.now()))


class EnrolmentViewSet(RecordViewSet):
    model = Enrolment
    icon = "form"
    menu_label = _("Lượt ghi danh")
    scope = staticmethod(visible)
    folded_search = "person__search"
    related = ("person", "course", "place__parent", "cohort")
    index_view_class = EnrolmentIndexView
    list_display = [
        TitleColumn("person", label=_("Học viên"), get_url=page_of_person),
        WordColumn("phone", label=_("Điện thoại"), classname="in-one-piece"),
        TitleColumn("course", label=_("Khóa học"), get_url=lambda row: reverse("enrolment:inspect", args=[row.pk])),
        "place",
        "enrolled_at",
        "last_active_at",
        "completed_at",
    ]
    list_export = [
        "person", "phone", "course", "place.full_name", "enrolled_at", "last_active_at", "completed_at", "cohort",
        "helped",
    ]  # fmt: skip
    export_headings = {
        "place.full_name": _("Địa bàn lúc ghi danh"),
        "phone": _("Điện thoại"),
        "helped": _("Hỗ trợ"),
    }
    export_filename = "luot-ghi-danh"
    filterset_class = EnrolmentFilters
    ordering = ["-enrolled_at", "-pk"]
    inspect_view_fields = [
        "person",
        "course",
        "cohort",
        "place",
        "source",
        "enrolled_at",
        "last_active_at",
        "completed_at",
    ]
    inspect_view_class = EnrolmentInspectView
    inspect_template_name = "courses/admin/enrolment.html"
