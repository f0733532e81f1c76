"""Where stories come from, and how each source is."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, Field

from digest.collect.guard import told
from digest.collect.standing import Standing, standings
from digest.web.api.access import Reading
from digest.web.site import Here

router = APIRouter(prefix="/sources", tags=["sources"])


class ShownSource(BaseModel):
    """A configured source."""

    name: str = Field(examples=["world"])
    kind: str = Field(examples=["feed"])
    url: str = Field(examples=["https://www.example.com/world/rss"])
    section: str = Field(examples=["World"])
    state: str = Field(description="new, active, failing, or inactive after a week.", examples=["active"])
    failing_since: datetime | None = None
    reason: str = Field("", description="Of the last failure.")
    last_success: datetime | None = None
    next_at: datetime | None = Field(None, description="Not visited before.")


@router.get("")
def list_sources(site: Here, _key: Reading) -> list[ShownSource]:
    """Every configured source, in the order of the configuration."""
    return [_shown(one) for one in standings(site.app.sources, site.app.visits.every(), site.clock())]


def _shown(one: Standing) -> ShownSource:
    source, state = one.source, one.state
    return ShownSource(
        name=source.name,
        kind=source.kind,
        # A database's address may name its user; only the web's addresses are told.
        url=told(source.url) if source.kind != "sql" else "",
        section=source.section,
        state=one.how,
        failing_since=state.failing_since,
        reason=state.reason,
        last_success=state.last_success,
        next_at=state.next_at if source.kind != "push" else None,
    )
