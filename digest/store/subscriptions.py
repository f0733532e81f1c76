"""Subscriptions as rows and as values."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import time
from typing import Any

from sqlalchemy import Connection, select

from digest.model import Subscription, SubscriptionState
from digest.store import tables
from digest.store.times import utc, utc_or_none

_SUBSCRIPTION = tables.subscription.c

SUBSCRIPTIONS = select(
    _SUBSCRIPTION.id,
    _SUBSCRIPTION.ref,
    _SUBSCRIPTION.state,
    _SUBSCRIPTION.choice,
    _SUBSCRIPTION.own_only,
    _SUBSCRIPTION.paused_until,
    _SUBSCRIPTION.asked_at,
    _SUBSCRIPTION.asked_from,
    _SUBSCRIPTION.confirmed_at,
    _SUBSCRIPTION.left_at,
    tables.subscriber.c.address,
    tables.subscriber.c.address_key,
    tables.subscriber.c.language,
    tables.newsletter.c.slug,
    tables.moment.c.zone,
    tables.moment.c.at,
    tables.moment.c.days,
).select_from(
    tables.subscription.join(tables.subscriber)
    .join(tables.newsletter, tables.newsletter.c.id == _SUBSCRIPTION.newsletter)
    .join(tables.moment, tables.moment.c.id == _SUBSCRIPTION.moment)
)


def choice_of(sections: Sequence[str]) -> str:
    """Sections in one order, so that readers of the same choice share the pieces of their mail."""
    return json.dumps(sorted(sections), ensure_ascii=False) if sections else ""


def by_ref(connection: Connection, ref: bytes) -> Subscription | None:
    return by_refs(connection, [ref]).get(ref)


def by_refs(connection: Connection, refs: Sequence[bytes]) -> dict[bytes, Subscription]:
    """The subscriptions that are known, by ref."""
    rows = connection.execute(SUBSCRIPTIONS.where(_SUBSCRIPTION.ref.in_(refs)))
    return {row.ref: subscription_from(row) for row in rows}


def subscription_from(row: Any) -> Subscription:
    return Subscription(
        id=row.id,
        ref=row.ref,
        address=row.address or "",
        newsletter=row.slug,
        state=SubscriptionState(row.state),
        zone=row.zone,
        at=time(*divmod(row.at, 60)),
        days=row.days,
        choice=row.choice,
        language=row.language,
        asked_at=utc(row.asked_at),
        asked_from=row.asked_from,
        confirmed_at=utc_or_none(row.confirmed_at),
        left_at=utc_or_none(row.left_at),
        paused_until=row.paused_until,
        own_only=row.own_only,
    )
