"""This machine's time, and its knowledge of time zones."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import TZPATH

from digest.doctor.finding import Finding, error, ok, warning
from digest.settings import Settings

OLD = 2  # years: governments change their clocks at some months' notice
SLACK = timedelta(minutes=2)


def clock(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Whether the clock stands before what was written by it, and how old the zone data are."""
    yield judge_clock(now, max(_written(settings), default=None))
    yield judge_zones(zone_data(), now)


def judge_clock(now: datetime, last: datetime | None) -> Finding:
    """A clock that was set back would hold a morning that is due."""
    if last and now + SLACK < last:
        said = f"it is {now:%Y-%m-%d %H:%M} UTC here, and the database was written at {last:%Y-%m-%d %H:%M}"
        return error("clock", said, "set the clock, and keep it with chrony or systemd-timesyncd")
    return ok("clock", f"{now:%Y-%m-%d %H:%M} UTC")


def judge_zones(version: str, now: datetime) -> Finding:
    """`version` is a release of the IANA database: "2026a", "" where none is found."""
    if not version:
        return error("zone data", "there are none", "pip install tzdata, or install your system's tzdata")
    if now.year - int(version[:4]) > OLD:
        cure = "update your system's tzdata, or pip install --upgrade tzdata"
        return warning("zone data", f"{version} are old: a country may have changed its clocks since", cure)
    return ok("zone data", version)


def zone_data() -> str:
    """The release that `zoneinfo` reads: the system's, else the package's."""
    for folder in TZPATH:
        listed = Path(folder) / "tzdata.zi"
        if listed.exists():
            with listed.open(encoding="utf-8") as stream:
                found = re.match(r"# version (\d{4}\w*)", stream.readline())
            return found[1] if found else ""
    try:
        import tzdata
    except ImportError:
        return ""
    return str(tzdata.IANA_VERSION)


def _written(settings: Settings) -> Iterable[datetime]:
    """When the files in var/ were last written."""
    for file in sorted((settings.folder / "var").glob("*")):
        yield datetime.fromtimestamp(file.stat().st_mtime, UTC)
