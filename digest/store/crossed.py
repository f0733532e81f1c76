"""Two transactions that wait for each other: the server ends one of them (PostgreSQL: 40P01), and that one
is done again.

A worker writes the outcomes of many readers at once; a reader who leaves or is suppressed takes back mails
of several editions. Each order of locking has an opposite somewhere, so that no order helps. SQLite has one
writer at a time and never comes to this.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from digest.errors import Crossed

TRIES = 5

_P = ParamSpec("_P")
_T = TypeVar("_T")


def redone(work: Callable[_P, _T]) -> Callable[_P, _T]:
    """A function that is one whole transaction, and that may be done again."""

    @wraps(work)
    def done(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        for _ in range(TRIES - 1):
            try:
                return work(*args, **kwargs)
            except Crossed:
                pass
        return work(*args, **kwargs)

    return done


def redone_async(work: Callable[_P, Coroutine[Any, Any, _T]]) -> Callable[_P, Coroutine[Any, Any, _T]]:
    """The same for a coroutine function: one that is awaited cannot be called by the other."""

    @wraps(work)
    async def done(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        for _ in range(TRIES - 1):
            try:
                return await work(*args, **kwargs)
            except Crossed:
                pass
        return await work(*args, **kwargs)

    return done
