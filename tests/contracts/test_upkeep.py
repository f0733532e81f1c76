"""Backups, restoring, copying: on every store, nobody comes back who left, and nothing is lost."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, inspect, select

from digest.addresses import accept
from digest.errors import StoreError
from digest.model import Outcome, Verdict
from digest.store import tables
from digest.store.contents import look_into
from digest.store.copy import copy
from digest.store.database import Database
from digest.store.deliveries import Deliveries
from digest.store.editions import Editions
from digest.store.journal import Entry
from digest.store.ledger import open_ledger
from digest.store.migrate import HEAD, upgrade
from digest.store.pauses import Pauses
from digest.store.planning import Planning
from digest.store.readers import Readers
from digest.store.restore import hold_unfinished, replay, restore
from digest.store.seal import Seal
from digest.store.suppressions import Suppressions
from digest.store.upkeep import backup, faults
from tests.builders import MORNING, NOON, TOKENS, subscribe
from tests.contracts.test_store import frozen, plan_of
from tests.postgres import postgresql_programs

HOUR = timedelta(hours=1)


def counts(database: Database) -> dict[str, int]:
    with database.read() as connection:
        return {
            table.name: connection.scalar(select(func.count()).select_from(table)) or 0
            for table in tables.metadata.sorted_tables
        }


@pytest.fixture
def programs(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL's own, from the wheel, for a store that needs them."""
    if not database.is_sqlite:
        monkeypatch.setenv("PATH", f"{postgresql_programs()}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def busy(database: Database) -> Database:
    """A store with readers and an edition in the middle of being sent."""
    readers, planning = Readers(database, TOKENS), Planning(database)
    for name in ("ada", "bob", "cleo"):
        subscribe(readers, f"{name}@example.com")
    stored = frozen(database)
    planning.plan(planning.moments(MORNING), plan_of(database, stored))
    Editions(database).issue(stored.id, NOON, again=False)
    return database


def test_a_whole_database_has_no_faults(busy: Database) -> None:
    assert faults(busy) == []


def test_everything_is_copied_to_sqlite_and_may_be_copied_again(busy: Database, tmp_path: Path) -> None:
    target = Database("sqlite:///copy.db", tmp_path / "elsewhere")
    upgrade(target)
    copy(busy, target, lambda _name, _rows: None)
    assert counts(target) == counts(busy)
    ref = subscribe(Readers(busy, TOKENS), "dora@example.com").subscription.ref
    Readers(busy, TOKENS).leave(ref, NOON)
    copy(busy, target, lambda _name, _rows: None)
    assert counts(target) == counts(busy)
    assert Readers(target, TOKENS).status(accept("dora@example.com")) == "unsubscribed"
    assert subscribe(Readers(target, TOKENS), "new@example.com").created
    target.close()


def test_what_was_copied_to_postgresql_goes_on_there(tmp_path: Path, postgresql_url: str) -> None:
    source = Database("sqlite:///digest.db", tmp_path)
    upgrade(source)
    subscribe(Readers(source, TOKENS), "ada@example.com")
    frozen(source)
    target = Database(postgresql_url, tmp_path)
    upgrade(target)
    copy(source, target, lambda _name, _rows: None)
    assert counts(target) == counts(source)
    assert subscribe(Readers(target, TOKENS), "bob@example.com").created
    assert faults(target) == []
    source.close()
    target.close()


def test_who_left_after_the_backup_stays_away_and_who_asked_again_stays(busy: Database) -> None:
    readers, suppressions = Readers(busy, TOKENS), Suppressions(busy, TOKENS)
    refs = {name: readers.of(accept(f"{name}@example.com"))[0].ref for name in ("ada", "bob", "cleo")}
    readers.leave(refs["ada"], NOON)
    suppressions.add(accept("bob@example.com"), "hard", "", NOON)
    readers.leave(refs["cleo"], NOON)
    # The backup is older than all of this, but cleo had come back in it.
    with busy.write() as connection:
        connection.execute(tables.suppression.delete())
        connection.execute(tables.subscription.update().values(state="active"))
        later = tables.subscription.update().where(tables.subscription.c.ref == refs["cleo"])
        connection.execute(later.values(asked_at=int((NOON + HOUR).timestamp())))
    assert replay(busy, TOKENS, NOON + 2 * HOUR) == 3
    states = {name: readers.status(accept(f"{name}@example.com")) for name in refs}
    assert states == {"ada": "unsubscribed", "bob": "suppressed", "cleo": "active"}


def test_who_was_erased_after_the_backup_is_erased_again_and_gets_no_more_mail(busy: Database) -> None:
    readers = Readers(busy, TOKENS)
    ref = readers.of(accept("ada@example.com"))[0].ref
    with busy.read() as connection:
        there = tables.subscriber.c.address_key == "ada@example.com"
        person = connection.scalar(select(tables.subscriber.c.ref).where(there))
    assert person
    busy.journal.append(Entry(NOON, "erased", person.hex()))
    replay(busy, TOKENS, NOON + HOUR)
    forgotten = readers.by_ref(ref)
    assert forgotten
    assert (forgotten.address, forgotten.state, forgotten.left_at) == ("", "unsubscribed", NOON)
    assert readers.counts("morning") == {"active": 2, "unsubscribed": 1}
    assert Deliveries(busy).counts(1).withdrawn == 1


def test_an_edition_that_was_being_sent_is_held_after_a_restore(busy: Database) -> None:
    assert hold_unfinished(busy, NOON) == 1
    [pause] = Pauses(busy).standing(NOON)
    assert pause.scope.startswith("edition:")


def test_a_backup_restores_what_was_there(database: Database, tmp_path: Path, programs: None) -> None:
    readers = Readers(database, TOKENS)
    subscribe(readers, "ada@example.com")
    before = counts(database)
    backup(database, tmp_path / "backup.db")
    subscribe(readers, "bob@example.com")
    restore(database, tmp_path / "backup.db")
    assert counts(database) == before
    (tmp_path / "journal.jsonl").write_text("no backup")
    with pytest.raises(StoreError, match=r"not a backup|not appear to be a valid archive"):
        restore(database, tmp_path / "journal.jsonl")


def test_tables_of_a_newer_version_give_way_to_the_backup(
    database: Database, tmp_path: Path, programs: None
) -> None:
    subscribe(Readers(database, TOKENS), "ada@example.com")
    backup(database, tmp_path / "before.db")
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        connection.exec_driver_sql("CREATE TABLE coming (edition BIGINT REFERENCES edition (id))")
    newer = r"newer version \(tables 9999, this one knows \d+\); install that one, or: digest db restore"
    with pytest.raises(StoreError, match=newer):
        upgrade(database)
    assert "newer version" in " ".join(faults(database))
    backup(database, tmp_path / "after.db")
    with pytest.raises(StoreError, match=r"after\.db: made by a newer version"):
        restore(database, tmp_path / "after.db")
    restore(database, tmp_path / "before.db")
    assert faults(database) == []
    assert Readers(database, TOKENS).status(accept("ada@example.com")) == "active"
    assert not inspect(database.engine).has_table("coming")


def test_a_backup_says_which_secret_it_belongs_to(database: Database, tmp_path: Path, programs: None) -> None:
    backup(database, tmp_path / "new.db")
    assert look_into(database, tmp_path / "new.db") == (HEAD, "")
    Seal(database).set("a" * 64)
    Seal(database).set("b" * 64)
    assert Seal(database).look() == ("b" * 64, False)
    subscribe(Readers(database, TOKENS), "ada@example.com")
    assert Seal(database).look().knows_somebody
    backup(database, tmp_path / "sealed.db")
    assert look_into(database, tmp_path / "sealed.db") == (HEAD, "b" * 64)


async def test_a_backup_of_the_middle_of_a_run_sends_nobody_twice_who_was_recorded(
    busy: Database, tmp_path: Path, programs: None
) -> None:
    at = int(NOON.timestamp())
    ledger = await open_ledger(busy.driver_url, at)
    ada, bob, _ = await ledger.claim(at)
    await ledger.settle(at, [], [ada.delivery])
    await ledger.settle(at, [Outcome(ada.delivery, Verdict.ACCEPTED)], [bob.delivery])
    backup(busy, tmp_path / "middle.backup")
    await ledger.settle(at, [Outcome(bob.delivery, Verdict.ACCEPTED)], [])
    await ledger.close(at)

    restore(busy, tmp_path / "middle.backup")
    upgrade(busy)
    replay(busy, TOKENS, NOON)
    assert hold_unfinished(busy, NOON) == 1
    later = at + int(HOUR.total_seconds())
    with busy.write() as connection:  # the worker in the backup is long dead
        connection.execute(tables.worker.update().values(seen=tables.worker.c.seen - 3600))
    again = await open_ledger(busy.driver_url, later)
    assert await again.claim(later) == []
    assert Pauses(busy).lift()
    letters = await again.claim(later)
    await again.close(later)
    # bob's mail was under way when the backup was taken: in doubt, sent again under the same Message-ID.
    assert ada.address not in {letter.address for letter in letters}
    assert len(letters) == 2
