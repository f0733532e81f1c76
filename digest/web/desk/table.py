"""The edition table: the coming edition as a draft, changed story by story, with the mail beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from digest.errors import UsageError
from digest.model import Picture, Story, Verb
from digest.render.rules import LIMIT
from digest.render.views import TITLES
from digest.steps.editing import Wanted, change, next_date, reworded, table_of
from digest.steps.previewing import preview
from digest.web.desk.frame import Desk, Here, local
from digest.web.desk.guard import Editing, editing
from digest.web.desk.mail import reader_or_why
from digest.web.desk.rows import history, rows, sections, state_in_words
from digest.web.desk.signed_in import SignedIn
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
    desk: Here, request: Request, me: Editing, slug: str, day: date, view: str = "phone", story: int = 0
) -> HTMLResponse:
    """The table. With `story` that one's words are open to be changed."""
    newsletter, now = desk.newsletter(slug), desk.clock()
    shown = table_of(desk.app.service, newsletter, day, now)
    wanted = request.query_params.get("for", "")
    reader, problem = reader_or_why(desk, newsletter, wanted)
    mail = preview(desk.app.service, desk.app.tokens, newsletter, day, reader, now)
    zone = newsletter.zone
    return desk.page(
        request,
        "edition.html",
        me,
        newsletter=newsletter,
        day=day,
        here=f"{desk.root}/edition/{slug}/{day}",
        table=shown,
        rows=list(rows(shown, zone)),
        others=[(one, local(one.published, zone, "%H:%M")) for one in shown.others[:OTHERS]],
        out=shown.out,
        history=history(shown, zone),
        state=state_in_words(shown, newsletter, day, now),
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
def do(desk: Here, me: Editing, slug: str, day: date) -> Response:
    """One button of the table: "pin 12", "above 12 11", "undo 7"."""
    try:
        verb, *numbers = me.field("do").split()
        wanted = _wanted(Verb(verb), *map(whole_number, numbers))
    except (TypeError, ValueError):
        raise UsageError(f"{me.field('do')!r} is nothing that can be done") from None
    return _changed(desk, me, slug, day, [wanted], "undone" if wanted[0] is Verb.UNDO else "edited")


@router.post("/edition/{slug}/{day}/words")
def words(desk: Here, me: Editing, slug: str, day: date) -> Response:
    """A story's headline, lead, picture and section."""
    newsletter = desk.newsletter(slug)
    shown = table_of(desk.app.service, newsletter, day, desk.clock())
    number = me.number("story")
    story = next((item.story for item in shown.edition.items if item.story.id == number), None)
    if story is None:
        raise UsageError("this story is not in the edition any more")
    picture = _picture(me, story)
    wanted = reworded(story, me.field("title"), me.field("lead"), picture, me.field("section"))
    return _changed(desk, me, slug, day, wanted)


@router.post("/edition/{slug}/{day}/head")
def head(desk: Here, me: Editing, slug: str, day: date) -> Response:
    """Subject and preheader; left empty they follow the stories again."""
    edition = table_of(desk.app.service, desk.newsletter(slug), day, desk.clock()).edition
    wanted: list[Wanted] = []
    if me.field("subject") != edition.subject:
        wanted.append((Verb.SUBJECT, None, {"text": me.field("subject")}))
    if me.field("preheader") != edition.preheader:
        wanted.append((Verb.PREHEADER, None, {"text": me.field("preheader")}))
    return _changed(desk, me, slug, day, wanted)


def _wanted(verb: Verb, number: int, other: int | None = None) -> Wanted:
    if verb is Verb.UNDO:
        return verb, None, {"n": number}
    return verb, number, {"other": other} if other else {}


def _changed(
    desk: Desk, me: SignedIn, slug: str, day: date, wanted: Sequence[Wanted], did: str = "edited"
) -> Response:
    newsletter, seen = desk.newsletter(slug), me.number("seen")
    change(desk.app.service, newsletter, day, wanted, me.account.address, seen, desk.clock())
    return desk.back(f"/edition/{slug}/{day}", did)


def _picture(me: SignedIn, story: Story) -> Picture | None:
    """The picture a form asks for: none, the story's as it is, or another by address."""
    if me.field("picture") == "none":
        return None
    url, alt = me.field("picture_url"), me.field("alt")
    if story.picture and (url, alt) == (story.picture.url, story.picture.alt):
        return story.picture
    return Picture(url, alt) if url else None
