"""`digest send`, `stop` and `resume`."""

from __future__ import annotations

import asyncio
import signal
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from digest.cli.app import PARTLY, command, settings
from digest.cli.console import now, on_terminal, out_json, progress, say, warn
from digest.cli.dates import day_of, must_exist
from digest.cli.options import AsJson, Day, Slug, Yes
from digest.cli.shapes import counts_json, counts_told
from digest.errors import UsageError
from digest.words import counted

if TYPE_CHECKING:
    from digest.cli.console import Bar
    from digest.deliver.report import Report
    from digest.model import Counts, Newsletter, Pause
    from digest.wiring import App


@command("send")
def send(
    newsletter: Slug = None,
    day: Day = "",
    to: Annotated[
        list[str] | None, typer.Option(metavar="ADDRESS", help="A test copy, outside the record.")
    ] = None,
    everyone: Annotated[
        bool, typer.Option("--all", help="Also those whose own morning has not come.")
    ] = False,
    approve: Annotated[
        bool, typer.Option("--approve", help="Send an edition that is held for approval.")
    ] = False,
    retry_failed: Annotated[
        bool,
        typer.Option(
            "--retry-failed", help="Try deferred ones now, and those refused for no fault of theirs."
        ),
    ] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Stay until nothing is left to try.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be sent; send nothing.")] = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> int:
    """Send today's edition by hand, now. Again: it takes up where it stopped, and nobody gets two.

    \b
    Examples: digest send --dry-run
              digest send --to editor@example.com
              digest send --yes
    """
    from digest import wiring
    from digest.cli.rehearsal import dry_run as rehearse
    from digest.cli.rehearsal import send_copies

    with wiring.opened(settings()) as app:
        chosen = app.newsletter(newsletter)
        date_ = day_of(chosen, day)
        if to and dry_run:
            raise UsageError("--to sends a copy and --dry-run sends nothing; give one of them")
        must_exist(app, chosen, date_)
        if to:
            return send_copies(app, chosen, date_, to, as_json)
        if dry_run:
            return rehearse(app, chosen, date_, everyone, as_json)
        return _send(app, chosen, date_, everyone, approve, retry_failed, wait, yes, as_json)


def _send(
    app: App,
    newsletter: Newsletter,
    day: date,
    everyone: bool,
    approve: bool,
    retry_failed: bool,
    wait: bool,
    yes: bool,
    as_json: bool,
) -> int:
    from digest.steps.by_hand import issue_by_hand, retry

    started = now()
    if not yes and on_terminal():
        readers = counted(app.readers.counts(newsletter.slug).get("active", 0), "reader", "readers")
        if not typer.confirm(f"Send {newsletter.title} of {day} to up to {readers} now?"):
            say("nothing was sent")
            return 0
    if held := _restored(app, newsletter, day):
        return _unsent(newsletter, day, "paused", f"{held.reason}; if that may be: digest resume", as_json)
    issued = issue_by_hand(app.service, newsletter, day, started, everyone=everyone, approve=approve)
    if issued.result != "planned":
        return _unsent(newsletter, day, issued.result, issued.reason, as_json)
    _lift(app)
    stored = app.editions.at_home(newsletter, day)
    assert stored is not None, "it was issued a moment ago"
    if retry_failed:
        retry(app.service, stored.id, started)
    report = _deliver(app, stored.id, wait)
    return _told(newsletter, day, app.deliveries.counts(stored.id), report.halted, as_json)


def _restored(app: App, newsletter: Newsletter, day: date) -> Pause | None:
    """What holds this edition after a backup was restored."""
    stored = app.editions.at_home(newsletter, day)
    scope = f"edition:{stored.id}" if stored else ""
    return next((one for one in app.pauses.standing(now()) if one.is_restored and one.scope == scope), None)


def _unsent(newsletter: Newsletter, day: date, result: str, reason: str, as_json: bool) -> int:
    if as_json:
        out_json({"newsletter": newsletter.slug, "date": day, "result": result, "reason": reason})
    warn(f"{newsletter.slug} of {day}: {result}: {reason}; nothing was sent")
    return PARTLY


def _lift(app: App) -> None:
    """Who sends by hand means to: what was paused goes on, and is named; but not what a restore holds."""
    for pause in app.pauses.standing(now()):
        if not pause.is_restored:
            app.pauses.lift(pause.scope)
            say(f"goes on: {pause.scope} was paused: {pause.reason}")


def _deliver(app: App, edition_id: int, wait: bool) -> Report:
    """Send what is due, with a bar for this edition."""
    from digest.deliver.loop import run
    from digest.steps.sending import finish, send_due, send_outbox

    left = app.deliveries.counts(edition_id).open

    async def work(bar: Bar) -> Report:
        stop = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)

        told = set[str]()

        def show(report: Report) -> None:
            if report.fault and not told:  # the first: the rest is in the record, or ends the run
                told.add(report.fault)
                warn(report.fault)
            note = f"{report.deferred} deferred, {report.refused} refused"
            bar(report.accepted + report.refused, left, note)

        await send_outbox(app.post, app.outbox, now())
        return await send_due(app.post, wait=wait, stop=stop, progress=show)

    with progress("sending") as bar:
        report = run(work(bar))
    finish(app.service, report, now())
    return report


def _told(newsletter: Newsletter, day: date, counts: Counts, halted: str, as_json: bool) -> int:
    if as_json:
        told = {"newsletter": newsletter.slug, "date": day, "result": "sent"}
        out_json({**told, **counts_json(counts), "halted": halted})
    if halted:
        cure = "nobody is lost: digest doctor names the cure, digest send goes on"
        warn(f"{newsletter.slug} of {day}: paused: {halted}; {cure}")
    say(f"{newsletter.slug} of {day}: {counts_told(counts)}")
    return 0 if counts.accepted + counts.withdrawn == counts.all else PARTLY


@command("stop")
def stop(newsletter: Slug = None, as_json: AsJson = False) -> int:
    """Stop a run in the middle, at once, for every process.

    \b
    Example: digest stop
    """
    from digest import wiring

    with wiring.opened(settings()) as app:
        for scope in _scopes(app, newsletter) or ["all"]:
            app.pauses.add(scope, "stopped by hand", now())
    if as_json:
        out_json({"stopped": True})
    say("stopped; go on with: digest resume")
    return 0


@command("resume")
def resume(newsletter: Slug = None, as_json: AsJson = False) -> int:
    """Go on with what was stopped or paused; the service or digest send then sends the rest.

    \b
    Example: digest resume
    """
    from digest import wiring

    with wiring.opened(settings()) as app:
        lifted = app.pauses.lift(*_scopes(app, newsletter))
    if as_json:
        out_json({"resumed": lifted})
    say("resumed" if lifted else "nothing was stopped")
    return 0


def _scopes(app: App, slug: str | None) -> list[str]:
    """The pause scopes of one newsletter's running editions; none for all newsletters."""
    if slug is None:
        return []
    running = [one.id for one in app.editions.latest(app.newsletter(slug)) if one.state == "issued"]
    if not running:
        raise UsageError(f"--newsletter {slug}: no edition of it is being sent")
    return [f"edition:{one}" for one in running]
