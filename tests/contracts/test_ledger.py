"""What every ledger promises a sender, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from digest.errors import Fenced, StoreError
from digest.model import DeliveryState, Effect, Letter, Outcome, Verdict
from digest.store.ledger import SqlLedger, open_ledger
from digest.store.ledger.driver import Driver
from digest.store.ledger.postgresql import PostgresqlDriver
from digest.store.ledger.sqlite import SqliteDriver
from tests.morning import GIVE_UP, ISSUED, Store, add_edition, prepare
from tests.postgres import Server

READERS = 1200
NOW = ISSUED + 60
ACCEPTED, DEFERRED, REFUSED = Verdict.ACCEPTED, Verdict.DEFERRED, Verdict.REFUSED
PLANNED = DeliveryState.PLANNED


class Workers:
    """Any number of workers on one store."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._drivers: dict[SqlLedger, Driver] = {}

    async def __call__(self, **settings: Any) -> SqlLedger:
        driver: Driver
        if self._url.startswith("postgresql:"):
            driver = await PostgresqlDriver.connect(self._url)
        else:
            driver = SqliteDriver(Path(self._url), busy=0.1)
        ledger = await SqlLedger(driver, **settings).open(NOW)
        self._drivers[ledger] = driver
        return ledger

    async def kill(self, ledger: SqlLedger, store: Store) -> None:
        """End a worker as kill -9 would: nothing is given back. On PostgreSQL its lease runs out, too."""
        await self._drivers.pop(ledger).close()
        store.execute("UPDATE worker SET seen = seen - 3600")

    async def close(self) -> None:
        for driver in self._drivers.values():
            await driver.close()


@pytest.fixture(scope="session")
def planned_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("planned") / "digest.db"
    prepare(str(path), READERS)
    return path


@pytest.fixture(scope="session")
def planned_postgresql(postgresql_server: Server) -> str:
    url = postgresql_server.fresh()
    prepare(url, READERS)
    return urlsplit(url).path[1:]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A store of its own for each test, with twelve hundred readers due."""
    if request.param == "sqlite":
        return str(shutil.copy(request.getfixturevalue("planned_sqlite"), tmp_path / "digest.db"))
    server: Server = request.getfixturevalue("postgresql_server")
    return server.fresh(like=request.getfixturevalue("planned_postgresql"))


@pytest.fixture
async def worker(url: str) -> AsyncIterator[Workers]:
    workers = Workers(url)
    yield workers
    await workers.close()


@pytest.fixture
async def store(url: str, worker: Workers) -> AsyncIterator[Store]:
    opened = Store(url)
    yield opened
    opened.close()


def ids(letters: list[Letter]) -> list[int]:
    return [letter.delivery for letter in letters]


def accepted(letter: Letter | int, reply: str = "2.0.0 Ok: queued") -> Outcome:
    return Outcome(letter if isinstance(letter, int) else letter.delivery, ACCEPTED, 250, reply=reply)


# ---------------------------------------------------------------- claiming


async def test_a_batch_is_claimed_with_all_that_its_sender_needs(worker: Workers) -> None:
    letters = await (await worker()).claim(NOW)
    assert ids(letters) == list(range(1, 501))
    assert letters[0] == Letter(1, 1, "reader1@example.com", b"s%015d" % 1, "", ISSUED, 0, GIVE_UP)


async def test_two_workers_never_hold_the_same_letter(worker: Workers) -> None:
    one, two = await worker(), await worker()
    claims = [await one.claim(NOW), await two.claim(NOW), await one.claim(NOW), await two.claim(NOW)]
    assert [len(claim) for claim in claims] == [500, 500, 200, 0]
    assert len({letter for claim in claims for letter in ids(claim)}) == 1200


async def test_workers_that_claim_at_once_do_not_wait_for_each_other(worker: Workers) -> None:
    ledgers = [await worker() for _ in range(3)]
    claims = await asyncio.gather(*(ledger.claim(NOW) for ledger in ledgers))
    assert len({letter for claim in claims for letter in ids(claim)}) == 1200


async def test_nothing_is_claimed_before_it_is_due(worker: Workers) -> None:
    ledger = await worker()
    assert await ledger.claim(ISSUED - 1) == []
    assert await ledger.next_due(ISSUED - 1) == ISSUED


async def test_of_an_edition_that_is_not_issued_nothing_is_claimed(worker: Workers, store: Store) -> None:
    store.execute("UPDATE edition SET state = 'cancelled'")
    ledger = await worker()
    assert await ledger.claim(NOW) == []
    assert await ledger.next_due(NOW) is None


async def test_what_has_expired_is_recorded_so_and_not_claimed(worker: Workers, store: Store) -> None:
    assert await (await worker()).claim(GIVE_UP) == []
    assert set(store.states().values()) == {DeliveryState.EXPIRED}


async def test_a_reader_who_left_while_the_delivery_was_planned_is_withdrawn(
    worker: Workers, store: Store
) -> None:
    store.execute("UPDATE subscription SET state = 'unsubscribed' WHERE id = 3")
    store.execute("UPDATE subscriber SET address = NULL, address_key = NULL WHERE id = 4")
    letters = await (await worker()).claim(NOW)
    assert ids(letters)[:3] == [1, 2, 5]
    assert store.states()[3] == store.states()[4] == DeliveryState.WITHDRAWN


async def test_letters_of_other_editions_in_the_same_run_of_ids_are_left_alone(
    worker: Workers, store: Store
) -> None:
    with store.engine.begin() as connection:
        add_edition(connection, 2, first=2001, readers=10)
    store.execute("UPDATE delivery SET edition = 2 WHERE id = 7")
    assert 7 not in ids(await (await worker()).claim(NOW))


# ---------------------------------------------------------------- settling


async def test_an_accepted_mail_is_recorded_with_the_servers_words(worker: Workers, store: Store) -> None:
    ledger = await worker()
    letters = await ledger.claim(NOW)
    await ledger.settle(NOW, [], [1, 2])
    await ledger.settle(NOW + 1, [accepted(1, "2.0.0 Ok: queued as 4F1"), accepted(letters[1])], [3])
    row = store.delivery(1)
    assert (row.state, row.at, row.attempts) == (DeliveryState.ACCEPTED, NOW + 1, 1)
    assert (row.code, row.reply, row.next_at) == (250, "2.0.0 Ok: queued as 4F1", None)


async def test_marks_stand_in_the_workers_row_until_their_outcome(worker: Workers, store: Store) -> None:
    ledger = await worker()
    await ledger.claim(NOW)
    await ledger.settle(NOW, [], [1, 2, 3])
    assert json.loads(store.rows("SELECT inflight FROM worker")[0][0]) == [1, 2, 3]
    await ledger.settle(NOW, [accepted(2)], [4])
    assert json.loads(store.rows("SELECT inflight FROM worker")[0][0]) == [1, 3, 4]


async def test_a_deferred_mail_is_tried_again_at_its_time_and_not_before(
    worker: Workers, store: Store
) -> None:
    ledger = await worker()
    letters = await ledger.claim(NOW)
    later = Outcome(7, DEFERRED, 451, "4.3.0", "4.3.0 come back", next_at=NOW + 300)
    await ledger.settle(NOW, [later, *(accepted(x) for x in letters if x.delivery != 7)], [])
    row = store.delivery(7)
    assert (row.state, row.code, row.status, row.reply) == (
        DeliveryState.DEFERRED,
        451,
        "4.3.0",
        "4.3.0 come back",
    )
    await ledger.claim(NOW)
    await ledger.claim(NOW)
    assert await ledger.claim(NOW + 299) == []
    again = await ledger.claim(NOW + 300)
    assert [(letter.delivery, letter.attempts) for letter in again] == [(7, 1)]


async def test_a_try_that_was_not_the_readers_is_not_counted(worker: Workers, store: Store) -> None:
    ledger = await worker()
    await ledger.claim(NOW)
    await ledger.settle(NOW, [Outcome(1, DEFERRED, counted=False, next_at=NOW + 9)], [])
    assert (store.delivery(1).state, store.delivery(1).attempts) == (DeliveryState.DEFERRED, 0)


async def test_a_refused_mail_is_never_tried_again(worker: Workers, store: Store) -> None:
    ledger = await worker()
    await ledger.claim(NOW)
    await ledger.settle(NOW, [Outcome(1, REFUSED, 550, "5.1.1", "5.1.1 unknown")], [])
    assert (store.delivery(1).state, store.delivery(1).next_at) == (DeliveryState.REFUSED, None)


async def test_when_a_batch_is_done_it_is_free_and_never_due_again(worker: Workers, store: Store) -> None:
    ledger = await worker()
    letters = await ledger.claim(NOW)
    await ledger.settle(NOW, [accepted(x) for x in letters[:-1]], [])
    assert store.rows("SELECT worker FROM batch WHERE id = 1")[0][0] is not None
    await ledger.settle(NOW, [accepted(letters[-1])], [])
    assert store.rows("SELECT worker, next_at FROM batch WHERE id = 1") == [(None, None)]


async def test_an_outcome_that_concerns_the_address_is_applied_in_the_same_transaction(
    worker: Workers, store: Store
) -> None:
    async def suppress(driver: Driver, outcome: Outcome, now: int) -> None:
        if outcome.effect is Effect.SUPPRESS:
            await driver.run(
                "UPDATE subscription SET state = 'suppressed', left_at = :now WHERE id = :id",
                now=now,
                id=outcome.delivery,
            )

    ledger = await worker(on_outcome=suppress)
    await ledger.claim(NOW)
    dead = Outcome(1, REFUSED, 550, "5.1.1", "5.1.1 unknown", Effect.SUPPRESS)
    await ledger.settle(NOW, [dead, Outcome(2, REFUSED, 550, effect=Effect.PAUSE_DOMAIN)], [])
    assert store.rows("SELECT id, left_at FROM subscription WHERE state = 'suppressed'") == [(1, NOW)]


# ---------------------------------------------------------------- in the middle of a run


async def test_whom_the_sender_itself_has_just_suppressed_gets_nothing_more(worker: Workers) -> None:
    async def suppress(driver: Driver, _outcome: Outcome, _now: int) -> None:
        await driver.run("UPDATE delivery SET state = 5, next_at = NULL WHERE id = 7")

    ledger = await worker(on_outcome=suppress)
    await ledger.claim(NOW)
    await ledger.settle(NOW, [], [1, 2])
    await ledger.settle(NOW, [Outcome(1, REFUSED, 550, "5.1.1", effect=Effect.SUPPRESS)], [3])
    settlement = await ledger.settle(NOW, [accepted(2)], [7, 8])
    assert settlement.denied == {7}


async def test_a_sender_obeys_its_own_pause(worker: Workers) -> None:
    ledger = await worker()
    await ledger.claim(NOW)
    await ledger.settle(NOW, [], [1])
    await ledger.pause(NOW, "all", "no relay answers")
    settlement = await ledger.settle(NOW, [accepted(1)], [2])
    assert settlement.denied == {2}
    assert settlement.halted == "no relay answers"


async def test_a_reader_who_leaves_before_the_mark_gets_nothing(worker: Workers, store: Store) -> None:
    ledger = await worker()
    await ledger.claim(NOW)
    store.execute("UPDATE delivery SET state = 5, next_at = NULL WHERE id IN (1, 2)")
    settlement = await ledger.settle(NOW, [], [1, 3])
    assert settlement.denied == {1}
    assert json.loads(store.rows("SELECT inflight FROM worker")[0][0]) == [3]


async def test_a_letter_that_was_given_up_is_not_marked_by_a_connection_that_asks_later(
    worker: Workers, store: Store
) -> None:
    ledger = await worker()
    await ledger.claim(NOW)
    store.execute("UPDATE delivery SET state = 5, next_at = NULL WHERE id IN (2, 3)")
    assert (await ledger.settle(NOW, [], [1, 2])).denied == {2}
    assert (await ledger.settle(NOW, [], [3, 4])).denied == {3}


async def test_a_mail_that_was_on_its_way_when_its_reader_left_is_recorded_as_accepted(
    worker: Workers, store: Store
) -> None:
    ledger = await worker()
    await ledger.claim(NOW)
    await ledger.settle(NOW, [], [1, 2])
    store.execute("UPDATE delivery SET state = 5, next_at = NULL WHERE id IN (1, 2)")
    await ledger.settle(NOW, [accepted(1), Outcome(2, DEFERRED, 451, next_at=NOW + 300)], [])
    assert store.states()[1] == DeliveryState.ACCEPTED
    assert store.states()[2] == DeliveryState.WITHDRAWN


async def test_a_pause_of_all_denies_every_mark_and_says_why(worker: Workers, store: Store) -> None:
    one, two = await worker(), await worker()
    await one.claim(NOW)
    await two.pause(NOW, "all", "the relay refuses us")
    settlement = await one.settle(NOW, [accepted(1)], [2, 3])
    assert settlement.denied == {2, 3}
    assert settlement.halted == "the relay refuses us"
    assert store.states()[1] == DeliveryState.ACCEPTED
    assert await two.claim(NOW) == []


async def test_a_pause_ends_at_its_time(worker: Workers) -> None:
    ledger = await worker()
    await ledger.pause(NOW, "all", "no relay answers", NOW + 60)
    assert await ledger.claim(NOW + 59) == []
    assert len(await ledger.claim(NOW + 60)) == 500


@pytest.mark.parametrize(
    "stop",
    [
        "UPDATE edition SET state = 'cancelled' WHERE id = 1",
        "INSERT INTO pause (scope, reason, since) VALUES ('edition:1', 'stopped by hand', 0)",
    ],
)
async def test_a_stopped_edition_is_given_back_while_others_go_on(
    worker: Workers, store: Store, stop: str
) -> None:
    with store.engine.begin() as connection:
        add_edition(connection, 2, first=2001, readers=10)
    ledger = await worker()
    claimed = [letter for _ in range(4) for letter in await ledger.claim(NOW)]
    assert len(claimed) == 1210
    await ledger.settle(NOW, [], [1])
    store.execute(stop)
    settlement = await ledger.settle(NOW, [], [2, 2001])
    assert settlement.halted == ""
    assert settlement.denied == {2}
    assert settlement.released == set(range(1, 1201))
    await ledger.settle(NOW, [accepted(1), accepted(2001)], [2002])
    assert store.rows("SELECT count(*) FROM batch WHERE edition = 1 AND worker IS NOT NULL") == [(0,)]
    assert store.states()[1] == store.states()[2001] == DeliveryState.ACCEPTED


async def test_of_a_stopped_edition_no_connection_that_asks_later_sends_anything(
    worker: Workers, store: Store
) -> None:
    ledger = await worker()
    await ledger.claim(NOW)
    await ledger.pause(NOW, "edition:1", "stopped by hand")
    assert (await ledger.settle(NOW, [], [2])).denied == {2}
    assert (await ledger.settle(NOW, [], [3])).denied == {3}


async def test_letters_to_a_paused_domain_wait_until_it_ends(worker: Workers, store: Store) -> None:
    store.execute("UPDATE subscriber SET address = 'other@Example.NET' WHERE id = 2")
    ledger = await worker()
    await ledger.pause(NOW, "domain:example.net", "policy", NOW + 3600)
    assert ids(await ledger.claim(NOW))[:2] == [1, 3]
    assert (store.delivery(2).state, store.delivery(2).next_at) == (PLANNED, NOW + 3600)


# ---------------------------------------------------------------- death


async def test_whoever_cannot_begin_leaves_no_sign_of_life(
    url: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_args: Any, **_settings: Any) -> int:
        raise StoreError("the disk is full")

    with monkeypatch.context() as failing:
        failing.setattr("digest.store.ledger.worker.take_over", fails)
        with pytest.raises(StoreError):
            await open_ledger(url, NOW)
    store.execute("UPDATE worker SET seen = seen - 3600")
    await (await open_ledger(url, NOW)).close(NOW)
    assert store.rows("SELECT id FROM worker") == []


async def test_what_a_dead_worker_had_marked_is_in_doubt_and_the_rest_is_free(
    worker: Workers, store: Store
) -> None:
    victim = await worker()
    await victim.claim(NOW)
    await victim.settle(NOW, [], [1, 2, 3])
    await victim.settle(NOW, [accepted(1)], [])
    await worker.kill(victim, store)
    heir = await worker()
    states = store.states()
    assert [states[n] for n in (1, 2, 3, 4)] == [
        DeliveryState.ACCEPTED,
        DeliveryState.IN_DOUBT,
        DeliveryState.IN_DOUBT,
        PLANNED,
    ]
    assert ids(await heir.claim(NOW)) == list(range(2, 501))
    assert store.rows("SELECT count(*) FROM worker") == [(1,)]


async def test_the_living_are_not_taken_over(worker: Workers, store: Store) -> None:
    ledger = await worker()
    await ledger.claim(NOW)
    await ledger.settle(NOW, [], [1])
    await (await worker()).take_over(NOW)
    assert store.states()[1] == PLANNED
    await ledger.settle(NOW, [accepted(1)], [2])


async def test_with_hold_a_letter_in_doubt_waits_for_a_person(worker: Workers, store: Store) -> None:
    victim = await worker(resend=False)
    await victim.claim(NOW)
    await victim.settle(NOW, [], [1])
    await worker.kill(victim, store)
    heir = await worker(resend=False)
    assert (store.delivery(1).state, store.delivery(1).next_at) == (DeliveryState.IN_DOUBT, None)
    assert 1 not in ids(await heir.claim(NOW))


async def test_a_mail_whose_answer_never_comes_is_sent_once_more_and_then_held(
    worker: Workers, store: Store
) -> None:
    ledger = await worker()
    await ledger.claim(NOW)
    doubt = Outcome(1, Verdict.IN_DOUBT, reply="no answer", next_at=NOW + 300)
    await ledger.settle(NOW, [doubt], [])
    assert (store.delivery(1).state, store.delivery(1).next_at) == (DeliveryState.IN_DOUBT, NOW + 300)
    await ledger.settle(NOW + 300, [doubt], [])
    assert (store.delivery(1).doubts, store.delivery(1).next_at) == (2, None)


async def test_a_worker_that_was_taken_over_is_fenced_but_its_accepted_mails_count(
    worker: Workers, store: Store
) -> None:
    slow = await worker()
    await slow.claim(NOW)
    await slow.settle(NOW, [], [1, 2])
    store.execute("DELETE FROM worker")  # what an heir does last
    store.execute("UPDATE delivery SET state = 2 WHERE id IN (1, 2)")
    with pytest.raises(Fenced):
        await slow.settle(NOW, [accepted(1), Outcome(2, REFUSED, 550)], [3])
    assert store.states()[1] == DeliveryState.ACCEPTED
    assert store.states()[2] == DeliveryState.IN_DOUBT
    with pytest.raises(Fenced):
        await slow.claim(NOW)


async def test_what_is_released_is_free_at_once_and_marks_are_in_doubt(worker: Workers, store: Store) -> None:
    one, two = await worker(), await worker()
    await one.claim(NOW)
    await one.settle(NOW, [], [1])
    await one.release(NOW)
    assert store.states()[1] == DeliveryState.IN_DOUBT
    assert ids(await two.claim(NOW)) == list(range(1, 501))


async def test_a_closed_worker_leaves_no_trace(worker: Workers, store: Store, url: str) -> None:
    ledger = await worker()
    await ledger.claim(NOW)
    await ledger.close(NOW)
    assert store.rows("SELECT count(*) FROM worker") == [(0,)]
    assert store.rows("SELECT count(*) FROM batch WHERE worker IS NOT NULL") == [(0,)]
    assert not list(Path(url).parent.glob("digest.db-worker-*"))


# ---------------------------------------------------------------- pace


async def test_the_pace_of_the_installation_is_shared_and_survives_restarts(worker: Workers) -> None:
    one, two = await worker(), await worker()
    starts = [
        await one.reserve(NOW, 5, rate=10),
        await two.reserve(NOW, 5, rate=10),
        await one.reserve(NOW + 0.1, 5, rate=10),
    ]
    assert starts == [NOW, NOW + 0.5, NOW + 1]
    await one.close(NOW)
    assert await (await worker()).reserve(NOW + 9, 5, rate=10) == NOW + 9
