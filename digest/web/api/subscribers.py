"""Subscribers, for a publisher's own backend: address, consent and suppression have everyone's rules."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from digest.addresses import accept
from digest.model import ApiKey, Order, Subscription, SubscriptionState
from digest.render.catalogue import languages
from digest.steps.joining import WORDING, join
from digest.steps.orders import order_of
from digest.web.api.access import ChangingReaders, Reading
from digest.web.api.log import noted
from digest.web.api.pages import Cursor, Limit, Mailbox, Page, Text, after, page
from digest.web.api.problems import Problem
from digest.web.api.repeats import REPEATABLE, Repeatable
from digest.web.api.subscription import Change, Ident, Proof, Subscribe, Subscriber, shown
from digest.web.site import Here, Site

CLOCKS_DIFFER = timedelta(minutes=5)

router = APIRouter(prefix="/subscribers", tags=["subscribers"], route_class=Repeatable)
InPath = Annotated[Ident, Path()]


@router.get("")
def list_subscribers(
    site: Here,
    _key: Reading,
    address: Annotated[Mailbox, Query(description="Only this person's.")] = "",
    newsletter: Annotated[Text, Query(description="Only of this one.")] = "",
    state: SubscriptionState | None = None,
    cursor: Cursor = "",
    limit: Limit = 100,
) -> Page[Subscriber]:
    """Subscribers, the oldest first."""
    if address:
        theirs = site.app.readers.of(accept(address))
        return Page(items=[shown(one) for one in theirs if newsletter in {"", one.newsletter}])
    rows = site.app.listing.subscriptions(after(cursor, 0), limit + 1, newsletter, state or "")
    return page(rows, limit, lambda row: row.id, shown)


@router.post(
    "",
    status_code=201,
    openapi_extra=REPEATABLE,
    responses={200: {"model": Subscriber, "description": "It was there already, and nothing was changed"}},
)
def subscribe(site: Here, key: ChangingReaders, given: Subscribe, response: Response) -> Subscriber:
    """Subscribe a person: active with `proof`, else pending, and a mail to confirm goes out.

    Whoever left comes back by it in the same way. A suppressed address is refused (409).
    """
    person, newsletter = accept(given.address), site.app.newsletter(given.newsletter or None)
    sections = ",".join(given.sections)
    order = order_of(newsletter, given.zone, given.at, sections, given.days)._replace(own_only=given.own_only)
    now = site.clock()
    origin = _origin(key, given.proof, now)
    wording = given.proof.wording if given.proof else WORDING
    proven = given.proof is not None
    done = join(site.app.joining, person, newsletter, order, origin, proven, now, wording)
    if done.suppressed:
        raise Problem(409, f"{person.mailed} is suppressed: see /suppressions")
    response.status_code = 201 if done.created else 200
    if done.created:
        noted(site, key, "subscribed", _named(done.subscription))
    return shown(done.subscription)


@router.get("/{subscriber}")
def show_subscriber(site: Here, _key: Reading, subscriber: InPath) -> Subscriber:
    """One subscriber."""
    return shown(subscription_of(site, subscriber))


@router.patch("/{subscriber}")
def change_subscriber(site: Here, key: ChangingReaders, subscriber: InPath, given: Change) -> Subscriber:
    """Change hour, zone, days, sections; and for the person: language and pause, of all that they read."""
    if given.language not in {None, "", *languages()}:
        raise Problem(422, f"language: known are {', '.join(languages())}")
    mine, now = subscription_of(site, subscriber), site.clock()
    newsletter = site.app.newsletter(mine.newsletter)
    site.app.readers.change(mine.ref, newsletter, _changed(site, mine, given), now)
    if given.model_fields_set & {"language", "paused_until"}:
        language = mine.language if given.language is None else given.language
        paused = given.paused_until if "paused_until" in given.model_fields_set else mine.paused_until
        site.app.people.settle(mine.ref, language, paused)
    now_is = subscription_of(site, subscriber)
    if now_is != mine:
        noted(site, key, "changed a reader", _named(mine))
    return shown(now_is)


@router.delete("/{subscriber}", status_code=204)
def unsubscribe(site: Here, key: ChangingReaders, subscriber: InPath) -> None:
    """End a subscription, and withdraw its unsent mail; twice is harmless."""
    mine = subscription_of(site, subscriber)
    site.app.readers.leave(mine.ref, site.clock())
    if mine.state in {SubscriptionState.PENDING, SubscriptionState.ACTIVE}:
        noted(site, key, "unsubscribed", _named(mine))


def subscription_of(site: Site, ident: str) -> Subscription:
    """The subscription of that id. Raises Problem; also for a person who was erased since."""
    found = site.app.readers.by_ref(bytes.fromhex(ident))
    if found is None or not found.address:
        raise Problem(404, f"there is no subscriber {ident}")
    return found


def _named(reader: Subscription) -> str:
    """A reader in the log, as the desk names them there."""
    return f"reader {reader.ref.hex()}"


def _origin(key: ApiKey, proof: Proof | None, now: datetime) -> str:
    if proof is None:
        return key.who
    if not now - timedelta(days=36525) < proof.at <= now + CLOCKS_DIFFER:
        raise Problem(422, "proof.at: consent was given at a time that has come")
    return f"{key.who}: {proof.origin}, {proof.at.isoformat()}"


def _changed(site: Site, mine: Subscription, given: Change) -> Order:
    newsletter = site.app.newsletter(mine.newsletter)
    chosen = mine.sections if given.sections is None else given.sections
    order = order_of(
        newsletter,
        given.zone or mine.zone,
        given.at or f"{mine.at:%H:%M}",
        ",".join(chosen),
        given.days or mine.days,
    )
    return order._replace(own_only=mine.own_only if given.own_only is None else given.own_only)
