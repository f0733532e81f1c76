"""config/digest.toml and the environment, read once at start into one frozen Settings.

A key that is wrong is refused with the file, the key and what would be right. `DIGEST_SECTION__KEY` in the
environment goes before the file, for keys of plain tables.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Mapping
from datetime import date, time
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from digest.errors import ConfigError
from digest.model import Look
from digest.schedule.due import WEEKDAYS, weekdays

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def _seconds(value: object) -> object:
    """12h, 30m, 90s, 2d or a plain number of seconds."""
    if isinstance(value, str) and (match := re.fullmatch(r"(\d+)\s*([smhd]?)", value.strip())):
        return int(match[1]) * _UNITS[match[2] or "s"]
    return value


def checked_quarter(value: str) -> time:
    """A quarter hour. Raises ValueError."""
    if not re.fullmatch(r"([01]\d|2[0-3]):(00|15|30|45)", value):
        raise ValueError(f'must be a quarter hour such as "07:00" or "06:45", not {value!r}')
    return time.fromisoformat(value)


def _quarter(value: object) -> object:
    """From the file: text, or TOML's own time."""
    return checked_quarter(value.isoformat("minutes") if isinstance(value, time) else str(value))


def _cutoff(value: object) -> object:
    return None if value == "rolling" else _quarter(value)


def _section(value: object) -> object:
    return {"name": value} if isinstance(value, str) else value


def checked_zone(value: str) -> str:
    """An IANA time zone. Raises ValueError with the nearest one."""
    if value not in available_timezones():
        near = difflib.get_close_matches(value, available_timezones(), 1)
        raise ValueError(f"{value!r} is not an IANA time zone{f'; did you mean {near[0]}?' if near else ''}")
    return value


def checked_days(value: str) -> str:
    """Days in the one form they are stored in. Raises ValueError."""
    if value in {"daily", "weekdays"}:
        return value
    chosen = weekdays(value.lower())
    return ",".join(day for day in WEEKDAYS if day in chosen)


def _days(value: object) -> object:
    days = ",".join(str(day) for day in value) if isinstance(value, list) else value
    return checked_days(days) if isinstance(days, str) else days


def _web_address(value: str) -> str:
    if urlsplit(value).scheme not in {"http", "https"} or not urlsplit(value).netloc:
        raise ValueError(f"must be an address such as https://digest.example.com, not {value!r}")
    return value.rstrip("/")


def _mailbox(value: str) -> str:
    if "@" not in parseaddr(value)[1] or "\n" in value or "\r" in value:
        raise ValueError(f'must be a mailbox such as "World News <news@example.com>", not {value!r}')
    return value


def _hours(value: str) -> str:
    hour = r"([01]\d|2[0-3]):[0-5]\d"
    if value and not re.fullmatch(f"{hour}-{hour}", value):
        raise ValueError(f'must be hours such as "06:00-22:00", not {value!r}')
    return value


def _rule(value: str) -> str:
    from digest.collect.rules import compiled

    try:
        compiled(value)
    except ConfigError as error:
        raise ValueError(str(error)) from None
    return value


Duration = Annotated[int, BeforeValidator(_seconds), Field(ge=0)]
Quarter = Annotated[time, BeforeValidator(_quarter)]
Zone = Annotated[str, AfterValidator(checked_zone)]
Days = Annotated[str, BeforeValidator(_days)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
Mailbox = Annotated[str, AfterValidator(_mailbox)]
Hours = Annotated[str, AfterValidator(_hours)]
Rule = Annotated[str, AfterValidator(_rule)]


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


class Returns(Table):
    verp: bool = False


class Operator(Table):
    mail: str = ""


class Addresses(Table):
    check_mx: bool = False


class SectionTable(Table):
    name: str
    max: int = Field(4, ge=1)
    also_in: int = Field(5, ge=0)


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
    cutoff: Annotated[time | None, BeforeValidator(_cutoff)] = time(5, 30)
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
    operator: Operator = Operator()
    returns: Returns = Returns()
    addresses: Addresses = Addresses()
    sources: tuple[SourceTable, ...] = ()
    newsletters: tuple[NewsletterTable, ...] = ()


def load(path: Path | None = None, environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the configuration: `path`, else DIGEST_CONFIG, else config/digest.toml in the current folder.

    Raises ConfigError naming file, key and what would be right.
    """
    path = path or Path(environ.get("DIGEST_CONFIG") or "config/digest.toml")
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file; make one with: digest init") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None
    _refuse_secrets(tables, path)
    folder = path.absolute().parent
    folder = folder.parent if folder.name == "config" else folder
    return check({**_with_environment(tables, environ), "folder": folder}, str(path))


def check(tables: Mapping[str, Any], name: str) -> Settings:
    """Settings from tables as read; `name` is the file for messages. Raises ConfigError."""
    try:
        settings = Settings.model_validate(tables)
    except ValidationError as error:
        raise ConfigError("\n".join(_told(name, dict(problem)) for problem in error.errors())) from None
    for kind, names in (
        ("newsletters: slug", [newsletter.slug for newsletter in settings.newsletters]),
        ("sources: name", [source.name for source in settings.sources]),
    ):
        if doubled := sorted({value for value in names if names.count(value) > 1}):
            raise ConfigError(f"{name}: {kind}: {doubled[0]!r} is used twice; each needs its own")
    for newsletter in settings.newsletters:
        if newsletter.cutoff is None and newsletter.review == "hold":
            raise ConfigError(
                f"{name}: newsletters: {newsletter.slug}: a rolling newsletter cannot wait for approval; "
                'set review = "auto" or a cutoff hour'
            )
    return settings


_SECRETS = {("site", "secret"), ("smtp", "password")}


def _refuse_secrets(tables: Mapping[str, Any], path: Path) -> None:
    """A configuration is shown, copied and committed: a secret in it is out."""
    for table, key in sorted(_SECRETS):
        if isinstance(tables.get(table), dict) and key in tables[table]:
            name = f"DIGEST_{table}__{key}".upper()
            raise ConfigError(f"{path}: {table}: {key}: no secrets here; set {name} in the environment")


def _with_environment(tables: Mapping[str, Any], environ: Mapping[str, str]) -> dict[str, Any]:
    merged = {key: dict(value) if isinstance(value, dict) else value for key, value in tables.items()}
    for name, value in environ.items():
        match = re.fullmatch(r"DIGEST_([A-Z]+)__([A-Z0-9_]+)", name)
        if match:
            table = merged.setdefault(match[1].lower(), {})
            if isinstance(table, dict):
                table[match[2].lower()] = value
    return merged


def _told(name: str, problem: Mapping[str, Any]) -> str:
    """One problem as a sentence: file, key, what is wrong, what would be right."""
    keys = [
        key for key in problem["loc"] if isinstance(key, int) or key not in {"time", "literal['rolling']"}
    ]
    where = ": ".join(f"number {key + 1}" if isinstance(key, int) else str(key) for key in keys)
    if problem["type"] == "extra_forbidden":
        near = difflib.get_close_matches(str(keys[-1]), _known(keys[:-1]), 1)
        cure = f"did you mean {near[0]}?" if near else f"known are {', '.join(_known(keys[:-1]))}"
        return f"{name}: {where}: unknown key; {cure}"
    if problem["type"] == "missing":
        return f"{name}: {where}: is missing and has no default; set it"
    said = problem["msg"].removeprefix("Value error, ")
    if tuple(keys) in _SECRETS:
        return f"{name}: {where}: {said}"
    shown = "" if problem["type"] == "value_error" else f" (is {problem['input']!r})"
    return f"{name}: {where}: {said[:1].lower()}{said[1:]}{shown}"


def _known(keys: list[Any]) -> list[str]:
    """The keys that the table at `keys` takes."""
    lists: dict[str, Any] = {
        "sources": SourceTable,
        "newsletters": NewsletterTable,
        "sections": SectionTable,
    }
    model: Any = Settings
    for key in (key for key in keys if isinstance(key, str)):
        model = lists.get(key) or model.model_fields[key].annotation
    fields: Mapping[str, Any] = model.model_fields
    return sorted(field.alias or key for key, field in fields.items() if key != "folder")
