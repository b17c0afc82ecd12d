"""Certificates signed by the key of `signed` in each way in which a file can hold them, and what the page and the command say of a file."""

import json
from collections.abc import Callable
from copy import deepcopy
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from certificates import actions, badging, public_views, verifying
from certificates.keys import kid_of
from certificates.models import Credential
from certificates.proofs import baking, integrity, keys
from tests import cast
from tests.conftest import made_for_a_file

from . import signed
from .test_baking import SVG, pdf, png

published = verifying.keys.published  # before a test puts another in its place
KID = kid_of(keys.raw(signed.PUBLIC))


def somebody_s_certificate():
    course = cast.course(lessons=1)
    cast.award(course)
    enrolment = cast.enrolment(cast.trainee(name="Trần Thị Út").person, course)
    cast.finish(enrolment)
    return actions.issue(enrolment_id=enrolment.pk, at=cast.NOW)


class Signer:
    kid, private = KID, signed.PRIVATE


def token(credential, private=signed.PRIVATE):
    return badging.token(credential, private, KID)


def document(credential, suite=integrity.RDFC):
    return badging.document(credential, signed.PRIVATE, KID, suite=suite)


WAYS: dict[str, Callable[[Credential], bytes]] = {
    "token": lambda one: token(one).encode(),
    "jcs": lambda one: json.dumps(document(one, integrity.JCS)).encode(),
    "rdfc": lambda one: json.dumps(document(one)).encode(),
    "png": lambda one: baking.into_png(png(), token(one)),
    "svg": lambda one: baking.into_svg(SVG, json.dumps(document(one), ensure_ascii=False)).encode(),
    "pdf": lambda one: pdf({"gcn.jwt": token(one).encode(), "gcn.json": json.dumps(document(one)).encode()}),
}
EACH_WAY = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)


def judged(data, **asked):
    return verifying.judge(data if isinstance(data, bytes) else data.encode(), now=timezone.now(), **asked)


def signed_by_one_key(made: Credential, monkeypatch: pytest.MonkeyPatch) -> Credential:
    """The only key of every issuer here is that of `signed`."""
    monkeypatch.setattr(verifying.keys, "published", lambda issuer: {KID: signed.PUBLIC})
    monkeypatch.setattr(public_views.keys, "signer", lambda issuer: Signer)
    return deepcopy(made)


def ask(data, name="gcn.jwt"):
    return Client().post("/c/tep/", {"file": SimpleUploadedFile(name, data)})


def commanded(path, *flags):
    out = StringIO()
    try:
        call_command("verify_credential", str(path), *flags, stdout=out)
    except SystemExit as end:
        return end.code, out.getvalue()
    return 0, out.getvalue()


@pytest.fixture
def credential(made_credential, db, monkeypatch):
    return signed_by_one_key(made_credential, monkeypatch)


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: cast.NOW)


made_credential = made_for_a_file(somebody_s_certificate)
