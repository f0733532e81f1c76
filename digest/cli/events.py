"""What the service's work comes to: one event a unit of work, listed with its keys in docs/operating.md."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from digest.cli.console import now
from digest.logs import event

if TYPE_CHECKING:
    from collections.abc import Iterable

    from digest.deliver.report import Report
    from digest.steps.collecting import Visit
    from digest.steps.issuing import Issued
    from digest.wiring import App


def announce_next(app: App) -> None:
    """When each newsletter goes out next."""
    from digest.schedule.due import next_morning

    for one in app.newsletters:
        local = next_morning(one, now()).at.astimezone(ZoneInfo(one.zone))
        text = f"{one.title}: next at {local:%Y-%m-%d %H:%M} {one.zone}"
        event("next", newsletter=one.slug, text=text)


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


class Standstill:
    """Sending that stands still is told when it begins, when its reason changes, and when it goes on.

    One pause is many runs: the service looks every second whether it is over.
    """

    def __init__(self) -> None:
        self._reason = ""

    def seen(self, reason: str) -> None:
        """A run ended, halted for this reason or, where it is "", by itself."""
        if reason and reason != self._reason:
            relay = re.match(r"relay (\S+:\d+)", reason)
            event("paused", wrong=True, relay=relay and relay[1], reason=reason)
        elif self._reason and not reason:
            event("resumed")
        self._reason = reason
