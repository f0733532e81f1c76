"""The few files beside the pages: the stylesheet and the icon, in the operator's colours, and the script."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from digest.web.site import Here

FOR_A_DAY = {"cache-control": "public, max-age=86400"}
FOR_EVER = {"cache-control": "public, max-age=31536000, immutable"}

router = APIRouter()


@router.api_route("/style-{version}.css", methods=["GET", "HEAD"])
def style(site: Here, version: str) -> Response:
    return Response(site.style, media_type="text/css", headers=kept(site.version, version))


@router.api_route("/work-{version}.js", methods=["GET", "HEAD"])
def script(site: Here, version: str) -> Response:
    return Response(site.script, media_type="text/javascript", headers=kept(site.version, version))


@router.api_route("/icon.svg", methods=["GET", "HEAD"])
def icon(site: Here) -> Response:
    return Response(site.icon, media_type="image/svg+xml", headers=FOR_A_DAY)


def kept(current: str, version: str) -> dict[str, str]:
    """A file's address changes with it, so browsers may keep it. An old page still gets that of today."""
    return FOR_EVER if version == current else {"cache-control": "no-cache"}
