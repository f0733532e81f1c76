"""Child processes in which foreign input is parsed: a parser can be made to run for minutes or to eat memory.

One job takes 40 ms as a rule. One that takes longer than PATIENCE gives up its turn, so that slow feeds do
not delay the others, and may go on until LIMIT; then its process is killed and the next job gets a new one.
LIMIT is CPU time, set by the child itself (RLIMIT_CPU), so that a busy machine does not cost good feeds.

The children are started as `python -m digest.collect.child` and talk over their pipes: no fork of a process
that holds connections, and nothing held on the event loop. Answers are pickles: a parser that was taken over
could act as this user anyway; the limits are against accident and malice in feeds, and no sandbox.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import pickle
import signal
import sys
from collections.abc import Callable
from types import TracebackType
from typing import ParamSpec, Self, TypeVar, cast

from digest.errors import TooMuch

LIMIT = 10.0  # seconds of CPU for one job
WALL = 30.0  # seconds for one job on a machine that has little time for it
PATIENCE = 1.0  # seconds until another job may start beside it
SLOW = 2  # slow ones beside each turn, at most
JOBS = 400  # after which a process is replaced, before its heap is in shreds
HEADER = 4  # bytes that tell a message's length

P = ParamSpec("P")
T = TypeVar("T")


class Children:
    """A pool of such processes, one for each core. Open it for a run: `async with Children() as children`."""

    def __init__(self, cores: int = 0) -> None:
        cores = cores or os.cpu_count() or 1
        self._turns = asyncio.Semaphore(cores)
        self._processes = asyncio.Semaphore(cores * (1 + SLOW))
        self._idle: list[_Child] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for child in self._idle:
            await child.stop()
        self._idle.clear()

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What the function returns or raises in a child process; it must be one of a module's own.

        Raises TooMuch where it needs more time or memory than a child has, or breaks it.
        """
        async with self._processes, _Turn(self._turns):
            child = self._idle.pop() if self._idle else await _Child.start()
            try:
                async with asyncio.timeout(WALL):
                    answer = await child.ask((LIMIT, function, args, kwargs))
            except TimeoutError as error:
                raise TooMuch(f"could not be read within {WALL:.0f} s") from error
            finally:
                await self._put_back(child)
        if isinstance(answer, BaseException):
            raise answer
        return cast(T, answer)

    async def _put_back(self, child: _Child) -> None:
        if child.fit:
            self._idle.append(child)
        else:
            await child.stop()


class _Turn:
    """A turn that is given up after PATIENCE, whether or not the work is done."""

    def __init__(self, turns: asyncio.Semaphore) -> None:
        self._turns = turns
        self._giving_up: asyncio.TimerHandle | None = None

    async def __aenter__(self) -> None:
        await self._turns.acquire()
        self._giving_up = asyncio.get_running_loop().call_later(PATIENCE, self._give_up)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._give_up()

    def _give_up(self) -> None:
        if self._giving_up:
            self._giving_up.cancel()
            self._giving_up = None
            self._turns.release()


class _Child:
    """One child process. It is fit for another job while it owes no answer and is not worn out."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._owes = False
        self._jobs = 0

    @classmethod
    async def start(cls) -> Self:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "digest.collect.child",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        return cls(process)

    @property
    def fit(self) -> bool:
        return not self._owes and self._jobs < JOBS and self._process.returncode is None

    async def ask(self, job: object) -> object:
        writer, reader = self._process.stdin, self._process.stdout
        assert writer
        assert reader
        self._owes = True
        self._jobs += 1
        message = pickle.dumps(job, pickle.HIGHEST_PROTOCOL)
        try:
            writer.write(len(message).to_bytes(HEADER, "big") + message)
            await writer.drain()
            length = int.from_bytes(await reader.readexactly(HEADER), "big")
            answer: object = pickle.loads(await reader.readexactly(length))  # noqa: S301 - from our own child
        except (asyncio.IncompleteReadError, ConnectionError):
            return await self._end()
        self._owes = isinstance(answer, MemoryError)  # a full child is not asked again
        return TooMuch("needs more memory than a parser is given") if self._owes else answer

    async def _end(self) -> TooMuch:
        """Why the process ended in the middle of its work."""
        await self._process.communicate()
        if self._process.returncode == -getattr(signal, "SIGXCPU", 0):
            return TooMuch(f"could not be read within {LIMIT:.0f} s")
        return TooMuch("broke the process that was to read it")

    async def stop(self) -> None:
        """Kill it. What it has written is read to the end: asyncio's wait() alone waits for that for ever."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.communicate()
