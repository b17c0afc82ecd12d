"""One report of a device, from the page of a browser or out of a phone's queue, to the action that it asks for."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from lib.refusals import Refusal
from lib.typed import key_of
from workshops import actions
from workshops.models import Desk, Scan, Session

from . import roster
from .forms import NewcomerForm

OLDEST = timedelta(days=30)
OF_A_DELEGATE = {"scan": actions.scan, "take": actions.take_in}


def nonce_of(said: Any) -> UUID:
    try:
        return UUID(str(said))
    except ValueError:
        return uuid4()


def happened(age: Any, at: datetime) -> datetime:
    """A device tells how long ago something happened: its clock may be wrong, but it runs as fast as others."""
    try:
        ago = timedelta(seconds=min(max(float(age), 0), OLDEST.total_seconds()))
    except (TypeError, ValueError, OverflowError):
        ago = timedelta()
    return at - ago


def report_of(desk: Desk, said: Mapping[str, Any], at: datetime) -> actions.Report:
    """Of the session no more than its key: the action reads it under its lock, and refuses one of another workshop."""
    code = roster.code_in(str(said.get("code") or ""))
    number = None if code else key_of(said.get("number", ""))
    return actions.Report(
        nonce=nonce_of(said.get("nonce")), desk=desk, session=Session(pk=key_of(said.get("session", ""))),
        occurred_at=happened(said.get("age", 0), at), code=code, number=number, is_search=not code,
    )  # fmt: skip


def take(desk: Desk, said: Mapping[str, Any], at: datetime) -> Scan:
    """Raises Refusal."""
    report, kind = report_of(desk, said, at), str(said.get("kind") or "scan")
    if kind in OF_A_DELEGATE:
        return OF_A_DELEGATE[kind](report=report, at=at)
    form = NewcomerForm(said, workshop=desk.workshop)
    if not form.is_valid():
        raise Refusal(" ".join(str(one) for errors in form.errors.values() for one in errors))
    enter = actions.stand_in if kind == "instead" else actions.walk_in
    return enter(report=report, newcomer=form.newcomer(), at=at)
