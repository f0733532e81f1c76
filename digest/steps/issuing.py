"""From a due time to planned deliveries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from digest.model import EditionState, Moment, Mornings, Newsletter, Plan, StoredEdition
from digest.schedule.due import WEEKDAYS, Due, instant, next_due, weekdays
from digest.steps.editions import (
    as_it_stands,
    composed,
    cutoff_of,
    edition_date,
    freeze,
    rendering_id,
    why_empty,
)
from digest.steps.service import Service


@dataclass(frozen=True, slots=True)
class Issued:
    """What became of one due time: planned, empty, missed, cancelled or waiting (for approval), and why."""

    newsletter: str
    date: date
    result: str
    planned: int = 0
    reason: str = ""


def issue_due(service: Service, newsletter: Newsletter, now: datetime) -> Iterator[Issued]:
    """Every due time of a newsletter that has come since the last tick, oldest first."""
    clock = service.planning.clock(newsletter, now)
    for place in service.planning.due(newsletter, now):
        if newsletter.mornings is Mornings.READER or place.id == clock.id:
            yield from _catch_up(service, newsletter, place, now)


def _catch_up(service: Service, newsletter: Newsletter, place: Moment, now: datetime) -> Iterator[Issued]:
    zone = ZoneInfo(place.zone)
    due = Due(place.next_due, place.next_due.astimezone(zone).date())
    while due.at <= now:
        issued = _issue_moment(service, newsletter, place, due, now)
        yield issued
        following = next_due(zone, place.at, place.days, due.at)
        if issued.result == "waiting" or not service.planning.advance(place, following.at):
            return  # held back, or done by another scheduler at the same time
        place, due = replace(place, next_due=following.at), following


def _issue_moment(service: Service, newsletter: Newsletter, place: Moment, due: Due, now: datetime) -> Issued:
    day = edition_date(newsletter, due.at)
    if now - due.at > timedelta(seconds=newsletter.late_by):
        return _missed(service, newsletter, day, due.at, now)
    stored = service.editions.find(newsletter, day)
    if stored is None or not stored.is_frozen:
        refused = _refusal(service, newsletter, stored, day, now)
        if refused:
            return refused
    frozen = stored if stored and stored.is_frozen else _freeze(service, newsletter, stored, day, now)
    if frozen is None and stored is None and due.at < now:
        frozen = _freeze_now(service, newsletter, day, now)
    if frozen is None:
        return _empty(service, newsletter, day, cutoff_of(newsletter, day, now), now)
    service.incidents.close(f"waiting:{newsletter.slug}:{day}", now)
    places = [place] if newsletter.mornings is Mornings.READER else _reading_on(service, newsletter, due.day)
    planned = plan(service, frozen, places, due, now)
    return Issued(newsletter.slug, day, "planned", planned)


def issue_by_hand(
    service: Service, newsletter: Newsletter, day: date, now: datetime, *, everyone: bool, approve: bool
) -> Issued:
    """`digest send`: compose and freeze what is not, plan whoever has neither this edition nor its date.

    Nothing drafted, empty or missed: stories close now. With mornings = "reader" only moments that have
    passed are planned, unless `everyone`.
    """
    stored = service.editions.find(newsletter, day)
    if stored is None or not stored.is_frozen:
        held = stored.held if stored else False
        if (held or newsletter.review == "hold") and not (approve or (stored and stored.approved)):
            return Issued(newsletter.slug, day, "waiting", reason="held for approval; send it with --approve")
        edition = as_it_stands(service, newsletter, day, now)
        if not edition.items:
            return _empty(service, newsletter, day, edition.cutoff, now)
        stored = freeze(service, edition, now)
    planned = 0
    for place in service.planning.moments(newsletter):
        due = _due_by_hand(newsletter, place, day, now, everyone)
        if due:
            planned += plan(service, stored, [place], due, now)
    return Issued(newsletter.slug, day, "planned", planned)


def retry(service: Service, edition: int, now: datetime) -> int:
    """Open an edition's run again for whoever was deferred, or refused for no fault of their own."""
    again = service.deliveries.retry(edition, now)
    service.editions.set_state(edition, EditionState.ISSUED, was=(EditionState.DONE,))
    return again


def plan(service: Service, frozen: StoredEdition, places: Sequence[Moment], due: Due, now: datetime) -> int:
    """Plan one delivery for each active reader of these moments who has none, and open the run."""
    order = Plan(frozen.id, rendering_id(service, frozen), due.day, due.at, now + service.give_up)
    planned = service.planning.plan(places, order)
    was = (EditionState.FROZEN, EditionState.DONE) if planned else (EditionState.FROZEN,)
    service.editions.set_state(frozen.id, EditionState.ISSUED, was=was)
    return planned


def _due_by_hand(
    newsletter: Newsletter, place: Moment, day: date, now: datetime, everyone: bool
) -> Due | None:
    """Under which due time a moment's readers are planned; None while their morning has not come."""
    if newsletter.mornings is Mornings.HOME or everyone:
        return Due(now, day)
    at = instant(day, place.at, ZoneInfo(place.zone))
    return Due(at, day) if at is not None and at <= now else None


def _reading_on(service: Service, newsletter: Newsletter, day: date) -> list[Moment]:
    """The moments whose readers want the edition of this weekday, whatever their own hour."""
    today = WEEKDAYS[day.weekday()]
    return [place for place in service.planning.moments(newsletter) if today in weekdays(place.days)]


def _freeze(
    service: Service, newsletter: Newsletter, stored: StoredEdition | None, day: date, now: datetime
) -> StoredEdition | None:
    drafted = stored is not None and stored.state is EditionState.DRAFT
    cutoff = stored.cutoff if stored and drafted else cutoff_of(newsletter, day, now)
    edition = composed(service, newsletter, day, cutoff)
    return freeze(service, edition, now) if edition.items else None


def _freeze_now(service: Service, newsletter: Newsletter, day: date, now: datetime) -> StoredEdition | None:
    """After a night off, with nothing stored before the cut-off: better the stories of now than none."""
    edition = composed(service, newsletter, day, now)
    return freeze(service, edition, now) if edition.items else None


def _refusal(
    service: Service, newsletter: Newsletter, stored: StoredEdition | None, day: date, now: datetime
) -> Issued | None:
    """Why an edition that is not frozen must not be: cancelled, or waiting for an editor's word."""
    if stored and stored.state is EditionState.CANCELLED:
        return Issued(newsletter.slug, day, "cancelled", reason=stored.reason)
    held = stored.held if stored else False
    if (newsletter.review == "hold" or held) and not (stored and stored.approved):
        text = f"{newsletter.title} of {day} is due and waits: digest edition approve --date {day}"
        service.incidents.open(f"waiting:{newsletter.slug}:{day}", "waiting", text, now)
        return Issued(newsletter.slug, day, "waiting", reason="held for approval")
    return None


def _empty(service: Service, newsletter: Newsletter, day: date, cutoff: datetime, now: datetime) -> Issued:
    why = why_empty(service, newsletter, cutoff)
    if service.editions.close(newsletter, day, cutoff, EditionState.EMPTY, why):
        text = f"{newsletter.title} of {day} was empty and nothing was sent: {why}"
        service.incidents.open(f"empty:{newsletter.slug}:{day}", "empty", text, now)
    return Issued(newsletter.slug, day, "empty", reason=why)


def _missed(service: Service, newsletter: Newsletter, day: date, due: datetime, now: datetime) -> Issued:
    hours = newsletter.late_by / 3600
    why = f"due {due:%Y-%m-%d %H:%M} UTC, found {now:%Y-%m-%d %H:%M} UTC, more than {hours:g} hours late"
    service.editions.close(newsletter, day, min(due, now), EditionState.MISSED, why)
    text = f"{newsletter.title} of {day} was missed: {why}; send it by hand with: digest send --date {day}"
    service.incidents.open(f"missed:{newsletter.slug}:{day}", "missed", text, now)
    return Issued(newsletter.slug, day, "missed", reason=why)
