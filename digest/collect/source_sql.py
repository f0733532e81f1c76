"""A source of kind sql: the newsroom's own database, read only, asked with one query.

The query's columns are named as the keys of a story (docs/sources.md), image_url and its like for a picture.
`:since` stands for the time of the last successful visit less an hour, `:since_unix` for its seconds.
"""

from __future__ import annotations

import asyncio
import re
import sqlite3
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from digest.collect import rules
from digest.collect.harvest import Gathered, Harvest, Summarise, with_leads
from digest.collect.means import Means
from digest.collect.storyjson import read_flat
from digest.collect.visit import Brought
from digest.errors import SourceError
from digest.model import Source, SourceState

ROWS = 5_000
SECONDS = 20  # for the query
FIRST_LOOK = timedelta(days=2)
OVERLAP = timedelta(hours=1)  # a story may be committed some time after the moment it is dated

Columns = tuple[list[str], Sequence[Sequence[Any]]]


async def read_sql(source: Source, state: SourceState, now: datetime, means: Means) -> Brought:
    """The stories that the query gives. Raises SourceError where the database or the query fails."""
    since = (state.last_success or now - FIRST_LOOK) - OVERLAP
    names, rows = await asyncio.to_thread(_ask, source, since)
    return Brought(state, await means.children.run(stories, source, names, rows, means.summarise))


def stories(
    source: Source, names: list[str], rows: Sequence[Sequence[Any]], summarise: Summarise | None
) -> Harvest:
    """What is done in the child process: each row a story, a bad one told with its number."""
    items: list[Gathered] = []
    problems: list[str] = []
    for number, row in enumerate(rows, 1):
        try:
            items.append(read_flat(dict(zip(names, row, strict=True))))
        except SourceError as error:
            problems.append(f"row {number}: {error}")
    return with_leads(rules.apply(source, Harvest(tuple(items), tuple(problems))), summarise)


def _ask(source: Source, since: datetime) -> Columns:
    scheme = source.url.partition(":")[0]
    if scheme == "sqlite":
        return _sqlite(source, since)
    if scheme in ("postgresql", "postgres"):
        return _postgresql(source, since)
    raise SourceError(f"{scheme}: is not a database that is read; postgresql:// and sqlite:/// are")


def _sqlite(source: Source, since: datetime) -> Columns:
    path = Path(source.url.removeprefix("sqlite:///"))
    address = f"{path.absolute().as_uri()}?mode=ro"
    end = time.monotonic() + SECONDS
    try:
        with closing(sqlite3.connect(address, uri=True, timeout=SECONDS)) as database:
            database.execute("PRAGMA query_only = 1")
            database.set_progress_handler(lambda: time.monotonic() > end, 100_000)
            cursor = database.execute(
                source.query, _parameters(source.query, since, f"{since:%Y-%m-%d %H:%M:%S}")
            )
            return [column[0] for column in cursor.description or ()], cursor.fetchmany(ROWS)
    except sqlite3.Error as error:
        raise SourceError(f"{path}: {error}") from error


def _postgresql(source: Source, since: datetime) -> Columns:
    import psycopg

    query = _psycopg(source.query).encode()
    try:
        with psycopg.connect(source.url, connect_timeout=10, application_name="morning-digest") as database:
            database.read_only = True
            database.execute(f"SET LOCAL statement_timeout = {SECONDS * 1000}")
            cursor = database.execute(query, _parameters(source.query, since, since))
            return [column.name for column in cursor.description or ()], cursor.fetchmany(ROWS)
    except psycopg.Error as error:
        raise SourceError(f"the database cannot be asked: {error}") from error


_NAMED = re.compile(r"(?<!:):(since_unix|since)\b")


def _parameters(query: str, since: datetime, written: object) -> Mapping[str, Any]:
    values = {"since": written, "since_unix": int(since.timestamp())}
    return {name: values[name] for name in _NAMED.findall(query)}


def _psycopg(query: str) -> str:
    """The same query as psycopg wants it: %(since)s, and a percent sign of its own doubled."""
    return _NAMED.sub(r"%(\1)s", query.replace("%", "%%"))
