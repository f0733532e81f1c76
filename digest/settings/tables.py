"""Every table of config/digest.toml, with its keys, their kinds and defaults."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from digest.model import Look
from digest.settings.kinds import (
    Cutoff,
    Days,
    Duration,
    Hours,
    Listen,
    Mailbox,
    Quarter,
    Rule,
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

    accent: str = _LOOK.accent
    ink: str = _LOOK.ink
    paper: str = _LOOK.paper
    ground: str = _LOOK.ground
    serif: str = _LOOK.serif
    sans: str = _LOOK.sans
    logo: str = _LOOK.logo
    logo_width: int = Field(_LOOK.logo_width, ge=16, le=600)
    labels: dict[str, str] = Field(default_factory=dict)


class Store(Table):
    url: str = "sqlite:///var/digest.db"


class Smtp(Table):
    url: str = "smtp://127.0.0.1:1025"
    user: str = ""
    password: str = ""  # environment only
    connections: int = Field(20, ge=1, le=1000)
    rate: float = Field(0, ge=0)


class Delivery(Table):
    first_retry: Duration = 300
    max_retry: Duration = 14400
    give_up: Duration = 12 * 3600
    in_doubt: Literal["resend", "hold"] = "resend"
    stop_grace: Duration = 30


class Web(Table):
    host: str = "127.0.0.1"
    port: int = Field(8000, ge=0, le=65535)
    trusted_proxies: tuple[str, ...] = ()


class Desk(Table):
    """Where the desk listens by itself, as "127.0.0.1:8001"; "" is /desk on the web port."""

    listen: Listen = ""


class Returns(Table):
    verp: bool = False


class Operator(Table):
    mail: str = ""
    late: Duration = 1800
    thin: float = Field(0.5, ge=0, le=1)
    remind: Duration = 4 * 3600
    heartbeat: WebAddress | Literal[""] = ""


class Addresses(Table):
    check_mx: bool = False


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
    language: str = "en"
    send_at: Quarter = time(7)
    mornings: Literal["home", "reader"] = "home"
    days: Days = "daily"
    cutoff: Cutoff = time(5, 30)
    sections: tuple[Annotated[SectionTable, BeforeValidator(_section)], ...] = ()
    max_stories: int = Field(20, ge=1, le=100)
    review: Literal["auto", "hold"] = "auto"
    late_by: Duration = 4 * 3600
    skip: tuple[date, ...] = ()


class SourceTable(Table):
    """A `model.Source` as written; every key but `name` has that class's default."""

    name: str
    kind: Literal["feed", "pages", "sitemap", "sql", "push", "files"] = "feed"
    url: str = ""
    section: str = ""
    language: str = ""
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


class Settings(Table):
    """The whole configuration, checked. `folder` is the working folder: relative paths start there."""

    folder: Path = Field(default=Path(), exclude=True)
    site: Site = Site()
    look: LookTable = LookTable()
    store: Store = Store()
    smtp: Smtp = Smtp()
    delivery: Delivery = Delivery()
    web: Web = Web()
    desk: Desk = Desk()
    operator: Operator = Operator()
    returns: Returns = Returns()
    addresses: Addresses = Addresses()
    sources: tuple[SourceTable, ...] = ()
    newsletters: tuple[NewsletterTable, ...] = ()
