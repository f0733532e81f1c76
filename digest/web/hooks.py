"""Where mail providers tell of bounces and complaints: each signs its calls, or knows a password.

Switched on by its key in [providers]; without one there is no such page.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, HTTPException, Request, Response
from starlette.concurrency import run_in_threadpool

from digest.errors import SourceError
from digest.model import ProviderNotice
from digest.record.providers import brevo, hook, mailgun, postmark, sendgrid, ses
from digest.record.providers.hook import Refused
from digest.steps.absorbing import heed
from digest.web.site import Here, Site

router = APIRouter()

LARGEST = 2_000_000  # bytes; SendGrid's batches are the largest, about one million
READERS: dict[str, Callable[[hook.Request], Awaitable[list[ProviderNotice]]]] = {
    "ses": ses.read,
    "mailgun": mailgun.read,
    "postmark": postmark.read,
    "sendgrid": sendgrid.read,
    "brevo": brevo.read,
}


@router.post("/hooks/{provider}")
async def hear(site: Here, request: Request, provider: str) -> Response:
    """204 once it is recorded: a provider that hears anything else tries again, and does no harm by it."""
    secret = getattr(site.app.settings.providers, provider) if provider in READERS else ""
    if not secret:
        raise HTTPException(404)
    posted = hook.Request(dict(request.headers), await _bounded(request), secret, _fetcher(site))
    try:
        notices = await READERS[provider](posted)
    except Refused:
        raise HTTPException(401) from None
    except SourceError:
        raise HTTPException(503) from None
    except (ValueError, LookupError, TypeError, AttributeError):  # not of the form the provider documents
        raise HTTPException(400) from None
    await run_in_threadpool(heed, site.app.absorbing, notices, site.clock())
    return Response(status_code=204)


async def _bounded(request: Request) -> bytes:
    """The body, read no further than the limit."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LARGEST:
            raise HTTPException(413)
    return bytes(body)


def _fetcher(site: Site) -> Callable[[str], Awaitable[bytes]]:
    """Gets an address as sources are got: public hosts only, bounded. Certificates are kept."""

    async def fetch(url: str) -> bytes:
        kept = site.certificates.get(url)
        if kept is not None:
            return kept
        async with site.app.web() as web:
            answer = await web.get(url, size=100_000)
        if answer.status != 200:
            raise SourceError(f"{url}: answered {answer.status}")
        if url.endswith(".pem") and len(site.certificates) < 100:
            site.certificates[url] = answer.body
        return answer.body

    return fetch
