"""Settings as the stages know them: newsletters, sources, relays, the look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from digest.errors import ConfigError, SourceError
from digest.model import Hook, Look, Mornings, Newsletter, Section, Source
from digest.settings import NewsletterTable, RelayTable, Settings

if TYPE_CHECKING:
    from digest.deliver.options import Options, Relay
    from digest.store.database import Database


def newsletter(table: NewsletterTable) -> Newsletter:
    """The newsletter as the stages know it."""
    values = dict(table) | {
        "mornings": Mornings(table.mornings),
        "link_params": tuple(table.link_params.items()),
        "sections": tuple(Section(one.name, one.max, one.also_in) for one in table.sections),
    }
    return Newsletter(**values)


def sources(settings: Settings) -> Iterator[Source]:
    """The configured sources; a feed's `path` names an OPML file, each of whose feeds is one."""
    for table in settings.sources:
        source = Source(**dict(table))
        path = settings.folder / table.path
        if table.kind == "files":
            yield replace(source, path=str(path))
        elif table.kind == "feed" and table.path:
            yield from _listed(source, path)
        else:
            yield source


def _listed(source: Source, opml: Path) -> Iterator[Source]:
    """The feeds of an OPML file, with everything else that this source says. Raises ConfigError."""
    from digest.collect.opml import parse_opml

    try:
        feeds = parse_opml(opml.read_bytes(), opml.name)
    except (OSError, SourceError) as error:
        raise ConfigError(f"sources: {source.name}: path: {error}") from None
    for feed in feeds:
        name, section = f"{source.name}-{feed.name}", feed.section or source.section
        yield replace(source, name=name, url=feed.url, section=section, path="")


def hooks(settings: Settings) -> tuple[Hook, ...]:
    """Who is told of events, and of which."""
    return tuple(Hook(one.url, frozenset(one.events), one.allow_private) for one in settings.hooks)


def look(settings: Settings) -> Look:
    """What the operator set of the look; a folder of his own templates starts at the working folder."""
    site = settings.site
    templates = str(settings.folder / site.templates) if site.templates else ""
    set_by_operator = dict(settings.look) | {
        "labels": tuple(settings.look.labels.items()),
        "images": settings.images.mode,
        "unsubscribe": settings.returns.unsubscribe,
    }
    return Look(site.name, site.url, site.postal_address, templates=templates, **set_by_operator)


def database(settings: Settings) -> Database:
    """The store as it stands, its tables not brought up to date. A SQLite file that is missing is made."""
    from digest.store.database import Database

    database = Database(settings.store.url, settings.folder, password=settings.store.password)
    database.hooks = hooks(settings)
    return database


def is_made(settings: Settings) -> bool:
    """Whether the store is there to be looked at: opening a SQLite file that is missing would make it."""
    scheme, _, path = settings.store.url.partition(":///")
    return scheme != "sqlite" or (settings.folder / path).exists()


def delivery_options(settings: Settings) -> Options:
    """How a run behaves: its pace, its retries, its end."""
    from digest.deliver.options import DomainPace, Options

    return Options(
        rate=settings.smtp.rate,
        first_retry=settings.delivery.first_retry,
        max_retry=settings.delivery.max_retry,
        stop_grace=settings.delivery.stop_grace,
        domains={name: DomainPace(**dict(pace)) for name, pace in settings.pace.items()},
    )


def relays(settings: Settings) -> tuple[Relay, ...]:
    """The mail server of [smtp], and those of [[relays]]. Raises ConfigError."""
    from digest.deliver.options import Relay

    found = []
    for table in (settings.smtp, *settings.relays):
        keys = table.model_dump(include=set(RelayTable.model_fields) - {"url", "user", "password_file"})
        relay = Relay.parse(table.url, **keys)
        if table.user:
            relay = replace(relay, username=table.user, password=_password(settings, table))
        found.append(relay)
    return tuple(found)


def _password(settings: Settings, table: RelayTable) -> str:
    if not table.password_file:
        return settings.smtp.password if table is settings.smtp else ""
    file = settings.folder / table.password_file
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"relays: password_file: {file} cannot be read: {error}") from None
