"""The edition table: the coming edition as a draft, changed story by story, with the mail beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from digest.addresses import accept
from digest.errors import UsageError
from digest.model import Picture, Story, Verb
from digest.render.rules import LIMIT
from digest.render.views import TITLES
from digest.schedule.due import home_wave
from digest.steps.editing import Wanted, change, must_have_seen, next_date, reworded, table_of
from digest.steps.editions import as_draft
from digest.steps.issuing import issue_by_hand
from digest.steps.previewing import preview
from digest.steps.sending import send_copies
from digest.web.desk.frame import Desk, Here, local
from digest.web.desk.guard import Editing, Visit, editing
from digest.web.desk.mail import reader_of
from digest.web.desk.rows import history, rows, sections, standing
from digest.web.forms import whole_number

OTHERS = 30  # stories offered that are not in the edition

router = APIRouter()


@router.api_route("/edition", methods=["GET", "HEAD"], dependencies=[Depends(editing)])
def first(desk: Here) -> Response:
    """The first newsletter's coming edition."""
    if not desk.app.newsletters:
        raise HTTPException(404)
    return desk.back(f"/edition/{desk.app.newsletters[0].slug}")


@router.api_route("/edition/{slug}", methods=["GET", "HEAD"], dependencies=[Depends(editing)])
def coming(desk: Here, slug: str) -> Response:
    newsletter = desk.newsletter(slug)
    return desk.back(f"/edition/{slug}/{next_date(desk.app.service, newsletter, desk.clock())}")


@router.api_route("/edition/{slug}/{day}", methods=["GET", "HEAD"])
def table(
    desk: Here, request: Request, visit: Editing, slug: str, day: date, view: str = "phone", story: int = 0
) -> HTMLResponse:
    """The table. With `story` that one's words are open to be changed."""
    newsletter, now = desk.newsletter(slug), desk.clock()
    shown = table_of(desk.app.service, newsletter, day, now)
    wanted = request.query_params.get("for", "")
    reader, problem = reader_of(desk, newsletter, wanted)
    mail = preview(desk.app.service, desk.app.tokens, newsletter, day, reader, now)
    zone = newsletter.zone
    return desk.page(
        request,
        "edition.html",
        visit.account,
        visit.key,
        newsletter=newsletter,
        day=day,
        here=f"{desk.root}/edition/{slug}/{day}",
        table=shown,
        rows=list(rows(shown, zone)),
        others=[(one, local(one.published, zone, "%H:%M")) for one in shown.others[:OTHERS]],
        out=shown.out,
        history=history(shown, zone),
        standing=standing(shown, newsletter, day, now),
        preview=mail,
        limit=LIMIT,
        view=view if view in TITLES else "phone",
        views=TITLES,
        wanted=wanted,
        problem=problem,
        open=next((item for item in shown.edition.items if item.story.id == story), None),
        sections=sections(newsletter, shown),
        booked=desk.app.promotions.coming(newsletter, day),
    )


@router.post("/edition/{slug}/{day}/do")
def do(desk: Here, visit: Editing, slug: str, day: date) -> Response:
    """One button of the table: "pin 12", "above 12 11", "undo 7"."""
    try:
        verb, *numbers = visit.field("do").split()
        wanted = _wanted(Verb(verb), *map(whole_number, numbers))
    except (TypeError, ValueError):
        raise UsageError(f"{visit.field('do')!r} is nothing that can be done") from None
    return _changed(desk, visit, slug, day, [wanted], "undone" if wanted[0] is Verb.UNDO else "edited")


@router.post("/edition/{slug}/{day}/words")
def words(desk: Here, visit: Editing, slug: str, day: date) -> Response:
    """A story's headline, lead, picture and section."""
    newsletter = desk.newsletter(slug)
    shown = table_of(desk.app.service, newsletter, day, desk.clock())
    number = visit.number("story")
    story = next((item.story for item in shown.edition.items if item.story.id == number), None)
    if story is None:
        raise UsageError("this story is not in the edition any more")
    picture = _picture(visit, story)
    wanted = reworded(story, visit.field("title"), visit.field("lead"), picture, visit.field("section"))
    return _changed(desk, visit, slug, day, wanted)


@router.post("/edition/{slug}/{day}/head")
def head(desk: Here, visit: Editing, slug: str, day: date) -> Response:
    """Subject and preheader; left empty they follow the stories again."""
    edition = table_of(desk.app.service, desk.newsletter(slug), day, desk.clock()).edition
    wanted: list[Wanted] = []
    if visit.field("subject") != edition.subject:
        wanted.append((Verb.SUBJECT, None, {"text": visit.field("subject")}))
    if visit.field("preheader") != edition.preheader:
        wanted.append((Verb.PREHEADER, None, {"text": visit.field("preheader")}))
    return _changed(desk, visit, slug, day, wanted)


@router.post("/edition/{slug}/{day}/approve")
def approve(desk: Here, visit: Editing, slug: str, day: date) -> Response:
    return _approve(desk, visit, slug, day, approved=True)


@router.post("/edition/{slug}/{day}/hold")
def hold(desk: Here, visit: Editing, slug: str, day: date) -> Response:
    return _approve(desk, visit, slug, day, approved=False)


@router.post("/edition/{slug}/{day}/send")
def send(desk: Here, visit: Editing, slug: str, day: date) -> Response:
    """Freeze and plan it now; the service sends it."""
    newsletter, now = desk.newsletter(slug), desk.clock()
    issued = issue_by_hand(desk.app.service, newsletter, day, now, everyone=False, approve=True)
    if issued.result != "planned":
        raise UsageError(f"{newsletter.title} of {day} is {issued.result}: {issued.reason}")
    for kind in ("waiting", "empty", "missed", "late"):
        desk.app.incidents.close(f"{kind}:{slug}:{day}", now)
    desk.app.audit.note(visit.account.address, "sent", f"{slug} of {day}: {issued.planned} readers", now)
    stored = desk.app.editions.find(newsletter, day, home_wave(newsletter, day))
    assert stored is not None, "it was issued a moment ago"
    return desk.back(f"/editions/{stored.id}", "sent")


@router.post("/edition/{slug}/{day}/copy")
async def copy(desk: Here, visit: Editing, slug: str, day: date) -> Response:
    """A test copy to whoever asks for it, outside the record."""
    from starlette.concurrency import run_in_threadpool

    newsletter, now = desk.newsletter(slug), desk.clock()
    reader, _ = await run_in_threadpool(reader_of, desk, newsletter, visit.field("for"))
    service, tokens = desk.app.service, desk.app.tokens
    shown = await run_in_threadpool(preview, service, tokens, newsletter, day, reader, now)
    if not shown.mail:
        raise UsageError(f"there is nothing to send: {shown.reason}")
    [(_, outcome)] = await send_copies(desk.app.post, shown.copy, [accept(visit.account.address)], now)
    if outcome.verdict != "accepted":
        raise UsageError(f"the mail server did not take it: {outcome.reply or outcome.verdict}")
    return desk.back(f"/edition/{slug}/{day}", "copied")


def _wanted(verb: Verb, number: int, other: int | None = None) -> Wanted:
    if verb is Verb.UNDO:
        return verb, None, {"n": number}
    return verb, number, {"other": other} if other else {}


def _changed(
    desk: Desk, visit: Visit, slug: str, day: date, wanted: Sequence[Wanted], did: str = "edited"
) -> Response:
    newsletter, seen = desk.newsletter(slug), visit.number("seen")
    change(desk.app.service, newsletter, day, wanted, visit.account.address, seen, desk.clock())
    return desk.back(f"/edition/{slug}/{day}", did)


def _approve(desk: Desk, visit: Visit, slug: str, day: date, *, approved: bool) -> Response:
    newsletter, now = desk.newsletter(slug), desk.clock()
    if approved:
        must_have_seen(desk.app.service, newsletter, day, visit.number("seen"))
    stored = as_draft(desk.app.service, newsletter, day, now)
    desk.app.editions.approve(stored.id, approved)
    did = "approved" if approved else "held"
    desk.app.audit.note(visit.account.address, did, f"{slug} of {day}", now)
    return desk.back(f"/edition/{slug}/{day}", did)


def _picture(visit: Visit, story: Story) -> Picture | None:
    """The picture a form asks for: none, the story's as it is, or another by address."""
    if visit.field("picture") == "none":
        return None
    url, alt = visit.field("picture_url"), visit.field("alt")
    if story.picture and (url, alt) == (story.picture.url, story.picture.alt):
        return story.picture
    return Picture(url, alt) if url else None
