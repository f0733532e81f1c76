"""Readers by the file: `digest subscribers import` and `export`."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from digest import sheets
from digest.cli.app import PARTLY, command, settings
from digest.cli.console import now, out_json, say, warn
from digest.cli.options import AsJson, Confirmed, Slug
from digest.cli.shapes import reader_json
from digest.cli.subscribers import subscribers
from digest.errors import UsageError

NAMED = 1000  # bad lines told one by one
COLUMNS = (
    *("address", "newsletter", "state", "zone", "at", "days", "sections"),
    *("asked_at", "asked_from", "confirmed_at", "left_at"),
)


@command("export", subscribers)
def export_subscribers(
    address: Annotated[str, typer.Argument(help="Everything known of one person, as JSON.")] = "",
    newsletter: Slug = None,
) -> int:
    """Write subscriptions as CSV to stdout; cells that a spreadsheet would run are quoted.

    \b
    Example: digest subscribers export > readers.csv
    """
    from digest import wiring

    if address:
        return _export_one(address)
    with wiring.opened(settings()) as app:
        only = newsletter and app.newsletter(newsletter).slug
        sys.stdout.write(sheets.line(COLUMNS, "\n"))
        for one in app.readers.every(only):
            values = reader_json(one)
            sys.stdout.write(sheets.line((values[column] for column in COLUMNS), "\n"))
    return 0


def _export_one(address: str) -> int:
    """The same that a reader gets by the link in their mails."""
    from digest import wiring
    from digest.addresses import accept

    with wiring.opened(settings()) as app:
        person = accept(address)
        mine, off = app.readers.of(person), app.suppressions.find(person)
        if mine:
            out_json(app.people.known(mine[0].ref))
        elif off:
            out_json({"address": person.mailed, "suppression": off._asdict()})
        else:
            raise UsageError(f"{person.mailed} is not known")
    return 0


@command("import", subscribers)
def import_subscribers(
    file: str,
    newsletter: Slug = None,
    confirmed: Confirmed = False,
    left: Annotated[
        bool, typer.Option("--left", help="They have left: keep them as such, mail nobody.")
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Take in the people of a CSV file: a column of addresses; zone, at, days, sections, status and more.

    Our own export, listmonk's, Mailchimp's and Keila's are understood. Nobody who left or is suppressed is
    brought back. A bad line is named; the good ones are kept.

    \b
    Example: digest subscribers import readers.csv --confirmed
    """
    from digest import wiring
    from digest.steps.enrolling import Enrolling, enrol
    from digest.steps.roster import Roster

    if not Path(file).is_file():
        raise UsageError(f"{file}: no such file")
    counts = Counter(dict.fromkeys(("created", "known", "left", "suppressed", "elsewhere", "bad"), 0))

    def bad(number: int, why: str) -> None:
        counts["bad"] += 1
        if counts["bad"] <= NAMED:
            warn(f"{file} line {number}: {why}")

    with wiring.opened(settings()) as app, Path(file).open("rb") as stream:
        roster = Roster(stream, Path(file).name, app.newsletter(newsletter), now())
        suppress = app.suppressions.add_all
        list_ = Enrolling(app.joining, suppress, roster.newsletter, roster.origin, confirmed, left)
        for people in roster.batches(bad):
            counts.update(enrol(list_, people, now()))
    counts["elsewhere"] = roster.elsewhere
    if counts["bad"] > NAMED:
        warn(f"{file}: {counts['bad'] - NAMED:,} more lines that could not be read")
    if as_json:
        out_json(counts)
    say(", ".join(f"{count} {word}" for word, count in counts.items() if count or word == "created"))
    return PARTLY if counts["bad"] else 0
