"""No server error in 20,000 requests that schemathesis makes up from the API's own document.

nice python -m tests.bench.api [CALLS]

Half of them fit the document, half do not. A server on loopback answers; what it answers 5xx, or refuses
other than as problem details, ends the bench with the request as a curl command.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.blank_store import lay_tables
from tests.web.api.fuzzing import fuzzed

CALLS = 20_000


def main(calls: int) -> None:
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        lay_tables(Path(folder))
        answers = fuzzed(Path(folder), calls)
    statuses: Counter[int] = Counter()
    for (_, status), number in answers.items():
        statuses[status] += number
    told = ", ".join(f"{number} x {status}" for status, number in sorted(statuses.items()))
    operations = len({operation for operation, _ in answers})
    took = time.perf_counter() - began
    print(f"{sum(answers.values())} requests to {operations} operations in {took:.0f} s: {told}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else CALLS)
