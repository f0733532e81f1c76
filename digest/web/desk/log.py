"""The log: who did what at the desk."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from digest.web.desk.frame import Here, local
from digest.web.desk.guard import Editing

PER_PAGE = 100

router = APIRouter()


@router.api_route("/log", methods=["GET", "HEAD"])
def listed(desk: Here, request: Request, me: Editing, before: int = 0) -> HTMLResponse:
    zone = desk.app.home_zone
    lines = desk.app.audit.newest(PER_PAGE, before or None)
    return desk.page(
        request,
        "log.html",
        me,
        lines=[(line, local(line.at, zone)) for _, line in lines],
        older=lines[-1][0] if len(lines) == PER_PAGE else 0,
        zone=zone,
    )
