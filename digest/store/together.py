"""One durable write for many who ask at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from threading import Lock
from typing import Generic, TypeVar

Ask = TypeVar("Ask")
Answer = TypeVar("Answer")


class Together(Generic[Ask, Answer]):
    """A write that threads ask for one by one; whoever's turn it is does it for all who wait by then.

    A commit waits for the disk, a few milliseconds, however much is in it. When thousands leave in the minute
    after a send, thirty share that wait, and nobody alone waits any longer than before.
    """

    def __init__(self, write: Callable[[Sequence[Ask]], Sequence[Answer]]) -> None:
        """`write` answers each of those it is given, in their order."""
        self._write = write
        self._waiting: deque[tuple[Ask, Future[Answer]]] = deque()
        self._turn = Lock()

    def __call__(self, ask: Ask) -> Answer:
        """Done durably, by this thread or another. Raises what `write` raised."""
        mine: Future[Answer] = Future()
        self._waiting.append((ask, mine))
        with self._turn:
            if not mine.done():
                self._settle()
        return mine.result()

    def _settle(self) -> None:
        waiting = [self._waiting.popleft() for _ in range(len(self._waiting))]
        try:
            answers = self._write([ask for ask, _ in waiting])
        except Exception as error:  # whatever it is, it is everyone's
            for _, future in waiting:
                future.set_exception(error)
        else:
            for (_, future), answer in zip(waiting, answers, strict=True):
                future.set_result(answer)
