"""The files beside the desk's pages: its stylesheet, its one small script, its icon."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from digest.web.desk.frame import Desk, Here
from digest.web.files import FOR_A_DAY, FOR_EVER

router = APIRouter()


@router.api_route("/style-{version}.css", methods=["GET", "HEAD"])
def style(desk: Here, version: str) -> Response:
    return Response(desk.style, media_type="text/css", headers=_kept(desk, version))


@router.api_route("/desk-{version}.js", methods=["GET", "HEAD"])
def script(desk: Here, version: str) -> Response:
    return Response(desk.script, media_type="text/javascript", headers=_kept(desk, version))


@router.api_route("/icon.svg", methods=["GET", "HEAD"])
def icon(desk: Here) -> Response:
    return Response(desk.html("icon.svg"), media_type="image/svg+xml", headers=FOR_A_DAY)


def _kept(desk: Desk, version: str) -> dict[str, str]:
    """An address changes with its file, so browsers may keep it; an old page still gets the file of today."""
    return FOR_EVER if version == desk.version else {"cache-control": "no-cache"}
