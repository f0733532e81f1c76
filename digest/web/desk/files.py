"""The files beside the desk's pages: its stylesheet, its one small script, its icon."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from digest.web.desk.frame import Here
from digest.web.files import FOR_A_DAY, kept

router = APIRouter()


@router.api_route("/style-{version}.css", methods=["GET", "HEAD"])
def style(desk: Here, version: str) -> Response:
    return Response(desk.style, media_type="text/css", headers=kept(desk.version, version))


@router.api_route("/desk-{version}.js", methods=["GET", "HEAD"])
def script(desk: Here, version: str) -> Response:
    return Response(desk.script, media_type="text/javascript", headers=kept(desk.version, version))


@router.api_route("/icon.svg", methods=["GET", "HEAD"])
def icon(desk: Here) -> Response:
    return Response(desk.html("icon.svg"), media_type="image/svg+xml", headers=FOR_A_DAY)
