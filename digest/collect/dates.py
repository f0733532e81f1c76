"""When a story was published, as sources write it."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)  # what lies before is a zero, a default, or a joke


def parse_date(text: str) -> datetime | None:
    """An ISO 8601 or RFC 5322 date as UTC, None where it is neither; without a zone it is taken as UTC."""
    text = text.strip()
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            return utc(read(text))
        except (ValueError, OverflowError, IndexError, TypeError):
            continue
    return None


def utc(moment: datetime) -> datetime | None:
    """The moment in UTC, None where it cannot be meant."""
    try:
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    return moment if moment >= _EARLIEST else None
