"""When an address is worn out: the same on every store, at SMTP time and by returned mail."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select, update

from digest.addresses import accept
from digest.model import DeliveryState, Effect, Outcome, Subscription, Verdict
from digest.record.suppression import strikes_that_count
from digest.store import tables
from digest.store.database import Database
from digest.store.effects import Effects
from digest.store.ledger import open_ledger
from digest.store.readers import Readers
from digest.store.strikes import Strikes
from digest.store.times import seconds
from tests.builders import NOON, TOKENS, newsletter, subscribe
from tests.contracts.test_store import frozen

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ADDRESS = "ada@example.com"


class Mails:
    """A person's deliveries, one a day, each accepted at noon."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._edition = frozen(database).id
        with database.read() as connection:
            self._rendering = connection.scalar(select(tables.rendering.c.id))

    def accepted(self, reader: Subscription, days_ago: int) -> int:
        at = seconds(NOON - days_ago * DAY)
        row = {"subscription": reader.id, "edition": self._edition, "rendering": self._rendering}
        day = date(2026, 3, 10) - days_ago * DAY
        with self._database.write() as connection:
            made = insert(tables.delivery).values(
                **row, local_date=day, state=DeliveryState.ACCEPTED, due=at, expires=at, at=at
            )
            number = connection.execute(made).inserted_primary_key[0]  # type: ignore[index]  # it has one
            batch = {"edition": self._edition, "local_date": day, "lo": number, "hi": number}
            connection.execute(insert(tables.batch).values(**batch))
        return int(number)


@pytest.fixture
def mails(database: Database) -> Mails:
    return Mails(database)


@pytest.fixture
def reader(database: Database, mails: Mails) -> Subscription:
    return subscribe(Readers(database, TOKENS), ADDRESS, at=NOON - 30 * DAY).subscription


def failures(database: Database, reader: Subscription) -> int:
    """How many failures count against the reader, as the one of today is looked at."""
    return strikes_that_count(*Strikes(database).of(reader), NOON + HOUR)


def test_mail_after_mail_that_is_accepted_and_comes_back_counts(
    database: Database, mails: Mails, reader: Subscription
) -> None:
    for days_ago in (4, 3, 2, 1, 0):
        mails.accepted(reader, days_ago)
        assert failures(database, reader) == 4 - days_ago
        Strikes(database).add(reader, NOON - days_ago * DAY + HOUR, "full 4.2.2")


def test_a_mail_that_arrived_by_another_subscription_is_a_success_of_the_address(
    database: Database, mails: Mails, reader: Subscription
) -> None:
    mails.accepted(reader, 2)
    Strikes(database).add(reader, NOON - 2 * DAY + HOUR)
    mails.accepted(reader, 0)
    assert failures(database, reader) == 1
    evening = subscribe(Readers(database, TOKENS), ADDRESS, newsletter(slug="evening")).subscription
    mails.accepted(evening, 1)
    assert failures(database, reader) == 0


def test_a_mail_that_was_put_off_and_then_accepted_is_a_success(
    database: Database, mails: Mails, reader: Subscription
) -> None:
    mails.accepted(reader, 1)
    Strikes(database).add(reader, NOON - DAY - HOUR)
    mails.accepted(reader, 0)
    assert failures(database, reader) == 0


async def test_at_smtp_time_what_came_back_is_no_success_either(
    database: Database, mails: Mails, reader: Subscription
) -> None:
    for days_ago in (4, 3, 2, 1):
        mails.accepted(reader, days_ago)
        Strikes(database).add(reader, NOON - days_ago * DAY + HOUR)
    today = mails.accepted(reader, 0)
    effects, at = Effects(TOKENS, database.journal), seconds(NOON)
    with database.write() as connection:
        connection.execute(update(tables.delivery).where(tables.delivery.c.id == today).values(state=0))
    ledger = await open_ledger(database.driver_url, at, on_outcome=effects)
    full = Outcome(today, Verdict.DEFERRED, 452, "4.2.2", "mailbox full", Effect.SOFT, next_at=at + 300)
    await ledger.settle(at, [full], [])
    await ledger.close(at)
    assert Readers(database, TOKENS).status(accept(ADDRESS)) == "suppressed"
