"""Jobs whose rows may fail: what fails for ever keeps nothing else waiting, however much of it there is."""

import logging
from datetime import timedelta

import pytest

from certificates import actions
from certificates.actions.turns import in_turn
from certificates.models import Credential, Issuer
from courses import actions as courses
from courses.models import Enrolment
from lib.refusals import Refusal
from tests import cast

pytestmark = pytest.mark.django_db
LATER = cast.NOW + timedelta(days=9)


def test_what_failed_comes_after_all_the_rest_and_the_longest_ago_first():
    tried, waiting = [], [1, 2, 3, 4, 5]

    def make(pk: int) -> int:
        tried.append(pk)
        if pk in (1, 2, 3):
            raise ValueError
        waiting.remove(pk)
        return pk

    assert [in_turn("issued", list(waiting), make, at_once=2) for _round in range(4)] == [0, 1, 1, 0]
    assert tried == [1, 2, 3, 4, 5, 1, 2, 3]


def test_what_comes_to_nothing_without_a_word_gives_way_as_well():
    tried = []
    for _round in range(3):
        assert in_turn("issued", [7, 8], tried.append, at_once=1) == 0
    assert tried == [7, 8, 7]


def test_what_was_mended_is_made_and_reasons_are_told_once(caplog):
    def refuse(pk: int) -> None:
        raise Refusal("Chưa được")

    with caplog.at_level(logging.WARNING):
        assert in_turn("issued", [1, 2], refuse) == 0
    assert "2 certificates could not be issued: Chưa được" in caplog.text
    assert in_turn("issued", [1, 2], lambda pk: pk) == 2


def test_two_jobs_do_not_share_their_turns():
    tried = []
    in_turn("issued", [1], tried.append)
    in_turn("renewed", [2, 1], tried.append, at_once=1)
    assert tried == [1, 2]


@pytest.fixture
def two():
    """Finished by two people; what the first of them earns cannot be made."""
    broken, sound = cast.course(lessons=1), cast.course(lessons=1, slug="khac", title="Khác")
    cast.award(broken)
    cast.award(sound, code="KHÁC")
    found = []
    for number, course in enumerate((broken, sound)):
        enrolment = cast.enrolment(cast.trainee("Lê Ba", f"091234567{number}").person, course)
        cast.finish(enrolment)
        found.append(enrolment)
    return found


def break_the_first() -> None:
    Issuer.objects.filter(code="MẪU").update(number_pattern="{seq}/{day}")


def test_one_that_cannot_be_issued_does_not_fill_every_round(two):
    break_the_first()
    assert [actions.issue_missing(at=cast.NOW, at_once=1) for _round in range(3)] == [0, 1, 0]
    assert Credential.objects.get().enrolment == two[1]


def test_one_that_cannot_be_renewed_does_not_either(two, monkeypatch):
    actions.issue_missing(at=cast.NOW)
    for enrolment in Enrolment.objects.order_by("pk"):
        courses.begin_renewal(enrolment=enrolment, at=LATER)
        courses.complete_activity(enrolment=enrolment, activity=enrolment.course.activities.get(), at=LATER)
    break_the_first()
    monkeypatch.setitem(in_turn.__kwdefaults__, "at_once", 1)
    assert [actions.renew_missing(at=LATER) for _round in range(3)] == [0, 1, 0]
