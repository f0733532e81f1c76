"""The mail of an edition as a reader would see it, in a frame beside the table."""

from __future__ import annotations

import re
from datetime import date
from html import escape

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from digest.addresses import accept
from digest.errors import UsageError
from digest.model import Newsletter, Subscription
from digest.render.dissected import Mail
from digest.steps.previewing import preview
from digest.web.desk.frame import Desk, Here
from digest.web.desk.guard import editing
from digest.web.site import PRIVATE

VIEWS = {
    "phone": "Phone",
    "desktop": "Desktop",
    "dark": "Dark",
    "text": "Text",
    "plain": "Pictures off",
}
_DARK = re.compile(r"\(prefers-color-scheme:\s*dark\)")
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
    reader, _ = reader_of(desk, newsletter, wanted)
    shown = preview(desk.app.service, desk.app.tokens, newsletter, day, reader, desk.clock())
    opened = Mail(shown.mail)
    if not shown.mail:
        html = f"<p>{escape(shown.reason)}</p>"
    elif view == "text":
        html = f"<pre style='white-space:pre-wrap;font:14px/1.5 monospace'>{escape(opened.text)}</pre>"
    else:
        html = _DARK.sub("all" if view == "dark" else "not all", opened.html)
    html = html.replace("<head>", '<head><base target="_blank">', 1)
    pictures = "'none'" if view == "plain" else "http: https:"
    policy = {"content-security-policy": POLICY.format(pictures=pictures)}
    return HTMLResponse(html, headers={**PRIVATE, **policy})


def reader_of(desk: Desk, newsletter: Newsletter, wanted: str) -> tuple[Subscription | None, str]:
    """The reader of an address, or why there is none; (None, "") where nobody is asked for."""
    if not wanted.strip():
        return None, ""
    try:
        address = accept(wanted)
    except UsageError:
        return None, "That is no mail address."
    theirs = [one for one in desk.app.readers.of(address) if one.newsletter == newsletter.slug]
    return (theirs[0], "") if theirs else (None, f"{wanted} does not read {newsletter.title}.")
