"""A store with an issued edition and planned deliveries: what a sender finds in the morning."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, insert, select, text

from digest.store import tables
from tests.moment import ISSUED

__all__ = ["GIVE_UP", "ISSUED", "Store", "add_edition", "engine_of", "prepare"]

GIVE_UP = ISSUED + 12 * 3600
BATCH = 500
PLANNED = 0


def engine_of(url: str) -> Engine:
    """SQLAlchemy's engine for a store: a libpq URL, or the path of a SQLite file."""
    if url.startswith("postgresql:"):
        return create_engine(url.replace("postgresql:", "postgresql+psycopg:", 1))
    return create_engine(f"sqlite:///{url}")


def prepare(url: str, readers: int, *, domains: tuple[str, ...] = ("example.com",)) -> None:
    """Create the tables and plan one delivery for each reader, reader1@… to readerN@…."""
    engine = engine_of(url)
    tables.metadata.create_all(engine)
    with engine.begin() as connection:
        add_edition(connection, 1, first=1, readers=readers, domains=domains)
    engine.dispose()


def add_edition(
    connection: Connection,
    edition: int,
    *,
    first: int,
    readers: int,
    domains: tuple[str, ...] = ("example.com",),
) -> None:
    """Another newsletter's edition, with readers of its own, numbered from `first`."""
    add = connection.execute
    add(insert(tables.newsletter), {"id": edition, "slug": f"newsletter{edition}"})
    add(insert(tables.edition), edition_row(edition))
    add(
        insert(tables.rendering),
        {"id": edition, "edition": edition, "revision": 0, "locale": "en", "body": b"{}"},
    )
    add(
        insert(tables.moment),
        {"id": edition, "newsletter": edition, "zone": "UTC", "at": 420, "days": "daily", "next_due": 0},
    )
    for start in range(first, first + readers, 10_000):
        ids = range(start, min(start + 10_000, first + readers))
        add(insert(tables.subscriber), list(subscribers(ids, domains)))
        add(insert(tables.subscription), list(subscriptions(ids, edition)))
        add(insert(tables.delivery), list(deliveries(ids, edition)))
    add(insert(tables.batch), list(batches(first, readers, edition)))


def edition_row(edition: int) -> dict[str, Any]:
    return {
        "id": edition,
        "newsletter": edition,
        "date": datetime.date(2026, 1, 1),
        "cutoff": ISSUED - 5400,
        "state": "issued",
    }


def subscribers(ids: range, domains: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    for n in ids:
        address = f"reader{n}@{domains[n % len(domains)]}"
        yield {"id": n, "ref": b"r%015d" % n, "address": address, "address_key": address, "created": 0}


def subscriptions(ids: range, edition: int) -> Iterator[dict[str, Any]]:
    for n in ids:
        yield {
            "id": n,
            "ref": b"s%015d" % n,
            "subscriber": n,
            "newsletter": edition,
            "moment": edition,
            "state": "active",
            "asked_at": 0,
        }


def deliveries(ids: range, edition: int) -> Iterator[dict[str, Any]]:
    for n in ids:
        yield {
            "id": n,
            "subscription": n,
            "local_date": datetime.date(2026, 1, 1),
            "edition": edition,
            "rendering": edition,
            "state": PLANNED,
            "due": ISSUED,
            "expires": GIVE_UP,
            "next_at": ISSUED,
        }


def batches(first: int, readers: int, edition: int) -> Iterator[dict[str, Any]]:
    for lo in range(first, first + readers, BATCH):
        yield {
            "edition": edition,
            "local_date": datetime.date(2026, 1, 1),
            "lo": lo,
            "hi": min(lo + BATCH, first + readers) - 1,
            "next_at": ISSUED,
        }


class Store:
    """What the tables say, asked from outside while a ledger is at work."""

    def __init__(self, url: str) -> None:
        self.engine = engine_of(url)

    def states(self) -> dict[int, int]:
        """Delivery -> state"""
        with self.engine.connect() as connection:
            rows = connection.execute(select(tables.delivery.c.id, tables.delivery.c.state))
            return {row.id: row.state for row in rows}

    def delivery(self, delivery: int) -> Any:
        with self.engine.connect() as connection:
            return connection.execute(select(tables.delivery).where(tables.delivery.c.id == delivery)).one()

    def rows(self, query: str) -> list[Any]:
        with self.engine.connect() as connection:
            return list(connection.execute(text(query)))

    def execute(self, statement: str, **values: Any) -> None:
        with self.engine.begin() as connection:
            connection.execute(text(statement), values)

    def close(self) -> None:
        self.engine.dispose()
