"""Taking readers in, one or a thousand, in the same few statements."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, select, update

from digest.addresses import Address
from digest.model import Consent, Newsletter, Order
from digest.store import tables
from digest.store.database import chunks, insert_or_ignore
from digest.store.moments import moment_id
from digest.store.newsletters import newsletter_id
from digest.store.subscriptions import SUBSCRIPTIONS, choice_of
from digest.store.times import seconds

People = Mapping[str, tuple[Address, Order]]  # by address key


class Intake(NamedTuple):
    """What is asked for. `consent` holds for all who have no proof of their own, and its time is now.

    `state` is active, pending or unsubscribed; `returning`: who left may come back by it.
    """

    newsletter: Newsletter
    consent: Consent
    state: str
    returning: bool
    proofs: Mapping[str, Consent]  # by address key

    def may_change(self, state: str) -> bool:
        """Whether this changes a subscription in that state."""
        confirms = state == "pending" and self.state == "active"
        return confirms or (state == "unsubscribed" and self.returning)


def take_in(connection: Connection, people: People, intake: Intake) -> set[str]:
    """Subscribe these people, none of them suppressed; the keys of those who were added or changed."""
    known = subscriptions_of(connection, list(people), intake.newsletter)
    fresh = [key for key in people if key not in known]
    again = [key for key, row in known.items() if intake.may_change(row.state)]
    values = _values(connection, people, intake, (*fresh, *again))
    _insert(connection, people, intake, {key: values[key] for key in fresh})
    for key in again:
        there = update(tables.subscription).where(tables.subscription.c.id == known[key].id)
        connection.execute(there.values(values[key]))
    return {*fresh, *again}


def subscriptions_of(connection: Connection, keys: Sequence[str], newsletter: Newsletter) -> dict[str, Any]:
    """The subscriptions of these addresses to one newsletter, by address key."""
    mine = SUBSCRIPTIONS.where(tables.newsletter.c.slug == newsletter.slug)
    return {
        row.address_key: row
        for some in chunks(keys)
        for row in connection.execute(mine.where(tables.subscriber.c.address_key.in_(some)))
    }


def _values(
    connection: Connection, people: People, intake: Intake, keys: Sequence[str]
) -> dict[str, dict[str, Any]]:
    now = intake.consent.at
    hours = {people[key][1][:3] for key in keys}
    places = {hour: moment_id(connection, intake.newsletter, *hour, now) for hour in hours}
    return {
        key: {
            "moment": places[people[key][1][:3]],
            "state": intake.state,
            "choice": choice_of(people[key][1].sections),
            "own_only": people[key][1].own_only,
            **_proof(intake.proofs.get(key, intake.consent), intake.state, now),
        }
        for key in keys
    }


def _proof(consent: Consent, state: str, now: datetime) -> dict[str, Any]:
    """The proof as columns. Times that another program does not tell are those at which it asked, and now."""
    confirmed = consent.confirmed_at or (consent.at if state == "active" else None)
    left = (consent.left_at or now) if state == "unsubscribed" else None
    return {
        "asked_at": seconds(consent.at),
        "asked_from": consent.origin,
        "wording": consent.wording,
        "confirmed_at": seconds(confirmed) if confirmed and state != "pending" else None,
        "left_at": seconds(left) if left else None,
    }


def _insert(
    connection: Connection, people: People, intake: Intake, values: Mapping[str, dict[str, Any]]
) -> None:
    if not values:
        return
    subscribers = _subscribers(connection, people, list(values), seconds(intake.consent.at))
    newsletter = newsletter_id(connection, intake.newsletter.slug)
    rows = [
        {"ref": secrets.token_bytes(16), "subscriber": subscribers[key], "newsletter": newsletter, **row}
        for key, row in values.items()
    ]
    connection.execute(insert(tables.subscription), rows)


def _subscribers(connection: Connection, people: People, keys: Sequence[str], created: int) -> dict[str, int]:
    """The ids of these people, by address key; made where nobody knew them."""
    rows = [
        {
            "ref": secrets.token_bytes(16),
            "address": people[key][0].mailed,
            "address_key": key,
            "created": created,
        }
        for key in keys
    ]
    connection.execute(insert_or_ignore(connection, tables.subscriber), rows)
    person = tables.subscriber.c
    query = select(person.id, person.address_key)
    return {
        row.address_key: row.id
        for some in chunks(keys)
        for row in connection.execute(query.where(person.address_key.in_(some)))
    }
