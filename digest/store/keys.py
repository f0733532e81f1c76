"""API keys: shown once, kept as a hash, compared in constant time.

A key is "dk_HANDLE_SECRET": the handle finds its row, and the hash of the whole decides.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from digest.errors import UsageError
from digest.model import ApiKey, Scope
from digest.store import tables
from digest.store.database import Database, changed, inserted, run
from digest.store.times import seconds, utc

_KEY = tables.api_key.c


class Keys:
    """The keys of all who may use the API."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, name: str, scopes: Collection[Scope], now: datetime) -> str:
        """A new key: the only time that it is told. Raises UsageError where the name has one already."""
        handle = secrets.token_hex(6)
        key = f"dk_{handle}_{secrets.token_hex(32)}"
        row = {
            "name": name,
            "handle": handle,
            "hash": _hash(key),
            "scopes": " ".join(sorted(scopes)),
            "created": seconds(now),
        }
        with self._database.write() as connection:
            if not inserted(connection, tables.api_key, row):
                raise UsageError(f"there is a key {name!r} already; take another name, or remove it first")
        return key

    def find(self, given: str) -> ApiKey | None:
        """Whose key this is; None for any other text."""
        handle = given.removeprefix("dk_").partition("_")[0]
        if not handle.isalnum():
            return None
        with self._database.read() as connection:
            row = connection.execute(select(tables.api_key).where(_KEY.handle == handle)).first()
        # An unknown handle takes as long as a wrong secret.
        genuine = hmac.compare_digest(row.hash if row else bytes(32), _hash(given))
        return _key(row) if row and genuine else None

    def every(self) -> list[ApiKey]:
        """All keys, by name."""
        with self._database.read() as connection:
            return [_key(row) for row in connection.execute(select(tables.api_key).order_by(_KEY.name))]

    def remove(self, name: str) -> bool:
        """Take a key back, at once; False if there was none of that name."""
        with self._database.write() as connection:
            return changed(run(connection, delete(tables.api_key).where(_KEY.name == name)))


def _hash(key: str) -> bytes:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()


def _key(row: Any) -> ApiKey:
    return ApiKey(row.id, row.name, frozenset(map(Scope, row.scopes.split())), utc(row.created))
