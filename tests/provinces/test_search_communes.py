from datetime import date

import pytest
from django.utils.translation import override

from lib import text
from provinces.models import Place, Succession
from provinces.queries import MOST, search_communes

pytestmark = pytest.mark.django_db


def names(query: str) -> list[str]:
    return [hit.place.full_name for hit in search_communes(query)]


def test_a_name_without_diacritics_finds_the_commune():
    assert names("phan ngoc hien") == ["xã Phan Ngọc Hiển, tỉnh Cà Mau"]


def test_a_former_name_finds_the_commune_of_today_and_says_why():
    (hit,) = search_communes("rach goc")
    assert hit.label == "xã Phan Ngọc Hiển, tỉnh Cà Mau (trước 01/07/2025: thị trấn Rạch Gốc, huyện Ngọc Hiển)"


def test_in_the_middle_of_a_sentence_the_kind_of_a_former_unit_begins_small_and_its_name_does_not():
    assert search_communes("phường 1, quận 3")[0].label.endswith(": phường 1, quận 3)")
    assert any(hit.label.endswith(", thị xã Giá Rai)") for hit in search_communes("hộ phòng"))
    with override("en"):
        assert search_communes("rach goc")[0].label.endswith(": Rạch Gốc townlet, huyện Ngọc Hiển)")


@pytest.mark.parametrize("query", ["rach goc ca mau", "Thị trấn Rạch Gốc, Cà Mau", "RẠCH GỐC, ca mau cu"])
def test_the_province_may_follow_with_or_without_a_comma(query):
    assert names(query) == ["xã Phan Ngọc Hiển, tỉnh Cà Mau"]


def test_a_former_province_narrows_the_search():
    assert names("Giá Rai, Bạc Liêu cũ")[0] == "phường Giá Rai, tỉnh Cà Mau"


def test_a_former_district_finds_all_communes_that_came_of_it():
    assert {"phường Giá Rai, tỉnh Cà Mau", "phường Láng Tròn, tỉnh Cà Mau"} <= set(names("gia rai"))


def test_a_unit_that_was_split_offers_each_part():
    split = (
        Place.objects.former()
        .communes()
        .filter(name="Lê Lợi", parent__name="Hải Dương", district="Huyện Gia Lộc")
        .get()
    )
    found = {hit.place for hit in search_communes("lê lợi, hải dương")}
    assert split.successors.count() > 1
    assert set(split.successors.all()) <= found


def test_what_was_typed_with_diacritics_comes_before_what_only_sounds_alike():
    assert names("Năm Căn")[0] == "xã Năm Căn, tỉnh Cà Mau"


def test_a_numbered_ward_of_former_days_is_found():
    assert "phường An Xuyên, tỉnh Cà Mau" in names("phường 1, tp cà mau")


@pytest.mark.parametrize("query", ["tp hcm", "TP.HCM", "tphcm", "tp ho chi minh", "TP. Hồ Chí Minh", "hồ chí minh"])
def test_a_province_however_it_is_written_finds_its_communes(query):
    found = names(query)
    assert len(found) > MOST
    assert all(name.endswith("thành phố Hồ Chí Minh") for name in found)


@pytest.mark.parametrize(
    ("query", "end"),
    [
        ("tp can tho", "Cần Thơ"),
        ("cà mau", "Cà Mau"),
        ("an phu tphcm", "Hồ Chí Minh"),
        ("an phú, tp hcm", "Hồ Chí Minh"),
    ],
)
def test_a_province_alone_or_behind_a_name_narrows_to_it(query, end):
    assert names(query)
    assert all(name.endswith(end) for name in names(query))


@pytest.mark.parametrize("query", ["phường 1 quận 3", "phường 1, quận 3", "Phường 1, Quận 3, TP.HCM"])
def test_a_district_of_former_days_narrows_with_or_without_a_comma(query):
    hits = search_communes(query)
    assert hits[0].via.name == "Phường 1"
    assert {hit.via.district for hit in hits} == {"Quận 3"}


def test_a_numbered_district_finds_its_communes_and_no_others():
    assert {hit.via.district for hit in search_communes("quận 3") if hit.via} == {"Quận 3"}


def test_a_ward_of_today_whose_name_begins_with_a_number_is_found_with_its_kind():
    assert names("phường 1 bảo lộc")[0] == "phường 1 Bảo Lộc, tỉnh Lâm Đồng"


def test_of_many_the_nearest_are_offered_and_stand_first():
    assert "Huệ" in names("hue")[0]  # before the communes of the city of Huế
    assert names("hue")[-1].endswith("thành phố Huế")
    assert all("Tân" in name.split(",")[0] for name in names("tan"))


def test_one_letter_or_nothing_finds_nothing():
    assert names("") == names("a") == names(" , ") == []


@pytest.mark.parametrize(("query", "found"), [("rach goc", 1), ("gia rai", 3), ("tan", MOST + 1)])
def test_many_places_ask_as_often_as_one(query, found, django_assert_num_queries):
    with django_assert_num_queries(3):
        assert len(search_communes(query)) == found


def test_a_place_that_was_joined_twice_is_found_by_its_oldest_name(django_assert_max_num_queries):
    kinds = {"kind": "xa", "level": "commune", "parent": Place.objects.current().provinces().first()}
    oldest, middle, today = (
        Place.objects.create(name=name, search=text.fold(name), code=f"x{number}", **kinds, **days)
        for number, (name, days) in enumerate(
            {
                "Xóm Xưa": {"valid_from": date(2004, 1, 1), "valid_to": date(2024, 12, 31)},
                "Xóm Giữa": {"valid_from": date(2025, 1, 1), "valid_to": date(2025, 6, 30)},
                "Xóm Nay": {"valid_from": date(2025, 7, 1), "valid_to": None},
            }.items()
        )
    )
    Succession.objects.create(predecessor=oldest, successor=middle)
    Succession.objects.create(predecessor=middle, successor=today)
    with django_assert_max_num_queries(4):
        (hit,) = search_communes("xóm xưa")
    assert (hit.place, hit.via) == (today, oldest)
