"""Dates as sources and servers write them."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)  # what lies before is a zero, a default, or a joke


def parse_date(text: str) -> datetime | None:
    """An ISO 8601 or RFC 5322 date as UTC, None where it is neither; without a zone it is taken as UTC."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return _meant(mail_date(text.strip()))
    return utc(moment)


def mail_date(text: str) -> datetime | None:
    """The date of a mail or an answer (RFC 5322, 3.3; RFC 9110, 5.6.7) as UTC, None where it is none.

    Without a zone it is taken as UTC.
    """
    try:
        return _in_utc(parsedate_to_datetime(text))
    except (ValueError, OverflowError, IndexError, TypeError):  # a zone of twenty digits is an overflow
        return None


def utc(moment: datetime) -> datetime | None:
    """The moment in UTC, None where it cannot be meant."""
    try:
        return _meant(_in_utc(moment))
    except (OverflowError, ValueError):
        return None


def _in_utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _meant(moment: datetime | None) -> datetime | None:
    return moment if moment and moment >= _EARLIEST else None
