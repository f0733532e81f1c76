"""What came back and counted, once each; and how many complained, by domain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, and_, case, func, select, text

from digest.model import Complaints, DeliveryState
from digest.ports import Taken
from digest.store import tables
from digest.store.crossed import redone
from digest.store.database import Database, inserted
from digest.store.journal import SUPPRESSED, Entry
from digest.store.suppressions import suppress
from digest.store.times import seconds
from digest.tokens import Tokens

DAY = timedelta(days=1)
MOST_DOMAINS = 50  # that are looked at one by one
_RETURNED = tables.returned.c
_DELIVERY = tables.delivery.c


class Returns:
    """The record of returned mail."""

    def __init__(self, database: Database, tokens: Tokens) -> None:
        self._database = database
        self._tokens = tokens

    @redone
    def add(self, taken: Sequence[Taken], now: datetime) -> set[str]:
        """Record what came back, and suppress whom it says, in one transaction; the keys that were new.

        What was recorded before, by whichever process, changes nothing.
        """
        with self._database.write() as connection:
            new = [one for one in taken if self._record(connection, one, now)]
            off = [one for one in new if one.why and self._suppress(connection, one, now)]
            self._database.journal.append(
                *(Entry(now, SUPPRESSED, self._hashed(one), one.why) for one in off)
            )
        return {one.key for one in new}

    def _record(self, connection: Connection, one: Taken, now: datetime) -> bool:
        domain = one.address.key.rpartition("@")[2]
        row = {"key": one.key, "kind": one.kind, "domain": domain, "at": seconds(now)}
        return inserted(connection, tables.returned, row)

    def _suppress(self, connection: Connection, one: Taken, now: datetime) -> bool:
        keys = {self._hashed(one): one.address.key}
        return bool(suppress(connection, self._database.hooks, keys, one.why, one.detail, now))

    def _hashed(self, one: Taken) -> str:
        return self._tokens.suppression_key(one.address.key)

    def delivered(self, since: datetime, domains: Sequence[str]) -> Mapping[str, int]:
        """Mails accepted since then, by domain."""
        with self._database.read() as connection:
            _, *counts = connection.execute(_delivered(since, domains)).one()
        return {name: int(count or 0) for name, count in zip(domains, counts, strict=True)}

    def complaints(self, since: datetime) -> Sequence[Complaints]:
        """Complaints against mails delivered since then: at all domains ("") and at each of the worst."""
        recent = and_(_RETURNED.kind == "complaint", _RETURNED.at >= seconds(since))
        counted = select(_RETURNED.domain, func.count().label("n")).where(recent).group_by(_RETURNED.domain)
        with self._database.read() as connection:
            rows = connection.execute(counted.order_by(text("n DESC"))).all()
            if not rows:
                return []
            worst = [(domain, count) for domain, count in rows[:MOST_DOMAINS]]
            delivered = connection.execute(_delivered(since, [domain for domain, _ in worst])).one()
        complained = [("", sum(count for _, count in rows)), *worst]
        return [
            Complaints(domain, count, int(mails or 0))
            for (domain, count), mails in zip(complained, delivered, strict=True)
        ]


def _delivered(since: datetime, domains: Sequence[str]) -> Select[Any, *tuple[Any, ...]]:
    """Mails accepted since then: all, and those to each domain, in one pass.

    There is no index on `at`: the day's deliveries are found by their batches.
    """
    address = tables.subscriber.c.address_key
    first = select(func.min(tables.batch.c.lo)).where(tables.batch.c.local_date >= since.date() - DAY)
    to = (func.sum(case((address.endswith(f"@{name}", autoescape=True), 1), else_=0)) for name in domains)
    return (
        select(func.count(), *to)
        .select_from(tables.delivery.join(tables.subscription).join(tables.subscriber))
        .where(_DELIVERY.id >= func.coalesce(first.scalar_subquery(), 0))
        .where(_DELIVERY.state == DeliveryState.ACCEPTED, _DELIVERY.at >= seconds(since))
    )
