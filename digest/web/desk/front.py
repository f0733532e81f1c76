"""The front of the desk: whether the morning went well, and what to do where it did not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from digest.model import Duty
from digest.web.desk.frame import Desk, Here
from digest.web.desk.guard import Editing
from digest.web.desk.now import Now, now_at
from digest.web.desk.signed_in import SignedIn

LOOK_EVERY = 2.0  # seconds
STREAM_FOR = 300  # looks, after which the browser asks again: a stream must not outlive its sign-in for long

router = APIRouter()


@router.api_route("/", methods=["GET", "HEAD"])
def front(desk: Here, request: Request, me: Editing) -> HTMLResponse:
    now = now_at(desk, desk.clock())
    return desk.page(request, "front.html", me, now=now)


@router.get("/live")
async def live(desk: Here, request: Request, me: Editing) -> Response:
    """The front page's middle, sent again whenever it has changed (server-sent events, HTML 9.2)."""
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(_looks(desk, request, me), media_type="text/event-stream", headers=headers)


async def _looks(desk: Desk, request: Request, me: SignedIn) -> AsyncIterator[str]:
    shown = ""
    for _ in range(STREAM_FOR):
        html = await run_in_threadpool(_middle, desk, me)
        if html != shown:
            shown = html
            yield "".join(f"data: {line}\n" for line in html.splitlines()) + "\n"
        for _ in range(int(LOOK_EVERY / 0.2)):
            await asyncio.sleep(0.2)
            if desk.closing or await request.is_disconnected():
                return


def _middle(desk: Desk, me: SignedIn) -> str:
    may_change = me.account.duty.covers(Duty.EDITOR)
    return desk.html("now.html", now=_shared(desk, desk.clock()), key=me.key, may_change=may_change)


def _shared(desk: Desk, now: datetime) -> Now:
    """One look at the tables for all who watch: counting a million deliveries takes half a second."""
    if desk.looked is None or not timedelta() <= now - desk.looked[0] < timedelta(seconds=LOOK_EVERY):
        desk.looked = (now, now_at(desk, now))
    shown: Now = desk.looked[1]
    return shown


@router.post("/lift")
def lift(desk: Here, me: Editing) -> Response:
    """Go on with what was paused: one scope, or everything."""
    scope = me.field("scope")
    desk.app.pauses.lift(*filter(None, [scope]))
    if scope in {"", "all"}:
        desk.app.incidents.close("paused", desk.clock())
    desk.app.audit.note(me.account.address, "lifted a pause", scope or "all", desk.clock())
    return desk.back("/", "lifted")


@router.post("/incidents/{number}/close")
def close(desk: Here, me: Editing, number: int) -> Response:
    """Somebody has seen to it."""
    for incident in desk.app.incidents.current():
        if incident.id == number:
            desk.app.incidents.close(incident.key, desk.clock())
            desk.app.audit.note(me.account.address, "closed", incident.text, desk.clock())
            return desk.back("/", "closed")
    raise HTTPException(404)
