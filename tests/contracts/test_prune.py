"""Old deliveries are put away on every store: the counts stay, and nobody gets an old edition again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from digest.store import tables
from digest.store.database import Database
from digest.store.deliveries import Deliveries
from digest.store.editions import Editions
from digest.store.planning import Planning
from digest.store.prune import prune
from digest.store.readers import Readers
from digest.store.statistics import Statistics
from tests.builders import MORNING, NOON, TOKENS, subscribe
from tests.contracts.test_store import frozen, plan_of

KEEP = timedelta(days=30)
LATER = NOON + KEEP + timedelta(days=1)


@pytest.fixture
def sent(database: Database) -> Database:
    """A store in which two readers have had an edition and one was refused."""
    for name in ("ada", "bob", "cleo"):
        subscribe(Readers(database, TOKENS), f"{name}@example.com")
    stored, planning = frozen(database), Planning(database)
    planning.plan(planning.moments(MORNING), plan_of(database, stored))
    Editions(database).issue(stored.id, NOON, again=False)
    change(database, "UPDATE delivery SET state = 3, next_at = NULL")
    change(database, "UPDATE delivery SET state = 4 WHERE id = 2")
    change(database, "UPDATE batch SET next_at = NULL")
    return database


def change(database: Database, statement: str) -> None:
    with database.write() as connection:
        connection.execute(text(statement))


def rows(database: Database) -> list[int]:
    with database.read() as connection:
        pruned = (tables.delivery, tables.had, tables.batch)
        return [connection.scalar(select(func.count()).select_from(table)) or 0 for table in pruned]


def test_the_rows_go_and_the_counts_stay(sent: Database) -> None:
    before = Deliveries(sent).counts(1)
    assert (before.accepted, before.refused, before.all) == (2, 1, 3)
    assert prune(sent, KEEP, LATER) == 3
    assert rows(sent) == [0, 0, 0]
    assert Deliveries(sent).counts(1) == before
    assert prune(sent, KEEP, LATER) == 0


def test_a_run_that_was_put_away_is_told_with_its_counts(sent: Database) -> None:
    before = Statistics(sent).runs("morning")
    assert before[0].counts.accepted == 2
    prune(sent, KEEP, LATER)
    assert Statistics(sent).runs("morning") == before


def test_what_is_young_or_may_yet_be_tried_or_is_being_sent_stays(sent: Database) -> None:
    assert prune(sent, KEEP, NOON + KEEP) == 0
    change(sent, "UPDATE batch SET next_at = 0")
    assert prune(sent, KEEP, LATER) == 0
    change(sent, "UPDATE batch SET next_at = NULL, worker = 1")
    assert prune(sent, KEEP, LATER) == 0
    assert rows(sent) == [3, 3, 1]


def test_an_edition_that_was_put_away_is_planned_for_nobody(sent: Database) -> None:
    prune(sent, KEEP, LATER)
    stored = Editions(sent).find(MORNING, NOON.date())
    assert stored is not None
    planning = Planning(sent)
    assert planning.plan(planning.moments(MORNING), plan_of(sent, stored)) == 0
