"""What is known of a person, for that person: to take along, or to have forgotten."""

from __future__ import annotations

import json
from datetime import date, datetime

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from digest.addresses import accept
from digest.tokens import Purpose
from digest.web.links import gone, link, newsletter_of, reader_of
from digest.web.site import PRIVATE, Here

DOWNLOAD = {"content-disposition": 'attachment; filename="my-data.json"', **PRIVATE}

router = APIRouter(prefix="/preferences/{token}")


@router.api_route("/data", methods=["GET", "HEAD"])
def data(site: Here, request: Request, token: str) -> Response:
    """Everything stored about a person, as JSON."""
    reader = reader_of(site, Purpose.PREFERENCES, token, request)
    if reader is None:
        return gone(site, site.wording())
    known = json.dumps(site.app.people.known(reader.ref), ensure_ascii=False, indent=2, default=_plain)
    return Response(known, media_type="application/json", headers=DOWNLOAD)


@router.api_route("/erase", methods=["GET", "HEAD"])
def ask(site: Here, request: Request, token: str) -> HTMLResponse:
    reader = reader_of(site, Purpose.PREFERENCES, token, request)
    if reader is None:
        return gone(site, site.wording())
    wording = site.wording(newsletter_of(site, reader), reader)
    back = link(site, Purpose.PREFERENCES, reader, "preferences")
    return site.page("erase.html", wording, done=False, back=back)


@router.post("/erase")
def erase(site: Here, request: Request, token: str) -> HTMLResponse:
    """The address goes for good; where it was suppressed, a keyed hash stays, so that it is never mailed."""
    reader = reader_of(site, Purpose.PREFERENCES, token, request)
    if reader is None:
        return gone(site, site.wording())
    wording = site.wording(newsletter_of(site, reader), reader)
    site.app.suppressions.erase(accept(reader.address), site.clock())
    return site.page("erase.html", wording, done=True, back="")


def _plain(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"cannot tell {type(value).__name__}")
