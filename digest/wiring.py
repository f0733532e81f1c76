"""Settings become the running service. The only file that knows both sides of every port."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from digest import __version__
from digest.errors import ConfigError, SourceError, UsageError
from digest.model import Look, Mornings, Newsletter, Section, Source
from digest.settings import NewsletterTable, Settings
from digest.steps.service import Service
from digest.steps.telling import has_news
from digest.store.accounts import Accounts
from digest.store.audit import Audit
from digest.store.corrections import Corrections
from digest.store.database import Database
from digest.store.deliveries import Deliveries
from digest.store.editions import Editions
from digest.store.edits import Edits, Promotions
from digest.store.effects import Effects
from digest.store.incidents import Incidents
from digest.store.ledger import SqlLedger, open_ledger
from digest.store.migrate import upgrade
from digest.store.outbox import Outbox
from digest.store.planning import Planning
from digest.store.readers import Readers
from digest.store.renderings import unpack
from digest.store.statistics import Statistics
from digest.store.stories import Stories
from digest.store.strikes import Strikes
from digest.store.suppressions import Suppressions
from digest.store.visits import Visits
from digest.tokens import Tokens

if TYPE_CHECKING:
    from digest.collect.collector import Collector
    from digest.steps.absorbing import Absorbing
    from digest.steps.joining import Joining
    from digest.steps.sending import Post


SECRET_LENGTH = 32  # characters


class App:
    """Everything a command may need, made when it is first asked for."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def database(self) -> Database:
        """The store, brought to this version's tables."""
        database = Database(self.settings.store.url, self.settings.folder)
        upgrade(database)
        return database

    @cached_property
    def tokens(self) -> Tokens:
        return Tokens(signing_secrets(self.settings))

    @cached_property
    def newsletters(self) -> tuple[Newsletter, ...]:
        return tuple(map(newsletter, self.settings.newsletters))

    @cached_property
    def readers(self) -> Readers:
        return Readers(self.database, self.tokens)

    @cached_property
    def suppressions(self) -> Suppressions:
        return Suppressions(self.database, self.tokens)

    @cached_property
    def deliveries(self) -> Deliveries:
        return Deliveries(self.database)

    @cached_property
    def stories(self) -> Stories:
        return Stories(self.database)

    @cached_property
    def editions(self) -> Editions:
        return Editions(self.database)

    @cached_property
    def corrections(self) -> Corrections:
        return Corrections(self.database)

    @cached_property
    def edits(self) -> Edits:
        return Edits(self.database)

    @cached_property
    def promotions(self) -> Promotions:
        return Promotions(self.database)

    @cached_property
    def planning(self) -> Planning:
        return Planning(self.database)

    @cached_property
    def incidents(self) -> Incidents:
        return Incidents(self.database)

    @cached_property
    def visits(self) -> Visits:
        return Visits(self.database)

    @cached_property
    def statistics(self) -> Statistics:
        return Statistics(self.database)

    @cached_property
    def outbox(self) -> Outbox:
        return Outbox(self.database)

    @cached_property
    def accounts(self) -> Accounts:
        return Accounts(self.database)

    @cached_property
    def audit(self) -> Audit:
        return Audit(self.database)

    @cached_property
    def service(self) -> Service:
        return Service(
            look=look(self.settings),
            newsletters=self.newsletters,
            sources=tuple(self._sources()),
            operator=self.settings.operator.mail,
            give_up=timedelta(seconds=self.settings.delivery.give_up),
            stories=self.stories,
            editions=self.editions,
            edits=self.edits,
            promotions=self.promotions,
            staff=self.accounts,
            planning=self.planning,
            deliveries=self.deliveries,
            visits=self.visits,
            incidents=self.incidents,
            outbox=self.outbox,
            late=timedelta(seconds=self.settings.operator.late),
            thin=self.settings.operator.thin,
            remind=timedelta(seconds=self.settings.operator.remind),
        )

    @cached_property
    def joining(self) -> Joining:
        from digest.steps.joining import Joining

        return Joining(look(self.settings), self.readers, self.outbox, self.tokens)

    @cached_property
    def absorbing(self) -> Absorbing:
        from digest.steps.absorbing import Absorbing

        return Absorbing(self.readers, self.suppressions, Strikes(self.database), self.tokens)

    @cached_property
    def post(self) -> Post:
        from digest.deliver.options import Options, Relay
        from digest.steps.sending import Composer, Post

        smtp, delivery = self.settings.smtp, self.settings.delivery
        relay = Relay.parse(smtp.url, connections=smtp.connections)
        if smtp.user:
            relay = replace(relay, username=smtp.user, password=smtp.password)
        options = Options(
            rate=smtp.rate,
            first_retry=delivery.first_retry,
            max_retry=delivery.max_retry,
            stop_grace=delivery.stop_grace,
        )
        verp = self.settings.returns.verp
        composer = Composer(self.editions, self.deliveries, self.tokens, self.newsletters, verp=verp)
        return Post((relay,), options, self._ledger, composer, time.time)

    @asynccontextmanager
    async def collector(self, *, by_hand: bool = False) -> AsyncIterator[Collector]:
        """Visits sources, leads found in child processes, as long as this is open."""
        from digest.collect.collector import Collector
        from digest.collect.http import Web
        from digest.collect.workers import Workers
        from digest.summarise import summarise

        agent = f"MorningDigest/{__version__} (+{self.settings.site.url})"
        async with Web(agent) as web, Workers() as workers:
            yield Collector(web, workers, summarise, by_hand)

    @asynccontextmanager
    async def _ledger(self) -> AsyncIterator[SqlLedger]:
        """This process as a worker of the delivery ledger, as long as it is open."""
        ledger = await open_ledger(
            self.database.driver_url,
            unpack,
            int(time.time()),
            in_doubt=self.settings.delivery.in_doubt,
            on_effect=Effects(self.tokens, self.database.journal),
        )
        try:
            yield ledger
        finally:
            await ledger.close(int(time.time()))

    def _sources(self) -> Iterator[Source]:
        """The configured sources; a feed's `path` names an OPML file, each of whose feeds is one."""
        for table in self.settings.sources:
            source = Source(**dict(table))
            path = self.settings.folder / table.path
            if table.kind == "files":
                yield replace(source, path=str(path))
            elif table.kind == "feed" and table.path:
                yield from _listed(source, path)
            else:
                yield source

    def is_due(self, now: datetime) -> bool:
        """Whether there is anything to send now, or to tell: a look at three small indexes."""
        waiting = (self.deliveries.next_due(), self.outbox.next_at())
        told = bool(self.settings.operator.mail) and has_news(self.service, now)
        return told or any(at is not None and at <= now for at in waiting)

    def newsletter(self, slug: str | None) -> Newsletter:
        """The newsletter of that slug; it may be left out where there is one. Raises UsageError."""
        known = {one.slug: one for one in self.newsletters}
        if slug is None and len(known) == 1:
            return self.newsletters[0]
        if not known:
            raise ConfigError(
                "no newsletter is configured: add a [[newsletters]] table to config/digest.toml"
            )
        if slug is None:
            raise UsageError(f"say which newsletter: --newsletter {' or '.join(known)}")
        if slug not in known:
            raise UsageError(f"no newsletter {slug!r} is configured; known are {', '.join(known)}")
        return known[slug]

    def close(self) -> None:
        if "database" in self.__dict__:
            self.database.close()


@contextmanager
def opened(settings: Settings) -> Iterator[App]:
    """An App, closed at the end."""
    app = App(settings)
    try:
        yield app
    finally:
        app.close()


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


def newsletter(table: NewsletterTable) -> Newsletter:
    """The newsletter as the stages know it."""
    values = dict(table) | {
        "mornings": Mornings(table.mornings),
        "sections": tuple(Section(one.name, one.max, one.also_in) for one in table.sections),
    }
    return Newsletter(**values)


def look(settings: Settings) -> Look:
    """What the operator set of the look; a folder of his own templates starts at the working folder."""
    site = settings.site
    templates = str(settings.folder / site.templates) if site.templates else ""
    set_by_operator = dict(settings.look) | {"labels": tuple(settings.look.labels.items())}
    return Look(site.name, site.url, site.postal_address, templates=templates, **set_by_operator)


def signing_secrets(settings: Settings) -> list[str]:
    """DIGEST_SITE__SECRET, else the lines of var/secret, newest first; made (mode 0600) where there is none.

    Raises ConfigError where others could read the file.
    """
    if settings.site.secret:
        return _strong(settings.site.secret.split(), "DIGEST_SITE__SECRET")
    file = settings.folder / "var" / "secret"
    with suppress(FileExistsError):
        make_secret(file)
    if file.stat().st_mode & 0o077:
        raise ConfigError(f"{file}: others can read the signing secret; run: chmod 600 {file}")
    return _strong(file.read_text(encoding="ascii").split(), str(file))


def _strong(secrets_: list[str], place: str) -> list[str]:
    """With a short secret anybody can sign a reader's links. Raises ConfigError."""
    if not secrets_ or any(len(secret) < SECRET_LENGTH for secret in secrets_):
        least = f"a signing secret has at least {SECRET_LENGTH} characters"
        raise ConfigError(f"{place}: {least}; make one with: openssl rand -hex 32")
    return secrets_


def make_secret(file: Path) -> None:
    """A new signing secret. Raises FileExistsError where one is."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as opened_file:
        opened_file.write(secrets.token_urlsafe(32) + "\n")
