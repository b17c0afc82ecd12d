"""Every route × every role (threat A1), and that looking writes nothing (I5). The list of routes comes from the URL resolver, so
that a new one must be placed."""

import re
from typing import Any

import pytest

from . import routes
from .conftest import World, leaks

# One address, which tells everybody who has it: of a paper, or of a ticket.
CHECK_PAGE = {"certificates:verify", "certificates:as_written", "workshops:ticket"}
pytestmark = [pytest.mark.once, pytest.mark.long]

ROUTES = list(routes.all_routes())
DENIED = (302, 403, 404)


def test_every_route_is_classified():
    public = routes.OPEN | routes.OF_ONESELF | set(routes.OWNED)
    admin = set(routes.RECORDS) | set(routes.OF_EVERYBODY) | routes.WAGTAIL
    unplaced = [
        name
        for path, name, _arguments in ROUTES
        if not (
            (routes.is_admin(path) and (name in routes.OWN_ACTIONS or routes.space(name) in admin))
            or (not routes.is_admin(path) and name in public)
        )
    ]
    assert unplaced == []


def test_no_classified_route_is_gone():
    names = {name for _path, name, _arguments in ROUTES}
    spaces = {routes.space(name) for path, name, _arguments in ROUTES if routes.is_admin(path)}
    assert routes.OPEN | routes.OF_ONESELF | set(routes.OWNED) | set(routes.OWN_ACTIONS) <= names
    assert set(routes.RECORDS) | set(routes.OF_EVERYBODY) | routes.WAGTAIL <= spaces


def address(world: World, pattern: str, name: str, arguments: dict[str, Any]) -> str:
    """The route's address with the owner's record in it."""
    space = routes.space(name).rpartition("_")[2] or name
    own = {
        "accounts_admin:phone_change": world.ids["phonechange"], "accounts_admin:card": world.ids["person"],
        **{f"accounts_admin:{what}": world.ids["person"] for what in ("help", "move", "switch")},
        **{f"accounts_admin:{what}": world.ids["move"] for what in ("decide_move", "take_back_move")},
        "accounts_admin:doubles": world.ids["person"], "accounts_admin:merge": world.ids["person"],
        "accounts_admin:correct": world.ids["person"], "accounts_admin:new_number": world.ids["person"],
        "accounts_admin:record_request": world.ids["person"], "accounts_admin:ledger": world.ids["person"],
        **{f"accounts_admin:{what}": world.ids["datarequest"] for what in routes.OF_A_REQUEST}, "accounts_data_take_back": world.ids["datarequest"],
        **{f"accounts_admin:{what}": world.ids["product" if what in ("correct_product", "remove_product") else "subject"] for what in routes.OF_A_SUBJECT},
        "accounts_admin:roles": world.ids["colleague"], "accounts_admin:reset_second_factor": world.ids["user"],
        "accounts_admin:end_role": world.ids["role"], "accounts_admin:extend_role": world.ids["role"],
        "accounts_admin:revoke_token": world.ids["token"],
        **{f"freezing:{what}": world.ids["snapshot"] for what in ("snapshot", "file")},
        **{f"saving:{what}": world.ids["savedview"] for what in ("change", "remove")},
        "certificates_admin:sample": world.ids["template"], "certificates_admin:picture": world.ids["picture"],
        "certificates_admin:revoke": world.ids["credential"], "accounts_withdraw": world.ids["consent"],
        "certificates_admin:on_paper": world.ids["credential"], "certificates_admin:scan": world.ids["credential"],
        **{f"certificates_admin:batch{what}": world.ids["batch"] for what in ("", "_sheets", "_papers", "_retry", "_stop")},
        "certificates_admin:reissue": world.ids["credential"],
        "quizzes_admin:preview": world.ids["question"], "quizzes_admin:questions": world.ids["quiz"],
        "quizzes_admin:mark": world.ids["item"], "quizzes_admin:regrade": world.ids["quiz"],
        "quizzes_admin:allow": world.ids["attempt"], "quizzes_admin:allow_time": world.ids["attempt"],
        "courses_admin:reopen": world.ids["enrolment"],
        "courses_admin:join_cohort": world.ids["cohort"], "courses_admin:move_to_cohort": world.ids["cohort"],
        "courses_admin:leave_cohort": world.ids["cohort"], "courses_admin:close_cohort": world.ids["cohort"],
        "courses_admin:reopen_cohort": world.ids["cohort"],
        "courses_admin:who_deletes": world.ids["coursepage"],
        **{f"workshops_roster:{what}": world.ids["workshop"] for what in ("begin", "look", "left")},
        **{f"workshops_notices:{what}": world.ids["workshop"] for what in routes.OF_NOTICES},
        **{f"workshops_inviting:{what}": world.ids["quota"] for what in ("nominate", "newcomer", "consent_form", "withdraw")},
        **{f"workshops_papers:{what}": world.ids["workshop"] for what in (*routes.FOR_LOOKERS_OF_A_WORKSHOP, *routes.FOR_WHO_RUNS_A_WORKSHOP)},
        "workshops_following:call": world.ids["call"], "calling:record": world.ids["contact"], "sending:end": world.ids["subscription"], "sending:again": world.ids["sending"], "workshops_admin:follow_up": world.ids["workshop"], "workshops_following:ask": world.ids["workshop"],
        **{f"plan:{what}_outside": world.ids["outsideclass"] for what in ("correct", "remove")},
        **{f"workshops_closing:{what}": world.ids["workshop"] for what in ("close", "reopen")},
        **{f"workshops_desk:{what}": world.ids["workshop"] for what in ("desks", "counter", "conflicts", "sheets")},
        **{f"workshops_desk:{what}": world.ids["desk"] for what in ("end", "shut", "recode")},
        "workshops_desk:sheet": world.ids["session"], "desk:self": world.ids["session"],
        "workshops_desk:back": world.ids["attendance"],
        **{f"workshops_admin:{what}": world.ids["workshop"] for what in routes.OF_A_WORKSHOP},
        **{f"workshops_hall:{what}": world.ids["workshop"] for what in routes.IN_THE_HALL},
        **{f"workshops_admin:{what}": world.ids["registration"] for what in ("cancel_registration", "give_seat", "note_told", "replace")},
    }  # fmt: skip
    pk = own.get(name) or world.ids.get("attempt" if name.startswith("quizzes:") else space, 1)
    keys = {"courses:enrol": "course_key", "courses:complete": "lesson_key", "quizzes:start": "quiz_key"}
    known = {"code": world.ids["code"], "position": 1, "pk": pk, "path": "khong-co.png", "app_label": "wagtailcore"}
    if name.startswith("workshops:"):
        known |= {"code": world.ids["ticket"], "slug": world.ids["slug"]}
    if name.startswith("workshops_inviting:"):
        known["registration"] = world.ids["registration"]
    if name.startswith("workshops_notices:"):
        known |= {"kind": "reminder", "reminder": world.ids["reminder"]}
        known |= {"code": world.ids["ticket"], "slug": world.ids["slug"], "token": world.ids["kiosk"]}
    known |= {"moment": "dau-vao", "photo": world.ids["report_photo"]}
    known["what"] = "tra-loi" if name.startswith("accounts_admin:") else "sua"
    if name == "freezing:file":
        known["kind"] = "xlsx"
    if name == "accounts_admin:merge":
        known["other"] = world.ids["twin"]
    if name in keys:
        known["key"] = world.ids[keys[name]]

    def fill(found: re.Match[str]) -> str:
        return str(known.get(found[1].rpartition(":")[2], pk))

    path = re.sub(r"<([^>]+)>", fill, pattern)
    path = path.replace(r"^((?:[\w\-]+/)*)$", "khoa-hoc/").replace(r"^(\d+)/(.*)$", "1/x.pdf").replace("^.*/$", "x/")
    return "/" + path


def ask(world: World, role: str, path: str) -> Any:
    client = world.client(role)
    response = world.look(client, path)
    return client.post(path, {}) if response.status_code == 405 else response


@pytest.mark.parametrize("role", routes.ROLES)
def test_public_routes(world, role):
    wrong = []
    for pattern, name, arguments in ROUTES:
        if routes.is_admin(pattern):
            continue
        response = ask(world, role, address(world, pattern, name, arguments))
        allowed = routes.OWNED.get(name, routes.EVERYBODY)
        is_through = response.status_code in (200, 302, 400, 409, 429) or name in routes.OPEN
        may_name_owner = role in allowed and (name in routes.OWNED or role == "owner" or name in CHECK_PAGE)
        if response.status_code >= 500:
            wrong.append((name, response.status_code))
        elif role in allowed and not is_through:
            wrong.append((name, "should get through", response.status_code))
        elif role not in allowed and response.status_code not in DENIED:
            wrong.append((name, "should be denied", response.status_code))
        elif not may_name_owner and leaks(response):
            wrong.append((name, leaks(response)))
    assert wrong == []
    assert world.wrote == {}


@pytest.mark.parametrize("role", routes.ROLES)
def test_records_in_the_admin(world, role):
    client, wrong = world.client(role), []
    for space, (listing, seeing) in routes.RECORDS.items():
        listed = world.look(client, f"/quan-tri/{space}/")
        if (listed.status_code == 200) != (role in listing):
            wrong.append((space, "list", listed.status_code))
        if bool(leaks(listed)) != (role in seeing):
            wrong.append((space, "list names the owner", leaks(listed)))
        for view in ("inspect", "edit", "delete", "history", "usage"):
            one = world.look(client, f"/quan-tri/{space}/{view}/{world.ids[space]}/")
            is_shown = view == "inspect" and role in seeing
            if is_shown != (one.status_code == 200) or (leaks(one) and not is_shown) or one.status_code >= 500:
                wrong.append((space, view, one.status_code, leaks(one)))
        for filtered in ("?q=canary", "?q=", "?o=-1&p=0", "results/?q=canary", "results/?o=name"):
            some = world.look(client, f"/quan-tri/{space}/{filtered}")
            if some.status_code >= 500 or (leaks(some) and role not in seeing):
                wrong.append((space, filtered, some.status_code, leaks(some)))
    assert wrong == []
    assert world.wrote == {}


@pytest.mark.parametrize("role", routes.ROLES)
def test_lists_of_the_admin_as_files(world, role):
    """Who sees the list may take it along; who does not see the owner in it does not find the owner in the file."""
    client, wrong = world.client(role), []
    for space, (listing, seeing) in routes.RECORDS.items():
        for kind in ("csv", "xlsx", "xlsx&answers=1"):
            taken = world.look(client, f"/quan-tri/{space}/?export={kind}")
            may_take = space in routes.DOWNLOADED and role in listing
            if (taken.status_code == 200) != may_take or bool(leaks(taken)) != (may_take and role in seeing):
                wrong.append((space, kind, taken.status_code, leaks(taken)))
    assert wrong == []
    assert world.wrote == {}


@pytest.mark.parametrize("role", routes.ROLES)
def test_other_rooms_of_the_admin(world, role):
    client, wrong = world.client(role), []
    for space, allowed in routes.OF_EVERYBODY.items():
        index = world.look(client, "/quan-tri/" + index_of(space))
        if (index.status_code == 200) != (role in allowed) or (leaks(index) and space != "wagtailusers_users"):
            wrong.append((space, index.status_code, leaks(index)))
    assert wrong == []
    assert world.wrote == {}


@pytest.mark.parametrize("role", ["editor", "administrator"])
def test_every_other_page_of_those_rooms(world, role):
    """Forms of what they keep, and their searches: for those who get into most of them."""
    client, wrong = world.client(role), []
    rooms = set(routes.RECORDS) | set(routes.OF_EVERYBODY)
    for pattern, name, arguments in ROUTES:
        if not routes.is_admin(pattern) or routes.space(name) not in rooms or name in routes.OWN_ACTIONS:
            continue
        response = world.look(client, address(world, pattern, name, arguments))
        if response.status_code >= 500:
            wrong.append((name, response.status_code))
    assert wrong == []
    assert world.wrote == {}


def index_of(space: str) -> str:
    return next(path for path, name, _ in ROUTES if name == f"{space}:{'list' if 'snippets' in space else 'index'}")[9:]


@pytest.mark.parametrize("role", routes.ROLES)
def test_actions_in_the_admin(world, role):
    wrong = []
    for pattern, name, arguments in ROUTES:
        if name not in routes.OWN_ACTIONS:
            continue
        response = ask(world, role, address(world, pattern, name, arguments))
        is_home = response.status_code == 302 and response.url in ("/quan-tri/", "/")
        is_denied = response.status_code in (403, 404) or is_home or "dang-nhap" in response.headers.get("Location", "")
        if (role in routes.OWN_ACTIONS[name]) == is_denied or response.status_code >= 500:
            wrong.append((name, response.status_code))
    assert wrong == []
    assert world.wrote == {}


@pytest.mark.parametrize("role", routes.ROLES)
def test_wagtails_rooms(world, role):
    client, wrong = world.client(role), []
    for pattern, name, arguments in ROUTES:
        is_wagtails = routes.space(name) in routes.WAGTAIL and name not in routes.BREAKS_ON_PURPOSE
        if not routes.is_admin(pattern) or not is_wagtails:
            continue
        response = world.look(client, address(world, pattern, name, arguments))
        is_inside = response.status_code == 200
        if response.status_code >= 500 or leaks(response) or (is_inside and role not in routes.STAFF):
            wrong.append((name, response.status_code, leaks(response)))
    assert wrong == []
    assert world.wrote == {}
