"""What a run counts and tells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from digest.logs import event
from digest.model import Outcome, Verdict


@dataclass(frozen=True, slots=True)
class Report:
    """What a run came to: mails by outcome, why it stopped early, and when there is more to do."""

    accepted: int = 0
    deferred: int = 0
    refused: int = 0
    in_doubt: int = 0
    halted: str = ""  # the reason of a pause or stop; "" when all that was due was tried
    next_due: int | None = None  # UTC seconds; None: nothing is left to try, or a person must help first
    fault: str = ""  # the last that kept a relay from us


class Book:
    """What is counted and told over all runs of one `send`."""

    def __init__(self, progress: Callable[[Report], None]) -> None:
        self._progress = progress
        self._counts: Counter[Verdict] = Counter()
        self._told: set[str] = set()
        self.fault = ""  # the last that kept a relay from us

    def count(self, outcomes: Iterable[Outcome]) -> None:
        self._counts.update([outcome.verdict for outcome in outcomes])

    def tell(self, name: str, key: str, *, reason: str, **facts: Any) -> None:
        """An event once for each key, however many letters meet it."""
        if key not in self._told:
            self._told.add(key)
            event(name, wrong=True, reason=reason, **facts)

    def report(self, halted: str = "", next_due: int | None = None) -> Report:
        counts = self._counts
        return Report(
            counts[Verdict.ACCEPTED],
            counts[Verdict.DEFERRED],
            counts[Verdict.REFUSED],
            counts[Verdict.IN_DOUBT],
            halted,
            next_due,
            self.fault,
        )

    def show(self, report: Report | None = None) -> None:
        self._progress(report or self.report())
