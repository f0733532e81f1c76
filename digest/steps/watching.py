"""Silence is an incident: what did not happen is noticed here, at every tick."""

from __future__ import annotations

from datetime import datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from digest.collect.rhythm import oddity
from digest.model import EditionState, Mornings, Newsletter, StoredEdition, waits
from digest.schedule.due import last_due
from digest.steps.service import Service
from digest.words import counted

USUAL = 7  # editions that say how long one usually is
SOURCES = {"late source": "late", "thin source": "thin"}  # kinds of incident, and how their keys begin
TOLD_ELSEWHERE = {EditionState.EMPTY, EditionState.MISSED, EditionState.CANCELLED}


def watch(service: Service, now: datetime) -> None:
    """Tell of every newsletter whose edition is late or thin, and when that is over."""
    for newsletter in service.newsletters:
        _late(service, newsletter, now)
        _thin(service, newsletter, now)


def watch_sources(service: Service, now: datetime) -> None:
    """Open and close the incidents of sources that are late or thin. One that is dead is told already."""
    names = {source.name for source in service.sources}
    known = {incident.key for incident in service.incidents.current()}
    for rhythm in service.stories.rhythms(now):
        if rhythm.source in names and not service.visits.state(rhythm.source).failing_since:
            kind, sentence = oddity(rhythm, now)
            for name, short in SOURCES.items():
                key = f"{short}:{rhythm.source}"
                if name == kind:
                    service.incidents.open(key, kind, sentence, now)
                elif key in known:
                    service.incidents.close(key, now)


def is_awake(service: Service, now: datetime) -> bool:
    """Whether no morning is waiting for a scheduler: only then does the heartbeat go out."""
    clocks = [service.planning.own(newsletter, now) for newsletter in service.newsletters]
    return all(clock.next_due > now - service.late for clock in clocks)


def _late(service: Service, newsletter: Newsletter, now: datetime) -> None:
    """No mail of today's edition has been accepted so long after it was due, and nobody was told why."""
    zone = ZoneInfo(newsletter.zone)
    due = last_due(zone, newsletter.send_at, newsletter.days, now, newsletter.skip)
    if due is None or not service.late <= now - due.at < timedelta(days=1):
        return
    key = f"late:{newsletter.slug}:{due.day}"
    stored = service.editions.at_home(newsletter, due.day)
    why = _why_late(service, newsletter, stored, due.at, now)
    if not why:
        service.incidents.close(key, now)
        return
    hour = f"{due.at.astimezone(zone):%H:%M} {newsletter.zone}"
    text = f"{newsletter.title} of {due.day} was due at {hour} and is late: {why}"
    service.incidents.open(key, "late", text, now)


def _why_late(
    service: Service, newsletter: Newsletter, stored: StoredEdition | None, due: datetime, now: datetime
) -> str:
    """What keeps an edition that is due; "" where it goes out, nobody reads it, or it was told already."""
    if not service.planning.has_readers(service.planning.moments(newsletter)):
        return ""
    if stored is None:  # before a newsletter's first morning its clock stands later
        is_stuck = service.planning.own(newsletter, now).next_due <= due
        return "there is no edition; look at the log of the scheduler" if is_stuck else ""
    if stored.state in TOLD_ELSEWHERE:
        return ""
    if not stored.is_frozen:
        return "it waits for approval" if waits(newsletter, stored) else "it is not frozen"
    counts = service.deliveries.counts(stored.id)
    own_hours = newsletter.mornings is Mornings.READER
    if counts.accepted or not counts.open or (own_hours and not counts.all):
        return ""
    by = f"{now.astimezone(ZoneInfo(newsletter.zone)):%H:%M}"  # the text stands until it is looked at again
    return f"none of its {counts.all} mails had been accepted by {by}"


def _thin(service: Service, newsletter: Newsletter, now: datetime) -> None:
    """The coming or newest edition has far fewer stories than the ones before it."""
    sizes = service.retold.sizes(newsletter, USUAL + 1)
    if len(sizes) < 3:  # too few to say what is usual
        return
    newest, usual = sizes[0], median(size for _, size in sizes[1:])
    key = f"thin:{newsletter.slug}:{newest[0]}"
    if newest[1] >= usual * service.thin:
        service.incidents.close(key, now)
        return
    stories = counted(newest[1], "story", "stories")
    text = f"{newsletter.title} of {newest[0]} is thin: {stories}, where {usual:g} are usual"
    service.incidents.open(key, "thin", text, now)
