"""A backup comes back, without bringing back who has left since, and without sending on by itself."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlalchemy import inspect, select, update

from digest import ownership
from digest.errors import StoreError
from digest.model import RESTORED, EditionState
from digest.store import tables
from digest.store.contents import look_into, opened
from digest.store.database import Database, chunks, insert_or_ignore
from digest.store.journal import ERASED, LEFT, LIFTED, SUPPRESSED, Entry
from digest.store.migrate import current, is_newer, mismatch
from digest.store.suppressions import forget, withdraw
from digest.store.times import seconds
from digest.store.upkeep import postgresql_tool
from digest.tokens import Tokens

_SUBSCRIPTION = tables.subscription.c
_SUBSCRIBER = tables.subscriber.c


def restore(database: Database, backup: Path) -> None:
    """Put a backup in the database's place, whatever is there.

    Raises StoreError where it cannot be read, or a newer version made it; then nothing was changed.
    """
    at = look_into(database, backup).revision
    if is_newer(at):
        raise StoreError(f"{backup}: {mismatch(at)}")
    if database.is_sqlite:
        database.close()
        _restore_sqlite(backup, database.file)
    else:
        _restore_postgresql(database, backup)


def replay(database: Database, tokens: Tokens, now: datetime) -> int:
    """Do again what the journal says of leaving, suppressing and erasing; how many lines there were."""
    lines = 0
    for entry in database.journal:
        _replay_one(database, entry, now)
        lines += 1
    _stop_suppressed(database, tokens, now)
    return lines


def hold_unfinished(database: Database, now: datetime) -> int:
    """Pause each edition that was being sent: the backup may not know who has had it since."""
    with database.write() as connection:
        running = select(tables.edition.c.id).where(tables.edition.c.state == EditionState.ISSUED)
        editions = connection.scalars(running).all()
        for edition in editions:
            row = {"scope": f"edition:{edition}", "reason": RESTORED, "since": seconds(now), "until": None}
            connection.execute(insert_or_ignore(connection, tables.pause).values(row))
    return len(editions)


def _replay_one(database: Database, entry: Entry, now: datetime) -> None:
    suppression = tables.suppression
    with database.write() as connection:
        if entry.what == LEFT:
            # Who asked again after leaving is welcome again.
            gone = select(_SUBSCRIPTION.id).where(
                _SUBSCRIPTION.ref == bytes.fromhex(entry.key), _SUBSCRIPTION.asked_at <= seconds(entry.at)
            )
            withdraw(connection, gone, now)
            left = update(tables.subscription).where(_SUBSCRIPTION.id.in_(gone))
            connection.execute(left.values(state="unsubscribed", left_at=seconds(entry.at)))
        elif entry.what == ERASED:
            forget(connection, bytes.fromhex(entry.key), entry.at)
        elif entry.what == SUPPRESSED:
            row = {"address_hmac": entry.key, "reason": entry.reason, "detail": "", "at": seconds(entry.at)}
            connection.execute(insert_or_ignore(connection, suppression).values(row))
        elif entry.what == LIFTED:
            connection.execute(suppression.delete().where(suppression.c.address_hmac == entry.key))


def _stop_suppressed(database: Database, tokens: Tokens, now: datetime) -> None:
    """Stop the subscriptions of suppressed addresses: only hashes are kept, so all readers are seen."""
    with database.write() as connection:
        off = set(connection.scalars(select(tables.suppression.c.address_hmac)))
        people = connection.execute(
            select(_SUBSCRIBER.id, _SUBSCRIBER.address_key).where(_SUBSCRIBER.address_key.is_not(None))
        )
        ids = [person for person, key in people if tokens.suppression_key(key) in off]
        for some in chunks(ids):
            theirs = _SUBSCRIPTION.subscriber.in_(some)
            withdraw(connection, select(_SUBSCRIPTION.id).where(theirs), now)
            stopped = update(tables.subscription).where(theirs, _SUBSCRIPTION.state == "active")
            connection.execute(stopped.values(state="suppressed", left_at=seconds(now)))


def _restore_postgresql(database: Database, backup: Path) -> None:
    """A newer version's tables go first: the backup does not name them, and they hold on to those it does."""
    if is_newer(current(database)):
        with database.write() as connection:
            for name in inspect(connection).get_table_names():
                connection.exec_driver_sql(f'DROP TABLE "{name}" CASCADE')
    database.close()
    into = f"--dbname={database.driver_url}"
    postgresql_tool(
        "pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", into, str(backup)
    )


def _restore_sqlite(backup: Path, target: Path) -> None:
    """Into a new file, which then takes the old one's place: that one may be no database any more."""
    fresh = target.with_name(f"{target.name}.restored")
    with opened(backup) as here:
        _copy(here, fresh)
    for journal in ("-wal", "-shm"):  # of the old file: SQLite would play it into the new one
        target.with_name(target.name + journal).unlink(missing_ok=True)
    fresh.replace(target)


def _copy(source: sqlite3.Connection, file: Path) -> None:
    file.unlink(missing_ok=True)
    ownership.ensure(file)
    try:
        with closing(sqlite3.connect(file)) as there:
            source.backup(there)
    except sqlite3.Error as error:
        raise StoreError(f"{file}: {error}") from error
