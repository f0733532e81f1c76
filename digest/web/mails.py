"""The single mails that pages cause: welcome, a link to the preferences, a new address. All by the outbox.

Nothing a stranger typed stands in any of them but the address in their To.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from digest.addresses import Address
from digest.model import Edition, Letter, Look, Rendering, Subscription
from digest.render.edition import render
from digest.render.notice import compose_notice, notice_bytes
from digest.render.splice import Splicer
from digest.steps.previewing import links
from digest.tokens import Purpose
from digest.web.links import newsletter_of
from digest.web.site import Site


def welcome(site: Site, reader: Subscription, now: datetime) -> None:
    """The last edition, with a word of welcome above it; the word alone where there is no edition yet."""
    newsletter = newsletter_of(site, reader)
    last = next(iter(site.archive.newest(newsletter, 1)), None)
    key = f"welcome:{reader.ref.hex()}:{int(now.timestamp())}"
    if last is None:
        _notice(site, "welcome", key, reader, reader.address, _preferences(site, reader), now)
        return
    edition = site.app.editions.load(newsletter, last.id)
    rendering = _welcoming(edition, site.look, site.wording(newsletter, reader).tag)
    # The number of a delivery would name it in the Message-ID; the moment of joining is as good, and unique.
    joined = int(now.timestamp())
    letter = Letter(joined, 0, reader.address, reader.ref, reader.choice, joined, 0, 0)
    mail = Splicer(rendering).mail(letter, *links(site.app.tokens, reader.ref))
    site.app.outbox.put(key, "welcome", reader.address, mail, now)


@lru_cache(maxsize=8)
def _welcoming(edition: Edition, look: Look, locale: str) -> Rendering:
    """One rendering for all who join between two editions."""
    return render(edition, look, locale, welcome=True)


def preferences(site: Site, reader: Subscription, now: datetime) -> None:
    """The link to a reader's own preferences."""
    key = f"preferences:{reader.ref.hex()}:{int(now.timestamp())}"
    _notice(site, "preferences", key, reader, reader.address, _preferences(site, reader), now)


def move(site: Site, reader: Subscription, address: Address, now: datetime) -> None:
    """To a new address, the link that makes it theirs."""
    wish = site.people.move(reader.ref, address, now)
    url = f"{site.look.url}/address/{site.app.tokens.sign(Purpose.MOVE, wish)}"
    _notice(site, "move", f"move:{wish.hex()}", reader, address.mailed, url, now)


def _notice(
    site: Site, kind: str, key: str, reader: Subscription, address: str, url: str, now: datetime
) -> None:
    newsletter = newsletter_of(site, reader)
    mail = notice_bytes(
        compose_notice(
            kind,
            {"newsletter": newsletter.title, "url": url},
            site.look,
            site.wording(newsletter, reader).tag,
        ),
        sender=newsletter.sender,
        to=address,
        key=key,
        date=now,
        reply_to=newsletter.reply_to,
    )
    site.app.outbox.put(key, kind, address, mail, now)


def _preferences(site: Site, reader: Subscription) -> str:
    return f"{site.look.url}/preferences/{site.app.tokens.sign(Purpose.PREFERENCES, reader.ref)}"
