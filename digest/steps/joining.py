"""How an address comes onto the list: form, API, command and import obey the same rules here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from digest import ports
from digest.addresses import Address
from digest.model import Consent, Look, Newsletter, Order, Subscribed, Subscription, SubscriptionState
from digest.render.notice import compose_notice
from digest.steps.writing import single
from digest.tokens import Purpose, Tokens

WORDING = "confirm-1"  # which text the reader agreed to: digest/render/notice.py, kind "confirm"


@dataclass(frozen=True)
class Joining:
    """What is needed to take readers in."""

    look: Look
    readers: ports.Readers
    outbox: ports.Outbox
    tokens: Tokens


def join(
    joining: Joining,
    address: Address,
    newsletter: Newsletter,
    order: Order,
    origin: str,
    confirmed: bool,
    now: datetime,
    wording: str = "",
) -> Subscribed:
    """Subscribe one address; unless consent is proven it is pending, and gets a mail to confirm.

    `wording` is the text that was agreed to, where consent is proven elsewhere; "" where that is not known.
    """
    consent = Consent(now, origin, wording if confirmed else WORDING)
    done = joining.readers.subscribe(address, newsletter, order, consent, confirmed=confirmed)
    if done.created:  # whoever asks again on a page is written to by the page
        _ask_once(joining, newsletter, done, now)
    return done


def join_many(
    joining: Joining,
    people: Sequence[tuple[Address, Order]],
    newsletter: Newsletter,
    origin: str,
    confirmed: bool,
    now: datetime,
    proofs: Mapping[str, Consent] = {},
) -> list[Subscribed]:
    """Subscribe many in one transaction; nobody who left or is suppressed is brought back.

    `proofs`, by address key, are the consents that were given elsewhere and come along.
    """
    consent = Consent(now, origin, "" if confirmed else WORDING)
    done = joining.readers.take_in(people, newsletter, consent, confirmed=confirmed, proofs=proofs)
    for one in done:
        _ask_once(joining, newsletter, one, now)
    return done


def take_out(
    joining: Joining,
    people: Sequence[tuple[Address, Order]],
    newsletter: Newsletter,
    proofs: Mapping[str, Consent],
    now: datetime,
) -> int:
    """Keep many, who have left elsewhere, as having left; how many were not known as such."""
    return joining.readers.take_out(people, newsletter, Consent(now, "import"), proofs)


def ask(joining: Joining, newsletter: Newsletter, subscription: Subscription, now: datetime) -> None:
    """Put the mail to confirm into the outbox. Nothing that anyone typed stands in it but the address."""
    _write(joining, "confirm", newsletter, subscription, "confirm", Purpose.CONFIRM, now, now)


def _ask_once(joining: Joining, newsletter: Newsletter, done: Subscribed, now: datetime) -> None:
    """Ask whoever waits to confirm, if no mail of this asking was put in: its sender may have died before."""
    waiting = done.subscription
    if waiting.state is SubscriptionState.PENDING and waiting.asked_at:
        asked_at = waiting.asked_at
        _write(joining, "confirm", newsletter, waiting, "confirm", Purpose.CONFIRM, now, asked_at)


def farewell(joining: Joining, newsletter: Newsletter, left: Subscription, now: datetime) -> None:
    """Tell who left by mail, and so saw no page, that it is done, with the way back."""
    _write(joining, "goodbye", newsletter, left, "return", Purpose.RETURN, now, now)


def _write(
    joining: Joining,
    kind: str,
    newsletter: Newsletter,
    reader: Subscription,
    page: str,
    purpose: Purpose,
    now: datetime,
    since: datetime,  # when what it is about came to be: there is one such mail
) -> None:
    url = f"{joining.look.url}/{page}/{joining.tokens.sign(purpose, reader.ref)}"
    values = {"newsletter": newsletter.title, "url": url}
    key = f"{kind}:{reader.ref.hex()}:{int(since.timestamp())}"
    notice = compose_notice(kind, values, joining.look, reader.language or newsletter.language)
    mail = single(
        kind, key, notice, now, sender=newsletter.sender, to=reader.address, reply_to=newsletter.reply_to
    )
    joining.outbox.put(mail, now)
