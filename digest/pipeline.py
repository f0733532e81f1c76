"""Open this first: the service told in four verbs.

collect   asks every source what is new, and stores each story once
issue     finds which newsletters are due, freezes and renders their edition once, plans one delivery a reader
deliver   sends what is planned, and records every answer
absorb    takes in what comes back

A story's way: a source's entry is `Found`, summarised by its lead, stored as a `Story`, chosen as an `Item`
of an `Edition`, frozen with it into a `Rendering`, and spliced for each reader into a mail. Everything here
may be done again, by another process, at the same time: unique keys in the store decide who was first.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from itertools import islice

from digest.deliver.report import Report
from digest.model import Notice
from digest.record.bounces.understanding import AT_ONCE
from digest.steps.absorbing import Absorbed, Absorbing, heed, take_back
from digest.steps.alerting import tell_operator
from digest.steps.collecting import Fetcher, Visit, visit
from digest.steps.editions import draft
from digest.steps.issuing import Issued, issue_due
from digest.steps.sending import Post, finish, send_due, send_outbox
from digest.steps.service import Service
from digest.steps.watching import watch


async def collect(service: Service, fetcher: Fetcher, now: datetime, only: str = "") -> list[Visit]:
    """Ask every source what is new (or `only` one); a dead one never stops the others."""
    sources = [source for source in service.sources if only in {"", source.name}]
    return list(await asyncio.gather(*(visit(service, fetcher, source, now) for source in sources)))


def issue(service: Service, now: datetime) -> list[Issued]:
    """Freeze and plan everything that is due, draft what closes next, and notice what did not happen."""
    done: list[Issued] = []
    try:
        for newsletter in service.newsletters:
            done += issue_due(service, newsletter, now)
            draft(service, newsletter, now)
    finally:
        watch(service, now)  # above all when issuing fails
    return done


async def deliver(service: Service, post: Post, now: datetime, stop: asyncio.Event | None = None) -> Report:
    """Send what is planned and due, record every answer, close what is done, tell what went wrong."""
    tell_operator(service, now)
    stuck = await send_outbox(post, service.outbox, now)
    report = await send_due(post, stop=stop)
    report = replace(report, halted=report.halted or stuck)
    finish(service, report, now)
    return report


def absorb(
    absorbing: Absorbing, mails: Iterable[tuple[str, bytes]], now: datetime
) -> list[tuple[str, Absorbed]]:
    """Take in what comes back, each mail under its name, and do what it asks of its reader."""
    results: list[tuple[str, Absorbed]] = []
    coming = iter(mails)
    while some := list(islice(coming, AT_ONCE)):
        absorbed = take_back(absorbing, [raw for _, raw in some], now)
        results += [(name, one) for (name, _), one in zip(some, absorbed, strict=True)]
    return results


def hear(absorbing: Absorbing, notices: Iterable[Notice], now: datetime) -> int:
    """Absorb what a mail provider tells by web hook, once its word was checked; how many were ours."""
    return heed(absorbing, notices, now)
