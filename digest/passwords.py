"""Passwords of the desk, kept as argon2id hashes (RFC 9106), each with its own salt and costs."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from digest.errors import UsageError

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST = 12  # characters; no other rule: NIST SP 800-63B, 3.1.1.2
LONGEST = 1024


def hashed(password: str) -> str:
    """A password as it is stored. Raises UsageError where it is too short."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise UsageError(f"a password has {SHORTEST} to {LONGEST} characters")
    return _hasher().hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Whether a password is the stored one. For nobody's (None) it takes just as long to say no."""
    from argon2.exceptions import InvalidHashError, VerifyMismatchError

    nobody = _of_nobody()  # made before the question, so that the first stranger waits no longer than others
    try:
        return _hasher().verify(stored or nobody, password[:LONGEST]) and bool(stored)
    except (VerifyMismatchError, InvalidHashError):
        return False


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher()


@cache
def _of_nobody() -> str:
    return _hasher().hash("nobody's password")
