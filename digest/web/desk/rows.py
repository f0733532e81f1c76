"""The edition table in rows and sentences: what its page shows. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from digest.compose.editing import group_of
from digest.model import Edit, Item, Newsletter, Role, Verb, waits
from digest.schedule.due import instant
from digest.steps.editing import Table
from digest.steps.editions import closes
from digest.web.desk.frame import local

PLACES = {Role.LEAD: "Lead", Role.PICK: "Choice", Role.SECTION: "", Role.ALSO: "Link", Role.PROMOTED: "Paid"}


class Row(NamedTuple):
    """A story in its place. `above` and `below` are its neighbours in the same group, None at its ends."""

    n: int
    item: Item
    place: str
    group: str
    heading: str  # "" but for the first of a group
    at: str
    above: int | None
    below: int | None


class Said(NamedTuple):
    """A line of the history, and whether it holds: what was taken back stays in it."""

    text: str
    who: str
    at: str
    stands: bool


def rows(shown: Table, zone: str) -> Iterator[Row]:
    items, heading = shown.edition.items, ""
    groups = [group_of(item) for item in items]
    for n, item in enumerate(items):
        beside = [other.story.id for other, group in zip(items, groups, strict=True) if group == groups[n]]
        place = beside.index(item.story.id)
        told = _heading(item)
        yield Row(
            n + 1,
            item,
            PLACES[item.role],
            groups[n],
            told if told != heading else "",
            local(item.story.published, zone, "%H:%M"),
            beside[place - 1] if place else None,
            beside[place + 1] if place + 1 < len(beside) else None,
        )
        heading = told


def _heading(item: Item) -> str:
    if item.role in {Role.LEAD, Role.PICK}:
        return "On top"
    return "Promoted" if item.role is Role.PROMOTED else item.section or "More news"


def sections(newsletter: Newsletter, shown: Table) -> list[str]:
    """The sections a story may be moved to: the configured ones, else those there are."""
    own = [section.name for section in newsletter.sections]
    return own or sorted({item.story.section for item in shown.edition.items if item.story.section})


def history(shown: Table, zone: str) -> list[tuple[Edit, Said]]:
    """Every edit, newest first, in words."""
    titles = {story.id: story.title for story in shown.others}
    titles |= {story.id: story.title for story, _ in shown.out}
    titles |= {item.story.id: item.story.title for item in shown.edition.items}
    holds = shown.standing
    return [
        (edit, Said(_told(edit, titles), edit.who, local(edit.at, zone, "%d %b %H:%M"), edit.n in holds))
        for edit in reversed(shown.edits)
    ]


def _told(edit: Edit, titles: dict[int, str]) -> str:
    name = f"“{titles.get(edit.story or 0, f'story {edit.story}')}”"
    return {
        Verb.PIN: f"pinned {name}",
        Verb.SKIP: f"skipped {name}",
        Verb.TOP: f"made {name} the lead",
        Verb.ABOVE: f"moved {name} up",
        Verb.BELOW: f"moved {name} down",
        Verb.SECTION: f"moved {name} to {edit.details.get('section')}",
        Verb.TITLE: f"gave {name} its headline",
        Verb.LEAD: f"rewrote the lead of {name}",
        Verb.PICTURE: f"{'chose' if edit.details.get('url') else 'took out'} the picture of {name}",
        Verb.SUBJECT: f"set the subject: {edit.details.get('text') or 'automatic'}",
        Verb.PREHEADER: f"set the preheader: {edit.details.get('text') or 'automatic'}",
        Verb.UNDO: f"took change {edit.details.get('n')} back",
    }[edit.verb]


def state_in_words(shown: Table, newsletter: Newsletter, day: date, now: datetime) -> str:
    """Where the edition is in its life, in a sentence or two."""
    stored, zone = shown.stored, newsletter.zone
    if stored and stored.is_frozen:
        frozen = local(stored.frozen_at, zone)
        return f"Frozen {frozen}: it changes no more, but by a correction. It is {stored.state}."
    due = instant(day, newsletter.send_at, ZoneInfo(zone)) or now
    hour, close = local(due, zone, "%H:%M"), closes(newsletter, due)
    until = (
        f"New stories come in until {local(close, zone, '%H:%M')}." if close > now else "Stories are closed."
    )
    if waits(newsletter, stored):
        late = " It is late." if due < now else ""
        return f"It waits for approval; due {hour} {zone}.{late} {until}"
    if due < now:
        return f"It was due {hour} {zone}. {until}"
    return f"It goes out at {hour} {zone} with what stands then. {until}"
