"""The same sender on PostgreSQL."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from digest.errors import StoreError
from digest.model import DeliveryState, Outcome, Verdict
from digest.store.database import Database
from digest.store.ledger import SqlLedger
from digest.store.ledger.postgresql import PostgresqlDriver
from digest.store.readers import Readers
from digest.tokens import Tokens
from tests.deliver.relay import BadRelay, Fault
from tests.deliver.run_of import DOMAINS, Morning
from tests.morning import ISSUED, prepare
from tests.postgres import Server


@pytest.fixture(scope="session")
def far_planned(postgresql_server: Server) -> str:
    """The name of a database in which five hundred readers of five domains are due."""
    url = postgresql_server.fresh()
    prepare(url, 500, domains=DOMAINS)
    return urlsplit(url).path[1:]


@pytest.fixture
async def far_morning(postgresql_server: Server, far_planned: str) -> AsyncIterator[Morning]:
    """Five hundred readers are due; their record is on a server."""
    made = Morning(postgresql_server.fresh(far_planned))
    yield made
    await made.close()


async def test_two_senders_at_once_double_nobody(far_morning: Morning) -> None:
    async with BadRelay().running() as relay:
        reports = await asyncio.gather(*(far_morning.send(relay.settings()) for _ in range(2)))
    assert sum(report.accepted for report in reports) == 500
    assert relay.copies == {far_morning.address(n): 1 for n in range(1, 501)}
    assert far_morning.count(DeliveryState.ACCEPTED) == 500


async def test_a_reader_who_is_leaving_at_this_moment_is_waited_for_and_gets_nothing(
    far_morning: Morning,
) -> None:
    driver = await PostgresqlDriver.connect(far_morning.url)
    ledger = await SqlLedger(driver).open(ISSUED)
    await ledger.claim(ISSUED)
    for round_ in range(8):  # a statement is planned anew the first times, then no more
        await ledger.settle(ISSUED, [], [100 + round_])
    with psycopg.connect(far_morning.url) as leaving:
        leaving.execute("UPDATE delivery SET state = 5, next_at = NULL WHERE id = 1")
        settling = asyncio.create_task(ledger.settle(ISSUED, [], [1, 3]))
        await asyncio.to_thread(until_one_waits, far_morning)
        assert not settling.done()
    assert (await settling).denied == {1}
    await ledger.close(ISSUED)


async def test_a_settlement_that_crosses_another_transaction_is_done_again(far_morning: Morning) -> None:
    driver = await PostgresqlDriver.connect(far_morning.url)
    ledger = await SqlLedger(driver).open(ISSUED)
    await ledger.claim(ISSUED)
    taken = [Outcome(number, Verdict.ACCEPTED, 250) for number in (1, 3)]
    async with await psycopg.AsyncConnection.connect(far_morning.url) as other:
        await driver.connection.execute("SET deadlock_timeout = '200ms'")  # it looks first, and loses
        await other.execute("SELECT FROM delivery WHERE id = 3 FOR UPDATE")
        settling = asyncio.create_task(ledger.settle(ISSUED, taken, [5]))
        await asyncio.to_thread(until_one_waits, far_morning)
        await other.execute("SELECT FROM delivery WHERE id = 1 FOR UPDATE")
    assert not (await settling).denied
    assert far_morning.count(DeliveryState.ACCEPTED) == 2
    await ledger.close(ISSUED)


async def test_leaving_that_crosses_a_settlement_is_done_again(far_morning: Morning, tmp_path: Path) -> None:
    database = Database(far_morning.url, tmp_path)
    readers = Readers(database, Tokens(["a secret of the tests"]))
    with psycopg.connect(far_morning.url) as other:
        other.execute("SELECT FROM delivery WHERE id = 1 FOR UPDATE")
        leaving = asyncio.create_task(
            asyncio.to_thread(readers.leave, b"s%015d" % 1, datetime.fromtimestamp(ISSUED, UTC))
        )
        await asyncio.to_thread(until_one_waits, far_morning)
        await asyncio.to_thread(other.execute, "SELECT FROM subscription WHERE id = 1 FOR UPDATE")
    assert await leaving
    assert far_morning.count(DeliveryState.WITHDRAWN) == 1
    database.close()


def until_one_waits(morning: Morning) -> None:
    """Until a transaction waits for another's row."""
    query = "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    while not morning.store.rows(query):
        time.sleep(0.01)


async def test_a_server_that_goes_away_stops_the_run_and_loses_nobody(far_morning: Morning) -> None:
    async with BadRelay(Fault("dot", "late", taken=True)).running() as relay:
        run = asyncio.create_task(far_morning.send(relay.settings(), stop_grace=0.2))
        await relay.has_taken(50)
        far_morning.store.rows(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        with pytest.raises(StoreError, match="PostgreSQL: "):
            await run
        assert len(relay.taken) < 200
        far_morning.store.execute("UPDATE worker SET seen = seen - 3600")  # its lease runs out
        await far_morning.send_all(relay.settings())
    assert len(relay.copies) == 500
    assert sum(relay.copies.values()) <= 520
    assert len(set(relay.taken)) == 500


async def test_the_pace_is_that_of_all_workers_together(far_morning: Morning) -> None:
    started = time.time()
    far_morning.clock = time.time  # a pace needs a clock that moves
    far_morning.store.execute("UPDATE delivery SET expires = 9999999999")
    far_morning.store.execute("UPDATE batch SET hi = 90 WHERE lo = 1")
    async with BadRelay().running() as relay:
        await asyncio.gather(*(far_morning.send(relay.settings(), rate=60) for _ in range(2)))
    assert len(relay.taken_at) == 90
    for mails, at in enumerate(relay.taken_at, 1):  # a quarter second's worth may be under way with each
        assert at - started >= (mails - 2 * 15) / 60 * 0.95


async def test_workers_whose_clocks_are_apart_double_nobody_and_bury_nobody(far_morning: Morning) -> None:
    far_morning.store.execute("UPDATE batch SET hi = 250")
    far_morning.store.execute(
        "INSERT INTO batch (edition, local_date, lo, hi, next_at)"
        " SELECT edition, local_date, 251, 500, next_at FROM batch"
    )
    ahead = Morning(far_morning.url)
    ahead.now = far_morning.now + 90
    async with BadRelay(Fault("dot", "late", taken=True)).running() as relay:
        reports = await asyncio.gather(far_morning.send(relay.settings()), ahead.send(relay.settings()))
    assert [report.halted for report in reports] == ["", ""]
    assert min(report.accepted for report in reports) > 0
    assert relay.copies == {far_morning.address(n): 1 for n in range(1, 501)}
    assert far_morning.count(DeliveryState.ACCEPTED) == 500
    await ahead.close()


async def test_a_worker_that_is_frozen_in_a_transaction_does_not_keep_it(far_morning: Morning) -> None:
    driver = await PostgresqlDriver.connect(far_morning.url, lease=1)
    assert await driver.run("SHOW idle_in_transaction_session_timeout") == [("1s",)]
    await driver.run("SET idle_in_transaction_session_timeout = '50ms'")
    here = f"SELECT pid FROM pg_stat_activity WHERE pid = {driver.connection.info.backend_pid}"

    async def freeze() -> None:
        async with driver.transaction():
            await driver.run("UPDATE worker SET seen = 0")
            while far_morning.store.rows(here):  # noqa: ASYNC110  # a database has no events
                await asyncio.sleep(0.01)
            await driver.run("SELECT 1")

    with pytest.raises(StoreError, match="idle-in-transaction"):
        await freeze()
    await driver.close()
