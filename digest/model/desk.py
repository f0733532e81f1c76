"""Who works at the desk, and what an editor changes in a draft."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple


class Duty(enum.StrEnum):
    """What somebody at the desk may do; each may do what the ones after it may."""

    OPERATOR = "operator"
    EDITOR = "editor"
    VIEWER = "viewer"

    def covers(self, other: Duty) -> bool:
        """Whether whoever has this duty may do what asks for the other."""
        order = list(Duty)
        return order.index(self) <= order.index(other)


class Account(NamedTuple):
    """Somebody who may sign in. The address is the name, and where test copies and drafts go."""

    id: int
    address: str
    duty: Duty
    created: datetime


class Noted(NamedTuple):
    """A line of the log: who did what, to what."""

    at: datetime
    who: str
    did: str
    detail: str


class Verb(enum.StrEnum):
    """What can be changed in a draft. See compose/editing.py for what each does."""

    PIN = "pin"
    SKIP = "skip"
    TOP = "top"
    ABOVE = "above"
    BELOW = "below"
    SECTION = "section"
    TITLE = "title"
    LEAD = "lead"
    PICTURE = "picture"
    SUBJECT = "subject"
    PREHEADER = "preheader"
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of a date's edition; the n-th, counted from 1. `story` is None for the edition itself.

    `details` by verb: ABOVE and BELOW {"other": story}, SECTION {"section"}, TITLE, LEAD, SUBJECT and
    PREHEADER {"text"}, PICTURE {"url", "alt"} ("" for none), UNDO {"n": of the edit that is taken back}.
    """

    n: int
    verb: Verb
    story: int | None = None
    details: dict[str, Any] = field(default_factory=dict)
    who: str = ""
    at: datetime | None = None


class Promotion(NamedTuple):
    """A promoted link booked for a date. Its words are the stored story's."""

    id: int
    newsletter: str
    date: date
    section: str
    story: int
    label: str
    title: str
    url: str
    who: str
    at: datetime
