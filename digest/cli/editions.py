"""`digest edition …`: list, show, approve, hold, correct."""

from __future__ import annotations

from typing import Annotated

import typer

from digest.cli.app import command, group, settings
from digest.cli.console import now, out, out_json, say
from digest.cli.dates import day_of, must_exist
from digest.cli.options import AsJson, Day, Slug
from digest.cli.shapes import counts_told, edition_json
from digest.errors import UsageError

edition = group("edition", "Editions: list, show, approve, hold, correct.")


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
        out_json({"editions": [edition_json(one, counts) for one, counts in rows]})
        return 0
    for one, counts in rows:
        out(f"{one.date} {one.wave} {one.state}: {one.subject or one.reason} [{counts_told(counts)}]")
    return 0


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
        date_ = day_of(chosen, day)
        must_exist(app, chosen, date_)
        shown = as_it_stands(app.service, chosen, date_, now())
    if as_json:
        items = [
            {
                "story": item.story.id,
                "role": item.role,
                "section": item.section,
                "title": item.story.title,
                "url": item.story.url,
            }
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


@command("correct", edition)
def correct_edition(
    sentence: Annotated[
        str, typer.Option("--say", metavar="TEXT", help="What was wrong; stands on top of it.")
    ],
    newsletter: Slug = None,
    day: Day = "",
    story: Annotated[int, typer.Option(help="The number of a story, as edition show --json has it.")] = 0,
    title: Annotated[str, typer.Option(help="Its headline, put right.")] = "",
    lead: Annotated[str, typer.Option(help="Its lead, put right.")] = "",
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Take the story out.")] = False,
    mail: Annotated[bool, typer.Option("--mail", help="Write to those who have the edition.")] = False,
    as_json: AsJson = False,
) -> int:
    """Correct a frozen edition for readers not yet sent; write to the others when asked.

    \b
    Example: digest edition correct --story 12 --title "Open" --say "Sorry."
    """
    from digest import wiring
    from digest.steps.correcting import Correction, correct
    from digest.steps.telling import tell_everyone

    with wiring.opened(settings()) as app:
        chosen = app.newsletter(newsletter)
        date_ = day_of(chosen, day)
        stored = app.editions.at_home(chosen, date_)
        if stored is None:
            raise UsageError(f"--date {date_}: there is no edition of that date")
        wanted = Correction(sentence, story or None, title, lead, withdraw, mail)
        revision, waiting = correct(app.correcting, chosen, stored, wanted, now())
        told = tell_everyone(app.service, app.tellings, app.tokens, now()) if mail else 0
        app.audit.note("command", "corrected", f"{chosen.slug} of {date_}: {sentence}", now())
    if as_json:
        out_json({"date": date_, "revision": revision, "waiting": waiting, "mailed": told})
    say(f"{chosen.slug} of {date_} is corrected: {waiting} get the new words, {told} are written to")
    return 0


def _set_approval(slug: str | None, day: str, approved: bool) -> int:
    from digest import wiring
    from digest.steps.editions import as_draft

    with wiring.opened(settings()) as app:
        chosen = app.newsletter(slug)
        date_ = day_of(chosen, day)
        must_exist(app, chosen, date_)
        stored = as_draft(app.service, chosen, date_, now())
        app.editions.approve(stored.id, approved)
    say(f"{chosen.slug} of {stored.date} is {'approved' if approved else 'held'}")
    return 0
