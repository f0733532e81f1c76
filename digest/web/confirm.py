"""The second click: a mail's link leads to one button, and the button starts the newsletter."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from digest.addresses import accept
from digest.model import Subscription
from digest.tokens import Purpose
from digest.web import mails
from digest.web.links import gone, link, newsletter_of, reader_of
from digest.web.phrases import first_edition, when_for
from digest.web.site import Here, Site

router = APIRouter()


@router.api_route("/confirm/{token}", methods=["GET", "HEAD"])
def ask(site: Here, request: Request, token: str) -> HTMLResponse:
    """One control, the first on the page: it says that one tap is left."""
    reader = reader_of(site, Purpose.CONFIRM, token, request)
    if reader is None or reader.state not in {"pending", "active"}:
        return gone(site, site.wording(), confirming=True)
    if reader.state == "active":
        return _welcome(site, reader, site.clock())
    newsletter = newsletter_of(site, reader)
    wording = site.wording(newsletter, reader)
    when = when_for(newsletter, reader, wording)
    return site.page("confirm.html", wording, newsletter=newsletter.title, when=when)


@router.post("/confirm/{token}")
def confirm(site: Here, request: Request, token: str) -> HTMLResponse:
    """Twice is harmless. A link from before leaving does not bring anyone back."""
    reader, now = reader_of(site, Purpose.CONFIRM, token, request), site.clock()
    if reader is None or reader.state not in {"pending", "active"} or _is_off(site, reader):
        return gone(site, site.wording(), confirming=True)
    confirmed = site.app.readers.confirm(reader.ref, now)
    if confirmed is None or confirmed.state != "active":
        return gone(site, site.wording(), confirming=True)
    if reader.state == "pending":
        mails.welcome(site, confirmed, now)
    return _welcome(site, confirmed, now)


def _is_off(site: Site, reader: Subscription) -> bool:
    return site.app.suppressions.find(accept(reader.address)) is not None


def _welcome(site: Site, reader: Subscription, now: datetime) -> HTMLResponse:
    newsletter = newsletter_of(site, reader)
    wording = site.wording(newsletter, reader)
    return site.page(
        "welcome.html",
        wording,
        newsletter=newsletter.title,
        slug=newsletter.slug,
        first=first_edition(newsletter, reader, wording, now),
        preferences=link(site, Purpose.PREFERENCES, reader, "preferences"),
    )
