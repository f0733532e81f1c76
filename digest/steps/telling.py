"""The mail to those who have an edition that was corrected: a batch at a time, each in one transaction.

How far it has come is stored with the mails that were put in. Whoever goes on, after a crash or beside
another process, writes to nobody twice and leaves nobody out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from html import escape
from typing import Protocol

from digest.model import Edition, Look, Newsletter, Single, Subscription, Telling
from digest.render.catalogue import Wording
from digest.render.head import list_fields
from digest.render.notice import Notice, compose_notice
from digest.steps.service import Service
from digest.steps.writing import single
from digest.tokens import Tokens

BATCH = 200  # readers that are in memory together
ROOM = 100  # mails due in the outbox at which no more are put in
UNSUBSCRIBE, PREFERENCES, ADDRESS = "0unsubscribe0", "0preferences0", "0address0"  # for a reader's own


class Tellings(Protocol):
    """Where corrections wait; see store/tellings.py."""

    def next(self) -> Telling | None: ...
    def readers(self, telling: Telling, limit: int) -> tuple[int, Sequence[Subscription]]: ...
    def put(self, telling: Telling, mails: Sequence[Single], after: int, now: datetime) -> int: ...
    def finish(self, telling: Telling, now: datetime) -> None: ...


def tell_everyone(service: Service, tellings: Tellings, tokens: Tokens, now: datetime) -> int:
    """Write to all who are still to be told; how many they are."""
    told = 0
    while (some := tell_some(service, tellings, tokens, now)) is not None:
        told += some
    return told


def tell_as_they_leave(service: Service, tellings: Tellings, tokens: Tokens, now: datetime) -> None:
    """Write to some more, unless the outbox is full: a hundred thousand mails would keep others waiting."""
    if tellings.next() and service.outbox.due(now) < ROOM:
        tell_some(service, tellings, tokens, now)


def tell_some(service: Service, tellings: Tellings, tokens: Tokens, now: datetime) -> int | None:
    """Write to the next readers; how many they are, and None where nobody is to be told any more."""
    telling = tellings.next()
    if telling is None:
        return None
    slug, _, _ = service.editions.named(telling.edition)
    newsletter = next((one for one in service.newsletters if one.slug == slug), None)
    last, readers = tellings.readers(telling, BATCH)
    if not last or newsletter is None:
        tellings.finish(telling, now)
        return 0
    edition = service.editions.load(newsletter, telling.edition)
    mails = [_mail(service.look, tokens, edition, reader, telling, now) for reader in readers]
    return tellings.put(telling, mails, last, now)


def _mail(
    look: Look, tokens: Tokens, edition: Edition, reader: Subscription, telling: Telling, now: datetime
) -> Single:
    newsletter = edition.newsletter
    unsubscribe, preferences = tokens.of_mail(reader.ref)
    said = _said(look, newsletter, f"{edition.date}", edition.subject, telling.said, reader.language)
    html, text = (
        part.replace(UNSUBSCRIBE, unsubscribe).replace(PREFERENCES, preferences)
        for part in (said.html, said.text)
    )
    notice = Notice(
        said.subject, html.replace(ADDRESS, escape(reader.address)), text.replace(ADDRESS, reader.address)
    )
    words = hashlib.sha256(telling.said.encode()).hexdigest()[:16]
    key = f"correction:{telling.edition}:{words}:{reader.ref.hex()}"
    return single(
        "correction",
        key,
        notice,
        now,
        sender=newsletter.sender,
        to=reader.address,
        reply_to=newsletter.reply_to,
        listed=list_fields(newsletter, look, unsubscribe, edition.date),
    )


@lru_cache(maxsize=16)
def _said(look: Look, newsletter: Newsletter, day: str, subject: str, said: str, language: str) -> Notice:
    """The mail without what is a reader's own: composed once for all who read a language."""
    locale = language or newsletter.language
    url = f"{look.url}/archive/{newsletter.slug}/{day}"
    values = {
        "newsletter": newsletter.title,
        "subject": f"{Wording(locale, look.labels).gettext('Correction')}: {subject}",
        "text": said,
        "url": url,
        "address": ADDRESS,
        "archive": url,
        "unsubscribe": f"{look.url}/unsubscribe/{UNSUBSCRIBE}",
        "preferences": f"{look.url}/preferences/{PREFERENCES}",
    }
    return compose_notice("notice", values, look, locale)
