"""From stored stories to a frozen edition, and which date a moment belongs to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from digest.collect.events import shown_as_one
from digest.compose import Window, compose, eligible, why_none
from digest.compose.editing import arranged, changed, with_promotions
from digest.compose.rank import ranked
from digest.errors import Stale, UsageError
from digest.model import Edition, EditionState, Moment, Newsletter, Rendering, StoredEdition, Story
from digest.render.trim import Trimmed, fit
from digest.schedule.due import LOOK_BACK, cutoff_for, home_wave, instant, is_sent, last_due, next_morning
from digest.steps.announcing import announce
from digest.steps.service import Service


def edition_date(newsletter: Newsletter, at: datetime) -> date:
    """The date of the edition that belongs to an instant: the newest one whose cut-off has come."""
    zone = ZoneInfo(newsletter.zone)
    today = at.astimezone(zone).date()
    if newsletter.is_rolling:
        return today
    for back in range(-1, LOOK_BACK):
        day = today - timedelta(days=back)
        due = instant(day, newsletter.send_at, zone)
        if due and is_sent(newsletter, day) and closes(newsletter, due) <= at:
            return day
    return today


def closes(newsletter: Newsletter, due: datetime) -> datetime:
    """When stories close for the edition due at `due`; a rolling one closes as it goes."""
    return cutoff_for(due, newsletter.cutoff, ZoneInfo(newsletter.zone)) if newsletter.cutoff else due


def cutoff_of(newsletter: Newsletter, day: date, now: datetime) -> datetime:
    """When stories close for the edition of a date, but never later than now."""
    due = instant(day, newsletter.send_at, ZoneInfo(newsletter.zone)) or now
    return min(closes(newsletter, due), now)


def draft(service: Service, newsletter: Newsletter, now: datetime) -> None:
    """From the cut-off until it is frozen the coming edition stands as a draft, corrections taken in."""
    coming = next_morning(newsletter, now)
    cutoff = closes(newsletter, coming.at)
    if cutoff > now:
        return
    stored = service.editions.find(newsletter, coming.day)
    if stored is None or stored.state is EditionState.DRAFT:
        edition = composed(service, newsletter, coming.day, cutoff)
        if edition.items:
            service.editions.draft(edition)
        if edition.items and stored is None:
            announce(service, edition, now)


def composed(
    service: Service,
    newsletter: Newsletter,
    day: date,
    cutoff: datetime,
    wave: str = "",
    places: Sequence[Moment] = (),
) -> Edition:
    """The edition as it would be with stories closing at `cutoff`; without items where none is eligible.

    A rolling one is composed for the readers of `places`; none named: for the newsletter's own morning.
    """
    mornings = list(_last_mornings(newsletter, places, wave))
    edits = service.edits.of(newsletter, day)
    stories = changed(_eligible(service, newsletter, cutoff, mornings), edits)
    edition = compose(newsletter, day, shown_as_one(ranked(stories)), cutoff, max(mornings, default=None))
    edition = with_promotions(arranged(edition, edits), service.promotions.of(newsletter, day))
    return replace(edition, wave=wave, edits=len(edits))


def eligible_for(service: Service, edition: Edition) -> list[Story]:
    """Every story that an edition could hold, as the sources tell them."""
    mornings = list(_last_mornings(edition.newsletter, (), edition.wave))
    return _eligible(service, edition.newsletter, edition.cutoff, mornings)


def _eligible(
    service: Service, newsletter: Newsletter, cutoff: datetime, mornings: Sequence[datetime]
) -> list[Story]:
    window = _window(service, newsletter, cutoff, mornings)
    return list(_prioritised(service, eligible(service.stories.published_since(window.opens), window)))


def _prioritised(service: Service, stories: Iterable[Story]) -> Iterator[Story]:
    """Stories with the priority of their source, as it is configured now."""
    priorities = {source.name: source.priority for source in service.sources if source.priority}
    for story in stories:
        yield replace(story, priority=priorities[story.source]) if story.source in priorities else story


def why_empty(service: Service, newsletter: Newsletter, cutoff: datetime, wave: str = "") -> str:
    """One sentence on why `composed` gave an edition without items."""
    window = _window(service, newsletter, cutoff, list(_last_mornings(newsletter, (), wave)))
    return why_none(service.stories.published_since(window.opens), window)


def as_it_stands(service: Service, newsletter: Newsletter, day: date, now: datetime) -> Edition:
    """The edition of a date as it would be sent by hand now: frozen, else drafted, else composed."""
    stored = service.editions.at_home(newsletter, day)
    if stored and stored.is_frozen:
        return service.editions.load(newsletter, stored.id)
    drafted = stored is not None and stored.state is EditionState.DRAFT
    cutoff = min(stored.cutoff, now) if stored and drafted else now
    edition = composed(service, newsletter, day, cutoff, home_wave(newsletter, day))
    return replace(edition, id=stored.id) if stored else edition


def as_draft(service: Service, newsletter: Newsletter, day: date, now: datetime) -> StoredEdition:
    """The draft of a date, made now if it is not there. Raises UsageError where it is frozen or empty."""
    edition = as_it_stands(service, newsletter, day, now)
    stored = service.editions.find(newsletter, day, edition.wave)
    if stored and stored.is_frozen:
        raise UsageError(f"{newsletter.slug} of {day} is frozen; it can only be stopped or corrected")
    if not edition.items:
        why = why_empty(service, newsletter, edition.cutoff, edition.wave)
        raise UsageError(f"{newsletter.slug} of {day} is empty: {why}")
    due = instant(day, newsletter.send_at, ZoneInfo(newsletter.zone)) or now
    service.editions.draft(replace(edition, cutoff=max(edition.cutoff, closes(newsletter, due))))
    found = service.editions.find(newsletter, day, edition.wave)
    assert found is not None, "it was drafted a moment ago"
    return found


def rendered(service: Service, edition: Edition) -> tuple[Trimmed, Rendering]:
    """What is stored of a frozen edition, else what freezing it now would give: cut to what Gmail shows."""
    stored = service.editions.find(edition.newsletter, edition.date, edition.wave)
    if stored and stored.is_frozen:
        return Trimmed(edition), service.editions.rendering(rendering_id(service, stored))
    return fit(service.counted(edition), service.look)


def rendering_id(service: Service, stored: StoredEdition) -> int:
    """The rendering that is sent for a frozen edition."""
    return next(iter(service.editions.renderings(stored.id).values()))


def freeze(service: Service, composing: Callable[[], Edition], now: datetime) -> StoredEdition | None:
    """Store an edition with its rendering: from here on it is the same for everyone, for ever.

    Composed again where an editor changed it meanwhile; None where it has no stories.
    """
    while (edition := composing()).items:
        with suppress(Stale):
            return _frozen(service, edition, now)
    return None


def _frozen(service: Service, edition: Edition, now: datetime) -> StoredEdition:
    """It is stored as a draft first, because its number goes into the mail."""
    trimmed, rendering = fit(
        service.counted(replace(edition, id=service.editions.draft(edition))), service.look
    )
    if trimmed.sentence:
        key = f"trimmed:{edition.newsletter.slug}:{edition.date}"
        service.incidents.open(key, "trimmed", f"{edition.newsletter.title}: {trimmed.sentence}", now)
    return service.editions.freeze(trimmed.edition, [rendering], now)


def _window(
    service: Service, newsletter: Newsletter, cutoff: datetime, mornings: Sequence[datetime]
) -> Window:
    """What an edition may hold. A rolling one reaches back to the earliest of its readers' last mornings;
    what they had is left out at the splice, not here.
    """
    if newsletter.is_rolling:
        window = Window(cutoff, min(mornings, default=None))
    else:
        window = Window(cutoff, *service.editions.before(newsletter, cutoff))
    return replace(window, told=service.editions.told(newsletter, window.opens, cutoff))


def _last_mornings(newsletter: Newsletter, places: Sequence[Moment], wave: str) -> Iterator[datetime]:
    """When the readers of these moments were last due before a wave; none where all get one edition."""
    if not wave:
        return
    hours = {(place.zone, place.at, place.days) for place in places}
    for zone, at, days in hours or {(newsletter.zone, newsletter.send_at, newsletter.days)}:
        last = last_due(ZoneInfo(zone), at, days, datetime.fromisoformat(wave), newsletter.skip)
        if last:
            yield last.at
