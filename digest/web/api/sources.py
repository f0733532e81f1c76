"""Where stories come from, and how each source is."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, Field

from digest.collect.visit import standing
from digest.model import Source, SourceState
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
    visits, now = site.app.visits.every(), site.clock()
    return [
        _shown(source, visits[source.name][0] if source.name in visits else SourceState(), now)
        for source in site.app.service.sources
    ]


def _shown(source: Source, state: SourceState, now: datetime) -> ShownSource:
    return ShownSource(
        name=source.name,
        kind=source.kind,
        # A database's address may name its user; only the web's addresses are told.
        url=source.url if source.kind != "sql" else "",
        section=source.section,
        state=standing(state, now),
        failing_since=state.failing_since,
        reason=state.reason,
        last_success=state.last_success,
        next_at=state.next_at if source.kind != "push" else None,
    )
