"""What both stores promise of pauses: seen by all, lifted by people, ended by their own time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import insert

from digest.model import Pause
from digest.store import tables
from digest.store.database import Database
from digest.store.ledger import open_ledger
from digest.store.pauses import Pauses
from tests.builders import NOON
from tests.contracts.waiting import until_one_waits

MINUTE = timedelta(minutes=1)


async def relay_is_away(database: Database, until: timedelta, scope: str = "all") -> None:
    """A worker pauses for a time, as it does where no relay answers."""
    at = int(NOON.timestamp())
    ledger = await open_ledger(database.driver_url, at)
    await ledger.pause(at, scope, "no relay answers", int((NOON + until).timestamp()))
    await ledger.close(at)


def test_a_pause_is_seen_by_all_until_it_is_lifted(database: Database) -> None:
    pauses = Pauses(database)
    pauses.add("all", "stopped by hand", NOON)
    pauses.add("all", "stopped again", NOON + MINUTE)
    assert pauses.standing(NOON + MINUTE) == [Pause("all", "stopped again", NOON + MINUTE, None)]
    assert not pauses.lift("edition:7")
    assert pauses.lift()
    assert pauses.standing(NOON) == []


def test_two_may_pause_the_same_at_once(database: Database) -> None:
    pauses = Pauses(database)
    with ThreadPoolExecutor(1) as other:
        with database.write() as connection:
            row = {"scope": "all", "reason": "stopped by hand", "since": 0}
            connection.execute(insert(tables.pause).values(row))
            second = other.submit(pauses.add, "all", "stopped too", NOON)
            until_one_waits(database)
        second.result()
    assert pauses.standing(NOON) == [Pause("all", "stopped too", NOON, None)]


async def test_a_pause_that_has_ended_by_itself_is_no_pause(database: Database) -> None:
    await relay_is_away(database, MINUTE)
    pauses = Pauses(database)
    assert pauses.standing(NOON) == [Pause("all", "no relay answers", NOON, NOON + MINUTE)]
    assert pauses.standing(NOON + MINUTE) == []


async def test_what_a_person_stopped_is_not_shortened_by_a_worker_whose_relay_is_away(
    database: Database,
) -> None:
    pauses = Pauses(database)
    pauses.add("domain:example.com", "complaints", NOON)
    await relay_is_away(database, MINUTE, "domain:example.com")
    assert pauses.standing(NOON + 2 * MINUTE) == [Pause("domain:example.com", "complaints", NOON, None)]


async def test_a_pause_gives_way_to_a_longer_one_alone(database: Database) -> None:
    pauses = Pauses(database)
    for until in (2 * MINUTE, 3 * MINUTE, MINUTE):
        await relay_is_away(database, until)
    assert [pause.until for pause in pauses.standing(NOON)] == [NOON + 3 * MINUTE]
    pauses.add("all", "stopped by hand", NOON)
    assert [pause.until for pause in pauses.standing(NOON)] == [None]
