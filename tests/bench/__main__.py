"""`make bench`: every bench in turn, or those named. Ratios, measured side by side in one run."""

from __future__ import annotations

import subprocess
import sys

BENCHES = {
    "splice": "a reader's mail joined from a rendering, against an EmailMessage built for each",
    "delivery": "mails a second and CPU a mail, against Postfix's own load generator",
    "dkim": "a signed mail, against its key's bare operation and against dkimpy",
    "returns": "ten thousand returned mails, forged and real",
    "crash": "kill -9 at random moments of a run",
    "collect": "500 feeds, against parsing alone",
    "preview": "an edition from 5,000 stored stories, as a whole process",
    "web": "pages, forms and one-click unsubscribes, against the health page",
    "startup": "short commands, against an interpreter that does nothing",
    "api": "20,000 requests that schemathesis makes up: no server error",
    "importing": "a million lines of another program's export, against reading them as CSV",
    "mornings": "own sections, and the tick over a million readers",
    "roles": "two workers against one, on PostgreSQL",
    "cut": "a database that is away for half a minute in the middle of a morning",
    "scale": "a million readers planned, the plans of large tables, old deliveries put away",
    "simulation": "a morning over 24 zones with a provider's limit: a model, not a run",
}


def main() -> int:
    """The number of benches that failed."""
    wanted = sys.argv[1:] or list(BENCHES)
    failed = 0
    for name in wanted:
        print(f"\n# {name}: {BENCHES[name]}", flush=True)
        run = subprocess.run([sys.executable, "-m", f"tests.bench.{name}"], check=False)
        failed += run.returncode != 0
    return failed


if __name__ == "__main__":
    sys.exit(main())
