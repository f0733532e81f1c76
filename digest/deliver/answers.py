"""What comes back from the relays: each answer is judged, and what it asks is done."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable

from digest.addresses import domain_of
from digest.deliver import outcome as came_to
from digest.deliver.connection import Connection, Mail
from digest.deliver.course import Course
from digest.deliver.outcome import Backoff, Reply
from digest.deliver.pace import Refusals
from digest.deliver.queue import Queue
from digest.deliver.relays import RelayState
from digest.deliver.report import Book
from digest.model import Effect, Letter, Outcome, Stage, Verdict

TRIES = 3  # at once, for a letter whose connection failed under it
ACCEPTED = Verdict.ACCEPTED  # at hand: Python 3.11 runs a function for each look into an enum
DOMAIN_REST = 3600  # seconds a domain is left alone that refuses us by policy


class Answers(ABC):
    """The half of connection.Dispatcher that takes in what came of a mail."""

    def __init__(
        self, queue: Queue, course: Course, book: Book, clock: Callable[[], float], backoff: Backoff
    ) -> None:
        self.queue = queue
        self._course = course
        self._book = book
        self._clock = clock
        self._backoff = backoff
        self._refusals = Refusals()
        self._tries: Counter[int] = Counter()  # of letters whose connection failed under them
        self._loop = asyncio.get_running_loop()

    @abstractmethod
    def record(self, outcome: Outcome) -> None:
        """Have an outcome recorded that no connection waits for."""

    def took(self, connection: Connection, letter: Letter, reply: Reply) -> Outcome:
        """What nearly every mail comes to, so that only what went wrong before is looked at."""
        relay = connection.relay
        if self.queue.paced:
            self.queue.settled(letter)
        if relay.failures or relay.window.narrow:
            relay.accepted()
        if self._refusals.any:
            self._refusals.accepted(letter.address)
        return Outcome(letter.delivery, ACCEPTED, reply.code, "", reply.text)

    def answered(self, connection: Connection, mail: Mail, stage: Stage, reply: Reply) -> Outcome | None:
        letter = mail.letter
        if stage is Stage.DOT and reply.ok:
            return self.took(connection, letter, reply)
        outcome = came_to.judge(letter, stage, reply, int(self._clock()), self._backoff)
        name = connection.relay.settings.name
        key = f"{name} {stage.name} {reply.code} {reply.status}"
        self._book.tell("relay.answered", key, relay=name, stage=stage.name, reason=reply.said)
        self._heed(connection.relay, letter, stage, outcome)
        if outcome.verdict is Verdict.DEFERRED and not outcome.counted and outcome.effect is not Effect.PAUSE:
            return self.put_back(mail, reply.said)
        self.queue.settled(letter)
        return outcome

    def _heed(self, relay: RelayState, letter: Letter, stage: Stage, outcome: Outcome) -> None:
        """Do what an answer asks beyond its own delivery."""
        said = f"{outcome.code} {' '.join(outcome.reply.split())}"
        if outcome.effect is Effect.SLOW:
            relay.window.slow(self._loop.time())
            self._loop.call_at(relay.window.rests_until, self._course.news.set)
        elif outcome.effect is Effect.PAUSE:
            self._course.halt(f"relay {relay.settings.name} refuses our mail, whoever it is for: {said}")
        elif outcome.effect is Effect.PAUSE_DOMAIN and stage is Stage.DOT:
            if self._refusals.content():
                self._course.halt(f"mail after mail is refused for its content: {said}")
        elif outcome.effect is Effect.PAUSE_DOMAIN and self._refusals.policy(letter.address):
            name, until = domain_of(letter.address), int(self._clock()) + DOMAIN_REST
            self.rest_domain(name, f"{name} refuses our mail by policy: {said}", until)

    def rest_domain(self, name: str, reason: str, until: int) -> None:
        """Leave a domain alone until then, with all that waits for it."""
        self._course.rest_domain(name, reason, until)
        for letter in self.queue.withdraw(name):
            self.record(came_to.taken_back(letter.delivery, reason, until))

    def doubted(self, mail: Mail, why: str) -> Outcome:
        self.queue.settled(mail.letter)
        self._book.tell("mail.in_doubt", why, reason=why)
        return came_to.in_doubt(mail.letter, why, int(self._clock()), self._backoff)

    def put_back(self, mail: Mail, why: str) -> Outcome | None:
        letter = mail.letter
        now = int(self._clock())
        self.queue.settled(letter)
        if self._course.ending or self._course.halted:
            return came_to.taken_back(letter.delivery, why, now)
        self._tries[letter.delivery] += 1
        if self._tries[letter.delivery] < TRIES:
            self.queue.put_back(letter)
            self._course.news.set()
            return None
        del self._tries[letter.delivery]
        return came_to.put_off(letter, why, now, self._backoff)
