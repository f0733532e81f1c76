"""`digest preview`: the edition as it would be sent."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from digest.cli.app import PARTLY, command, settings
from digest.cli.console import now, out, out_json, say, warn
from digest.cli.dates import day_of, must_exist
from digest.cli.options import AsJson, Day, Slug
from digest.errors import UsageError

if TYPE_CHECKING:
    from digest.model import Newsletter, Subscription
    from digest.steps.previewing import Preview
    from digest.wiring import App


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
    check_links: Annotated[
        bool, typer.Option("--check-links", help="Ask whether each story's address leads anywhere.")
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Today's edition as it would be sent now, and a report on it. Sends and changes nothing.

    --open shows it on one page: on a phone, on a desk, in the dark, without pictures, as text.

    \b
    Examples: digest preview
              digest preview --open --check-links
              digest preview --out today.html
              digest preview --for ada@example.com --out ada.eml
    """
    from digest import wiring
    from digest.cli.watching import show

    with wiring.opened(settings()) as app:
        chosen = app.newsletter(newsletter)
        shown = _previewed(app, chosen, day, reader)
        if not shown.mail:
            return _empty(chosen, shown, as_json)
        if check_links:
            shown = _checked(app, shown)
    if file:
        _write(Path(file), shown.mail)
    _tell(shown, as_json, is_read=not (file or browser or watch))
    if watch:
        _watch(newsletter, day, reader)
    elif browser:
        show(_page(shown))
    return 0


def _empty(newsletter: Newsletter, shown: Preview, as_json: bool) -> int:
    day, why = shown.edition.date, shown.reason
    if as_json:
        out_json({"newsletter": newsletter.slug, "date": day, "stories": 0, "reason": why})
    warn(f"{newsletter.slug}: the edition of {day} would be empty: {why}")
    return PARTLY


def _tell(shown: Preview, as_json: bool, *, is_read: bool) -> None:
    """The report; the mail itself where it `is_read` here, in the terminal."""
    if as_json:
        out_json(shown.facts)
    elif is_read:
        out(_text(shown.mail))
    for warning in shown.report.warnings if shown.report else ():
        warn(warning)
    if not as_json:
        say(shown.summary)


def _watch(newsletter: str | None, day: str, reader: str) -> None:
    """Keep the edition in the browser, made anew from the settings and templates as they stand."""
    from digest import wiring
    from digest.cli.watching import watch

    def page() -> bytes:
        with wiring.opened(settings()) as app:
            return _page(_previewed(app, app.newsletter(newsletter), day, reader))

    read = settings()
    own = [read.folder / read.site.templates] if read.site.templates else []
    watch(page, [*own, read.folder / "config"])


def _previewed(app: App, newsletter: Newsletter, day: str, reader: str) -> Preview:
    from digest.steps.previewing import preview as previewed

    date_ = day_of(newsletter, day)
    must_exist(app, newsletter, date_)
    return previewed(app.service, app.tokens, newsletter, date_, _reader(app, newsletter, reader), now())


def _page(shown: Preview) -> bytes:
    """Every view of the mail, and the report. Raises UsageError where there is no mail."""
    from digest.render.views import preview_page

    if shown.report is None:
        raise UsageError(f"the edition of {shown.day} would be empty: {shown.reason}")
    return preview_page(shown.mail, shown.report).encode()


def _checked(app: App, shown: Preview) -> Preview:
    """The preview, its report with the links that lead nowhere."""
    from digest.steps.dead_links import dead_links

    async def ask() -> dict[str, str]:
        async with app.collector() as collector:
            return await dead_links(app.service, collector.means.web, shown.edition)

    return shown.with_dead_links(asyncio.run(ask()))


def _reader(app: App, newsletter: Newsletter, address: str) -> Subscription | None:
    """The subscription of --for ADDRESS. Raises UsageError where there is none."""
    from digest.addresses import accept

    reader = app.readers.subscription(accept(address), newsletter.slug) if address else None
    if address and reader is None:
        raise UsageError(f"--for {address}: not subscribed to {newsletter.slug}")
    return reader


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
