"""`digest subscribers …`: list, show, change, erase; by the file: see rosters.py."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from digest.cli.app import command, group, settings
from digest.cli.console import now, one_line, out, out_json, say
from digest.cli.options import AsJson, At, Slug, Zone
from digest.cli.shapes import line_json, reader_json
from digest.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from digest.model import DeliveryLine, Subscription
    from digest.store.suppressions import Lifted, Suppression

    History = Sequence[tuple[date, DeliveryLine]]

subscribers = group("subscribers", "Readers: list, import, export, show, change, erase.")


@command("list", subscribers)
def list_subscribers(newsletter: Slug = None, as_json: AsJson = False) -> int:
    """List subscriptions.

    \b
    Example: digest subscribers list --newsletter morning
    """
    from digest import wiring

    with wiring.opened(settings()) as app:
        only = newsletter and app.newsletter(newsletter).slug
        if as_json:
            out_json({"subscribers": [reader_json(one) for one in app.readers.every(only)]})
            return 0
        for one in app.readers.every(only):
            out(f"{one.address}\t{one.newsletter}\t{one.state}\t{one.zone}\t{one.at:%H:%M}\t{one.days}")
    return 0


@command("show", subscribers)
def show_subscriber(address: str, as_json: AsJson = False) -> int:
    """Show one reader: status, subscriptions, consent; why an address is off.

    \b
    Example: digest subscribers show ada@example.com
    """
    from digest import wiring
    from digest.addresses import accept

    with wiring.opened(settings()) as app:
        person = accept(address)
        status = app.readers.status(person)
        if not status:
            raise UsageError(f"{person.mailed} is not known")
        off, lifted = app.suppressions.find(person), app.suppressions.lifted(person)
        theirs = [(one, app.deliveries.history(one)) for one in app.readers.of(person)]
    if as_json:
        out_json(
            {
                "address": person.mailed,
                "status": status,
                "suppression": off._asdict() if off else None,
                "lifted": [one._asdict() for one in lifted],
                "subscriptions": [_subscription_json(*one) for one in theirs],
            }
        )
        return 0
    out(f"{person.mailed}: {status}")
    _show_suppressions(off, lifted)
    for one, history in theirs:
        _show_subscription(one, history)
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
    from digest.steps.orders import order_of

    with wiring.opened(settings()) as app:
        chosen, person = app.newsletter(newsletter), accept(address)
        mine = app.readers.subscription(person, chosen.slug)
        if mine is None:
            raise UsageError(f"{person.mailed} is not subscribed to {chosen.slug}")
        order = order_of(
            chosen, zone or mine.zone, at or f"{mine.at:%H:%M}", sections or "", days or mine.days
        )
        if sections is None:
            order = order._replace(sections=mine.sections)
        order = order._replace(own_only=mine.own_only if own_only is None else own_only)
        app.readers.change(mine.ref, chosen, order, now())
    say(f"{person.mailed}: {chosen.slug} {order.days} at {order.at:%H:%M} {order.zone}")
    return 0


@command("erase", subscribers)
def erase_subscriber(address: str) -> int:
    """Forget a person; the address goes for good, counts stay, a suppression stays as a keyed hash.

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


def _subscription_json(one: Subscription, history: History) -> dict[str, Any]:
    deliveries = [{"date": day, **line_json(line)} for day, line in history]
    return {**reader_json(one), "deliveries": deliveries}


def _show_suppressions(off: Suppression | None, lifted: Sequence[Lifted]) -> None:
    if off:
        out(f"  suppressed {off.at:%Y-%m-%d %H:%M} UTC: {off.reason} {off.detail}".rstrip())
    for past in lifted:
        out(f"  was suppressed {past.at:%Y-%m-%d %H:%M} UTC: {past.reason} {past.detail}".rstrip())
        out(f"    lifted {past.lifted_at:%Y-%m-%d %H:%M} UTC by {past.lifted_by}")


def _show_subscription(one: Subscription, history: History) -> None:
    sections = f", only {', '.join(one.sections)}" if one.sections else ""
    out(f"  {one.newsletter}: {one.state}, {one.days} at {one.at:%H:%M} {one.zone}{sections}")
    out(f"    asked {one.asked_at:%Y-%m-%d %H:%M} UTC by {one.asked_from or 'unknown'}")
    for day, line in history:
        out(f"    {day}: {line.state} {line.code or ''} {one_line(line.reply or '')}".rstrip())
