"""How long short commands take, in interpreters that do nothing: `python -c pass` is 1.

    nice python -m tests.bench.startup

Runs are interleaved, user and system time of the child count, and the median tells. On the machine this was
written on `python -c pass` takes 30 ms, so that 0.3 s for --help is a ratio of 10, and 1.2 s for status one
of 40. A command's own help costs more than the list of them: Typer builds its parameters with pydantic. Exit
1 where a limit is passed.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

ROUNDS = 9
NOTHING = [sys.executable, "-c", "pass"]
COMMANDS = {  # and the ratio that it may take
    "--help": 10,
    "send --help": 14,
    "status": 40,
    "subscribers list": 40,
}


def cpu(command: Sequence[str], folder: Path) -> float:
    """Seconds of CPU of one run."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> int:
    """1 where a command takes more than its limit."""
    digest = [sys.executable, "-m", "digest"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run([*digest, "init", "--quiet"], cwd=folder, check=True)
        subprocess.run([*digest, "status"], cwd=folder, check=True, capture_output=True)
        rounds = [
            [cpu(NOTHING, folder), *(cpu([*digest, *words.split()], folder) for words in COMMANDS)]
            for _ in range(ROUNDS)
        ]
    nothing, *taken = (median(column) for column in zip(*rounds, strict=True))
    print(f"{'python -c pass':20}{nothing * 1000:7.0f} ms")
    passed = 0
    for (words, limit), seconds in zip(COMMANDS.items(), taken, strict=True):
        ratio = seconds / nothing
        passed += ratio > limit
        print(f"{words:20}{seconds * 1000:7.0f} ms  {ratio:5.1f} (at most {limit})")
    return int(passed > 0)


if __name__ == "__main__":
    sys.exit(main())
