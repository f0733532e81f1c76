"""The date that a command is about."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from digest.cli.console import now
from digest.errors import UsageError

if TYPE_CHECKING:
    from digest.model import Newsletter
    from digest.wiring import App


def day_of(newsletter: Newsletter, day: str) -> date:
    """The date asked for, else the newsletter's own today. Raises UsageError."""
    try:
        return date.fromisoformat(day) if day else now().astimezone(ZoneInfo(newsletter.zone)).date()
    except ValueError:
        raise UsageError(f"--date {day}: must be a date such as 2026-03-01") from None


def must_exist(app: App, newsletter: Newsletter, day: date) -> None:
    """Only today's edition can be made now; another date's must be there. Raises UsageError."""
    stored = app.editions.at_home(newsletter, day)
    if day != day_of(newsletter, "") and stored is None:
        raise UsageError(f"--date {day}: there is no edition of that date; only today's can be composed")
