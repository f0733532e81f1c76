"""`digest subscribe` and `digest unsubscribe`: one address comes, or goes."""

from __future__ import annotations

from digest.cli.app import FAILED, command, settings
from digest.cli.console import now, out_json, say, warn
from digest.cli.options import AsJson, At, Confirmed, Sections, Slug, Zone
from digest.cli.shapes import reader_json
from digest.errors import UsageError


@command("subscribe")
def subscribe(
    address: str,
    newsletter: Slug = None,
    zone: Zone = "",
    at: At = "",
    sections: Sections = "",
    confirmed: Confirmed = False,
    as_json: AsJson = False,
) -> int:
    """Subscribe an address; it gets a mail to confirm, unless --confirmed.

    \b
    Example: digest subscribe ada@example.com --zone Europe/Dublin --at 06:30
    """
    from digest import wiring
    from digest.addresses import accept
    from digest.steps.joining import join
    from digest.steps.orders import order_of

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
