"""Facts in a reader's words: hours, days, zones, languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from functools import cache
from itertools import groupby
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import get_day_names

from digest.model import Mornings, Newsletter, Subscription
from digest.render.catalogue import Wording, languages
from digest.schedule.due import WEEKDAYS, next_due, weekdays, zone_names

# The areas of the IANA data that hold places; the rest are old names and offsets.
_AREAS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
QUARTERS = tuple(time(hour, minute) for hour in range(24) for minute in (0, 15, 30, 45))


@cache
def zones() -> Mapping[str, Sequence[tuple[str, str]]]:
    """Every place with its time zone, by area: (zone, place)."""
    places = sorted(zone for zone in zone_names() if zone.partition("/")[0] in _AREAS and "/" in zone)
    areas = groupby(places, key=lambda zone: zone.partition("/")[0])
    return {area: [(zone, place(zone)) for zone in found] for area, found in areas}


def place(zone: str) -> str:
    """A zone as people write it: "Argentina, Buenos Aires"."""
    return zone.partition("/")[2].replace("_", " ").replace("/", ", ") or zone


def day_names(wording: Wording) -> Mapping[str, str]:
    """The weekdays' names, by the short names that are stored."""
    names = get_day_names("wide", "stand-alone", Locale.parse(wording.language))
    return {short: names[number] for number, short in enumerate(WEEKDAYS)}


def days(chosen: str, wording: Wording) -> str:
    """Which days, as a phrase: "Every day", "Monday to Friday", "Saturday, Sunday"."""
    names = day_names(wording)
    if chosen == "daily":
        return wording.gettext("Every day")
    if chosen == "weekdays":
        return wording.gettext("%(first)s to %(last)s") % {"first": names["mon"], "last": names["fri"]}
    return ", ".join(names[day] for day in WEEKDAYS if day in weekdays(chosen))


def when(newsletter: Newsletter, wording: Wording) -> str:
    """When a newsletter comes: "Every day at 07:00 (Dublin)", or "Every day at 07:00, by your own clock"."""
    values = {"days": days(newsletter.days, wording), "hour": f"{newsletter.send_at:%H:%M}"}
    if newsletter.mornings is Mornings.READER:
        return wording.gettext("%(days)s at %(hour)s, by your own clock") % values
    return wording.gettext("%(days)s at %(hour)s (%(place)s)") % {**values, "place": place(newsletter.zone)}


def when_for(newsletter: Newsletter, reader: Subscription, wording: Wording) -> str:
    """When it comes to one reader: "Monday, Friday at 06:45 (Lima)"."""
    zone, at = clock_of(newsletter, reader)
    values = {"days": days(reader.days, wording), "hour": f"{at:%H:%M}", "place": place(zone)}
    return wording.gettext("%(days)s at %(hour)s (%(place)s)") % values


def first_edition(newsletter: Newsletter, reader: Subscription, wording: Wording, now: datetime) -> str:
    """When the next edition comes to a reader, in words."""
    zone, at = clock_of(newsletter, reader)
    due = next_due(ZoneInfo(zone), at, reader.days, now, newsletter.skip)
    values = {"day": wording.day(due.day), "hour": f"{at:%H:%M}", "place": place(zone)}
    return wording.gettext("%(day)s, at %(hour)s (%(place)s)") % values


def clock_of(newsletter: Newsletter, reader: Subscription) -> tuple[str, time]:
    """The zone and hour that hold for a reader: their own, where the newsletter goes by readers' mornings."""
    if newsletter.mornings is Mornings.READER:
        return reader.zone, reader.at
    return newsletter.zone, newsletter.send_at


def own_languages() -> Sequence[tuple[str, str]]:
    """The languages we speak, each in its own name."""
    return [(tag, (Locale.parse(tag).get_display_name(tag) or tag).capitalize()) for tag in languages()]
