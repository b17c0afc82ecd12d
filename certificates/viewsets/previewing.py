"""How a design looks, before anybody gets it: a picture for the admin's frame and a PDF for the printer in the office."""

from base64 import b64encode
from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import administrators_only
from certificates import rules
from certificates.designing import Paper, samples
from certificates.models import Picture, Template
from certificates.rendering import papers
from certificates.rendering.fitting import problems
from lib.refusals import Refusal


def show(request: HttpRequest, template: Template, case: str) -> HttpResponse:
    """A page of the public policy: the picture is in it, so that nothing has to be allowed for it."""
    paper, drawn = _in(template.paper(), case), b""
    try:
        drawn = papers.picture_of(papers.draw(paper, papers.sample(case)))
        found = problems(paper, case)
    except Refusal as refusal:
        found = [str(refusal)]
    context = {
        "case": dict(samples.MODES).get(case, case),
        "src": drawn and "data:image/jpeg;base64," + b64encode(drawn).decode(),
        "problems": found,
        "address": template.pk and f"{reverse('certificates_admin:sample', args=[template.pk])}?truong-hop={case}",
    }
    return render(request, "certificates/admin/preview.html", context)


@never_cache
@require_safe
@administrators_only
def sample(request: HttpRequest, pk: int) -> HttpResponse:
    """The newest draft as a PDF. It carries the specimen mark whatever is tried: whoever finds it in the printer must not
    take it for somebody's certificate."""
    template: Template = get_object_or_404(Template, pk=pk).get_latest_revision_as_object()
    asked = request.GET.get("truong-hop", "")
    case = asked if asked in dict(samples.MODES) else samples.MODES[0][0]
    printed = papers.sample(case) | {"specimen": rules.SPECIMEN_MARK}
    try:
        response = HttpResponse(papers.draw(_in(template.paper(), case), printed), content_type="application/pdf")
    except Refusal as refusal:
        return HttpResponse(str(refusal), content_type="text/plain; charset=utf-8", status=422)
    response["Content-Disposition"] = f'inline; filename="in-thu-{template.pk}-{case}.pdf"'
    return response


@never_cache
@require_safe
@administrators_only
def picture(request: HttpRequest, pk: int) -> HttpResponse:
    return HttpResponse(bytes(get_object_or_404(Picture, pk=pk).data), content_type="image/jpeg")


def _in(paper: Paper, case: str) -> Paper:
    return replace(paper, language="both") if case == "both" else paper
