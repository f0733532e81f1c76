"""Readers by the file: `digest subscribers import` and `export`."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from digest.cli.app import PARTLY, command, settings
from digest.cli.console import now, out_json, say, warn
from digest.cli.options import AsJson, Slug
from digest.cli.readers import reader_json, subscribers


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
    """Subscribe the addresses of a CSV file (columns: address; zone, at, days, sections).

    Nobody who left or is suppressed is brought back. A bad line is named; the good ones are kept.

    \b
    Example: digest subscribers import readers.csv --confirmed
    """
    from digest import wiring
    from digest.settings.people import people_in
    from digest.steps.joining import join_many

    counts = {"created": 0, "known": 0, "suppressed": 0, "bad": 0}

    def bad(number: int, why: str) -> None:
        counts["bad"] += 1
        warn(f"{file} line {number}: {why}")

    with wiring.opened(settings()) as app, Path(file).open("rb") as stream:
        chosen = app.newsletter(newsletter)
        for people in people_in(stream, chosen, bad):
            for done in join_many(app.joining, people, chosen, f"import {Path(file).name}", confirmed, now()):
                counts["created" if done.created else "suppressed" if done.suppressed else "known"] += 1
    if as_json:
        out_json(counts)
    say(", ".join(f"{count} {word}" for word, count in counts.items() if count or word == "created"))
    return PARTLY if counts["bad"] else 0


def _cell(value: Any) -> str:
    """A CSV cell that no spreadsheet takes for a formula."""
    text = ";".join(value) if isinstance(value, list) else str(value or "")
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
