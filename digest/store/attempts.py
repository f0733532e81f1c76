"""What strangers did lately, counted for the limits: a sliding window a key, shared by all processes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, func, insert, select

from digest.store import tables
from digest.store.database import Database
from digest.store.times import seconds

_ATTEMPT = tables.attempt.c


class Rule(NamedTuple):
    """At most `most` attempts under `key` in any `window` seconds."""

    key: str
    most: int
    window: int


class Attempts:
    """The attempts of the last day."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, rules: Sequence[Rule], now: datetime) -> Rule | None:
        """Count one attempt under every key; where a rule forbids it, nothing is counted: gives that rule."""
        with self._database.write() as connection:
            return take(connection, rules, now)


def take(connection: Connection, rules: Sequence[Rule], now: datetime) -> Rule | None:
    """`Attempts.take`, as a part of a transaction."""
    keys = sorted({rule.key for rule in rules})
    _one_at_a_time(connection, keys)
    broken = _broken(connection, rules, now)
    if broken is None and keys:
        connection.execute(insert(tables.attempt), [{"key": key, "at": seconds(now)} for key in keys])
    return broken


def _one_at_a_time(connection: Connection, keys: Sequence[str]) -> None:
    """Two who count the same thing at once would both find room for one: on SQLite a write is alone anyway.

    Locks are taken in one order, so nobody waits for each other for ever.
    """
    if connection.dialect.name == "postgresql":
        for key in keys:
            connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))


def _broken(connection: Connection, rules: Sequence[Rule], now: datetime) -> Rule | None:
    return next((rule for rule in rules if _count(connection, rule, now) >= rule.most), None)


def _count(connection: Connection, rule: Rule, now: datetime) -> int:
    """How many, counted up to the limit: a flood must not make its own refusal slow."""
    lately = _ATTEMPT.at > seconds(now) - rule.window
    some = select(_ATTEMPT.id).where(_ATTEMPT.key == rule.key, lately).limit(rule.most).subquery()
    return connection.scalar(select(func.count()).select_from(some)) or 0
