"""What comes of what was asked for on a page, decided after the answer has gone.

Here alone it matters whose an address is. The page was the same for all: see store/asked.py.
"""

from __future__ import annotations

from datetime import datetime

from digest.model import Newsletter, Order, Subscription
from digest.steps.joining import ask, join
from digest.store.asked import Asked
from digest.store.attempts import Rule
from digest.web import mails
from digest.web.limits import ALL, mailbox
from digest.web.site import Site

_ALIVE = ("active", "pending")


def settle(site: Site, now: datetime) -> int:
    """Look at everything that was asked for; how many there were."""
    count, refused = 0, site.app.settings.addresses.refuse
    while waiting := site.app.asked.claim(now):
        dead = site.app.dead_domains([asked.address for asked in waiting])
        for asked in waiting:
            if asked.address.domain not in dead and asked.address.box not in refused:
                _settle_one(site, asked, now)
            site.app.asked.done(asked)
        count += len(waiting)
    return count


def _settle_one(site: Site, asked: Asked, now: datetime) -> None:
    if site.app.suppressions.find(asked.address):
        return
    # Kept under a keyed hash: who was written to lately is nobody's business either.
    box = site.app.tokens.suppression_key(mailbox(asked.address))
    broken = site.app.attempts.take(site.limits.mailing(asked.address, box), now)
    _tell(site, asked, broken, now)
    if broken is None:
        _SETTLED[asked.kind](site, asked, now)


def _subscribe(site: Site, asked: Asked, now: datetime) -> None:
    """A mail to confirm, again where one was lost; whoever is a reader already gets their own link."""
    newsletter = site.newsletters.get(asked.newsletter)
    if newsletter is None:
        return
    zone = asked.zone or newsletter.zone
    order = Order(zone, newsletter.send_at, newsletter.days)
    done = join(site.app.joining, asked.address, newsletter, order, asked.origin, False, now)
    if not done.created:
        _remind(site, newsletter, done.subscription, now)


def _link(site: Site, asked: Asked, now: datetime) -> None:
    """The link to the preferences of whoever is a reader; a mail to confirm for who is about to be."""
    theirs = site.app.readers.of(asked.address)
    known = [one for one in theirs if one.state in _ALIVE and one.newsletter in site.newsletters]
    if known:
        reader = min(known, key=lambda one: _ALIVE.index(one.state))
        _remind(site, site.newsletters[reader.newsletter], reader, now)


def _remind(site: Site, newsletter: Newsletter, reader: Subscription, now: datetime) -> None:
    if reader.state == "active":
        mails.preferences(site, reader, now)
    elif reader.state == "pending":
        ask(site.app.joining, newsletter, reader, now)


def _move(site: Site, asked: Asked, now: datetime) -> None:
    reader = site.app.readers.by_ref(asked.ref or b"")
    if reader and reader.address and reader.newsletter in site.newsletters:
        mails.move(site, reader, asked.address, now)


_SETTLED = {"subscribe": _subscribe, "preferences": _link, "move": _move}


def _tell(site: Site, asked: Asked, broken: Rule | None, now: datetime) -> None:
    """A brake that holds is an incident: an attack, or the best morning this newsletter ever had."""
    incidents, domain = site.app.incidents, f"domain:{asked.address.domain}"
    if broken is None:
        for key in (ALL, domain):
            incidents.close(f"asked:{key}", now)
    elif broken.key in {ALL, domain}:
        who = "strangers" if broken.key == ALL else f"strangers with an address at {domain[7:]}"
        text = f"More than {broken.most} {who} asked for a mail within an hour; no more are sent for now"
        incidents.open(f"asked:{broken.key}", "flood", text, now)
