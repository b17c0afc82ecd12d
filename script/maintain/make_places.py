"""Writes provinces/data/*.csv. For maintainers only; run once whenever the State changes its map.

    python script/maintain/make_places.py FOLDER-OF-vietnamadminunits/data

The folder comes from the PyPI package vietnamadminunits 1.0.4 (MIT): unpack its wheel anywhere, do not install it here.
It knows the units before and after 1/7/2025 and how the old ones map to the new. What changed since is written below.
"""

import csv
import json
import re
import sqlite3
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

OUT = Path(__file__).resolve().parents[2] / "provinces" / "data"
MERGER = "2025-07-01"  # Resolution 202/2025/QH15
BEFORE = "2025-06-30"
# The package does not tell since when an old unit existed: a nominal day, early enough for every record of the programme.
LONG_AGO = "2004-01-01"

# Resolutions 30, 36 and 39/2026/QH16: provinces that became cities, with the day.
NEW_CITIES = {"75": "2026-04-30", "22": "2026-09-01", "24": "2026-09-20"}
# Resolutions 237 and 388/NQ-UBTVQH16: communes (xã) that became wards (phường) on that day, by code.
NEW_WARDS = {
    "2026-04-30": ["26326", "25363", "26368", "25270", "26485", "25357", "26116", "26248", "26170", "26425"],
    "2026-09-20": [
        "07294",
        "07375",
        "07399",
        "07444",
        "07840",
        "09193",
        "09292",
        "09313",
        "09319",
        "09454",
        "09475",
        "09496",
    ],
}
KINDS = {
    "Tỉnh": "tinh",
    "Thành phố": "thanh-pho",
    "Xã": "xa",
    "Phường": "phuong",
    "Đặc khu": "dac-khu",
    "Thị trấn": "thi-tran",
}
FIELDS = ["key", "level", "code", "kind", "name", "parent", "district", "valid_from", "valid_to"]
_OPEN_SYLLABLE = re.compile(r"(?<![qQ])(o)([àáảãạ])(?!\w)|(?<![qQ])(o)([èéẻẽẹ])(?!\w)|(?<![qQ])(u)([ỳýỷỹỵ])(?!\w)")


def old_style(name: str) -> str:
    """Tone on the first vowel of an open oa, oe, uy: Hoà → Hòa, Thuỷ → Thủy; Quý and Hoàng stay."""

    def move(match: re.Match[str]) -> str:
        first, second = (part for part in match.groups() if part)
        plain, tone = unicodedata.normalize("NFD", second)[0], unicodedata.normalize("NFD", second)[1:]
        return unicodedata.normalize("NFC", first + tone) + plain

    return _OPEN_SYLLABLE.sub(move, unicodedata.normalize("NFC", " ".join(name.split())))


def day_before(day: str) -> str:
    from datetime import date, timedelta

    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()


def kind_of(full_name: str) -> str:
    return next(kind for word, kind in KINDS.items() if full_name.startswith(word))


class Map:
    """Rows of the two files, collected in order."""

    def __init__(self, folder: Path) -> None:
        self.db = sqlite3.connect(folder / "dataset.db")
        self.db.row_factory = sqlite3.Row
        self.converter = json.loads((folder / "converter_2025.json").read_text())
        self.places: list[dict[str, str]] = []
        self.successions: dict[tuple[str, str], bool] = {}
        self.new_by_name: dict[tuple[str, str], str] = {}

    def add(
        self, key: str, level: str, kind: str, name: str, *, parent: str = "", district: str = "", **days: str
    ) -> None:
        self.places.append(
            {
                "key": key,
                "level": level,
                "code": key.split(":")[1],
                "kind": kind,
                "name": old_style(name),
                "parent": parent,
                "district": old_style(district),
                "valid_from": days["valid_from"],
                "valid_to": days.get("valid_to", ""),
            }
        )

    def follow(self, old: str, new: str, *, is_main: bool = True) -> None:
        self.successions[old, new] = is_main

    def current_provinces(self) -> None:
        rows = self.db.execute("select distinct provinceCode, province, provinceShort from admin_units order by 1")
        for code, full, short in rows:
            key = f"new:{code}"
            if since := NEW_CITIES.get(code):
                self.add(f"mid:{code}", "province", "tinh", short, valid_from=MERGER, valid_to=day_before(since))
                self.add(key, "province", "thanh-pho", short, valid_from=since)
                self.follow(f"mid:{code}", key)
            else:
                self.add(key, "province", kind_of(full), short, valid_from=MERGER)

    def former_provinces(self) -> None:
        new_keys = {
            row["provinceKey"]: row["provinceCode"]
            for row in self.db.execute("select distinct provinceKey, provinceCode from admin_units")
        }
        successor = {old: new_keys[new] for new, olds in self.converter["DICT_PROVINCE"].items() for old in olds}
        rows = self.db.execute(
            "select distinct provinceCode, province, provinceShort, provinceKey from admin_units_legacy order by 1"
        )
        for code, full, short, province_key in rows:
            self.add(f"old:{code}", "province", kind_of(full), short, valid_from=LONG_AGO, valid_to=BEFORE)
            self.follow(f"old:{code}", f"new:{successor[province_key]}")

    def current_communes(self) -> None:
        changed = {code: day for day, codes in NEW_WARDS.items() for code in codes}
        for row in self.db.execute("select * from admin_units order by wardCode"):
            code, parent = row["wardCode"], f"new:{row['provinceCode']}"
            key, name, kind = f"new:{code}", row["wardShort"], KINDS[row["wardType"]]
            self.new_by_name[row["provinceKey"], row["wardKey"]] = key
            if since := changed.pop(code, None):
                if kind != "xa":
                    raise SystemExit(f"{code} {name} was no xã")
                days = {"valid_from": MERGER, "valid_to": day_before(since)}
                self.add(f"mid:{code}", "commune", "xa", name, parent=parent.replace("new", "mid"), **days)
                self.add(key, "commune", "phuong", name, parent=parent, valid_from=since)
                self.follow(f"mid:{code}", key)
            else:
                self.add(key, "commune", kind, name, parent=parent, valid_from=MERGER)
        if changed:
            raise SystemExit(f"unknown codes: {changed}")

    def former_communes(self) -> None:
        successors = dict(self.successor_pairs())
        rows = self.db.execute("select * from admin_units_legacy order by wardCode, districtCode")
        for row in rows:
            path = f"{row['provinceKey']}_{row['districtKey']}_{row['wardKey'] or ''}"
            # Five island districts had no communes: the district itself led to a special zone.
            code = row["wardCode"] or row["districtCode"]
            name, kind = row["wardShort"] or row["districtShort"], KINDS.get(row["wardType"] or "", "dac-khu")
            key = f"old:{code}"
            days = {"valid_from": LONG_AGO, "valid_to": BEFORE}
            self.add(key, "commune", kind, name, parent=f"old:{row['provinceCode']}", district=row["district"], **days)
            for new, is_main in successors.get(path, []):
                self.follow(key, new, is_main=is_main)

    def successor_pairs(self) -> Iterator[tuple[str, list[tuple[str, bool]]]]:
        for province, wards in self.converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
            for ward, olds in wards.items():
                for old in olds:
                    yield old, [(self.new_by_name[province, ward], True)]
        for province, olds in self.converter["DICT_PROVINCE_WARD_DIVIDED"].items():
            for old, parts in olds.items():
                yield (
                    old,
                    [(self.new_by_name[province, p["newWardKey"]], p["isDefaultNewWard"]) for p in parts],
                )

    def write(self) -> None:
        OUT.mkdir(exist_ok=True)
        with (OUT / "places.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(self.places)
        with (OUT / "successions.csv").open("w", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["predecessor", "successor", "is_main"])
            writer.writerows((old, new, int(main)) for (old, new), main in sorted(self.successions.items()))


if __name__ == "__main__":
    made = Map(Path(sys.argv[1]))
    made.current_provinces()
    made.former_provinces()
    made.current_communes()
    made.former_communes()
    made.write()
