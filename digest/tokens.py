"""Signed links: who a token is for and what it may do, with nothing to look up and nothing to guess.

A token is base64url(ref ‖ mac): 16 random bytes that name a subscription, and 16 bytes of keyed BLAKE2b
(RFC 7693, 2.9) under a key made for one purpose, so that a token to leave cannot confirm. BLAKE2b because
every mail carries two tokens: it takes a third of the time of HMAC-SHA256.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64decode
from binascii import b2a_base64
from collections.abc import Sequence
from enum import StrEnum
from typing import NewType

# What stands in a link: base64url text, in which nothing needs escaping anywhere.
Token = NewType("Token", str)


class Purpose(StrEnum):
    """What a token allows."""

    CONFIRM = "confirm"
    UNSUBSCRIBE = "unsubscribe"
    PREFERENCES = "preferences"
    BOUNCE = "bounce"
    RETURN = "return"  # undo a leaving
    MOVE = "move"  # confirm a new address
    FORM = "form"  # a form was given out by us, and when
    LINK = "link"  # a counted link is one of ours; names no reader


class Tokens:
    """Signs with the newest secret, accepts any of them: rotation adds one in front and breaks no old link.

    The last secret is the oldest and is never taken away: suppressed addresses are kept under it.
    """

    def __init__(self, secrets: Sequence[str]) -> None:
        self._keyed = {
            purpose: [
                hashlib.blake2b(key=_derived(secret, purpose.value), digest_size=16) for secret in secrets
            ]
            for purpose in Purpose
        }
        self._leave = self._keyed[Purpose.UNSUBSCRIBE][0]
        self._change = self._keyed[Purpose.PREFERENCES][0]
        self._suppression = _derived(secrets[-1], "suppression")
        self.work = [_derived(secret, "work") for secret in secrets]  # for a library that signs by itself

    def sign(self, purpose: Purpose, ref: bytes) -> Token:
        """The token, of 43 characters for a ref of 16 bytes."""
        return Token(_base64url(ref + _mac(self._keyed[purpose][0], ref)))

    def of_mail(self, ref: bytes) -> tuple[Token, Token]:
        """The two tokens that every mail carries: to leave, and to change preferences."""
        leave, change = self._leave.copy(), self._change.copy()
        leave.update(ref)
        change.update(ref)
        # With a byte between them both begin on a whole character of base64, and one call serves both.
        both = _base64url(b"".join((ref, leave.digest(), b"\0", ref, change.digest())))
        return Token(both[:43]), Token(both[44:])

    def verify(self, purpose: Purpose, token: str) -> bytes | None:
        """The ref a token was signed for; None for any other text."""
        try:
            raw = urlsafe_b64decode(token.encode("ascii") + b"=")
        except ValueError:
            return None
        ref, mac = raw[:16], raw[16:]
        canonical = _base64url(raw) == token
        genuine = [hmac.compare_digest(mac, _mac(keyed, ref)) for keyed in self._keyed[purpose]]
        return ref if canonical and any(genuine) else None

    def suppression_key(self, address_key: str) -> str:
        """What a suppressed address is kept as, also after the address itself was erased."""
        return hmac.digest(self._suppression, address_key.encode(), hashlib.sha256).hex()


def fingerprint(secret: str) -> str:
    """Which secret it is, told without it."""
    return _derived(secret, "fingerprint").hex()


def _derived(secret: str, purpose: str) -> bytes:
    return hmac.digest(secret.encode(), purpose.encode(), hashlib.sha256)


def _mac(keyed: hashlib.blake2b, ref: bytes) -> bytes:
    made = keyed.copy()  # taking in a key costs as much as all the rest
    made.update(ref)
    return made.digest()


_URL_SAFE = bytes.maketrans(b"+/", b"-_")


def _base64url(raw: bytes) -> str:
    """RFC 4648, section 5, without the padding of 32 bytes. The library's own takes twice as long."""
    return b2a_base64(raw, newline=False)[:-1].translate(_URL_SAFE).decode()
