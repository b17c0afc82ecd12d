"""The register sorted and narrowed, on both databases: each sorts what is empty in its own way."""

from datetime import timedelta

import pytest

from accounts.viewsets.subjects import today
from tests import cast
from tests.accounts.test_register_of_subjects import manager, names, product, subject

pytestmark = pytest.mark.django_db


def test_what_runs_out_first_comes_first_and_what_has_no_day_last():
    soon, bare, later = subject("Sắp hết"), subject("Không sản phẩm"), subject("Còn lâu")
    (
        product(soon, stars=3, until=today() + timedelta(days=10)),
        product(later, stars=5, until=today() + timedelta(days=400)),
    )
    officer = manager()
    assert names(officer, "?ordering=ends_on") == [soon.name, later.name, bare.name]
    assert names(officer, "?ordering=-best") == [later.name, soon.name, bare.name]
    assert names(officer, "?valid=soon&stars=3&trained=no&state=open&q=sap") == [soon.name]


def test_search_by_product():
    product(cast.person(subject_name="HTX Mắm").subject, "Mắm tôm"), subject()
    assert names(manager(), "?q=mam tom") == ["HTX Mắm"]
