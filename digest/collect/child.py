"""The child process of children.py: reads a job, does it, writes what came of it, until its input ends."""

from __future__ import annotations

import math
import os
import pickle
import sys
import traceback
from pathlib import Path
from typing import BinaryIO

from digest.collect.children import HEADER
from digest.errors import DigestError, SourceError

try:
    import resource
except ImportError:  # no such limits on Windows
    resource = None  # type: ignore[assignment]  # the stubs know one platform at a time

_STATM = Path("/proc/self/statm")
MEMORY = 200_000_000  # bytes beyond the hundred million that the interpreter and its parsers have


def main() -> None:
    """Take standard output for the answers alone: what a library prints goes nowhere."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    _limit_memory()
    while (job := _read(sys.stdin.buffer)) is not None:
        answer = pickle.dumps(_done(job), pickle.HIGHEST_PROTOCOL)
        answers.write(len(answer).to_bytes(HEADER, "big") + answer)
        answers.flush()


def _done(job: bytes) -> object:
    """What the function returned, or the error it raised; the parent raises that in its own name.

    An error that nobody raised on purpose is the input's doing as a rule: it ends this source, not the run.
    """
    try:
        limit, function, args, kwargs = pickle.loads(job)  # noqa: S301 - from our own parent
        _limit_time(limit)
        return function(*args, **kwargs)
    except (DigestError, MemoryError) as error:
        return error.with_traceback(None)
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        said = f"{type(error).__name__}: {error}".splitlines()[0][:200]
        return SourceError(f"the parser failed ({said}) at {Path(where.filename).name} line {where.lineno}")


def _read(stream: BinaryIO) -> bytes | None:
    header = stream.read(HEADER)
    return stream.read(int.from_bytes(header, "big")) if header else None


def _limit_memory() -> None:
    """No more than MEMORY, on systems that can say so; the rest of the machine is not ours to fill."""
    import feedparser  # noqa: F401 - loaded before the limit is set, so that it counts the input alone
    import lxml.html  # noqa: F401 - loaded before the limit is set, like feedparser

    if resource and _STATM.exists():
        held = int(_STATM.read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (held + MEMORY, held + MEMORY))


def _limit_time(seconds: float) -> None:
    """From now on; the system ends the process then, be its parent still there or not."""
    if resource:
        used = resource.getrusage(resource.RUSAGE_SELF)
        end = math.ceil(used.ru_utime + used.ru_stime + seconds)
        resource.setrlimit(resource.RLIMIT_CPU, (end, resource.RLIM_INFINITY))


if __name__ == "__main__":
    main()
