"""What collecting costs: 500 feeds over loopback against the work of parsing them alone, and feeds unchanged.

    nice python -m tests.bench.collect

The ratios are what counts; the times are this machine's.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import random
import re
import resource
import time
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing.connection import Connection

from digest.collect.children import Children
from digest.collect.collector import Collector
from digest.collect.events import shown_as_one
from digest.collect.feeds import parse_feed
from digest.collect.harvest import Collected, Harvest
from digest.collect.http import Web
from digest.collect.means import Means
from digest.model import Source, SourceState, Story
from tests.collect.site import open_site
from tests.collect.test_events import labelled

FEEDS, SIZES = 500, (20, 60, 120, 250, 600)  # kilobytes, in turn
STORIES = 5_000
NOW = datetime(2026, 3, 10, 6, 30, tzinfo=UTC)
PARAGRAPH = "<p>Harbour officials said that the ferry would <a href='/x'>return</a> &amp; go on. </p>" * 12


def feed(kilobytes: int, number: int) -> bytes:
    """A feed with its stories' whole texts, as many as fit."""
    entry = (
        "<item><title>Headline {n} of feed {f}</title><link>/{f}/{n}</link><guid>{f}-{n}</guid>"
        "<pubDate>Tue, 10 Mar 2026 05:00:00 GMT</pubDate><description><![CDATA[{p}]]></description></item>"
    )
    count = max(1, kilobytes * 1000 // (len(entry) + len(PARAGRAPH)))
    entries = "".join(entry.format(n=n, f=number, p=PARAGRAPH) for n in range(count))
    return (
        f"<?xml version='1.0'?><rss version='2.0'><channel><title>F</title>{entries}</channel></rss>".encode()
    )


def serve(port: Connection) -> None:
    """A server of such feeds, in a process of its own, which tells its port."""

    async def run() -> None:
        async with open_site() as site:
            pages = [feed(size, number) for number, size in enumerate(SIZES)]
            for number in range(FEEDS):
                site.page(f"/{number}", pages[number % len(pages)], headers={"etag": f'"{number}"'})
            port.send(site.port)
            await asyncio.Event().wait()

    asyncio.run(run())


def parsing_alone() -> float:
    """CPU seconds of parsing all feeds, one after the other, in one process."""
    started = time.process_time()
    for number, size in enumerate(SIZES):
        parse_feed(feed(size, number), "text/xml", "https://www.example.com/")
    return (time.process_time() - started) * FEEDS / len(SIZES)


async def longest_hold(done: asyncio.Event) -> float:
    """The most CPU seconds that one turn of the event loop took."""
    longest = 0.0
    while not done.is_set():
        before = time.thread_time()
        await asyncio.sleep(0)
        longest = max(longest, time.thread_time() - before)
        await asyncio.sleep(0.002)
    return longest


async def collect(port: int) -> None:
    sources = [Source(f"{n}", url=f"http://127.0.0.1:{port}/{n}", allow_private=True) for n in range(FEEDS)]
    alone, cores = parsing_alone(), os.cpu_count() or 1
    spent_before = cpu()
    async with Web("MorningDigest/bench") as web, Children() as children:
        collector = Collector(Means(web, children), by_hand=True)
        done = asyncio.Event()
        watching = asyncio.create_task(longest_hold(done))
        started = time.perf_counter()
        came = await visits(collector, sources, [SourceState()] * FEEDS)
        took = time.perf_counter() - started
        done.set()
    spent = cpu() - spent_before
    alone = (alone + parsing_alone()) / 2  # before and after: a busy machine is not equally busy all the time
    assert {one.status for one in came} == {"ok"}, {one.reason for one in came}
    print(f"{FEEDS} feeds of {SIZES} KB: {took:.1f} s; parsing alone {alone / cores:.1f} s")
    print(
        f"  time, ratio to the CPU-bound limit: {took * cores / alone:.2f} (wanted: 1.3 on an idle machine)"
    )
    print(
        f"  CPU of all processes, ratio to parsing alone: {spent / alone:.2f} (holds on a busy machine too)"
    )
    print(f"  longest hold of the event loop: {await watching * 1000:.1f} ms (wanted: under 50)")
    print(
        f"  memory: parent {peak(resource.RUSAGE_SELF)} MB, largest child {peak(resource.RUSAGE_CHILDREN)} MB"
    )
    await collect_again(sources, came)


async def collect_again(sources: list[Source], came: list[Collected]) -> None:
    async with Web("MorningDigest/bench") as web, Children() as children:
        before = time.process_time()
        again = await visits(
            Collector(Means(web, children), by_hand=True), sources, [one.state for one in came]
        )
        spent = (time.process_time() - before) / FEEDS * 1000
    assert {one.status for one in again} == {"unchanged"}
    print(f"unchanged feeds: {spent:.2f} ms of CPU each (wanted: under 2)")


def cpu() -> float:
    """CPU seconds of this process and of its children that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


async def visits(collector: Collector, sources: list[Source], states: list[SourceState]) -> list[Collected]:
    """All at once, as `digest collect` does; what came is let go at once, as if it were stored."""

    async def one(source: Source, state: SourceState) -> Collected:
        came = await collector.fetch(source, state, NOW)
        return replace(came, harvest=Harvest(came.harvest.items[:1]))

    return await asyncio.gather(*map(one, sources, states))


def peak(who: int) -> int:
    return resource.getrusage(who).ru_maxrss // 1024


def stories_of_a_day() -> list[Story]:
    """As many as 500 sources give, most of them with names of their own, some telling one event."""
    day = [story for _, story in labelled()]
    sound = random.Random(7)
    names = [
        a + b
        for a in ("Bar", "Kel", "Lom", "Mir", "Nur", "Ran")
        for b in ("den", "mont", "sik", "tav", "rup")
    ]
    stories = []
    for number in range(STORIES):
        new: dict[str, str] = {}

        def other(name: re.Match[str], new: dict[str, str] = new) -> str:
            return new.setdefault(name[0], sound.choice(names) + sound.choice(names).lower())

        story = day[number % len(day)]
        title, lead = (re.sub(r"(?<=\w )[A-Z]\w+", other, text) for text in (story.title, story.lead))
        stories.append(replace(story, id=number, title=title, lead=lead))
    return stories


def group() -> None:
    """Reports on one event found among a day's stories."""
    stories = stories_of_a_day()
    started = time.process_time()
    shown_as_one(stories)
    print(f"grouping {STORIES:,} stories: {time.process_time() - started:.2f} s of CPU")


if __name__ == "__main__":
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs,), daemon=True)
    server.start()
    asyncio.run(collect(ours.recv()))
    server.kill()
    group()
