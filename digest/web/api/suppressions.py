"""Addresses never to be mailed again, whatever is imported or asked for later."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from digest.addresses import accept
from digest.store.suppressions import Suppression
from digest.web.api.access import ChangingReaders, Reading
from digest.web.api.log import noted
from digest.web.api.pages import Cursor, Limit, Mailbox, Page, Text, after, page
from digest.web.api.problems import Problem
from digest.web.api.repeats import REPEATABLE, Repeatable
from digest.web.site import Here

router = APIRouter(prefix="/suppressions", tags=["suppressions"], route_class=Repeatable)


class ShownSuppression(BaseModel):
    """Why an address is off. `address` is null where only its keyed hash is left."""

    address: str | None = Field(examples=["ada@example.com"])
    reason: str = Field(examples=["complaint"])
    detail: str = ""
    at: datetime


class Suppress(BaseModel):
    """An address, and why it is never to be mailed."""

    model_config = {"extra": "forbid"}
    address: Mailbox
    reason: Text = Field("by API", examples=["asked by phone"], description="For whoever asks later.")


@router.get("")
def list_suppressions(
    site: Here,
    _key: Reading,
    address: Annotated[Mailbox, Query(description="Only this one.")] = "",
    cursor: Cursor = "",
    limit: Limit = 100,
) -> Page[ShownSuppression]:
    """Suppressed addresses, in no order that means anything."""
    if address:
        found = site.app.suppressions.find(accept(address))
        return Page(items=[_shown(found)] if found else [])
    rows = site.app.suppressions.page(after(cursor, ""), limit + 1)
    return page(rows, limit, lambda row: row[0], lambda row: _shown(row[1]))


@router.post("", openapi_extra=REPEATABLE)
def add_suppression(site: Here, key: ChangingReaders, given: Suppress) -> ShownSuppression:
    """Never mail an address again, and withdraw what is planned for it; one that is off stays as it is."""
    person = accept(given.address)
    if site.app.suppressions.add(person, given.reason, "", site.clock()):
        noted(site, key, "suppressed", "by address")
    found = site.app.suppressions.find(person)
    if found is None:
        raise Problem(409, "it was lifted again at this very moment")
    return _shown(found)


@router.delete("", status_code=204)
def lift_suppression(site: Here, key: ChangingReaders, address: Annotated[Mailbox, Query()]) -> None:
    """Take a suppression back; subscriptions that it had stopped go on."""
    person = accept(address)
    if not site.app.suppressions.lift(person, site.clock(), key.who):
        raise Problem(404, f"{person.mailed} is not suppressed")
    noted(site, key, "lifted a suppression", "by address")


def _shown(one: Suppression) -> ShownSuppression:
    return ShownSuppression(**one._asdict())
