"""The editors' mail: the draft is ready, this is in it, and here it is changed and approved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from digest.model import Edition, Item, Role
from digest.render.notice import Entry, compose_notice
from digest.steps.service import Service
from digest.steps.writing import single

ON_TOP = {Role.LEAD, Role.PICK}


def announce(service: Service, edition: Edition, now: datetime) -> int:
    """Write to every editor that an edition stands as a draft, once; how many they are.

    Nothing is changed by a link, for scanners follow them all: each opens a page of the desk, for whoever is
    signed in there, with the button that does it.
    """
    newsletter, day = edition.newsletter, f"{edition.date}"
    table = f"{service.look.url}/desk/edition/{newsletter.slug}/{day}"
    values = {
        "newsletter": newsletter.title,
        "subject": f"{newsletter.title} of {edition.date.day} {edition.date:%B}: the draft is ready",
        "text": _when(edition),
        "url": f"{table}/approve",
    }
    notice, told = compose_notice("draft", values, service.look, entries=list(_entries(edition, table))), 0
    for address in service.staff.editors():
        key = f"draft:{newsletter.slug}:{day}:{address}"
        mail = single("draft", key, notice, now, sender=newsletter.sender, to=address)
        told += service.outbox.put(mail, now)
    return told


def _when(edition: Edition) -> str:
    newsletter = edition.newsletter
    hour = f"{newsletter.send_at:%H:%M} {newsletter.zone}"
    if newsletter.review == "hold":
        return f"It waits for your approval; it is due at {hour}."
    return f"It goes out by itself at {hour} with what stands then. You may change, approve or hold it."


def _entries(edition: Edition, table: str) -> Iterator[Entry]:
    """The subject, and each story in its place with what may be done about it."""
    yield Entry("Subject", edition.subject, [("Open the edition table", table)])
    for item in edition.items:
        acts = [(act.capitalize(), f"{table}/{act}/{item.story.id}") for act in _acts(item)]
        yield Entry(_place(item), item.story.title, acts)


def _acts(item: Item) -> Iterator[str]:
    """What the mail offers for a story; a promoted link is booked, and taken back, at the table."""
    if item.role is not Role.PROMOTED:
        if item.role not in ON_TOP:
            yield "pin"
        yield "skip"


def _place(item: Item) -> str:
    place = {Role.LEAD: "Lead", Role.PICK: "Choice", Role.PROMOTED: item.story.promoted}
    return place.get(item.role, item.section) or "More news"
