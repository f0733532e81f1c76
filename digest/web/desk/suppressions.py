"""Addresses that are never mailed, and why; an operator may lift one."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from digest.addresses import accept
from digest.errors import UsageError
from digest.web.desk.frame import Here, local
from digest.web.desk.guard import Editing, Operating

SHOWN = 500

router = APIRouter()


@router.api_route("/suppressions", methods=["GET", "HEAD"])
def suppressions(desk: Here, request: Request, me: Editing) -> HTMLResponse:
    """Addresses that are off, newest first, with the reason."""
    every = desk.app.suppressions.every()
    shown = [(off, local(off.at, desk.app.home_zone)) for off in every[:SHOWN]]
    return desk.page(request, "suppressions.html", me, shown=shown, count=len(every))


@router.post("/suppressions/lift")
def lift_address(desk: Here, me: Operating) -> Response:
    """By address: of most suppressed addresses only the keyed hash is kept."""
    person = accept(me.field("address"))
    if not desk.app.suppressions.lift(person, desk.clock(), me.account.address):
        raise UsageError(f"{person.mailed} is not suppressed")
    desk.app.audit.note(me.account.address, "lifted a suppression", "by address", desk.clock())
    return desk.back("/suppressions", "unsuppressed")
