"""A connection that sends command by command, through aiosmtplib: for relays that do not offer PIPELINING, or
whose pipelining proved broken.
"""

from __future__ import annotations

import asyncio
import contextlib

import aiosmtplib

from digest.deliver.connection import END, ENVELOPE, Dispatcher, Mail, welcome
from digest.deliver.options import Waits
from digest.deliver.outcome import Reply
from digest.deliver.relays import RelayState
from digest.deliver.wire import reply as reply_of
from digest.model import Outcome, Stage


class Stepwise:
    """Implements connection.Connection."""

    def __init__(
        self, relay: RelayState, session: aiosmtplib.SMTP, dispatcher: Dispatcher, waits: Waits
    ) -> None:
        self.relay = relay
        self.handed = 0
        self.accepted = 0
        self._session = session
        self._dispatcher = dispatcher
        self._waits = waits.by_stage()
        self._quit_wait = waits.quit
        self._letters = asyncio.Event()
        self._recorded: asyncio.Future[bool] | None = None
        self._mail: Mail | None = None
        self._stage = Stage.MAIL
        self._why = ""
        self._between = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._letters.set()
        self._task = asyncio.create_task(self._work())

    def wake(self) -> None:
        self._letters.set()

    def resume(self, *, go: bool) -> None:
        if self._recorded and not self._recorded.done():
            self._recorded.set_result(go)

    def check(self, now: float) -> None:
        """Nothing to do: aiosmtplib keeps its own time."""

    def abandon(self, why: str) -> None:
        self._why = why
        if self._task:
            self._task.cancel()

    async def _work(self) -> None:
        outcomes: list[Outcome] = []
        try:
            while await self._letters.wait():
                self._mail = self._dispatcher.take(self)
                if self._mail is None:
                    self._letters.clear()
                    self._dispatcher.rested(self)
                else:
                    await self._send(self._mail)
        except (aiosmtplib.SMTPException, OSError, asyncio.CancelledError) as error:
            self._between = self._stage is Stage.MAIL and not self._why
            self._why = self._why or str(error)
            outcomes = self._unanswered(self._why)
        finally:
            self._mail = None
            self._session.close()
            self._dispatcher.ended(self, outcomes, self._why, between=self._between)

    async def _send(self, mail: Mail) -> None:
        for self._stage, command in zip(ENVELOPE, mail.envelope.splitlines(), strict=True):
            reply = await self._ask(command)
            if not welcome(self._stage, reply):
                await self._refused(mail, reply)
                return
        if not await self._record(None, mail.letter.delivery):
            self._mail = None
            raise aiosmtplib.SMTPServerDisconnected(self._why or "a mail was stopped after its envelope")
        self._stage = Stage.DOT
        self.handed += 1
        reply = await self._hand_over(mail.body)
        self._mail = None
        self.accepted += reply.ok
        await self._record(self._dispatcher.answered(self, mail, Stage.DOT, reply), None)
        self._stage = Stage.MAIL
        self._closed_by(reply)

    async def _refused(self, mail: Mail, reply: Reply) -> None:
        if reply.code < 400:
            raise aiosmtplib.SMTPServerDisconnected(f"the relay said {reply.said} to {self._stage.name}")
        self._mail = None
        await self._record(self._dispatcher.answered(self, mail, self._stage, reply), None)
        self._closed_by(reply)
        await self._session.rset(timeout=self._waits[Stage.MAIL])
        self._stage = Stage.MAIL

    def _closed_by(self, reply: Reply) -> None:
        if reply.code == 421:
            raise aiosmtplib.SMTPServerDisconnected("the relay said 421")

    async def _ask(self, command: bytes) -> Reply:
        answer = await self._session.execute_command(command, timeout=self._waits[self._stage])
        return reply_of(answer.code, answer.message)

    async def _hand_over(self, body: bytes) -> Reply:
        protocol = self._session.protocol
        if protocol is None:
            self._stage = Stage.DATA  # lost before anything of the body left
            raise aiosmtplib.SMTPServerDisconnected("the relay closed the connection")
        protocol.write(body + END)
        answer = await protocol.read_response(timeout=self._waits[Stage.DOT])
        return reply_of(answer.code, answer.message)

    async def _record(self, outcome: Outcome | None, mark: int | None) -> bool:
        self._recorded = asyncio.get_running_loop().create_future()
        self._dispatcher.commit(self, [outcome] if outcome else [], mark)
        return await self._recorded

    def _unanswered(self, why: str) -> list[Outcome]:
        """What becomes of the mail under way when the session ends."""
        mail, self._mail = self._mail, None
        if mail is None:
            return []
        in_doubt = self._stage is Stage.DOT
        outcome = self._dispatcher.doubted(mail, why) if in_doubt else self._dispatcher.put_back(mail, why)
        return [outcome] if outcome else []

    async def quit(self) -> None:
        # What it says to QUIT changes nothing: every mail has its answer.
        with contextlib.suppress(aiosmtplib.SMTPException, OSError):
            await self._session.quit(timeout=self._quit_wait)
        self.abandon("done")
