"""An edition's deliveries by way of its batches: ranges of ids, so that no index on `edition` is kept."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, Select, select

from digest.store import tables

_DELIVERY = tables.delivery.c
_BATCH = tables.batch.c
IN_BATCH = _DELIVERY.id.between(_BATCH.lo, _BATCH.hi)
BATCHED = tables.batch.join(tables.delivery, IN_BATCH)
WITH_ADDRESS = BATCHED.join(tables.subscription, tables.subscription.c.id == _DELIVERY.subscription).join(
    tables.subscriber, tables.subscriber.c.id == tables.subscription.c.subscriber
)


def of_edition(edition: int, *columns: Any, joined: Any = BATCHED) -> Select[Any]:
    """These columns of all deliveries of an edition."""
    return select(*columns).select_from(joined).where(_BATCH.edition == edition)


def marked(connection: Connection) -> list[int]:
    """The deliveries that some worker may be sending at this moment."""
    lists = connection.scalars(select(tables.worker.c.inflight))
    return [delivery for inflight in lists for delivery in json.loads(inflight)]
