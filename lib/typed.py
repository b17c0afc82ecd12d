"""The field for what is typed into a line of text."""

from typing import Any

from django import forms

from . import text


class TypedField(forms.CharField):
    """As every text is stored: Word's soft line break and its like come with a paste, and no workbook takes them."""

    def to_python(self, value: Any) -> str | None:
        return text.nfc(super().to_python(value) or "") or self.empty_value
