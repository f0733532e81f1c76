"""Settings become the running service. The only file that knows both sides of every port."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from digest import __version__
from digest.errors import ConfigError, SourceError, UsageError
from digest.model import Hook, Look, Mornings, Newsletter, Section, Source
from digest.render.encode import domain
from digest.settings import NewsletterTable, RelayTable, Settings
from digest.steps.service import Service
from digest.steps.telling import has_news
from digest.store.accounts import Accounts
from digest.store.audit import Audit
from digest.store.corrections import Corrections
from digest.store.database import Database
from digest.store.deliveries import Deliveries
from digest.store.editions import Editions
from digest.store.edits import Edits, Promotions
from digest.store.hooks import Hooks
from digest.store.incidents import Incidents
from digest.store.keys import Keys
from digest.store.ledger import SqlLedger, open_ledger
from digest.store.listing import Listing
from digest.store.migrate import upgrade
from digest.store.outbox import Outbox
from digest.store.pictures import Pictures
from digest.store.planning import Planning
from digest.store.readers import Readers
from digest.store.renderings import unpack
from digest.store.returns import Returns
from digest.store.statistics import Statistics
from digest.store.stories import Stories
from digest.store.strikes import Strikes
from digest.store.suppressions import Suppressions
from digest.store.visits import Visits
from digest.tokens import Tokens

if TYPE_CHECKING:
    from digest.addresses import Address
    from digest.collect.collector import Collector
    from digest.collect.workers import Workers
    from digest.deliver.dkim import Key, Record, Signer
    from digest.deliver.options import Options, Relay
    from digest.deliver.warmup import Warmup
    from digest.domains import Domains
    from digest.record.imap import Box
    from digest.render.counted import Counted
    from digest.steps.absorbing import Absorbing
    from digest.steps.calling import Calling
    from digest.steps.guarding import Guarding
    from digest.steps.joining import Joining
    from digest.steps.sending import Post


SECRET_LENGTH = 32  # characters


class App:
    """Everything a command may need, made when it is first asked for."""

    def __init__(self, settings: Settings, *, queued: bool = False) -> None:
        self.settings = settings
        self._queued = queued  # what it plans is for workers as well

    @cached_property
    def database(self) -> Database:
        """The store, brought to this version's tables."""
        store = self.settings.store
        database = Database(store.url, self.settings.folder, password=store.password)
        database.hooks = hooks(self.settings)
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
    def pictures(self) -> Pictures:
        return Pictures(self.database, self.settings.folder / "var" / "pictures")

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
        if not self._queued:
            return Planning(self.database)
        from digest.store.queue import enqueue

        return Planning(self.database, enqueue)

    @cached_property
    def incidents(self) -> Incidents:
        return Incidents(self.database)

    @cached_property
    def visits(self) -> Visits:
        return Visits(self.database)

    @cached_property
    def workers(self) -> Workers:
        """Child processes that read what is pushed to us; opened by whoever serves the pages."""
        from digest.collect.workers import Workers

        return Workers()

    @cached_property
    def hooks(self) -> Hooks:
        return Hooks(self.database)

    @cached_property
    def calling(self) -> Calling:
        """How servers are told of events. Raises ConfigError where they could not know us by a secret."""
        from digest.steps.calling import Calling

        secrets_ = self.settings.api.hook_secret.split()
        if self.database.hooks and not secrets_:
            raise ConfigError("hooks: events are signed; set DIGEST_API__HOOK_SECRET in the environment")
        return Calling(self.database.hooks, self.hooks, self.incidents, secrets_)

    @cached_property
    def listing(self) -> Listing:
        return Listing(self.database)

    @cached_property
    def keys(self) -> Keys:
        return Keys(self.database)

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
        service = Service(
            look=look(self.settings),
            newsletters=self.newsletters,
            sources=self.sources,
            operator=self.settings.operator.mail,
            give_up=timedelta(seconds=self.settings.delivery.give_up),
            stories=self.stories,
            pictures=self.pictures,
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
        return replace(service, counted=self.counted) if self.settings.tracking.clicks else service

    @cached_property
    def counted(self) -> Counted:
        from digest.render.counted import Counted

        return Counted(self.settings.site.url, self.tokens)

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """The configured sources; each feed of an OPML file is one."""
        return tuple(self._sources())

    @cached_property
    def joining(self) -> Joining:
        from digest.steps.joining import Joining

        return Joining(look(self.settings), self.readers, self.outbox, self.tokens)

    @cached_property
    def absorbing(self) -> Absorbing:
        from digest.steps.absorbing import Absorbing

        return Absorbing(
            self.readers,
            Strikes(self.database),
            self.returns,
            self.guarding,
            self.tokens,
        )

    def mailbox(self) -> Box | None:
        """The mailbox that returned mail comes to, if one is configured. Raises ConfigError."""
        from digest.record.imap import Box

        returns = self.settings.returns
        return Box.parse(returns.imap, returns.imap_password) if returns.imap else None

    @cached_property
    def guarding(self) -> Guarding:
        from digest.steps.guarding import Guarding

        return Guarding(self.returns, self.incidents, self.deliveries.pause)

    @cached_property
    def returns(self) -> Returns:
        return Returns(self.database, self.tokens)

    @cached_property
    def relays(self) -> tuple[Relay, ...]:
        """The mail servers, each with its sign-in."""
        return relays(self.settings)

    @cached_property
    def post(self) -> Post:
        from digest.steps.sending import Composer, Post

        verp = self.settings.returns.verp
        composer = Composer(self.editions, self.deliveries, self.tokens, self.newsletters, verp=verp)
        warmup = self._warmup if self.settings.warmup.domains else None
        return Post(
            self.relays,
            delivery_options(self.settings),
            self._ledger,
            composer,
            time.time,
            warmup,
            self.signer,
        )

    def _warmup(self) -> Warmup:
        """Today's limits of a new sender, and what of them is used."""
        from digest.deliver.warmup import Warmup

        table = self.settings.warmup
        first_day = {name.lower(): mails for name, mails in table.domains.items()}
        midnight = datetime.fromtimestamp(time.time(), UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        delivered = self.returns.delivered(midnight, list(first_day))
        return Warmup(table.since, table.growth, first_day, delivered, midnight.date())

    @cached_property
    def signer(self) -> Signer | None:
        """Signs what leaves; None where no key is configured. Raises ConfigError for a key that is none."""
        from digest.deliver.dkim import Signer

        keys = self.dkim_keys
        return Signer(keys, self.settings.dkim.domain) if keys else None

    @cached_property
    def dkim_keys(self) -> tuple[Key, ...]:
        from digest.deliver.dkim_keys import read_key

        return tuple(read_key(self.settings.folder / file) for file in self.settings.dkim.keys)

    def dkim_records(self, keys: Sequence[Key]) -> Sequence[Record]:
        """What to publish for these keys, at each domain that our signatures name."""
        named = self.settings.dkim.domain
        domains = [named] if named else sorted({domain(one.sender) for one in self.newsletters})
        return [key.record(one) for one in domains for key in keys]

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
        from digest.store.effects import Effects

        effects = Effects(self.tokens, self.database.journal, self.database.hooks)
        ledger = await open_ledger(
            self.database.driver_url,
            unpack,
            int(time.time()),
            in_doubt=self.settings.delivery.in_doubt,
            on_effect=effects,
            on_refusal=effects.refused,
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

    @cached_property
    def domains(self) -> Domains:
        from digest.domains import Domains

        return Domains()

    def dead_domains(self, addresses: Iterable[Address]) -> set[str]:
        """Which domains of these addresses surely take no mail; none where nobody wants to have it asked."""
        asks = self.settings.addresses.check_mx
        return self.domains.dead(one.domain for one in addresses) if asks else set()

    def is_due(self, now: datetime) -> bool:
        """Whether there is anything to send now, or to tell: a look at three small indexes."""
        at = self.deliveries.next_due()
        return (at is not None and at <= now) or self.has_singles(now)

    def has_singles(self, now: datetime) -> bool:
        """Whether a single mail is due, or something is to be told to the operator."""
        at = self.outbox.next_at()
        told = bool(self.settings.operator.mail) and has_news(self.service, now)
        return told or (at is not None and at <= now)

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
def opened(settings: Settings, *, queued: bool = False) -> Iterator[App]:
    """An App, closed at the end; `queued` where what it plans is for workers as well."""
    app = App(settings, queued=queued)
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
        "link_params": tuple(table.link_params.items()),
        "sections": tuple(Section(one.name, one.max, one.also_in) for one in table.sections),
    }
    return Newsletter(**values)


def hooks(settings: Settings) -> tuple[Hook, ...]:
    """Who is told of events, and of which."""
    return tuple(Hook(one.url, frozenset(one.events), one.allow_private) for one in settings.hooks)


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


def rotate_secret(settings: Settings) -> Path:
    """Put a new secret on top of var/secret; old links stay good. Raises ConfigError, UsageError."""
    if settings.site.secret:
        raise UsageError(
            "the secret is in DIGEST_SITE__SECRET: put a new one in front of it there, parted by a blank"
        )
    known = signing_secrets(settings)
    file = settings.folder / "var" / "secret"
    fresh = file.with_name("secret.new")
    fresh.unlink(missing_ok=True)
    make_secret(fresh)
    with fresh.open("a", encoding="ascii") as opened_file:
        opened_file.write("".join(f"{secret}\n" for secret in known))
        opened_file.flush()
        os.fsync(opened_file.fileno())
    fresh.replace(file)
    return file
