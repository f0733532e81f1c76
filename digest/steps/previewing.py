"""An edition as a reader would get it, by the very code that sends it. Changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from digest.model import Edition, Letter, Mornings, Newsletter, Subscription
from digest.render.report import Report, report
from digest.render.splice import Splicer
from digest.schedule.due import instant
from digest.steps.editions import as_it_stands, edition_date, rendered, why_empty
from digest.steps.past import known_to, past_of, remembered
from digest.steps.service import Service
from digest.tokens import Tokens
from digest.words import counted

SPECIMEN = "reader@example.com"
NOTHING_NEW = (
    "nothing in it is new to this reader, or none of it in the sections they wait for; they get no mail"
)


@dataclass(frozen=True, slots=True)
class Preview:
    """One mail of an edition, and what is to be said of it. `mail` is empty where the edition is.

    `day` is the date that was asked for, which a reader's clock may call otherwise than the edition's.
    """

    edition: Edition
    day: date
    mail: bytes = b""
    subject: str = ""
    reason: str = ""
    report: Report | None = None

    @property
    def copy(self) -> bytes:
        """The mail marked as a test, with links that do nothing to any reader."""
        return self.mail.replace(b"\nSubject: ", b"\nSubject: [Test] ", 1)

    def with_dead_links(self, dead: Mapping[str, str]) -> Preview:
        """The same, its report told of addresses that lead nowhere, each with the reason."""
        return replace(self, report=self.report and self.report.with_dead_links(dead))

    @property
    def facts(self) -> Mapping[str, Any]:
        """The report and what it is about, as plain values; dead links only where they were looked for."""
        if self.report is None:
            return {}
        about = {
            "newsletter": self.edition.newsletter.slug,
            "date": self.day,
            "edition": self.edition.id or None,
        }
        facts = {**about, **asdict(self.report)}
        return {name: value for name, value in facts.items() if name != "links_dead" or value is not None}

    @property
    def summary(self) -> str:
        """One line for people."""
        if self.report is None:
            return "no stories"
        one = self.report
        size = f"{one.html_bytes / 1024:.1f} of {one.clip_bytes / 1024:.0f} KiB"
        counts = (
            counted(one.stories, "story", "stories"),
            counted(one.links, "link", "links"),
            counted(one.minutes, "minute", "minutes"),
        )
        return f"{', '.join(counts)}, {size}"


def preview(
    service: Service,
    tokens: Tokens,
    newsletter: Newsletter,
    day: date,
    reader: Subscription | None,
    now: datetime,
) -> Preview:
    """The edition of a date as it would be sent by hand now, to nobody in particular.

    With `reader`: what they got or will get under this local date, which may be another date's edition.
    """
    edition = _edition(service, newsletter, day, reader, now)
    if not edition.items:
        return Preview(edition, day, reason=why_empty(service, newsletter, edition.cutoff, edition.wave))
    trimmed, rendering = rendered(service, edition)
    letter = _letter(service, edition, reader, now)
    splicer = Splicer(rendering)
    if splicer.is_empty(letter):
        return Preview(edition, day, reason=NOTHING_NEW)
    mail = splicer.mail(letter, *tokens.of_mail(letter.ref))
    said = report(trimmed.edition, service.look, rendering, letter)
    if trimmed.sentence:
        said = replace(said, warnings=(trimmed.sentence, *said.warnings))
    return Preview(edition, day, mail, splicer.subject(letter.choice, letter.had), report=said)


def _letter(service: Service, edition: Edition, reader: Subscription | None, now: datetime) -> Letter:
    """This reader's planned letter, else one that differs from it in Message-ID and Date only."""
    if reader is None:
        return Letter(0, 0, SPECIMEN, bytes(16), "", int(now.timestamp()), 0, 0)
    rolling = edition.newsletter.is_rolling
    planned = service.deliveries.letter(reader, edition.id)
    if planned:
        past = past_of(service.retold, planned.rendering) if rolling else None
        return remembered(service.deliveries, past, [planned])[0]
    had = known_to(service, edition, reader) if rolling else frozenset()
    stamp = int(now.timestamp())
    return Letter(0, 0, reader.address, reader.ref, reader.choice, stamp, 0, 0, reader.own_only, had)


def _edition(
    service: Service, newsletter: Newsletter, day: date, reader: Subscription | None, now: datetime
) -> Edition:
    """A date's edition; for a reader the one under their local date, which other zones may call another."""
    issue = service.deliveries.edition_for(reader, day) if reader else None
    if issue is not None:
        return service.editions.load(newsletter, issue)
    if reader and newsletter.mornings is Mornings.READER and not newsletter.is_rolling:
        due = instant(day, reader.at, ZoneInfo(reader.zone))
        day = edition_date(newsletter, due) if due else day
    return as_it_stands(service, newsletter, day, now)
