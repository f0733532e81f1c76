"""How things stand now: what the front of the desk shows, and shows anew while it is open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from digest.collect.standing import standings
from digest.model import Coming, Counts, EditionState, Incident, Newsletter, Pause, StoredEdition
from digest.schedule.due import next_morning
from digest.web.desk.cures import Cure, cures
from digest.web.desk.frame import Desk, local

WAVES = 5  # next sends of a newsletter
MINUTE = timedelta(minutes=1)
TODAY = {EditionState.FROZEN, EditionState.ISSUED}


class Next(NamedTuple):
    """A coming send: when on the clocks of its zone, in how long, and to how many."""

    title: str
    slug: str
    at: str
    zone: str
    wait: str
    readers: int


class Run(NamedTuple):
    """An edition that went out today or is going out, and what became of its deliveries."""

    newsletter: Newsletter
    edition: StoredEdition
    counts: Counts
    outcomes: Sequence[tuple[str, int]]  # those that are not zero; they add up to counts.all
    share: int  # percent settled
    rate: float  # mails accepted a second, over the last minute
    left: str  # time left at that rate; "" where nothing moves
    is_stopped: bool

    @property
    def is_running(self) -> bool:
        return self.edition.state is EditionState.ISSUED and self.counts.open > 0


class Trouble(NamedTuple):
    """A source that gives nothing."""

    name: str
    state: str
    since: str
    reason: str


class Now(NamedTuple):
    """Everything on the front page."""

    verdict: str
    then: str  # a second sentence; "" where the first says all
    is_well: bool
    coming: Sequence[Next]
    runs: Sequence[Run]
    incidents: Sequence[tuple[Incident, str, Sequence[Cure]]]
    pauses: Sequence[tuple[Pause, str]]
    sources: Sequence[Trouble]


def now_at(desk: Desk, now: datetime) -> Now:
    """One picture of the service."""
    app = desk.app
    pauses = app.pauses.standing(now)
    runs = [run for one in app.newsletters for run in _runs(desk, one, pauses, now)]
    coming = [next_ for one in app.newsletters for next_ in _coming(desk, one, now)]
    zone = desk.app.home_zone
    incidents = [(one, local(one.opened, zone), cures(one)) for one in app.incidents.current()]
    sources = list(_troubles(desk, zone, now))
    wrong = len(incidents) + len(pauses)
    return Now(
        _needs(wrong) or _going(runs, coming),
        _going(runs, coming) if wrong else "",
        not wrong,
        coming,
        runs,
        incidents,
        [(pause, local(pause.since, zone)) for pause in pauses],
        sources,
    )


def _coming(desk: Desk, newsletter: Newsletter, now: datetime) -> Iterator[Next]:
    waves = desk.app.planning.waves(newsletter, now, WAVES) or [_nobody(newsletter, now)]
    for wave in waves:
        at = local(wave.at, wave.zone, "%a %d %b, %H:%M")
        wait = wait_in_words(wave.at - now)
        yield Next(newsletter.title, newsletter.slug, at, wave.zone, wait, wave.readers)


def _nobody(newsletter: Newsletter, now: datetime) -> Coming:
    due = next_morning(newsletter, now)
    return Coming(due.at, due.day, newsletter.zone, 0)


def _runs(desk: Desk, newsletter: Newsletter, pauses: Sequence[Pause], now: datetime) -> Iterator[Run]:
    today = now.astimezone(ZoneInfo(newsletter.zone)).date()
    for edition in desk.app.editions.latest(newsletter, 12):
        recent = edition.state in TODAY or edition.date >= today
        if recent and edition.state is not EditionState.DRAFT:
            yield run_of(desk, newsletter, edition, pauses, now)


def run_of(
    desk: Desk, newsletter: Newsletter, edition: StoredEdition, pauses: Sequence[Pause], now: datetime
) -> Run:
    """An edition with its counts, read at one moment, so that they add up."""
    counts = desk.app.deliveries.counts(edition.id)
    is_live = edition.state is EditionState.ISSUED and counts.open > 0
    rate = desk.app.deliveries.accepted_since(edition.id, now - MINUTE) / 60 if is_live else 0.0
    left = wait_in_words(timedelta(seconds=(counts.planned + counts.sending) / rate)) if rate else ""
    outcomes = [(name.replace("_", " "), n) for name, n in counts._asdict().items() if n]
    share = 100 * (counts.all - counts.open) // counts.all if counts.all else 0
    stopped = any(pause.scope in {"all", f"edition:{edition.id}"} for pause in pauses)
    return Run(newsletter, edition, counts, outcomes, share, rate, left, stopped)


def _troubles(desk: Desk, zone: str, now: datetime) -> Iterator[Trouble]:
    for one in standings(desk.app.sources, desk.app.visits.every(), now):
        if one.is_failing:
            since = local(one.state.failing_since, zone)
            yield Trouble(one.source.name, one.how, since, one.state.reason)


def _needs(wrong: int) -> str:
    if not wrong:
        return ""
    return "One thing needs you." if wrong == 1 else f"{wrong} things need you."


def _going(runs: Sequence[Run], coming: Sequence[Next]) -> str:
    """The morning in one sentence."""
    for run in runs:
        if run.is_running:
            left = f", {run.left} left" if run.left else ""
            done = run.counts.all - run.counts.open
            return f"{run.newsletter.title} is going out: {done:,} of {run.counts.all:,}{left}."
    for run in runs:
        if run.counts.all:
            return (
                f"All is well: {run.newsletter.title} reached {run.counts.accepted:,} of {run.counts.all:,}."
            )
    if coming:
        return f"All is quiet. {coming[0].title} goes out in {coming[0].wait}."
    return "No newsletter is configured yet."


def wait_in_words(wait: timedelta) -> str:
    """A time to wait, as people say it."""
    minutes = max(0, round(wait.total_seconds() / 60))
    if minutes < 1:
        return "less than a minute"
    if minutes < 90:
        return f"about {minutes} minute{'s' if minutes > 1 else ''}"
    hours = round(minutes / 60)
    return f"{hours} hours" if hours < 48 else f"{round(hours / 24)} days"
