"""The demo's register of subjects: invented, with stars of which some run out, written once."""

from datetime import timedelta

import pytest

from accounts.models import Product, Subject
from demo import content, subjects
from lib import dates
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def load():
    return list(subjects.load(now=cast.NOW, words=content.read(content.CONTENT / "people.yaml"), seed=2026))


@pytest.fixture
def trainees():
    return [
        cast.person(f"Học Viên Số {'ABCDEFGH'[n]}", subject_name=f"Tôm khô {n} (mẫu)", is_demo=True) for n in range(8)
    ]


def test_some_of_the_trainees_subjects_are_confirmed_and_some_nobody_has_signed_up_of(trainees):
    load()
    rows = Subject.objects.all()
    assert rows.filter(is_confirmed=True, people__isnull=False).count() == 8
    assert rows.filter(people=None).count() == subjects.WITHOUT_TRAINEES + 1
    assert {one.place.province.name for one in rows} == {"Cà Mau"}
    assert rows.filter(place=cast.commune(), people=None).exists()


def test_some_stars_run_out_within_half_a_year_and_all_say_that_they_are_invented(trainees):
    load()
    today = dates.local_day(cast.NOW)
    soon = Product.objects.filter(valid_until__range=(today, today + timedelta(days=183)))
    assert soon.count() >= 3
    assert Product.objects.filter(valid_until__lt=today).exists()
    assert all("minh họa" in one.decision for one in Product.objects.all())
    assert all("(mẫu)" in one.name for one in Subject.objects.all())


def test_a_second_load_writes_nothing(trainees):
    load()
    before = (Subject.objects.count(), Product.objects.count())
    assert load() == []
    assert (Subject.objects.count(), Product.objects.count()) == before
