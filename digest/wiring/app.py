"""The running app: the service, and the steps beside it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from digest import __version__
from digest.errors import ConfigError, UsageError
from digest.model import Newsletter, Source
from digest.settings import Settings
from digest.steps.alerting import has_news
from digest.steps.service import Service
from digest.wiring.configured import look, sources
from digest.wiring.sending import Sending

if TYPE_CHECKING:
    from digest.addresses import Address
    from digest.collect.children import Children
    from digest.collect.collector import Collector
    from digest.collect.http import Web
    from digest.mx import Domains
    from digest.openid import Provider
    from digest.record.imap import Box
    from digest.render.counted import Counted
    from digest.steps.absorbing import Absorbing
    from digest.steps.calling import Calling
    from digest.steps.correcting import Correcting
    from digest.steps.guarding import Guarding
    from digest.steps.joining import Joining


class App(Sending):
    """Everything a command may need, made when it is first asked for."""

    @cached_property
    def children(self) -> Children:
        """Child processes that read what is pushed to us; opened by whoever serves the pages."""
        from digest.collect.children import Children

        return Children()

    @cached_property
    def calling(self) -> Calling:
        """How servers are told of events. Raises ConfigError where they could not know us by a secret."""
        from digest.steps.calling import Calling

        secrets_ = self.settings.api.hook_secret.split()
        if self.database.hooks and not secrets_:
            raise ConfigError("hooks: events are signed; set DIGEST_API__HOOK_SECRET in the environment")
        return Calling(self.database.hooks, self.hooks, self.incidents, secrets_)

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
            renderings=self.renderings,
            retold=self.retold,
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
        return tuple(sources(self.settings))

    @cached_property
    def joining(self) -> Joining:
        from digest.steps.joining import Joining

        return Joining(look(self.settings), self.readers, self.outbox, self.tokens)

    @cached_property
    def correcting(self) -> Correcting:
        from digest.steps.correcting import Correcting

        return Correcting(self.service, self.corrections, self.pauses, self.tellings)

    @cached_property
    def absorbing(self) -> Absorbing:
        from digest.steps.absorbing import Absorbing

        return Absorbing(
            self.readers,
            self.strikes,
            self.returns,
            self.guarding,
            self.joining,
            self.newsletters,
        )

    def mailbox(self) -> Box | None:
        """The mailbox that returned mail comes to, if one is configured. Raises ConfigError."""
        from digest.record.imap import Box

        returns = self.settings.returns
        return Box.parse(returns.imap, returns.imap_password) if returns.imap else None

    @cached_property
    def guarding(self) -> Guarding:
        from digest.steps.guarding import Guarding

        return Guarding(self.returns, self.incidents, self.pauses.add)

    @asynccontextmanager
    async def collector(self, *, by_hand: bool = False) -> AsyncIterator[Collector]:
        """Visits sources, leads found in child processes, as long as this is open."""
        from digest.collect.children import Children
        from digest.collect.collector import Collector
        from digest.collect.means import Means
        from digest.summarise import summarise

        async with self.web() as web, Children() as children:
            yield Collector(Means(web, children, summarise), by_hand)

    @asynccontextmanager
    async def openid(self) -> AsyncIterator[Provider]:
        """The OpenID provider that the configuration names, as long as this is open."""
        from digest.openid import Client, Provider

        named = self.settings.oidc
        client = Client(named.issuer, named.client_id, named.client_secret, named.allow_private)
        async with self.web() as web:
            yield Provider(client, web)

    def web(self) -> Web:
        """The way to other people's servers, with the name by which they know us; to be opened."""
        from digest.collect.http import Web

        return Web(f"MorningDigest/{__version__} (+{self.settings.site.url})")

    @cached_property
    def domains(self) -> Domains:
        from digest.mx import Domains

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

    def check_secret(self) -> None:
        """Before a service begins, rather than at its first mail. Raises ConfigError."""
        _ = self.tokens

    @property
    def home_zone(self) -> str:
        """The zone of what belongs to no newsletter: the first one's. A day of all together begins there."""
        return self.newsletters[0].zone if self.newsletters else "UTC"

    def newsletter(self, slug: str | None) -> Newsletter:
        """The newsletter of that slug, which may be left out where there is one.

        Raises UsageError for one that is not configured, ConfigError where none is.
        """
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


@contextmanager
def opened(settings: Settings, *, queued: bool = False) -> Iterator[App]:
    """An App, closed at the end; `queued` where what it plans is for workers as well."""
    app = App(settings, queued=queued)
    try:
        yield app
    finally:
        app.close()
