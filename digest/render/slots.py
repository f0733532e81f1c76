"""The open places of a rendering: what is filled in for each choice of sections, and for each reader."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

PER_CHOICE = ("subject", "greeting", "preheader", "minutes")
PER_READER = ("to", "message_id", "date", "unsubscribe", "preferences", "address")
CUT = "cut"  # ends a segment; gone once the rendering is split


def mark_of(*texts: object) -> str:
    """What stands on both sides of a slot's name, from all texts that go into the rendering.

    It is a digest of them, so the same edition has the same mark and no text can hold it: that text would
    have to know its own digest. Plain ASCII, because premailer encodes anything else in links.
    """
    return "@@" + hashlib.sha256(repr(texts).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def slots(mark: str) -> Mapping[str, str]:
    """Every slot by its name, as it stands in a template's output."""
    return {name: f"{mark}{name}{mark}" for name in (*PER_CHOICE, *PER_READER, CUT)}


def pattern(mark: str) -> re.Pattern[str]:
    """Finds every slot of a rendering, its name in group 1."""
    return re.compile(f"{mark}({'|'.join(slots(mark))}){mark}")
