"""What an operator may set about delivery. Times are seconds."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

from digest.deliver.warmup import Warmup
from digest.errors import ConfigError
from digest.hosts import is_loopback
from digest.model import Stage


class Tls(enum.StrEnum):
    """When a relay must speak TLS."""

    IMPLICIT = "implicit"  # from the first byte: smtps://
    REQUIRED = "required"  # STARTTLS, or no mail
    IF_OFFERED = "if-offered"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Relay:
    """A mail server that takes our mail. Weights share the mail among several; 0 is only for emergencies."""

    host: str
    port: int = 25
    tls: Tls = Tls.REQUIRED
    username: str = ""
    password: str = field(default="", repr=False)
    connections: int = 20
    weight: int = 1
    mails_per_connection: int = 0  # 0: until the relay says otherwise
    pipelining: bool = True
    ca_file: str = ""  # certificates to trust instead of the system's

    @property
    def name(self) -> str:
        return f"{self.host}:{self.port}"

    @classmethod
    def parse(cls, url: str, **settings: object) -> Relay:
        """The relay of an address smtp[s]://[user:password@]host[:port][?starttls=required|if-offered|never].

        STARTTLS is required unless said otherwise, and never on loopback. Raises ConfigError.
        """
        parts = urlsplit(url)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        starttls = query.pop("starttls", "never" if is_loopback(parts.hostname or "") else "required")
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or query:
            raise ConfigError(f"smtp: url: {redacted(url)} is not smtp://HOST:PORT or smtps://HOST:PORT")
        if starttls not in {"required", "if-offered", "never"}:
            raise ConfigError(f"smtp: url: starttls={starttls}: use required, if-offered or never")
        implicit = parts.scheme == "smtps"
        return cls(
            host=parts.hostname,
            port=parts.port or (465 if implicit else 587 if parts.username else 25),
            tls=Tls.IMPLICIT if implicit else Tls(starttls),
            username=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            **settings,  # type: ignore[arg-type]  # the other fields, as named by the caller
        )


@dataclass(frozen=True, slots=True)
class Waits:
    """How long each answer is waited for: RFC 5321, section 4.5.3.2."""

    greeting: float = 300  # and the connection, EHLO, TLS, AUTH
    mail: float = 300
    rcpt: float = 300
    data: float = 120
    dot: float = 600
    quit: float = 5  # ours: by then every mail has its answer

    def by_stage(self) -> dict[Stage, float]:
        """Those of a mail's own commands."""
        return {Stage.MAIL: self.mail, Stage.RCPT: self.rcpt, Stage.DATA: self.data, Stage.DOT: self.dot}


@dataclass(frozen=True, slots=True)
class DomainPace:
    """The most that one recipient domain gets from one process; 0 is no limit."""

    connections: int = 0
    rate: float = 0  # mails a second


@dataclass(frozen=True, slots=True)
class Options:
    """How a run behaves."""

    rate: float = 0  # mails a second of the whole installation; 0 is no limit
    first_retry: int = 300  # doubles up to max_retry
    max_retry: int = 14400
    stop_grace: float = 30
    wait: bool = False  # stay until nothing is left to try, and while paused, as the service does
    probe: int = 60  # between tries while no relay takes mail
    patience: float = 1  # the first rest when a relay slows a single connection down; doubles
    domains: Mapping[str, DomainPace] = field(default_factory=dict)
    warmup: Warmup | None = None
    waits: Waits = field(default_factory=Waits)
    local_hostname: str | None = None  # for EHLO; None: the machine's own


def redacted(url: str) -> str:
    """The address without its password."""
    head, at, tail = url.rpartition("@")
    return f"{head.rpartition(':')[0]}:***@{tail}" if at and ":" in head.partition("//")[2] else url
