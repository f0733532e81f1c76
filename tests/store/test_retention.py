"""What is forgotten by itself, and what must not be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from digest.addresses import accept
from digest.model import Single
from digest.store import tables
from digest.store.attempts import Attempts, Rule
from digest.store.database import Database
from digest.store.outbox import Outbox
from digest.store.readers import Readers
from digest.store.retention import Forgotten, retention
from digest.store.suppressions import Suppressions
from tests.builders import NOON, TOKENS, newsletter, subscribe

DAY = timedelta(days=1)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(f"sqlite:///{tmp_path}/digest.db")
    tables.metadata.create_all(made.engine)
    yield made
    made.close()


@pytest.fixture
def readers(database: Database) -> Readers:
    return Readers(database, TOKENS)


def addresses(database: Database) -> set[str | None]:
    with database.read() as connection:
        return set(connection.scalars(select(tables.subscriber.c.address)))


@pytest.mark.parametrize(("after", "stays"), [(7 * DAY - timedelta(seconds=1), True), (7 * DAY, False)])
def test_who_has_not_confirmed_is_gone_after_a_week(
    database: Database, readers: Readers, after: timedelta, stays: bool
) -> None:
    subscribe(readers, "ada@example.com", confirmed=False, at=NOON)
    subscribe(readers, "grace@example.com", at=NOON)
    forgotten = retention(database, NOON + after)
    assert forgotten == Forgotten(unconfirmed=0 if stays else 1, left=0)
    assert addresses(database) == {"grace@example.com"} | ({"ada@example.com"} if stays else set())


def test_a_reader_whose_second_newsletter_is_not_confirmed_keeps_the_first(
    database: Database, readers: Readers
) -> None:
    subscribe(readers, "ada@example.com", at=NOON)
    subscribe(readers, "ada@example.com", newsletter(slug="other"), confirmed=False, at=NOON)
    retention(database, NOON + 8 * DAY)
    assert [one.newsletter for one in readers.of(accept("ada@example.com"))] == ["morning"]


def test_who_had_mail_and_asked_again_in_vain_is_as_before(database: Database, readers: Readers) -> None:
    reader = subscribe(readers, "ada@example.com", at=NOON).subscription
    _had_an_edition(database, reader.id)
    readers.leave(reader.ref, NOON)
    subscribe(readers, "ada@example.com", confirmed=False, at=NOON + DAY)
    retention(database, NOON + 9 * DAY)
    assert [one.state for one in readers.of(accept("ada@example.com"))] == ["unsubscribed"]


@pytest.mark.parametrize(("after", "left"), [(729 * DAY, 0), (730 * DAY, 1)])
def test_who_left_is_forgotten_after_two_years(
    database: Database, readers: Readers, after: timedelta, left: int
) -> None:
    reader = subscribe(readers, "ada@example.com", at=NOON).subscription
    readers.leave(reader.ref, NOON)
    assert retention(database, NOON + after).left == left
    assert addresses(database) == ({None} if left else {"ada@example.com"})


def test_a_suppression_is_never_forgotten(database: Database, readers: Readers) -> None:
    suppressions, ada = Suppressions(database, TOKENS), accept("ada@example.com")
    reader = subscribe(readers, "ada@example.com", at=NOON).subscription
    readers.leave(reader.ref, NOON)
    suppressions.add(ada, "complaint", "", NOON)
    retention(database, NOON + 4000 * DAY)
    assert suppressions.find(ada) is not None
    assert subscribe(readers, "ada@example.com", at=NOON + 4000 * DAY).suppressed


def test_marks_of_strangers_last_a_day(database: Database) -> None:
    Attempts(database).take([Rule("ip:192.0.2.1", 1, 86400)], NOON)
    retention(database, NOON + DAY)
    with database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(tables.attempt)) == 0


@pytest.mark.parametrize(("state", "kept"), [("accepted", 0), ("expired", 0), ("planned", 1)])
def test_single_mails_are_kept_a_month_once_they_are_done(database: Database, state: str, kept: int) -> None:
    Outbox(database).put(Single("confirm:1", "confirm", "ada@example.com", b"mail"), NOON)
    with database.write() as connection:
        connection.execute(tables.outbox.update().values(state=state))
    retention(database, NOON + 30 * DAY)
    with database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(tables.outbox)) == kept


def test_twice_is_harmless(database: Database, readers: Readers) -> None:
    subscribe(readers, "ada@example.com", confirmed=False, at=NOON)
    retention(database, NOON + 8 * DAY)
    assert retention(database, NOON + 8 * DAY) == Forgotten(0, 0)


def _had_an_edition(database: Database, subscription: int, at: datetime = NOON) -> None:
    with database.write() as connection:
        owner = connection.scalar(select(tables.newsletter.c.id))
        edition = {"id": 1, "newsletter": owner, "date": at.date(), "cutoff": 0, "state": "done"}
        connection.execute(tables.edition.insert(), edition)
        connection.execute(tables.had.insert(), {"subscription": subscription, "edition": 1})
