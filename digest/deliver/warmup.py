"""A new sender begins small: so many mails a day to a domain, more each day. A day is a UTC one.

Providers know a sender by its past, and take the first large wave from an unknown one for spam.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

DAY = timedelta(days=1)


class Warmup:
    """Counts what one process hands over, from what was delivered already today. Pure, but for its counts."""

    def __init__(
        self,
        since: date,
        growth: float,
        first_day: Mapping[str, int],
        delivered: Mapping[str, int],
        today: date,
    ) -> None:
        self._since = since
        self._growth = growth
        self._first_day = first_day
        self._handed = dict(delivered)
        self._today = today

    def limit(self, domain: str, day: date) -> int | None:
        """The most that a domain gets on a day; None where nothing limits it."""
        if domain not in self._first_day:
            return None
        days = max(0, (day - self._since).days)
        return int(min(1e9, self._first_day[domain] * self._growth ** min(days, 365)))

    def full_until(self, domain: str, now: float) -> int:
        """Count one mail to this domain; or, where it had enough today, when (UTC seconds) it may go on."""
        at = datetime.fromtimestamp(now, UTC)
        if at.date() != self._today:
            self._today = at.date()
            self._handed.clear()
        most = self.limit(domain, self._today)
        if most is None:
            return 0
        if self._handed.get(domain, 0) < most:
            self._handed[domain] = self._handed.get(domain, 0) + 1
            return 0
        return int(datetime.combine(self._today + DAY, datetime.min.time(), UTC).timestamp())
