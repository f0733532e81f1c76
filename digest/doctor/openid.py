"""Whether people can sign in by the OpenID provider that the configuration names."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from digest.doctor.finding import Finding, error, ok
from digest.errors import ProviderError

if TYPE_CHECKING:
    from digest.wiring import App


async def openid(app: App) -> AsyncIterator[Finding]:
    """Its discovery document; nothing where none is configured."""
    issuer = app.settings.oidc.issuer
    if not issuer:
        return
    async with app.openid() as provider:
        try:
            await provider.discovered()
        except ProviderError as wrong:
            cure = "set oidc.issuer right, and let this machine reach it; until then passwords alone let in"
            yield error("openid", str(wrong), cure)
        else:
            yield ok("openid", f"{issuer} answers as an OpenID provider")
