"""Readers by the file: `digest subscribers import` and `export`."""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from digest.cli.app import PARTLY, command, settings
from digest.cli.console import now, out_json, say, warn
from digest.cli.options import AsJson, Slug
from digest.cli.readers import reader_json, subscribers
from digest.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from digest.cli.roster import Member, Roster
    from digest.wiring import App

BATCH = 1000  # people taken in at once
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
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(COLUMNS)
    with wiring.opened(settings()) as app:
        for one in app.readers.every(newsletter):
            values = reader_json(one)
            writer.writerow([_cell(values[column]) for column in COLUMNS])
    return 0


def _export_one(address: str) -> int:
    """The same that a reader gets by the link in their mails."""
    from digest import wiring
    from digest.addresses import accept
    from digest.store.people import People

    with wiring.opened(settings()) as app:
        person = accept(address)
        mine, off = app.readers.of(person), app.suppressions.find(person)
        if mine:
            out_json(People(app.database, app.tokens).known(mine[0].ref))
        elif off:
            out_json({"address": person.mailed, "suppression": off._asdict()})
        else:
            raise UsageError(f"{person.mailed} is not known")
    return 0


@command("import", subscribers)
def import_subscribers(
    file: str,
    newsletter: Slug = None,
    confirmed: Annotated[
        bool, typer.Option("--confirmed", help="Consent is proven: send no mails to confirm.")
    ] = False,
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
    from digest.cli.roster import Roster

    counts = dict.fromkeys(("created", "known", "left", "suppressed", "elsewhere", "bad"), 0)
    with wiring.opened(settings()) as app:
        chosen = app.newsletter(newsletter)
        roster = Roster(Path(file), chosen, now())
        for people in _people(roster, counts):
            groups: dict[str, list[Member]] = defaultdict(list)
            for one in people:
                groups[_state(one, confirmed, left)].append(one)
            for state, some in groups.items():
                _take(app, roster, state, some, counts)
    if as_json:
        out_json(counts)
    say(", ".join(f"{count} {word}" for word, count in counts.items() if count or word == "created"))
    return PARTLY if counts["bad"] else 0


def _people(roster: Roster, counts: dict[str, int]) -> Iterator[list[Member]]:
    """The good lines in thousands; bad ones are counted and named."""
    people: list[Member] = []
    for number, said in roster:
        if said is None:
            counts["elsewhere"] += 1
        elif isinstance(said, UsageError):
            counts["bad"] += 1
            if counts["bad"] <= NAMED:
                warn(f"{roster.file} line {number}: {said}")
        else:
            people.append(said)
        if len(people) == BATCH:
            yield people
            people = []
    yield people
    if counts["bad"] > NAMED:
        warn(f"{roster.file}: {counts['bad'] - NAMED:,} more lines that could not be read")


def _state(one: Member, confirmed: bool, left: bool) -> str:
    """What becomes of a person: what the line says, but for the command's own word."""
    if left and one.state != "suppressed":
        return "unsubscribed"
    if one.state in {"", "active"}:
        return "active" if confirmed else "pending"
    return one.state


def _take(app: App, roster: Roster, state: str, some: Sequence[Member], counts: dict[str, int]) -> None:
    from digest.steps.joining import join_many, take_out

    people = [(one.address, one.order) for one in some]
    proofs = {one.address.key: one.consent for one in some}
    if state == "suppressed":
        addresses = [one.address for one in some]
        counts["suppressed"] += app.suppressions.add_all(addresses, "import", roster.origin, now())
    elif state == "unsubscribed":
        counts["left"] += take_out(app.joining, people, roster.newsletter, proofs, now())
    else:
        proven = state == "active"
        # Who is asked to confirm gives their consent here and now, whatever they said elsewhere.
        known = proofs if proven else {}
        for done in join_many(app.joining, people, roster.newsletter, roster.origin, proven, now(), known):
            counts["created" if done.created else "suppressed" if done.suppressed else "known"] += 1


def _cell(value: Any) -> str:
    """A CSV cell that no spreadsheet takes for a formula."""
    text = ";".join(value) if isinstance(value, list) else str(value or "")
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
