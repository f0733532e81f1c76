"""What can be done about an incident: the button, or the page, that cures it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple
from urllib.parse import quote

from digest.model import Incident


class Cure(NamedTuple):
    """A button that posts to a path below the desk, or, with `is_link`, a page to look at first."""

    label: str
    path: str
    is_link: bool = False


def cures(incident: Incident) -> Sequence[Cure]:
    """By the incident's key, "waiting:morning:2026-03-10"; the likeliest first."""
    kind, _, subject = incident.key.partition(":")
    return [*_of(kind, subject), Cure("Close", f"/incidents/{incident.id}/close")]


def _of(kind: str, subject: str) -> Iterator[Cure]:
    slug, _, day = subject.partition(":")
    edition = f"/edition/{slug}/{day}"
    if kind == "waiting":
        yield Cure("Approve and send", f"{edition}/send")
        yield Cure("Look at it", edition, is_link=True)
    elif kind in {"empty", "missed", "late"}:
        yield Cure("Send now", f"{edition}/send")
        yield Cure("Look at it", edition, is_link=True)
    elif kind in {"thin", "trimmed"}:
        yield Cure("Look at it", edition, is_link=True)
    elif kind == "partly":
        yield Cure("Try them again", f"/editions/{subject}/retry")
        yield Cure("Who did not get it", f"/editions/{subject}?show=without", is_link=True)
    elif kind == "paused":
        yield Cure("Go on sending", "/lift")
    elif kind == "source":
        yield Cure("Ask it now", f"/sources/{quote(subject, safe='')}/test")
