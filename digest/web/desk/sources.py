"""Sources: how each is doing, and asking one now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from digest.collect.guard import told
from digest.collect.standing import Standing, standings
from digest.errors import UsageError
from digest.steps.collecting import visit as visit_source
from digest.web.desk.frame import Desk, Here, local
from digest.web.desk.guard import Editing, editing

router = APIRouter()


class Line(NamedTuple):
    """A source as the page shows it."""

    name: str
    kind: str
    address: str
    section: str
    state: str
    since: str
    reason: str
    last: str
    came: str  # of the last visit, in words
    next: str
    stories: int
    newest: str


@router.api_route("/sources", methods=["GET", "HEAD"])
def listed(desk: Here, request: Request, me: Editing) -> HTMLResponse:
    """Every configured source, those in trouble first."""
    app = desk.app
    stories, came = app.stories.by_source(), app.visits.told()
    lines = [
        _line(desk, one, came.get(one.source.name, {}), *stories.get(one.source.name, (0, None)))
        for one in standings(app.sources, app.visits.every(), desk.clock())
    ]
    lines.sort(key=lambda line: (line.state not in {"failing", "inactive"}, line.name))
    return desk.page(request, "sources.html", me, lines=lines)


def _line(desk: Desk, one: Standing, came: Mapping[str, Any], stories: int, newest: datetime | None) -> Line:
    source, state, zone = one.source, one.state, desk.app.home_zone
    return Line(
        source.name,
        source.kind,
        told(source.url or source.path),
        source.section,
        one.how,
        local(state.failing_since, zone),
        state.reason,
        local(one.last, zone),
        in_words(came),
        local(state.next_at, zone, "%H:%M"),
        stories,
        local(newest, zone),
    )


def in_words(came: Mapping[str, Any]) -> str:
    """What a visit came to: stories fetched, new, changed, and skipped with the reasons; its time."""
    if not came:
        return ""
    skipped = ", ".join(f"{count} {why}" for why, count in came["skipped"].items())
    parts = (f"{came['fetched']} fetched, {came['new']} new, {came['changed']} changed", skipped)
    return f"{'; skipped: '.join(filter(None, parts))}; {came['seconds']:.1f} s"


@router.post("/sources/{name}/test", dependencies=[Depends(editing)])
async def test(desk: Here, name: str) -> Response:
    """Ask a source now, as the service does; what it gives is stored."""
    source = next((one for one in desk.app.service.sources if one.name == name), None)
    if source is None:
        raise HTTPException(404)
    async with desk.app.collector(by_hand=True) as collector:
        came = await visit_source(desk.app.service, collector, source, desk.clock())
    if came.status == "failed":
        raise UsageError(f"{name} gave nothing: {came.reason}")
    return desk.back("/sources", "tested")
