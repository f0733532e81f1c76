"""How long after their morning readers had their mail, and how fast it went."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import case, func

from digest.model import DeliveryState
from digest.store import tables
from digest.store.batches import of_edition
from digest.store.database import Database

ENOUGH = 100  # mails that tell a pace
_DELIVERY = tables.delivery.c


class Latency(NamedTuple):
    """Accepted mails: how many within each of the bounds asked for, in all, and the sum of their seconds."""

    within: tuple[int, ...]
    mails: int
    seconds: int


def pace(database: Database, edition: int) -> float | None:
    """Mails a second between an edition's first and last acceptance; None where too few were sent."""
    took = func.max(_DELIVERY.at) - func.min(_DELIVERY.at)
    query = of_edition(edition, func.count(), took).where(_DELIVERY.state == DeliveryState.ACCEPTED)
    with database.read() as connection:
        mails, seconds = connection.execute(query).one()
    return mails / max(1, seconds) if mails >= ENOUGH else None


def latency(database: Database, edition: int, bounds: Sequence[int]) -> Latency:
    """Of the mails of an edition that were accepted, from the moment they were due. Bounds are seconds."""
    took = _DELIVERY.at - _DELIVERY.due
    counted = [func.coalesce(func.sum(case((took <= bound, 1), else_=0)), 0) for bound in bounds]
    query = of_edition(edition, *counted, func.count(), func.coalesce(func.sum(took), 0)).where(
        _DELIVERY.state == DeliveryState.ACCEPTED
    )
    with database.read() as connection:
        *within, mails, seconds = connection.execute(query).one()
    return Latency(tuple(map(int, within)), int(mails), int(seconds))
