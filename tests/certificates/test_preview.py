"""The page beside the form is the real one, and says what does not fit."""

from base64 import b64decode

import pytest
from PIL import Image

from certificates.designing import samples, standard
from certificates.models import Template
from certificates.rendering.fitting import problems
from tests import cast

from .test_templates import ROOM, as_form, words

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def admin():
    return cast.client_of(cast.staff("administrator"))


def test_the_preview_is_a_picture_of_the_page_under_the_strict_policy(admin):
    import io

    template = Template.objects.get(look="formal")
    address = f"{ROOM}/preview/{template.pk}/"
    assert admin.post(address, as_form(template, accent="blue")).json() == {"is_valid": True, "is_available": True}
    shown = admin.get(f"{address}?mode=long&in_preview_panel=true")
    assert "Chưa vừa trang" not in shown.text
    drawn = shown.text.split("data:image/jpeg;base64,")[1].split('"')[0].replace("&#x3D;", "=")
    picture = Image.open(io.BytesIO(b64decode(drawn)))
    assert picture.width == 1600
    assert admin.get(f"{address}?mode=<b>").status_code == 200  # a case that there is none
    policy = shown["Content-Security-Policy"]
    assert "'unsafe-inline'" not in policy
    assert "img-src 'self' data:" in policy


def test_the_preview_and_saving_say_what_does_not_fit(admin):
    template = Template.objects.get(look="formal")
    lines = [{"type": "line", "value": {"text": "Dòng dài " * 18, "text_en": "", "style": "strong"}}] * 4
    form = as_form(template, parts=[*standard("formal").parts, *lines])
    address = f"{ROOM}/preview/{template.pk}/"
    admin.post(address, form)
    assert "Chữ ở giữa chạm vào mã QR." in admin.get(f"{address}?mode=usual").text
    saved = admin.post(f"{ROOM}/edit/{template.pk}/", form, follow=True)
    assert "Chưa vừa trang với trường hợp “tên dài nhất”" in saved.text


@pytest.mark.parametrize("look", ["formal", "warm", "plain"])
@pytest.mark.parametrize("language", ["vi", "en", "both"])
def test_the_ready_designs_hold_every_case(look, language):
    found = {case: said for case in samples.OTHERS if (said := problems(standard(look, language), case))}
    assert found == {}


def test_a_printed_sample_always_carries_the_mark(admin, settings):
    settings.DEMO = False
    template = Template.objects.get(look="warm")
    for case, _label in samples.MODES:
        printed = admin.get(f"/quan-tri/mau-giay/{template.pk}/in-thu/?truong-hop={case}")
        assert printed["Content-Type"] == "application/pdf"
        assert "BẢN MẪU" in words(printed.content).upper()
    assert admin.get(f"/quan-tri/mau-giay/{template.pk}/in-thu/?truong-hop=../..").status_code == 200
