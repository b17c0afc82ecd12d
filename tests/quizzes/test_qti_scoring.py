"""What QTI items are scored by: rules of their own are not carried over silently."""

import pytest

from quizzes.formats import qti

from .test_qti import choice, correct, item, response

pytestmark = pytest.mark.once

KEY = response("single", "identifier", correct("A"))
OWN = "responseProcessing"


def rule(condition: str, outcome: str = "SCORE") -> str:
    branch = f'<responseIf>{condition}<setOutcomeValue identifier="{outcome}"/></responseIf>'
    return f"<responseProcessing><responseCondition>{branch}</responseCondition></responseProcessing>"


def losses(condition: str, outcome: str = "SCORE") -> list[str]:
    parsed = qti.read(item(choice(), KEY, more=rule(condition, outcome)))
    assert parsed.refusals == []
    return [problem.reason for problem in parsed.problems if OWN in problem.reason]


SPELLED = '<match><variable identifier="R"/><baseValue baseType="identifier">B</baseValue></match>'


@pytest.mark.parametrize(
    "condition",
    [
        SPELLED,
        '<not><stringMatch><variable identifier="R"/><variable identifier="S"/></stringMatch></not>',
        '<lte><baseValue>3</baseValue><variable identifier="R"/></lte>',
        '<substring><baseValue>muối</baseValue><variable identifier="R"/></substring>',
        '<equal><variable identifier="R"/><divide><baseValue>7</baseValue><baseValue>2</baseValue></divide></equal>',
    ],
)
def test_a_rule_that_asks_for_more_than_the_key_is_told(condition):
    assert len(losses(condition)) == 1


def test_being_the_key_being_mapped_and_a_message_for_one_choice_are_no_rules_of_their_own():
    assert losses('<match><variable identifier="R"/><correct identifier="R"/></match>') == []
    assert losses('<match><mapResponse identifier="R"/><baseValue>2</baseValue></match>') == []
    assert losses(SPELLED, "FEEDBACK") == []


def test_a_pair_whose_picture_is_not_in_the_file_is_refused():
    def group(*words: str) -> str:
        rows = (f'<simpleAssociableChoice identifier="{one[0]}">{one[1:]}</simpleAssociableChoice>' for one in words)
        return f"<simpleMatchSet>{''.join(rows)}</simpleMatchSet>"

    asked = group("Amuối", 'B<img src="a.png" alt=""/>') + group("Cmặn", "Dngọt")
    body = f'<matchInteraction responseIdentifier="R"><prompt>Ghép</prompt>{asked}</matchInteraction>'
    (problem,) = qti.read(item(body, response("multiple", "directedPair", correct("A C", "B D")))).refusals
    assert "chỉ có hình" in problem.reason
