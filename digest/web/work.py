"""Proof of work: a sum that a stranger's browser does before its form counts, made and checked by altcha.

A challenge names the stamp of its form, so it is as old as the form, works once like it, and solves no other.
The library's own expiry is not used: it reads the machine's clock.
"""

from __future__ import annotations

import json
import secrets

from altcha import Payload, create_challenge, verify_solution

from digest.tokens import Tokens

ALGORITHM = "PBKDF2/SHA-256"  # of those the library knows, what every browser does without a line of ours
ROUNDS = 1000  # of one try: a page view costs us one try
TRIES = 1000  # at most, half of them on average: the wait has an end, whatever the luck


def challenge(tokens: Tokens, stamp: str) -> str:
    """What the form with this stamp asks for, as JSON: the number whose key has a given beginning."""
    made = create_challenge(
        ALGORITHM,
        ROUNDS,
        counter=secrets.randbelow(TRIES),
        data={"stamp": stamp},
        hmac_secret=tokens.work[0],
    )
    return json.dumps(made.to_dict(), separators=(",", ":"))


def solved(tokens: Tokens, value: str, stamp: str) -> bool:
    """Whether `value`, base64 of JSON, holds a challenge of ours for this stamp, and what solves it."""
    try:
        payload = Payload.from_base64(value)
    except (ValueError, KeyError, TypeError, RecursionError):
        return False
    ours = payload.challenge.parameters.data == {"stamp": stamp}
    return ours and any(verify_solution(payload, key).verified for key in tokens.work)
