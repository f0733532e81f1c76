"""What a person sends: once, now, and again to whom it did not reach."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from digest.model import Moment, Mornings, Newsletter, Plan, waits
from digest.schedule.due import Due, home_wave, instant
from digest.steps.editions import as_it_stands, freeze
from digest.steps.issuing import Issued, Moments, Wave, empty, plan
from digest.steps.service import Service


def issue_by_hand(
    service: Service, newsletter: Newsletter, day: date, now: datetime, *, everyone: bool, approve: bool
) -> Issued:
    """`digest send`: compose and freeze what is not, plan whoever has neither this edition nor its date.

    Nothing drafted, empty or missed: stories close now. With mornings = "reader" only moments that have
    passed are planned, unless `everyone`. Rolling: one edition, its wave the date's home morning.
    """
    wave = Wave(newsletter, now, {}, day, home_wave(newsletter, day))
    stored = service.editions.at_home(newsletter, day)
    if stored is None or not stored.is_frozen:
        if waits(newsletter, stored) and not approve:
            return wave.came_to("waiting", reason="held for approval; send it with --approve")
        stored = freeze(service, lambda: as_it_stands(service, newsletter, day, now), now)
        if stored is None:
            return empty(service, wave, now)
    planned = 0
    for due, moments in _due(service, newsletter, day, now, everyone).items():
        planned += plan(service, stored, moments, due, now)
    return wave.came_to("planned", planned)


def readers_by_hand(
    service: Service, newsletter: Newsletter, day: date, now: datetime, *, everyone: bool
) -> int:
    """How many deliveries `issue_by_hand` would plan now: counted by what chooses them."""
    stored = service.editions.at_home(newsletter, day)
    edition = stored.id if stored else 0  # of 0 nobody has had anything
    return sum(
        service.planning.readers(moments, Plan(edition, 0, due.day, due.at, now))
        for due, moments in _due(service, newsletter, day, now, everyone).items()
    )


def retry(service: Service, edition: int, now: datetime) -> int:
    """Open an edition's run again for whoever was deferred, or refused for no fault of their own."""
    again = service.deliveries.retry(edition, now)
    service.editions.issue(edition, now, again=True)
    return again


def _due(
    service: Service, newsletter: Newsletter, day: date, now: datetime, everyone: bool
) -> Mapping[Due, Moments]:
    """Under which due times readers are planned; without those whose morning has not come."""
    moments = service.planning.moments(newsletter)
    if newsletter.mornings is Mornings.HOME or everyone:
        return {Due(now, day): moments}
    due: dict[Due, list[Moment]] = {}
    for moment in moments:
        at = instant(day, moment.at, ZoneInfo(moment.zone))
        if at is not None and at <= now:
            due.setdefault(Due(at, day), []).append(moment)
    return due
