"""What an id_token must be to prove who somebody is; the whole flow is in tests/web/desk/test_openid.py."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable
from typing import Any

import pytest

from digest.errors import Unproven
from digest.openid import Client, Ties, verified
from tests.builders import NOON
from tests.web.desk.provider import CLIENT, SECRET, key_of, signed

ISSUER = "https://login.example.com"
DESK = Client(ISSUER, CLIENT, SECRET, allow_private=False)
NOW = int(NOON.timestamp())
RIGHT = {
    "iss": ISSUER,
    "sub": "4711",
    "aud": CLIENT,
    "iat": NOW,
    "exp": NOW + 300,
    "nonce": "of this sign-in",
    "email": "ada@example.com",
    "email_verified": True,
}


def keys_of(whose: str) -> dict[str, Any]:
    return {"keys": [key_of(whose).as_dict(private=False)]}


def read(token: object, keys: dict[str, Any] | None = None) -> str:
    keys = keys_of("the provider") if keys is None else keys
    return verified(token, keys, DESK, "of this sign-in", NOON)


def test_an_address_that_the_provider_has_verified() -> None:
    assert read(signed(RIGHT)) == "ada@example.com"
    assert read(signed({**RIGHT, "aud": [CLIENT]})) == "ada@example.com"
    assert read(signed({**RIGHT, "aud": [CLIENT, "another"], "azp": CLIENT})) == "ada@example.com"


def test_a_clock_may_differ_by_a_minute() -> None:
    assert read(signed({**RIGHT, "exp": NOW - 59, "iat": NOW + 59}))
    for wrong in ({"exp": NOW - 60}, {"iat": NOW + 61}):
        with pytest.raises(Unproven):
            read(signed({**RIGHT, **wrong}))


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("nonce", "of another sign-in"),
        ("nonce", None),
        ("aud", "another-client"),
        ("aud", [CLIENT, "another-client"]),  # and no azp that says for which of them
        ("aud", None),
        ("azp", "another-client"),
        ("iss", "https://login.example.net"),
        ("iss", f"{ISSUER}/"),
        ("iss", None),
        ("sub", None),
        ("exp", None),
        ("exp", "never"),
        ("iat", None),
        ("email", None),
        ("email", ["ada@example.com"]),
        ("email_verified", False),
        ("email_verified", None),
        ("email_verified", "true"),
        ("email_verified", 1),
    ],
)
def test_a_claim_that_is_wrong_or_missing_spoils_all(claim: str, value: object) -> None:
    changed = {name: one for name, one in {**RIGHT, claim: value}.items() if one is not None}
    with pytest.raises(Unproven):
        read(signed(changed))


def encoded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


def joined(*parts: dict[str, Any]) -> str:
    return ".".join(encoded(json.dumps(part).encode()) for part in parts)


def unsigned(claims: dict[str, Any]) -> str:
    return joined({"alg": "none"}, claims) + "."


def signed_with_what_everybody_has(claims: dict[str, Any]) -> str:
    """The provider's public key, taken for a shared secret."""
    signed_part = joined({"alg": "HS256", "kid": "the key of the provider"}, claims)
    public = key_of("the provider").as_pem(private=False)
    return f"{signed_part}.{encoded(hmac.digest(public, signed_part.encode(), 'sha256'))}"


def changed_afterwards(claims: dict[str, Any]) -> str:
    head, _, proof = signed(claims).split(".")
    return f"{head}.{joined({**claims, 'email': 'operator@example.com'})}.{proof}"


@pytest.mark.parametrize(
    "sign",
    [
        unsigned,
        signed_with_what_everybody_has,
        changed_afterwards,
        lambda claims: signed(claims, "a stranger"),
        lambda claims: signed(claims)[:-10],
        lambda claims: "",
        lambda claims: None,
        lambda claims: claims,
    ],
)
def test_what_the_provider_did_not_sign_proves_nothing(sign: Callable[[dict[str, Any]], object]) -> None:
    with pytest.raises(Unproven, match="its id_token does not count"):
        read(sign(RIGHT))


@pytest.mark.parametrize("keys", [{}, {"keys": []}, {"keys": [{"kty": "RSA"}]}, {"keys": ["x"]}])
def test_keys_that_are_none_prove_nothing(keys: dict[str, Any]) -> None:
    with pytest.raises(Unproven):
        read(signed(RIGHT), keys)


def test_none_of_the_ties_tells_another() -> None:
    ties = Ties.of("secret")
    assert len({*ties, *Ties.of("secrets")}) == 6
    assert all(43 <= len(one) <= 128 for one in ties)
