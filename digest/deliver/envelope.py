"""The envelope of one letter, or the reason why SMTP cannot carry it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from digest.model import Letter

# What nearly all addresses are: they stand in RCPT and in ORCPT as they are.
PLAIN = re.compile(r"[A-Za-z0-9!#$%&'*/?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{1,253}")
QUOTED = re.compile(r'"(?:[^"\\\x00-\x1f\x7f]|\\[ -~])*"|[^\s"\\<>()\[\],:;@\x00-\x1f\x7f]+')
LOCAL_OCTETS = 64  # RFC 5321, 4.5.3.1
PATH_OCTETS = 254


class Uncarriable(ValueError):
    """No server can be asked to take mail for this address. `status` is the RFC 3463 code that says so."""

    def __init__(self, status: str, why: str) -> None:
        super().__init__(why)
        self.status = status


class Features(NamedTuple):
    """What of a server's EHLO answer the envelope needs."""

    dsn: bool = False
    smtputf8: bool = False
    size: int = -1  # the largest mail it takes, 0: not said, -1: SIZE not offered

    @classmethod
    def of(cls, extensions: Mapping[str, str]) -> Features:
        said = extensions.get("size", "") if "size" in extensions else "-1"
        return cls(
            "dsn" in extensions, "smtputf8" in extensions, int(said) if said.strip("-").isdigit() else 0
        )


def envelope(sender: str, letter: Letter, octets: int, features: Features) -> bytes:
    """The lines MAIL, RCPT and DATA of a letter, with what the server understands of SIZE (RFC 1870), DSN
    (RFC 3461) and SMTPUTF8 (RFC 6531). Raises Uncarriable.
    """
    address = letter.address
    if PLAIN.fullmatch(address):
        carried, utf8, said = address, False, f"rfc822;{address}"
    else:
        (carried, utf8), said = carry(address, features.smtputf8), original(address)
    mail = f" SIZE={octets}" if features.size >= 0 else ""
    rcpt = ""
    if features.dsn:
        mail += f" RET=HDRS ENVID={letter.ref.hex()}.{letter.due}"
        rcpt = f" NOTIFY=FAILURE,DELAY ORCPT={said}"
    if utf8:
        mail += " SMTPUTF8"
    return f"MAIL FROM:<{sender}>{mail}\r\nRCPT TO:<{carried}>{rcpt}\r\nDATA\r\n".encode()


def carry(address: str, smtputf8: bool) -> tuple[str, bool]:
    """An unusual address as it is written in RCPT, and whether it needs SMTPUTF8.

    A domain in another script goes as its A-label, so that only a local part that is not ASCII needs it.
    """
    local, at, name = address.rpartition("@")
    if not at or not QUOTED.fullmatch(local):
        raise Uncarriable("5.1.3", f"{address!r} is not an address that SMTP can carry")
    name = a_label(name)
    if len(local.encode()) > LOCAL_OCTETS or len(local.encode()) + 1 + len(name) > PATH_OCTETS:
        raise Uncarriable("5.1.3", f"{address[:80]!r}… is longer than SMTP allows")
    if not local.isascii() and not smtputf8:
        raise Uncarriable("5.6.7", f"{address!r} needs SMTPUTF8, which the relay does not offer")
    return f"{local}@{name}", not local.isascii()


@lru_cache(maxsize=1024)
def a_label(name: str) -> str:
    """A domain in ASCII (IDNA 2008). Raises Uncarriable."""
    import idna

    try:
        ascii_name = name if name.isascii() else idna.encode(name, uts46=True).decode()
    except idna.IDNAError as error:
        raise Uncarriable("5.1.2", f"{name!r} is not a domain: {error}") from error
    if not re.fullmatch(r"[A-Za-z0-9.-]+|\[[A-Za-z0-9.:]+\]", ascii_name):
        raise Uncarriable("5.1.2", f"{name!r} is not a domain")
    return ascii_name


def original(address: str) -> str:
    """The address as ORCPT carries it: xtext (RFC 3461, section 4), else unitext (RFC 6533)."""
    if address.isascii():
        return "rfc822;" + re.sub(r"[^!-*,-<>-~]", lambda found: f"+{ord(found[0]):02X}", address)
    return "utf-8;" + re.sub(r"[^!-*,-<>-\[\]-~]", lambda found: f"\\x{{{ord(found[0]):X}}}", address)
