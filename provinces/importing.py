"""Places come in from the two files of `provinces/data/`, which script/maintain/make_places.py writes."""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.apps.registry import Apps
from django.db import transaction

from lib import generation, text

DATA = Path(__file__).parent / "data"


@transaction.atomic
def load_places(apps: Apps) -> int:
    """Writes all places and successions; those that stand already are brought up to date. Returns the number of places.

    Takes the app registry, so that a migration can pass its historical one.
    """
    place_model = apps.get_model("provinces", "Place")
    succession_model = apps.get_model("provinces", "Succession")
    rows = list(_rows("places.csv"))
    # Provinces first: communes point at them.
    ids: dict[str, int] = {}
    for level in ("province", "commune"):
        of_level = [row for row in rows if row["level"] == level]
        place_model.objects.bulk_create(
            [place_model(**_fields(row), parent_id=ids.get(row["parent"])) for row in of_level],
            update_conflicts=True,
            unique_fields=["level", "code", "valid_from"],
            update_fields=["kind", "name", "parent", "district", "district_search", "search", "valid_to"],
            batch_size=500,
        )
        stored = {
            (code, day): pk
            for pk, code, day in place_model.objects.filter(level=level).values_list("pk", "code", "valid_from")
        }
        ids |= {row["key"]: stored[row["code"], date.fromisoformat(row["valid_from"])] for row in of_level}
    succession_model.objects.bulk_create(
        [
            succession_model(
                predecessor_id=ids[row["predecessor"]],
                successor_id=ids[row["successor"]],
                is_main=row["is_main"] == "1",
            )
            for row in _rows("successions.csv")
        ],
        update_conflicts=True,
        unique_fields=["predecessor", "successor"],
        update_fields=["is_main"],
        batch_size=500,
    )
    generation.bump()  # rows written in bulk tell nobody
    return len(ids)


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(newline="") as file:
        yield from csv.DictReader(file)


def _fields(row: dict[str, str]) -> dict[str, object]:
    return {
        "code": row["code"],
        "level": row["level"],
        "kind": row["kind"],
        "name": row["name"],
        "district": row["district"],
        "search": text.fold(row["name"]),
        "district_search": _without_kind(text.fold(row["district"])),
        "valid_from": date.fromisoformat(row["valid_from"]),
        "valid_to": date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
    }


def _without_kind(district: str) -> str:
    """ "huyen ngoc hien" → "ngoc hien": people type the name."""
    for kind in ("thanh pho ", "thi xa ", "huyen ", "quan "):
        district = district.removeprefix(kind)
    return district
