"""What the editors' mail leads to: one question about a draft, and the button that answers it.

To open such a page changes nothing, whoever or whatever follows the link.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal, NamedTuple

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from digest.model import Story
from digest.steps.editing import Table, table_of
from digest.web.desk.frame import Desk, Here
from digest.web.desk.guard import Editing
from digest.web.desk.rows import state_in_words
from digest.web.desk.signed_in import SignedIn

router = APIRouter()


class Question(NamedTuple):
    """What is asked, and the form that says yes."""

    title: str
    button: str
    action: str  # below the edition's own address
    fields: Mapping[str, Any]


@router.api_route("/edition/{slug}/{day}/approve", methods=["GET", "HEAD"])
def approve(desk: Here, request: Request, me: Editing, slug: str, day: date) -> HTMLResponse:
    """The stories as they stand, and whether they may go."""
    question = Question("Approve this edition?", "Approve", "approve", {})
    shown = table_of(desk.app.service, desk.newsletter(slug), day, desk.clock())
    stories = [item.story for item in shown.edition.items]
    done = "" if stories else "There is nothing in it yet."
    if shown.stored and shown.stored.approved:
        done = "It is approved already."
    return _asked(desk, request, me, question, shown, stories, done)


@router.api_route("/edition/{slug}/{day}/{verb}/{number}", methods=["GET", "HEAD"])
def story(
    desk: Here,
    request: Request,
    me: Editing,
    slug: str,
    day: date,
    verb: Literal["pin", "skip"],
    number: int,
) -> HTMLResponse:
    """One story, and whether it is to be on top, or out."""
    title = {"pin": "Put this story on top?", "skip": "Leave this story out?"}[verb]
    question = Question(title, verb.capitalize(), "do", {"do": f"{verb} {number}"})
    shown = table_of(desk.app.service, desk.newsletter(slug), day, desk.clock())
    found = _known(shown).get(number)
    skipped_by = {left.id: edit.who for left, edit in shown.out}.get(number)
    done = "" if found else "There is no such story any more."
    if verb == "skip" and skipped_by:
        done = f"{skipped_by} left it out already."
    return _asked(desk, request, me, question, shown, [found] if found else [], done)


def _asked(
    desk: Desk,
    request: Request,
    me: SignedIn,
    question: Question,
    shown: Table,
    stories: list[Story],
    done: str,
) -> HTMLResponse:
    newsletter, day = shown.edition.newsletter, shown.edition.date
    return desk.page(
        request,
        "linked.html",
        me,
        question=question,
        newsletter=newsletter,
        day=day,
        here=f"{desk.root}/edition/{newsletter.slug}/{day}",
        table=shown,
        stories=stories,
        state=state_in_words(shown, newsletter, day, desk.clock()),
        done=done,
    )


def _known(shown: Table) -> Mapping[int, Story]:
    """Every story that can be asked about, as it would be told."""
    chosen = (item.story for item in shown.edition.items)
    return {one.id: one for one in (*shown.others, *(left for left, _ in shown.out), *chosen)}
