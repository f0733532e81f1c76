"""Who may sign in at the desk, and the browsers in which they have."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, or_, select, update

from digest.model import Account, Duty
from digest.store import tables
from digest.store.database import Database, changed, inserted, run
from digest.store.times import seconds, utc

IDLE = timedelta(hours=12)  # a browser that nobody used for so long is signed out
LONGEST = timedelta(days=7)  # and every one after so long
SEEN_EVERY = 300  # seconds: a page need not write each time
_ACCOUNT = tables.account.c
_SESSION = tables.session.c


class Accounts:
    """The accounts, by their address's key."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, address: str, password: str, duty: Duty, now: datetime) -> bool:
        """Add an account with a hashed password; False if the address has one."""
        values = {"address": address, "password": password, "role": duty, "created": seconds(now)}
        with self._database.write() as connection:
            return inserted(connection, tables.account, values)

    def every(self) -> list[Account]:
        with self._database.read() as connection:
            rows = connection.execute(select(tables.account).order_by(_ACCOUNT.address))
            return [_account(row) for row in rows]

    def editors(self) -> list[str]:
        """The addresses of those who change editions, operators included."""
        return [account.address for account in self.every() if account.duty.covers(Duty.EDITOR)]

    def remove(self, address: str) -> bool:
        """Take an account away, and sign it out everywhere; False if there was none."""
        with self._database.write() as connection:
            _sign_out(connection, address)
            return changed(run(connection, delete(tables.account).where(_ACCOUNT.address == address)))

    def password(self, address: str) -> str | None:
        """The hashed password of an account; None where there is no such account."""
        with self._database.read() as connection:
            return connection.scalar(select(_ACCOUNT.password).where(_ACCOUNT.address == address))

    def set_password(self, address: str, password: str) -> bool:
        """Set a hashed password, and sign the account out everywhere; False if there is none."""
        with self._database.write() as connection:
            _sign_out(connection, address)
            there = update(tables.account).where(_ACCOUNT.address == address)
            return changed(run(connection, there.values(password=password)))

    def sign_in(self, address: str, token: str, now: datetime) -> None:
        """Keep that a browser with this token is signed in as an account."""
        stamp = seconds(now)
        with self._database.write() as connection:
            account = connection.scalar(select(_ACCOUNT.id).where(_ACCOUNT.address == address))
            values = {"hash": _hash(token), "account": account, "created": stamp, "seen": stamp}
            connection.execute(delete(tables.session).where(_over(now)))
            connection.execute(insert(tables.session).values(values))

    def signed_in(self, token: str, now: datetime) -> Account | None:
        """Whose browser a token is; None for one that is unknown, signed out or too old."""
        query = (
            select(tables.account, _SESSION.seen)
            .select_from(tables.account.join(tables.session))
            .where(_SESSION.hash == _hash(token), ~_over(now))
        )
        with self._database.read() as connection:
            row = connection.execute(query).first()
        if row and row.seen < seconds(now) - SEEN_EVERY:
            self._see(token, now)
        return _account(row) if row else None

    def sign_out(self, token: str) -> None:
        with self._database.write() as connection:
            connection.execute(delete(tables.session).where(_SESSION.hash == _hash(token)))

    def _see(self, token: str, now: datetime) -> None:
        with self._database.write() as connection:
            there = update(tables.session).where(_SESSION.hash == _hash(token))
            connection.execute(there.values(seen=seconds(now)))


def _hash(token: str) -> str:
    """What is stored of a token. It is 256 random bits, so a plain hash cannot be guessed back."""
    return hashlib.sha256(token.encode()).hexdigest()


def _over(now: datetime) -> Any:
    return or_(_SESSION.seen <= seconds(now - IDLE), _SESSION.created <= seconds(now - LONGEST))


def _sign_out(connection: Connection, address: str) -> None:
    theirs = select(_ACCOUNT.id).where(_ACCOUNT.address == address).scalar_subquery()
    connection.execute(delete(tables.session).where(_SESSION.account == theirs))


def _account(row: Any) -> Account:
    return Account(row.id, row.address, Duty(row.role), utc(row.created))
