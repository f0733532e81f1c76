"""How often the lead finder is right, on pages of your own.

    python -m tests.bench.lead PAGES.jsonl [--wrong]

PAGES.jsonl has one page a line: {"id", one of "html", "text" or "entry", "lead"} and, where you know them,
"url", "title", "summary" (an entry's), "deck" (the standfirst above the report) and "also" (a list of other
answers you would accept). "lead" is the paragraph as an editor would print it, without its dateline; "" says
that the page has none. --wrong prints what was found where it should not have been, and why.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from digest.model import Document, Summary
from digest.summarise import summarise
from digest.summarise.shape import WORD, letters

KINDS = ("html", "text", "entry")
WHOLE = 10_000  # characters: leads are compared uncut
ALIKE = 0.9  # of the words in common: a right answer with a comma's difference


def pages(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        yield from (json.loads(line) for line in file if line.strip())


def document(page: dict[str, Any]) -> Document:
    kind = next(kind for kind in KINDS if kind in page)
    return Document(kind, page[kind], page.get("summary", ""), page.get("url", ""), page.get("title", ""))


def judge(answer: str, page: dict[str, Any]) -> str:
    """right, none (found nothing), junk (should have found nothing), standfirst, longer, shorter or wrong."""
    wanted = [text for text in (page["lead"], *page.get("also", ())) if text]
    if not answer or not wanted:
        return "right" if not answer and not wanted else "junk" if answer else "none"
    if any(alike(answer, text) >= ALIKE for text in wanted):
        return "right"
    if page.get("deck") and alike(answer, page["deck"]) >= ALIKE:
        return "standfirst"
    own, first = letters(answer), letters(wanted[0])
    return "longer" if own.startswith(first) else "shorter" if first.startswith(own) else "wrong"


def alike(one: str, other: str) -> float:
    """F1 over the two texts' words, each counted as often as it stands there."""
    if letters(one) == letters(other):
        return 1.0
    mine, theirs = (Counter(WORD.findall(text.casefold())) for text in (one, other))
    return 2 * (mine & theirs).total() / max(1, mine.total() + theirs.total())


def measured(page: dict[str, Any]) -> tuple[Summary, float]:
    """The summary, and the milliseconds of processor time it took."""
    start = time.process_time()
    found = summarise(document(page), WHOLE)
    return found, 1000 * (time.process_time() - start)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pages", type=Path)
    parser.add_argument(
        "--wrong", action="store_true", help="print the pages answered wrong, with the reason"
    )
    asked = parser.parse_args()
    verdicts: Counter[str] = Counter()
    times: list[float] = []
    for page in pages(asked.pages):
        found, took = measured(page)
        verdict = judge(found.lead, page)
        verdicts[verdict] += 1
        times.append(took)
        if asked.wrong and verdict != "right":
            print(
                f"{page['id']}: {verdict}\n  found  {found.lead}\n  wanted {page['lead']}\n  {found.reason}"
            )
    total = max(1, verdicts.total())
    print(
        f"{verdicts.total()} pages: "
        + ", ".join(f"{name} {n / total:.3f}" for name, n in verdicts.most_common())
    )
    if times:
        print(f"milliseconds a page: mean {statistics.fmean(times):.1f}, longest {max(times):.1f}")


if __name__ == "__main__":
    main()
