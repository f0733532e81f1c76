"""What readers' own mornings cost: own sections against plain mails, and a tick against a look at everyone.

    nice python -m tests.bench.mornings [READERS [LETTERS]]

Own sections twice: spliced and signed alone, and through the whole sender with its ledger to Postfix's
smtp-sink. Ticks on SQLite and on PostgreSQL, with each one's account of how it finds who is due. Each pair
runs interleaved in one process; the ratio is what counts, the times are this machine's.
"""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from statistics import median
from zoneinfo import available_timezones

from sqlalchemy import event, func, insert, select

from digest.deliver.loop import old_objects_unvisited, run
from digest.deliver.options import Options, Relay, Tls
from digest.deliver.sender import send
from digest.model import Letter, Moment, Mornings, Newsletter, Plan
from digest.render.edition import render
from digest.render.splice import Splicer
from digest.store import tables
from digest.store.database import Database
from digest.store.ledger import open_ledger
from digest.store.migrate import upgrade
from digest.store.moments import due_query
from digest.store.planning import Planning
from digest.tokens import Tokens
from tests.bench.delivery import sink
from tests.bench.one_sender import Composer
from tests.contracts.test_clock import explained
from tests.morning import ISSUED, prepare
from tests.postgres import Server
from tests.render.editions import LETTER, LOOK, edition

READERS = 1_000_000
ZONES, HOURS = 400, 96
PLACES = sorted(available_timezones())[:ZONES]
LETTERS, ROUNDS = 100_000, 9
SECTIONS = tuple(f"Section {n}" for n in range(1, 11))
NOW = datetime(2026, 3, 10, 6, tzinfo=UTC)
NEWSLETTER = Newsletter("morning", "The Morning Tide", "news@example.com", mornings=Mornings.READER)


def compare(
    title: str, plain: Callable[[], object], other: Callable[[], object], unit: int = 1, times: int = ROUNDS
) -> None:
    """The median CPU time of both, in microseconds a piece, and their ratio."""
    rounds = [(_cpu(plain), _cpu(other)) for _ in range(times)]
    one, two = (median(found) / unit * 1e6 for found in zip(*rounds, strict=True))
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
                of.mail(letter, *tokens.of_mail(letter.ref))

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


class Ours(Composer):
    """Splices and signs as the service does, from this bench's edition of ten sections."""

    def __init__(self, splicer: Splicer) -> None:
        self._splicer = splicer
        self._tokens = Tokens(["a secret for the bench, nothing else"])


def through_the_sender(letters: int) -> None:
    """The same through everything: the ledger, durable, and twenty connections to a mail server."""
    rendering = render(edition(sections=SECTIONS, told=2, also=2), LOOK)

    async def send_all(store: Path, port: int) -> None:
        ledger = await open_ledger(str(store), ISSUED)
        relay = Relay("127.0.0.1", port, Tls.NEVER, connections=20)
        report = await send(ledger, [relay], Ours(Splicer(rendering)), lambda: ISSUED + 1.0, Options())
        await ledger.close(ISSUED + 1)
        assert report.accepted == letters

    with tempfile.TemporaryDirectory() as folder, sink() as port:
        plain, own = Path(folder) / "plain.db", Path(folder) / "own.db"
        prepare(str(plain), letters)
        shutil.copy(plain, own)
        choose(own, letters)
        copies = count()

        def sending(planned: Path) -> None:
            store = Path(shutil.copy(planned, planned.with_name(f"{next(copies)}.db")))
            run(send_all(store, port))
            store.unlink()

        compare("own sections, through the sender", lambda: sending(plain), lambda: sending(own), letters, 3)


def choose(store: Path, letters: int) -> None:
    """Give every reader of a store sections of their own."""
    chance = random.Random(4)
    rows = [(_chosen(LETTER, chance).choice, n) for n in range(1, letters + 1)]
    with closing(sqlite3.connect(store)) as connection, connection:
        connection.executemany("UPDATE subscription SET choice = ? WHERE id = ?", rows)


def ticks(database: Database, readers: int) -> None:
    """Who is due, asked of the moments and of every subscription; then one delivery for each of a wave."""
    upgrade(database)
    fill(database, readers)
    planning = Planning(database)
    everyone = (
        select(func.count())
        .select_from(tables.subscription.join(tables.moment))
        .where(tables.subscription.c.state == "active", tables.moment.c.next_due <= asked_at())
    )
    for _ in range(3):  # the server's time, too, which is not this process's
        began = time.perf_counter()
        due = planning.due(NEWSLETTER, NOW)
        took = time.perf_counter() - began
    print(f"a tick among {readers:,} readers: {len(due)} moments due, {took * 1000:.1f} ms of the clock")
    print(explained(database, due_query(NEWSLETTER, NOW)))
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
    plan_wave(database, due)
    database.close()


def on_both(readers: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        print("SQLite:")
        ticks(Database("sqlite:///bench.db", Path(folder)), readers)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # run as root, the server becomes another user, who may not enter else
        server = Server(Path(folder))
        print("PostgreSQL:")
        ticks(Database(server.fresh(), Path(folder)), readers)
        server.close()


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
    through_the_sender(int(sys.argv[2]) if sys.argv[2:] else LETTERS)
    on_both(int(sys.argv[1]) if sys.argv[1:] else READERS)
