"""Noon, whatever the hour: no date ends and no morning begins while commands that read the clock are at work.

The clock goes on from there. It is the coming noon, never one that has passed: files that the system dates
are then no news from the future.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest
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


@pytest.fixture(scope="module", autouse=True)
def noon() -> Iterator[None]:
    """For the tests of a module or, imported by its conftest, of a folder."""
    with at_noon():
        yield


if __name__ == "__main__":  # `digest` as a process of its own
    from digest.cli import main

    with at_noon():
        main()
