"""Signing in by OpenID Connect: the authorization code flow with PKCE (RFC 7636), by authlib and joserfc.

What comes back counts only when one of the provider's own keys has signed it, for us, for this very sign-in,
lately, and when it names an address that the provider has verified.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, cast

from digest.errors import ProviderError, SourceError, Unproven

if TYPE_CHECKING:
    from httpx2 import AsyncBaseTransport

LEEWAY = 60  # seconds that the provider's clock may differ from ours
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
# Keys of the provider alone: "none" and what is signed with a shared secret (HS256) prove nothing.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")


class Client(NamedTuple):
    """Who we are to a provider, and where it is."""

    issuer: str
    client_id: str
    client_secret: str
    allow_private: bool


class Ties(NamedTuple):
    """What ties an answer to one sign-in in one browser: all of one secret, none of which tells another."""

    state: str  # comes back in the address
    nonce: str  # comes back signed
    verifier: str  # proves that whoever brings the code is who asked for it (RFC 7636, 4.1)

    @classmethod
    def of(cls, secret: str) -> Ties:
        return cls(*(hashlib.sha256(f"{name} {secret}".encode()).hexdigest() for name in cls._fields))


class Answer(Protocol):
    """What came of a GET."""

    @property
    def status(self) -> int: ...
    @property
    def body(self) -> bytes: ...


class Web(Protocol):
    """Asks checked addresses alone, within limits. Raises SourceError where there is no answer."""

    async def get(self, url: str, *, allow_private: bool = ...) -> Answer: ...

    def lent(
        self, url: str, *, allow_private: bool = ...
    ) -> AbstractAsyncContextManager[AsyncBaseTransport]: ...


class Provider:
    """A provider as its discovery document has it. Nothing of it is kept: its keys may change at any time."""

    def __init__(self, client: Client, web: Web) -> None:
        self._client = client
        self._web = web

    async def discovered(self) -> Mapping[str, Any]:
        """The discovery document (OpenID Connect Discovery 1.0, 4.3). Raises ProviderError."""
        issuer = self._client.issuer
        url = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
        found = await self._json(url)
        if found.get("issuer") != issuer:
            raise ProviderError(f"{url} names {found.get('issuer')!r}; set oidc.issuer to just that")
        scheme = issuer.partition("//")[0]
        for name in ENDPOINTS:
            if not str(found.get(name, "")).startswith(scheme):
                raise ProviderError(f"{url} has no {name} that begins with {scheme}//; is it a provider's?")
        return found

    async def page(self, ties: Ties, back: str) -> str:
        """The address of the provider's page to sign in, which leads `back`. Raises ProviderError."""
        from authlib.oauth2.client import OAuth2Client

        found = await self.discovered()
        ours = OAuth2Client(None, code_challenge_method="S256", **self._named(back))
        address, _ = ours.create_authorization_url(
            found["authorization_endpoint"], state=ties.state, code_verifier=ties.verifier, nonce=ties.nonce
        )
        return str(address)

    async def address(self, code: str, ties: Ties, back: str, now: datetime) -> str:
        """The verified mail address of whoever came `back` with a code. Raises ProviderError and Unproven."""
        found = await self.discovered()
        given = await self._exchanged(found, code, ties, back)
        keys = await self._json(found["jwks_uri"])
        return verified(given.get("id_token"), keys, self._client, ties.nonce, now)

    async def _exchanged(self, found: Mapping[str, Any], code: str, ties: Ties, back: str) -> dict[str, Any]:
        """What the provider gives for a code."""
        from authlib.common.errors import AuthlibBaseError
        from authlib.integrations.httpx_client import AsyncOAuth2Client

        url, allow_private = found["token_endpoint"], self._client.allow_private
        try:
            async with self._web.lent(url, allow_private=allow_private) as transport:
                ours = AsyncOAuth2Client(
                    client_secret=self._client.client_secret,
                    token_endpoint_auth_method=self._method(found),
                    transport=transport,
                    trust_env=False,
                    **self._named(back),
                )
                async with ours:
                    return dict(await ours.fetch_token(url, code=code, code_verifier=ties.verifier))
        except SourceError as error:
            raise ProviderError(str(error)) from error
        except AuthlibBaseError as error:
            if error.error == "invalid_grant":
                raise Unproven("the code was used already, or belongs to another sign-in") from error
            raise ProviderError(f"{url}: {error}; see client_id and secret in [oidc]") from error
        except ValueError as error:
            raise ProviderError(f"{url}: {error}") from error

    def _named(self, back: str) -> dict[str, str]:
        return {"client_id": self._client.client_id, "scope": "openid email", "redirect_uri": back}

    def _method(self, found: Mapping[str, Any]) -> str:
        """How we prove who we are; a provider that names no way takes the first (RFC 8414, 2)."""
        if not self._client.client_secret:
            return "none"
        basic, post = "client_secret_basic", "client_secret_post"
        return basic if basic in (found.get("token_endpoint_auth_methods_supported") or [basic]) else post

    async def _json(self, url: str) -> dict[str, Any]:
        try:
            answer = await self._web.get(url, allow_private=self._client.allow_private)
            told = json.loads(answer.body) if answer.status == 200 else None
        except SourceError as error:
            raise ProviderError(str(error)) from error
        except ValueError as error:
            raise ProviderError(f"{url} answers no JSON: {error}") from error
        if not isinstance(told, dict):
            raise ProviderError(f"{url} answers {answer.status}, and no JSON object")
        return told


def verified(raw: object, keys: Mapping[str, Any], client: Client, nonce: str, now: datetime) -> str:
    """The mail address in an id_token (OpenID Connect Core 1.0, 3.1.3.7). Raises Unproven."""
    from authlib.oidc.core import CodeIDToken
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet
    from joserfc.jws import JWSRegistry

    wanted = {
        "iss": {"essential": True, "value": client.issuer},
        "aud": {"essential": True, "value": client.client_id},
    }
    rules = JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
    try:
        read = jwt.decode(str(raw), KeySet.import_key_set(cast(Any, keys)), registry=rules)
        claims = CodeIDToken(
            read.claims, read.header, wanted, {"nonce": nonce, "client_id": client.client_id}
        )
        claims.validate(now=int(now.timestamp()), leeway=LEEWAY)
    except (JoseError, LookupError, TypeError, ValueError) as error:
        raise Unproven(f"its id_token does not count: {error}") from error
    address = claims.get("email")
    if not isinstance(address, str) or claims.get("email_verified") is not True:
        raise Unproven("its id_token has no email with email_verified = true")
    return address
