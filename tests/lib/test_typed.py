"""What is typed into a line of text is stored without what cannot be read."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from certificates.models import Issuer
from lib.typed import TypedField, key_of
from tests import cast

pytestmark = pytest.mark.once


def test_a_soft_line_break_is_a_blank_and_letters_are_composed():
    assert TypedField().clean("Ba\u0301nh\x0btráng\x01") == "Bánh tráng"


@pytest.mark.parametrize("typed", ["\x0b", "\x01", " "])
def test_what_cannot_be_seen_is_nothing(typed):
    with pytest.raises(ValidationError):
        TypedField().clean(typed)
    assert TypedField(required=False, empty_value=None).clean(typed) is None


@pytest.mark.django_db
def test_the_admin_keeps_names_so(client: Client):
    cast.award(cast.course())
    issuer = Issuer.objects.get()
    kept = {field.name: getattr(issuer, field.name) for field in Issuer._meta.fields if field.name != "id"}
    typed = {name: "" if value is None else value for name, value in kept.items()}
    admin = cast.client_of(cast.staff("administrator"))
    admin.post(f"/quan-tri/issuer/edit/{issuer.pk}/", typed | {"name": "Chi cục\x0bPhát triển"})
    issuer.refresh_from_db()
    assert issuer.name == "Chi cục Phát triển"


def test_line_ends_stay_where_they_are_asked_for():
    assert TypedField(lines=True).clean("một\r\nhai\x0b") == "một\nhai"


@pytest.mark.parametrize("value", [None, "", "abc", "-1", "9" * 5000, "12345678901234567890", "١", "１"])
def test_what_cannot_be_a_key_names_no_row(value):
    assert key_of(value) == 0


def test_a_key_is_read():
    assert key_of("12") == key_of(12) == 12
