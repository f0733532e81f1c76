"""A list of people as CSV, as a command or a form is given it, becomes addresses and orders."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from typing import BinaryIO

from digest.addresses import Address, accept
from digest.errors import UsageError
from digest.model import Newsletter, Order
from digest.settings.orders import order_of

AT_ONCE = 1000  # people in one transaction
COLUMNS = ("zone", "at", "sections", "days")


def people_in(
    stream: BinaryIO, newsletter: Newsletter, bad: Callable[[int, str], None]
) -> Iterator[list[tuple[Address, Order]]]:
    """The good lines of a CSV in thousands; `bad` hears the number of each other line, and why.

    Its first line names the columns: `address`, and any of zone, at, sections, days. Raises UsageError.
    """
    people: list[tuple[Address, Order]] = []
    for number, row in _rows(stream):
        try:
            wanted = [row.get(name) or "" for name in COLUMNS]
            people.append((accept(row["address"]), order_of(newsletter, *wanted)))
        except UsageError as error:
            bad(number, str(error))
        if len(people) == AT_ONCE:
            yield people
            people = []
    yield people


def _rows(stream: BinaryIO) -> Iterator[tuple[int, dict[str, str]]]:
    from digest.collect.files import text_lines

    reader = csv.reader(text_lines(stream))
    header = [name.strip().lower() for name in next(reader, [])]
    names = ["address" if name in {"email", "e-mail", "email address"} else name for name in header]
    if "address" not in names:
        raise UsageError('line 1: no column "address"; the first line names the columns')
    while True:
        number = reader.line_num + 1
        row = next(reader, None)
        if row is None:
            return
        if any(row):
            yield number, {"address": ""} | dict(zip(names, row, strict=False))
