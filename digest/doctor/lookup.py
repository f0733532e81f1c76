"""The DNS, asked by dnspython: short waits, and no answer told from "there is none"."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Awaitable, Callable, Sequence

PATIENCE = 3.0  # seconds for one question, all name servers together

Answer = tuple[str, ...] | None  # None: no name server answered
Lookup = Callable[[str, str], Awaitable[Answer]]  # a name and a kind of record


def lookup_by(servers: Sequence[str] = (), port: int = 53, patience: float = PATIENCE) -> Lookup:
    """Ask these name servers, or the system's."""
    from dns.asyncresolver import Resolver
    from dns.exception import DNSException
    from dns.resolver import NXDOMAIN, NoAnswer, NoResolverConfiguration

    try:
        resolver = Resolver(configure=not servers)
    except NoResolverConfiguration:
        return _nobody
    if servers:
        resolver.nameservers, resolver.port = list(servers), port

    async def ask(name: str, kind: str) -> Answer:
        try:
            found = await resolver.resolve(name, kind, lifetime=patience)
        except (NXDOMAIN, NoAnswer):
            return ()
        except (DNSException, OSError):
            return None
        return tuple(_text(record, kind) for record in found)

    return ask


async def _nobody(_name: str, _kind: str) -> Answer:
    return None


def _text(record: object, kind: str) -> str:
    """A record as people write it; the pieces of a long TXT record joined."""
    if kind == "TXT":
        return b"".join(record.strings).decode("utf-8", "replace")  # type: ignore[attr-defined]  # of TXT
    return str(record).rstrip(".").lower()


def is_address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address itself where a host is told by it."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


async def addresses(ask: Lookup, host: str) -> Answer:
    """The addresses of a host, IPv4 first; of an address, itself."""
    if is_address(host):
        return (host,)
    found = await asyncio.gather(ask(host, "A"), ask(host, "AAAA"))
    return None if found[0] is None and found[1] is None else (*(found[0] or ()), *(found[1] or ()))


async def names_of(ask: Lookup, address: str) -> Answer:
    """The names that an address has in the reverse DNS."""
    from dns.reversename import from_address

    return await ask(from_address(address).to_text(), "PTR")
