"""Moments at which readers are due, and what is planned for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Moment:
    """A zone, hour and days at which readers are due; `next_due` is what the tick compares."""

    id: int
    zone: str
    at: time
    days: str
    next_due: datetime
    moves: int = 0  # grows with every reader who comes to it from another moment


@dataclass(frozen=True, slots=True)
class Plan:
    """One delivery for each reader of a moment: which mail, under which local date, how long to try."""

    edition: int
    rendering: int
    local_date: date
    due: datetime
    expires: datetime


class Coming(NamedTuple):
    """A moment's next morning: the instant, the local date and zone, and who reads then."""

    at: datetime
    day: date  # the local date
    zone: str
    readers: int
