"""A mail provider's web hook: its word is checked, and told as what it says of each recipient.

Each provider is a file: ses, mailgun, postmark, sendgrid, brevo. What their servers
were told goes through the one table of reply meanings, like everything that comes back; a provider's own
verdict counts where no server's words are given.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64decode
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from digest.model import ProviderNotice
from digest.record.bounces.report import Event, Finding
from digest.record.bounces.understanding import CODE, STATUS, judged


class Refused(Exception):
    """Nothing proves that the provider sent this."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request. Header names are lower case; `fetch` gets a public address, and raises SourceError."""

    headers: Mapping[str, str]
    body: bytes
    secret: str
    fetch: Callable[[str], Awaitable[bytes]]

    def json(self) -> Any:
        """The body. Raises ValueError."""
        return json.loads(self.body)


def notices(provider: str, heard: Iterable[tuple[object, Finding]]) -> list[ProviderNotice]:
    """What was found, under keys made of the events themselves: sent again, an event has the same."""
    return [
        ProviderNotice(_key(provider, event, finding), judged(finding, "", "")) for event, finding in heard
    ]


def _key(provider: str, event: object, finding: Finding) -> str:
    told = json.dumps([provider, event, finding.address], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


def dead(address: str, reply: str) -> Finding:
    """A recipient whom the provider calls unknown: believed where no server's number or status is given."""
    said = STATUS.search(reply) or CODE.search(reply)
    return Finding(address, Event.FAILED, "" if said else "5.1.1", reply)


def failed(address: str, reply: str) -> Finding:
    return Finding(address, Event.FAILED, "", reply)


def delayed(address: str, reply: str) -> Finding:
    return Finding(address, Event.DELAYED, "", reply)


def complained(address: str) -> Finding:
    return Finding(address, Event.COMPLAINED, reply="abuse")


def check_password(request: Request) -> None:
    """HTTP's Basic (any user) or Bearer, for providers that sign nothing. Raises Refused."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            given = b64decode(given).decode().partition(":")[2]
        except ValueError:
            given = ""
    if not hmac.compare_digest(given.strip().encode(), request.secret.encode()):
        raise Refused
