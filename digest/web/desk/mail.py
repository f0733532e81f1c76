"""The mail of an edition as a reader would see it, in a frame beside the table."""

from __future__ import annotations

from datetime import date
from html import escape

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from digest.addresses import accept
from digest.errors import UsageError
from digest.model import Newsletter, Subscription
from digest.render.dissected import Dissected
from digest.render.views import views
from digest.steps.previewing import preview
from digest.web.desk.frame import Desk, Here
from digest.web.desk.guard import editing
from digest.web.site import PRIVATE

# Nothing in the frame can act: no script, no form, and its links open beside the desk.
POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; "
    "img-src {pictures}; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)

router = APIRouter()


@router.get("/edition/{slug}/{day}/mail", dependencies=[Depends(editing)])
def mail(desk: Here, slug: str, day: date, view: str = "phone", wanted: str = "") -> HTMLResponse:
    """The page in the frame. Dark is forced in it, whatever the editor's own browser prefers."""
    newsletter = desk.newsletter(slug)
    reader, _ = reader_or_why(desk, newsletter, wanted)
    shown = preview(desk.app.service, desk.app.tokens, newsletter, day, reader, desk.clock())
    html = _as_seen(shown.mail, view) if shown.mail else f"<p>{escape(shown.reason)}</p>"
    pictures = "'none'" if view == "pictures-off" else "http: https:"
    policy = {"content-security-policy": POLICY.format(pictures=pictures)}
    return HTMLResponse(html, headers={**PRIVATE, **policy})


def _as_seen(mail: bytes, view: str) -> str:
    pages = {one.name: one.html for one in views(Dissected(mail))}
    return pages.get(view) or pages["phone"]


def reader_or_why(desk: Desk, newsletter: Newsletter, wanted: str) -> tuple[Subscription | None, str]:
    """The reader of an address, or why there is none; (None, "") where nobody is asked for."""
    if not wanted.strip():
        return None, ""
    try:
        address = accept(wanted)
    except UsageError:
        return None, "That is no mail address."
    reader = desk.app.readers.subscription(address, newsletter.slug)
    return reader, "" if reader else f"{wanted} does not read {newsletter.title}."
