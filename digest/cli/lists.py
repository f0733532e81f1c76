"""Readers by the file: `digest subscribers import` and `export`."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from digest.cli.app import PARTLY, command, settings
from digest.cli.console import now, out_json, say, warn
from digest.cli.options import AsJson, Slug
from digest.cli.readers import reader_json, subscribers
from digest.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from digest.addresses import Address
    from digest.model import Newsletter, Order


@command("export", subscribers)
def export_subscribers(newsletter: Slug = None) -> int:
    """Write subscriptions as CSV to stdout; cells that a spreadsheet would run are quoted.

    \b
    Example: digest subscribers export > readers.csv
    """
    from digest import wiring

    columns = ("address", "newsletter", "state", "zone", "at", "days", "sections", "asked_at", "confirmed_at")
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    with wiring.opened(settings()) as app:
        for one in app.readers.every(newsletter):
            values = reader_json(one)
            writer.writerow([_cell(values[column]) for column in columns])
    return 0


@command("import", subscribers)
def import_subscribers(
    file: str,
    newsletter: Slug = None,
    confirmed: Annotated[
        bool, typer.Option("--confirmed", help="Consent is proven: send no mails to confirm.")
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Subscribe the addresses of a CSV file; its columns: address, and any of zone, at, days, sections.

    Nobody who left or is suppressed is brought back. A bad line is named; the good ones are kept.

    \b
    Example: digest subscribers import readers.csv --confirmed
    """
    from digest import wiring
    from digest.steps.joining import join_many

    counts = {"created": 0, "known": 0, "suppressed": 0, "bad": 0}
    with wiring.opened(settings()) as app:
        chosen = app.newsletter(newsletter)
        for people in _people(file, chosen, counts):
            for done in join_many(app.joining, people, chosen, f"import {Path(file).name}", confirmed, now()):
                counts["created" if done.created else "suppressed" if done.suppressed else "known"] += 1
    if as_json:
        out_json(counts)
    say(", ".join(f"{count} {word}" for word, count in counts.items() if count or word == "created"))
    return PARTLY if counts["bad"] else 0


def _people(
    file: str, newsletter: Newsletter, counts: dict[str, int]
) -> Iterator[list[tuple[Address, Order]]]:
    """The good lines of a CSV in thousands; bad ones are counted and named."""
    from digest.addresses import accept
    from digest.settings.orders import order_of

    people: list[tuple[Address, Order]] = []
    for number, row in _rows(file):
        try:
            wanted = [row.get(name) or "" for name in ("zone", "at", "sections", "days")]
            people.append((accept(row["address"]), order_of(newsletter, *wanted)))
        except UsageError as error:
            counts["bad"] += 1
            warn(f"{file} line {number}: {error}")
        if len(people) == 1000:
            yield people
            people = []
    yield people


def _rows(file: str) -> Iterator[tuple[int, dict[str, str]]]:
    from digest.collect.files import text_lines

    with Path(file).open("rb") as stream:
        reader = csv.reader(text_lines(stream))
        header = [name.strip().lower() for name in next(reader, [])]
        names = ["address" if name in {"email", "e-mail", "email address"} else name for name in header]
        if "address" not in names:
            raise UsageError(f'{file} line 1: no column "address"; the first line names the columns')
        while True:
            number = reader.line_num + 1
            row = next(reader, None)
            if row is None:
                return
            if any(row):
                yield number, dict(zip(names, row, strict=False)) | ({} if row else {"address": ""})


def _cell(value: Any) -> str:
    """A CSV cell that no spreadsheet takes for a formula."""
    text = ";".join(value) if isinstance(value, list) else str(value or "")
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
