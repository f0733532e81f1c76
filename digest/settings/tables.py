"""Every table of config/digest.toml, with its keys, their kinds and defaults."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from digest.model import Event, Look
from digest.settings.kinds import (
    AnyWebAddress,
    Colour,
    Cutoff,
    Days,
    Duration,
    Endpoint,
    Hours,
    Issuer,
    Language,
    Mailbox,
    Picture,
    PublicKey,
    Quarter,
    RelayAddress,
    Rule,
    TaggedBox,
    WebAddress,
    Zone,
)


class Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Site(Table):
    name: str = "World News"
    url: WebAddress = "http://127.0.0.1:8000"
    postal_address: str = ""
    secret: str = ""  # environment only
    templates: str = ""


_LOOK = Look()


class LookTable(Table):
    """What an operator may change of the look without touching a template."""

    accent: Colour = _LOOK.accent
    ink: Colour = _LOOK.ink
    paper: Colour = _LOOK.paper
    ground: Colour = _LOOK.ground
    serif: str = _LOOK.serif
    sans: str = _LOOK.sans
    logo: Picture = _LOOK.logo
    logo_width: int = Field(_LOOK.logo_width, ge=16, le=600)
    labels: dict[str, str] = Field(default_factory=dict)


class Images(Table):
    """What becomes of stories' pictures; written as a table, or as its mode alone."""

    mode: Literal["link", "host", "none"] = "link"


def _images(value: object) -> object:
    return {"mode": value} if isinstance(value, str) else value


class Store(Table):
    url: str = "sqlite:///var/digest.db"
    password: str = ""  # environment only


class RelayTable(Table):
    """A mail server beside the one of [smtp]. See deliver.options.Relay for what the keys mean."""

    url: RelayAddress
    user: str = ""
    password_file: str = ""
    connections: int = Field(20, ge=1, le=1000)
    weight: int = Field(1, ge=0, le=1000)
    mails_per_connection: int = Field(0, ge=0)
    pipelining: bool = True
    ca_file: str = ""


class Smtp(RelayTable):
    url: RelayAddress = "smtp://127.0.0.1:1025"
    password: str = ""  # environment only
    rate: float = Field(0, ge=0)


class PaceTable(Table):
    """The most that one recipient domain gets from one process; 0 is no limit."""

    connections: int = Field(0, ge=0)
    rate: float = Field(0, ge=0)


class Delivery(Table):
    first_retry: Duration = 300
    max_retry: Duration = 14400
    give_up: Duration = 12 * 3600
    in_doubt: Literal["resend", "hold"] = "resend"
    stop_grace: Duration = 30
    keep: Annotated[Duration, Field(ge=30 * 86400)] = 400 * 86400


class Web(Table):
    host: str = "127.0.0.1"
    port: int = Field(8000, ge=0, le=65535)
    trusted_proxies: tuple[str, ...] = ()
    proof_of_work: bool = False
    metrics_key: str = ""  # environment only


class Desk(Table):
    """Where the desk listens by itself, as "127.0.0.1:8001"; "" is /desk on the web port."""

    listen: Endpoint = None


class Oidc(Table):
    """The OpenID provider by which people may sign in at the desk; without an issuer there is none."""

    issuer: Issuer = ""
    client_id: str = ""
    client_secret: str = ""  # environment only; without one, PKCE alone tells us from others
    name: str = "OpenID Connect"
    allow_private: bool = False

    @model_validator(mode="after")
    def _knows_itself(self) -> Self:
        if self.issuer and not self.client_id:
            raise ValueError("client_id: is missing; the provider gives one to whoever registers the desk")
        return self


class Returns(Table):
    verp: bool = False
    unsubscribe: TaggedBox = ""
    imap: str = ""
    imap_password: str = ""  # environment only
    lmtp: Endpoint = None


class Providers(Table):
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


class Dkim(Table):
    keys: tuple[Path, ...] = ()
    domain: str = ""


class Operator(Table):
    mail: str = ""
    late: Duration = 1800
    thin: float = Field(0.5, ge=0, le=1)
    remind: Duration = 4 * 3600
    heartbeat: WebAddress | Literal[""] = ""


class Addresses(Table):
    check_mx: bool = False
    refuse: tuple[str, ...] = ()


class Tracking(Table):
    clicks: bool = False


class SectionTable(Table):
    name: str
    max: int = Field(4, ge=1)
    also_in: int = Field(5, ge=0)


def _section(value: object) -> object:
    return {"name": value} if isinstance(value, str) else value


class NewsletterTable(Table):
    slug: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")
    title: str
    sender: Mailbox = Field(alias="from")
    reply_to: str = ""
    zone: Zone = "UTC"
    language: Language = "en"
    send_at: Quarter = time(7)
    mornings: Literal["home", "reader"] = "home"
    days: Days = "daily"
    cutoff: Cutoff = time(5, 30)
    sections: tuple[Annotated[SectionTable, BeforeValidator(_section)], ...] = ()
    max_stories: int = Field(20, ge=1, le=100)
    review: Literal["auto", "hold"] = "auto"
    late_by: Duration = 4 * 3600
    skip: tuple[date, ...] = ()
    link_params: dict[Annotated[str, Field(pattern=r"^[\w.~-]+$")], str] = Field(default_factory=dict)


class SourceTable(Table):
    """A `model.Source` as written; every key but `name` has that class's default."""

    name: str
    kind: Literal["feed", "pages", "sitemap", "sql", "push", "files"] = "feed"
    url: str = ""
    section: str = ""
    language: Language = ""
    priority: int = 0
    max_stories: int = Field(100, ge=1)
    include: tuple[Rule, ...] = ()
    exclude: tuple[Rule, ...] = ()
    active_hours: Hours = ""
    zone: Zone = "UTC"
    every: Duration = 900
    allow_private: bool = False
    urls: tuple[str, ...] = ()
    links: str = ""
    robots: bool = True
    query: str = ""
    path: str = ""
    follow: bool = False

    @model_validator(mode="after")
    def _has_a_place(self) -> Self:
        """What a kind of source cannot be visited without. Raises ValueError."""
        web = ("http://", "https://")
        if self.kind in ("feed", "pages", "sitemap"):
            places = [*filter(None, [self.url]), *self.urls]
            if bad := [place for place in places if not place.startswith(web)]:
                raise ValueError(f"url: must be an address that starts with https://, not {bad[0]!r}")
            if not places and not (self.kind == "feed" and self.path):
                raise ValueError(f"a source of kind {self.kind} needs a url")
        if self.kind == "sql" and not self.url.startswith(("postgresql://", "postgres://", "sqlite:///")):
            raise ValueError(f"url: must be postgresql://USER@HOST/NAME or sqlite:///FILE, not {self.url!r}")
        if self.kind == "sql" and not self.query.strip():
            raise ValueError("a source of kind sql needs a query")
        if self.kind == "files" and not self.path:
            raise ValueError("a source of kind files needs a path: the folder that is watched")
        return self


class Api(Table):
    hook_secret: str = ""  # environment only; several with spaces between, the newest first


class HookTable(Table):
    """A `model.Hook` as written; without `events` it is told of all."""

    url: AnyWebAddress
    events: tuple[Event, ...] = tuple(Event)
    allow_private: bool = False


class Settings(Table):
    """The whole configuration, checked. `folder` is the working folder: relative paths start there."""

    folder: Path = Field(default=Path(), exclude=True)
    site: Site = Site()
    look: LookTable = LookTable()
    images: Annotated[Images, BeforeValidator(_images)] = Images()
    store: Store = Store()
    smtp: Smtp = Smtp()
    delivery: Delivery = Delivery()
    web: Web = Web()
    desk: Desk = Desk()
    oidc: Oidc = Oidc()
    operator: Operator = Operator()
    returns: Returns = Returns()
    providers: Providers = Providers()
    dkim: Dkim = Dkim()
    warmup: WarmupTable = WarmupTable()
    addresses: Addresses = Addresses()
    api: Api = Api()
    hooks: tuple[HookTable, ...] = ()
    tracking: Tracking = Tracking()
    relays: tuple[RelayTable, ...] = ()
    pace: dict[str, PaceTable] = Field(default_factory=dict)
    sources: tuple[SourceTable, ...] = ()
    newsletters: tuple[NewsletterTable, ...] = ()
