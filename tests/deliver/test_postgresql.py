"""The same sender on PostgreSQL."""

from __future__ import annotations

import asyncio

import pytest

from digest.errors import StoreError
from digest.model import DeliveryState
from tests.deliver.relay import BadRelay, Fault
from tests.deliver.run_of import DOMAINS, Morning
from tests.morning import prepare
from tests.postgres import postgresql_server, postgresql_url

__all__ = ["postgresql_server", "postgresql_url"]


@pytest.fixture
async def far_morning(postgresql_url: str) -> Morning:
    """Five hundred readers are due; their record is on a server."""
    prepare(postgresql_url, 500, domains=DOMAINS)
    return Morning(postgresql_url)


async def test_two_senders_at_once_double_nobody(far_morning: Morning) -> None:
    async with BadRelay().running() as relay:
        reports = await asyncio.gather(*(far_morning.send(relay.settings()) for _ in range(2)))
    assert sum(report.accepted for report in reports) == 500
    assert relay.copies == {far_morning.address(n): 1 for n in range(1, 501)}
    assert far_morning.count(DeliveryState.ACCEPTED) == 500
    await far_morning.close()


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
    await far_morning.close()
