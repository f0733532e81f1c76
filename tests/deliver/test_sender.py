"""A run, from the ledger to a real socket and back."""

from __future__ import annotations

import asyncio

from digest.model import DeliveryState
from tests.deliver.relay import BadRelay
from tests.deliver.run_of import Morning


async def test_every_reader_gets_one_mail(morning: Morning) -> None:
    async with BadRelay().running() as relay:
        report = await morning.send(relay.settings())
    assert (report.accepted, report.halted, report.next_due) == (500, "", None)
    assert relay.copies == {morning.address(n): 1 for n in range(1, 501)}
    assert morning.count(DeliveryState.ACCEPTED) == 500
    assert 1 < relay.max_open <= 20


async def test_a_second_run_sends_nothing(morning: Morning) -> None:
    async with BadRelay().running() as relay:
        await morning.send(relay.settings())
        assert (await morning.send(relay.settings())).accepted == 0
    assert len(relay.taken) == 500


async def test_two_senders_at_once_share_the_work_and_double_nobody(morning: Morning) -> None:
    async with BadRelay().running() as relay:
        reports = await asyncio.gather(*(morning.send(relay.settings()) for _ in range(2)))
    assert sum(report.accepted for report in reports) == 500
    assert set(relay.copies.values()) == {1}


async def test_a_relay_without_pipelining_is_asked_command_by_command(morning: Morning) -> None:
    async with BadRelay(extensions=("8BITMIME",)).running() as relay:
        report = await morning.send(relay.settings())
    assert report.accepted == 500
    assert set(relay.copies.values()) == {1}
