"""Every colour that may be chosen can be read on white, and colours drawings and letters alike."""

import re

import pytest

from certificates.designing import accents
from certificates.rendering.printing import OF_LOOK, _file

pytestmark = pytest.mark.once


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("accent", accents.ACCENTS)
def test_letters_in_every_colour_have_contrast_on_white(accent):
    dark = accents.recoloured("#0f5145", accent)
    assert 1.05 / (luminance(dark) + 0.05) >= 7
    assert 1.05 / (luminance("#b98a3d") + 0.05) < 4.5  # the ochre of the border would not do


@pytest.mark.parametrize("accent", [name for name in accents.ACCENTS if name != accents.GREEN])
def test_no_green_is_left_in_another_colour(accent):
    names = {"certificate.css", *(name for names in OF_LOOK.values() for name in names)}
    for name in names:
        css = _file(name, accent).decode()
        assert "#0f5145" not in css
        drawings = re.findall(r"print:([\w-]+)/", css)
        assert set(drawings) <= {f"svg-{accent}"}
    assert b"#0f5145" in _file("svg/border-frame.svg")
    assert b"#0f5145" not in _file("svg/border-frame.svg", accent)
