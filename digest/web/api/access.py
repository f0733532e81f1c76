"""Who asks: `Authorization: Bearer KEY`, and what the key allows (RFC 6750)."""

from __future__ import annotations

from typing import Annotated

from fastapi import Request, Response, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer, SecurityScopes

from digest.model import ApiKey, Scope
from digest.web.api.problems import Problem
from digest.web.site import Here, Site, client

_bearer = HTTPBearer(
    auto_error=False, scheme_name="key", description="A key made by the operator: `digest keys add`."
)


def caller(
    site: Here,
    request: Request,
    response: Response,
    scopes: SecurityScopes,
    given: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
) -> ApiKey:
    """The key that a request came with. Raises Problem: 401, 403, or 429 for one who keeps guessing."""
    key = site.app.keys.find(given.credentials) if given else None
    if key is None:
        raise _stranger(site, request, "a key is needed" if given is None else "this key does not work")
    missing = [scope for scope in scopes.scopes if Scope(scope) not in key.scopes]
    if missing:
        challenge = {"www-authenticate": f'Bearer error="insufficient_scope", scope="{missing[0]}"'}
        raise Problem(403, f"the key of {key.name} does not allow {missing[0]}", headers=challenge)
    response.headers["cache-control"] = "no-store"
    return key


def _stranger(site: Site, request: Request, why: str) -> Problem:
    """A key that works is never limited; only those who bring none are counted."""
    rules = site.limits.guessing(client(request))
    broken = site.app.attempts.take(rules, site.clock())
    if broken:
        return Problem(429, "too many requests without a key", headers={"retry-after": str(broken.window)})
    return Problem(401, f"{why}: Authorization: Bearer KEY", headers={"www-authenticate": "Bearer"})


Reading = Annotated[ApiKey, Security(caller, scopes=[Scope.READ])]
PostingStories = Annotated[ApiKey, Security(caller, scopes=[Scope.STORIES])]
ChangingEditions = Annotated[ApiKey, Security(caller, scopes=[Scope.EDITIONS])]
ChangingReaders = Annotated[ApiKey, Security(caller, scopes=[Scope.SUBSCRIBERS])]
