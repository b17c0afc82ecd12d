"""What the operator set of another issuer: half of it is told before the server starts, and none of it costs anything."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as production
from django.core import checks
from django.test import Client

from accounts.checks import the_issuer_is_whole

from .oidc import BEGIN, START

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]
WHOLE = {"issuer": "https://vneid.vi-du.vn", "client_id": "a", "client_secret": "b", "name": "VNeID"}
LOADED = """
import sys, django
django.setup()
from django.urls import get_resolver
get_resolver().url_patterns
import elearning.wsgi
print(sorted(name for name in ("authlib", "joserfc.jwt") if name in sys.modules))
"""


@pytest.mark.parametrize("left_out", WHOLE)
def test_half_of_it_is_named(settings, left_out):
    settings.OIDC = settings.OIDC | WHOLE | {left_out: ""}
    [problem] = the_issuer_is_whole()
    assert f"OIDC_{left_out.upper()}" in problem.msg
    assert problem.level == checks.ERROR
    assert Client().get(BEGIN).status_code == 404  # and nothing half-working is offered


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"issuer": "http://vneid.vi-du.vn"}, "https://"),
        ({"issuer": "vneid.vi-du.vn"}, "https://"),
        ({"issuer": "https://vneid.vi-du.vn?x=1"}, "https://"),
        ({"issuer": "https://vneid.vi-du.vn/.well-known/openid-configuration"}, "/.well-known/"),
        ({"issuer": "https://vneid.vi-du.vn/" + "a" * 200}, "OIDC_ISSUER"),
        ({"name": "V" * 41}, "OIDC_NAME"),
        ({"hosts": "https://login.vi-du.vn"}, "OIDC_HOSTS"),
        ({"hosts": "a; script-src *"}, "OIDC_HOSTS"),
        ({"claim_phone_verified": "phone_number"}, "OIDC_CLAIM_PHONE_VERIFIED"),
    ],
)
def test_what_cannot_be_is_named(settings, wrong, said):
    settings.OIDC = settings.OIDC | WHOLE | wrong
    [problem] = the_issuer_is_whole()
    assert said in problem.msg


@pytest.mark.parametrize(
    "more", [{}, {"issuer": "http://127.0.0.1:9400"}, {"hosts": "login.vi-du.vn dang-nhap.vi-du.vn:8443"}]
)
def test_a_whole_one_and_none_are_fine(settings, more):
    settings.OIDC = settings.OIDC | WHOLE | more
    assert the_issuer_is_whole() == []
    settings.OIDC = settings.OIDC | dict.fromkeys(WHOLE, "")
    assert the_issuer_is_whole() == []


def test_forms_lead_to_no_other_site_without_an_issuer():
    assert production.SECURE_CSP["form-action"] == ["'self'"]
    assert "form-action 'self';" in Client().get("/tai-khoan/phieu-ma/").headers["Content-Security-Policy"] + ";"


def loaded(**environment: str) -> tuple[str, str]:
    """What a server has loaded when it is up, and where forms may lead."""
    code = LOADED + "from django.conf import settings\nprint(settings.SECURE_CSP['form-action'])"
    known = {name: value for name, value in os.environ.items() if not name.startswith("OIDC_")}
    known |= {"DJANGO_SETTINGS_MODULE": "tests.settings"} | environment
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=known, capture_output=True, text=True, check=True)  # noqa: S603
    first, second = done.stdout.splitlines()[-2:]
    return first, second


def test_a_server_loads_nothing_of_the_protocol_before_somebody_asks():
    assert loaded()[0] == "[]"
    modules, forms = loaded(OIDC_ISSUER="https://vneid.vi-du.vn:8443/oidc", OIDC_HOSTS="login.vi-du.vn")
    assert modules == "[]"
    assert "https://vneid.vi-du.vn:8443" in forms
    assert "https://login.vi-du.vn" in forms


def test_the_button_is_called_as_the_operator_says_and_nothing_else(settings):
    settings.OIDC = settings.OIDC | WHOLE | {"name": "Cổng <b>tỉnh</b>"}
    page = Client().get(START).text
    assert "Đăng nhập bằng Cổng &lt;b&gt;tỉnh&lt;/b&gt;" in page
