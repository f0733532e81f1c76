"""When an address is mailed no more: at once, by and by, or never for this.

A dead address is suppressed at once, and so is one whose reader complained, that one for good. What may
pass is counted: five failures in fourteen days with no success between them. What is about us (policy,
authentication, pace, size) is not the reader's fault and counts for nothing.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from datetime import datetime, timedelta

from digest.model import Returned
from digest.replies import Kind

STRIKES = 5
WINDOW = timedelta(days=14)
COUNTED = {Kind.FULL, Kind.TEMPORARY, Kind.FAILED}


class Reason(enum.StrEnum):
    """Why an address is suppressed. An operator may lift any of them; only a complaint is for good."""

    COMPLAINT = "complaint"
    HARD = "hard"
    SOFT = "soft"


def reason(
    returned: Returned, strikes: Iterable[datetime], success: datetime | None, now: datetime
) -> Reason | None:
    """Why the reader of a returned mail is to be suppressed now, or None.

    `strikes` are the times of the address's earlier failures that count (see `counts`), one a delivery:
    a delivery that was tried and reported several times is one. `success` is when a mail last arrived;
    a 250 of a relay whose mail came back later is none.
    """
    if returned.kind == "complaint":
        return Reason.COMPLAINT
    if returned.kind == "hard":
        return Reason.HARD
    return Reason.SOFT if counts(returned) and worn_out((*strikes, now), success, now) else None


def counts(returned: Returned) -> bool:
    """Whether a returned mail speaks against its address, so that five of its like suppress it."""
    return returned.kind == "soft" and returned.meaning in COUNTED


def worn_out(strikes: Iterable[datetime], success: datetime | None, now: datetime) -> bool:
    """Whether failures that count, at SMTP time or in returned mail, have become too many."""
    return strikes_that_count(strikes, success, now) >= STRIKES


def strikes_that_count(strikes: Iterable[datetime], success: datetime | None, now: datetime) -> int:
    """How many of them count now: those of the last fourteen days and after the last success."""
    since = now - WINDOW if success is None else max(now - WINDOW, success)
    return sum(since < strike <= now for strike in strikes)
