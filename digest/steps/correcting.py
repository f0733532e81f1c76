"""A mistake in an edition that is out: new words for whoever has not had it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from digest.errors import Stale, UsageError
from digest.model import Edition, Item, Newsletter, Pause, Rendering, StoredEdition
from digest.render.edition import render
from digest.steps.service import Service

LET_GO = 50  # looks, a fifth of a second apart, until workers have let go of what they hold
LOOK_EVERY = 0.2  # seconds


class Corrections(Protocol):
    """Where corrected editions are stored; see store/corrections.py."""

    def is_held(self, edition: int) -> bool: ...
    def correct(self, edition: Edition, rendered: Mapping[str, Rendering]) -> tuple[int, int]: ...


class Pauses(Protocol):
    """How a run is stopped and goes on."""

    def standing(self, now: datetime) -> Sequence[Pause]: ...
    def add(self, scope: str, reason: str, now: datetime) -> None: ...
    def lift(self, *scopes: str) -> bool: ...


class Tellings(Protocol):
    """Where it is kept who is still to be told; see store/tellings.py."""

    def ask(self, edition: int, revision: int, said: str, now: datetime) -> bool: ...


@dataclass(frozen=True)
class Correcting:
    """What is needed to put an edition right."""

    service: Service
    corrections: Corrections
    pauses: Pauses
    tellings: Tellings
    wait: Callable[[float], None] = time.sleep  # for so many seconds


@dataclass(frozen=True, slots=True)
class Correction:
    """What is put right. `said` stands on top of the edition, and in the mail to those who have it."""

    said: str
    story: int | None = None
    title: str = ""
    lead: str = ""
    is_withdrawn: bool = False  # the story goes out of the edition
    is_told: bool = False  # those who have the edition are written to


def correct(
    correcting: Correcting,
    newsletter: Newsletter,
    stored: StoredEdition,
    correction: Correction,
    now: datetime,
) -> tuple[int, int]:
    """Put a frozen edition right for all who have not had it: the new revision, and how many they are.

    Its run is stopped meanwhile, and goes on unless somebody had stopped it before. Raises UsageError, and
    Stale where a worker does not let go of what it holds: then the run stays stopped, to be tried again.
    """
    if not stored.is_frozen:
        raise UsageError(f"{newsletter.slug} of {stored.date} is {stored.state}: edit it instead")
    if not correction.said:
        raise UsageError("say what was wrong: it stands on top of the edition")
    service, pauses = correcting.service, correcting.pauses
    edition = corrected(service.editions.load(newsletter, stored.id), correction)
    rendered = {tag: render(edition, service.look, tag) for tag in service.renderings.of(stored.id)}
    scope = f"edition:{stored.id}"
    was_stopped = any(pause.scope in {"all", scope} for pause in pauses.standing(now))
    if not was_stopped:
        pauses.add(scope, "an edition is being corrected", now)
    _let_go(correcting, stored.id)
    revision, waiting = correcting.corrections.correct(edition, rendered)
    if not was_stopped:
        pauses.lift(scope)
    if correction.is_told:
        correcting.tellings.ask(stored.id, revision, correction.said, now)
    return revision, waiting


def corrected(edition: Edition, correction: Correction) -> Edition:
    """The edition put right. Raises UsageError where the story is not in it, or is all of it."""
    items = edition.items
    if correction.story is not None:
        if correction.story not in {item.story.id for item in items}:
            raise UsageError(f"story {correction.story} is not in the edition of {edition.date}")
        items = tuple(item for old in items if (item := _put_right(old, correction)) is not None)
    if not items:
        raise UsageError("the last story of an edition cannot be taken out")
    follows = edition.subject == edition.items[0].story.title
    subject = items[0].story.title if follows else edition.subject
    return replace(edition, items=items, subject=subject, correction=correction.said)


def _put_right(item: Item, correction: Correction) -> Item | None:
    if item.story.id != correction.story:
        return item
    if correction.is_withdrawn:
        return None
    story = item.story
    title, lead = correction.title or story.title, correction.lead or story.lead
    return replace(item, story=replace(story, title=title, lead=lead), edited=True)


def _let_go(correcting: Correcting, edition: int) -> None:
    """Wait until no worker holds letters that would still go out with the old words."""
    for _ in range(LET_GO):
        if not correcting.corrections.is_held(edition):
            return
        correcting.wait(LOOK_EVERY)
    raise Stale("the run is stopped, but a sender has not let go of it yet; correct it again in a minute")
