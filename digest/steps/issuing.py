"""From a due time to planned deliveries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from digest.model import Edition, EditionState, Moment, Mornings, Newsletter, Plan, StoredEdition, waits
from digest.schedule.due import Due, day_of, falls_on, is_sent, next_due, wave_of
from digest.steps.editions import (
    composed,
    cutoff_of,
    edition_date,
    freeze,
    rendering_id,
    why_empty,
)
from digest.steps.service import Service

Moments = Sequence[Moment]


@dataclass(frozen=True, slots=True)
class Issued:
    """What became of one due time: planned, empty, missed, cancelled or waiting (for approval), and why.

    `wave` is the edition's: empty where all readers get one.
    """

    newsletter: str
    date: date
    result: str
    planned: int = 0
    reason: str = ""
    wave: str = ""


@dataclass(frozen=True, slots=True)
class Wave:
    """The moments that are due at one instant, by their local dates, and the edition that they get."""

    newsletter: Newsletter
    at: datetime
    moments: Mapping[date, Moments]
    edition_date: date
    name: str  # "" where all readers get one edition

    @property
    def all_moments(self) -> Moments:
        return [moment for moments in self.moments.values() for moment in moments]

    def came_to(self, result: str, planned: int = 0, reason: str = "") -> Issued:
        return Issued(self.newsletter.slug, self.edition_date, result, planned, reason, self.name)


def issue_due(service: Service, newsletter: Newsletter, now: datetime) -> Iterator[Issued]:
    """Every wave of a newsletter that has come since the last tick, oldest first."""
    behind = _behind(service, newsletter, now)
    while behind:
        at = min(moment.next_due for moment in behind)
        due = [moment for moment in behind if moment.next_due == at]
        behind = [moment for moment in behind if moment.next_due > at]
        wave = _wave(service, newsletter, due, at)
        issued = _issue(service, wave, now) if wave else None
        if issued:
            yield issued
        if not issued or issued.result != "waiting":
            behind += [moment for moment in _advanced(service, due) if moment.next_due <= now]


def _behind(service: Service, newsletter: Newsletter, now: datetime) -> Moments:
    """The moments whose time has come. With mornings = "home" it is the newsletter's own that counts."""
    clock = service.planning.own(newsletter, now)
    if newsletter.mornings is Mornings.HOME and clock.next_due > now:
        return []
    due = service.planning.due(newsletter, now)
    if newsletter.mornings is Mornings.READER:
        return due
    # The others come along unheard, so that none is months behind when mornings become the reader's.
    service.planning.advance({moment: _following(moment, now) for moment in due if moment.id != clock.id})
    return [clock]


def _advanced(service: Service, due: Moments) -> Moments:
    """Those of these moments that are ours to go on with, at their next due time."""
    return service.planning.advance({moment: _following(moment, moment.next_due) for moment in due})


def _following(moment: Moment, after: datetime) -> datetime:
    return next_due(ZoneInfo(moment.zone), moment.at, moment.days, after).at


def _wave(service: Service, newsletter: Newsletter, due: Moments, at: datetime) -> Wave | None:
    """What is to be issued at an instant; None on a holiday, or where nobody reads."""
    moments: dict[date, list[Moment]] = {}
    for moment in due:
        day = day_of(at, moment.at, ZoneInfo(moment.zone))
        if is_sent(newsletter, day):
            moments.setdefault(day, []).append(moment)
    if newsletter.mornings is Mornings.HOME:
        moments = {day: _reading_on(service, newsletter, day) for day in moments}
    home = any(_is_clock(newsletter, moment) for moment in due)
    if not moments or not (
        home or service.planning.has_readers([one for some in moments.values() for one in some])
    ):
        return None
    name = wave_of(at) if newsletter.is_rolling else ""
    return Wave(newsletter, at, moments, edition_date(newsletter, at), name)


def _is_clock(newsletter: Newsletter, moment: Moment) -> bool:
    """Whether a moment is the newsletter's own: it gets an edition, with readers or without."""
    return (moment.zone, moment.at) == (newsletter.zone, newsletter.send_at)


def _issue(service: Service, wave: Wave, now: datetime) -> Issued:
    newsletter, day = wave.newsletter, wave.edition_date
    if now - wave.at > timedelta(seconds=newsletter.late_by):
        return _missed(service, wave, now)
    stored = service.editions.find(newsletter, day, wave.name)
    if stored is None or not stored.is_frozen:
        refused = _refusal(service, wave, stored, now)
        if refused:
            return refused
    frozen = stored if stored and stored.is_frozen else _freeze(service, wave, stored, now)
    if frozen is None:
        return empty(service, wave, now)
    service.incidents.close(f"waiting:{newsletter.slug}:{day}", now)
    service.incidents.settle(newsletter.slug, day, now)
    planned = sum(
        plan(service, frozen, moments, Due(wave.at, local), now) for local, moments in wave.moments.items()
    )
    return wave.came_to("planned", planned)


def plan(service: Service, frozen: StoredEdition, moments: Moments, due: Due, now: datetime) -> int:
    """Open the run, and plan one delivery for each active reader of these moments who has none.

    The first are sent while the last are planned; a sender that overtakes takes the edition for done.
    """
    order = Plan(frozen.id, rendering_id(service, frozen), due.day, due.at, now + service.give_up)
    service.editions.issue(frozen.id, now, again=False)
    planned = service.planning.plan(moments, order)
    if planned:
        service.editions.issue(frozen.id, now, again=True)
    return planned


def _reading_on(service: Service, newsletter: Newsletter, day: date) -> list[Moment]:
    """The moments whose readers want the edition of this weekday, whatever their own hour."""
    return [moment for moment in service.planning.moments(newsletter) if falls_on(moment.days, day)]


def _freeze(
    service: Service, wave: Wave, stored: StoredEdition | None, now: datetime
) -> StoredEdition | None:
    """The wave's edition, with the stories of its cut-off; after a night off, without any, those of now."""
    drafted = stored is not None and stored.state is EditionState.DRAFT
    cutoff = stored.cutoff if stored and drafted else _cutoff(wave, now)

    def composing() -> Edition:
        edition = _composed(service, wave, cutoff)
        is_late = not edition.items and stored is None and wave.at < now
        return _composed(service, wave, now) if is_late else edition

    return freeze(service, composing, now)


def _composed(service: Service, wave: Wave, cutoff: datetime) -> Edition:
    return composed(service, wave.newsletter, wave.edition_date, cutoff, wave.name, wave.all_moments)


def _cutoff(wave: Wave, now: datetime) -> datetime:
    return min(wave.at, now) if wave.name else cutoff_of(wave.newsletter, wave.edition_date, now)


def _refusal(service: Service, wave: Wave, stored: StoredEdition | None, now: datetime) -> Issued | None:
    """Why an edition that is not frozen must not be: cancelled, or waiting for an editor's word."""
    newsletter, day = wave.newsletter, wave.edition_date
    if stored and stored.state is EditionState.CANCELLED:
        return wave.came_to("cancelled", reason=stored.reason)
    if waits(newsletter, stored):
        text = f"{newsletter.title} of {day} is due and waits: digest edition approve --date {day}"
        service.incidents.open(f"waiting:{newsletter.slug}:{day}", "waiting", text, now)
        return wave.came_to("waiting", reason="held for approval")
    return None


def empty(service: Service, wave: Wave, now: datetime) -> Issued:
    """Record that a wave has no stories, and tell the operator why."""
    newsletter, day, cutoff = wave.newsletter, wave.edition_date, _cutoff(wave, now)
    why = why_empty(service, newsletter, cutoff, wave.name)
    if service.editions.close(newsletter, day, cutoff, EditionState.EMPTY, why, wave.name):
        text = f"{newsletter.title} of {day} was empty and nothing was sent: {why}"
        service.incidents.open(f"empty:{newsletter.slug}:{day}", "empty", text, now)
    return wave.came_to("empty", reason=why)


def _missed(service: Service, wave: Wave, now: datetime) -> Issued:
    newsletter, day, due = wave.newsletter, wave.edition_date, wave.at
    hours = newsletter.late_by / 3600
    why = f"due {due:%Y-%m-%d %H:%M} UTC, found {now:%Y-%m-%d %H:%M} UTC, more than {hours:g} hours late"
    service.editions.close(newsletter, day, min(due, now), EditionState.MISSED, why, wave.name)
    text = f"{newsletter.title} of {day} was missed: {why}; send it by hand with: digest send --date {day}"
    service.incidents.open(f"missed:{newsletter.slug}:{day}", "missed", text, now)
    return wave.came_to("missed", reason=why)
