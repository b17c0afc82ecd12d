"""A command beside a running demo prints that demo's address on papers, which would disown any other."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SERVED = "http://localhost:8640"


def base_url(folder: Path, **environment: str) -> str:
    """What a command finds in its settings."""
    kept = {
        name: value for name, value in os.environ.items() if name not in ("BASE_URL", "DEMO", "DJANGO_SETTINGS_MODULE")
    }
    said = subprocess.run(
        [sys.executable, "-c", "from elearning import settings; print(settings.BASE_URL)"],
        cwd=ROOT, env=kept | {"VAR_DIR": str(folder)} | environment, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return said.stdout.strip()


@pytest.fixture
def folder(tmp_path) -> Path:
    (tmp_path / "address").write_text(f"{SERVED}\n")
    return tmp_path


def test_it_is_the_one_that_the_demo_left(folder):
    assert base_url(folder, DEMO="1") == SERVED


def test_what_the_environment_says_goes_before(folder):
    assert base_url(folder, DEMO="1", BASE_URL="http://192.0.2.7:8001/") == "http://192.0.2.7:8001"


def test_a_site_that_is_no_demo_does_not_look(folder):
    assert base_url(folder, SECRET_KEY="only-for-tests") == "http://localhost:8000"


def test_where_no_demo_ran_it_is_the_usual_one(tmp_path):
    assert base_url(tmp_path, DEMO="1") == "http://localhost:8000"


def test_the_demo_leaves_the_address_that_it_serves_under(tmp_path):
    """The script as it is, in a house where the commands and the server do nothing."""
    for place in ("script", "requirements", "elearning", "static", ".venv/bin"):
        (tmp_path / place).mkdir(parents=True)
    shutil.copy(ROOT / "script/demo", tmp_path / "script/demo")
    for source in ("requirements/base.txt", "elearning/settings.py", "static/empty.css"):
        (tmp_path / source).touch()
    inner = {"python": f'[ "$1" != - ] || exec {sys.executable} "$@"', "honcho": ""}
    for name, line in inner.items():
        program = tmp_path / ".venv/bin" / name
        program.write_text(f"#!/bin/sh\n{line}\n")
        program.chmod(0o755)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    kept = {name: value for name, value in os.environ.items() if name not in ("BASE_URL", "VAR_DIR", "PREPARE_ONLY")}
    environment = kept | {"HOST": "127.0.0.1", "PORT": port}

    subprocess.run(  # noqa: S603
        [tmp_path / "script/demo"], env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )

    assert base_url(tmp_path / "var/demo", DEMO="1") == f"http://localhost:{port}"
