"""What `digest send` does outside the record: test copies, and telling what a run would be."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import TYPE_CHECKING

from digest.cli.app import FAILED, PARTLY
from digest.cli.console import now, out, out_json, say, warn
from digest.words import counted

if TYPE_CHECKING:
    from digest.model import Newsletter
    from digest.wiring import App


def send_copies(app: App, newsletter: Newsletter, day: date, to: list[str], as_json: bool) -> int:
    """`digest send --to`: the edition as it would be sent now, to these addresses alone."""
    from digest.addresses import accept
    from digest.steps.previewing import preview as previewed
    from digest.steps.sending import send_copies as send

    shown = previewed(app.service, app.tokens, newsletter, day, None, now())
    if not shown.mail:
        if as_json:
            out_json({"copies": [], "reason": shown.reason})
        warn(f"{newsletter.slug}: the edition of {day} would be empty: {shown.reason}")
        return PARTLY
    people = [accept(address) for address in to]
    done = asyncio.run(send(app.post, shown.copy, people, now()))
    told = [{"address": person.mailed, "outcome": one.verdict, "reply": one.reply} for person, one in done]
    if as_json:
        out_json({"copies": told})
    for line in told:
        say(f"{line['address']}: {line['outcome']} {line['reply']}".rstrip())
    failed = [line for line in told if line["outcome"] != "accepted"]
    return 0 if not failed else FAILED if len(failed) == len(told) else PARTLY


def dry_run(app: App, newsletter: Newsletter, day: date, everyone: bool, as_json: bool) -> int:
    """`digest send --dry-run`: to how many, what, how large, how long."""
    from digest.steps.previewing import preview as previewed

    shown = previewed(app.service, app.tokens, newsletter, day, None, now())
    readers = _left(app, newsletter, day, everyone)
    report = {
        "newsletter": newsletter.slug,
        "date": day,
        "readers": readers,
        "variants": app.readers.variants(newsletter.slug),
        "seconds": _expected(app, newsletter, readers),
        "subject": shown.subject,
        "reason": shown.reason,
        **shown.facts,
    }
    if as_json:
        out_json(report)
    else:
        out(f"{newsletter.title} of {day}: {shown.subject or shown.reason}")
        choices = report["variants"]
        variants = "one mail for all" if choices < 2 else f"{choices} choices of sections"
        active = app.readers.counts(newsletter.slug).get("active", 0)
        out(f"{readers} of {active} readers would get it now, {variants}; {shown.summary}")
        if report["seconds"] is not None:
            out(f"it would take about {counted(max(1, round(report['seconds'] / 60)), 'minute', 'minutes')}")
        out("nothing was sent")
    return 0 if shown.mail else PARTLY


def _left(app: App, newsletter: Newsletter, day: date, everyone: bool) -> int:
    """How many have yet to get it: those who would be planned, and those who were and are still tried."""
    from digest.steps.by_hand import readers_by_hand

    stored = app.editions.at_home(newsletter, day)
    still = app.deliveries.counts(stored.id).open if stored else 0
    return still + readers_by_hand(app.service, newsletter, day, now(), everyone=everyone)


def _expected(app: App, newsletter: Newsletter, readers: int) -> float | None:
    """Seconds that a run would take: at the rate that is set, else at the last edition's pace."""
    from digest.store.latency import pace

    rate = app.settings.smtp.rate
    if not rate:
        sent = [one.id for one in app.editions.latest(newsletter) if one.state == "done"]
        rate = (pace(app.database, sent[0]) if sent else None) or 0
    return round(readers / rate, 1) if rate else None
