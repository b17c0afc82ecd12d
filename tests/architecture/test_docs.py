"""What the documents promise is there: links, commands, variables, a README for every app."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from .test_house import FLOORS

pytestmark = pytest.mark.once

ROOT = Path(__file__).parents[2]
NOT_OURS = {".venv", ".venv-uv", "var", "node_modules"}
PAGES = [path for path in sorted(ROOT.rglob("*.md")) if not NOT_OURS & set(path.relative_to(ROOT).parts)]
LINK = re.compile(r"\]\(([^)\s]+)\)|src=\"([^\"]+)\"")
SCREENSHOTS = {"docs/screenshots/lesson-360.png", "docs/screenshots/board-1280.png"}
MADE_LATER = re.compile(r"^docs/screenshots/[\w-]+\.png$")


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def links(page: Path) -> list[str]:
    found = [one or other for one, other in LINK.findall(page.read_text(encoding="utf-8"))]
    return [link for link in found if not link.startswith(("http:", "https:", "mailto:"))]


def anchors(page: Path) -> set[str]:
    """The anchors that headings make: lower case, blanks as dashes, other marks dropped."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    broken = []
    for link in links(page):
        name, _hash, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if target.is_relative_to(ROOT) and MADE_LATER.match(str(target.relative_to(ROOT))):
            continue
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


def test_the_pages_were_found():
    assert ROOT / "README.md" in PAGES
    assert any(links(page) for page in PAGES)


@pytest.mark.parametrize("name", ["README.md", "README.vi.md"])
def test_the_readme_shows_the_two_pictures(name):
    assert set(links(ROOT / name)) >= SCREENSHOTS


@pytest.mark.parametrize("app", sorted(name for name in settings.INSTALLED_APPS if name in FLOORS))
def test_every_app_of_ours_has_a_readme_that_the_index_names(app):
    assert (ROOT / app / "README.md").exists()
    assert f"../{app}/README.md" in text_of("docs/README.md")


def test_every_decision_is_in_the_index():
    index = text_of("docs/README.md")
    assert [path.name for path in (ROOT / "docs" / "decisions").glob("*.md") if path.name not in index] == []


@pytest.mark.parametrize("name", ["README.md", "README.vi.md"])
def test_commands_of_the_readme_exist(name):
    targets = set(re.findall(r"^([\w-]+):(?!=)", text_of("Makefile"), re.MULTILINE))
    named = set(
        re.findall(r"\bmake ([a-z][a-z-]+)", "\n".join(re.findall(r"`[^`]+`|```.+?```", text_of(name), re.DOTALL)))
    )
    assert {"demo", "test"} <= named
    assert named <= targets


@pytest.mark.parametrize("name", ["docs/how-to/operator.md", "docs/how-to/operator.vi.md"])
def test_every_variable_of_the_settings_is_explained(name):
    said = text_of("elearning/settings.py") + text_of("messaging/settings.py") + text_of("accounts/settings.py")
    read = set(re.findall(r"environ(?:\.get\(|\[)\s*\"(\w+)\"", said))
    assert {"SECRET_KEY", "BASE_URL", "SMS_CHANNEL", "SMS_GATEWAY_URL"} <= read
    assert sorted(variable for variable in read if f"`{variable}`" not in text_of(name)) == []
