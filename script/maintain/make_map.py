"""Writes reports/data/provinces.json: the outlines of the 34 provinces, light enough to stand in a page. For maintainers only.

    python script/maintain/make_map.py vietnam.svg          (needs shapely 2.1 and svgelements, not installed with the project)

The drawing is that of the npm package @svg-maps/vietnam 2.0.0 (CC BY 4.0): the 63 provinces of before 1/7/2025, Hoàng Sa and Trường Sa.
Each province of today is the union of former ones, as provinces/data says; Hoàng Sa goes with Đà Nẵng, Trường Sa with Khánh Hòa.
Neighbours are simplified together, so that no gap opens between them. Islands of the two archipelagos are smaller than a dot of a
screen: each is drawn as a disc that is seen. Stops if a province has no outline or an archipelago is lost.
"""

import csv
import json
import pathlib
import re
import sys
import unicodedata
from xml.etree import ElementTree as ET

from shapely import Polygon, affinity, coverage_simplify, get_parts, make_valid, normalize, unary_union
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry
from svgelements import Move, Path

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA, OUT = ROOT / "provinces" / "data", ROOT / "reports" / "data" / "provinces.json"
ARCHIPELAGOS = {"hoangsa": "48", "truongsa": "56"}  # to Đà Nẵng, to Khánh Hòa
CALLED = {"baria": "bariavungtau", "hcm": "hochiminh", "tthue": "hue"}
WIDTH = 500  # units of the view box: about the pixels that it is shown on
FINE = 1.1  # what no eye sees at that width, in the same units
SMALLEST = 1.5  # square units: an islet of less is left out
CLEFT = 12  # tenths of a unit: former provinces that are drawn no further apart are one
DISC = 1.6  # radius of an island of an archipelago


def folded(name: str) -> str:
    plain = unicodedata.normalize("NFD", name.lower().replace("đ", "d"))
    return re.sub(r"[^a-z]", "", "".join(letter for letter in plain if not unicodedata.combining(letter)))


def outline(path: str) -> BaseGeometry:
    """Curves, of which only small islands have some, become polygons of their ends and middles."""
    shapes = []
    for ring in Path(path).as_subpaths():
        points = [
            (point.x, point.y)
            for step in Path(ring)
            for point in (step.point(0.5), step.end)
            if not isinstance(step, Move)
        ]
        if len(points) > 2:
            shapes.append(make_valid(Polygon(points)).buffer(0))
    return unary_union(shapes)


def today() -> dict[str, str]:
    """Of each former province, by its folded name: the code of what it belongs to now."""
    with (DATA / "places.csv").open(encoding="utf-8") as file:
        places = {row["key"]: row for row in csv.DictReader(file) if row["level"] == "province"}
    with (DATA / "successions.csv").open(encoding="utf-8") as file:
        after = {row["predecessor"]: row["successor"] for row in csv.DictReader(file) if row["predecessor"] in places}
    found = {}
    for key, row in places.items():
        last = key
        while last in after:
            last = after[last]
        if last != key or folded(row["name"]) not in found:
            found[folded(row["name"])] = places[last]["code"]
    return found


def drawn(shape: BaseGeometry) -> str:
    parts = []
    for polygon in sorted(get_parts(shape), key=lambda one: -one.area):
        for ring in (polygon.exterior, *polygon.interiors):
            points = [(round(x), round(y)) for x, y in ring.coords[:-1]]
            points = [point for index, point in enumerate(points) if point != points[index - 1]]
            if len(points) < 3:
                continue
            steps, before = [], points[0]
            for point in points[1:]:
                steps.append(f"{point[0] - before[0]} {point[1] - before[1]}")
                before = point
            parts.append(f"M{points[0][0]} {points[0][1]}l{' '.join(steps).replace(' -', '-')}z")
    return "".join(parts)


def main() -> None:
    ways = ET.parse(sys.argv[1]).getroot().iter("{http://www.w3.org/2000/svg}path")  # noqa: S314 (a maintainer's own download)
    shapes = {way.get("id"): outline(way.get("d")) for way in ways}
    codes = today()
    whole: dict[str, list[BaseGeometry]] = {}
    for name in shapes.keys() - ARCHIPELAGOS.keys():
        whole.setdefault(codes[CALLED.get(name, name)], []).append(shapes[name])
    keys = sorted(whole)
    if len(keys) != 34:
        sys.exit(f"{len(keys)} provinces have an outline")
    left, top, right, bottom = unary_union(list(shapes.values())).bounds
    scale = 10 * WIDTH / (right - left)  # a tenth of a unit is what numbers are rounded to

    def moved(shape: BaseGeometry) -> BaseGeometry:
        return affinity.scale(affinity.translate(shape, -left, -top), scale, scale, origin=(0, 0))

    unions, taken = [], Polygon()
    for key in keys:
        joined = moved(unary_union(whole[key])).buffer(CLEFT, join_style="mitre").buffer(-CLEFT, join_style="mitre")
        union = joined.difference(taken)
        taken = unary_union([taken, union])
        unions.append(
            unary_union(
                [part for part in get_parts(union) if part.area > 100 * SMALLEST and part.geom_type == "Polygon"]
            )
        )
    light = dict(zip(keys, coverage_simplify(unions, 10 * FINE), strict=True))
    archipelagos = {}
    for name, code in ARCHIPELAGOS.items():
        islands = [part.centroid.buffer(10 * DISC, 3) for part in get_parts(moved(shapes[name]))]
        archipelagos[name] = unary_union(islands)
        if len(islands) < 5:
            sys.exit(f"{name}: only {len(islands)} islands")
        light[code] = unary_union([light[code], archipelagos[name]])
    data = {
        "size": [10 * WIDTH, round((bottom - top) * scale)],
        "provinces": {key: drawn(normalize(shape)) for key, shape in light.items()},
        "archipelagos": {
            name: [round(one) for one in box(*shape.bounds).bounds] for name, shape in archipelagos.items()
        },
    }
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


main()
