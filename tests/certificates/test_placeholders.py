"""What a designer types is printed as typed, but for an allow-list of placeholders (threat C4)."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from certificates.blocks import LineBlock, WordsBlock
from certificates.designing import PLACEHOLDERS, fill, unknown

pytestmark = pytest.mark.once

VALUES = {"name": "Nguyễn Thị {number}", "number": "0001/GCN"}
LITERAL = [
    "{{x.__class__}}", "{{ name }}", "{{name}}", "{% include '/etc/passwd' %}", "{x.__class__}", "{name!r:>99999999}", "{name.real}",
    "{0}", "%(name)s", "${name.x}", "<b>đậm</b>", "<style>*{color:red;}</style>", "@import url(http://127.0.0.1/)",
    "url(file:///etc/passwd)", "</p><script>alert(1)</script>", "&amp;", "{}", "{ }", "{name", "name}",
]  # fmt: skip


@pytest.mark.parametrize("typed", LITERAL)
def test_everything_that_is_no_placeholder_stays_as_it_was_typed(typed):
    assert fill(typed, VALUES) == typed


def test_a_placeholder_is_filled_in_once_and_what_it_brings_is_not_read_again():
    assert fill("{name} – {number}", VALUES) == "Nguyễn Thị {number} – 0001/GCN"


@given(st.text(alphabet="{}%na me.|_x"))
def test_nothing_but_values_of_the_list_ever_comes_in(text):
    filled = fill(text, dict.fromkeys(PLACEHOLDERS, "†"))
    assert filled.replace("†", "") in text or "{" in text
    assert "†" not in filled or any("{" + name in text.replace(" ", "") for name in PLACEHOLDERS)


def test_an_unknown_placeholder_is_refused_with_a_sentence():
    assert unknown("{ten} {name} {{ten}}") == ["{ten}"]
    with pytest.raises(ValidationError, match=r"\{ten\} không có trong danh sách"):
        WordsBlock(max_length=200).clean("Chứng nhận {ten}")
    assert WordsBlock(max_length=200).clean("Chứng nhận {name}") == "Chứng nhận {name}"


def test_a_megabyte_of_text_is_refused():
    with pytest.raises(ValidationError):
        LineBlock().clean({"text": "a" * 1_000_000, "text_en": "", "style": "normal"})
