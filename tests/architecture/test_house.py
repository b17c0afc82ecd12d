"""The plan of the house, checked: floors, rooms, and what every record of a person needs."""

import re
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from accounts.models import Person, User
from lib import registries

pytestmark = pytest.mark.once

ROOT = Path(__file__).parents[2]
LAYERS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]["layers"]
FLOORS = {app.strip(): height for height, layer in enumerate(reversed(LAYERS)) for app in layer.split("|")}
OURS = [config for config in apps.get_app_configs() if config.name in FLOORS]
ROOMS = {
    "checks", "keys", "several",
    "ahead", "badging", "bringing", "fetching", "public_views", "looking", "verifying", "marking", "offline", "regrading", "whole", "wording",
    "admin_by_hand", "admin_lists", "admin_reissue", "renewals", "telling", "validity",
    "access", "actions", "adapter", "analysis", "admin_views", "apps", "asking", "authoring", "backends", "banks", "blocks", "catalogue", "channels", "choosing", "closing", "content", "counting", "context_processors", "devices", "display", "doubles", "editions",
    "exports", "factors", "filling", "filtering", "following", "forms", "groups", "importing", "languages", "learning", "mailing", "middleware", "models", "monday", "oidc", "own_work", "papers", "people", "personal", "pictures", "policies", "queries", "questions", "reading",
    "hall", "helping", "parallel", "receivers", "rendering", "reviewing", "river", "rules", "searching", "sessions", "showing", "signals", "statements", "subjects", "suggesting", "totals", "triggers", "urls", "views", "viewsets", "wagtail_hooks", "workshops",
}  # fmt: skip


def test_apps_are_installed_from_the_ground_up():
    installed = [FLOORS[name] for name in settings.INSTALLED_APPS if name in FLOORS]
    assert installed == sorted(installed)


def test_every_app_of_ours_is_on_a_floor():
    own = {path.parent.name for path in ROOT.glob("*/apps.py")} | {"elearning", "lib"}
    assert own == set(FLOORS)


def foreign_keys():
    for config in OURS:
        for model in config.get_models():
            for field in model._meta.get_fields():
                if field.is_relation and field.concrete and field.related_model:
                    yield config, model, field


def test_no_foreign_key_points_to_a_floor_above():
    upward = [
        f"{model.__name__}.{field.name}"
        for config, model, field in foreign_keys()
        if FLOORS.get(field.related_model._meta.app_config.name, -1) > FLOORS[config.name]
    ]
    assert upward == []


def test_apps_name_each_other_by_import_not_by_string():
    """A string such as "courses.Course" hides an import from the linter."""
    hidden = []
    pattern = re.compile(r"(?:ForeignKey|OneToOneField|ManyToManyField)\(\s*[\"'](\w+)\.")
    for config in OURS:
        for path in (ROOT / config.name).rglob("*.py"):
            if "migrations" not in path.parts:
                hidden += [f"{path.name}: {name}" for name in pattern.findall(path.read_text()) if name in FLOORS]
    assert hidden == []


def test_every_record_of_a_person_is_registered():
    """What knows a person tells the register of records, so that export, erasure and merging forget nothing."""
    known = {name for name, _record in registries.person_records}
    holding = {
        f"{model._meta.label}.{field.name}"
        for _config, model, field in foreign_keys()
        if field.related_model is Person and model not in (Person, User)
    }
    assert holding <= known


@pytest.mark.parametrize("config", OURS, ids=lambda config: config.name)
def test_files_are_rooms_of_the_plan(config):
    folder = ROOT / config.name
    odd = {path.stem for path in folder.glob("*.py")} - ROOMS - {"__init__", "settings", "wsgi"}
    if config.name in ("lib", "elearning"):
        return
    assert odd == set()
    for forbidden in ("utils", "helpers", "common", "misc", "services", "managers"):
        assert not list(folder.rglob(f"{forbidden}.py"))


def test_no_file_has_grown_past_comfort():
    long = {
        str(path.relative_to(ROOT)): lines
        for config in OURS
        for path in (ROOT / config.name).rglob("*.py")
        if "migrations" not in path.parts and (lines := len(path.read_text().splitlines())) > 400
    }
    assert long == {}


def test_money_and_scores_are_never_floats():
    floats = [
        f"{m.__name__}.{f.name}"
        for c in OURS
        for m in c.get_models()
        for f in m._meta.fields
        if isinstance(f, models.FloatField)
    ]
    assert floats == []


def test_what_answers_get_answers_head():
    """`require_GET` refuses HEAD, which link checkers and monitors send: `require_safe` takes both."""
    refusing = [
        str(path.relative_to(ROOT))
        for config in OURS
        for path in (ROOT / config.name).rglob("*.py")
        if re.search(r"require_GET\b|require_http_methods\(\[\"GET\", \"POST\"\]\)", path.read_text())
    ]
    assert refusing == []
