"""Commands about one reader: subscribe, unsubscribe, subscribers …."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from digest.cli.app import FAILED, command, group, settings
from digest.cli.console import now, one_line, out, out_json, say, warn
from digest.cli.options import AsJson, At, Sections, Slug, Zone
from digest.errors import UsageError

if TYPE_CHECKING:
    from datetime import date

    from digest.model import DeliveryLine, Subscription

subscribers = group("subscribers", "Readers: list, import, export, show, change, erase.")


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
    from digest.settings.orders import order_of
    from digest.steps.joining import join

    with wiring.opened(settings()) as app:
        chosen = app.newsletter(newsletter)
        person = accept(address)
        if app.dead_domains([person]):
            raise UsageError(f"{person.domain} takes no mail, says the DNS; addresses.check_mx asks it")
        done = join(
            app.joining, person, chosen, order_of(chosen, zone, at, sections), "cli", confirmed, now()
        )
    if as_json:
        out_json({"created": done.created, **reader_json(done.subscription)})
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
        person, only = accept(address), newsletter and app.newsletter(newsletter).slug
        theirs = [one for one in app.readers.of(person) if only in {None, one.newsletter}]
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
        off = app.suppressions.find(person)
        lifted = app.suppressions.lifted(person)
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
                "lifted": [one._asdict() for one in lifted],
                "subscriptions": [
                    {**reader_json(one), "deliveries": [_delivery(*line) for line in had[one.newsletter]]}
                    for one in theirs
                ],
            }
        )
        return 0
    out(f"{person.mailed}: {status}")
    if off:
        out(f"  suppressed {off.at:%Y-%m-%d %H:%M} UTC: {off.reason} {off.detail}".rstrip())
    for past in lifted:
        out(f"  was suppressed {past.at:%Y-%m-%d %H:%M} UTC: {past.reason} {past.detail}".rstrip())
        out(f"    lifted {past.lifted_at:%Y-%m-%d %H:%M} UTC by {past.lifted_by}")
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
    from digest.settings.orders import order_of

    with wiring.opened(settings()) as app:
        chosen, person = app.newsletter(newsletter), accept(address)
        mine = next((one for one in app.readers.of(person) if one.newsletter == chosen.slug), None)
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


def reader_json(one: Subscription) -> dict[str, Any]:
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
