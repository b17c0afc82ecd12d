"""A page is published, taken down, brought back to what it was and given an hour, while people are registered: their rows stay."""

from datetime import timedelta

import pytest
from django.utils import timezone

from courses.models import Activity
from tests import cast
from workshops import actions
from workshops.models import Registration, RegistrationSource, Session, Workshop, WorkshopPage

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(db):
    return cast.client_of(cast.staff("editor", None))


@pytest.fixture
def page(db) -> WorkshopPage:
    workshop = cast.workshop()
    actions.register(workshop=workshop, person=cast.person(), source=RegistrationSource.NOMINATED, at=cast.NOW)
    return WorkshopPage.objects.get()


def keys():
    return [list(model.objects.values_list("pk", flat=True)) for model in (Workshop, Session, Registration, Activity)]


def edit(client, page, **fields):
    """As the editor's form sends it."""
    form = client.get(f"/quan-tri/pages/{page.pk}/edit/").context["form"]
    known = {"title": page.title, "slug": page.slug, "minutes": "10", "is_required": "on", "summary": ""}
    rich = {name: "null" for name in ("intro", "to_bring", "looking_back") if name in form.fields}
    comments = {f"comments-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")}
    return client.post(f"/quan-tri/pages/{page.pk}/edit/", known | rich | comments | fields)


def test_published_with_another_title(client, page):
    before = keys()
    assert edit(client, page, title="Tên khác", **{"action-publish": "1"}).status_code == 302
    assert Workshop.objects.get().title == "Tên khác"
    assert keys() == before


def test_taken_down_and_published_again(client, page):
    before = keys()
    assert client.post(f"/quan-tri/pages/{page.pk}/unpublish/").status_code == 302
    page.refresh_from_db()
    assert not page.live
    assert keys() == before
    assert edit(client, page, **{"action-publish": "1"}).status_code == 302
    assert Activity.objects.get().retired_at is None
    assert keys() == before


def test_brought_back_to_an_earlier_revision(client, page):
    before, first = keys(), page.latest_revision
    edit(client, page, title="Tên khác", **{"action-publish": "1"})
    looked = client.get(f"/quan-tri/pages/{page.pk}/revisions/{first.pk}/revert/")
    assert looked.status_code == 200
    back = edit(client, page, revision=str(first.pk), **{"action-publish": "1"})
    assert back.status_code == 302
    assert Workshop.objects.get().title == "Bộ tiêu chí mới"
    assert keys() == before


def test_given_an_hour(client, page):
    before = keys()
    hour = timezone.localtime(timezone.now() + timedelta(days=2)).strftime("%d/%m/%Y %H:%M")
    answer = edit(client, page, title="Về sau", go_live_at=hour, **{"action-publish": "1"})
    assert answer.status_code == 302
    assert keys() == before
    revision = page.get_latest_revision()
    revision.publish(skip_permission_checks=True)
    assert keys() == before


def test_it_cannot_be_deleted_from_under_them(client, page):
    before = keys()
    assert client.post(f"/quan-tri/pages/{page.pk}/delete/").status_code < 500
    assert keys() == before
