"""Does every newsletter render with the sample headlines, within the rules of render/rules.py."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from digest.collect.files import parse_file
from digest.collect.harvest import with_leads
from digest.compose.edition import compose
from digest.doctor.finding import Finding, error, ok, warning
from digest.errors import TemplateError
from digest.model import Found, Look, Newsletter, Section, Story
from digest.render.dissected import Dissected
from digest.render.report import SPECIMEN, TOKEN
from digest.render.rules import LIMIT, broken
from digest.render.splice import Splicer
from digest.render.trim import fit
from digest.resources import resource
from digest.summarise import summarise

OWN = ("https", "one click")  # of site.url, and told there


def templates(newsletters: Sequence[Newsletter], look: Look, now: datetime) -> Iterator[Finding]:
    """Each newsletter's mail, made of invented headlines."""
    stories = list(_sample(now))
    for newsletter in newsletters:
        yield _rendered(newsletter, look, stories, now)


def _rendered(newsletter: Newsletter, look: Look, stories: Sequence[Story], now: datetime) -> Finding:
    check = f"template {newsletter.slug}"
    sections = tuple(Section(name) for name in dict.fromkeys(story.section for story in stories))
    edition = compose(replace(newsletter, sections=sections), now.date(), stories, now)
    try:
        trimmed, rendering = fit(edition, look)
    except TemplateError as wrong:
        return error(check, str(wrong), "set it right in your templates; see docs/templates.md")
    mail = Dissected(Splicer(rendering).mail(SPECIMEN, TOKEN, TOKEN))
    kept_out = [rule.broken for rule in broken(mail) if rule.name not in OWN]
    if kept_out:
        return error(check, " ".join(kept_out), "set it right in your templates; see docs/templates.md")
    size = f"{len(mail.html.encode()) / 1024:.0f} of {LIMIT // 1024} KiB with the sample headlines"
    if trimmed.sentence:
        return warning(check, f"{size}: {trimmed.sentence}", "make the template smaller, or max_stories")
    return ok(check, size)


def _sample(now: datetime) -> Iterator[Story]:
    file = resource("config/sample/headlines.jsonl")
    with file.open("rb") as stream:
        harvests = [with_leads(harvest, summarise) for harvest in parse_file(file.name, stream)]
    found = [item.found for harvest in harvests for item in harvest.items]
    for number, one in enumerate(found, 1):
        yield _stored(one, number, now)


def _stored(found: Found, number: int, now: datetime) -> Story:
    return Story(
        id=number,
        version=1,
        source="sample",
        first_seen=now,
        published=now,
        url=found.url,
        title=found.title,
        section=found.section,
        lead=found.lead,
        byline=found.byline,
        agency=found.agency,
        picture=found.picture,
        pick=found.pick,
        promoted=found.promoted,
    )
