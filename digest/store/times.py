"""Aware UTC datetimes outside, integer UTC seconds inside."""

from __future__ import annotations

from datetime import UTC, datetime


def seconds(moment: datetime) -> int:
    """UTC seconds since 1970. Raises ValueError for a naive time, whose meaning nobody knows."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone")
    return int(moment.timestamp())


def moment(stamp: int) -> datetime:
    """The aware UTC time of stored seconds."""
    return datetime.fromtimestamp(stamp, UTC)
