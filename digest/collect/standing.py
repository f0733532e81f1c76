"""How each configured source stands, by what is remembered of its visits. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from digest.collect.visit import standing
from digest.model import Source, SourceState

Visits = Mapping[str, tuple[SourceState, datetime | None]]  # by source: its state, when it was visited last


class Standing(NamedTuple):
    """A source, and whether it gives stories: new, active, failing, or inactive after a week of failing."""

    source: Source
    how: str
    state: SourceState
    last: datetime | None

    @property
    def is_failing(self) -> bool:
        return self.state.failing_since is not None


def standings(sources: Sequence[Source], visits: Visits, now: datetime) -> list[Standing]:
    """Every source in the order of the configuration."""
    known = [(source, *visits.get(source.name, (SourceState(), None))) for source in sources]
    return [Standing(source, standing(state, now), state, last) for source, state, last in known]
