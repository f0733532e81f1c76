"""What both stores promise of pauses: seen by all, lifted by people, ended by their own time."""

from __future__ import annotations

from datetime import timedelta

from digest.model import Pause
from digest.store.database import Database
from digest.store.ledger import open_ledger
from digest.store.pauses import Pauses
from digest.store.renderings import unpack
from tests.builders import NOON

MINUTE = timedelta(minutes=1)


async def relay_is_away(database: Database, until: timedelta, scope: str = "all") -> None:
    """A worker pauses for a time, as it does where no relay answers."""
    at = int(NOON.timestamp())
    ledger = await open_ledger(database.driver_url, unpack, at)
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
    for until in (2 * MINUTE, MINUTE, 3 * MINUTE):
        await relay_is_away(database, until)
    assert [pause.until for pause in pauses.standing(NOON)] == [NOON + 3 * MINUTE]
    pauses.add("all", "stopped by hand", NOON)
    assert [pause.until for pause in pauses.standing(NOON)] == [None]
