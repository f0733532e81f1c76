"""`digest clicks`: how often the links of an edition were followed, where that is counted."""

from __future__ import annotations

from digest.cli.app import command, settings
from digest.cli.console import now, out, out_json
from digest.cli.dates import day_of
from digest.cli.options import AsJson, Day, Slug
from digest.errors import UsageError


@command("clicks")
def clicks(newsletter: Slug = None, day: Day = "", as_json: AsJson = False) -> int:
    """Show how often an edition's links were followed; needs clicks = true under [tracking].

    \b
    Example: digest clicks --date 2026-03-01
    """
    from digest import wiring
    from digest.steps.editions import as_it_stands

    config = settings()
    if not config.tracking.clicks:
        raise UsageError("links are not counted; to count them, set clicks = true under [tracking]")
    with wiring.opened(config) as app:
        chosen = app.newsletter(newsletter)
        edition = as_it_stands(app.service, chosen, day_of(chosen, day), now())
        counts = dict(app.clicks.of(edition.id))
    told = [(counts.get(item.story.id, 0), item.story.title) for item in edition.items]
    told.sort(key=lambda one: -one[0])
    if as_json:
        links = [{"title": title, "clicks": count} for count, title in told]
        out_json({"date": edition.date, "clicks": sum(counts.values()), "links": links})
        return 0
    for count, title in told:
        out(f"{count:8} {title}")
    return 0
