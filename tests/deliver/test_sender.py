"""A run, from the ledger to a real socket and back."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from digest.addresses import accept
from digest.deliver.options import DomainPace
from digest.errors import StoreError, TemplateError
from digest.model import DeliveryState, Letter
from digest.store.database import Database
from digest.store.ledger.sqlite import SqliteDriver
from digest.store.suppressions import Suppressions
from digest.tokens import Tokens
from tests.deliver.relay import BadRelay, Fault
from tests.deliver.run_of import DOMAINS, Morning, Plain


async def test_every_reader_gets_one_mail(morning: Morning) -> None:
    async with BadRelay().running() as relay:
        report = await morning.send(relay.settings())
    assert (report.accepted, report.halted, report.next_due) == (500, "", None)
    assert relay.copies == {morning.address(n): 1 for n in range(1, 501)}
    assert morning.count(DeliveryState.ACCEPTED) == 500
    assert 1 < relay.max_open <= 20
    assert relay.pipelined


async def test_a_second_run_sends_nothing(morning: Morning) -> None:
    async with BadRelay().running() as relay:
        await morning.send(relay.settings())
        assert (await morning.send(relay.settings())).accepted == 0
    assert len(relay.taken) == 500


async def test_two_senders_at_once_share_the_work_and_double_nobody(morning: Morning) -> None:
    morning.store.execute("UPDATE batch SET hi = 250 WHERE id = 1")
    morning.store.execute(
        "INSERT INTO batch (edition, local_date, lo, hi, next_at)"
        " SELECT edition, local_date, 251, 500, next_at FROM batch WHERE id = 1"
    )
    async with BadRelay().running() as relay:
        reports = await asyncio.gather(*(morning.send(relay.settings()) for _ in range(2)))
    assert sorted(report.accepted for report in reports) == [250, 250]
    assert set(relay.copies.values()) == {1}


async def test_beside_another_live_sender_it_waits_until_all_are_served(morning: Morning) -> None:
    async with BadRelay(Fault("dot", "late", taken=True)).running() as relay:
        first = asyncio.create_task(morning.send(relay.settings(connections=10)))
        await relay.has_taken(1)
        second = asyncio.create_task(morning.send(relay.settings()))
        await relay.has_taken(100)
        assert not second.done()
        relay.fault = None
        reports = await asyncio.gather(first, second)
    assert len(relay.taken) == sum(report.accepted for report in reports) == 500


async def test_a_relay_without_pipelining_is_asked_command_by_command(morning: Morning) -> None:
    async with BadRelay(extensions=("8BITMIME",)).running() as relay:
        report = await morning.send(relay.settings())
    assert report.accepted == 500
    assert set(relay.copies.values()) == {1}
    assert not relay.pipelined


async def test_pipelining_can_be_switched_off(morning: Morning) -> None:
    async with BadRelay().running() as relay:
        report = await morning.send(relay.settings(pipelining=False))
    assert report.accepted == 500
    assert not relay.pipelined


# ---------------------------------------------------------------- stopping


@pytest.mark.parametrize("extensions", [("PIPELINING",), ("8BITMIME",)])
async def test_when_stopped_it_waits_for_the_answers_under_way(
    morning: Morning, extensions: tuple[str, ...]
) -> None:
    stop = asyncio.Event()
    async with BadRelay(Fault("dot", "late", taken=True), extensions).running() as relay:
        run = asyncio.create_task(morning.send(relay.settings(), stop=stop))
        await relay.has_taken(40)
        stop.set()
        report = await run
    assert report.accepted == len(relay.taken) == morning.count(DeliveryState.ACCEPTED)
    assert 40 <= report.accepted < 120
    assert morning.count(DeliveryState.IN_DOUBT) == 0


@pytest.mark.parametrize("extensions", [("PIPELINING",), ("8BITMIME",)])
async def test_what_is_unanswered_when_its_patience_ends_is_in_doubt(
    morning: Morning, extensions: tuple[str, ...]
) -> None:
    stop = asyncio.Event()
    async with BadRelay(Fault("dot", "silence", taken=True), extensions).running() as relay:
        run = asyncio.create_task(morning.send(relay.settings(), stop=stop, stop_grace=0.1))
        await relay.has_taken(20)
        stop.set()
        report = await run
    assert (report.accepted, report.in_doubt) == (0, 20)
    rows = morning.store.rows("SELECT reply FROM delivery WHERE state = 2")
    assert set(rows) == {("the sender was stopped before the answer came",)}


async def test_cancelled_it_ends_as_when_stopped(morning: Morning) -> None:
    async with BadRelay(Fault("dot", "late", taken=True)).running() as relay:
        run = asyncio.create_task(morning.send(relay.settings()))
        await relay.has_taken(40)
        run.cancel()
        with pytest.raises(asyncio.CancelledError):
            await run
        assert morning.count(DeliveryState.ACCEPTED) == len(relay.taken) < 120


# ---------------------------------------------------------------- in the middle of a run


async def test_whoever_leaves_in_the_middle_gets_no_mail_after_that(morning: Morning) -> None:
    async with BadRelay(Fault("dot", "late", taken=True)).running() as relay:
        run = asyncio.create_task(morning.send(relay.settings(connections=10)))
        await relay.has_taken(50)
        morning.store.execute("UPDATE delivery SET state = 5, next_at = NULL WHERE id > 400 AND state = 0")
        relay.fault = None
        await run
    assert relay.copies == {morning.address(n): 1 for n in range(1, 401)}
    assert morning.count(DeliveryState.WITHDRAWN) == 100


async def test_whoever_is_suppressed_in_the_middle_gets_no_mail_after_that(
    morning: Morning, tmp_path: Path
) -> None:
    database = Database(f"sqlite:///{morning.url}", tmp_path)
    off = Suppressions(database, Tokens([32 * "x"]))
    async with BadRelay(Fault("dot", "late", taken=True)).running() as relay:
        run = asyncio.create_task(morning.send(relay.settings(connections=10)))
        await relay.has_taken(50)
        off.add(accept(morning.address(450)), "complaint", "asked by phone", datetime.now(UTC))
        relay.fault = None
        await run
    database.close()
    assert relay.copies == {morning.address(n): 1 for n in range(1, 501) if n != 450}
    assert morning.store.states()[450] == DeliveryState.WITHDRAWN


async def test_a_stop_by_hand_ends_the_run_at_once_for_all_processes(morning: Morning) -> None:
    async with BadRelay(Fault("dot", "late", taken=True)).running() as relay:
        run = asyncio.create_task(morning.send(relay.settings(connections=10)))
        await relay.has_taken(50)
        morning.store.execute("INSERT INTO pause (scope, reason, since) VALUES ('all', 'stopped by hand', 0)")
        report = await run
        assert report.halted == "stopped by hand"
        assert len(relay.taken) < 80
        morning.store.execute("DELETE FROM pause")
        relay.fault = None
        await morning.send(relay.settings())
    assert set(relay.copies.values()) == {1}
    assert len(relay.copies) == 500


async def test_a_database_locked_for_long_stops_the_run_which_then_goes_on(
    morning: Morning, monkeypatch: pytest.MonkeyPatch
) -> None:
    def patient(self: SqliteDriver, path: object, busy: float = 0.2) -> None:
        original(self, path, busy)  # type: ignore[arg-type]  # the path as it came

    original = SqliteDriver.__init__
    monkeypatch.setattr(SqliteDriver, "__init__", patient)
    async with BadRelay(Fault("dot", "late", taken=True)).running() as relay:
        run = asyncio.create_task(morning.send(relay.settings(connections=10)))
        await relay.has_taken(50)
        with closing(sqlite3.connect(morning.url, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreError, match=r"another program held it for 0\.2 s"):
                await run
        assert morning.count(DeliveryState.ACCEPTED) <= len(relay.taken)
        relay.fault = None
        await morning.send_all(relay.settings())
    assert len(relay.copies) == 500
    assert sum(relay.copies.values()) <= 510  # one for each connection


async def test_a_mail_that_cannot_be_composed_ends_the_run_and_says_so(morning: Morning) -> None:
    class Broken(Plain):
        def body(self, letter: Letter) -> bytes:
            if letter.delivery == 77:
                raise TemplateError("edition.html, line 3: no such thing")
            return super().body(letter)

    async with BadRelay().running() as relay:
        with pytest.raises(TemplateError, match="line 3"):
            await morning.send(relay.settings(), composer=Broken())
        await morning.send_all(relay.settings())
    assert relay.copies == {morning.address(n): 1 for n in range(1, 501)}


async def test_an_address_that_smtp_cannot_carry_is_refused_alone(morning: Morning) -> None:
    morning.store.execute("UPDATE subscriber SET address = 'a>b@example.com' WHERE id = 7")
    morning.store.execute("UPDATE subscriber SET address = 'bücher@example.com' WHERE id = 8")
    morning.store.execute("UPDATE subscriber SET address = 'reader@bücher.example' WHERE id = 9")
    async with BadRelay(extensions=("PIPELINING",)).running() as relay:
        report = await morning.send(relay.settings())
    assert (report.accepted, report.refused) == (498, 2)
    assert [morning.store.delivery(n).status for n in (7, 8)] == ["5.1.3", "5.6.7"]
    assert relay.copies["reader@xn--bcher-kva.example"] == 1
    assert morning.suppressed == []


# ---------------------------------------------------------------- pace


async def test_the_pace_of_the_installation_holds_over_all_processes(morning: Morning) -> None:
    started = time.time()
    async with BadRelay().running() as relay:
        morning.clock = time.time
        morning.store.execute(
            "UPDATE delivery SET due = :now, next_at = :now, expires = :now + 9999", now=int(started)
        )
        morning.store.execute("UPDATE batch SET hi = 50, next_at = :now", now=int(started))
        await asyncio.gather(*(morning.send(relay.settings(), rate=40) for _ in range(2)))
    assert len(relay.taken_at) == 50
    for mails, at in enumerate(relay.taken_at, 1):  # a quarter second's worth may be under way with each
        assert at - started >= (mails - 2 * 10) / 40 * 0.95


async def test_a_domain_with_its_own_pace_does_not_hold_up_the_others(morning: Morning) -> None:
    slow = {DOMAINS[0]: DomainPace(connections=1, rate=50)}
    order: list[str] = []

    class Noting(Plain):
        def body(self, letter: Letter) -> bytes:
            order.append(letter.address.rpartition("@")[2])
            return super().body(letter)

    async with BadRelay().running() as relay:
        report = await morning.send(relay.settings(), composer=Noting(), domains=slow)
    assert report.accepted == 500
    assert order[-20:] == 20 * [DOMAINS[0]]
    assert order[:100].count(DOMAINS[0]) < 60


async def test_a_throttled_run_slows_down_and_recovers(morning: Morning) -> None:
    async with BadRelay(Fault("mail", "451 4.7.1 too fast", times=30)).running() as relay:
        await morning.send_all(relay.settings(), patience=0.002)
    assert relay.copies == {morning.address(n): 1 for n in range(1, 501)}
    assert morning.store.rows("SELECT max(attempts) FROM delivery")[0][0] <= 5


# ---------------------------------------------------------------- several relays


async def test_relays_share_the_mail_by_weight(morning: Morning) -> None:
    morning.store.execute("UPDATE batch SET hi = 250")
    late = [Fault("dot", "late", taken=True), Fault("dot", "late", taken=True)]
    async with BadRelay(late[0]).running() as heavy, BadRelay(late[1]).running() as light:
        report = await morning.send(heavy.settings(connections=12, weight=3), light.settings(connections=12))
    assert report.accepted == 250
    assert len(heavy.taken) > 2 * len(light.taken) > 0


async def test_when_a_relay_is_away_another_takes_its_mail(morning: Morning) -> None:
    away = BadRelay()
    async with away.running():
        pass
    async with BadRelay().running() as there:
        report = await morning.send(away.settings(), there.settings())
    assert (report.accepted, report.halted) == (500, "")


async def test_a_relay_of_weight_nothing_stands_by_until_all_others_are_away(morning: Morning) -> None:
    async with BadRelay().running() as usual, BadRelay().running() as emergency:
        await morning.send(usual.settings(), emergency.settings(weight=0))
    assert len(usual.taken) == 500
    assert emergency.connections == 0
