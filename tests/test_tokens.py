"""Signed links."""

from __future__ import annotations

import secrets

from digest.tokens import Purpose, Tokens

REF = bytes(range(16))
TOKENS = Tokens(["newest", "oldest"])


def test_a_token_names_whom_it_was_signed_for_and_nothing_else_is_one() -> None:
    token = TOKENS.sign(Purpose.UNSUBSCRIBE, REF)
    assert len(token) == 43
    assert TOKENS.verify(Purpose.UNSUBSCRIBE, token) == REF


def test_a_token_is_good_for_one_purpose_only() -> None:
    token = TOKENS.sign(Purpose.UNSUBSCRIBE, REF)
    assert TOKENS.verify(Purpose.CONFIRM, token) is None
    assert TOKENS.verify(Purpose.PREFERENCES, token) is None


def test_a_changed_token_is_refused() -> None:
    token = TOKENS.sign(Purpose.CONFIRM, REF)
    for changed in (
        "",
        token[:-1],
        token[:-2],
        f"{token}=",
        f"{token}\0",
        token.upper(),
        f" {token}",
        f"é{token}",
    ):
        assert TOKENS.verify(Purpose.CONFIRM, changed) is None, changed


def test_every_flipped_bit_is_refused() -> None:
    token = TOKENS.sign(Purpose.CONFIRM, REF)
    for place in range(len(token)):
        for bit in range(7):
            flipped = token[:place] + chr(ord(token[place]) ^ 1 << bit) + token[place + 1 :]
            assert TOKENS.verify(Purpose.CONFIRM, flipped) is None, flipped


def test_a_new_secret_breaks_no_link_that_is_out() -> None:
    old = Tokens(["oldest"]).sign(Purpose.UNSUBSCRIBE, REF)
    assert TOKENS.verify(Purpose.UNSUBSCRIBE, old) == REF
    assert Tokens(["stranger"]).verify(Purpose.UNSUBSCRIBE, old) is None


def test_a_suppressed_address_is_found_under_the_oldest_secret_for_ever() -> None:
    assert TOKENS.suppression_key("a@example.com") == Tokens(["oldest"]).suppression_key("a@example.com")


def test_ten_thousand_readers_have_ten_thousand_tokens() -> None:
    refs = {secrets.token_bytes(16) for _ in range(10_000)}
    assert len({TOKENS.sign(Purpose.CONFIRM, ref) for ref in refs}) == 10_000
