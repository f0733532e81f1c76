"""HTTP for foreign addresses: conditional, bounded in size and time, checked at every hop, polite."""

from __future__ import annotations

import asyncio
import itertools
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from types import TracebackType
from typing import Self
from urllib.parse import urljoin, urlsplit

import httpcore2
import httpx2

from digest.collect.answer import Declined, Fetched, retry_after
from digest.collect.dates import mail_date
from digest.collect.guard import check_redirect, check_url, redacted
from digest.collect.sockets import CheckedTransport
from digest.errors import SourceError, TooMuch, Unsafe

SIZE = 5_000_000  # bytes of a body, unpacked
SECONDS = 20.0  # for the whole of it, redirects included
PAUSE = 1.0  # seconds between two pages of one site, unless its robots.txt asks for more
LEFT_ALONE = 60  # seconds after a 429 that does not say how long
AT_ONCE = 2  # requests to one host

# What httpcore raises below httpx's own transport, which is not in use here.
_WIRE = (
    httpcore2.NetworkError,
    httpcore2.ProtocolError,
    httpcore2.TimeoutException,
    httpcore2.ConnectionNotAvailable,
    ssl.SSLError,
    UnicodeError,
)
_PERMANENT = (301, 308)
_REDIRECTS = (301, 302, 303, 307, 308)


@cache
def _trusted() -> ssl.SSLContext:
    """The trusted certificates, read once a process: it takes 40 ms, too long for the event loop."""
    return httpx2.create_ssl_context(trust_env=False)


class Web:
    """The network as collecting sees it. Open it for a run: `async with Web(agent) as web`.

    `agent` names us in every request, the product first, as robots.txt knows it: "MorningDigest/0.1 (…)".
    """

    def __init__(self, agent: str, pause: float = PAUSE) -> None:
        self.agent = agent
        self.pause = pause
        self._clients: dict[bool, httpx2.AsyncClient] = {}
        self._tls: ssl.SSLContext
        self._hosts: dict[str, asyncio.Semaphore] = {}
        self._paced: dict[str, float] = {}  # when each site's next page may be read, by the loop's clock
        self._resting: dict[str, float] = {}  # until when each host asked to be left alone

    async def __aenter__(self) -> Self:
        self._tls = await asyncio.to_thread(_trusted)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for client in self._clients.values():
            await client.aclose()
        self._clients.clear()

    async def get(
        self,
        url: str,
        *,
        allow_private: bool = False,
        etag: str = "",
        last_modified: str = "",
        size: int = SIZE,
    ) -> Fetched:
        """The answer to a conditional GET, redirects followed.

        A host that asked one source to wait is not asked for another either: Declined. Raises Unsafe for an
        address that must not be asked, TooMuch over the limits of size and time, and SourceError where no
        answer came.
        """
        known = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        headers = {name: value for name, value in known.items() if value}
        async with self._asked(url, allow_private):
            return await self._follow(url, headers, allow_private, size)

    async def post(
        self, url: str, body: bytes, headers: Mapping[str, str], *, allow_private: bool = False
    ) -> int:
        """The status that came of a POST; redirects are not followed. Raises as `get` does."""
        async with self._asked(url, allow_private):
            sent = self._client(allow_private).stream("POST", url, headers=dict(headers), content=body)
            async with sent as answer:
                return answer.status_code

    @asynccontextmanager
    async def lent(self, url: str, *, allow_private: bool = False) -> AsyncIterator[CheckedTransport]:
        """Checked connections for one request of a library with a client of its own. Raises as `get` does."""
        async with self._asked(url, allow_private):
            yield CheckedTransport(allow_private, self._tls)

    async def pace(self, url: str, seconds: float) -> None:
        """Wait for a page's turn: so long after the last page of its site, whichever source that was for."""
        clock, host = asyncio.get_running_loop().time, urlsplit(url).netloc
        at = max(clock(), self._paced.get(host, 0.0))
        self._paced[host] = at + max(self.pause, seconds)
        await asyncio.sleep(at - clock())

    @asynccontextmanager
    async def _asked(self, url: str, allow_private: bool) -> AsyncIterator[None]:
        """What holds for every request: a checked address, its host's turn, a limit of time, our errors."""
        check_url(url, allow_private)
        try:
            async with self._turn(url), asyncio.timeout(SECONDS):
                yield
        except TimeoutError as error:
            raise TooMuch(f"{redacted(url)}: no whole answer within {SECONDS:.0f} s") from error
        except (httpx2.HTTPError, httpx2.InvalidURL, *_WIRE) as error:
            raise SourceError(f"{redacted(url)}: {str(error) or type(error).__name__}") from error

    async def _follow(self, url: str, headers: dict[str, str], allow_private: bool, size: int) -> Fetched:
        moved_to, permanent = "", True
        for hop in itertools.count(1):
            fetched, location = await self._ask(url, headers, allow_private, size)
            if fetched.status not in _REDIRECTS or not location:
                return replace(fetched, moved_to=moved_to)
            target = _target(fetched.url, location)
            check_redirect(fetched.url, target, hop)
            check_url(target, allow_private)
            permanent = permanent and fetched.status in _PERMANENT
            moved_to = target if permanent else moved_to
            url = target
        raise AssertionError("the number of hops is limited")

    async def _ask(
        self, url: str, headers: dict[str, str], allow_private: bool, size: int
    ) -> tuple[Fetched, str]:
        """One request's answer, and where it redirects to."""
        self._leave_alone(url)
        client = self._client(allow_private)
        async with client.stream("GET", url, headers=headers) as answer:
            given = answer.headers
            # A 304 has no body; its end must be read for the connection to serve again.
            ends = answer.status_code in (200, 304)
            fetched = Fetched(
                url=redacted(url),
                status=answer.status_code,
                body=await _body(answer, url, size) if ends else b"",
                content_type=given.get("content-type", ""),
                etag=given.get("etag", ""),
                last_modified=given.get("last-modified", ""),
                retry_after=given.get("retry-after", ""),
            )
            self._note_rest(url, fetched, given.get("date", ""))
            return fetched, given.get("location", "")

    def _leave_alone(self, url: str) -> None:
        """Raise Declined while the host has asked for rest."""
        rest = self._resting.get(urlsplit(url).netloc, 0.0) - asyncio.get_running_loop().time()
        if rest > 0:
            raise Declined(f"{redacted(url)}: its host asks to be left alone for {rest:.0f} s", f"{rest:.0f}")

    def _note_rest(self, url: str, answer: Fetched, date: str) -> None:
        """Remember that a host asks to be asked less often (RFC 6585, 4), or is overloaded."""
        if answer.status == 429 or (answer.status == 503 and answer.retry_after):
            asked = retry_after(answer.retry_after, _moment(date)).total_seconds() or LEFT_ALONE
            self._resting[urlsplit(url).netloc] = asyncio.get_running_loop().time() + asked

    def _client(self, allow_private: bool) -> httpx2.AsyncClient:
        if allow_private not in self._clients:
            self._clients[allow_private] = httpx2.AsyncClient(
                transport=CheckedTransport(allow_private, self._tls),
                headers={"User-Agent": self.agent, "Accept": "*/*", "Accept-Encoding": "gzip, deflate"},
                timeout=SECONDS,
                trust_env=False,  # a proxy from the environment would connect where we have not checked
            )
        return self._clients[allow_private]

    def _turn(self, url: str) -> asyncio.Semaphore:
        return self._hosts.setdefault(urlsplit(url).netloc, asyncio.Semaphore(AT_ONCE))


def _moment(date: str) -> datetime:
    """The answer's own time, by which a date in its Retry-After is meant; without one that date is past."""
    return mail_date(date) or datetime.max.replace(tzinfo=UTC)


def _target(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError as error:
        raise Unsafe(f"{url}: redirects to what is not an address: {error}") from error


async def _body(answer: httpx2.Response, url: str, size: int) -> bytes:
    """The body unpacked; httpx2 unpacks a megabyte at a time, so that a bomb is cut off at the limit."""
    body = bytearray()
    async for part in answer.aiter_bytes():
        body += part
        if len(body) > size:
            raise TooMuch(f"{redacted(url)}: larger than {size / 1e6:g} MB")
    return bytes(body)
