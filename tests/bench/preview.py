"""What a preview costs: today's edition out of 5,000 stored stories, as a whole process.

    nice python -m tests.bench.preview

On a busy machine the CPU time is what counts.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from digest.model import Found
from digest.store.database import Database
from digest.store.migrate import upgrade
from digest.store.stories import Stories
from tests.bench.collect import stories_of_a_day

RUNS = 5
SECTIONS = ("World", "Ireland", "Business", "Science", "Culture", "Sport")
CONFIG = f"""
[site]
url = "https://news.example.com"
postal_address = "1 Quay"
[[newsletters]]
slug = "morning"
title = "World News"
from = "World News <news@example.com>"
sections = {json.dumps(SECTIONS)}
"""
BODY = "The harbour council voted on Tuesday to keep the old ferry running through the winter. " * 30


def fill(folder: Path, now: datetime) -> None:
    """A day's stories from fifty sources, each with its body."""
    (folder / "config").mkdir()
    (folder / "config" / "digest.toml").write_text(CONFIG)
    database = Database("sqlite:///var/digest.db", folder)
    upgrade(database)
    stories = Stories(database)
    found = [
        Found(
            identity=f"{n}",
            url=f"https://www.example.com/{n}",
            canonical=f"www.example.com/{n}",
            title=story.title,
            lead=story.lead,
            body=BODY,
            section=SECTIONS[n % len(SECTIONS)],
            published=now - timedelta(seconds=15 * n),
        )
        for n, story in enumerate(stories_of_a_day())
    ]
    for source in range(50):
        stories.save(f"source {source}", found[source::50], now)
    database.close()


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run(folder: Path, *arguments: str) -> tuple[float, float]:
    """Seconds by the clock and of CPU."""
    started, before = time.perf_counter(), cpu()
    subprocess.run([sys.executable, "-m", "digest", *arguments], cwd=folder, check=True, capture_output=True)
    return time.perf_counter() - started, cpu() - before


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fill(folder, datetime.now(UTC) - timedelta(minutes=1))
        times = [run(folder, "preview", "--json") for _ in range(RUNS)]
    clock, spent = (min(one) for one in zip(*times, strict=True))
    print(f"preview of an edition from 5,000 stories: {spent:.2f} s of CPU, {clock:.2f} s by the clock")
    print("  wanted: under 1.5 s on an idle machine")


if __name__ == "__main__":
    main()
