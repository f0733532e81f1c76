"""A reader's preferences: everything on one page, saved by one POST, behind a link of their own mails."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from digest.addresses import accept
from digest.model import Consent, Mornings, Newsletter, Subscription
from digest.render.catalogue import Wording
from digest.schedule.due import WEEKDAYS, weekdays
from digest.store.asked import Asked
from digest.store.attempts import Rule
from digest.store.people import Moved
from digest.tokens import Purpose
from digest.web.forms import Posted
from digest.web.leaving import goodbye
from digest.web.limits import DAY
from digest.web.links import gone, link, newsletter_of, reader_of, ref_of
from digest.web.phrases import QUARTERS, day_names, own_languages, when, zones
from digest.web.site import Here, Site, client
from digest.web.wishes import Wishes, Wrong, wishes

WORDING = "preferences-1"  # which text the reader agreed to: templates/web/preferences.html
MOVES = 5  # new addresses a reader may try in a day; each is a mail to a stranger until it is confirmed

router = APIRouter()
Mine = Mapping[str, Subscription]


@router.api_route("/preferences/{token}", methods=["GET", "HEAD"])
def show(site: Here, request: Request, token: str) -> HTMLResponse:
    reader = reader_of(site, Purpose.PREFERENCES, token, request)
    if reader is None:
        return gone(site, site.wording())
    mine = subscriptions(site, reader)
    return _page(site, reader, mine) if mine else goodbye(site, reader)


@router.post("/preferences/{token}")
def save(site: Here, request: Request, token: str, form: Posted) -> HTMLResponse:
    """One POST for all of it. Nobody who has left comes back by it: that takes their own word."""
    reader = reader_of(site, Purpose.PREFERENCES, token, request)
    if reader is None:
        return gone(site, site.wording())
    mine, now = subscriptions(site, reader), site.clock()
    if not mine:
        return goodbye(site, reader)
    try:
        wanted = wishes(form, site.app.newsletters, mine, _today(reader, now))
    except Wrong as wrong:
        return _page(site, reader, mine, problem=wrong.field)
    _settle(site, reader, mine, wanted, now)
    moving = wanted.address.key != accept(reader.address).key
    if moving:
        origin = f"preferences {client(request)}"
        asked = Asked("move", wanted.address, reader.newsletter, origin, now, reader.ref)
        site.app.asked.put(asked, [Rule(f"move:{reader.ref.hex()}", MOVES, DAY)])
    after = site.app.readers.by_ref(reader.ref) or reader
    kept = subscriptions(site, after)
    return _page(site, after, kept, saved=True, moving=moving) if kept else goodbye(site, after)


@router.api_route("/address/{token}", methods=["GET", "HEAD"])
def ask_move(site: Here, request: Request, token: str) -> HTMLResponse:
    """What the mail to a new address leads to: one button."""
    wish = ref_of(site, Purpose.MOVE, token, request)
    if wish is None or not site.app.people.wants_to_move(wish):
        return gone(site, site.wording())
    return site.page("address.html", site.wording(), state="asked")


@router.post("/address/{token}")
def move(site: Here, request: Request, token: str) -> HTMLResponse:
    wish = ref_of(site, Purpose.MOVE, token, request)
    moved = site.app.people.confirm_move(wish) if wish else Moved.GONE
    if moved is Moved.GONE:
        return gone(site, site.wording())
    return site.page("address.html", site.wording(), state=moved.value)


def subscriptions(site: Site, reader: Subscription) -> Mine:
    """What a person reads, by newsletter; empty where they have left everything."""
    found = (site.app.readers.by_ref(ref) for ref in site.app.people.refs(reader.ref))
    theirs = {one.newsletter: one for one in found if one and one.newsletter in site.newsletters}
    return theirs if any(one.state == "active" for one in theirs.values()) else {}


def _settle(site: Site, reader: Subscription, mine: Mine, wanted: Wishes, now: datetime) -> None:
    consent = Consent(now, "preferences", WORDING)
    address = accept(reader.address)
    for newsletter in site.app.newsletters:
        order, before = wanted.orders.get(newsletter.slug), mine.get(newsletter.slug)
        if order is None and before:
            site.app.readers.leave(before.ref, now)
        elif order and before and before.state == "active":
            site.app.readers.change(before.ref, newsletter, order, now)
        elif order:
            site.app.readers.subscribe(address, newsletter, order, consent, confirmed=True)
    site.app.people.settle(reader.ref, wanted.language, wanted.paused_until)


def _today(reader: Subscription, now: datetime) -> date:
    return now.astimezone(ZoneInfo(reader.zone)).date()


def _page(
    site: Site,
    reader: Subscription,
    mine: Mine,
    *,
    saved: bool = False,
    moving: bool = False,
    problem: str = "",
) -> HTMLResponse:
    wording = site.wording(newsletter_of(site, reader), reader)
    own = any(one.mornings is Mornings.READER for one in site.app.newsletters)
    tomorrow = _today(reader, site.clock()) + timedelta(days=1)
    return site.page(
        "preferences.html",
        wording,
        status=422 if problem else 200,
        newsletters=[_choices(one, mine.get(one.slug), wording) for one in site.app.newsletters],
        address=reader.address,
        languages=own_languages(),
        language=reader.language,
        zones=zones() if own else {},
        zone=reader.zone,
        quarters=QUARTERS,
        tomorrow=tomorrow,
        paused_until=reader.paused_until if reader.paused_until and reader.paused_until >= tomorrow else None,
        told_day=wording.day,
        saved=saved,
        moving=moving,
        problem=problem,
        here=link(site, Purpose.PREFERENCES, reader, "preferences"),
        leave=link(site, Purpose.UNSUBSCRIBE, reader, "unsubscribe"),
    )


def _choices(newsletter: Newsletter, mine: Subscription | None, wording: Wording) -> dict[str, object]:
    """One newsletter's part of the form, as it stands."""
    chosen = mine.sections if mine else ()
    names, days = day_names(wording), weekdays(mine.days if mine else newsletter.days)
    offered = weekdays(newsletter.days)
    return {
        "slug": newsletter.slug,
        "title": newsletter.title,
        "when": when(newsletter, wording),
        "read": mine is not None and mine.state == "active",
        "sections": [(one.name, not chosen or one.name in chosen) for one in newsletter.sections],
        "days": [(day, names[day], day in days) for day in WEEKDAYS if day in offered],
        "own_only": mine is not None and mine.own_only,
        "own_hour": newsletter.mornings is Mornings.READER,
        "at": mine.at if mine else newsletter.send_at,
    }
