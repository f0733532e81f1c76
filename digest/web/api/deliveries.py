"""Deliveries: who got it, who did not, and why."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from digest.model import DeliveryState
from digest.store.listing import ListedDelivery
from digest.web.api.access import Reading
from digest.web.api.editions import edition_of
from digest.web.api.pages import Cursor, Limit, Number, Page, after, page
from digest.web.api.problems import Problem
from digest.web.api.subscribers import subscription_of
from digest.web.api.subscription import Ident
from digest.web.site import Here

router = APIRouter(prefix="/deliveries", tags=["deliveries"])


class State(StrEnum):
    """Where a delivery is. What is being sent counts as what it was before."""

    PLANNED = "planned"
    DEFERRED = "deferred"
    IN_DOUBT = "in_doubt"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class ShownDelivery(BaseModel):
    """One edition for one reader."""

    id: int = Field(examples=[1041])
    edition: int = Field(examples=[7])
    subscriber: str = Field(description="The subscription's id.", examples=["9f8c…"])
    address: str = Field(examples=["ada@example.com"])
    date: date
    state: State
    attempts: int = Field(examples=[1])
    at: datetime | None = Field(description="Of the last outcome.")
    code: int | None = Field(description="SMTP reply code (RFC 5321).", examples=[250])
    status: str | None = Field(description="Enhanced status (RFC 3463).", examples=["5.1.1"])
    reply: str | None = Field(description="The mail server's words.")
    next_at: datetime | None = Field(description="When it is tried again; null: not by itself.")


@router.get("")
def list_deliveries(
    site: Here,
    _key: Reading,
    edition: Annotated[Number | None, Query(description="Of this edition.", examples=[7])] = None,
    subscriber: Annotated[Ident | None, Query(description="Of this subscription.")] = None,
    state: State | None = None,
    cursor: Cursor = "",
    limit: Limit = 100,
) -> Page[ShownDelivery]:
    """The deliveries of one edition, or of one subscriber, in the order in which they were planned."""
    if (edition is None) == (subscriber is None):
        raise Problem(422, "say either edition or subscriber: whose deliveries?")
    wanted = DeliveryState[state.name] if state else None
    begin, listing = after(cursor, 0), site.app.listing
    if edition is not None:
        rows = listing.deliveries(edition_of(site, edition).id, begin, limit + 1, wanted)
    else:
        ref = subscription_of(site, subscriber or "").ref
        rows = listing.deliveries_of(ref, begin, limit + 1, wanted)
    return page(rows, limit, lambda row: row.id, _shown)


def _shown(row: ListedDelivery) -> ShownDelivery:
    facts = row.line._asdict() | {"state": row.line.state.replace(" ", "_")}
    return ShownDelivery(id=row.id, edition=row.edition, subscriber=row.ref.hex(), date=row.date, **facts)
