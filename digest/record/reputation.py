"""When complaints become too many: providers turn away who has more than 0.3 % of them a day.

Gmail asks for less than 0.1 % and never 0.3 % (its sender guidelines of February 2024), Yahoo for less than
0.3 %. A handful of mails tells nothing: one complaint of ten is 10 %, and an accident.
"""

from __future__ import annotations

import enum
from datetime import timedelta

from digest.model import Complaints

WINDOW = timedelta(days=1)
WARN, PAUSE = 0.001, 0.003  # complaints per mail delivered
ENOUGH_DELIVERED = 500
WARN_COMPLAINTS, PAUSE_COMPLAINTS = 2, 3


class Standing(enum.StrEnum):
    """How we stand with a domain."""

    GOOD = "good"
    WARNED = "warned"
    PAUSED = "paused"


def standing(one: Complaints) -> Standing:
    """What a day's complaints ask for."""
    if one.delivered < ENOUGH_DELIVERED:
        return Standing.GOOD
    if one.rate >= PAUSE and one.complaints >= PAUSE_COMPLAINTS:
        return Standing.PAUSED
    if one.rate >= WARN and one.complaints >= WARN_COMPLAINTS:
        return Standing.WARNED
    return Standing.GOOD
