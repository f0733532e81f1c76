"""What becomes of a draft: approved, held, sent at once, or sent to oneself as a test copy."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from digest.addresses import accept
from digest.errors import UsageError
from digest.steps.by_hand import issue_by_hand
from digest.steps.editing import must_have_seen
from digest.steps.editions import as_draft
from digest.steps.previewing import preview
from digest.steps.sending import send_copies
from digest.web.desk.frame import Desk, Here
from digest.web.desk.guard import Editing
from digest.web.desk.mail import reader_or_why
from digest.web.desk.signed_in import SignedIn
from digest.words import counted

router = APIRouter()


@router.post("/edition/{slug}/{day}/approve")
def approve(desk: Here, me: Editing, slug: str, day: date) -> Response:
    return _approve(desk, me, slug, day, approved=True)


@router.post("/edition/{slug}/{day}/hold")
def hold(desk: Here, me: Editing, slug: str, day: date) -> Response:
    return _approve(desk, me, slug, day, approved=False)


@router.post("/edition/{slug}/{day}/send")
def send(desk: Here, me: Editing, slug: str, day: date) -> Response:
    """Freeze and plan it now; the service sends it."""
    newsletter, now = desk.newsletter(slug), desk.clock()
    issued = issue_by_hand(desk.app.service, newsletter, day, now, everyone=False, approve=True)
    if issued.result != "planned":
        raise UsageError(f"{newsletter.title} of {day} is {issued.result}: {issued.reason}")
    for kind in ("waiting", "empty", "missed", "late"):
        desk.app.incidents.close(f"{kind}:{slug}:{day}", now)
    readers = counted(issued.planned, "reader", "readers")
    desk.app.audit.note(me.account.address, "sent", f"{slug} of {day}: {readers}", now)
    stored = desk.app.editions.at_home(newsletter, day)
    assert stored is not None, "it was issued a moment ago"
    return desk.back(f"/editions/{stored.id}", "sent")


@router.post("/edition/{slug}/{day}/copy")
async def copy(desk: Here, me: Editing, slug: str, day: date) -> Response:
    """A test copy to whoever asks for it, outside the record."""
    newsletter, now = desk.newsletter(slug), desk.clock()
    reader, _ = await run_in_threadpool(reader_or_why, desk, newsletter, me.field("for"))
    service, tokens = desk.app.service, desk.app.tokens
    shown = await run_in_threadpool(preview, service, tokens, newsletter, day, reader, now)
    if not shown.mail:
        raise UsageError(f"there is nothing to send: {shown.reason}")
    [(_, outcome)] = await send_copies(desk.app.post, shown.copy, [accept(me.account.address)], now)
    if outcome.verdict != "accepted":
        raise UsageError(f"the mail server did not take it: {outcome.reply or outcome.verdict}")
    return desk.back(f"/edition/{slug}/{day}", "copied")


def _approve(desk: Desk, me: SignedIn, slug: str, day: date, *, approved: bool) -> Response:
    newsletter, now = desk.newsletter(slug), desk.clock()
    if approved:
        must_have_seen(desk.app.service, newsletter, day, me.number("seen"))
    stored = as_draft(desk.app.service, newsletter, day, now)
    desk.app.editions.approve(stored.id, approved)
    did = "approved" if approved else "held"
    desk.app.audit.note(me.account.address, did, f"{slug} of {day}", now)
    return desk.back(f"/edition/{slug}/{day}", did)
