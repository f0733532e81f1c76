"""What went wrong, in plain sentences."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from digest.store.listing import LAST, ListedIncident
from digest.web.api.access import Reading
from digest.web.api.pages import Cursor, Limit, Page, after, page
from digest.web.site import Here

router = APIRouter(prefix="/incidents", tags=["incidents"])


class ShownIncident(BaseModel):
    """One thing that went wrong; it is over when it is closed."""

    id: int = Field(examples=[3])
    key: str = Field(description="What it is about.", examples=["source:world"])
    kind: str = Field(examples=["dead source"])
    text: str = Field(examples=["Source world has given nothing since 2026-03-10 05:15 UTC: 503"])
    opened: datetime
    closed: datetime | None = None


@router.get("")
def list_incidents(
    site: Here,
    _key: Reading,
    only_open: Annotated[bool, Query(alias="open", description="Only what is wrong now.")] = False,
    cursor: Cursor = "",
    limit: Limit = 100,
) -> Page[ShownIncident]:
    """Incidents, the newest first."""
    rows = site.app.listing.incidents(after(cursor, LAST), limit + 1, only_open=only_open)
    return page(rows, limit, lambda row: row.incident.id, _shown)


def _shown(row: ListedIncident) -> ShownIncident:
    return ShownIncident(**row.incident._asdict(), closed=row.closed)
