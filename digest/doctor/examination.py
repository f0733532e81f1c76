"""All of it: what needs no network first, then everything else at once, told in a stable order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from digest.doctor import names
from digest.doctor.clock import clock
from digest.doctor.configuration import configuration, domain_of, is_placeholder
from digest.doctor.database import database
from digest.doctor.finding import Finding, error
from digest.doctor.lookup import Lookup, addresses, lookup_by, names_of
from digest.doctor.machine import machine
from digest.doctor.openid import openid
from digest.doctor.pages import pages
from digest.doctor.relay import mail_server
from digest.doctor.sources import sources
from digest.doctor.templates import templates
from digest.hosts import is_loopback
from digest.settings import Settings
from digest.wiring import App, look

Examination = AsyncIterator[Finding]


async def examine(app: App, now: datetime, ask: Lookup | None = None) -> list[Finding]:
    """Every finding. Sends nothing, stores nothing, and takes some ten seconds at most for what is away."""
    settings = app.settings
    local: list[Callable[[], Iterable[Finding]]] = [
        lambda: configuration(settings),
        lambda: database(settings),
        lambda: clock(settings, now),
        lambda: machine(settings),
        lambda: templates(app.newsletters, look(settings), now),
    ]
    far: list[Examination] = [
        *(mail_server(relay) for relay in app.relays),
        dns(settings, [relay.host for relay in app.relays], ask or lookup_by()),
        _sources(app, now),
        pages(settings),
        openid(app),
    ]
    found = [finding for check in local for finding in check()]
    for findings in await asyncio.gather(*map(_all, far)):
        found += findings
    return found


async def _all(findings: Examination) -> list[Finding]:
    return [finding async for finding in findings]


async def _sources(app: App, now: datetime) -> Examination:
    async with app.collector(by_hand=True) as fetcher:
        async for finding in sources(app.sources, fetcher, now):
            yield finding


async def dns(
    settings: Settings, relays: Sequence[str], ask: Lookup, records: Sequence[tuple[str, str]] = ()
) -> Examination:
    """What the DNS says of each newsletter's From domain, and of the machine that hands its mail on.

    `records` are the names and values of the DKIM keys that we sign with; none: the relay signs.
    """
    hosts = list(dict.fromkeys(_sending(settings, relay) for relay in relays))
    domains = dict.fromkeys(domain_of(one.sender) for one in settings.newsletters)
    for domain in (one for one in domains if not is_placeholder(one)):
        for host in hosts:
            known = await addresses(ask, host) if host else ()
            yield names.spf(domain, await ask(domain, "TXT"), host, known or ())
        yield await _dmarc(domain, ask, settings.operator.mail)
        yield names.mx(domain, await ask(domain, "MX"), await addresses(ask, domain))
    for name, record in records:
        yield names.dkim(name, record, await ask(name, "TXT"))
    if not records:
        yield names.UNSIGNED
    for host in hosts:
        async for finding in _reverse(host, ask):
            yield finding


def _sending(settings: Settings, relay: str) -> str:
    """The machine that talks to the world: the relay, or this one where the relay is on it or beside it.

    "" where this one has no public name yet.
    """
    if set(".:") & set(relay) and not is_loopback(relay):
        return relay
    here = urlsplit(settings.site.url).hostname or ""
    return "" if is_loopback(here) or is_placeholder(here) else here


async def _dmarc(domain: str, ask: Lookup, operator: str) -> Finding:
    """The policy of the domain, else of the nearest parent that has one."""
    name, answer = domain, await ask(f"_dmarc.{domain}", "TXT")
    while answer == () and name.count(".") > 1:
        name = name.partition(".")[2]
        answer = await ask(f"_dmarc.{name}", "TXT")
    return names.dmarc(domain, answer, operator)


async def _reverse(host: str, ask: Lookup) -> Examination:
    """The reverse names of a machine of ours; a carrier keeps its own in order."""
    if not host or is_placeholder(host) or names.is_carrier(host):
        return
    found = await addresses(ask, host)
    if found is None:
        yield names.unanswered(f"ptr {host}", host)
    elif not found:
        yield error(f"ptr {host}", "it has no address in the DNS", "is its name right?")
    for address in found or ():
        back = await names_of(ask, address)
        yield names.ptr(host, address, back, await addresses(ask, back[0]) if back else ())
