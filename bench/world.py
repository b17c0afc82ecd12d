"""A scratch installation of the production settings: its folder, its environment, its database."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "var" / "bench"
BIN = Path(sys.executable).parent
IS_POSTGRES = os.environ.get("DATABASE_URL", "").startswith("postgres")
VAR = FOLDER / ("postgres" if IS_POSTGRES else "sqlite")

ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if name not in ("DEMO", "DEBUG", "REDIS_URL")},
    "VAR_DIR": str(VAR),
    "BASE_URL": "http://127.0.0.1",
    "SECRET_KEY": "only-for-the-benchmarks-of-this-folder",
    "DJANGO_SETTINGS_MODULE": "bench.settings",
    "SMS_CHANNEL": "messaging.channels.Console",
    "PYTHONWARNINGS": "ignore",
}


def python(*arguments: str, stdin: str = "") -> str:
    """Runs Python in the scratch installation; its errors are shown."""
    done = subprocess.run(  # noqa: S603
        [sys.executable, *arguments],
        cwd=ROOT,
        env=ENVIRONMENT,
        input=stdin,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout


def ask(module: str, **question: Any) -> Any:
    """Runs a module of this package in a process of its own, JSON in and JSON out (the last line that it prints)."""
    return json.loads(python("-m", f"bench.{module}", stdin=json.dumps(question)).splitlines()[-1])


def _fingerprint() -> str:
    hashed = hashlib.sha256()
    sources = [*ROOT.glob("*/migrations/*.py"), *ROOT.glob("demo/content/**/*.yaml"), ROOT / "requirements/base.txt"]
    for path in sorted(sources):
        hashed.update(path.read_bytes())
    return hashed.hexdigest()[:12]


def prepare() -> None:
    """Migrated, with the sample courses, and the style sheets and scripts of this moment."""
    shutil.rmtree(VAR, ignore_errors=True)
    _load()
    python("manage.py", "collectstatic", "--noinput", "-v", "0")


def _load() -> None:
    """On SQLite a copy of what an earlier run made, because migrations take a minute."""
    kept = FOLDER / f"prepared-{_fingerprint()}"
    if not IS_POSTGRES and kept.exists():
        shutil.copytree(kept, VAR)
        return
    VAR.mkdir(parents=True)
    for command in (["migrate", "-v", "0"], ["createcachetable"], ["load_courses"]):
        python("manage.py", *command)
    if not IS_POSTGRES:
        for old in FOLDER.glob("prepared-*"):
            shutil.rmtree(old)
        shutil.copytree(VAR, kept)
