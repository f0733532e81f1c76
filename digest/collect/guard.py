"""Which addresses may be asked for: http and https, on the web's ports, on hosts of the public internet.

A feed's address comes from whoever configured it, every redirect and link from whoever wrote the page.
Without these rules a stranger reads what only this machine can reach (server-side request forgery).
"""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from digest.errors import Unsafe

REDIRECTS = 5  # hops
_NAMED = re.compile(r"(\b[a-z][a-z0-9+.-]*://)[^\s/@]+@")
_VALUE = re.compile(r"([?&][^\s?&=]+=)[^\s&#]*?(?=[:,;.)'\"]*(?:[\s&#]|$))")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


def redacted(url: str) -> str:
    """The address without a name and password in it, fit for a message, a log and a base for links."""
    scheme, mark, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    return scheme + mark + host.rpartition("@")[2] + slash + path


def told(text: str) -> str:
    """The text with each address in it as it may be told: a key is often part of a feed's query."""
    return _VALUE.sub(r"\1…", _NAMED.sub(r"\1", text))


def check_url(url: str, allow_private: bool = False) -> None:
    """Raise Unsafe where the address is not one for us. Its host is checked when it is resolved."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise Unsafe(f"{redacted(url)}: not an address: {error}") from error
    if parts.scheme not in ("http", "https") or not host:
        raise Unsafe(f"{redacted(url)}: only http and https addresses with a host are fetched")
    if port is not None and port < 1024 and port not in (80, 443) and not allow_private:
        raise Unsafe(f"{redacted(url)}: port {port} belongs to another service than the web")


def check_redirect(origin: str, target: str, hops: int) -> None:
    """Raise Unsafe where a redirect may not be followed, whatever it leads to."""
    if hops > REDIRECTS:
        raise Unsafe(f"{origin}: more than {REDIRECTS} redirects, the last one to {target}")
    if origin.startswith("https:") and not target.startswith("https:"):
        raise Unsafe(f"{origin}: redirects from https to {target}")
    if redacted(target) != target:
        raise Unsafe(f"{origin}: redirects to an address with a password in it")


def is_public(address: IPAddress) -> bool:
    """Whether the whole internet reaches it; an IPv4 address wrapped in an IPv6 one counts as itself."""
    inner = _wrapped(address)
    if inner is not None:
        return is_public(inner)
    return address.is_global and not address.is_multicast and not address.is_reserved


def _wrapped(address: IPAddress) -> ipaddress.IPv4Address | None:
    """The IPv4 address inside a mapped, 6to4, Teredo or NAT64 one."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
