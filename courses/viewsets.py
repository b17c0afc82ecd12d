"""Catalogue rows and learning records in the Wagtail admin."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.snippets.views.snippets import EditView as SnippetEditView
from wagtail.snippets.views.snippets import SnippetViewSet

from accounts.access import AnyUser
from accounts.viewsets import RecordViewSet
from accounts.viewsets.base import ScopedInspectView

from . import actions, queries
from .access import enrolments_visible_to
from .forms import ReopenForm
from .models import Activity, Course, Enrolment, LegalText, Topic


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


class LegalTextViewSet(SnippetViewSet):
    model = LegalText
    icon = "clipboard-list"
    menu_label = _("Văn bản luật")
    add_to_admin_menu = True
    menu_order = 260
    edit_view_class = LegalTextEditView
    list_display = ["number", "name", "status", "in_force_from", "review_by", "confidence"]
    list_filter = ["status", "confidence"]
    search_fields = ["number", "name"]
    panels = [
        MultiFieldPanel(
            [FieldPanel("kind"), FieldPanel("number"), FieldPanel("name"), FieldPanel("name_en"), FieldPanel("key")],
            heading=_("Văn bản"),
        ),
        MultiFieldPanel(
            [FieldPanel("status"), FieldPanel("in_force_from"), FieldPanel("replaced_by")], heading=_("Tình trạng")
        ),
        MultiFieldPanel(
            [
                FieldPanel("checked_on"),
                FieldPanel("review_by"),
                FieldPanel("source"),
                FieldPanel("confidence"),
                FieldPanel("note"),
                FieldPanel("note_en"),
            ],
            heading=_("Rà soát"),
        ),
    ]


class TopicViewSet(SnippetViewSet):
    model = Topic
    icon = "tag"
    menu_label = _("Chuyên đề")
    list_display = ["name", "position"]
    panels = [FieldPanel("name"), FieldPanel("name_en"), FieldPanel("slug"), FieldPanel("position")]


def visible(queryset: QuerySet[Any], user: AnyUser) -> QuerySet[Any]:
    return queryset.filter(pk__in=enrolments_visible_to(user)).select_related("person", "course", "place")


class CourseViewSet(RecordViewSet):
    model = Course
    icon = "folder-open-inverse"
    menu_label = _("Khóa học")
    list_display = ["title", "topic", "minutes", "is_sequential", "retired_at"]
    list_filter = ["topic"]
    inspect_view_fields = ["title", "topic", "minutes", "is_sequential", "retired_at"]


class ActivityViewSet(RecordViewSet):
    model = Activity
    icon = "list-ul"
    menu_label = _("Bài và hoạt động")
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


class EnrolmentInspectView(ScopedInspectView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        enrolment: Enrolment = self.object
        return super().get_context_data(**kwargs) | {
            "completions": enrolment.completions.select_related("activity").order_by("activity__position"),
            "reopenings": queries.reopenings(enrolment),
            "form": ReopenForm(enrolment=enrolment, label_suffix=""),
        }


class EnrolmentViewSet(RecordViewSet):
    model = Enrolment
    icon = "form"
    menu_label = _("Lượt ghi danh")
    scope = staticmethod(visible)
    folded_search = "person__search"
    list_display = ["person", "course", "place", "enrolled_at", "last_active_at", "completed_at"]
    list_filter = ["course"]
    ordering = ["-enrolled_at"]
    inspect_view_fields = ["person", "course", "place", "source", "enrolled_at", "last_active_at", "completed_at"]
    inspect_template_name = "courses/admin/enrolment.html"

    @cached_property
    def inspect_view_class(self) -> type:  # type: ignore[override]
        return type("InspectView", (EnrolmentInspectView,), {"scope": staticmethod(visible)})


class LearningGroup(ViewSetGroup):
    menu_label = _("Học tập")
    menu_icon = "folder-open-inverse"
    menu_order = 160
    items = (CourseViewSet, ActivityViewSet, EnrolmentViewSet)
