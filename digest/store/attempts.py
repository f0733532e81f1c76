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

    def broken(self, rules: Sequence[Rule], now: datetime) -> Rule | None:
        """The first rule that would forbid another attempt."""
        with self._database.read() as connection:
            return _broken(connection, rules, now)


def take(connection: Connection, rules: Sequence[Rule], now: datetime) -> Rule | None:
    """`Attempts.take`, as a part of a transaction."""
    broken = _broken(connection, rules, now)
    if broken is None:
        rows = [{"key": key, "at": seconds(now)} for key in {rule.key for rule in rules}]
        connection.execute(insert(tables.attempt), rows)
    return broken


def _broken(connection: Connection, rules: Sequence[Rule], now: datetime) -> Rule | None:
    return next((rule for rule in rules if _count(connection, rule, now) >= rule.most), None)


def _count(connection: Connection, rule: Rule, now: datetime) -> int:
    """How many, counted up to the limit: a flood must not make its own refusal slow."""
    lately = _ATTEMPT.at > seconds(now) - rule.window
    some = select(_ATTEMPT.id).where(_ATTEMPT.key == rule.key, lately).limit(rule.most).subquery()
    return connection.scalar(select(func.count()).select_from(some)) or 0
