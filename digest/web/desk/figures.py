"""Pictures where people would rather look: each with its table beneath, and the same as a file."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from digest import sheets
from digest.web.desk.frame import Desk, Here
from digest.web.desk.guard import Editing, editing
from digest.web.desk.numbers import FIGURES, NAMES, Figure
from digest.web.desk.pygal import drawn
from digest.web.site import PRIVATE

# An SVG is a document of its own: its styles stand in it, and it may load nothing.
POLICY = {"content-security-policy": "default-src 'none'; style-src 'unsafe-inline'"}

router = APIRouter()


@router.api_route("/figures", methods=["GET", "HEAD"], dependencies=[Depends(editing)])
def first(desk: Here) -> Response:
    if not desk.app.newsletters:
        raise HTTPException(404)
    return desk.back(f"/figures/{desk.app.newsletters[0].slug}/readers")


@router.api_route("/figures/{slug}/{name}", methods=["GET", "HEAD"])
def page(desk: Here, request: Request, me: Editing, slug: str, name: str) -> HTMLResponse:
    figure = _figure(desk, slug, name)
    return desk.page(
        request,
        "figures.html",
        me,
        figure=figure,
        name=name,
        names=NAMES,
        newsletter=desk.newsletter(slug),
    )


@router.get("/figures/{slug}/{name}/picture.svg", dependencies=[Depends(editing)])
def picture(desk: Here, slug: str, name: str) -> Response:
    svg = drawn(_figure(desk, slug, name))
    return Response(svg, media_type="image/svg+xml", headers={**PRIVATE, **POLICY})


@router.get("/figures/{slug}/{name}/numbers.csv", dependencies=[Depends(editing)])
def numbers(desk: Here, slug: str, name: str) -> Response:
    kept = {"content-disposition": f'attachment; filename="{slug}-{name}.csv"', **PRIVATE}
    lines = "".join(_lines(_figure(desk, slug, name)))
    return Response(lines, media_type="text/csv; charset=utf-8", headers=kept)


def _figure(desk: Desk, slug: str, name: str) -> Figure:
    newsletter = desk.newsletter(slug)
    if name not in FIGURES:
        raise HTTPException(404)
    return FIGURES[name](desk.app.statistics, newsletter, desk.clock())


def _lines(figure: Figure) -> Iterator[str]:
    yield sheets.line(("what", *figure.series))
    yield from map(sheets.line, figure.rows)
