"""What kill -9 costs: python -m tests.bench.crash [KILLS] [SEED]

Runs over 10,000 readers with 20 connections to a recording relay, ten kills a run at random moments, then
one sender that finishes. Prints what was lost (must be 0), and doubled (at most one a connection and kill).
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from tests.deliver.killing import run_with_kills
from tests.morning import prepare

READERS = 10_000
KILLS_A_RUN = 10


def main(kills: int, seed: int) -> None:
    lost = doubled = most = worst = done = changed = 0
    with tempfile.TemporaryDirectory() as folder:
        planned = Path(folder) / "planned.db"
        prepare(str(planned), READERS)
        while done < kills:
            seed += 1
            store = Path(folder) / f"{seed}.db"
            shutil.copy(planned, store)
            toll = run_with_kills(str(store), Path(folder), READERS, min(KILLS_A_RUN, kills - done), seed)
            store.unlink()
            done += toll.kills
            lost += toll.lost
            doubled += toll.doubled
            changed += toll.changed_ids
            most, worst = max(most, toll.most_at_once), max(worst, toll.worst)
            print(f"{done} kills: {lost} lost, {doubled} doubled, {toll.by_kill}", flush=True)
    print(
        f"{done} kills over runs of {READERS} readers: {lost} lost; {doubled} doubled, "
        f"{doubled / done:.1f} a kill, at most {most} in one; "
        f"nobody more than {worst + 1} times in one kill; {changed} with another Message-ID"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200, int(sys.argv[2]) if len(sys.argv) > 2 else 0)
