"""The production settings with fast hashing, no manifest and a quiet outbox."""

import os

os.environ.setdefault("DEMO", "1")
# Playwright's event loop lives in the thread of the tests; there is no concurrency in it for Django to guard against.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

from elearning.settings import *  # noqa: F403
from elearning.settings import DATABASES, STORAGES, VAR_DIR

SECRET_KEY = "only-for-tests"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
# Each process of a test run has its own: what one publishes would empty the caches that another is counting queries of.
# So has each database: both are tested side by side.
STORE = DATABASES["default"]["ENGINE"].rpartition(".")[2]
VAR_DIR = VAR_DIR / "tests" / f"{STORE}-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
CERTIFICATE_KEYS = VAR_DIR / "keys"
STORAGES["certificates"] = {
    "BACKEND": "django.core.files.storage.FileSystemStorage",
    "OPTIONS": {"location": VAR_DIR / "certificates"},
}
