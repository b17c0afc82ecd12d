"""Addresses of the hall in the admin: the two moments of a test, and the way up."""

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from workshops.models import Moment, Workshop

SLUGS = {Moment.BEFORE: "dau-vao", Moment.AFTER: "dau-ra"}


def moment_of(slug: str) -> Moment:
    for moment, known in SLUGS.items():
        if slug == known:
            return moment
    raise Http404


def above(workshop: Workshop) -> tuple[tuple[str, str], ...]:
    return (
        (reverse("workshops_admin:workshops"), _("Lớp tập huấn")),
        (reverse("workshops_admin:workshop", args=[workshop.pk]), workshop.title),
    )
