"""What a refusal asks beyond its own delivery, in the same transaction: a dead address is off at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from digest.model import Effect, Event, Hook, Outcome
from digest.record.suppression import Reason, worn_out
from digest.store.hooks import rows_of, wanted
from digest.store.journal import SUPPRESSED, Entry, Journal
from digest.store.ledger_driver import Driver
from digest.store.strikes import STRIKES, SUCCESS
from digest.store.times import moment
from digest.tokens import Tokens

PERSON = """
    SELECT p.id, p.address_key FROM delivery d JOIN subscription s ON s.id = d.subscription
    JOIN subscriber p ON p.id = s.subscriber WHERE d.id = :id AND p.address_key IS NOT NULL"""

STRIKE = """
    INSERT INTO strike (subscriber, delivery, at) VALUES (:person, :id, :now)
    ON CONFLICT (subscriber, delivery) DO UPDATE SET at = excluded.at"""

SUPPRESS = """
    INSERT INTO suppression (address_hmac, reason, detail, at) VALUES (:key, :reason, :detail, :now)
    ON CONFLICT (address_hmac) DO NOTHING"""

STOP = """
    UPDATE subscription SET state = 'suppressed', left_at = :now
    WHERE subscriber = :person AND state = 'active'"""

WITHDRAW = """
    UPDATE delivery SET state = 5, at = :now, next_at = NULL WHERE state IN (0, 1, 2)
    AND subscription IN (SELECT id FROM subscription WHERE subscriber = :person)"""


REFUSED = """
    SELECT s.ref, n.slug, p.address, d.edition FROM delivery d JOIN subscription s ON s.id = d.subscription
    JOIN subscriber p ON p.id = s.subscriber JOIN newsletter n ON n.id = s.newsletter WHERE d.id = :id"""

ACTIVE = """
    SELECT s.ref, n.slug, p.address FROM subscription s JOIN subscriber p ON p.id = s.subscriber
    JOIN newsletter n ON n.id = s.newsletter WHERE s.subscriber = :person AND s.state = 'active'"""

HOOK = """
    INSERT INTO hook (ref, url, event, data, at, next_at, attempts, reply)
    VALUES (:ref, :url, :event, :data, :at, :next_at, :attempts, :reply)"""


class Effects:
    """Suppresses and counts, as the ledger records outcomes. Called within its transaction."""

    def __init__(self, tokens: Tokens, journal: Journal, hooks: Sequence[Hook] = ()) -> None:
        self._tokens = tokens
        self._journal = journal
        self._hooks = hooks

    async def __call__(self, driver: Driver, outcome: Outcome, now: int) -> None:
        rows = await driver.run(PERSON, id=outcome.delivery)
        if not rows:
            return
        person, address_key = rows[0]
        if outcome.effect is Effect.SUPPRESS:
            await self._suppress(driver, person, address_key, Reason.HARD, outcome, now)
        elif await self._strike(driver, person, outcome, now):
            await self._suppress(driver, person, address_key, Reason.SOFT, outcome, now)

    async def _strike(self, driver: Driver, person: int, outcome: Outcome, now: int) -> bool:
        """Count one failure; whether they have become too many."""
        await driver.run(STRIKE, person=person, id=outcome.delivery, now=now)
        strikes = [moment(row[0]) for row in await driver.run(STRIKES, person=person)]
        success = (await driver.run(SUCCESS, person=person, failing=outcome.delivery))[0][0]
        return worn_out(strikes, moment(success) if success is not None else None, moment(now))

    async def _suppress(
        self, driver: Driver, person: int, address_key: str, reason: Reason, outcome: Outcome, now: int
    ) -> None:
        values: dict[str, Any] = {"reason": reason.value, "detail": outcome.reply[:1000], "now": now}
        key = self._tokens.suppression_key(address_key)
        await driver.run(SUPPRESS, key=key, **values)
        await self._tell_left(driver, person, now)
        await driver.run(STOP, person=person, now=now)
        await driver.run(WITHDRAW, person=person, now=now)
        self._journal.append(Entry(moment(now), SUPPRESSED, key, reason.value))

    async def refused(self, driver: Driver, outcome: Outcome, now: int) -> None:
        """Tell the servers that want to know of every refusal."""
        if not wanted(self._hooks, Event.DELIVERY_REFUSED):
            return
        for ref, slug, address, edition in await driver.run(REFUSED, id=outcome.delivery):
            told = {"code": outcome.code, "status": outcome.status, "reply": outcome.reply[:1000]}
            reader = {"subscriber": bytes(ref).hex(), "newsletter": slug, "address": address}
            data = {"delivery": outcome.delivery, "edition": edition, **reader, **told}
            await self._tell(driver, Event.DELIVERY_REFUSED, data, now)

    async def _tell_left(self, driver: Driver, person: int, now: int) -> None:
        if not wanted(self._hooks, Event.SUBSCRIBER_LEFT):
            return
        for ref, slug, address in await driver.run(ACTIVE, person=person):
            reader = {"subscriber": bytes(ref).hex(), "newsletter": slug, "address": address}
            await self._tell(driver, Event.SUBSCRIBER_LEFT, {**reader, "reason": "suppressed"}, now)

    async def _tell(self, driver: Driver, event: Event, data: dict[str, Any], now: int) -> None:
        for row in rows_of(self._hooks, event, now, data):
            await driver.run(HOOK, **row)
