"""The public address: readers' links begin with it, and one-click unsubscribing needs https."""

from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import urlsplit

from digest.doctor.configuration import is_placeholder
from digest.doctor.finding import Finding, error, ok, warning
from digest.hosts import is_loopback
from digest.settings import Settings

PATIENCE = 5.0  # seconds


async def pages(settings: Settings, patience: float = PATIENCE) -> AsyncIterator[Finding]:
    """Whether site.url is https, leads to the pages of this service, and lets readers leave."""
    check, url = "public address", settings.site.url
    host = urlsplit(url).hostname or ""
    if is_placeholder(host) and not is_loopback(host):
        yield warning(check, f"{url} is a placeholder", "set site.url to an address of your own")
        return
    if is_loopback(host):
        cure = "set site.url to the address that readers reach: every mail's links begin with it"
        yield warning(check, f"{url} is reached from this machine alone", cure)
        if not settings.returns.unsubscribe:
            cure = "set site.url, or returns.unsubscribe with a mailbox that is read: see docs/operating.md"
            yield warning(
                check, "nobody can leave: every link to do so leads here, and none is a mailto:", cure
            )
        return
    if urlsplit(url).scheme != "https":
        cure = (
            "put the pages behind https: without it mailbox providers show no unsubscribe button (RFC 8058)"
        )
        yield error(check, f"{url} is not https", cure)
    yield await _reached(settings, patience)


async def _reached(settings: Settings, patience: float) -> Finding:
    import httpx2

    url = f"{settings.site.url}/healthz"
    let_through = f"let {settings.site.url} lead to {settings.web.host}:{settings.web.port}"
    try:
        async with httpx2.AsyncClient(timeout=patience) as client:
            answer = await client.get(url)
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as failed:
        why = str(failed) or type(failed).__name__
        return error("public address", f"{url}: {why}", f"start digest run or digest web, and {let_through}")
    if answer.status_code != 200 or "status" not in answer.text:
        return error("public address", f"{url}: {answer.status_code}, not our answer", let_through)
    return ok("public address", f"{settings.site.url} answers")
