"""An OpenID provider on loopback, that signs with a real key, and lies where a test asks it to."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import secrets
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import cache
from typing import Any
from urllib.parse import urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.builders import NOON

CLIENT, SECRET = "the-desk", "a-secret-of-both"

NONSENSE = {
    "/page": Response("<p>Please sign in.", media_type="text/html"),
    "/moved": RedirectResponse("/token", 307),
    "/list": JSONResponse([]),
}


@cache
def key_of(whose: str) -> RSAKey:
    """Somebody's key; making one takes a while."""
    return RSAKey.generate_key(2048, {"kid": f"the key of {whose}"})


class Provider:
    """Knows one person. `sign` writes the id_token; `broken` names the pages that answer 500."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.now = int(NOON.timestamp())
        self.be_honest()

    def be_honest(self) -> None:
        """As it was at first: a test may have made it lie."""
        self.claims: dict[str, Any] = {"email": "ada@example.com", "email_verified": True}
        self.sign: Callable[[dict[str, Any]], str] = signed
        self.broken: set[str] = set()
        self.methods = ["client_secret_basic"]
        self.says: dict[str, Any] = {}  # in the discovery document, instead
        self.exchanges = 0
        self._codes: dict[str, dict[str, str]] = {}

    def discovery(self) -> Response:
        found = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "token_endpoint_auth_methods_supported": self.methods,
        }
        return JSONResponse(found | self.says)

    def authorize(self, asked: dict[str, str]) -> Response:
        """The page to sign in, at which somebody has just done so."""
        if asked["client_id"] != CLIENT or asked["response_type"] != "code":
            return Response("who?", 400)
        assert asked["code_challenge_method"] == "S256"
        assert {"openid", "email"} <= set(asked["scope"].split())
        code = secrets.token_urlsafe()
        self._codes[code] = asked
        answer = urlencode({"code": code, "state": asked["state"]})
        return RedirectResponse(f"{asked['redirect_uri']}?{answer}", 302)

    def token(self, form: dict[str, str], basic: str) -> Response:
        self.exchanges += 1
        in_header = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        by_post = (form.get("client_id"), form.get("client_secret")) == (CLIENT, SECRET)
        known = {
            "client_secret_basic": basic == f"Basic {in_header}",
            "client_secret_post": by_post,
            "none": not basic and "client_secret" not in form and form.get("client_id") == CLIENT,
        }
        if not known[self.methods[0]]:
            return JSONResponse({"error": "invalid_client"}, 401)
        asked = self._codes.pop(form["code"], None)
        if asked is None or not _proves(form, asked):
            return JSONResponse({"error": "invalid_grant"}, 400)
        claims = {
            "iss": self.issuer,
            "sub": "4711",
            "aud": CLIENT,
            "iat": self.now,
            "exp": self.now + 300,
            "nonce": asked["nonce"],
        }
        token = self.sign({**claims, **self.claims})
        return JSONResponse({"access_token": "x", "token_type": "Bearer", "id_token": token})

    def app(self) -> Starlette:
        async def answered(request: Request) -> Response:
            page = request.url.path
            if page in self.broken:
                return Response("out of order", 500)
            if page in NONSENSE:
                return NONSENSE[page]
            if page == "/authorize":
                return self.authorize(dict(request.query_params))
            if page == "/token":
                form = {name: str(value) for name, value in (await request.form()).items()}
                return self.token(form, request.headers.get("authorization", ""))
            if page == "/keys":
                return JSONResponse({"keys": [key_of("the provider").as_dict(private=False)]})
            return self.discovery()

        paths = ("/.well-known/openid-configuration", "/authorize", "/token", "/keys", *NONSENSE)
        return Starlette(routes=[Route(path, answered, methods=["GET", "POST"]) for path in paths])


def _proves(form: dict[str, str], asked: dict[str, str]) -> bool:
    digest = hashlib.sha256(form["code_verifier"].encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return challenge == asked["code_challenge"] and form["redirect_uri"] == asked["redirect_uri"]


def signed(claims: dict[str, Any], whose: str = "the provider") -> str:
    key = key_of(whose)
    return jwt.encode({"alg": "RS256", "kid": "the key of the provider"}, claims, key)


@asynccontextmanager
async def providing() -> AsyncIterator[Provider]:
    """A provider, as long as this is open."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        provider = Provider(f"http://127.0.0.1:{listener.getsockname()[1]}")
        server = uvicorn.Server(uvicorn.Config(provider.app(), log_config=None, lifespan="off"))
        running = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield provider
        finally:
            server.should_exit = True
            await running
