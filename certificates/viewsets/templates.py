"""Designing papers in the admin: blocks on the left, the real page on the right."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel
from wagtail.admin.ui.tables import LiveStatusTagColumn
from wagtail.admin.widgets.button import Button
from wagtail.snippets.views.snippets import CreateView, EditView, IndexView, SnippetViewSet

from accounts.viewsets.base import TakenMeanwhile
from certificates.designing import FORMAL, LOOKS, PLACEHOLDERS, samples, standard
from certificates.models import Template
from certificates.rendering.fitting import problems
from lib.refusals import Refusal


class SaysWhatDoesNotFit:
    """After saving: which of the hard cases would not fit. It is told, not forbidden; a course may have short names only."""

    def save_action(self) -> HttpResponse:
        response: HttpResponse = super().save_action()  # type: ignore[misc]
        if not self.expects_json_response:  # type: ignore[attr-defined]
            self._warn(self.object)  # type: ignore[attr-defined]
        return response

    def _warn(self, template: Template) -> None:
        paper, names = template.paper(), dict(samples.MODES)
        for case in samples.TRIED:
            try:
                found = problems(paper, case)
            except Refusal as refusal:
                messages.error(self.request, str(refusal))  # type: ignore[attr-defined]
                return
            if found:
                said = now("Chưa vừa trang với trường hợp “%(case)s”: %(what)s")
                messages.warning(
                    self.request,  # type: ignore[attr-defined]
                    said % {"case": names[case], "what": " ".join(found)},
                )


class TemplateIndexView(IndexView):
    @cached_property
    def header_more_buttons(self) -> list[Any]:
        """A new one begins as one of the designs that are ready: the usual button's is the formal one."""
        address, others = reverse(self.add_url_name), [look for look in LOOKS if look != FORMAL]
        said = _("Thêm mẫu: %(look)s")
        return [
            *(Button(said % {"look": LOOKS[look]}, url=f"{address}?dang={look}", icon_name="plus") for look in others),
            *super().header_more_buttons,
        ]


class TemplateCreateView(SaysWhatDoesNotFit, TakenMeanwhile, CreateView):
    def get_initial_form_instance(self) -> Template:
        look = self.request.GET.get("dang", "")
        if look not in LOOKS:
            return Template()
        return Template(look=look, body=[dict(part) for part in standard(look).parts])


class TemplateEditView(SaysWhatDoesNotFit, TakenMeanwhile, EditView):
    @cached_property
    def header_more_buttons(self) -> list[Any]:
        address = reverse("certificates_admin:sample", args=[self.object.pk])
        printed = Button(_("In thử (PDF)"), url=address, icon_name="download", priority=5, attrs={"target": "_blank"})
        return [printed, *super().header_more_buttons]


class PlaceholderPanel(HelpPanel):
    class BoundPanel(HelpPanel.BoundPanel):
        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            listed = [(f"{{{name}}}", meaning) for name, meaning in PLACEHOLDERS.items()]
            context: dict[str, Any] = super().get_context_data(parent_context)
            return context | {"placeholders": listed}


class TemplateViewSet(SnippetViewSet):
    model = Template
    icon = "doc-full"
    menu_label = _("Mẫu giấy")
    menu_item_is_registered = True  # in the group of certificates: Wagtail's own entry would be one for this kind alone
    index_view_class = TemplateIndexView
    add_view_class = TemplateCreateView
    edit_view_class = TemplateEditView
    list_display = ["name", "look", "language", LiveStatusTagColumn()]
    panels = [
        MultiFieldPanel(
            [FieldPanel("name"), FieldPanel("look"), FieldPanel("language"), FieldPanel("accent")], heading=_("Mẫu")
        ),
        PlaceholderPanel(
            heading=_("Chỗ điền"), template="certificates/admin/_placeholders.html", classname="collapsed"
        ),
        FieldPanel("body"),
        MultiFieldPanel([FieldPanel("background"), FieldPanel("logo"), FieldPanel("seal")], heading=_("Hình")),
    ]
