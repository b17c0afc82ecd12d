"""Scripts as phones get them: linked by the names of their content, without what is written for their readers."""

import re

import pytest
from django.core.management import call_command
from django.test import override_settings
from whitenoise.storage import CompressedManifestStaticFilesStorage

from elearning.static import LinkedScripts
from tests.conftest import ROOT

pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("static")
    storages = {"staticfiles": {"BACKEND": "elearning.static.LinkedScripts", "OPTIONS": {"location": folder}}}
    storages["default"] = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    with override_settings(STORAGES=storages, STATICFILES_DIRS=[ROOT / "static"], INSTALLED_APPS=[
        "django.contrib.staticfiles"
    ], STATICFILES_FINDERS=["django.contrib.staticfiles.finders.FileSystemFinder"]):  # fmt: skip
        call_command("collectstatic", interactive=False, verbosity=0)
    found = {path.name: path.read_text() for path in (folder / "js").glob("*.js")}
    return {name: text for name, text in found.items() if re.search(r"\.[0-9a-f]{12}\.js$", name)}


def test_each_is_served_once_under_the_name_of_its_content(served):
    plain = {re.sub(r"\.[0-9a-f]{12}\.js$", "", name) for name in served}
    assert plain == {path.stem for path in (ROOT / "static" / "js").glob("*.js")}


def test_they_find_each_other_by_those_names(served):
    imports = {name for text in served.values() for name in re.findall(r'from "\./([^"]+)"', text)}
    assert imports
    assert imports <= served.keys()


def test_no_line_is_a_comment_and_nothing_else_is_lost(served):
    comments = 0
    for path in (ROOT / "static" / "js").glob("*.js"):
        lines = path.read_text().splitlines()
        code = [line for line in lines if not line.lstrip().startswith("//")]
        comments += len(lines) - len(code)
        (text,) = [text for name, text in served.items() if re.fullmatch(rf"{path.stem}\.[0-9a-f]{{12}}\.js", name)]
        assert re.sub(r"\.[0-9a-f]{12}\.js", ".js", text).splitlines() == code
    assert comments > 50


def test_the_address_of_a_file_is_looked_up_once_in_a_process(monkeypatch):
    looked_up: list[str] = []

    def look_up(self, name, force=False):
        looked_up.append(name)
        return f"/static/{name}"

    monkeypatch.setattr(CompressedManifestStaticFilesStorage, "url", look_up)
    storage = LinkedScripts(location="/nowhere")
    assert [storage.url("js/app.js") for _twice in range(2)] == ["/static/js/app.js"] * 2
    assert looked_up == ["js/app.js"]
    storage.url("js/app.js", force=True)
    assert looked_up == ["js/app.js"] * 2, "while files are collected nothing is taken as known"
