"""An edition as a reader would get it, by the very code that sends it. Changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from digest.model import Edition, Letter, Newsletter, Subscription
from digest.render.report import report
from digest.render.splice import Splicer
from digest.steps.editions import as_it_stands, rendered, why_empty
from digest.steps.service import Service
from digest.tokens import Purpose, Tokens

SPECIMEN = "reader@example.com"


@dataclass(frozen=True, slots=True)
class Preview:
    """One mail of an edition, and what is to be said of it. `mail` is empty where the edition is."""

    edition: Edition
    mail: bytes = b""
    subject: str = ""
    reason: str = ""
    report: Mapping[str, Any] = field(default_factory=dict)

    @property
    def copy(self) -> bytes:
        """The mail marked as a test, with links that do nothing to any reader."""
        return self.mail.replace(b"\nSubject: ", b"\nSubject: [Test] ", 1)

    @property
    def summary(self) -> str:
        """One line for people."""
        told = self.report
        size = f"{told['html_bytes'] / 1024:.1f} of {told['clip_bytes'] / 1024:.0f} KiB"
        return f"{told['stories']} stories, {told['links']} links, {told['minutes']} minutes, {size}"


def preview(
    service: Service,
    tokens: Tokens,
    newsletter: Newsletter,
    day: date,
    reader: Subscription | None,
    now: datetime,
) -> Preview:
    """The edition of a date as it would be sent by hand now: to `reader`, else to nobody in particular."""
    edition = as_it_stands(service, newsletter, day, now)
    if not edition.items:
        return Preview(edition, reason=why_empty(service, newsletter, edition.cutoff))
    trimmed, rendering = rendered(service, edition)
    letter = _letter(service, edition, reader, now)
    splicer = Splicer(rendering)
    mail = splicer.mail(letter, *links(tokens, letter.ref))
    told = asdict(report(trimmed.edition, service.look, rendering, letter.choice))
    told["warnings"] = [*filter(None, [trimmed.sentence]), *told["warnings"]]
    facts = {"newsletter": newsletter.slug, "date": day, "edition": edition.id or None, **told}
    return Preview(edition, mail, splicer.subject(letter.choice), report=facts)


def links(tokens: Tokens, ref: bytes) -> tuple[str, str]:
    """The tokens of a reader's mail: to leave, and to change preferences."""
    return tokens.sign(Purpose.UNSUBSCRIBE, ref), tokens.sign(Purpose.PREFERENCES, ref)


def _letter(service: Service, edition: Edition, reader: Subscription | None, now: datetime) -> Letter:
    """This reader's planned letter, else one that differs from it in Message-ID and Date only."""
    if reader is None:
        return Letter(0, 0, SPECIMEN, bytes(16), "", int(now.timestamp()), 0, 0)
    planned = service.deliveries.letter(reader, edition.id)
    return planned or Letter(0, 0, reader.address, reader.ref, reader.choice, int(now.timestamp()), 0, 0)
