"""Past and running editions: who got it, who did not and why; stop, go on, try again, correct, archive."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC
from itertools import islice

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response, StreamingResponse

from digest import sheets
from digest.model import DeliveryLine, DeliveryState, Newsletter, StoredEdition, edition_name
from digest.steps.by_hand import retry as try_again
from digest.steps.correcting import Correction
from digest.steps.correcting import correct as put_right
from digest.web.desk.frame import Desk, Here, local
from digest.web.desk.guard import Editing, editing
from digest.web.desk.now import run_of
from digest.web.desk.signed_in import SignedIn
from digest.web.site import PRIVATE

SHOWN = 200  # readers on a page; the CSV has all
LISTED = 30  # editions of a newsletter
WITHOUT = (
    DeliveryState.DEFERRED,
    DeliveryState.IN_DOUBT,
    DeliveryState.REFUSED,
    DeliveryState.EXPIRED,
    DeliveryState.WITHDRAWN,
)
SHOWS: dict[str, Sequence[DeliveryState]] = {
    "without": WITHOUT,
    "all": (),
    **{state.name.lower().replace("_", "-"): (state,) for state in DeliveryState},
}
COLUMNS = ("address", "outcome", "attempts", "at", "code", "status", "reply")

router = APIRouter()


@router.api_route("/editions", methods=["GET", "HEAD"])
def listed(desk: Here, request: Request, me: Editing) -> HTMLResponse:
    """The newest editions of every newsletter."""
    now = desk.clock()
    pauses = desk.app.pauses.standing(now)
    shelves = [
        (one, [run_of(desk, one, edition, pauses, now) for edition in desk.app.editions.latest(one, LISTED)])
        for one in desk.app.newsletters
    ]
    return desk.page(request, "editions.html", me, shelves=shelves)


@router.api_route("/editions/{number}", methods=["GET", "HEAD"])
def one(desk: Here, request: Request, me: Editing, number: int, show: str = "without") -> HTMLResponse:
    """One edition, and its readers by what became of their mail."""
    now = desk.clock()
    newsletter, edition = _found(desk, number)
    states = SHOWS.get(show, WITHOUT)
    lines = list(islice(desk.app.deliveries.lines(number, *states), SHOWN + 1))
    return desk.page(
        request,
        "one-edition.html",
        me,
        run=run_of(desk, newsletter, edition, desk.app.pauses.standing(now), now),
        show=show if show in SHOWS else "without",
        shows=list(SHOWS),
        lines=[(line, local(line.at, newsletter.zone)) for line in lines[:SHOWN]],
        more=len(lines) > SHOWN,
        limit=SHOWN,
        items=desk.app.editions.load(newsletter, number).items if edition.is_frozen else (),
        in_archive=not desk.app.archive.is_hidden(number),
    )


@router.get("/editions/{number}/readers.csv", dependencies=[Depends(editing)])
def readers_csv(desk: Here, number: int, show: str = "all") -> Response:
    """The same as a table for a spreadsheet, every reader of it."""
    _found(desk, number)
    lines = desk.app.deliveries.lines(number, *SHOWS.get(show, ()))
    name = f'attachment; filename="edition-{number}-{show if show in SHOWS else "all"}.csv"'
    headers = {"content-disposition": name, **PRIVATE}
    return StreamingResponse(_csv(lines), media_type="text/csv; charset=utf-8", headers=headers)


@router.post("/editions/{number}/stop")
def stop(desk: Here, me: Editing, number: int) -> Response:
    """Stop this edition's run in the middle, at once, for every process."""
    newsletter, edition = _found(desk, number)
    desk.app.pauses.add(f"edition:{number}", f"stopped by {me.account.address}", desk.clock())
    return _done(desk, me, newsletter, edition, "stopped")


@router.post("/editions/{number}/resume")
def resume(desk: Here, me: Editing, number: int) -> Response:
    newsletter, edition = _found(desk, number)
    desk.app.pauses.lift(f"edition:{number}", "all")
    return _done(desk, me, newsletter, edition, "resumed")


@router.post("/editions/{number}/retry")
def retry(desk: Here, me: Editing, number: int) -> Response:
    """Try deferred ones now, and those refused for no fault of the reader's."""
    newsletter, edition = _found(desk, number)
    again = try_again(desk.app.service, number, desk.clock())
    desk.app.incidents.close(f"partly:{number}", desk.clock())
    return _done(desk, me, newsletter, edition, "retried" if again else "nobody")


@router.post("/editions/{number}/archive")
def archive(desk: Here, me: Editing, number: int) -> Response:
    """Into the public archive, or out of it."""
    newsletter, edition = _found(desk, number)
    public = me.field("public") == "yes"
    desk.app.archive.hide(number, not public)
    return _done(desk, me, newsletter, edition, "archived" if public else "unarchived")


@router.post("/editions/{number}/correct")
def correct(desk: Here, me: Editing, number: int) -> Response:
    """New words for whoever has not had it; a mail to the others where that is asked for."""
    newsletter, edition = _found(desk, number)
    wanted = Correction(
        me.field("said"),
        me.number("story") or None,
        me.field("title"),
        me.field("lead"),
        is_withdrawn=me.field("withdraw") == "yes",
        is_told=me.field("tell") == "yes",
    )
    put_right(desk.app.correcting, newsletter, edition, wanted, desk.clock())
    return _done(desk, me, newsletter, edition, "corrected")


def _done(desk: Desk, me: SignedIn, newsletter: Newsletter, edition: StoredEdition, did: str) -> Response:
    told = edition_name(newsletter.slug, edition.date, edition.wave)
    desk.app.audit.note(me.account.address, did, told, desk.clock())
    return desk.back(f"/editions/{edition.id}", did)


def _found(desk: Desk, number: int) -> tuple[Newsletter, StoredEdition]:
    """An edition by number, of a newsletter that is configured. Raises HTTPException 404."""
    edition = desk.app.editions.by_id(number)
    if edition is None:
        raise HTTPException(404)
    return desk.newsletter(edition.newsletter), edition


def _csv(lines: Iterator[DeliveryLine]) -> Iterator[str]:
    yield sheets.line(COLUMNS)
    for line in lines:
        at = line.at.astimezone(UTC).isoformat() if line.at else ""
        yield sheets.line((line.address, line.state, line.attempts, at, line.code, line.status, line.reply))
