"""A worker's shift: one batch for each job, sent over the same connections."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from digest.deliver.sender import send
from digest.errors import Fenced
from digest.ports import Ledger
from digest.steps.shift import OpenLedger, Shift
from digest.store.ledger import open_ledger
from tests.deliver.relay import BadRelay
from tests.deliver.run_of import OPTIONS, Plain
from tests.morning import BATCH, ISSUED, Store, prepare

READERS = 3 * BATCH
NOW = ISSUED + 60


class Work:
    """A shift on a store, with everything around it that a worker has but the queue."""

    def __init__(self, url: str, relay: BadRelay) -> None:
        self.runs = 0
        self.stop = asyncio.Event()
        self._url = url
        self._relay = relay
        self.shift = Shift(self._send, self._ledger)

    async def _send(self, ledger: OpenLedger) -> None:
        self.runs += 1
        relays = [self._relay.settings()]
        async with ledger() as opened:
            await send(opened, relays, Plain(), lambda: float(NOW), OPTIONS, stop=self.stop)

    @asynccontextmanager
    async def _ledger(self) -> AsyncIterator[Ledger]:
        ledger = await open_ledger(self._url, NOW)
        try:
            yield ledger
        finally:
            await ledger.close(NOW)

    async def jobs(self, count: int) -> None:
        async with asyncio.timeout(30):
            await asyncio.gather(*(self.shift.work() for _ in range(count)))


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("planned") / "digest.db"
    prepare(str(path), READERS)
    return path.read_bytes()


@pytest.fixture
def url(planned: bytes, tmp_path: Path) -> str:
    (tmp_path / "digest.db").write_bytes(planned)
    return str(tmp_path / "digest.db")


@pytest.fixture
async def relay() -> AsyncIterator[BadRelay]:
    async with BadRelay().running() as running:
        yield running


async def test_one_job_sends_one_batch(url: str, relay: BadRelay) -> None:
    await Work(url, relay).jobs(1)
    assert sorted(relay.copies.values()) == [1] * BATCH


async def test_jobs_at_hand_share_one_sender_and_its_connections(url: str, relay: BadRelay) -> None:
    work = Work(url, relay)
    await work.jobs(3)
    assert len(relay.copies) == READERS
    assert work.runs == 1
    assert relay.connections <= 20


async def test_a_job_too_many_ends_and_sends_nothing(url: str, relay: BadRelay) -> None:
    work = Work(url, relay)
    await work.jobs(5)
    await work.jobs(1)
    assert sorted(relay.copies.values()) == [1] * READERS


async def test_a_job_that_comes_while_another_is_done_is_done_too(url: str, relay: BadRelay) -> None:
    work = Work(url, relay)
    first = asyncio.create_task(work.jobs(1))
    await relay.has_taken(BATCH - 10)
    await asyncio.gather(first, work.jobs(1))
    assert len(relay.taken) == 2 * BATCH


async def test_while_all_is_paused_jobs_end_and_nothing_is_sent(url: str, relay: BadRelay) -> None:
    store = Store(url)
    store.execute("INSERT INTO pause (scope, reason, since) VALUES ('all', 'stopped by hand', 0)")
    await Work(url, relay).jobs(2)
    assert relay.taken == []
    store.close()


async def test_asked_to_stop_the_jobs_end_and_what_is_left_is_free(url: str, relay: BadRelay) -> None:
    work = Work(url, relay)
    jobs = asyncio.create_task(work.jobs(3))
    await relay.has_taken(100)
    work.stop.set()
    await jobs
    store = Store(url)
    assert store.rows("SELECT count(*) FROM batch WHERE worker IS NOT NULL") == [(0,)]
    store.close()
    work.stop.clear()
    await work.jobs(3)
    assert sorted(relay.copies.values()) == [1] * READERS


async def test_a_sender_that_was_taken_over_ends_its_jobs(
    url: str, relay: BadRelay, caplog: pytest.LogCaptureFixture
) -> None:
    async def fenced(_ledger: OpenLedger) -> None:
        raise Fenced("another worker took over")

    shift = Shift(fenced, Work(url, relay)._ledger)
    async with asyncio.timeout(5):
        await asyncio.gather(shift.work(), shift.work())
    assert relay.taken == []
    [told] = [record for record in caplog.records if record.getMessage() == "store.away"]
    assert told.__dict__["facts"] == {"reason": "another worker took over"}
