"""Aware UTC datetimes outside, integer UTC seconds inside."""

from __future__ import annotations

from datetime import UTC, datetime


def seconds(at: datetime) -> int:
    """UTC seconds since 1970. Raises ValueError for a naive time, whose meaning nobody knows."""
    if at.tzinfo is None:
        raise ValueError(f"{at} has no time zone")
    return int(at.timestamp())


def utc(stamp: int) -> datetime:
    """The aware UTC time of stored seconds."""
    return datetime.fromtimestamp(stamp, UTC)


def utc_or_none(stamp: int | None) -> datetime | None:
    """The same of a column that may be empty."""
    return None if stamp is None else utc(stamp)
