"""Noon, whatever the hour: no date ends and no morning begins while commands that read the clock are at work.

The clock goes on from there. It is the coming noon, never one that has passed: files that the system dates
are then no news from the future. Run as a program, it is `digest` at noon.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

if __name__ == "__main__":
    sys.modules["pytest"] = None  # type: ignore[assignment]  # time_machine would import it: half a start

import time_machine

HALF, DAY = 43_200, 86_400  # seconds
AHEAD = int(os.environ.get("NOON_AHEAD") or (HALF - int(time.time())) % DAY)  # of the machine's own clock
ENVIRONMENT = {"NOON_AHEAD": str(AHEAD), "PYTHONPATH": str(Path(__file__).parents[1])}


@contextmanager
def at_noon() -> Iterator[None]:
    """Within another it is noon already."""
    travelling = time_machine.escape_hatch.is_travelling()
    with nullcontext() if travelling else time_machine.travel(time.time() + AHEAD):
        yield


if __name__ == "__main__":
    from digest.cli import main

    with at_noon():
        main()
