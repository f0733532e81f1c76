"""The tables that delivery reads: mail servers, their pace, retries, signatures, and what comes back."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from digest.deliver.options import DomainPace, Options, Relay
from digest.settings.kinds import Duration, Endpoint, PublicKey, RelayAddress, TaggedBox, WebAddress
from digest.settings.table import Table

_RELAY = Relay("")
_PACE = DomainPace()
_OPTIONS = Options()


class RelayTable(Table):
    """A mail server beside the one of [smtp]. See deliver.options.Relay for what the keys mean."""

    url: RelayAddress
    user: str = ""
    password_file: str = ""
    connections: int = Field(_RELAY.connections, ge=1, le=1000)
    weight: int = Field(_RELAY.weight, ge=0, le=1000)
    mails_per_connection: int = Field(_RELAY.mails_per_connection, ge=0)
    pipelining: bool = _RELAY.pipelining
    ca_file: str = _RELAY.ca_file


class SmtpTable(RelayTable):
    url: RelayAddress = "smtp://127.0.0.1:1025"
    password: str = ""  # environment only
    rate: float = Field(_OPTIONS.rate, ge=0)


class PaceTable(Table):
    """The most that one recipient domain gets from one process; 0 is no limit."""

    connections: int = Field(_PACE.connections, ge=0)
    rate: float = Field(_PACE.rate, ge=0)


class DeliveryTable(Table):
    first_retry: Duration = _OPTIONS.first_retry
    max_retry: Duration = _OPTIONS.max_retry
    give_up: Duration = 12 * 3600
    in_doubt: Literal["resend", "hold"] = "resend"
    stop_grace: Duration = 30
    keep: Annotated[Duration, Field(ge=30 * 86400)] = 400 * 86400


class ReturnsTable(Table):
    verp: bool = False
    unsubscribe: TaggedBox = ""
    imap: str = ""
    imap_password: str = ""  # environment only
    lmtp: Endpoint = None


class ProvidersTable(Table):
    """What proves a mail provider's web hook; "" switches it off."""

    ses: str = ""  # our topic's ARN
    sendgrid: PublicKey = ""
    mailgun: str = ""  # environment only, and so are the following
    postmark: str = ""
    brevo: str = ""


class WarmupTable(Table):
    since: date = date(2026, 1, 1)
    growth: float = Field(2, ge=1, le=100)
    domains: dict[str, Annotated[int, Field(ge=1)]] = Field(default_factory=dict)


class DkimTable(Table):
    keys: tuple[Path, ...] = ()
    domain: str = ""


class OperatorTable(Table):
    mail: str = ""
    late: Duration = 1800
    thin: float = Field(0.5, ge=0, le=1)
    remind: Duration = 4 * 3600
    heartbeat: WebAddress | Literal[""] = ""
