"""Which signing secret a database belongs to: suppressed addresses are found by no other."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, select

from digest.store import tables
from digest.store.database import Database, insert_into

NAME = "secret"  # of the row in `about`


class Sealed(NamedTuple):
    """The fingerprint of the secret a database belongs to, "" for none yet; whether it knows anybody."""

    fingerprint: str
    knows_somebody: bool


class Seal:
    """The fingerprint, kept in the database itself, so that it goes wherever the suppressions go."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def look(self) -> Sealed:
        """What stands there; changes nothing."""
        with self._database.read() as connection:
            held = connection.scalar(select(tables.about.c.value).where(tables.about.c.name == NAME))
            return Sealed(held or "", _knows_somebody(connection))

    def set(self, fingerprint: str) -> None:
        """Let the database belong to this secret from now on."""
        with self._database.write() as connection:
            row = insert_into(connection, tables.about).values(name=NAME, value=fingerprint)
            connection.execute(
                row.on_conflict_do_update(index_elements=["name"], set_={"value": fingerprint})
            )


def _knows_somebody(connection: Connection) -> bool:
    kept = (tables.subscriber.c.id, tables.suppression.c.address_hmac)
    return any(connection.scalar(select(column).limit(1)) is not None for column in kept)
