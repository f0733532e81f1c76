"""How long after their morning readers had their mail: one pass over an edition's deliveries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import case, func, select

from digest.model import DeliveryState
from digest.store import tables
from digest.store.database import Database


class Latency(NamedTuple):
    """Accepted mails: how many within each of the bounds asked for, in all, and the sum of their seconds."""

    within: tuple[int, ...]
    mails: int
    seconds: int


def latency(database: Database, edition: int, bounds: Sequence[int]) -> Latency:
    """Of the mails of an edition that were accepted, from the moment they were due. Bounds are seconds."""
    delivery, batch = tables.delivery.c, tables.batch.c
    took = delivery.at - delivery.due
    counted = [func.coalesce(func.sum(case((took <= bound, 1), else_=0)), 0) for bound in bounds]
    query = (
        select(*counted, func.count(), func.coalesce(func.sum(took), 0))
        .select_from(tables.batch.join(tables.delivery, delivery.id.between(batch.lo, batch.hi)))
        .where(batch.edition == edition, delivery.state == DeliveryState.ACCEPTED)
    )
    with database.read() as connection:
        *within, mails, seconds = connection.execute(query).one()
    return Latency(tuple(map(int, within)), int(mails), int(seconds))
