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
    if last is None:
        url = site.look.url + _path(site, Purpose.PREFERENCES, reader.ref)
        _notice(site, "welcome", reader, Address(reader.address, reader.address), url, now)
        return
    edition = site.app.editions.load(newsletter, last.id)
    rendering = _welcoming(edition, site.look, site.wording(newsletter, reader).tag)
    # The number of a delivery would name it in the Message-ID; the moment of joining is as good, and unique.
    joined = int(now.timestamp())
    letter = Letter(joined, 0, reader.address, reader.ref, reader.choice, joined, 0, 0)
    mail = Splicer(rendering).mail(letter, *links(site.app.tokens, reader.ref))
    site.app.outbox.put(_key("welcome", reader.ref, now), "welcome", reader.address, mail, now)


@lru_cache(maxsize=8)
def _welcoming(edition: Edition, look: Look, locale: str) -> Rendering:
    """One rendering for all who join between two editions."""
    return render(edition, look, locale, welcome=True)


def preferences(site: Site, reader: Subscription, now: datetime) -> None:
    """The link to a reader's own preferences."""
    url = site.look.url + _path(site, Purpose.PREFERENCES, reader.ref)
    _notice(site, "preferences", reader, Address(reader.address, reader.address), url, now)


def move(site: Site, reader: Subscription, address: Address, now: datetime) -> None:
    """To a new address, the link that makes it theirs."""
    wish = site.people.move(reader.ref, address, now)
    _notice(site, "move", reader, address, site.look.url + _path(site, Purpose.MOVE, wish), now)


def _notice(site: Site, kind: str, reader: Subscription, to: Address, url: str, now: datetime) -> None:
    newsletter = newsletter_of(site, reader)
    key = _key(kind, reader.ref, now)
    values = {"newsletter": newsletter.title, "url": url}
    mail = notice_bytes(
        compose_notice(kind, values, site.look, site.wording(newsletter, reader).tag),
        sender=newsletter.sender,
        to=to.mailed,
        key=key,
        date=now,
        reply_to=newsletter.reply_to,
    )
    site.app.outbox.put(key, kind, to.mailed, mail, now)


def _path(site: Site, purpose: Purpose, ref: bytes) -> str:
    return f"/{'address' if purpose is Purpose.MOVE else purpose.value}/{site.app.tokens.sign(purpose, ref)}"


def _key(kind: str, ref: bytes, now: datetime) -> str:
    return f"{kind}:{ref.hex()}:{int(now.timestamp())}"
