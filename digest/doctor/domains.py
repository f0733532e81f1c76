"""What the DNS says of each sender's domain, of the keys we sign with, and of the machine that sends."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from digest.doctor import names
from digest.doctor.configuration import is_placeholder
from digest.doctor.finding import Finding, error
from digest.doctor.lookup import Lookup, addresses, names_of
from digest.errors import ConfigError
from digest.hosts import is_loopback
from digest.render.encode import domain
from digest.settings import Settings

if TYPE_CHECKING:
    from digest.wiring import App


async def domains(settings: Settings, relays: Sequence[str], ask: Lookup) -> AsyncIterator[Finding]:
    """What is said of each newsletter's From domain, and of the machine that hands its mail on."""
    hosts = list(dict.fromkeys(_sending(settings, relay) for relay in relays))
    senders = dict.fromkeys(domain(one.sender).lower() for one in settings.newsletters)
    for sender in (one for one in senders if not is_placeholder(one)):
        for host in hosts:
            known = await addresses(ask, host) if host else ()
            yield names.spf(sender, await ask(sender, "TXT"), host, known or ())
        yield await _dmarc(sender, ask, settings.operator.mail)
        yield names.mx(sender, await ask(sender, "MX"), await addresses(ask, sender))
    for host in hosts:
        async for finding in _reverse(host, ask):
            yield finding


async def keys(app: App, ask: Lookup) -> AsyncIterator[Finding]:
    """Whether the public half of each key that we sign with is published; without a key, the relay signs."""
    try:
        records = app.dkim_records(app.dkim_keys)
    except ConfigError as wrong:
        yield error("dkim", str(wrong), "set dkim.keys right: nothing is sent without")
        return
    if not records:
        yield names.UNSIGNED
    for record in records:
        if not is_placeholder(record.name):
            yield names.dkim(record, await ask(record.name, "TXT"))


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


async def _reverse(host: str, ask: Lookup) -> AsyncIterator[Finding]:
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
