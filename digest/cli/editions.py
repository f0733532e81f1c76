"""Commands about editions: preview, send, stop, resume, edition …."""

from __future__ import annotations

import asyncio
import signal
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from digest.cli.app import FAILED, PARTLY, command, group, settings
from digest.cli.console import confirmed, now, on_terminal, out, out_json, progress, say, warn
from digest.errors import UsageError

if TYPE_CHECKING:
    from digest.cli.console import Bar
    from digest.deliver.run import Report
    from digest.model import Counts, Newsletter, Subscription
    from digest.steps.previewing import Preview
    from digest.wiring import App

AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]
Slug = Annotated[
    str | None, typer.Option("--newsletter", metavar="SLUG", help="Needed where there are several.")
]
Day = Annotated[str, typer.Option("--date", metavar="YYYY-MM-DD", help="The edition's date; else today's.")]

edition = group("edition", "Editions: list, show, approve, hold.")


@command("preview")
def preview(
    newsletter: Slug = None,
    day: Day = "",
    reader: Annotated[str, typer.Option("--for", metavar="ADDRESS", help="As this reader gets it.")] = "",
    file: Annotated[str, typer.Option("--out", metavar="FILE", help="Write .html, .txt or .eml.")] = "",
    browser: Annotated[bool, typer.Option("--open", help="Show it in the browser.")] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Show it in the browser, and anew when a template is saved.")
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Today's edition as it would be sent now, and a report on it. Sends and changes nothing.

    \b
    Examples: digest preview
              digest preview --out today.html
              digest preview --for ada@example.com --out ada.eml
    """
    from digest import wiring
    from digest.cli.watching import show
    from digest.inbox.mail import open_mail

    with wiring.opened(settings()) as app:
        chosen = app.newsletter(newsletter)
        shown = _previewed(app, chosen, day, reader)
        if not shown.mail:
            if as_json:
                out_json(
                    {
                        "newsletter": chosen.slug,
                        "date": shown.edition.date,
                        "stories": 0,
                        "reason": shown.reason,
                    }
                )
            warn(f"{chosen.slug}: the edition of {shown.edition.date} would be empty: {shown.reason}")
            return PARTLY
        if file:
            _write(Path(file), shown.mail)
        if as_json:
            out_json(shown.report)
        elif not (file or browser or watch):
            out(_text(shown.mail))
        for warning in shown.report["warnings"]:
            warn(warning)
        if not as_json:
            say(shown.summary)
        if browser and not watch:
            show(open_mail(shown.mail).html.encode())
    if watch:
        _watch(newsletter, day, reader)
    return 0


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
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> int:
    """Send today's edition by hand, now. Again: it takes up where it stopped, and nobody gets two.

    \b
    Examples: digest send --dry-run
              digest send --to editor@example.com
              digest send --yes
    """
    from digest import wiring

    with wiring.opened(settings()) as app:
        chosen = app.newsletter(newsletter)
        date_ = _day(chosen, day)
        if to and dry_run:
            raise UsageError("--to sends a copy and --dry-run sends nothing; give one of them")
        _must_exist(app, chosen, date_)
        if to:
            return _send_copies(app, chosen, date_, to, as_json)
        if dry_run:
            return _dry_run(app, chosen, date_, as_json)
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
    from digest.schedule.due import home_wave
    from digest.steps.issuing import issue_by_hand, retry

    started = now()
    if not yes and on_terminal():
        readers = app.readers.counts(newsletter.slug).get("active", 0)
        if not confirmed(f"Send {newsletter.title} of {day} to up to {readers} readers now?"):
            say("nothing was sent")
            return 0
    issued = issue_by_hand(app.service, newsletter, day, started, everyone=everyone, approve=approve)
    if issued.result != "planned":
        if as_json:
            out_json(
                {"newsletter": newsletter.slug, "date": day, "result": issued.result, "reason": issued.reason}
            )
        warn(f"{newsletter.slug} of {day}: {issued.result}: {issued.reason}; nothing was sent")
        return PARTLY
    app.deliveries.lift()
    stored = app.editions.find(newsletter, day, home_wave(newsletter, day))
    assert stored is not None, "it was issued a moment ago"
    if retry_failed:
        retry(app.service, stored.id, started)
    report = _deliver(app, stored.id, wait)
    return _told(newsletter, day, app.deliveries.counts(stored.id), report.halted, as_json)


def _deliver(app: App, edition_id: int, wait: bool) -> Report:
    """Send what is due, with a bar for this edition."""
    from digest.deliver.loop import run
    from digest.steps.sending import finish, send_due, send_outbox

    left = app.deliveries.counts(edition_id).open

    async def work(bar: Bar) -> Report:
        stop = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)

        def show(report: Report) -> None:
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
        warn(f"{newsletter.slug} of {day}: paused: {halted}; nobody is lost")
    say(f"{newsletter.slug} of {day}: {counts_told(counts)}")
    return 0 if counts.accepted + counts.withdrawn == counts.all else PARTLY


def counts_told(counts: Counts) -> str:
    """The outcomes that are not zero, and what they add up to."""
    parts = [f"{count} {name.replace('_', ' ')}" for name, count in counts._asdict().items() if count]
    return f"{', '.join(parts) or 'nobody'} (of {counts.all})"


def counts_json(counts: Counts) -> dict[str, int]:
    return {"all": counts.all, **counts._asdict()}


def _send_copies(app: App, newsletter: Newsletter, day: date, to: list[str], as_json: bool) -> int:
    from digest.addresses import accept
    from digest.steps.previewing import preview as previewed
    from digest.steps.sending import send_copies

    shown = previewed(app.service, app.tokens, newsletter, day, None, now())
    if not shown.mail:
        warn(f"{newsletter.slug}: the edition of {day} would be empty: {shown.reason}")
        return PARTLY
    people = [accept(address) for address in to]
    done = asyncio.run(send_copies(app.post, shown.copy, people, now()))
    told = [{"address": person.mailed, "outcome": one.verdict, "reply": one.reply} for person, one in done]
    if as_json:
        out_json({"copies": told})
    for line in told:
        say(f"{line['address']}: {line['outcome']} {line['reply']}".rstrip())
    failed = [line for line in told if line["outcome"] != "accepted"]
    return 0 if not failed else FAILED if len(failed) == len(told) else PARTLY


def _dry_run(app: App, newsletter: Newsletter, day: date, as_json: bool) -> int:
    from digest.schedule.due import home_wave
    from digest.steps.previewing import preview as previewed

    shown = previewed(app.service, app.tokens, newsletter, day, None, now())
    active = app.readers.counts(newsletter.slug).get("active", 0)
    stored = app.service.editions.find(newsletter, day, home_wave(newsletter, day))
    done = app.deliveries.counts(stored.id) if stored and stored.is_frozen else None
    report = {
        "newsletter": newsletter.slug,
        "date": day,
        "readers": active - (done.accepted if done else 0),
        "subject": shown.subject,
        "reason": shown.reason,
        **shown.report,
    }
    if as_json:
        out_json(report)
    else:
        out(f"{newsletter.title} of {day}: {shown.subject or shown.reason}")
        out(f"{report['readers']} of {active} readers have not had it; {shown.summary}")
        out("nothing was sent")
    return 0 if shown.mail else PARTLY


@command("stop")
def stop(newsletter: Slug = None, as_json: AsJson = False) -> int:
    """Stop a run in the middle, at once, for every process.

    \b
    Example: digest stop
    """
    from digest import wiring

    with wiring.opened(settings()) as app:
        for scope in _scopes(app, newsletter) or ["all"]:
            app.deliveries.pause(scope, "stopped by hand", now())
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
        lifted = app.deliveries.lift(*_scopes(app, newsletter))
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


@command("list", edition)
def list_editions(newsletter: Slug = None, as_json: AsJson = False) -> int:
    """List the newest editions and what became of them.

    \b
    Example: digest edition list
    """
    from digest import wiring

    with wiring.opened(settings()) as app:
        chosen = app.newsletter(newsletter)
        rows = [(one, app.deliveries.counts(one.id)) for one in app.editions.latest(chosen)]
    if as_json:
        out_json({"editions": [_edition_json(one, counts) for one, counts in rows]})
        return 0
    for one, counts in rows:
        out(f"{one.date} {one.wave} {one.state}: {one.subject or one.reason} [{counts_told(counts)}]")
    return 0


def _edition_json(one: Any, counts: Counts) -> dict[str, Any]:
    return {
        "date": one.date,
        "wave": one.wave,
        "state": one.state,
        "subject": one.subject,
        "reason": one.reason,
        "cutoff": one.cutoff,
        "frozen_at": one.frozen_at,
        "deliveries": counts_json(counts),
    }


@command("show", edition)
def show_edition(newsletter: Slug = None, day: Day = "", as_json: AsJson = False) -> int:
    """Show an edition's stories in order, with their places.

    \b
    Example: digest edition show --date 2026-03-01
    """
    from digest import wiring
    from digest.steps.editions import as_it_stands

    with wiring.opened(settings()) as app:
        chosen = app.newsletter(newsletter)
        shown = as_it_stands(app.service, chosen, _day(chosen, day), now())
    if as_json:
        items = [
            {"role": item.role, "section": item.section, "title": item.story.title, "url": item.story.url}
            for item in shown.items
        ]
        out_json({"date": shown.date, "subject": shown.subject, "items": items})
        return 0
    for item in shown.items:
        out(f"{item.role:9}{item.section:16}{item.story.title}")
    return 0


@command("approve", edition)
def approve_edition(newsletter: Slug = None, day: Day = "") -> int:
    """Approve a draft: it goes at its hour.

    \b
    Example: digest edition approve
    """
    return _set_approval(newsletter, day, approved=True)


@command("hold", edition)
def hold_edition(newsletter: Slug = None, day: Day = "") -> int:
    """Hold a draft: it waits for approval, and says so when it is due.

    \b
    Example: digest edition hold
    """
    return _set_approval(newsletter, day, approved=False)


def _set_approval(slug: str | None, day: str, approved: bool) -> int:
    from digest import wiring
    from digest.steps.editions import as_draft

    with wiring.opened(settings()) as app:
        chosen = app.newsletter(slug)
        stored = as_draft(app.service, chosen, _day(chosen, day), now())
        app.editions.approve(stored.id, approved)
    say(f"{chosen.slug} of {stored.date} is {'approved' if approved else 'held'}")
    return 0


def _day(newsletter: Newsletter, day: str) -> date:
    """The date asked for, else the newsletter's own today. Raises UsageError."""
    from zoneinfo import ZoneInfo

    try:
        return date.fromisoformat(day) if day else now().astimezone(ZoneInfo(newsletter.zone)).date()
    except ValueError:
        raise UsageError(f"--date {day}: must be a date such as 2026-03-01") from None


def _watch(newsletter: str | None, day: str, reader: str) -> None:
    """Keep the edition in the browser, made anew from the settings and templates as they stand."""
    from digest import wiring
    from digest.cli.watching import watch
    from digest.inbox.mail import open_mail

    def page() -> bytes:
        with wiring.opened(settings()) as app:
            mail = _previewed(app, app.newsletter(newsletter), day, reader).mail
            return open_mail(mail).html.encode()

    read = settings()
    own = [read.folder / read.site.templates] if read.site.templates else []
    watch(page, [*own, read.folder / "config"])


def _previewed(app: App, newsletter: Newsletter, day: str, reader: str) -> Preview:
    from digest.steps.previewing import preview as previewed

    date_ = _day(newsletter, day)
    _must_exist(app, newsletter, date_)
    return previewed(app.service, app.tokens, newsletter, date_, _reader(app, newsletter, reader), now())


def _must_exist(app: App, newsletter: Newsletter, day: date) -> None:
    """Only today's edition can be made now; another date's must be there. Raises UsageError."""
    from digest.schedule.due import home_wave

    stored = app.editions.find(newsletter, day, home_wave(newsletter, day))
    if day != _day(newsletter, "") and stored is None:
        raise UsageError(f"--date {day}: there is no edition of that date; only today's can be composed")


def _reader(app: App, newsletter: Newsletter, address: str) -> Subscription | None:
    """The subscription of --for ADDRESS. Raises UsageError where there is none."""
    from digest.addresses import accept

    if not address:
        return None
    theirs = {one.newsletter: one for one in app.readers.of(accept(address))}
    if newsletter.slug not in theirs:
        raise UsageError(f"--for {address}: not subscribed to {newsletter.slug}")
    return theirs[newsletter.slug]


def _write(file: Path, mail: bytes) -> None:
    from digest.inbox.mail import open_mail

    if file.suffix not in {".html", ".txt", ".eml"}:
        raise UsageError(f"--out {file}: end the name in .html, .txt or .eml")
    opened = open_mail(mail)
    written = {".eml": mail, ".html": opened.html.encode(), ".txt": opened.text.encode()}
    file.write_bytes(written[file.suffix])


def _text(mail: bytes) -> str:
    from digest.inbox.mail import open_mail

    return open_mail(mail).text
