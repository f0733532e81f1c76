"""The few files beside the pages: the stylesheet and the icon, in the operator's colours."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from digest.web.site import Here

FOR_EVER = {"cache-control": "public, max-age=31536000, immutable"}

router = APIRouter()


@router.api_route("/style-{version}.css", methods=["GET", "HEAD"])
def style(site: Here, version: str) -> Response:
    """Its address changes with it, so browsers may keep it. An old page still gets the style of today."""
    headers = FOR_EVER if version == site.version else {"cache-control": "no-cache"}
    return Response(site.style, media_type="text/css", headers=headers)


@router.api_route("/icon.svg", methods=["GET", "HEAD"])
def icon(site: Here) -> Response:
    return Response(site.icon, media_type="image/svg+xml", headers={"cache-control": "public, max-age=86400"})
