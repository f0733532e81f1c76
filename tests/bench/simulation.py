"""A morning over 24 zones, with workers and a provider's limit: python -m tests.bench.simulation [PLOT.svg]

A model, not a run: steps of ten seconds, readers by zone, and the two things that hold mails back, what the
workers can do and what the provider takes. It says how late the last reader of each zone gets the mail, and
so what the provider's limit must be for a morning to stay one. A worker is as fast as in docs/scale.md.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

STEP = 10  # seconds
HOUR = 3600
# Readers by UTC offset, -11 to +12, in thousandths: a round guess of where people are, half hours left out.
SHARES = (1, 2, 1, 47, 22, 60, 62, 40, 52, 2, 1, 62, 120, 77, 58, 25, 105, 36, 60, 120, 40, 12, 2, 4)
OFFSETS = tuple(range(-11, 13))
AT_SEVEN = 7 * HOUR


@dataclass(frozen=True)
class Setup:
    """A size of service."""

    name: str
    readers: int
    worker_rate: float  # mails a second that one worker hands over
    workers: int
    provider_rate: float  # mails a second that the provider takes, all together

    @property
    def rate(self) -> float:
        return min(self.workers * self.worker_rate, self.provider_rate)


@dataclass(frozen=True)
class Day:
    """What came of a day: mails a step, and of each zone how long after its morning the last one left."""

    setup: Setup
    sent: Sequence[float]
    waiting: Sequence[float]
    last: dict[int, int]  # UTC offset in hours -> seconds


def simulate(setup: Setup) -> Day:
    """One day in UTC, from the first zone's seven o'clock until the last one's mails have left."""
    due = sorted((AT_SEVEN - offset * HOUR, offset) for offset in OFFSETS)
    total = sum(SHARES)
    queue: deque[tuple[int, int, float]] = deque()  # due, offset, mails left: first due, first sent
    sent: list[float] = []
    waiting: list[float] = []
    last: dict[int, int] = {}
    now = due[0][0]
    while due or queue:
        while due and due[0][0] <= now:
            at, offset = due.pop(0)
            queue.append((at, offset, setup.readers * SHARES[offset + 11] / total))
        room = setup.rate * STEP
        gone = 0.0
        while queue and room > 0:
            at, offset, mails = queue.popleft()
            some = min(mails, room)
            room, gone = room - some, gone + some
            last[offset] = now + STEP - at
            if mails > some:
                queue.appendleft((at, offset, mails - some))
        sent.append(gone)
        waiting.append(sum(mails for _, _, mails in queue))
        now += STEP
    return Day(setup, sent, waiting, last)


READERS = 2_000_000
WORKER = 1500
SETUPS = (
    Setup("a provider that takes 50 a second", READERS, WORKER, 1, 50),
    Setup("a provider that takes 300 a second", READERS, WORKER, 1, 300),
    Setup("one worker of 1,500 a second, no limit", READERS, WORKER, 1, 1e9),
)
COLOURS = ("#b3261e", "#1f4e8c", "#2e7d32")


def plot(days: Sequence[Day]) -> str:
    """Mails that wait, over the UTC day, as SVG."""
    wide, high, left, top = 760, 300, 70, 40
    most = max(max(day.waiting) for day in days)
    steps = max(len(day.waiting) for day in days)

    def point(n: int, mails: float) -> str:
        return f"{left + wide * n / steps:.1f},{top + high * (1 - mails / most):.1f}"

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide + left + 20} {high + top + 110}"'
        ' font-family="Arial, Helvetica, sans-serif" font-size="12" fill="#1a1a1a">',
        f'<rect width="100%" height="100%" fill="#ffffff"/><text x="{left}" y="20" font-size="14">'
        f"Mails that are due and wait, {days[0].setup.readers:,} readers at seven o’clock in 24 zones</text>",
    ]
    for part in range(5):
        y = top + high * (1 - part / 4)
        parts.append(f'<path d="M{left} {y:.1f}h{wide}" stroke="#dddddd"/>')
        parts.append(f'<text x="{left - 8}" y="{y + 4:.1f}" text-anchor="end">{most * part / 4:,.0f}</text>')
    first = AT_SEVEN - max(OFFSETS) * HOUR
    for hour in range(0, steps * STEP // HOUR + 1, 3):
        x = left + wide * hour * HOUR / STEP / steps
        clock = (first // HOUR + hour) % 24
        parts.append(f'<text x="{x:.1f}" y="{top + high + 18}" text-anchor="middle">{clock:02}:00</text>')
    parts.append(f'<text x="{left}" y="{top + high + 36}">UTC</text>')
    for n, (day, colour) in enumerate(zip(days, COLOURS, strict=True)):
        line = " ".join(point(step, day.waiting[step]) for step in range(0, len(day.waiting), 12))
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
        y = top + high + 54 + 16 * n
        worst = max(day.last.values()) / 60
        parts.append(f'<path d="M{left} {y - 4}h24" stroke="{colour}" stroke-width="3"/>')
        parts.append(f'<text x="{left + 32}" y="{y}">{day.setup.name}: the last')
        parts.append(f" reader {worst:,.0f} minutes after seven</text>")
    return "".join(parts) + "</svg>\n"


def main(file: str) -> None:
    days = [simulate(setup) for setup in SETUPS]
    for day in days:
        late = {offset: seconds / 60 for offset, seconds in sorted(day.last.items())}
        shown = ", ".join(f"{offset:+}: {minutes:.0f}" for offset, minutes in late.items())
        print(f"{day.setup.name}: minutes until the last reader of a zone: {shown}")
    if file:
        Path(file).write_text(plot(days), encoding="utf-8")
        print(f"drawn to {file}")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
