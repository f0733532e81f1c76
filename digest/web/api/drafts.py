"""The edition of a date while it can be changed: as the desk's table, with the desk's own rules.

Every change says which state its program saw (`seen`). Whoever was not the first to change that state is
told (409), and nothing is overwritten that somebody has not read.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field, StringConstraints

from digest.model import ApiKey, Edit, EditionState, Newsletter, Verb
from digest.steps.editing import LONGEST, Wanted, change, must_have_seen, table_of
from digest.steps.editions import as_draft
from digest.web.api.access import ChangingEditions, Reading
from digest.web.api.editions import ShownItem, shown_item
from digest.web.api.log import noted
from digest.web.api.pages import Number, Text
from digest.web.api.problems import Problem
from digest.web.api.repeats import REPEATABLE, Repeatable
from digest.web.site import Here, Site

BACK, AHEAD = timedelta(days=7), timedelta(days=60)  # of today: the dates that are worked on

router = APIRouter(prefix="/editions/{newsletter}/{date}", tags=["editions"], route_class=Repeatable)
Slug = Annotated[Text, Path(description="A newsletter's slug.", examples=["morning"])]
Day = Annotated[date, Path(description="The edition's date.", examples=["2026-03-10"])]
Words = Annotated[str, StringConstraints(max_length=LONGEST["text"], pattern=r"^[^\x00-\x1f\x7f-\x9f]*$")]
Seen = Annotated[int, Field(ge=0, le=2**31 - 1, description="`seen` of the draft, as it was shown.")]


class Change(BaseModel):
    """One change of a draft. Which other keys it has depends on its verb."""

    model_config = {"extra": "forbid"}
    verb: Verb = Field(
        description="pin, skip, top: `story`. above, below: `story`, `other`. section: `story`, `section`. "
        "title, lead: `story`, `text`. picture: `story`, `url`, `alt` (both empty for none). subject, "
        "preheader: `text`. undo: `n` of the change that is taken back.",
    )
    story: Number | None = Field(None, description="A story's id.")
    other: Number | None = Field(None, description="The story above or below which it is to stand.")
    section: Text | None = None
    text: Words | None = Field(None, description="Empty for what the stories give.")
    url: Annotated[Words, Field(description="Of a picture.")] | None = None
    alt: Text | None = Field(None, description="What the picture shows.")
    n: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None

    def wanted(self) -> Wanted:
        return self.verb, self.story, self.model_dump(exclude={"verb", "story"}, exclude_none=True)


class Changes(BaseModel):
    """Changes that are made together, or not at all."""

    model_config = {"extra": "forbid"}
    seen: Seen
    changes: list[Change] = Field(
        min_length=1,
        max_length=100,
        examples=[[{"verb": "pin", "story": 41}, {"verb": "title", "story": 41, "text": "Harbour open"}]],
    )


class Judged(BaseModel):
    """What somebody has seen, and lets go or holds."""

    model_config = {"extra": "forbid"}
    seen: Seen


class Changed(BaseModel):
    """A change that was made, by whom and when. `stands` is false once it was taken back."""

    n: int = Field(examples=[1])
    verb: Verb
    story: int | None = Field(None, examples=[41])
    details: dict[str, Any] = Field(default_factory=dict, examples=[{"text": "Harbour open"}])
    who: str = Field(examples=["ada@example.com"])
    at: datetime
    stands: bool


class Draft(BaseModel):
    """A date's edition as it stands: before the cut-off what it would be, after it what it will be."""

    newsletter: str = Field(examples=["morning"])
    date: date
    id: int | None = Field(description="The edition's, once it is stored.", examples=[7])
    state: EditionState | None = Field(description="null before it is stored.")
    frozen: bool = Field(description="Then it changes no more, but by a correction.")
    approved: bool
    held: bool
    seen: int = Field(description="How many changes were made; sent back with the next one.", examples=[1])
    subject: str = Field(examples=["Harbour reopens after the storm"])
    preheader: str
    items: list[ShownItem]
    skipped: list[int] = Field(description="Stories that were left out, by id.", examples=[[44]])
    changes: list[Changed] = Field(description="Every change, also those taken back.")


@router.get("")
def show_draft(site: Here, _key: Reading, newsletter: Slug, date: Day) -> Draft:
    """The edition of a date as it stands, with every change that was made to it."""
    return _shown(site, _newsletter(site, newsletter, date), date)


@router.post("/changes", openapi_extra=REPEATABLE)
def change_draft(site: Here, key: ChangingEditions, newsletter: Slug, date: Day, given: Changes) -> Draft:
    """Pin, skip, move, reword, take back: all of it or nothing. 409 where somebody was quicker."""
    chosen = _newsletter(site, newsletter, date)
    wanted = [one.wanted() for one in given.changes]
    change(site.app.service, chosen, date, wanted, key.who, given.seen, site.clock())
    noted(site, key, "edited", f"{newsletter} of {date}: {_told(wanted)}")
    return _shown(site, chosen, date)


@router.post("/approve", openapi_extra=REPEATABLE)
def approve_draft(site: Here, key: ChangingEditions, newsletter: Slug, date: Day, given: Judged) -> Draft:
    """Let it go at its hour. 409 where it was changed since you saw it."""
    chosen = _newsletter(site, newsletter, date)
    must_have_seen(site.app.service, chosen, date, given.seen)
    return _judge(site, key, chosen, date, approved=True)


@router.post("/hold", openapi_extra=REPEATABLE)
def hold_draft(site: Here, key: ChangingEditions, newsletter: Slug, date: Day) -> Draft:
    """Let it wait for approval; when it is due, the operator is told that it waits."""
    return _judge(site, key, _newsletter(site, newsletter, date), date, approved=False)


def _newsletter(site: Site, slug: str, day: date) -> Newsletter:
    """Whose edition it is. Raises Problem for a date that nobody works on."""
    if slug not in site.newsletters:
        raise Problem(404, f"there is no newsletter {slug}")
    today = site.clock().date()
    if not today - BACK <= day <= today + AHEAD:
        raise Problem(422, f"date: from {today - BACK} to {today + AHEAD}; what is out stands in /editions")
    return site.newsletters[slug]


def _judge(site: Site, key: ApiKey, newsletter: Newsletter, day: date, *, approved: bool) -> Draft:
    stored = as_draft(site.app.service, newsletter, day, site.clock())
    site.app.editions.approve(stored.id, approved)
    noted(site, key, "approved" if approved else "held", f"{newsletter.slug} of {day}")
    return _shown(site, newsletter, day)


def _shown(site: Site, newsletter: Newsletter, day: date) -> Draft:
    table = table_of(site.app.service, newsletter, day, site.clock())
    edition, stored, stand = table.edition, table.stored, table.standing
    return Draft(
        newsletter=newsletter.slug,
        date=day,
        id=stored.id if stored else None,
        state=stored.state if stored else None,
        frozen=table.is_frozen,
        approved=bool(stored and stored.approved),
        held=bool(stored and stored.held),
        seen=table.seen,
        subject=edition.subject,
        preheader=edition.preheader,
        items=[shown_item(n, item) for n, item in enumerate(edition.items)],
        skipped=[story.id for story, _ in table.out],
        changes=[_changed(edit, edit.n in stand) for edit in table.edits],
    )


def _changed(edit: Edit, stands: bool) -> Changed:
    facts = {"n": edit.n, "verb": edit.verb, "story": edit.story, "details": edit.details}
    return Changed(**facts, who=edit.who, at=edit.at, stands=stands)


def _told(wanted: Sequence[Wanted]) -> str:
    return ", ".join(f"{verb} {story}" if story else verb for verb, story, _ in wanted)
