"""What both stores promise of returned mail: counted once, and complaints against what was delivered."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import insert, select, update

from digest.addresses import accept
from digest.model import Complaints, DeliveryState
from digest.ports import Taken
from digest.store import tables
from digest.store.database import Database
from digest.store.readers import Readers
from digest.store.returns import Returns
from digest.store.suppressions import Lifted, Suppressions
from digest.store.times import seconds
from tests.builders import NOON, TOKENS, subscribe
from tests.contracts.test_store import frozen

DAY = timedelta(days=1)


def delivered(database: Database, **mails: DeliveryState) -> None:
    """One delivery an hour ago for each reader, who is the part of the address before a domain."""
    readers, edition = Readers(database, TOKENS), frozen(database).id
    with database.read() as connection:
        rendering = connection.scalar(select(tables.rendering.c.id))
    at, day = seconds(NOON - timedelta(hours=1)), date(2026, 3, 10)
    for name, state in mails.items():
        reader = subscribe(readers, name.replace("_at_", "@").replace("_", ".")).subscription.id
        row = {"subscription": reader, "local_date": day, "edition": edition, "rendering": rendering}
        with database.write() as connection:
            made = insert(tables.delivery).values(**row, state=state, due=at, expires=at, at=at)
            number = connection.execute(made).inserted_primary_key[0]  # type: ignore[index]  # it has one
            batch = {"edition": edition, "local_date": day, "lo": number, "hi": number}
            connection.execute(insert(tables.batch).values(**batch))


ADA = accept("ada@example.com")


def test_a_mail_is_counted_once_under_its_key_and_suppresses_in_the_same_breath(database: Database) -> None:
    returns, readers = Returns(database, TOKENS), Readers(database, TOKENS)
    subscribe(readers, "ada@example.com")
    assert returns.add([Taken("a", "complaint", ADA, "complaint", "abuse")], NOON) == {"a"}
    assert readers.status(ADA) == "suppressed"
    assert [entry.what for entry in database.journal] == ["suppressed"]
    Suppressions(database, TOKENS).lift(ADA, NOON)
    assert not returns.add([Taken("a", "complaint", ADA, "complaint", "abuse")], NOON)
    assert readers.status(ADA) == "active"
    assert [one.complaints for one in returns.complaints(NOON - DAY)] == [1, 1]


def test_complaints_stand_against_the_mails_delivered_to_their_domain_that_day(database: Database) -> None:
    returns = Returns(database, TOKENS)
    delivered(
        database,
        ada_at_example_com=DeliveryState.ACCEPTED,
        bob_at_example_com=DeliveryState.ACCEPTED,
        eve_at_sub_example_com=DeliveryState.ACCEPTED,
        dan_at_example_com=DeliveryState.REFUSED,
    )
    returns.add([Taken("a", "complaint", ADA, "", "")], NOON)
    returns.add([Taken("b", "hard", ADA, "", "")], NOON)
    returns.add([Taken("c", "complaint", ADA, "", "")], NOON - 2 * DAY)
    assert returns.complaints(NOON - DAY) == [Complaints("", 1, 3), Complaints("example.com", 1, 2)]
    assert returns.delivered(NOON - DAY, ["example.com", "example.net"]) == {
        "example.com": 2,
        "example.net": 0,
    }
    with database.write() as connection:
        connection.execute(update(tables.delivery).values(at=seconds(NOON - 2 * DAY)))
    assert returns.complaints(NOON - DAY) == [Complaints("", 1, 0), Complaints("example.com", 1, 0)]


def test_a_day_without_complaints_asks_nothing(database: Database) -> None:
    assert Returns(database, TOKENS).complaints(NOON - DAY) == []


def test_who_lifted_a_suppression_and_when_is_kept(database: Database) -> None:
    suppressions, ada = Suppressions(database, TOKENS), ADA
    suppressions.add(ada, "hard", "550 5.1.1 no such user", NOON)
    suppressions.lift(ada, NOON + DAY, "Ruth")
    assert suppressions.lifted(ada) == [Lifted("hard", "550 5.1.1 no such user", NOON, NOON + DAY, "Ruth")]
    assert not suppressions.lift(ada, NOON + DAY, "Ruth")
    assert len(suppressions.lifted(ada)) == 1
