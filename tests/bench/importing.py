"""What an import of readers takes: a million lines of another program's export, in bounded memory.

    nice python -m tests.bench.importing [LINES]

The command runs as a process of its own, so that its memory is its own. Every hundredth line is bad, every
tenth is a double. Its time is told beside that of reading the same lines as CSV and no more.
"""

from __future__ import annotations

import csv
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LINES = 1_000_000
CONFIG = '[[newsletters]]\nslug = "morning"\ntitle = "The Morning Tide"\nfrom = "news@example.com"\n'
HEAD = "Email Address,First Name,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,TIMEZONE,LEID,TAGS\n"
ZONES = ("Europe/Dublin", "America/Lima", "Asia/Tokyo", "", "Somewhere")


def line(n: int) -> str:
    reader = n - 1 if n % 10 == 5 else n
    who = "nobody" if n % 100 == 99 else f"reader{reader}@host{reader % 5000}.example.com"
    times = f"2019-03-04 05:06:{n % 60:02},198.51.100.{n % 250},2019-03-04 06:07:{n % 60:02}"
    return f'{who},"Name, {n}",2,{times},{ZONES[n % len(ZONES)]},{n},"""Readers"""\n'


def main(lines: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "config").mkdir()
        (Path(folder) / "config" / "digest.toml").write_text(CONFIG, encoding="utf-8")
        file = Path(folder) / "subscribed.csv"
        with file.open("w", encoding="utf-8") as out:
            out.write(HEAD)
            out.writelines(map(line, range(lines)))
        plain = bare(file)
        started = time.perf_counter()
        command = [
            sys.executable,
            "-m",
            "digest",
            "subscribers",
            "import",
            str(file),
            "--confirmed",
            "--json",
        ]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        took = time.perf_counter() - started
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    counts = {name: count for name, count in json.loads(done.stdout).items() if count}
    told = done.stderr.count("is not a mail address")
    print(f"{lines:,} lines in {took:.0f} s ({took / plain:.0f} times csv alone), {memory:.0f} MB: {counts}")
    print(f"bad lines named: {told}, and {done.stderr.splitlines()[-2].split(': ')[-1]}")


def bare(file: Path) -> float:
    """Seconds to read the file as CSV."""
    started = time.perf_counter()
    with file.open(encoding="utf-8", newline="") as stream:
        for _ in csv.reader(stream):
            pass
    return time.perf_counter() - started


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else LINES)
