"""A form's stamp: proof that we gave the form out, and when. It is signed, kept nowhere, and works once."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

from digest.tokens import Purpose, Tokens


def stamp(tokens: Tokens, now: datetime) -> str:
    """The hidden value of a form given out now."""
    milliseconds = int(now.timestamp() * 1000)
    return tokens.sign(Purpose.FORM, milliseconds.to_bytes(8) + secrets.token_bytes(8))


def age(tokens: Tokens, value: str, now: datetime) -> timedelta | None:
    """How long ago a stamp was given out; None where it was not given out by us."""
    raw = tokens.verify(Purpose.FORM, value)
    if raw is None:
        return None
    return now - datetime.fromtimestamp(int.from_bytes(raw[:8]) / 1000, UTC)
