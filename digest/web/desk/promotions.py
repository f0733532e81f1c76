"""Promoted links, booked for one date or for many, always labelled."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import urlsplit

from fastapi import APIRouter
from starlette.responses import Response

from digest.errors import UsageError
from digest.model import Found
from digest.web.desk.frame import Here
from digest.web.desk.guard import Editing, safe_path
from digest.web.desk.signed_in import SignedIn

MOST = 60  # dates one form may book

router = APIRouter()


@router.post("/edition/{slug}/{day}/promote")
def book(desk: Here, me: Editing, slug: str, day: date) -> Response:
    """Book a link for every date from `since` to `until`, both included."""
    newsletter, now = desk.newsletter(slug), desk.clock()
    link, section, who = _link(me), me.field("section"), me.account.address
    dates = _dates(me)
    for one in dates:
        desk.app.promotions.book(newsletter, one, section, link, who, now)
    told = f"{link.title} in {slug}, {dates[0]} to {dates[-1]}"
    desk.app.audit.note(who, "booked a promoted link", told, now)
    return desk.back(f"/edition/{slug}/{day}", "booked")


@router.post("/promotions/{number}/cancel")
def cancel(desk: Here, me: Editing, number: int) -> Response:
    """Take one date's booking back; an edition that is frozen keeps it."""
    if desk.app.promotions.cancel(number):
        desk.app.audit.note(me.account.address, "took a booking back", str(number), desk.clock())
    return desk.back(safe_path(me.field("back") or "/"), "unbooked")


def _link(me: SignedIn) -> Found:
    label, title, url = me.field("label"), me.field("title"), me.field("url")
    if not label or not title:
        raise UsageError("a promoted link has a label that says so, and a headline")
    if urlsplit(url).scheme not in {"http", "https"}:
        raise UsageError(f"{url!r} is no address of a page: it must begin with https://")
    return Found("", url, title, lead=me.field("text"), promoted=label)


def _dates(me: SignedIn) -> list[date]:
    try:
        since, until = date.fromisoformat(me.field("since")), date.fromisoformat(me.field("until"))
    except ValueError:
        raise UsageError("say from which date until which, such as 2026-03-01") from None
    days = (until - since).days + 1
    if not 1 <= days <= MOST:
        raise UsageError(f"a booking runs from its first date to its last, {MOST} dates at most")
    return [since + timedelta(days=n) for n in range(days)]
