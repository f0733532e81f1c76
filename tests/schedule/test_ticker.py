"""The ticker: jobs run at once, again and again, one at a time, and survive their own failures."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from digest.schedule.ticker import ticking


async def test_a_job_runs_at_once_and_again_and_is_handed_the_time() -> None:
    stop, thrice, times = asyncio.Event(), asyncio.Event(), list[datetime]()

    async def job(now: datetime) -> None:
        times.append(now)
        if len(times) == 3:
            thrice.set()

    async with asyncio.timeout(5), ticking({"job": (0.01, job)}, stop):
        await thrice.wait()
    assert times == sorted(times)
    assert times[0].tzinfo is UTC


async def test_a_job_that_fails_is_logged_and_runs_again(caplog: pytest.LogCaptureFixture) -> None:
    stop, again = asyncio.Event(), asyncio.Event()
    runs = 0

    async def job(_now: datetime) -> None:
        nonlocal runs
        runs += 1
        if runs == 1:
            raise ValueError("a bad hour")
        again.set()

    async with asyncio.timeout(5), ticking({"job": (0.01, job)}, stop):
        await again.wait()
    assert "a bad hour" in caplog.text


async def test_a_slow_job_is_not_started_twice_and_is_waited_for_at_the_end() -> None:
    stop, begun, at_once, most = asyncio.Event(), asyncio.Event(), 0, 0
    ended = False

    async def job(_now: datetime) -> None:
        nonlocal at_once, most, ended
        at_once += 1
        most = max(most, at_once)
        begun.set()
        await stop.wait()
        at_once -= 1
        ended = True

    async with asyncio.timeout(5), ticking({"job": (0.01, job)}, stop):
        await begun.wait()
    assert (most, ended) == (1, True)
