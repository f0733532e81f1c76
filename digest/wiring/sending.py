"""The way out: relays, signatures, the ledger of this process."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from digest.model import Newsletter
from digest.render.encode import domain
from digest.store.ledger import SqlLedger, open_ledger
from digest.wiring.configured import delivery_options, newsletter, relays
from digest.wiring.stores import Stores

if TYPE_CHECKING:
    from digest.deliver.dkim import Key, Record, Signer
    from digest.deliver.options import Relay
    from digest.deliver.warmup import Warmup
    from digest.steps.sending import Post


class Sending(Stores):
    """What a mail passes on its way to a relay."""

    @cached_property
    def newsletters(self) -> tuple[Newsletter, ...]:
        return tuple(map(newsletter, self.settings.newsletters))

    @cached_property
    def relays(self) -> tuple[Relay, ...]:
        """The mail servers, each with its sign-in."""
        return relays(self.settings)

    @cached_property
    def post(self) -> Post:
        from digest.steps.sending import Composer, Post

        verp = self.settings.returns.verp
        composer = Composer(
            self.renderings, self.retold, self.deliveries, self.tokens, self.newsletters, verp=verp
        )
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
    async def _ledger(self) -> AsyncIterator[SqlLedger]:
        """This process as a worker of the delivery ledger, as long as it is open."""
        from digest.store.effects import Effects

        effects = Effects(self.tokens, self.database.journal, self.database.hooks)
        ledger = await open_ledger(
            self.database.driver_url,
            int(time.time()),
            resend=self.settings.delivery.in_doubt == "resend",
            on_outcome=effects,
        )
        try:
            yield ledger
        finally:
            await ledger.close(int(time.time()))
