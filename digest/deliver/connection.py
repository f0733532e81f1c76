"""What a run and its connections ask of each other."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from digest.deliver.outcome import Reply
from digest.deliver.relays import RelayState
from digest.model import Letter, Outcome, Stage

ENVELOPE = (Stage.MAIL, Stage.RCPT, Stage.DATA)
END = b".\r\n"


class Mail(NamedTuple):
    """A letter made ready for one connection."""

    letter: Letter
    envelope: bytes  # the lines MAIL, RCPT, DATA
    body: bytes  # whole CRLF lines, safe as they are: none begins with a dot; no final dot


class Composer(Protocol):
    """Makes the mail of a letter. Nothing here waits, but for what a whole batch needs."""

    async def prepare(self, letters: Sequence[Letter]) -> Sequence[Letter]:
        """These letters, with all that is needed to compose them at hand."""

    def sender(self, letter: Letter) -> str:
        """The envelope sender, ASCII: where this letter's returned mail goes."""

    def body(self, letter: Letter) -> bytes:
        """The whole mail: CRLF lines, none beginning with a dot, no final dot; b"" where nothing is left."""


class Connection(Protocol):
    """An open session with a relay, as the run sees it."""

    relay: RelayState
    handed: int  # mails handed over on it
    accepted: int  # those it took

    def start(self) -> None:
        """Begin to ask for letters."""

    def wake(self) -> None:
        """There may be a letter for it."""

    def resume(self, *, go: bool) -> None:
        """Its outcomes are durable, and so is its mark: hand the body over or, if not `go`, never do."""

    def check(self, now: float) -> None:
        """End it if an answer is overdue; `now` is the event loop's time."""

    def abandon(self, why: str) -> None:
        """End it at once. What was handed over and has no answer is in doubt."""

    async def quit(self) -> None:
        """End it politely. Only when it has nothing under way."""


class Dispatcher(Protocol):
    """The run, as a connection sees it."""

    def take(self, connection: Connection) -> Mail | None:
        """The next mail for this connection; None when it has to wait, or to end."""

    def took(self, connection: Connection, letter: Letter, reply: Reply) -> Outcome:
        """The relay has the mail."""

    def answered(self, connection: Connection, mail: Mail, stage: Stage, reply: Reply) -> Outcome | None:
        """What any other answer comes to; None when the letter is to be tried again at once."""

    def doubted(self, mail: Mail, why: str) -> Outcome:
        """What a mail comes to that was handed over and got no answer."""

    def put_back(self, mail: Mail, why: str) -> Outcome | None:
        """A mail that was not handed over, by no fault of its own: tried again at once, some times."""

    def commit(self, connection: Connection, outcomes: Sequence[Outcome], mark: int | None) -> None:
        """Record the outcomes and the mark, durably; `resume` follows."""

    def rested(self, connection: Connection) -> None:
        """It has nothing to do."""

    def ended(self, connection: Connection, outcomes: Sequence[Outcome], why: str, *, between: bool) -> None:
        """It is closed, with these outcomes still to record. `between`: by the relay, between two mails."""

    def misordered(self, connection: Connection, why: str) -> None:
        """Its relay's pipelining proved broken."""

    def changed(self, task: asyncio.Task[None]) -> None:
        """A task of the run's connections ended."""


def refusal(answers: dict[Stage, Reply]) -> tuple[Stage, Reply] | None:
    """The first answer to an envelope that is not the wanted one."""
    for stage in ENVELOPE:
        reply = answers.get(stage)
        if reply and not welcome(stage, reply):
            return stage, reply
    return None


def welcome(stage: Stage, reply: Reply) -> bool:
    """Whether an answer lets the mail go on: to DATA that is 354 alone."""
    return reply.code == 354 if stage is Stage.DATA else reply.ok
