"""Readers: looked for, one person's whole story, and what an operator may do for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response, StreamingResponse

from digest import sheets
from digest.addresses import Address, accept
from digest.errors import UsageError
from digest.model import DeliveryLine, Subscription
from digest.record.suppression import STRIKES, strikes_that_count
from digest.web.desk.frame import Desk, Here, local
from digest.web.desk.guard import Editing, Operating, operating
from digest.web.site import PRIVATE

STATES = ("active", "pending", "unsubscribed", "suppressed")
PER_PAGE = 50
HISTORY = 60  # editions of one reader
BOUNCES = 20  # of one person
COLUMNS = ("address", "newsletter", "state", "zone", "at", "days", "sections", "asked_at", "confirmed_at")

router = APIRouter()


class Shown(NamedTuple):
    """One subscription of a person, with its times told and what became of its editions."""

    reader: Subscription
    title: str  # the newsletter's; its slug where it is not configured any more
    asked: str
    confirmed: str
    left: str
    history: Sequence[tuple[str, str, DeliveryLine]]  # date, time, outcome


@router.api_route("/readers", methods=["GET", "HEAD"])
def listed(
    desk: Here,
    request: Request,
    me: Editing,
    q: str = "",
    newsletter: str = "",
    state: str = "",
    after: int = 0,
) -> HTMLResponse:
    """A page of readers."""
    listing, text = desk.app.listing, q.strip()
    found = listing.subscriptions(after, PER_PAGE + 1, newsletter, state, text)
    states = listing.states()
    return desk.page(
        request,
        "readers.html",
        me,
        found=found[:PER_PAGE],
        more=found[PER_PAGE - 1].id if len(found) > PER_PAGE else 0,
        count=listing.subscription_count(newsletter, state, text),
        numbers=[(one, [states.get((one.slug, name), 0) for name in STATES]) for one in desk.app.newsletters],
        states=STATES,
        q=q,
        newsletter=newsletter,
        state=state,
    )


@router.get("/readers.csv", dependencies=[Depends(operating)])
def export(desk: Here, newsletter: str = "") -> Response:
    """Every subscription, as a file for a spreadsheet."""
    headers = {"content-disposition": 'attachment; filename="readers.csv"', **PRIVATE}
    lines = _exported(desk, newsletter)
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=headers)


@router.api_route("/readers/{ref}", methods=["GET", "HEAD"])
def one(desk: Here, request: Request, me: Editing, ref: str) -> HTMLResponse:
    """Everything that is known of a person: consent, editions, outcomes, bounces; why an address is off."""
    person = _person(desk, ref)
    off, theirs = desk.app.suppressions.find(person), desk.app.readers.of(person)
    strikes, reader = desk.app.strikes, theirs[0]
    _, zone = _title_and_zone(desk, reader)
    bounces = [(local(one.at, zone), one) for one in strikes.newest(reader, BOUNCES)]
    return desk.page(
        request,
        "one-reader.html",
        me,
        person=person,
        ref=ref,
        off=off,
        off_since=local(off.at, zone) if off else "",
        subscriptions=[_shown(desk, one) for one in theirs],
        bounces=bounces,
        counting=strikes_that_count(*strikes.of(reader), desk.clock()),
        most=STRIKES,
    )


@router.post("/readers/{ref}/unsubscribe")
def unsubscribe(desk: Here, me: Operating, ref: str) -> Response:
    """One subscription, as the reader's own button does."""
    reader = desk.app.readers.leave(_ref(ref), desk.clock())
    if reader is None:
        raise HTTPException(404)
    desk.app.audit.note(me.account.address, "unsubscribed", _named(ref), desk.clock())
    return desk.back(f"/readers/{ref}", "unsubscribed")


@router.post("/readers/{ref}/suppress")
def suppress(desk: Here, me: Operating, ref: str) -> Response:
    person, why = _person(desk, ref), me.field("why")
    if not why:
        raise UsageError("say why: it stands beside the address for ever")
    desk.app.suppressions.add(person, "by hand", f"{why} ({me.account.address})", desk.clock())
    desk.app.audit.note(me.account.address, "suppressed", f"{_named(ref)}: {why}", desk.clock())
    return desk.back(f"/readers/{ref}", "suppressed")


@router.post("/readers/{ref}/lift")
def lift(desk: Here, me: Operating, ref: str) -> Response:
    person = _person(desk, ref)
    desk.app.suppressions.lift(person, desk.clock(), me.account.address)
    desk.app.audit.note(me.account.address, "lifted a suppression", _named(ref), desk.clock())
    return desk.back(f"/readers/{ref}", "unsuppressed")


@router.post("/readers/{ref}/erase")
def erase(desk: Here, me: Operating, ref: str) -> Response:
    """Forget a person."""
    person = _person(desk, ref)
    if me.field("sure") != "yes":
        raise UsageError("tick the box first: nobody can bring a forgotten person back")
    desk.app.suppressions.erase(person, desk.clock())
    desk.app.audit.note(me.account.address, "forgot a person", _named(ref), desk.clock())
    return desk.back("/readers", "erased")


def _shown(desk: Desk, reader: Subscription) -> Shown:
    title, zone = _title_and_zone(desk, reader)
    asked, confirmed, left = (
        local(at, zone) for at in (reader.asked_at, reader.confirmed_at, reader.left_at)
    )
    lines = desk.app.deliveries.history(reader, HISTORY)
    history = [(f"{day}", local(line.at, zone, "%H:%M"), line) for day, line in lines]
    return Shown(reader, title, asked, confirmed, left, history)


def _title_and_zone(desk: Desk, reader: Subscription) -> tuple[str, str]:
    """Of the newsletter that is read; it may have gone from the configuration while its readers are kept."""
    known = {one.slug: (one.title, one.zone) for one in desk.app.newsletters}
    return known.get(reader.newsletter, (reader.newsletter, desk.app.home_zone))


def _person(desk: Desk, ref: str) -> Address:
    """Whose subscription a page is about. Raises HTTPException 404."""
    reader = desk.app.readers.by_ref(_ref(ref))
    if reader is None or not reader.address:
        raise HTTPException(404)
    return accept(reader.address)


def _named(ref: str) -> str:
    """A reader in the log: by what is in their page's address, so that nobody forgotten stays in it."""
    return f"reader {ref}"


def _ref(ref: str) -> bytes:
    try:
        return bytes.fromhex(ref)
    except ValueError:
        raise HTTPException(404) from None


def _exported(desk: Desk, newsletter: str) -> Iterator[str]:
    yield sheets.line(COLUMNS)
    for one in desk.app.readers.every(newsletter or None):
        wish = (one.zone, f"{one.at:%H:%M}", one.days, ";".join(one.sections))
        consent = [f"{at:%Y-%m-%dT%H:%MZ}" if at else "" for at in (one.asked_at, one.confirmed_at)]
        yield sheets.line((one.address, one.newsletter, one.state, *wish, *consent))
