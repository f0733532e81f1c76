"""One run over the letters that are due.

A connection hands over a mail's body only when the ledger has durably recorded the outcome of its last one
and marked this one as being sent. So a crash at any moment loses nobody, and leaves at most one reader in
doubt for each open connection.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from digest.deliver import outcome as came_to
from digest.deliver.connection import Composer, Connection, Mail
from digest.deliver.crew import Crew
from digest.deliver.envelope import Features, Uncarriable, mail_line, rcpt_line
from digest.deliver.group import Entry, Group
from digest.deliver.options import Options
from digest.deliver.outcome import Backoff, Reply, Setback
from digest.deliver.pace import Refusals, domain
from digest.deliver.queue import Queue
from digest.deliver.relays import RelayState
from digest.deliver.warmup import Warmup
from digest.errors import StoreError
from digest.model import Effect, Letter, Outcome, Stage, Verdict
from digest.ports import Ledger, Settlement

log = logging.getLogger(__name__)

LOW_WATER = 100  # letters in hand below which more are claimed
TICK = 0.2  # seconds between looks at the clock: overdue answers, progress
DRY_SECONDS = 0.5  # between claims while nothing is due
HEARTBEAT = 5.0  # seconds without a settlement after which the worker signs in all the same
TRIES = 3  # at once, for a letter whose connection failed under it
DOMAIN_REST = 3600  # seconds a domain is left alone that refuses us by policy
SLOTS = 4  # the pace of the installation is taken by the quarter second


@dataclass(frozen=True, slots=True)
class Report:
    """What a run came to: mails by outcome, why it stopped early, and when there is more to do."""

    accepted: int = 0
    deferred: int = 0
    refused: int = 0
    in_doubt: int = 0
    halted: str = ""  # the reason of a pause or stop; "" when all that was due was tried
    next_due: int | None = None  # UTC seconds; None: nothing is left to try, or a person must help first


class Book:
    """What is counted and told over all runs of one `send`."""

    def __init__(self, progress: Callable[[Report], None]) -> None:
        self._progress = progress
        self._counts: Counter[Verdict] = Counter()
        self._told: set[str] = set()

    def count(self, outcomes: Sequence[Outcome]) -> None:
        for outcome in outcomes:
            self._counts[outcome.verdict] += 1

    def tell(self, key: str, text: str) -> None:
        """Log a fault once, however many letters meet it."""
        if key not in self._told:
            self._told.add(key)
            log.warning("%s", text)

    def report(self, halted: str = "", next_due: int | None = None) -> Report:
        counts = self._counts
        return Report(
            counts[Verdict.ACCEPTED],
            counts[Verdict.DEFERRED],
            counts[Verdict.REFUSED],
            counts[Verdict.IN_DOUBT],
            halted,
            next_due,
        )

    def show(self, report: Report | None = None) -> None:
        self._progress(report or self.report())


class Run:
    """Implements connection.Desk."""

    def __init__(
        self,
        ledger: Ledger,
        relays: Sequence[RelayState],
        composer: Composer,
        clock: Callable[[], float],
        options: Options,
        stop: asyncio.Event,
        book: Book,
    ) -> None:
        self._ledger = ledger
        self._relays = relays
        self._composer = composer
        self._clock = clock
        self._options = options
        self._stop = stop
        self._book = book
        self._loop = asyncio.get_running_loop()
        self._backoff = Backoff(options.first_retry, options.max_retry)
        self._queue = Queue(options.domains)
        self._refusals = Refusals()
        self._group = Group(ledger, clock, self._settled)
        self._crew = Crew(relays, options, self, self._set_back, self._group.of)
        self._tries: Counter[int] = Counter()  # of letters whose connection failed under them
        self._pauses: list[tuple[str, str, int | None]] = []  # to be written to the ledger
        self._halted = ""
        self._until: int | None = None
        self._ending = False
        self._dry_until = 0.0
        self._settled_at = self._loop.time()
        self._slots = 0  # mails the pace of the installation allows now
        self._spent = asyncio.Event()
        self._news = asyncio.Event()
        self._error: BaseException | None = None

    # ------------------------------------------------------------ the run

    async def finish(self) -> Report:
        """Run to the end: nothing is due any more, a pause, a stop, or an error."""
        helpers = [asyncio.create_task(self._group.work()), asyncio.create_task(self._watch())]
        if self._options.rate:
            helpers.append(asyncio.create_task(self._keep_pace()))
        for helper in helpers:
            helper.add_done_callback(self.changed)
        try:
            await self._work()
        except asyncio.CancelledError:
            self._ending = True
            raise
        finally:
            await self._wind_up(helpers)
        if self._error:
            raise self._error
        due = self._until if self._halted else await self._ledger.next_due(int(self._clock()))
        report = self._book.report(self._halted, due)
        self._book.show(report)
        return report

    async def _work(self) -> None:
        while not self._error and not self._ending:
            self._news.clear()
            await self._write_pauses()
            if self._halted or self._stop.is_set():
                return
            await self._replenish()
            self._crew.hire(len(self._queue))
            if self._queue:
                self._crew.wake()
            if await self._nothing_left():
                return
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), TICK)

    async def _replenish(self) -> None:
        if self._queue.ready >= LOW_WATER or self._queue.full or self._loop.time() < self._dry_until:
            return
        letters = await self._ledger.claim(int(self._clock()))
        if letters:
            self._queue.add(await self._composer.prepare(letters))
        else:
            self._dry_until = self._loop.time() + DRY_SECONDS

    async def _nothing_left(self) -> bool:
        """Whether nothing is under way and nothing due, not even with another worker."""
        if self._queue or self._crew.busy or self._crew.opening or not self._group.empty:
            return False
        now = int(self._clock())
        self._obey(await self._ledger.settle(now, (), ()))
        due = await self._ledger.next_due(now)
        return bool(self._halted) or due is None or due > now

    async def _watch(self) -> None:
        """What needs a look at the clock."""
        while True:
            await asyncio.sleep(TICK)
            self._crew.check()
            self._book.show()
            if self._stop.is_set():
                self._news.set()
            if self._loop.time() - self._settled_at > HEARTBEAT:
                self._settled_at = self._loop.time()
                self._group.add((None, (), None))

    async def _keep_pace(self) -> None:
        """Take slots of the installation's pace, each when the last is used up."""
        mails = max(1, int(self._options.rate / SLOTS))
        while True:
            starts = await self._ledger.reserve(self._clock(), mails, self._options.rate)
            await asyncio.sleep(max(0.0, starts - self._clock()))
            self._slots = mails
            self._spent.clear()
            self._crew.wake()
            await self._spent.wait()

    async def _wind_up(self, helpers: Sequence[asyncio.Task[None]]) -> None:
        """Take no new letters, wait for the answers under way, record what came, part in peace."""
        self._ending = True
        deadline = self._loop.time() + self._options.stop_grace
        # After an error no answer is recorded any more, but those that still come need not be in doubt.
        while self._crew.busy > (self._group.held_up if self._error else 0) and self._loop.time() < deadline:
            self._news.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), TICK)
        self._crew.abandon("the sender was stopped before the answer came")
        for helper in helpers:
            helper.cancel()
        await asyncio.wait(helpers)
        try:
            await self._group.salvage()
            await self._write_pauses()
            await self._ledger.release(int(self._clock()))
        except StoreError as error:
            self._error = self._error or error
        await self._crew.quit()

    def changed(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and task.exception():
            self._error = self._error or task.exception()
        self._news.set()

    # ------------------------------------------------------------ what connections ask

    def take(self, connection: Connection) -> Mail | None:
        relay = connection.relay
        now = self._loop.time()
        if relay.open > relay.cap or relay.used_up(connection.handed) or relay.window.rests_until > now:
            return None
        if self._options.rate and not self._slots:
            return None
        while self._goes_on and (letter := self._queue.take(now)):
            mail = self._make(letter, relay.features)
            if mail:
                self._spend()
                return mail
        return None

    @property
    def _goes_on(self) -> bool:
        return not (self._ending or self._halted or self._error)

    def _spend(self) -> None:
        if self._options.rate:
            self._slots -= 1
            if not self._slots:
                self._spent.set()
        if self._queue.ready < LOW_WATER:
            self._news.set()

    def _make(self, letter: Letter, features: Features) -> Mail | None:
        if self._options.warmup and self._had_enough(self._options.warmup, letter):
            return None
        try:
            rcpt, utf8 = rcpt_line(letter.address, features)
        except Uncarriable as error:
            self._record(came_to.uncarriable(letter, error.status, str(error)))
            return None
        try:
            body = self._composer.body(letter)
        except Exception as error:  # the event loop would only log it, and the run would never end
            self._error = error
            self._news.set()
            return None
        if not body:
            self._queue.settled(letter)
            self._record(came_to.empty(letter))
            return None
        if 0 < features.size < len(body):
            self._halt(
                f"the mail has {len(body)} bytes, and the relay takes {features.size}:"
                " make the edition smaller (max_stories), or raise the relay's limit"
            )
            return None
        mail = mail_line(self._composer.sender(letter), letter, len(body), features, utf8=utf8)
        return Mail(letter, f"{mail}\r\n{rcpt}\r\nDATA\r\n".encode(), body)

    def _had_enough(self, warmup: Warmup, letter: Letter) -> bool:
        name = domain(letter.address)
        until = warmup.full_until(name, self._clock())
        if until:
            reason = f"{name} has had its mails of today: the sender is new ([warmup])"
            self._queue.settled(letter)
            self._record(came_to.taken_back(letter.delivery, reason, until))
            self._rest_domain(name, reason, until)
        return bool(until)

    def took(self, connection: Connection, letter: Letter, reply: Reply) -> Outcome:
        self._queue.settled(letter)
        connection.relay.accepted()
        self._refusals.accepted(letter.address)
        return Outcome(letter.delivery, Verdict.ACCEPTED, reply.code, reply=reply.text)

    def answered(self, connection: Connection, mail: Mail, stage: Stage, reply: Reply) -> Outcome | None:
        letter = mail.letter
        if stage is Stage.DOT and reply.ok:
            return self.took(connection, letter, reply)
        outcome = came_to.judge(letter, stage, reply, int(self._clock()), self._backoff)
        where = f"relay {connection.relay.settings.name}: {stage.name}"
        self._book.tell(f"{where} {reply.code} {reply.status}", f"{where}: {reply.code} {reply.text}")
        self._heed(connection.relay, letter, stage, outcome)
        if outcome.verdict is Verdict.DEFERRED and not outcome.counted and outcome.effect is not Effect.PAUSE:
            return self.put_back(mail, f"{reply.code} {reply.text}")
        self._queue.settled(letter)
        return outcome

    def _heed(self, relay: RelayState, letter: Letter, stage: Stage, outcome: Outcome) -> None:
        """Do what an answer asks beyond its own delivery."""
        said = f"{outcome.code} {' '.join(outcome.reply.split())}"
        if outcome.effect is Effect.SLOW:
            relay.window.slow(self._loop.time())
            self._loop.call_at(relay.window.rests_until, self._news.set)
        elif outcome.effect is Effect.PAUSE:
            self._halt(f"relay {relay.settings.name} refuses our mail, whoever it is for: {said}")
        elif outcome.effect is Effect.PAUSE_DOMAIN and stage is Stage.DOT:
            if self._refusals.content():
                self._halt(f"mail after mail is refused for its content: {said}")
        elif outcome.effect is Effect.PAUSE_DOMAIN and self._refusals.policy(letter.address):
            name = domain(letter.address)
            until = int(self._clock()) + DOMAIN_REST
            self._rest_domain(name, f"{name} refuses our mail by policy: {said}", until)

    def doubted(self, mail: Mail, why: str) -> Outcome:
        self._queue.settled(mail.letter)
        self._book.tell(why, f"handed over, but no answer: {why}")
        return came_to.in_doubt(mail.letter, why, int(self._clock()), self._backoff)

    def put_back(self, mail: Mail, why: str) -> Outcome | None:
        letter = mail.letter
        now = int(self._clock())
        self._queue.settled(letter)
        if self._ending or self._halted:
            return came_to.taken_back(letter.delivery, why, now)
        self._tries[letter.delivery] += 1
        if self._tries[letter.delivery] < TRIES:
            self._queue.put_back(letter)
            self._news.set()
            return None
        del self._tries[letter.delivery]
        return came_to.put_off(letter, why, now, self._backoff)

    def commit(self, connection: Connection, outcomes: Sequence[Outcome], mark: int | None) -> None:
        self._group.add((connection, outcomes, mark))

    def rested(self, connection: Connection) -> None:
        self._crew.rest(connection)
        if not self._crew.busy and not (self._queue and self._goes_on):  # what waits for its pace is not news
            self._news.set()

    def ended(self, connection: Connection, outcomes: Sequence[Outcome], why: str, *, between: bool) -> None:
        if outcomes:
            self._group.add((None, outcomes, None))
        if not self._crew.forget(connection):
            return
        relay = connection.relay
        ended = Setback(f"relay {relay.settings.name}: {why}")
        self._book.tell(ended.reason, ended.reason)
        if between:
            relay.ended_after(connection.handed)
        if not connection.accepted and not self._ending:
            self._crew.fail(relay, ended)
        self._news.set()

    def misordered(self, connection: Connection, why: str) -> None:
        relay = connection.relay
        relay.pipelining = False
        name = relay.settings.name
        self._book.tell(
            f"{name} pipelining", f"relay {name}: PIPELINING is offered but broken ({why}); not used"
        )

    # ------------------------------------------------------------ what is recorded, and obeyed

    def _record(self, outcome: Outcome) -> None:
        self._group.add((None, (outcome,), None))

    def _settled(self, entries: Sequence[Entry], settlement: Settlement) -> None:
        self._settled_at = self._loop.time()
        self._obey(settlement)
        for connection, outcomes, mark in entries:
            self._book.count(outcomes)
            go = mark not in settlement.denied
            if self._halted and go and mark:  # marked, but not handed over: it waits for a better time
                self._record(came_to.taken_back(mark, self._halted, int(self._clock())))
                go = False
            if connection:
                connection.resume(go=go)

    def _obey(self, settlement: Settlement) -> None:
        if settlement.released:
            self._queue.drop(settlement.released)
        if settlement.halted and not self._halted:
            self._halted = settlement.halted
            self._book.tell(settlement.halted, f"paused: {settlement.halted}")
            self._news.set()

    def _halt(self, reason: str, until: int | None = None) -> None:
        """Pause the run, for every worker: until then, or until a person helps."""
        if not self._halted:
            self._halted, self._until = reason, until
            self._pauses.append(("all", reason, until))
            self._book.tell(reason, f"paused: {reason}")
            self._news.set()

    def _rest_domain(self, name: str, reason: str, until: int) -> None:
        self._pauses.append((f"domain:{name}", reason, until))
        self._book.tell(reason, f"domain paused: {reason}")
        for letter in self._queue.withdraw(name):
            self._record(came_to.taken_back(letter.delivery, reason, until))
        self._news.set()

    def _set_back(self, found: Setback) -> None:
        self._book.tell(found.reason, found.reason)
        self._news.set()
        if all(state.away for state in self._relays):
            waits = [state.not_before - self._loop.time() for state in self._relays]
            until = None if found.operator else int(self._clock() + max(0.0, min(waits))) + 1
            self._halt(found.reason, until)

    async def _write_pauses(self) -> None:
        while self._pauses:
            scope, reason, until = self._pauses.pop(0)
            await self._ledger.pause(int(self._clock()), scope, reason, until)
