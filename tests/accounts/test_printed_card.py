"""A printed card says until which day it works, and works until that day is over."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from accounts import actions
from accounts.models import Person
from lib.refusals import Refusal
from tests import cast

pytestmark = pytest.mark.django_db
EVENING_IN_LONDON = datetime(2026, 3, 9, 21, 22, tzinfo=UTC)  # already the tenth in Vietnam
LAST_MINUTE = datetime(2026, 3, 24, 16, 59, tzinfo=UTC)


def issued():
    return actions.issue_card(person=cast.person(), by=cast.staff("manager", cast.commune()), at=EVENING_IN_LONDON)


def test_it_names_its_last_day_and_an_address_that_can_be_typed():
    officer = cast.client_of(cast.staff("manager", cast.commune()))
    page = officer.post(f"/quan-tri/nguoi/{cast.person().pk}/phieu/").text
    assert f"{timezone.localdate() + timedelta(days=14):%d/%m/%Y}" in page
    assert '<b class="card__address">' in page
    assert "14 ngày" not in page


def test_it_works_in_the_last_minute_of_that_day():
    assert f"{actions.last_day_of_card(EVENING_IN_LONDON):%d/%m/%Y}" == "24/03/2026"
    assert actions.use_card(code=issued(), at=LAST_MINUTE)


def test_after_midnight_it_is_refused():
    code = issued()
    with pytest.raises(Refusal, match="hết hạn"):
        actions.use_card(code=code, at=LAST_MINUTE + timedelta(minutes=1))


def test_a_card_of_somebody_written_down_twice_is_refused_once_the_two_are_one():
    """Else it would open a second log-in for the person who no longer stands for anybody."""
    code, person = issued(), Person.objects.get()
    Person.objects.filter(pk=person.pk).update(merged_into=cast.person("Trần Thị Út Lớn"))
    with pytest.raises(Refusal):
        actions.use_card(code=code, at=EVENING_IN_LONDON)
