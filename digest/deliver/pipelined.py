"""A connection that pipelines (RFC 2920): a mail's body and the next one's envelope leave in one write, and
their four answers come in one read.

It works by callbacks on the transport that aiosmtplib opened, plain or TLS, because a coroutine and a future
for each answer would cost more than all the rest. The next body waits for `resume`: by then the outcome of
the last one is durable.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from typing import cast

import aiosmtplib

from digest.deliver.connection import END, ENVELOPE, Dispatcher, Mail, refusal
from digest.deliver.options import Waits
from digest.deliver.outcome import Reply
from digest.deliver.relays import RelayState
from digest.deliver.wire import Garbled, line_of, parse
from digest.model import Outcome, Stage

BODY = (Stage.DOT,)
BOTH = BODY + ENVELOPE
WANTED = {BODY: [250], ENVELOPE: [250, 250, 354], BOTH: [250, 250, 250, 354]}  # the uneventful answers
# Longer than any envelope: while more than this waits to be written, the final dot has not left.
TAIL_OCTETS = 4096


class Pipelined(asyncio.Protocol):
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
        self._loop = asyncio.get_running_loop()
        self._transport = cast("asyncio.Transport", session.transport)
        self._sent: Mail | None = None  # handed over; its answer is awaited
        self._offered: Mail | None = None  # its envelope was given, its body was not
        self._awaited: tuple[Stage, ...] = ()
        self._replies: list[Reply] = []
        self._rest = b""  # of an answer that has not wholly come
        self._deadline = 0.0
        self._clogged = False  # the final dot is still on our side
        self._data_open = False  # DATA was granted to a refused envelope: a lone dot ends it
        self._recording = False  # waits for the ledger
        self._closing = False  # the relay said 421
        self._over = ""  # why it ended
        self._by_relay = False

    def start(self) -> None:
        self._transport.set_protocol(self)
        self._transport.set_write_buffer_limits(TAIL_OCTETS, TAIL_OCTETS)
        self.wake()

    def wake(self) -> None:
        if not self._awaited and not self._recording and not self._over:
            self._write(())

    def resume(self, *, go: bool) -> None:
        self._recording = False
        mail, self._offered = self._offered, None
        if self._over:
            self._offered = mail if go else None
            self._end()
        elif mail is None:
            self._go_on()
        elif go:
            self._sent = mail
            self.handed += 1
            self._write((mail.body, END))
        else:
            self._lose("a mail was stopped after its envelope")

    def _go_on(self) -> None:
        if self._closing:
            self._lose("the relay said 421", by_relay=True)
        else:
            lone, self._data_open = self._data_open, False
            self._write((END,) if lone else ())  # RFC 2920, section 3.1

    def _write(self, pieces: tuple[bytes, ...]) -> None:
        mail = self._dispatcher.take(self)
        if mail:
            self._offered = mail
            self._awaited = BOTH if pieces else ENVELOPE
            pieces += (mail.envelope,)
        elif pieces:
            self._awaited = BODY
        else:
            self._dispatcher.rested(self)
            return
        self._deadline = self._loop.time() + self._waits[self._awaited[0]]
        self._transport.writelines(pieces)

    # ------------------------------------------------------------ what comes back

    def data_received(self, data: bytes) -> None:
        """All that nearly every mail meets is what the last one met: then its own answer alone is read."""
        dot, _, envelope = data.partition(b"\n")
        usual = envelope == self.relay.welcome and self._awaited is BOTH and dot.startswith(b"250 ")
        reply = line_of(dot) if usual and not self._rest and not self._replies else None
        if reply:
            self._welcomed(reply)
        else:
            self._read(data, envelope)

    def _read(self, data: bytes, envelope: bytes) -> None:
        try:
            replies, self._rest = parse(self._rest + data)
        except Garbled as error:
            self._replies += error.replies
            self._lose(str(error))
            return
        if not replies:
            return
        self._replies = replies = self._replies + replies
        if [reply.code for reply in replies] != WANTED.get(self._awaited):
            self._look_closer(replies)
            return
        if self._awaited is BOTH and data.count(b"\n") == len(BOTH):
            self.relay.welcome = envelope
        self._welcomed(replies[0])

    def _welcomed(self, reply: Reply) -> None:
        sent, self._sent = self._sent, None
        outcomes: Sequence[Outcome] = ()
        if sent:
            self.accepted += 1
            outcomes = (self._dispatcher.took(self, sent.letter, reply),)
        self._record(outcomes)

    def _look_closer(self, replies: list[Reply]) -> None:
        self._closing = any(reply.code == 421 for reply in replies)
        if not self._awaited:
            said = replies[-1].said
            self._lose(f"the relay said {said} unasked", by_relay=self._closing)
        elif len(replies) > len(self._awaited):
            self._misordered(f"{len(replies)} answers to {len(self._awaited)} commands")
        elif len(replies) == len(self._awaited) or self._closing:
            outcomes = self._outcomes("")
            if not self._over:
                self._record(outcomes)
        else:
            self._deadline = self._loop.time() + self._waits[self._awaited[len(replies)]]

    def _record(self, outcomes: Sequence[Outcome]) -> None:
        self._awaited, self._replies = (), []
        self._recording = True
        offered = self._offered
        self._dispatcher.commit(self, outcomes, offered.letter.delivery if offered else None)

    def _outcomes(self, why: str) -> list[Outcome]:
        """What the answers that came make of the mails under way. `why`: it ended, no more will come."""
        answers = dict(zip(self._awaited, self._replies, strict=False))
        self._awaited, self._replies = (), []
        outcomes = [self._of_sent(answers.get(Stage.DOT), why), self._of_offered(answers, why)]
        return [outcome for outcome in outcomes if outcome]

    def _of_sent(self, reply: Reply | None, why: str) -> Outcome | None:
        mail, self._sent = self._sent, None
        if mail is None:
            return None
        if reply:
            self.accepted += reply.ok
            return self._dispatcher.answered(self, mail, Stage.DOT, reply)
        return self._dispatcher.put_back(mail, why) if self._clogged else self._dispatcher.doubted(mail, why)

    def _of_offered(self, answers: dict[Stage, Reply], why: str) -> Outcome | None:
        if self._offered is None:
            return None
        refused = refusal(answers)
        if refused is None and not why and not self._closing:
            return None  # welcome: it waits for its mark
        mail, self._offered = self._offered, None
        if refused is None:
            return self._dispatcher.put_back(mail, why or "the relay said 421")
        self._data_open = Stage.DATA in answers and answers[Stage.DATA].code == 354
        if out_of_step(refused[1]):
            said = refused[1].said
            self._dispatcher.misordered(self, said)
            self._closing = True
            return self._dispatcher.put_back(mail, said)
        return self._dispatcher.answered(self, mail, *refused)

    # ------------------------------------------------------------ how it ends

    def check(self, now: float) -> None:
        if self._awaited and now > self._deadline:
            if self._replies:
                self._misordered(f"{len(self._replies)} answers to {len(self._awaited)} commands")
            else:
                self._lose(f"no answer to {self._awaited[0].name} in time")

    def _misordered(self, why: str) -> None:
        self._dispatcher.misordered(self, why)
        del self._replies[len(self._awaited) :]
        self._lose(why)

    def abandon(self, why: str) -> None:
        self._lose(why)

    def connection_lost(self, exc: Exception | None) -> None:
        why = f"the connection was lost: {exc}" if exc else "the relay closed the connection"
        self._lose(why, by_relay=True)

    def pause_writing(self) -> None:
        self._clogged = True

    def resume_writing(self) -> None:
        self._clogged = False

    def _lose(self, why: str, *, by_relay: bool = False) -> None:
        if not self._over:
            self._over, self._by_relay = why, by_relay
            self._transport.abort()
            if not self._recording:
                self._end()

    def _end(self) -> None:
        between = self._by_relay and (self._sent is None or bool(self._replies))
        outcomes = self._outcomes(self._over)
        self._session.close()
        self._dispatcher.ended(self, outcomes, self._over, between=between)

    async def quit(self) -> None:
        self._over = "done"
        self._transport.set_protocol(cast("asyncio.BaseProtocol", self._session.protocol))
        # What it says to QUIT changes nothing: every mail has its answer.
        with contextlib.suppress(aiosmtplib.SMTPException, OSError):
            await self._session.quit(timeout=self._quit_wait)
        self._session.close()


def out_of_step(reply: Reply) -> bool:
    """Whether an answer to an envelope shows that the server lost count of the commands."""
    return reply.code < 400 or reply.code == 503 or "pipelin" in reply.text.lower()
