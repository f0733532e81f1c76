"""What a reader's mail costs: splicing against the usual ways, and own sections against plain mails.

    nice python -m tests.bench.splice

Each pair runs interleaved in one process; the ratio is what counts, the times are this machine's.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP
from statistics import median

from digest.model import Letter
from digest.render.dissected import Dissected
from digest.render.edition import render
from digest.render.splice import Splicer
from tests.render.editions import LETTER, LOOK, PREFERENCES, UNSUBSCRIBE, edition

SECTIONS = tuple(f"Section {n}" for n in range(1, 11))
ROUNDS, MAILS = 7, 2_000


def microseconds(work: Callable[[int], object], calls: int) -> float:
    started = time.process_time()
    for n in range(calls):
        work(n)
    return (time.process_time() - started) / calls * 1e6


def compare(
    title: str,
    names: tuple[str, str],
    first: Callable[[int], object],
    other: Callable[[int], object],
    calls: int,
) -> None:
    rounds = [(microseconds(first, calls), microseconds(other, calls)) for _ in range(ROUNDS)]
    one, two = median(a for a, _ in rounds), median(b for _, b in rounds)
    print(f"{title}: {names[0]} {one:.1f} µs, {names[1]} {two:.1f} µs, ratio {two / one:.2f}")


def main() -> None:
    splicer = Splicer(render(edition(sections=SECTIONS, told=2, also=2), LOOK))
    whole = splicer.mail(LETTER, UNSUBSCRIBE, PREFERENCES)
    print(f"{len(whole) / 1024:.1f} KiB a mail, {len(splicer.rendering.segments)} segments")

    def plain(n: int) -> bytes:
        return splicer.mail(LETTER._replace(delivery=n), UNSUBSCRIBE, PREFERENCES)

    parsed = Dissected(whole)

    def built(n: int) -> bytes:
        message = EmailMessage(policy=SMTP.clone(max_line_length=998))
        message["From"], message["To"], message["Subject"] = "news@example.org", LETTER.address, str(n)
        message.set_content(parsed.text)
        message.add_alternative(parsed.html, subtype="html")
        return message.as_bytes()

    compare("a message a reader", ("spliced", "EmailMessage"), plain, built, 50)

    choice = random.Random(4)
    letters = [_letter(n, choice) for n in range(MAILS)]

    def own(n: int) -> bytes:
        return splicer.mail(letters[n], UNSUBSCRIBE, PREFERENCES)

    for letter in letters:
        splicer.mail(letter, UNSUBSCRIBE, PREFERENCES)
    compare("ten sections, chosen at random", ("all sections", "own sections"), plain, own, MAILS)

    fresh = Splicer(splicer.rendering)
    cost = microseconds(lambda n: fresh.pieces("", frozenset({n + 1_000_000})), 500)
    print(f"a choice's first mail: {cost:.0f} µs more")


def _letter(n: int, choice: random.Random) -> Letter:
    sections = sorted(choice.sample(SECTIONS, choice.randint(1, len(SECTIONS))))
    return LETTER._replace(delivery=n, choice=json.dumps(sections))


if __name__ == "__main__":
    main()
