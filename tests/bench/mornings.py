"""What readers' own mornings cost: own sections against plain mails, and a tick against a look at everyone.

    nice python -m tests.bench.mornings [READERS]

Each pair runs interleaved in one process; the ratio is what counts, the times are this machine's.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from zoneinfo import available_timezones

from sqlalchemy import event, func, insert, select

from digest.deliver.loop import old_objects_unvisited
from digest.model import Letter, Moment, Mornings, Newsletter, Plan
from digest.render.edition import render
from digest.render.splice import Splicer
from digest.steps.previewing import links
from digest.store import tables
from digest.store.database import Database
from digest.store.migrate import upgrade
from digest.store.planning import Planning
from digest.tokens import Tokens
from tests.render.editions import LETTER, LOOK, edition

READERS = 1_000_000
ZONES, HOURS = 400, 96
PLACES = sorted(available_timezones())[:ZONES]
LETTERS, ROUNDS = 100_000, 9
SECTIONS = tuple(f"Section {n}" for n in range(1, 11))
NOW = datetime(2026, 3, 10, 6, tzinfo=UTC)
NEWSLETTER = Newsletter("morning", "The Morning Tide", "news@example.com", mornings=Mornings.READER)


def compare(title: str, plain: Callable[[], object], other: Callable[[], object], unit: int = 1) -> None:
    """The median CPU time of both, in microseconds a piece, and their ratio."""
    rounds = [(_cpu(plain), _cpu(other)) for _ in range(ROUNDS)]
    one, two = (median(times) / unit * 1e6 for times in zip(*rounds, strict=True))
    print(f"{title}: {one:,.1f} µs and {two:,.1f} µs, ratio {median(b / a for a, b in rounds):.3f}")


def _cpu(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def own_sections() -> None:
    """A hundred thousand readers of random sections, the first of each choice included."""
    splicer = Splicer(render(edition(sections=SECTIONS, told=2, also=2), LOOK))
    tokens, chance = Tokens(["a secret for the bench, nothing else"]), random.Random(4)
    plain = [LETTER._replace(delivery=n) for n in range(LETTERS)]
    own = [_chosen(letter, chance) for letter in plain]
    pasts = _pasts(splicer, chance)
    past = [letter._replace(had=chance.choice(pasts)) for letter in plain]

    def send(letters: list[Letter], of: Splicer) -> None:
        for letter in letters:
            if not of.is_empty(letter):
                of.mail(letter, *links(tokens, letter.ref), letter.had)

    def fresh() -> Splicer:
        return Splicer(splicer.rendering)

    with old_objects_unvisited():  # as in a run of the sender
        for title, letters in (("own sections", own), ("stories had, of 64 pasts", past)):
            compare(
                f"{title}, spliced and signed",
                lambda: send(plain, fresh()),
                lambda letters=letters: send(letters, fresh()),  # type: ignore[misc]  # bound now, not later
                LETTERS,
            )


def _chosen(letter: Letter, chance: random.Random) -> Letter:
    sections = sorted(chance.sample(SECTIONS, chance.randint(1, len(SECTIONS))))
    return letter._replace(choice=json.dumps(sections))


def _pasts(splicer: Splicer, chance: random.Random) -> list[frozenset[int]]:
    """Readers of one hour have few pasts between them."""
    stories = sorted({one.story for one in splicer.rendering.segments if one.story is not None})
    return [frozenset(chance.sample(stories, len(stories) // 2)) for _ in range(64)]


def ticks(readers: int) -> None:
    """Who is due, asked of the moments and of every subscription; then one delivery for each of a wave."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database("sqlite:///bench.db", Path(folder))
        upgrade(database)
        fill(database, readers)
        planning = Planning(database)
        everyone = (
            select(func.count())
            .select_from(tables.subscription.join(tables.moment))
            .where(tables.subscription.c.state == "active", tables.moment.c.next_due <= asked_at())
        )
        compare(
            "a tick, against a look at everyone",
            lambda: read(database, everyone),
            lambda: planning.due(NEWSLETTER, NOW),
        )
        compare(
            "the next five waves, against a tick",
            lambda: planning.due(NEWSLETTER, NOW),
            lambda: planning.waves(NEWSLETTER, NOW, 5),
        )
        plan_wave(database, planning.due(NEWSLETTER, NOW))
        database.close()


def asked_at() -> int:
    return int(NOW.timestamp())


def read(database: Database, query: object) -> None:
    with database.read() as connection:
        connection.execute(query).all()  # type: ignore[call-overload]  # any query will do


def fill(database: Database, readers: int) -> None:
    """Readers spread evenly over 400 zones and 96 hours; 400 of the moments are due now."""
    with database.write() as connection:
        connection.execute(insert(tables.newsletter), {"id": 1, "slug": NEWSLETTER.slug})
        connection.execute(insert(tables.moment), [_moment(n) for n in range(ZONES * HOURS)])
        connection.execute(insert(tables.edition), _edition())
        connection.execute(
            insert(tables.rendering), {"id": 1, "edition": 1, "revision": 0, "locale": "en", "body": b"{}"}
        )
        for start in range(0, readers, 50_000):
            ids = range(start + 1, min(start + 50_000, readers) + 1)
            connection.execute(insert(tables.subscriber), [_subscriber(n) for n in ids])
            connection.execute(insert(tables.subscription), [_subscription(n) for n in ids])


def _moment(n: int) -> dict[str, object]:
    due = asked_at() + (n % HOURS) * 900
    place = {"zone": PLACES[n // HOURS], "at": n % HOURS * 15, "days": "daily"}
    return {"id": n + 1, "newsletter": 1, "next_due": due, **place}


def _edition() -> dict[str, object]:
    day = date(2026, 3, 10)
    return {"id": 1, "newsletter": 1, "date": day, "cutoff": asked_at(), "state": "frozen"}


def _subscriber(n: int) -> dict[str, object]:
    address = f"reader{n}@example.com"
    return {"id": n, "ref": b"r%015d" % n, "address": address, "address_key": address, "created": 0}


def _subscription(n: int) -> dict[str, object]:
    row = {"id": n, "ref": b"s%015d" % n, "subscriber": n, "newsletter": 1, "asked_at": 0}
    return row | {"moment": n % (ZONES * HOURS) + 1, "state": "active", "confirmed_at": 0}


def plan_wave(database: Database, wave: list[Moment]) -> None:
    """All moments of one instant in few transactions."""
    commits = _commits(database)
    started = time.perf_counter()
    planned = Planning(database).plan(wave, Plan(1, 1, date(2026, 3, 10), NOW, NOW))
    took = time.perf_counter() - started
    print(f"a wave of {len(wave)} moments: {planned:,} deliveries, {len(commits)} transactions, {took:.2f} s")


def _commits(database: Database) -> list[object]:
    seen: list[object] = []
    event.listen(database.engine, "commit", seen.append)
    return seen


if __name__ == "__main__":
    own_sections()
    ticks(int(sys.argv[1]) if sys.argv[1:] else READERS)
