"""The kinds of value a key may have, each with its check and what it says when the check fails."""

from __future__ import annotations

import difflib
import re
from datetime import time
from email.utils import parseaddr
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import AfterValidator, BeforeValidator, Field

from digest.errors import ConfigError
from digest.resources import PACKAGE
from digest.schedule.due import WEEKDAYS, weekdays

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def _seconds(value: object) -> object:
    """12h, 30m, 90s, 2d or a plain number of seconds."""
    if isinstance(value, str) and (match := re.fullmatch(r"(\d+)\s*([smhd]?)", value.strip())):
        return int(match[1]) * _UNITS[match[2] or "s"]
    return value


def checked_quarter(value: str) -> time:
    """A quarter hour. Raises ValueError."""
    if not re.fullmatch(r"([01]\d|2[0-3]):(00|15|30|45)", value):
        raise ValueError(f'must be a quarter hour such as "07:00" or "06:45", not {value!r}')
    return time.fromisoformat(value)


def _quarter(value: object) -> object:
    """From the file: text, or TOML's own time."""
    return checked_quarter(value.isoformat("minutes") if isinstance(value, time) else str(value))


def _cutoff(value: object) -> object:
    return None if value == "rolling" else _quarter(value)


def checked_zone(value: str) -> str:
    """An IANA time zone. Raises ValueError with the nearest one."""
    if value not in available_timezones():
        near = difflib.get_close_matches(value, available_timezones(), 1)
        raise ValueError(f"{value!r} is not an IANA time zone{f'; did you mean {near[0]}?' if near else ''}")
    return value


def checked_days(value: str) -> str:
    """Days in the one form they are stored in. Raises ValueError."""
    if value in {"daily", "weekdays"}:
        return value
    chosen = weekdays(value.lower())
    return ",".join(day for day in WEEKDAYS if day in chosen)


def _days(value: object) -> object:
    days = ",".join(str(day) for day in value) if isinstance(value, list) else value
    return checked_days(days) if isinstance(days, str) else days


def _web_address(value: str) -> str:
    if urlsplit(value).scheme not in {"http", "https"} or not urlsplit(value).netloc:
        raise ValueError(f"must be an address such as https://digest.example.com, not {value!r}")
    return value.rstrip("/")


def _picture(value: str) -> str:
    return _web_address(value) if value else ""


def _mailbox(value: str) -> str:
    if "@" not in parseaddr(value)[1] or "\n" in value or "\r" in value:
        raise ValueError(f'must be a mailbox such as "World News <news@example.com>", not {value!r}')
    return value


def _hours(value: str) -> str:
    hour = r"([01]\d|2[0-3]):[0-5]\d"
    if value and not re.fullmatch(f"{hour}-{hour}", value):
        raise ValueError(f'must be hours such as "06:00-22:00", not {value!r}')
    return value


def _colour(value: str) -> str:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        raise ValueError(
            f'must be a colour such as "#1f4e8c", the only form all mail programs read, not {value!r}'
        )
    return value


def _language(value: str) -> str:
    """A BCP 47 tag whose language CLDR knows; "" where none is named."""
    language = value.replace("_", "-").partition("-")[0].lower()
    if value and not (PACKAGE / "locale" / f"{language}.po").exists():
        from babel.localedata import exists  # late: what we speak ourselves needs no list

        if not exists(language):
            raise ValueError(f'must be a language such as "en", "de" or "pt-BR", not {value!r}')
    return value


def _rule(value: str) -> str:
    from digest.collect.rules import compiled

    try:
        compiled(value)
    except ConfigError as error:
        raise ValueError(str(error)) from None
    return value


Duration = Annotated[int, BeforeValidator(_seconds), Field(ge=0)]
Quarter = Annotated[time, BeforeValidator(_quarter)]
Zone = Annotated[str, AfterValidator(checked_zone)]
Days = Annotated[str, BeforeValidator(_days)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
Mailbox = Annotated[str, AfterValidator(_mailbox)]
Hours = Annotated[str, AfterValidator(_hours)]
Rule = Annotated[str, AfterValidator(_rule)]
Colour = Annotated[str, AfterValidator(_colour)]
Language = Annotated[str, AfterValidator(_language)]
Picture = Annotated[str, AfterValidator(_picture)]
Cutoff = Annotated[time | None, BeforeValidator(_cutoff)]
