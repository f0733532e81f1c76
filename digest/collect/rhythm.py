"""Whether a source that answers gives what it usually gives: silence is told, and so is a trickle."""

from __future__ import annotations

from datetime import datetime, timedelta

from digest.model import Rhythm
from digest.words import counted

KNOWN_AFTER = timedelta(days=8)  # a week, so that its weekends are known, and today
SHORTEST = timedelta(hours=3)  # of silence that is told: fast sources have slow hours
FEWEST = 8  # stories a day: of fewer, half is chance


def oddity(rhythm: Rhythm, now: datetime) -> tuple[str, str]:
    """What is odd about a source, as an incident's kind and its sentence; ("", "") where nothing is.

    Late: nothing new for twice the longest silence of its last fortnight. Thin: in 24 hours less than half of
    what came on the poorest day of the week before. Both know nights and weekends without being told.
    """
    if now - rhythm.first < KNOWN_AFTER:
        return "", ""
    silent = now - rhythm.newest
    if rhythm.longest and silent > max(2 * rhythm.longest, SHORTEST):
        usual = f"in two weeks it was never silent for more than {_hours(rhythm.longest)}"
        return "late source", f"Source {rhythm.source} has told nothing new for {_hours(silent)}; {usual}."
    today, least = rhythm.days[0], min(rhythm.days[1:])
    if least >= FEWEST and today * 2 < least:
        usual = f"on no day of the week before were there fewer than {least}"
        return (
            "thin source",
            f"Source {rhythm.source} gave {counted(today, 'story', 'stories')} in 24 hours; {usual}.",
        )
    return "", ""


def _hours(time: timedelta) -> str:
    hours = max(1, round(time / timedelta(hours=1)))
    return f"{hours} hour{'s' * (hours > 1)}"
