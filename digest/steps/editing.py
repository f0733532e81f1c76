"""What an editor does to the coming edition. The desk and the API do it through here.

Every change says which state its editor saw (`seen`, the number of edits then). Of two editors who saw the
same, the first is done and the second is told: nothing is overwritten that somebody has not read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from digest.compose.editing import skipped, standing
from digest.errors import Stale, UsageError
from digest.model import Edit, Edition, EditionState, Newsletter, Picture, StoredEdition, Story, Verb
from digest.schedule.due import dues
from digest.steps.editions import as_it_stands, eligible_for
from digest.steps.service import Service

LONGEST = {"text": 2000, "section": 100, "url": 2000, "alt": 500}  # characters
MOST = 1000  # edits of a date: no program that edits in a loop keeps an edition from being frozen
SPENT = {EditionState.EMPTY, EditionState.MISSED, EditionState.CANCELLED}

_TEXT: Mapping[str, type] = {"text": str}
_DETAILS: Mapping[Verb, Mapping[str, type]] = {
    Verb.ABOVE: {"other": int},
    Verb.BELOW: {"other": int},
    Verb.UNDO: {"n": int},
    Verb.SECTION: {"section": str},
    Verb.PICTURE: {"url": str, "alt": str},
    Verb.TITLE: _TEXT,
    Verb.LEAD: _TEXT,
    Verb.SUBJECT: _TEXT,
    Verb.PREHEADER: _TEXT,
}

Wanted = tuple[Verb, int | None, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Table:
    """The edition table: a date's edition as it stands, and all that may be said of it."""

    edition: Edition
    stored: StoredEdition | None
    edits: Sequence[Edit]
    others: Sequence[Story]  # eligible, and not in it
    out: Sequence[tuple[Story, Edit]]  # skipped, by which edit

    @property
    def seen(self) -> int:
        """The number of edits so far; a change is made to this state or not at all."""
        return self.edits[-1].n if self.edits else 0

    @property
    def standing(self) -> frozenset[int]:
        """The edits that hold, by number."""
        return frozenset(edit.n for edit in standing(self.edits))

    @property
    def is_frozen(self) -> bool:
        return self.stored is not None and self.stored.is_frozen


def next_date(service: Service, newsletter: Newsletter, now: datetime) -> date:
    """The date of the edition that is worked on: today's until it is frozen, however early, then the next.

    An edition that is past its hour and not out yet is still today's.
    """
    zone = ZoneInfo(newsletter.zone)
    today = now.astimezone(zone).date()
    if _is_open(service.editions.at_home(newsletter, today)):
        return today
    for due in dues(zone, newsletter.send_at, newsletter.days, now, newsletter.skip):
        stored = service.editions.at_home(newsletter, due.day)
        if stored is None or _is_open(stored):
            return due.day
    raise UsageError(f"{newsletter.slug} has no date to come; look at its days and at skip")


def _is_open(stored: StoredEdition | None) -> bool:
    return stored is not None and not stored.is_frozen and stored.state not in SPENT


def table_of(service: Service, newsletter: Newsletter, day: date, now: datetime) -> Table:
    """Everything about a date's edition, as it stands now."""
    edition = as_it_stands(service, newsletter, day, now)
    stored = service.editions.find(newsletter, day, edition.wave)
    edits = service.edits.of(newsletter, day)
    if stored and stored.is_frozen:
        return Table(edition, stored, edits, (), ())
    chosen, out = {item.story.id for item in edition.items}, skipped(edits)
    known = eligible_for(service, edition)
    others = [story for story in known if story.id not in chosen and story.id not in out]
    left = [(story, out[story.id]) for story in known if story.id in out]
    return Table(edition, stored, edits, others, left)


def change(
    service: Service,
    newsletter: Newsletter,
    day: date,
    wanted: Sequence[Wanted],
    who: str,
    seen: int,
    now: datetime,
) -> None:
    """Make changes, all or none, to what `who` saw. Raises Stale, or UsageError where it is frozen."""
    _must_be_open(service, newsletter, day)
    if seen + len(wanted) > MOST:
        raise UsageError(f"{newsletter.slug} of {day} was changed {seen} times; {MOST} is the most")
    edits = [
        Edit(n, verb, story, checked(verb, story, details), who, now)
        for n, (verb, story, details) in enumerate(wanted, seen + 1)
    ]
    if not service.edits.add(newsletter, day, edits, now):
        _must_be_open(service, newsletter, day)
        raise Stale(told_who(service.edits.of(newsletter, day), seen))


def must_have_seen(service: Service, newsletter: Newsletter, day: date, seen: int) -> None:
    """Raises Stale where somebody has changed the edition since."""
    edits = service.edits.of(newsletter, day)
    if edits and edits[-1].n > seen:
        raise Stale(told_who(edits, seen))


def reworded(story: Story, title: str, lead: str, picture: Picture | None, section: str) -> list[Wanted]:
    """The changes that turn a story's words into these: none for what is as it was."""
    wanted: list[Wanted] = []
    if title and title != story.title:
        wanted.append((Verb.TITLE, story.id, {"text": title}))
    if lead != story.lead:
        wanted.append((Verb.LEAD, story.id, {"text": lead}))
    if picture != story.picture:
        shown = {"url": picture.url, "alt": picture.alt} if picture else {"url": "", "alt": ""}
        wanted.append((Verb.PICTURE, story.id, shown))
    if section != story.section:
        wanted.append((Verb.SECTION, story.id, {"section": section}))
    return wanted


def checked(verb: Verb, story: int | None, details: Mapping[str, Any]) -> dict[str, Any]:
    """An edit's details as they are kept. Raises UsageError for what no edit can hold."""
    wants = _DETAILS.get(verb, {})
    of_edition = verb in {Verb.UNDO, Verb.SUBJECT, Verb.PREHEADER}
    if of_edition != (story is None):
        raise UsageError(f"{verb}: names {'no story' if of_edition else 'a story'}")
    if unknown := sorted(set(details) - set(wants)):
        raise UsageError(f"{verb}: has no {unknown[0]}")
    for name, kind in wants.items():
        if not isinstance(details.get(name), kind):
            raise UsageError(f"{verb}: {name} must be given")
        if kind is str and len(details[name]) > LONGEST[name]:
            raise UsageError(f"{verb}: {name} is longer than {LONGEST[name]} characters")
    if verb is Verb.PICTURE and details["url"] and not details["url"].startswith(("https://", "http://")):
        raise UsageError("picture: its address must begin with https://")
    return {name: details[name] for name in wants}


def told_who(edits: Sequence[Edit], seen: int) -> str:
    """Who was quicker, and at what."""
    newer = [edit for edit in edits if edit.n > seen]
    names = " and ".join(dict.fromkeys(edit.who for edit in newer)) or "somebody"
    many = "a change" if len(newer) == 1 else f"{len(newer)} changes"
    return f"{names} made {many} since you looked, so yours was not made; look again"


def _must_be_open(service: Service, newsletter: Newsletter, day: date) -> None:
    stored = service.editions.at_home(newsletter, day)
    if stored and stored.is_frozen:
        raise UsageError(f"{newsletter.slug} of {day} is frozen: it can be stopped or corrected, not edited")
