"""The shapes in which several commands tell the same thing, in words and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from digest.model import Counts, DeliveryLine, StoredEdition, Subscription


def counts_told(counts: Counts) -> str:
    """The outcomes that are not zero, and what they add up to."""
    parts = [f"{count} {name.replace('_', ' ')}" for name, count in counts._asdict().items() if count]
    return f"{', '.join(parts) or 'nobody'} (of {counts.all})"


def counts_json(counts: Counts) -> dict[str, int]:
    return {"all": counts.all, **counts._asdict()}


def edition_json(one: StoredEdition, counts: Counts) -> dict[str, Any]:
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


def line_json(line: DeliveryLine) -> dict[str, Any]:
    """What became of one reader's mail, as far as anything is known."""
    return {name: value for name, value in line._asdict().items() if value is not None}


def reader_json(one: Subscription) -> dict[str, Any]:
    return {
        "address": one.address,
        "newsletter": one.newsletter,
        "state": one.state,
        "zone": one.zone,
        "at": f"{one.at:%H:%M}",
        "days": one.days,
        "sections": list(one.sections),
        "own_only": one.own_only,
        "paused_until": one.paused_until,
        "asked_at": one.asked_at,
        "asked_from": one.asked_from,
        "confirmed_at": one.confirmed_at,
        "left_at": one.left_at,
    }
