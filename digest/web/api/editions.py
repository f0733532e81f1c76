"""Editions: what went out, what is going out, and what came of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from digest.model import Counts, EditionState, Item, StoredEdition
from digest.store.listing import LAST
from digest.web.api.access import Reading
from digest.web.api.pages import Cursor, Limit, Number, Page, Text, after, page
from digest.web.api.problems import Problem
from digest.web.api.stories import StoredStory
from digest.web.api.stories import shown as shown_story
from digest.web.site import Here, Site

router = APIRouter(prefix="/editions", tags=["editions"])
Edition = Annotated[Number, Path(description="An edition's id.", examples=[7])]


class Outcomes(BaseModel):
    """An edition's deliveries by what became of them; they always add up to `all`."""

    planned: int
    deferred: int
    sending: int
    in_doubt: int
    accepted: int
    refused: int
    withdrawn: int
    expired: int
    all: int


class ShownEdition(BaseModel):
    """One newsletter's issue for one date. `wave` is empty where all readers get the same."""

    id: int = Field(examples=[7])
    newsletter: str = Field(examples=["morning"])
    date: date
    wave: str = ""
    state: EditionState
    subject: str = Field(examples=["Harbour reopens after the storm"])
    preheader: str = ""
    cutoff: datetime = Field(description="When stories closed.")
    frozen_at: datetime | None = Field(description="From then on it is the same for everyone.")
    reason: str = Field("", description="Why it is empty, missed or cancelled.")


class WholeEdition(ShownEdition):
    """An edition with its outcomes at this moment."""

    deliveries: Outcomes


class ShownItem(BaseModel):
    """A story in its place."""

    position: int
    role: str = Field(examples=["lead"])
    section: str = Field(description="The heading it stands under; empty for lead and picks.")
    story: StoredStory


@router.get("")
def list_editions(
    site: Here,
    _key: Reading,
    newsletter: Annotated[Text, Query(description="Only this newsletter's.")] = "",
    cursor: Cursor = "",
    limit: Limit = 100,
) -> Page[ShownEdition]:
    """Editions in any state, the newest first."""
    rows = site.app.listing.editions(after(cursor, LAST), limit + 1, newsletter)
    return page(rows, limit, lambda row: row.id, lambda row: ShownEdition(**row._asdict()))


@router.get("/{edition}")
def show_edition(site: Here, _key: Reading, edition: Edition) -> WholeEdition:
    """One edition, and what became of its deliveries."""
    found = edition_of(site, edition)
    return WholeEdition(**found._asdict(), deliveries=outcomes(site.app.deliveries.counts(edition)))


@router.get("/{edition}/items")
def list_items(site: Here, _key: Reading, edition: Edition) -> list[ShownItem]:
    """An edition's stories in reading order, each at the version that was chosen."""
    found = edition_of(site, edition)
    newsletter = site.newsletters.get(found.newsletter)
    if newsletter is None:
        raise Problem(404, f"the newsletter {found.newsletter} is not configured any more")
    return [shown_item(n, item) for n, item in enumerate(site.app.editions.load(newsletter, edition).items)]


def edition_of(site: Site, number: int) -> StoredEdition:
    """The edition of that id. Raises Problem."""
    found = site.app.editions.by_id(number)
    if found is None:
        raise Problem(404, f"there is no edition {number}")
    return found


def outcomes(counts: Counts) -> Outcomes:
    return Outcomes(**counts._asdict(), all=counts.all)


def shown_item(position: int, item: Item) -> ShownItem:
    return ShownItem(position=position, role=item.role, section=item.section, story=shown_story(item.story))
