"""Files to stories, for `digest import` and the watched folder: .jsonl .json .csv .html .txt .xml.

Lines are read one by one, so that a file of a gigabyte needs no more memory than a small one; what must be
seen as a whole (a page, a feed) is refused above 5 MB.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import PurePath
from typing import BinaryIO

from digest.collect import clean
from digest.collect.documents import WHOLE, WHOLE_KINDS, parse_whole
from digest.collect.harvest import Gathered, Harvest
from digest.collect.lines import LINE, csv_rows, text_lines
from digest.collect.storyjson import COLUMNS, read_flat, read_story
from digest.errors import SourceError, TooMuch, UsageError

LINE_KINDS = (".jsonl", ".ndjson", ".csv")
KINDS = (*LINE_KINDS, *WHOLE_KINDS)
BATCH = 500  # stories handed on at once
PROBLEMS = 1_000  # of one file that are told one by one

Lines = Iterator[tuple[int, "Gathered | SourceError"]]


def parse_file(name: str, stream: BinaryIO) -> Iterator[Harvest]:
    """The stories of one file, in batches; each problem names the file, the line, and what would be right.

    Raises UsageError for a kind of file that is not read, SourceError where nothing in it can be.
    """
    kind = PurePath(name).suffix.lower()
    if kind == ".csv":
        return _batches(name, _csv_rows(name, text_lines(stream)))
    if kind in LINE_KINDS:
        return _batches(name, _json_lines(text_lines(stream)))
    if kind not in KINDS:
        raise UsageError(
            f"{name}: not a kind of file that stories are read from; known are {' '.join(KINDS)}"
        )
    return iter([parse_whole(name, stream.read(WHOLE + 1))])


def _batches(name: str, lines: Lines) -> Iterator[Harvest]:
    items: list[Gathered] = []
    problems: list[str] = []
    told = 0
    for number, result in lines:
        if isinstance(result, Gathered):
            items.append(result)
        else:
            told += 1
            if told <= PROBLEMS:
                problems.append(f"{name} line {number}: {result}")
        if len(items) + len(problems) >= BATCH:
            yield Harvest(tuple(items), tuple(problems))
            items, problems = [], []
    if told > PROBLEMS:
        problems.append(f"{name}: {told - PROBLEMS:,} more lines that could not be read")
    yield Harvest(tuple(items), tuple(problems))


def _json_lines(lines: Iterator[str]) -> Lines:
    for number, text in enumerate(lines, 1):
        if text.strip():
            yield number, _read(text)


def _read(text: str) -> Gathered | SourceError:
    if len(text) > LINE:
        return TooMuch(f"longer than {LINE:,} characters")
    try:
        return read_story(json.loads(text))
    except json.JSONDecodeError as error:
        return SourceError(f"not JSON: {error.msg} at column {error.colno}; one story a line")
    except (RecursionError, ValueError) as error:
        return SourceError(f"not JSON that can be read: {error}")
    except SourceError as error:
        return error


def _csv_rows(name: str, lines: Iterator[str]) -> Lines:
    rows = csv_rows(lines)
    columns = _columns(name, next(rows, (1, []))[1])
    for number, row in rows:
        if isinstance(row, SourceError):
            yield number, row
        elif any(row):
            yield number, _row(columns, row)


def _columns(name: str, header: list[str] | SourceError) -> list[str]:
    if isinstance(header, SourceError):
        raise header
    columns = [column.strip().lower() for column in header]
    unknown = [column for column in columns if column not in COLUMNS]
    if unknown or "title" not in columns:
        wrong = f'unknown column "{clean.line(unknown[0], clean.QUOTED)}"' if unknown else 'no column "title"'
        raise SourceError(f"{name} line 1: {wrong}; the first line names the columns: {', '.join(COLUMNS)}")
    return columns


def _row(columns: list[str], row: list[str]) -> Gathered | SourceError:
    if len(row) > len(columns):
        return SourceError(f"{len(row)} values for {len(columns)} columns; a value with a comma needs quotes")
    try:
        return read_flat(dict(zip(columns, row, strict=False)))
    except SourceError as error:
        return error
