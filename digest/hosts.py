"""Which hosts are this machine itself, and that a port of it cannot be had."""

from __future__ import annotations

import errno
import ipaddress

from digest.errors import DigestError


def is_loopback(host: str) -> bool:
    """A name or address that no other machine is reached by."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def taken(error: OSError, host: str, port: int, cure: str) -> DigestError:
    """Why no one can listen there, with how to name another port."""
    used = error.errno == errno.EADDRINUSE
    why = "is in use: stop what listens there" if used else f"cannot be listened at ({error.strerror})"
    return DigestError(f"{host}:{port} {why}, or {cure}")
