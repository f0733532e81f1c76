"""The process around a run: the event loop (uvloop where it exists), and the garbage collector."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

T = TypeVar("T")


def run(main: Coroutine[Any, Any, T]) -> T:
    """asyncio.run on the fastest loop there is."""
    try:
        import uvloop
    except ImportError:  # Windows, PyPy
        return asyncio.run(main)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(main)


NEW_OBJECTS = 20_000  # between searches for garbage: a mail leaves none that needs one


@contextmanager
def old_objects_unvisited() -> Iterator[None]:
    """What exists already is not searched for garbage while mails pass: it cost an eighth of each."""
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()
