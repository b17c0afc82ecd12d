"""What the server gives for a quiz page that is opened without a network: a shell and a worker in which nobody's things are."""

import json
import re
import time

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from django.utils import translation

from lib import workers
from quizzes import offline
from tests import cast
from tests.conftest import ROOT

pytestmark = [pytest.mark.django_db, pytest.mark.once]
SHELL, WORKER = "/kiem-tra/luot/ngoai-mang/", "/kiem-tra/luot/ngoai-mang.js"
IMPORTED = re.compile(r"""(?:from |import\()"\./(\w+)\.js\"""")


def told(path: str = WORKER) -> dict:
    return json.loads(re.match(r"self\.shell = (\{.*\});\n", Client().get(path).text)[1])


def test_the_shell_is_the_same_for_everybody_and_asks_the_database_nothing(django_assert_num_queries):
    somebody = cast.client_of(cast.trainee("Nguyễn Thị Canary"))
    somebody.cookies["text_size"], somebody.cookies["theme"] = "large", "dark"
    own = somebody.get(SHELL)
    with django_assert_num_queries(0):
        anybodys = Client().get(SHELL)
    assert own.content == anybodys.content
    assert "Canary" not in own.text
    assert "csrfmiddlewaretoken" not in own.text
    assert not own.cookies
    assert anybodys.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(("prefix", "said"), [("", "Chưa kết nối được"), ("/en", "Not connected")])
def test_each_language_has_its_own_for_its_own_attempts(prefix: str, said: str):
    assert f"<h1>{said}</h1>" in Client().get(prefix + SHELL).text
    assert told(prefix + WORKER)["shell"] == prefix + SHELL
    with translation.override("en" if prefix else "vi"):
        attempt = reverse("quizzes:item", args=[1, 1])
    assert attempt.startswith((prefix + WORKER).removesuffix("ngoai-mang.js")), "a worker answers below its own address"
    assert not (prefix + "/kiem-tra/x/bat-dau/").startswith((prefix + WORKER).removesuffix("ngoai-mang.js"))


def test_it_says_nothing_of_the_network_that_is_not_true_of_a_server_that_fails_too():
    said = Client().get(SHELL).text.lower()
    assert said.count("chưa có mạng") == said.count("chưa có mạng hoặc hệ thống đang trục trặc") > 0


def test_the_worker_is_a_script_that_takes_no_page_along_but_the_shell():
    answer = Client().get(WORKER)
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert all(path.startswith("/static/") for path in told()["files"])


def test_every_file_is_there_and_none_that_the_shell_needs_is_missing():
    assert [name for name in offline.FILES + offline.OF_SOME if finders.find(name) is None] == []
    needed, known = {"app", "offline"}, set()
    while needed - known:
        name = (needed - known).pop()
        known.add(name)
        needed |= set(IMPORTED.findall((ROOT / "static" / "js" / f"{name}.js").read_text()))
    assert known == {*offline.SCRIPTS, "clock", "whole"}


def test_another_file_or_another_shell_makes_another_worker(monkeypatch):
    before = told()["cache"]
    assert told()["cache"] == before
    assert told("/en" + WORKER)["cache"].startswith("quiz-en-")
    with monkeypatch.context() as patch:
        patch.setattr(workers, "_drawn", lambda template: "another")
        assert told()["cache"] != before
    monkeypatch.setattr(workers, "static", lambda name: f"/static/{name}?another")
    assert told()["cache"] != before


@pytest.mark.parametrize(("is_shared", "seconds"), [(False, 3 * 24 * 3600), (True, 3600)])
def test_a_page_says_how_long_its_device_may_keep_it_on_a_shared_one_no_longer_than_its_session(
    taking, is_shared: bool, seconds: int
):
    session = taking.client.session
    session.update({"is_shared_device": is_shared, "shared_seen_at": time.time()})
    session.save()
    assert f'data-worker="{WORKER}" data-lasts="{seconds}"' in taking.client.get(taking.path("cau/1/")).text


def test_only_a_running_attempt_asks_for_the_worker_and_one_that_is_over_lets_its_page_go(taking):
    assert "finished" not in taking.client.get(taking.path("cau/1/")).text
    taking.client.post(taking.path("nop/"))
    page = taking.client.get(taking.path("ket-qua/")).text
    assert f'data-finished="{taking.attempt.pk}"' in page
    assert "js/finished" in page
    assert "data-worker" not in page
