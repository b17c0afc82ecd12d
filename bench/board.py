"""What managers open, on few enrolments and on many: a page may not cost more because there is more behind it."""

from typing import Any

from .measuring import load
from .pages import OK, warm_up
from .server import serving
from .table import Row
from .world import ask

# What it is, who asks, where; the budget is against the bare view.
PAGES: list[tuple[str, str, str, float | None, float | None]] = [
    ("board of the country", "manager", "/quan-tri/tien-do/", 40, 20),
    ("board of a province", "province", "/quan-tri/tien-do/", 40, 20),
    ("board of a commune", "commune", "/quan-tri/tien-do/", 40, 20),
    ("plan of a province", "province", "/quan-tri/tien-do/ke-hoach/", None, None),
    ("who stays behind, of a province", "province", "/quan-tri/tien-do/can-quan-tam/", None, None),
    ("coverage of a province", "province", "/quan-tri/tien-do/bao-phu/", None, None),
    ("months of the country", "manager", "/quan-tri/tien-do/xu-huong/", None, None),
    ("board as XLSX", "manager", "/quan-tri/tien-do/xlsx/", 60, 40),
    ("list of the week of a commune", "commune", "/quan-tri/can-lien-he/", 60, 40),
    ("lists of the week of a province", "province", "/quan-tri/can-lien-he/", 60, 40),
    ("people of a commune", "commune", "/quan-tri/person/", None, None),
    ("people of the country", "manager", "/quan-tri/person/", None, None),
    ("people of the country, searched", "manager", "/quan-tri/person/?q=nguyen", None, None),
    ("who may be written twice, of a province", "province", "/quan-tri/person/?double=yes", None, None),
    ("enrolments of a commune", "commune", "/quan-tri/enrolment/", None, None),
    ("enrolments of the country", "manager", "/quan-tri/enrolment/", None, None),
    ("enrolments of the country that stopped", "manager", "/quan-tri/enrolment/?state=stalled", None, None),
    ("register of subjects of the country", "manager", "/quan-tri/subject/", None, None),
    ("certificates of the country", "manager", "/quan-tri/credential/", None, None),
    ("admin's first page of a province", "province", "/quan-tri/", None, None),
]
TIMES = 40  # of each page: processors are read in hundredths of a second
GROWTH = 1.2  # of the cost against the bare view in the same run


def rows(data: dict[str, Any], *, count: int, small: int) -> list[Row]:
    """At `small` enrolments, which are there already, and at `count`."""
    few = _measured(data)
    ask("data", task="enrolments", count=count)
    many = _measured(data)
    made = []
    for name, _who, _path, budget, aim in PAGES:
        (cost, bare), (before, bare_before) = many[name], few[name]
        made.append(Row(f"{name}, {count:,} enrolments", cost, "ms CPU", bare, budget, aim))
        growth = (cost / bare) / (before / bare_before)
        made.append(Row(f"{name}, against {small:,}", growth * before, "ms CPU", before, GROWTH, 1.0))
    return made


def _measured(data: dict[str, Any]) -> dict[str, tuple[float, float]]:
    """Of each page its cost and the bare view's right before it."""
    with serving() as server:
        warm_up(server, data)
        seen = {}
        for name, who, path, _budget, _aim in PAGES:
            load(server, "get", path, sessions=[data[who], data[who]], count=4)  # both workers have seen it
            bare = load(server, "get", OK, sessions=[None, None], count=500)
            page = load(server, "get", path, sessions=[data[who]], count=TIMES)
            seen[name] = (page.cost, bare.cost)
        return seen
