"""Leaving with one click, and coming back with one.

The POST is RFC 8058's: a mailbox provider sends `List-Unsubscribe=One-Click`, as a form or as multipart,
without cookie, Origin or Referer, and our own button sends nothing. Whatever the body says is not read.
"""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from digest.model import Subscription
from digest.tokens import Purpose
from digest.web.links import gone, known, link, newsletter_of, reader_of, ref_of
from digest.web.site import Here, Site

router = APIRouter()


@router.api_route("/unsubscribe/{token}", methods=["GET", "HEAD"])
def ask(site: Here, request: Request, token: str) -> HTMLResponse:
    """One button. Scanners that follow links come here and change nothing."""
    reader = reader_of(site, Purpose.UNSUBSCRIBE, token, request)
    if reader is None:
        return gone(site, site.wording())
    newsletter = newsletter_of(site, reader)
    return site.page("unsubscribe.html", site.wording(newsletter, reader), newsletter=newsletter.title)


@router.post("/unsubscribe/{token}")
def leave(site: Here, request: Request, token: str) -> HTMLResponse:
    """The same again and again, also for a token we do not know: whoever sent it has what they want."""
    ref = ref_of(site, Purpose.UNSUBSCRIBE, token, request)
    left = site.app.readers.leave(ref, site.clock()) if ref else None
    return goodbye(site, known(site, left))


@router.api_route("/return/{token}", methods=["GET", "HEAD"])
def ask_back(site: Here, request: Request, token: str) -> HTMLResponse:
    reader = reader_of(site, Purpose.RETURN, token, request)
    return goodbye(site, reader) if reader else gone(site, site.wording())


@router.post("/return/{token}")
def come_back(site: Here, request: Request, token: str) -> HTMLResponse:
    """Undo, for a day: the consent given before stands again."""
    reader = reader_of(site, Purpose.RETURN, token, request)
    if reader is None or not (
        site.app.people.come_back(reader.ref, site.clock()) or reader.state == "active"
    ):
        return gone(site, site.wording())
    newsletter = newsletter_of(site, reader)
    return site.page(
        "back.html",
        site.wording(newsletter, reader),
        newsletter=newsletter.title,
        preferences=link(site, Purpose.PREFERENCES, reader, "preferences"),
    )


def goodbye(site: Site, reader: Subscription | None) -> HTMLResponse:
    """The end of it: undo and preferences are one click away, and no question is asked."""
    if reader is None:
        return site.page("goodbye.html", site.wording(), newsletter="", undo="", preferences="")
    newsletter = newsletter_of(site, reader)
    return site.page(
        "goodbye.html",
        site.wording(newsletter, reader),
        newsletter=newsletter.title,
        undo=link(site, Purpose.RETURN, reader, "return"),
        preferences=link(site, Purpose.PREFERENCES, reader, "preferences"),
    )
