"""Hands mails out to connections, and keeps the connections."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from digest.addresses import domain_of
from digest.deliver import outcome as came_to
from digest.deliver.allowance import Allowance
from digest.deliver.answers import Answers
from digest.deliver.connection import Composer, Connection, Mail
from digest.deliver.course import Course
from digest.deliver.crew import SLOW_SECONDS, Crew
from digest.deliver.envelope import Uncarriable
from digest.deliver.group import Group, Waiting
from digest.deliver.making import TooLarge, make
from digest.deliver.options import Options
from digest.deliver.outcome import Backoff, Setback
from digest.deliver.queue import Queue
from digest.deliver.relays import RelayState
from digest.deliver.report import Book
from digest.deliver.warmup import Warmup
from digest.model import Letter, Outcome
from digest.ports import Ledger, Settlement

LOW_WATER = 100  # letters in hand below which more are claimed


class Dispatch(Answers):
    """Implements connection.Dispatcher: the way out here, the way back in Answers."""

    def __init__(
        self,
        ledger: Ledger,
        relays: Sequence[RelayState],
        composer: Composer,
        clock: Callable[[], float],
        options: Options,
        course: Course,
        book: Book,
    ) -> None:
        backoff = Backoff(options.first_retry, options.max_retry)
        super().__init__(Queue(options.domains), course, book, clock, backoff)
        self.group = Group(ledger, clock, self._settled)
        self.commit = self.group.add
        self.crew = Crew(relays, options, self, self._set_back, self.group.of, self._slow)
        self.allowance = Allowance(ledger, clock, options.rate)
        self.settled_at = self._loop.time()  # the last commit
        self._relays = relays
        self._composer = composer
        self._warmup = options.warmup

    def take(self, connection: Connection) -> Mail | None:
        now = self._loop.time()
        if not connection.relay.bears(connection.handed, now) or self.allowance.used_up:
            return None
        while self._course.goes_on and (letter := self.queue.take(now)):
            if self._warmup and self._had_enough(self._warmup, letter):
                continue
            mail = self._made(letter, connection.relay)
            if mail:
                if self.allowance.rate:
                    self.allowance.spend()
                return mail
        return None

    def _made(self, letter: Letter, relay: RelayState) -> Mail | None:
        try:
            mail = make(self._composer, letter, relay.features)
        except Uncarriable as error:
            self.record(came_to.uncarriable(letter, error.status, str(error)))
        except TooLarge as error:
            self._course.halt(str(error))
        except Exception as error:  # the event loop would only log it, and the run would never end
            self._course.fail(error)
        else:
            if mail is None:
                self.queue.settled(letter)
                self.record(came_to.empty(letter))
            return mail
        return None

    def _had_enough(self, warmup: Warmup, letter: Letter) -> bool:
        name = domain_of(letter.address)
        until = warmup.full_until(name, self._clock())
        if until:
            reason = f"{name} has had its mails of today: the sender is new ([warmup])"
            self.queue.settled(letter)
            self.record(came_to.taken_back(letter.delivery, reason, until))
            self.rest_domain(name, reason, until)
        return bool(until)

    def record(self, outcome: Outcome) -> None:
        self.group.add(None, (outcome,), None)

    def _settled(
        self, waiting: Sequence[Waiting], outcomes: Sequence[Outcome], settlement: Settlement
    ) -> None:
        self.settled_at = self._loop.time()
        self._book.count(outcomes)
        self.obey(settlement)
        halted, denied = self._course.halted, settlement.denied
        for connection, mark in waiting:
            go = mark not in denied
            if halted and go and mark is not None:  # marked, but not handed over: it waits for a better time
                self.record(came_to.taken_back(mark, halted, int(self._clock())))
                go = False
            if connection:
                connection.resume(go=go)
        if self.queue.ready < LOW_WATER:
            self._course.news.set()

    def obey(self, settlement: Settlement) -> None:
        if settlement.released:
            self.queue.drop(settlement.released)
        self._course.obey(settlement.halted)

    def rested(self, connection: Connection) -> None:
        self.crew.rest(connection)
        if not self.crew.busy and not (self.queue and self._course.goes_on):
            self._course.news.set()  # but what waits for its pace is no news

    def ended(self, connection: Connection, outcomes: Sequence[Outcome], why: str, *, between: bool) -> None:
        if outcomes:
            self.group.add(None, outcomes, None)
        if not self.crew.forget(connection):
            return
        relay = connection.relay
        ended = Setback(f"relay {relay.settings.name}: {why}")
        self._book.tell("relay.failed", ended.reason, relay=relay.settings.name, reason=ended.reason)
        if between:
            relay.ended_after(connection.handed)
        if not connection.accepted and not self._course.ending:
            self.crew.fail(relay, ended)
        self._course.news.set()

    def misordered(self, connection: Connection, why: str) -> None:
        relay = connection.relay
        relay.pipelining = False
        name = relay.settings.name
        reason = f"PIPELINING is offered but broken ({why}); not used"
        self._book.tell("relay.misordered", f"{name} pipelining", relay=name, reason=reason)

    def changed(self, task: asyncio.Task[None]) -> None:
        error = None if task.cancelled() else task.exception()
        if error:
            self._course.fail(error)
        self._course.news.set()

    def _slow(self, relay: str) -> None:
        reason = f"relay {relay}: has not let us in for {SLOW_SECONDS} s; still waiting"
        self._book.fault = reason
        self._book.tell("relay.slow", reason, relay=relay, reason=reason)

    def _set_back(self, relay: str, found: Setback) -> None:
        self._book.fault = found.reason
        self._course.news.set()
        if all(state.away for state in self._relays):
            waits = [state.not_before - self._loop.time() for state in self._relays]
            until = None if found.operator else int(self._clock() + max(0.0, min(waits))) + 1
            self._course.halt(found.reason, until)
        else:
            self._book.tell("relay.failed", found.reason, relay=relay, reason=found.reason)
