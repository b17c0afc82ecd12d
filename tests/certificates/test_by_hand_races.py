"""One list that is confirmed by several at the same moment."""

import pytest

from certificates import personal
from certificates.models import Award, Credential, WorkshopList
from tests import cast
from tests.racing import at_once

from .test_by_hand import HERE, issued, planned


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_of_four_confirmations_at_once_one_writes():
    award = cast.award(cast.course(lessons=1))
    organiser = cast.staff("organiser", cast.province())
    plan = planned(award, organiser, f"Lê Ba\t1980\t\t\t{HERE}", f"Lê Tư\t1981\t\t\t{HERE}")
    results = at_once(*[lambda: issued(award, organiser, plan) for _press in range(4)])
    assert sum(is_new for _made, is_new in results) == 1
    assert (Award.objects.count(), Credential.objects.count(), WorkshopList.objects.count()) == (1, 2, 1)
    assert personal.violations() == []
