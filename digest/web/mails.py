"""The single mails that pages cause: welcome, a link to the preferences, a new address. All by the outbox.

Nothing a stranger typed stands in any of them but the address in their To.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache

from digest.addresses import Address
from digest.model import Edition, Letter, Look, Rendering, Single, Subscription
from digest.render.edition import render
from digest.render.head import list_fields
from digest.render.notice import compose_notice
from digest.render.splice import Splicer
from digest.steps.writing import single
from digest.tokens import Purpose
from digest.web.links import newsletter_of
from digest.web.phrases import first_edition
from digest.web.site import Site


def welcome(site: Site, reader: Subscription, now: datetime) -> None:
    """The last edition, with a word of welcome above it; the word alone where there is no edition yet."""
    newsletter = newsletter_of(site, reader)
    last = next(iter(site.app.archive.newest(newsletter, 1)), None)
    key = f"welcome:{reader.ref.hex()}:{int(now.timestamp())}"
    if last is None:
        _welcome_alone(site, key, reader, now)
        return
    edition = site.app.editions.load(newsletter, last.id)
    rendering = _welcoming(edition, site.look, site.wording(newsletter, reader).tag)
    # The number of a delivery would name it in the Message-ID; the moment of joining is as good, and unique.
    joined = int(now.timestamp())
    letter = Letter(joined, 0, reader.address, reader.ref, reader.choice, joined, 0, 0)
    mail = Splicer(rendering).mail(letter, *site.app.tokens.of_mail(reader.ref))
    site.app.outbox.put(Single(key, "welcome", reader.address, mail), now)


def _welcome_alone(site: Site, key: str, reader: Subscription, now: datetime) -> None:
    """It goes to a reader, so it has the way out that an edition has."""
    newsletter, own = newsletter_of(site, reader), _preferences(site, reader)
    unsubscribe, _ = site.app.tokens.of_mail(reader.ref)
    values = {
        "url": own,
        "first": first_edition(newsletter, reader, site.wording(newsletter, reader), now),
        "address": reader.address,
        "preferences": own,
        "unsubscribe": f"{site.look.url}/unsubscribe/{unsubscribe}",
        "archive": f"{site.look.url}/archive/{newsletter.slug}",
    }
    listed = list_fields(newsletter, site.look, unsubscribe, now.date())
    _notice(site, "welcome", key, reader, reader.address, values, now, listed)


@lru_cache(maxsize=8)
def _welcoming(edition: Edition, look: Look, locale: str) -> Rendering:
    """One rendering for all who join between two editions."""
    return render(edition, look, locale, welcome=True)


def preferences(site: Site, reader: Subscription, now: datetime) -> None:
    """The link to a reader's own preferences."""
    key = f"preferences:{reader.ref.hex()}:{int(now.timestamp())}"
    _notice(site, "preferences", key, reader, reader.address, {"url": _preferences(site, reader)}, now)


def move(site: Site, reader: Subscription, address: Address, now: datetime) -> None:
    """To a new address, the link that makes it theirs."""
    wish = site.app.people.move(reader.ref, address, now)
    url = f"{site.look.url}/address/{site.app.tokens.sign(Purpose.MOVE, wish)}"
    _notice(site, "move", f"move:{wish.hex()}", reader, address.mailed, {"url": url}, now)


def _notice(
    site: Site,
    kind: str,
    key: str,
    reader: Subscription,
    address: str,
    values: Mapping[str, str],
    now: datetime,
    listed: Mapping[str, str] | None = None,
) -> None:
    newsletter = newsletter_of(site, reader)
    told = {"newsletter": newsletter.title, **values}
    mail = single(
        kind,
        key,
        compose_notice(kind, told, site.look, site.wording(newsletter, reader).tag),
        now,
        sender=newsletter.sender,
        to=address,
        reply_to=newsletter.reply_to,
        listed=listed,
    )
    site.app.outbox.put(mail, now)


def _preferences(site: Site, reader: Subscription) -> str:
    return f"{site.look.url}/preferences/{site.app.tokens.sign(Purpose.PREFERENCES, reader.ref)}"
