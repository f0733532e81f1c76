"""The connections of a run: opened as they are needed and borne, woken, ended."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from digest.deliver.connection import Connection, Dispatcher
from digest.deliver.envelope import Features
from digest.deliver.options import Options
from digest.deliver.outcome import NoSession, Setback, setback
from digest.deliver.pipelined import Pipelined
from digest.deliver.relays import RelayState, share_out
from digest.deliver.smtp import open_session
from digest.deliver.stepwise import Stepwise
from digest.model import Stage

SLOW_SECONDS = 5  # without a session after which it is told that one is waited for
IDLE_SECONDS = 15  # a connection with nothing to do is kept this long


class Crew:
    """All connections, over all relays."""

    def __init__(
        self,
        relays: Sequence[RelayState],
        options: Options,
        dispatcher: Dispatcher,
        failed: Callable[[str, Setback], None],
        tell: Callable[[int, bool], None],
        slow: Callable[[str], None],
    ) -> None:
        self._relays = relays
        self._options = options
        self._dispatcher = dispatcher
        self._failed = failed
        self._tell = tell  # how many are busy, and whether some go step by step
        self._slow = slow
        self._loop = asyncio.get_running_loop()
        self._open: set[Connection] = set()
        self._idle: dict[Connection, float] = {}  # since when
        self._tasks: set[asyncio.Task[None]] = set()
        self._stepwise = False  # some connection of this run was opened without pipelining
        for relay in relays:
            relay.begin()

    @property
    def busy(self) -> int:
        return len(self._open) - len(self._idle)

    @property
    def opening(self) -> int:
        return sum(relay.opening for relay in self._relays)

    def hire(self, letters: int) -> None:
        """Open what the relays bear and the letters need."""
        now = self._loop.time()
        share_out(self._relays, now)
        wanted = letters - len(self._idle) - self.opening
        for relay in self._relays:
            room = relay.cap - relay.open - relay.opening if now >= relay.not_before else 0
            for _ in range(min(room, wanted)):
                relay.opening += 1
                wanted -= 1
                self._spawn(self._open_one(relay))

    async def _open_one(self, relay: RelayState) -> None:
        slow = self._loop.call_later(SLOW_SECONDS, self._slow, relay.settings.name)
        try:
            session = await open_session(relay.settings, self._options.waits, self._options.local_hostname)
        except NoSession as error:
            found = setback(relay.settings.name, error, relay.auth_failures)
            if error.stage is Stage.GREETING:
                relay.window.slow(self._loop.time())
            self.fail(relay, found, opened=False)
            return
        finally:
            slow.cancel()
            relay.opening -= 1
        relay.came(Features.of(session.esmtp_extensions))
        pipelining = relay.pipelining and session.supports_extension("pipelining")
        kind = Pipelined if pipelining else Stepwise
        connection: Connection = kind(relay, session, self._dispatcher, self._options.waits)
        self._stepwise = self._stepwise or not pipelining
        self._open.add(connection)
        relay.open += 1
        self._tell(self.busy, self._stepwise)
        connection.start()

    def fail(self, relay: RelayState, found: Setback, *, opened: bool = True) -> None:
        relay.failed(found, self._loop.time(), self._options, opened=opened)
        self._failed(relay.settings.name, found)

    def wake(self) -> None:
        """There may be something to do for those that had nothing."""
        for connection in list(self._idle):
            if connection in self._idle:
                del self._idle[connection]
                self._tell(self.busy, self._stepwise)
                connection.wake()

    def rest(self, connection: Connection) -> None:
        relay = connection.relay
        if relay.used_up(connection.handed) or relay.open > relay.cap:
            self._dismiss(connection)
        elif connection in self._open:
            self._idle[connection] = self._loop.time()
            self._tell(self.busy, self._stepwise)

    def _dismiss(self, connection: Connection) -> None:
        self.forget(connection)
        self._spawn(connection.quit())

    def forget(self, connection: Connection) -> bool:
        """It is gone; False if that was known."""
        known = connection in self._open
        if known:
            self._open.remove(connection)
            self._idle.pop(connection, None)
            connection.relay.open -= 1
            self._tell(self.busy, self._stepwise)
        return known

    def check(self) -> None:
        """End what is overdue or was idle for long."""
        now = self._loop.time()
        for connection in list(self._open):
            since = self._idle.get(connection)
            if since is None:
                connection.check(now)
            elif now - since > IDLE_SECONDS:
                self._dismiss(connection)

    def abandon(self, why: str) -> None:
        """End those that have something under way, at once."""
        for connection in self._open - self._idle.keys():
            connection.abandon(why)

    async def quit(self) -> None:
        """End all politely. Every connection must be idle or abandoned."""
        for connection in list(self._idle):
            self._dismiss(connection)
        if self._tasks:
            await asyncio.wait(self._tasks)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._dispatcher.changed(task)
