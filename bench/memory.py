"""What two workers of the Procfile's server hold in memory (PSS), and what printing certificates adds."""

from typing import Any

from .measuring import load
from .pages import visits
from .server import pss, serving
from .table import Row
from .world import IS_POSTGRES

BUDGET, AIM = 240, 200


def rows(data: dict[str, Any]) -> list[Row]:
    database = "PostgreSQL (its own processes apart)" if IS_POSTGRES else "SQLite"
    name = f"memory of two workers on {database}"
    with serving("own") as server:
        begun = pss(server.pid)
        for path, session in visits(data):
            load(server, "get", path, sessions=[session, session], count=8)
        load(server, "quiz", data["start"], sessions=data["takers"][34:38])
        visited = pss(server.pid)
        load(server, "get", data["paper"], sessions=[data["holder"], data["holder"]], count=4)
        printed = pss(server.pid)
    return [
        Row(f"{name}: after the first answer", begun, "MB"),
        Row(f"{name}: after every kind of page and a quiz", visited, "MB", None, BUDGET, AIM),
        Row(f"{name}: after certificates as well", printed, "MB", None, BUDGET, AIM),
    ]
