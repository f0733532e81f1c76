"""The editors' mail: the draft is ready, this is in it, and here it is changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby

from digest.model import Edition, Item, Role
from digest.render.notice import compose_notice, notice_bytes
from digest.steps.service import Service


def announce(service: Service, edition: Edition, now: datetime) -> int:
    """Write to every editor that an edition stands as a draft, once; how many they are.

    Nothing is changed by a link: it opens the edition table, where each story is skipped or pinned, and the
    edition approved, by a button.
    """
    newsletter, day = edition.newsletter, f"{edition.date}"
    values = {
        "newsletter": newsletter.title,
        "subject": f"{newsletter.title} of {edition.date.day} {edition.date:%B}: the draft is ready",
        "text": "\n\n".join(_told(edition)),
        "url": f"{service.look.url}/desk/edition/{newsletter.slug}/{day}",
    }
    notice, told = compose_notice("incident", values, service.look), 0
    for address in service.staff.editors():
        key = f"draft:{newsletter.slug}:{day}:{address}"
        mail = notice_bytes(notice, sender=newsletter.sender, to=address, key=key, date=now)
        told += service.outbox.put(key, "draft", address, mail, now)
    return told


def _told(edition: Edition) -> Iterator[str]:
    """When it goes, its subject, and its stories, one a line under the place they stand in."""
    newsletter = edition.newsletter
    hour = f"{newsletter.send_at:%H:%M} {newsletter.zone}"
    if newsletter.review == "hold":
        yield f"It waits for your approval; it is due at {hour}."
    else:
        yield f"It goes out by itself at {hour} with what stands then. You may change, approve or hold it."
    yield f"Subject: {edition.subject}"
    for place, items in groupby(edition.items, _place):
        yield "\n".join((f"{place}:", *(f"– {item.story.title}" for item in items)))


def _place(item: Item) -> str:
    own = {Role.LEAD: "Lead", Role.PICK: "Choice", Role.PROMOTED: item.story.promoted}
    return own.get(item.role, item.section) or "More news"
