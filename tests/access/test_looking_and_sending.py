"""Writing would be seen by the matrix, what is sent bears the form's token, and nobody is sent to a foreign site (threat I5)."""

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver

from . import routes
from .conftest import World, written
from .test_matrix import ROUTES, address

pytestmark = [pytest.mark.once, pytest.mark.long]

FOREIGN = "https://boi.example/"
DOORS = ("next", "url", "back", "redirect", "return_to", "ref")


def test_what_an_action_writes_would_be_seen(world: World):
    path = f"/hoc/khoa/{world.ids['course_key']}/ghi-danh/"
    world.look(world.client("other"), path, method="post")
    assert "courses_enrolment" in world.wrote[path]


def views(resolver: URLResolver):
    for found in resolver.url_patterns:
        if isinstance(found, URLResolver):
            yield from views(found)
        else:
            yield found.callback


def test_only_what_is_read_alone_does_without_the_token(world: World):
    """The choosers of the admin read pages, pictures and documents as JSON; the form that checks a file protects itself."""
    exempt = {view.__module__ for view in views(get_resolver()) if getattr(view, "csrf_exempt", False)}
    exempt.discard("certificates.public_views")  # see tests/certificates/test_checking_files.py
    exempt.discard(
        "workshops.desk.wire"
    )  # brings its desk's token in the message: see tests/workshops/test_desk_wire.py
    exempt.discard("reports.api.pages")  # a session opens nothing there: see tests/reports/test_api.py
    assert exempt == {"pages.wagtail_hooks", "wagtail.images.api.admin.views", "wagtail.documents.api.admin.views"}
    for kind in ("pages", "images", "documents"):
        assert world.client("administrator").get(f"/quan-tri/api/main/{kind}/").status_code == 200
        assert world.client("administrator").post(f"/quan-tri/api/main/{kind}/").status_code == 405


def test_a_form_without_its_token_is_refused(world: World):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.users["other"])
    with written() as tables:
        answer = client.post(f"/hoc/khoa/{world.ids['course_key']}/ghi-danh/")
    assert answer.status_code == 403
    assert "courses_enrolment" not in tables


@pytest.mark.parametrize("role", ["anonymous", "owner", "administrator"])
def test_nobody_is_sent_to_a_foreign_site(world: World, role: str):
    wrong, asked = [], dict.fromkeys(DOORS, FOREIGN)
    for pattern, name, arguments in ROUTES:
        if routes.is_admin(pattern) and name not in routes.OWN_ACTIONS:
            continue  # Wagtail's own forms would move and delete what the other addresses are about
        path, client = address(world, pattern, name, arguments), world.client(role)
        answers = [client.get(path, asked), client.post(path, asked, query_params=asked)]
        if any("boi.example" in answer.headers.get("Location", "").partition("?")[0] for answer in answers):
            wrong.append(name)
    assert wrong == []
