"""`digest status`: editions, deliveries by outcome, sources, queue, what is wrong."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from digest.cli.app import command, settings
from digest.cli.console import now, one_line, out, out_json
from digest.cli.options import AsJson
from digest.cli.shapes import counts_told, edition_json, line_json
from digest.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from digest.model import Coming, Newsletter, StoredEdition
    from digest.wiring import App

NAMED = 50  # readers named in the plain report; --json names all
EDITIONS = 7
WAVES = 5


@command("status")
def status(
    newsletter: Annotated[
        str | None, typer.Option("--newsletter", metavar="SLUG", help="Only this one.")
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Who got it, who did not, and why; sources; what is waiting; what is wrong.

    \b
    Example: digest status
    """
    from digest import wiring

    with wiring.opened(settings()) as app:
        chosen = [app.newsletter(newsletter)] if newsletter else list(app.newsletters)
        report = {
            "newsletters": [_newsletter(app, one) for one in chosen],
            "sources": list(_sources(app)),
            "stories": app.stories.count(),
            "outbox": app.outbox.waiting(),
            "pauses": [pause._asdict() for pause in app.pauses.standing(now())],
            "incidents": [incident._asdict() for incident in app.incidents.current()],
        }
    if as_json:
        out_json(report)
    else:
        _show(report)
    return 0


def _newsletter(app: App, newsletter: Newsletter) -> dict[str, Any]:
    from digest.schedule.due import next_morning

    coming = next_morning(newsletter, now())
    return {
        "slug": newsletter.slug,
        "title": newsletter.title,
        "readers": app.readers.counts(newsletter.slug),
        "next": {
            "date": coming.day,
            "at": coming.at,
            "local": coming.at.astimezone(ZoneInfo(newsletter.zone)).isoformat(),
            "zone": newsletter.zone,
            "mornings": newsletter.mornings,
        },
        "waves": [_wave(one) for one in app.planning.waves(newsletter, now(), WAVES)],
        "editions": [_edition(app, one) for one in app.editions.latest(newsletter, EDITIONS)],
    }


def _wave(coming: Coming) -> dict[str, Any]:
    local = coming.at.astimezone(ZoneInfo(coming.zone))
    return {**coming._asdict(), "local": local.isoformat()}


def _edition(app: App, stored: StoredEdition) -> dict[str, Any]:
    from digest.model import DeliveryState

    without = (DeliveryState.DEFERRED, DeliveryState.IN_DOUBT, DeliveryState.REFUSED, DeliveryState.EXPIRED)
    lines = app.deliveries.lines(stored.id, *without)
    counts = app.deliveries.counts(stored.id)
    return {**edition_json(stored, counts), "without": [line_json(line) for line in lines]}


def _sources(app: App) -> Iterator[dict[str, Any]]:
    from digest.collect.standing import standings

    told = app.visits.told()
    for one in standings(app.sources, app.visits.every(), now()):
        yield {
            "name": one.source.name,
            "kind": one.source.kind,
            "state": one.how,
            "since": one.state.failing_since,
            "reason": one.state.reason,
            "last_run": one.last,
            "next": one.state.next_at,
            "last_visit": told.get(one.source.name),
        }


def _show(report: dict[str, Any]) -> None:
    for newsletter in report["newsletters"]:
        coming = newsletter["next"]
        at = f"{coming['local'][:16].replace('T', ' ')} {coming['zone']}"
        out(f"{newsletter['title']} ({newsletter['slug']}): next {at}, readers: {_readers(newsletter)}")
        for wave in newsletter["waves"]:
            local = wave["local"][:16].replace("T", " ")
            out(f"  next wave {wave['at']:%Y-%m-%d %H:%M} UTC: {local} {wave['zone']}, {_left(wave)}")
        for edition in newsletter["editions"]:
            _show_edition(edition)
    for source in report["sources"]:
        since = f" since {source['since'].astimezone(UTC):%Y-%m-%d %H:%M} UTC" if source["since"] else ""
        out(f"source {source['name']}: {source['state']}{since} {source['reason']}".rstrip())
    stored = counted(report["stories"], "story", "stories")
    out(f"{stored} stored, {counted(report['outbox'], 'single mail', 'single mails')} waiting")
    for pause in report["pauses"]:
        out(f"paused: {pause['scope']}: {pause['reason']}; go on with: digest resume")
    for incident in report["incidents"]:
        out(f"wrong: {incident['text']}")
    failing = any(source["since"] for source in report["sources"])
    if not report["pauses"] and not report["incidents"] and not failing:
        out("nothing is wrong")


def _readers(newsletter: dict[str, Any]) -> str:
    counts = newsletter["readers"]
    return ", ".join(f"{count} {state}" for state, count in counts.items()) or "none"


def _left(wave: dict[str, Any]) -> str:
    """Who will get it; those who have that date's edition already get no second one."""
    readers = wave["readers"]
    return counted(readers, "reader", "readers") if readers else "all have its edition already"


def _show_edition(edition: dict[str, Any]) -> None:
    from digest.model import Counts

    counts = Counts(**{name: edition["deliveries"][name] for name in Counts._fields})
    out(f"  {edition['date']} {edition['state']}: {edition['subject'] or edition['reason']}")
    if counts.all:
        out(f"    {counts_told(counts)}")
    for line in edition["without"][:NAMED]:
        why = one_line(f"{line.get('code', '')} {line.get('reply', '')}".strip())
        out(f"    {line['address']}: {line['state']} after {line['attempts']}: {why}")
    if len(edition["without"]) > NAMED:
        out(f"    and {len(edition['without']) - NAMED} more; all of them: digest status --json")
