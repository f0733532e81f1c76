"""What is asked for in words: a zone, a quarter hour, days. Each is checked, and says what would be right."""

from __future__ import annotations

import difflib
import re
from datetime import time

from digest.schedule.due import WEEKDAYS, weekdays, zone_names


def checked_quarter(value: str) -> time:
    """A quarter hour. Raises ValueError."""
    if not re.fullmatch(r"([01]\d|2[0-3]):(00|15|30|45)", value):
        raise ValueError(f'must be a quarter hour such as "07:00" or "06:45", not {value!r}')
    return time.fromisoformat(value)


def checked_zone(value: str) -> str:
    """An IANA time zone. Raises ValueError with the nearest one."""
    if value not in zone_names():
        near = difflib.get_close_matches(value, zone_names(), 1)
        raise ValueError(f"{value!r} is not an IANA time zone{f'; did you mean {near[0]}?' if near else ''}")
    return value


def checked_days(value: str) -> str:
    """Days in the one form they are stored in. Raises ValueError."""
    if value in {"daily", "weekdays"}:
        return value
    chosen = weekdays(value.lower())
    return ",".join(day for day in WEEKDAYS if day in chosen)
