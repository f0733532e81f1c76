"""From stored stories to a frozen edition, and which date a moment belongs to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from digest.compose import Window, compose, eligible, why_none
from digest.errors import UsageError
from digest.model import Edition, EditionState, Newsletter, Rendering, StoredEdition
from digest.render.trim import Trimmed, fit
from digest.schedule.due import cutoff_for, dues, instant, next_due
from digest.steps.service import Service


def edition_date(newsletter: Newsletter, at: datetime) -> date:
    """The date of the edition that belongs to an instant: the newest one whose cut-off has come."""
    zone = ZoneInfo(newsletter.zone)
    newest = at.astimezone(zone).date()
    for home in dues(zone, newsletter.send_at, newsletter.days, at - timedelta(days=9)):
        if closes(newsletter, home.at) > at:
            break
        newest = home.day
    return newest


def closes(newsletter: Newsletter, due: datetime) -> datetime:
    """When stories close for the edition due at `due`; a rolling one closes as it goes."""
    return cutoff_for(due, newsletter.cutoff, ZoneInfo(newsletter.zone)) if newsletter.cutoff else due


def cutoff_of(newsletter: Newsletter, day: date, now: datetime) -> datetime:
    """When stories close for the edition of a date, but never later than now."""
    due = instant(day, newsletter.send_at, ZoneInfo(newsletter.zone)) or now
    return min(closes(newsletter, due), now)


def draft(service: Service, newsletter: Newsletter, now: datetime) -> None:
    """From the cut-off until it is frozen the coming edition stands as a draft, corrections taken in."""
    coming = next_due(ZoneInfo(newsletter.zone), newsletter.send_at, newsletter.days, now)
    cutoff = closes(newsletter, coming.at)
    if cutoff > now:
        return
    stored = service.editions.find(newsletter, coming.day)
    if stored is None or stored.state is EditionState.DRAFT:
        edition = composed(service, newsletter, coming.day, cutoff)
        if edition.items:
            service.editions.draft(edition)


def composed(service: Service, newsletter: Newsletter, day: date, cutoff: datetime) -> Edition:
    """The edition as it would be with stories closing at `cutoff`; without items where none is eligible."""
    last, had = service.editions.before(newsletter, cutoff)
    window = Window(cutoff, last, had)
    stories = service.stories.published_since(window.opens)
    return compose(newsletter, day, eligible(stories, window), cutoff)


def why_empty(service: Service, newsletter: Newsletter, cutoff: datetime) -> str:
    """One sentence on why `composed` gave an edition without items."""
    last, had = service.editions.before(newsletter, cutoff)
    window = Window(cutoff, last, had)
    return why_none(service.stories.published_since(window.opens), window)


def as_it_stands(service: Service, newsletter: Newsletter, day: date, now: datetime) -> Edition:
    """The edition of a date as it would be sent by hand now: frozen, else drafted, else composed."""
    stored = service.editions.find(newsletter, day)
    if stored and stored.is_frozen:
        return service.editions.load(newsletter, stored.id)
    drafted = stored is not None and stored.state is EditionState.DRAFT
    edition = composed(service, newsletter, day, stored.cutoff if stored and drafted else now)
    return replace(edition, id=stored.id) if stored else edition


def as_draft(service: Service, newsletter: Newsletter, day: date, now: datetime) -> StoredEdition:
    """The draft of a date, made now if it is not there. Raises UsageError where it is frozen or empty."""
    edition = as_it_stands(service, newsletter, day, now)
    stored = service.editions.find(newsletter, day)
    if stored and stored.is_frozen:
        raise UsageError(f"{newsletter.slug} of {day} is frozen; it can only be stopped or corrected")
    if not edition.items:
        raise UsageError(
            f"{newsletter.slug} of {day} is empty: {why_empty(service, newsletter, edition.cutoff)}"
        )
    service.editions.draft(edition)
    found = service.editions.find(newsletter, day)
    assert found is not None, "it was drafted a moment ago"
    return found


def rendered(service: Service, edition: Edition) -> tuple[Trimmed, Rendering]:
    """What is stored of a frozen edition, else what freezing it now would give: cut to what Gmail shows."""
    stored = service.editions.find(edition.newsletter, edition.date, edition.wave)
    if stored and stored.is_frozen:
        return Trimmed(edition), service.editions.rendering(rendering_id(service, stored))
    return fit(edition, service.look)


def rendering_id(service: Service, stored: StoredEdition) -> int:
    """The rendering that is sent for a frozen edition."""
    return next(iter(service.editions.renderings(stored.id).values()))


def freeze(service: Service, edition: Edition, now: datetime) -> StoredEdition:
    """Store an edition with its rendering: from here on it is the same for everyone, for ever.

    It is stored as a draft first, because its number goes into the mail.
    """
    trimmed, rendering = fit(replace(edition, id=service.editions.draft(edition)), service.look)
    if trimmed.sentence:
        key = f"trimmed:{edition.newsletter.slug}:{edition.date}"
        service.incidents.open(key, "trimmed", f"{edition.newsletter.title}: {trimmed.sentence}", now)
    return service.editions.freeze(trimmed.edition, [rendering], now)
