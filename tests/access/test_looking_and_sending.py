"""Looking writes nothing down, what is sent bears the form's token, and nobody is sent to a foreign site (threat I5)."""

import re
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test import Client
from django.urls import URLResolver, get_resolver

from . import routes
from .conftest import World
from .test_matrix import ROUTES, address

pytestmark = pytest.mark.once

WRITES = re.compile(r'^\s*(?:INSERT\s+(?:OR \w+ )?INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)
KEPT_ABOUT_LOOKING = {
    "django_session",
    "cache",  # who tried how often
    "pages_operator",  # the row of settings, made when it is first asked for
    "reports_cell",
    "reports_headcount",
    "reports_scattered",
    "reports_stale",
    "reports_tally",  # sums over what is there
    "wagtailimages_rendition",  # a picture is made smaller when it is first asked for
    "wagtailadmin_editingsession",  # who else has this page open
    "wagtailusers_userprofile",  # made for a colleague on the first visit
}
FOREIGN = "https://boi.example/"
DOORS = ("next", "url", "back", "redirect", "return_to", "ref")


@contextmanager
def written():
    """The tables that anything is written into meanwhile."""
    tables: set[str] = set()

    def watch(execute, sql, params, many, context):
        found = WRITES.match(sql)
        if found:
            tables.add(found[1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield tables


@pytest.mark.parametrize("role", ["anonymous", "owner", "administrator"])
def test_looking_at_an_address_writes_nothing_about_anybody(world: World, role: str):
    wrong = {}
    client = world.client(role)
    for pattern, name, arguments in ROUTES:
        if name in routes.BREAKS_ON_PURPOSE:
            continue
        with written() as tables:
            client.get(address(world, pattern, name, arguments))
        if tables - KEPT_ABOUT_LOOKING:
            wrong[name] = tables - KEPT_ABOUT_LOOKING
        if role != "anonymous" and not client.session.get("_auth_user_id"):
            client = world.client(role)
    assert wrong == {}


def test_what_an_action_writes_would_be_seen(world: World):
    with written() as tables:
        world.client("other").post(f"/hoc/khoa/{world.ids['course_key']}/ghi-danh/")
    assert "courses_enrolment" in tables


def views(resolver: URLResolver):
    for found in resolver.url_patterns:
        if isinstance(found, URLResolver):
            yield from views(found)
        else:
            yield found.callback


def test_only_what_is_read_alone_does_without_the_token(world: World):
    """The choosers of the admin read pages, pictures and documents as JSON; that is the whole of it."""
    exempt = {view.__module__ for view in views(get_resolver()) if getattr(view, "csrf_exempt", False)}
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
