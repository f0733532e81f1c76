"""What the figures show: for each a chart's series, and the same numbers as a table."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from digest.model import Newsletter
from digest.store.statistics import Statistics

DAYS = 60  # of growth and troubles
EDITIONS = 30
DOMAINS = 12


@dataclass(frozen=True, slots=True)
class Figure:
    """One picture: `labels` along it, a value of each of `series` for each label, and its table."""

    title: str
    kind: str  # line | bar | stacked | lying
    labels: Sequence[str] = ()
    series: Mapping[str, Sequence[int]] = field(default_factory=dict)
    about: str = ""  # what it is of: an edition, a span

    @property
    def rows(self) -> Sequence[Sequence[object]]:
        return list(zip(self.labels, *self.series.values(), strict=True))


def readers(statistics: Statistics, newsletter: Newsletter, now: datetime) -> Figure:
    days = statistics.growth(newsletter.slug, *_span(newsletter, now), newsletter.zone)
    series = {
        "readers": [day.readers for day in days],
        "joined": [day.joined for day in days],
        "left": [day.left for day in days],
    }
    return Figure("Subscribers over time", "line", [f"{day.day:%d %b}" for day in days], series)


def pace(statistics: Statistics, newsletter: Newsletter, _now: datetime) -> Figure:
    title = "Deliveries a minute"
    runs = statistics.runs(newsletter.slug, 1)
    minutes = {one.at: one.accepted for one in statistics.minutes(runs[0].edition)} if runs else {}
    if not minutes:
        return Figure(title, "bar")
    first, last = min(minutes), min(max(minutes), min(minutes) + timedelta(hours=4))
    span = [first + timedelta(minutes=n) for n in range(int((last - first) / timedelta(minutes=1)) + 1)]
    labels = [at.astimezone(ZoneInfo(newsletter.zone)).strftime("%H:%M") for at in span]
    series = {"accepted": [minutes.get(at, 0) for at in span]}
    return Figure(title, "bar", labels, series, f"the edition of {runs[0].date}")


def domains(statistics: Statistics, newsletter: Newsletter, _now: datetime) -> Figure:
    title = "Outcomes by domain"
    runs = statistics.runs(newsletter.slug, 1)
    if not runs:
        return Figure(title, "lying")
    found = statistics.domains(runs[0].edition, DOMAINS)
    names = [name for name in runs[0].counts._fields if any(getattr(one.counts, name) for one in found)]
    series = {name.replace("_", " "): [getattr(one.counts, name) for one in found] for name in names}
    labels = [one.domain or "(forgotten)" for one in found]
    return Figure(title, "lying", labels, series, f"the edition of {runs[0].date}")


def troubles(statistics: Statistics, newsletter: Newsletter, now: datetime) -> Figure:
    first, last = _span(newsletter, now)
    counted: dict[str, Counter[date]] = defaultdict(Counter)
    for one in statistics.troubles(first, last, newsletter.zone):
        counted[one.kind][one.day] += one.number
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    series = {kind: [of[day] for day in days] for kind, of in sorted(counted.items())}
    labels = [f"{day:%d %b}" for day in days] if series else []
    return Figure("Bounces and complaints", "stacked", labels, series)


def leaving(statistics: Statistics, newsletter: Newsletter, _now: datetime) -> Figure:
    runs = statistics.runs(newsletter.slug, EDITIONS)[::-1]
    labels = [f"{run.date:%d %b}" for run in runs]
    return Figure("Unsubscribes per edition", "bar", labels, {"left": [run.unsubscribed for run in runs]})


def mornings(statistics: Statistics, newsletter: Newsletter, _now: datetime) -> Figure:
    """By the hour on the readers' own clocks, whatever their zones."""
    hours: Counter[str] = Counter()
    for one in statistics.hours(newsletter.slug):
        hours[f"{one.at:%H:%M}"] += one.readers
    labels = sorted(hours)
    title = "When readers’ mornings are"
    return Figure(title, "bar", labels, {"readers": [hours[label] for label in labels]})


FIGURES: Mapping[str, Callable[[Statistics, Newsletter, datetime], Figure]] = {
    "readers": readers,
    "pace": pace,
    "domains": domains,
    "troubles": troubles,
    "leaving": leaving,
    "mornings": mornings,
}
NAMES = {
    "readers": "Subscribers",
    "pace": "Pace",
    "domains": "Domains",
    "troubles": "Bounces",
    "leaving": "Leaving",
    "mornings": "Mornings",
}


def _span(newsletter: Newsletter, now: datetime) -> tuple[date, date]:
    today = now.astimezone(ZoneInfo(newsletter.zone)).date()
    return today - timedelta(days=DAYS - 1), today
