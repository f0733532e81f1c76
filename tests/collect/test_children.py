"""The functions run in the children are Python's own: time.sleep, bytearray, os._exit."""

from __future__ import annotations

import asyncio
import contextlib
import math
import os
import time

import pytest

from digest.collect import children as module
from digest.collect.children import Children
from digest.collect.feeds import parse_feed
from digest.errors import SourceError, TooMuch

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_what_a_child_returns_is_returned(children: Children) -> None:
    assert await children.run(math.sqrt, 16) == 4
    assert await children.run(os.getpid) != os.getpid()


async def test_what_a_child_raises_is_raised(children: Children) -> None:
    with pytest.raises(SourceError, match="neither RSS, Atom nor JSON Feed"):
        await children.run(parse_feed, b"<html>", "text/html", "https://example.com/")


async def test_a_child_is_used_again(children: Children) -> None:
    assert await children.run(os.getpid) == await children.run(os.getpid)


async def test_a_child_that_works_too_long_is_ended(
    children: Children, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LIMIT", 0.1)
    with pytest.raises(TooMuch, match="could not be read within"):
        await children.run(pow, 3, 100_000_000)
    monkeypatch.undo()
    assert await children.run(math.sqrt, 16) == 4


async def test_a_child_that_does_not_come_back_is_killed(
    children: Children, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await children.run(os.getpid)
    monkeypatch.setattr(module, "WALL", 0.3)
    with pytest.raises(TooMuch, match="could not be read within"):
        await children.run(time.sleep, 60)
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)
    monkeypatch.undo()
    assert await children.run(math.sqrt, 16) == 4


async def test_a_child_has_little_memory(children: Children) -> None:
    with pytest.raises(TooMuch, match="more memory"):
        await children.run(bytearray, 400_000_000)
    assert await children.run(math.sqrt, 16) == 4


async def test_a_child_that_dies_costs_its_job_alone(children: Children) -> None:
    with pytest.raises(TooMuch, match="broke the process"):
        await children.run(os._exit, 3)
    assert await children.run(math.sqrt, 16) == 4


async def test_what_a_library_prints_does_not_spoil_the_answer(children: Children) -> None:
    await children.run(print, "noise on standard output", flush=True)
    assert await children.run(math.sqrt, 16) == 4


async def test_a_job_that_is_given_up_leaves_no_answer_behind(children: Children) -> None:
    await children.run(os.getpid)
    job = asyncio.create_task(children.run(time.sleep, 0.2))
    await asyncio.sleep(0.05)
    job.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await job
    assert await children.run(math.sqrt, 16) == 4


async def test_a_child_with_much_to_say_can_be_stopped(
    children: Children, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "JOBS", 1)
    async with asyncio.timeout(10):
        assert len(await children.run(bytes, 5_000_000)) == 5_000_000
        job = asyncio.create_task(children.run(bytes, 50_000_000))
        while not job.done():
            await asyncio.sleep(0.01)
            job.cancel()
        await asyncio.gather(job, return_exceptions=True)
    assert await children.run(math.sqrt, 16) == 4


async def test_a_slow_job_does_not_delay_the_others(
    children: Children, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.1)
    slow = [asyncio.create_task(children.run(time.sleep, 60)) for _ in range(2)]
    async with asyncio.timeout(5):
        assert await children.run(math.sqrt, 16) == 4
    for job in slow:
        job.cancel()
    await asyncio.gather(*slow, return_exceptions=True)


async def test_the_event_loop_is_not_held_while_children_work(children: Children) -> None:
    """Measured in CPU time of the loop's own thread, so that a busy machine does not fail it."""
    entry = b"<item><title>T%d</title><description>" + b"word " * 400 + b"</description></item>"
    feed = b"<rss><channel>" + b"".join(entry % number for number in range(300)) + b"</channel></rss>"
    longest = 0.0

    async def watch() -> None:
        nonlocal longest
        while True:
            before = time.thread_time()
            await asyncio.sleep(0.001)
            longest = max(longest, time.thread_time() - before)

    watching = asyncio.create_task(watch())
    harvest = await children.run(parse_feed, feed, "text/xml", "https://example.com/")
    watching.cancel()
    assert len(harvest.items) == 300
    assert longest < 0.05


async def test_a_worn_out_child_is_replaced(children: Children, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "JOBS", 1)
    assert await children.run(os.getpid) != await children.run(os.getpid)


async def test_no_child_outlives_the_pool() -> None:
    async with Children() as children:
        child = await children.run(os.getpid)
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


async def test_an_error_nobody_raised_on_purpose_is_the_inputs_doing(children: Children) -> None:
    with pytest.raises(SourceError, match=r"the parser failed \(ValueError: .*\) at .* line \d+"):
        await children.run(math.sqrt, -1)
