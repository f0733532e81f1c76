"""What the service's work comes to: one event a unit of work, listed with its keys in docs/operating.md."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from digest.cli.console import now, say
from digest.logs import event

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from digest.deliver.report import Report
    from digest.steps.collecting import Visit
    from digest.steps.issuing import Issued
    from digest.wiring import App


def announced(name: str, text: str, **facts: Any) -> None:
    """Said in words to a person at a terminal; elsewhere every line is an event."""
    if sys.stderr.isatty():
        say(text)
    else:
        event(name, text=text, **facts)


def announce_next(app: App) -> None:
    """When each newsletter goes out next."""
    from digest.schedule.due import next_morning

    for one in app.newsletters:
        local = next_morning(one, now()).at.astimezone(ZoneInfo(one.zone))
        text = f"{one.title}: next at {local:%Y-%m-%d %H:%M} {one.zone}"
        announced("next", text, newsletter=one.slug)


def visited(visits: Iterable[Visit]) -> None:
    """Sources were asked. One that was not due is no work."""
    for one in visits:
        if one.status != "skipped":
            event(
                "source.visited",
                wrong=one.status == "failed",
                source=one.source,
                status=one.status,
                **one.saved._asdict(),
                problems=len(one.problems),
                reason=one.reason,
                seconds=round(one.took, 3),
            )


def issued(one: Issued) -> None:
    """An edition was due: planned for so many readers, or not, and why."""
    event(
        "edition.issued",
        wrong=one.result != "planned",
        newsletter=one.newsletter,
        date=str(one.date),
        result=one.result,
        readers=one.planned,
        reason=one.reason,
    )


def run_ended(report: Report, seconds: float) -> None:
    """Everything that was due has been tried, or all had to stop."""
    event(
        "run.ended",
        wrong=bool(report.halted),
        accepted=report.accepted,
        deferred=report.deferred,
        refused=report.refused,
        in_doubt=report.in_doubt,
        seconds=round(seconds, 1),
        halted=report.halted,
    )
