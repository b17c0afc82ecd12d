from collections import Counter
from datetime import date

import pytest
from django.apps import apps

from lib import generation
from provinces.importing import load_places
from provinces.models import Place, Succession
from provinces.queries import current_units, ids_within, places_of, places_within, units_below

pytestmark = pytest.mark.django_db


def existed(place: Place, day: date) -> bool:
    return place.valid_from <= day and (place.valid_to is None or day <= place.valid_to)


def province(name: str, on: date = date(2026, 11, 23)) -> Place:
    return next(p for p in Place.objects.provinces().filter(name=name) if existed(p, on))


def test_vietnam_has_34_provinces_and_3321_communes_today():
    today = Place.objects.current()
    assert Counter(today.provinces().values_list("kind", flat=True)) == {"tinh": 25, "thanh-pho": 9}
    assert Counter(today.communes().values_list("kind", flat=True)) == {"xa": 2599, "phuong": 709, "dac-khu": 13}


def test_the_map_of_2023_has_63_provinces_that_all_lead_to_today():
    former = [p for p in Place.objects.provinces() if existed(p, date(2023, 12, 11))]
    assert len(former) == 63
    assert all(len(units) == 1 for units in current_units(former).values())


def test_every_former_commune_leads_to_a_commune_of_today():
    assert not Place.objects.former().communes().filter(succession_out=None).exists()


def test_a_code_that_changed_its_meaning_is_not_followed():
    bac_giang = Place.objects.provinces().get(code="24", name="Bắc Giang")
    (today,) = current_units([bac_giang])[bac_giang.pk]
    assert (today.name, today.code) == ("Bắc Ninh", "24")


def test_a_province_that_became_a_city_keeps_its_days_as_a_province():
    assert str(province("Đồng Nai", date(2026, 4, 29))) == "tỉnh Đồng Nai"
    assert str(province("Đồng Nai", date(2026, 4, 30))) == "thành phố Đồng Nai"


def test_what_counts_for_a_province_includes_its_former_units_once():
    ca_mau = province("Cà Mau")
    inside = places_within(ca_mau)
    assert {"Rạch Gốc", "Phan Ngọc Hiển", "Bạc Liêu"} <= set(inside.values_list("name", flat=True))
    assert inside.filter(level="commune", valid_to=None).count() == 64
    an_giang = places_within(province("An Giang"))
    assert not inside.filter(pk__in=an_giang).exists()


def test_each_former_commune_counts_for_exactly_one_province():
    mains = Counter(Succession.objects.filter(is_main=True).values_list("predecessor", flat=True))
    assert set(mains.values()) == {1}


def test_loading_again_changes_nothing():
    before = Place.objects.count(), Succession.objects.count()
    load_places(apps)
    assert (Place.objects.count(), Succession.objects.count()) == before


def test_the_34_provinces_agree_with_the_list_that_was_checked_by_hand():
    codes = Place.objects.current().provinces().values_list("code", flat=True)
    assert sorted(codes) == sorted(
        [
            "01",
            "04",
            "08",
            "11",
            "12",
            "14",
            "15",
            "19",
            "20",
            "22",
            "24",
            "25",
            "31",
            "33",
            "37",
            "38",
            "40",
            "42",
            "44",
            "46",
            "48",
            "51",
            "52",
            "56",
            "66",
            "68",
            "75",
            "79",
            "80",
            "82",
            "86",
            "91",
            "92",
            "96",
        ]
    )


class TestWhatAWorkerRemembersOfPlaces:
    def test_is_asked_for_once(self, django_assert_num_queries):
        ca_mau = province("Cà Mau")
        first = ids_within(ca_mau), units_below(ca_mau), units_below(None)
        with django_assert_num_queries(0):
            assert (ids_within(ca_mau), units_below(ca_mau), units_below(None)) == first
        assert len(first[1]) == 64
        assert len(first[2]) == 34

    def test_follows_what_is_written_about_places(self):
        ca_mau = province("Cà Mau")
        before = ids_within(ca_mau)
        mine = ca_mau.children.current().order_by("pk")[0]
        fields = {"code": "99999", "level": "commune", "kind": "xa", "name": "Xã Cũ", "search": "xa cu"}
        elsewhere = province("An Giang")
        former = Place.objects.create(
            **fields, parent=elsewhere, valid_from=date(2020, 1, 1), valid_to=date(2025, 6, 30)
        )
        assert former.pk in ids_within(elsewhere)
        assert ids_within(ca_mau) == before
        Succession.objects.create(predecessor=former, successor=mine)
        assert ids_within(ca_mau) == before | {former.pk}
        Place.objects.create(**fields | {"code": "99998", "name": "Xã Mới"}, parent=ca_mau, valid_from=date(2026, 1, 1))
        assert len(units_below(ca_mau)) == 65

    def test_is_forgotten_by_all_workers_when_places_are_loaded(self, django_capture_on_commit_callbacks):
        generation_before = generation.current()
        with django_capture_on_commit_callbacks(execute=True):
            load_places(apps)
        assert generation.current() != generation_before

    def test_a_scope_without_places_holds_none(self):
        assert not places_of([]).exists()
        assert Place.objects.exclude(pk__in=places_of([])).exists()
