"""Commands about readers: subscribe, unsubscribe, subscribers …, suppressions …."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from digest.cli.app import FAILED, PARTLY, command, group, settings
from digest.cli.console import now, one_line, out, out_json, say, warn
from digest.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from digest.addresses import Address
    from digest.model import DeliveryLine, Newsletter, Order, Subscription

AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]
Slug = Annotated[
    str | None, typer.Option("--newsletter", metavar="SLUG", help="Needed where there are several.")
]
Zone = Annotated[str, typer.Option(metavar="IANA", help="The reader's time zone; else the newsletter's.")]
At = Annotated[str, typer.Option(metavar="HH:MM", help="The reader's own hour; a quarter hour.")]
Sections = Annotated[str, typer.Option(metavar="A,B", help="Only these sections; else all.")]

subscribers = group("subscribers", "Readers: list, import, export, show, change, erase.")
suppressions = group("suppressions", "Addresses never to be mailed: list, add, lift.")


@command("subscribe")
def subscribe(
    address: str,
    newsletter: Slug = None,
    zone: Zone = "",
    at: At = "",
    sections: Sections = "",
    confirmed: Annotated[
        bool, typer.Option("--confirmed", help="Consent is proven: send no mail to confirm.")
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Subscribe an address; it gets a mail to confirm, unless --confirmed.

    \b
    Example: digest subscribe ada@example.com --zone Europe/Dublin --at 06:30
    """
    from digest import wiring
    from digest.addresses import accept
    from digest.steps.joining import join

    with wiring.opened(settings()) as app:
        chosen = app.newsletter(newsletter)
        person = accept(address)
        done = join(app.joining, person, chosen, _order(chosen, zone, at, sections), "cli", confirmed, now())
    if as_json:
        out_json({"created": done.created, **_json(done.subscription)})
    if done.suppressed:
        warn(f"{person.mailed} is suppressed and gets no mail; see: digest suppressions list")
        return FAILED
    state = done.subscription.state
    if not done.created:
        say(f"{person.mailed} is subscribed to {chosen.slug} already ({state}); nothing was changed")
    elif state == "active":
        say(f"{person.mailed} is subscribed to {chosen.slug}")
    else:
        say(f"{person.mailed} gets a mail to confirm; it leaves with the next digest run or digest send")
    return 0


@command("unsubscribe")
def unsubscribe(address: str, newsletter: Slug = None, as_json: AsJson = False) -> int:
    """End an address's subscription to one newsletter, or to all.

    \b
    Example: digest unsubscribe ada@example.com
    """
    from digest import wiring
    from digest.addresses import accept

    with wiring.opened(settings()) as app:
        person = accept(address)
        theirs = [one for one in app.readers.of(person) if newsletter in {None, one.newsletter}]
        ended = [one for one in theirs if one.state != "unsubscribed" and app.readers.leave(one.ref, now())]
    if as_json:
        out_json({"address": person.mailed, "ended": [one.newsletter for one in ended]})
    if not theirs:
        raise UsageError(f"{person.mailed} is not subscribed")
    for one in ended:
        say(f"{person.mailed} has left {one.newsletter}")
    if not ended:
        say(f"{person.mailed} had left already; nothing was changed")
    return 0


@command("list", subscribers)
def list_subscribers(newsletter: Slug = None, as_json: AsJson = False) -> int:
    """List subscriptions.

    \b
    Example: digest subscribers list --newsletter morning
    """
    from digest import wiring

    with wiring.opened(settings()) as app:
        if as_json:
            out_json({"subscribers": [_json(one) for one in app.readers.every(newsletter)]})
            return 0
        for one in app.readers.every(newsletter):
            out(f"{one.address}\t{one.newsletter}\t{one.state}\t{one.zone}\t{one.at:%H:%M}\t{one.days}")
    return 0


@command("show", subscribers)
def show_subscriber(address: str, as_json: AsJson = False) -> int:
    """Show one reader: status, subscriptions, consent, and why an address is off.

    \b
    Example: digest subscribers show ada@example.com
    """
    from digest import wiring
    from digest.addresses import accept

    with wiring.opened(settings()) as app:
        person = accept(address)
        status = app.readers.status(person)
        off = app.suppressions.find(person)
        theirs = app.readers.of(person)
        had = {one.newsletter: app.deliveries.history(one) for one in theirs}
    if not status:
        raise UsageError(f"{person.mailed} is not known")
    if as_json:
        why = off._asdict() if off else None
        out_json(
            {
                "address": person.mailed,
                "status": status,
                "suppression": why,
                "subscriptions": [
                    {**_json(one), "deliveries": [_delivery(*line) for line in had[one.newsletter]]}
                    for one in theirs
                ],
            }
        )
        return 0
    out(f"{person.mailed}: {status}")
    if off:
        out(f"  suppressed {off.at:%Y-%m-%d %H:%M} UTC: {off.reason} {off.detail}".rstrip())
    for one in theirs:
        out(f"  {one.newsletter}: {one.state}, {one.days} at {one.at:%H:%M} {one.zone}{_sections_told(one)}")
        out(f"    asked {one.asked_at:%Y-%m-%d %H:%M} UTC by {one.asked_from or 'unknown'}")
        for day, line in had[one.newsletter]:
            out(f"    {day}: {line.state} {line.code or ''} {one_line(line.reply or '')}".rstrip())
    return 0


@command("change", subscribers)
def change_subscriber(
    address: str,
    newsletter: Slug = None,
    zone: Zone = "",
    at: At = "",
    sections: Annotated[
        str | None, typer.Option(metavar="A,B", help="Only these; an empty list is all.")
    ] = None,
    days: Annotated[str, typer.Option(metavar="DAYS", help="daily, weekdays, or sat,sun.")] = "",
    own_only: Annotated[
        bool | None,
        typer.Option("--own-only/--always", help="No mail on a day with nothing in these sections."),
    ] = None,
) -> int:
    """Change a reader's zone, hour, days or sections.

    \b
    Example: digest subscribers change ada@example.com --at 08:15 --days weekdays
    """
    from digest import wiring
    from digest.addresses import accept

    with wiring.opened(settings()) as app:
        chosen, person = app.newsletter(newsletter), accept(address)
        mine = next((one for one in app.readers.of(person) if one.newsletter == chosen.slug), None)
        if mine is None:
            raise UsageError(f"{person.mailed} is not subscribed to {chosen.slug}")
        order = _order(chosen, zone or mine.zone, at or f"{mine.at:%H:%M}", sections or "", days or mine.days)
        if sections is None:
            order = order._replace(sections=mine.sections)
        order = order._replace(own_only=mine.own_only if own_only is None else own_only)
        app.readers.change(mine.ref, chosen, order, now())
    say(f"{person.mailed}: {chosen.slug} {order.days} at {order.at:%H:%M} {order.zone}")
    return 0


@command("erase", subscribers)
def erase_subscriber(address: str) -> int:
    """Forget a person: the address goes for good, counts stay, a suppression stays as a keyed hash.

    \b
    Example: digest subscribers erase ada@example.com
    """
    from digest import wiring
    from digest.addresses import accept

    with wiring.opened(settings()) as app:
        person = accept(address)
        if not app.suppressions.erase(person, now()):
            raise UsageError(f"{person.mailed} is not known")
    say("erased")
    return 0


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
            values = _json(one)
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

    people: list[tuple[Address, Order]] = []
    for number, row in _rows(file):
        try:
            wanted = [row.get(name) or "" for name in ("zone", "at", "sections", "days")]
            people.append((accept(row["address"]), _order(newsletter, *wanted)))
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


def _order(newsletter: Newsletter, zone: str, at: str, sections: str, days: str = "") -> Order:
    """What was asked for, the newsletter's own where nothing was. Raises UsageError."""
    from digest.model import Order
    from digest.settings import checked_days, checked_quarter, checked_zone

    try:
        return Order(
            checked_zone(zone) if zone else newsletter.zone,
            checked_quarter(at) if at else newsletter.send_at,
            checked_days(days) if days else newsletter.days,
            _known_sections(newsletter, sections),
        )
    except ValueError as error:
        raise UsageError(str(error)) from None


def _known_sections(newsletter: Newsletter, sections: str) -> tuple[str, ...]:
    known = {section.name.casefold(): section.name for section in newsletter.sections}
    wanted = [name.strip() for name in sections.replace(";", ",").split(",") if name.strip()]
    unknown = [name for name in wanted if known and name.casefold() not in known]
    if unknown:
        raise UsageError(
            f"{newsletter.slug} has no section {unknown[0]!r}; it has {', '.join(known.values())}"
        )
    return tuple(known.get(name.casefold(), name) for name in wanted)


def _json(one: Subscription) -> dict[str, Any]:
    return {
        "address": one.address,
        "newsletter": one.newsletter,
        "state": one.state,
        "zone": one.zone,
        "at": f"{one.at:%H:%M}",
        "days": one.days,
        "sections": list(one.sections),
        "own_only": one.own_only,
        "paused_until": one.paused_until,
        "asked_at": one.asked_at,
        "asked_from": one.asked_from,
        "confirmed_at": one.confirmed_at,
        "left_at": one.left_at,
    }


def _delivery(day: date, line: DeliveryLine) -> dict[str, Any]:
    told = {name: value for name, value in line._asdict().items() if value is not None}
    return {"date": day, **told}


def _sections_told(one: Subscription) -> str:
    return f", only {', '.join(one.sections)}" if one.sections else ""


def _cell(value: Any) -> str:
    """A CSV cell that no spreadsheet takes for a formula."""
    text = ";".join(value) if isinstance(value, list) else str(value or "")
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


@command("list", suppressions)
def list_suppressions(as_json: AsJson = False) -> int:
    """List the addresses that are never mailed, and why.

    \b
    Example: digest suppressions list --json
    """
    from digest import wiring

    with wiring.opened(settings()) as app:
        every = app.suppressions.every()
    if as_json:
        out_json({"suppressions": [one._asdict() for one in every]})
        return 0
    for one in every:
        out(f"{one.address or '(erased)'}\t{one.reason}\t{one.at:%Y-%m-%d %H:%M}\t{one.detail}")
    return 0


@command("add", suppressions)
def add_suppression(
    address: str, reason: Annotated[str, typer.Option(help="Why, for whoever asks later.")] = "by hand"
) -> int:
    """Never mail an address again, whatever is imported or asked for later.

    \b
    Example: digest suppressions add ada@example.com --reason "asked by phone"
    """
    from digest import wiring
    from digest.addresses import accept

    with wiring.opened(settings()) as app:
        person = accept(address)
        added = app.suppressions.add(person, reason, "", now())
    say(f"{person.mailed} is suppressed" + ("" if added else " already; nothing was changed"))
    return 0


@command("lift", suppressions)
def lift_suppression(address: str) -> int:
    """Take a suppression back; subscriptions that it had stopped go on.

    \b
    Example: digest suppressions lift ada@example.com
    """
    from digest import wiring
    from digest.addresses import accept

    with wiring.opened(settings()) as app:
        person = accept(address)
        if not app.suppressions.lift(person, now()):
            raise UsageError(f"{person.mailed} is not suppressed")
    say(f"{person.mailed} may be mailed again")
    return 0
