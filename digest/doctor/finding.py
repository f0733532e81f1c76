"""One line of the doctor's report."""

from __future__ import annotations

import enum
from typing import NamedTuple


class Level(enum.StrEnum):
    """How bad it is. An error stops a morning, or makes it land in spam."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


class Finding(NamedTuple):
    """What was looked at, how it is, and what to do; `cure` is empty where all is well."""

    check: str
    level: Level
    said: str
    cure: str = ""


def ok(check: str, said: str) -> Finding:
    return Finding(check, Level.OK, said)


def warning(check: str, said: str, cure: str) -> Finding:
    return Finding(check, Level.WARNING, said, cure)


def error(check: str, said: str, cure: str) -> Finding:
    return Finding(check, Level.ERROR, said, cure)
