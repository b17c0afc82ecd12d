"""The picture beside a shared address: drawn once, light, with room for the longest names, and thrown away with its page."""

import io
import re
from pathlib import Path

import pytest
from django.test import Client
from PIL import Image

from certificates import actions
from certificates.designing import samples
from certificates.models.copies import private
from certificates.rendering import lettering, previews

from .shown import address, seen

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def picture(of):
    return Client().get(address(of, "anh.jpg"))


def kept(of) -> Path:
    return Path(private().path(f"shown/{of.code}.jpg"))


def test_zalo_and_facebook_are_told_of_it(shown, settings):
    settings.BASE_URL = "https://hoc.example"
    told = dict(re.findall(r'<meta (?:property|name)="((?:og|twitter):[^"]+)" content="([^"]*)">', seen(shown).text))
    assert told["og:image"] == f"https://hoc.example{address(shown)}anh.jpg"
    assert (told["og:image:width"], told["og:image:height"]) == ("1200", "630")
    assert told["og:url"] == f"https://hoc.example{address(shown)}"
    assert told["og:locale"] == "vi_VN"
    assert told["twitter:card"] == "summary_large_image"
    assert told["og:title"] == "Bản mẫu: Trần Thị Út đã hoàn thành “Kể câu chuyện sản phẩm”"
    assert "Văn phòng Mẫu".casefold() in told["og:description"].casefold()


def test_it_is_as_large_as_they_ask_for_and_light(shown):
    answer = picture(shown)
    image = Image.open(io.BytesIO(answer.content))
    assert (image.format, image.size) == ("JPEG", (1200, 630))
    assert len(answer.content) < previews.MOST
    assert answer["Cache-Control"] == "public, max-age=3600"
    assert answer["X-Robots-Tag"] == "noindex"


def test_it_is_drawn_once(shown, monkeypatch):
    first = picture(shown).content
    monkeypatch.setattr(previews, "drawn", None)
    assert picture(shown).content == first == kept(shown).read_bytes()


def test_it_goes_with_its_page(shown, django_capture_on_commit_callbacks):
    picture(shown)
    assert kept(shown).exists()
    with django_capture_on_commit_callbacks(execute=True):
        actions.hide(credential=shown, person=shown.person, at=shown.issued_at)
    assert not kept(shown).exists()
    assert picture(shown).status_code == 404


def test_there_is_none_before_the_page_is_switched_on(holding):
    assert picture(holding).status_code == 404
    assert not kept(holding).exists()


@pytest.mark.parametrize("is_demo", [True, False])
def test_the_mark_of_a_specimen_stands_on_it_in_the_demo(shown, settings, is_demo):
    shown.is_specimen, settings.DEMO = False, is_demo
    assert ("KHÔNG CÓ GIÁ TRỊ" in previews._page(shown)) == is_demo


@pytest.mark.parametrize("case", ["long", "short", "worst", "khmer_name"])
def test_every_name_and_course_has_room(shown, case):
    shown.evidence |= samples.evidence(case)
    page = previews._page(shown)
    name = lettering.fitted(
        shown.evidence["name"], previews.NAME_SIZES, wide=previews.WIDE, tall=145, font=lettering.SERIF
    )
    assert " ".join(name.lines) == shown.evidence["name"]
    assert "…" not in page
    assert all(lettering.width(line, name.size, lettering.SERIF) <= previews.WIDE for line in name.lines)


def test_words_of_a_hostile_name_are_words(shown):
    shown.evidence["name"] = '<img src="http://127.0.0.1:9/x.png">'
    assert '<img src="http' not in previews._page(shown)
