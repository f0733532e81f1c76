"""Passwords are dear to guess, and known and unknown take the same time."""

from __future__ import annotations

import time

import pytest

from digest import passwords
from digest.errors import UsageError

PASSWORD = "a good long password"


def test_a_hash_costs_what_its_standard_recommends() -> None:
    """RFC 9106, 4: the second recommended choice, for where memory is short."""
    assert passwords.hashed(PASSWORD).startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_known_and_unknown_take_the_same_time() -> None:
    stored = passwords.hashed(PASSWORD)
    took: dict[str, list[float]] = {"known": [], "unknown": []}
    for _ in range(2):
        for name, hashed in (("known", stored), ("unknown", None)):
            started = time.process_time()
            assert not passwords.matches(hashed, "another password")
            took[name].append(time.process_time() - started)
    assert 0.5 < min(took["known"]) / min(took["unknown"]) < 2


@pytest.mark.parametrize("password", ["eleven char", 1025 * "x"])
def test_a_password_is_neither_short_nor_endless(password: str) -> None:
    with pytest.raises(UsageError, match="12 to 1024"):
        passwords.hashed(password)
