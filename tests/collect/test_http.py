from __future__ import annotations

import asyncio
import gzip
import socket
import tracemalloc
import zlib
from collections.abc import Iterable
from typing import Any

import pytest

from digest.collect import http, sockets
from digest.collect.answer import Declined, Fetched
from digest.collect.guard import is_public
from digest.collect.http import Web
from digest.errors import SourceError, TooMuch, Unsafe
from tests.collect.site import Site

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def get(web: Web, url: str, **more: Any) -> Fetched:
    return await web.get(url, allow_private=True, **more)


async def test_a_page_comes_with_its_validators(site: Site, web: Web) -> None:
    site.page(
        "/feed", b"<rss/>", headers={"etag": '"v1"', "last-modified": "Tue", "content-type": "text/xml"}
    )
    fetched = await get(web, site.url("/feed"))
    assert fetched == Fetched(
        site.url("/feed"), 200, b"<rss/>", content_type="text/xml", etag='"v1"', last_modified="Tue"
    )


async def test_validators_are_sent_back_and_spare_the_body(site: Site, web: Web) -> None:
    site.page("/feed", b"<rss/>", headers={"etag": '"v1"'})
    fetched = await get(web, site.url("/feed"), etag='"v1"', last_modified="Tue")
    assert (fetched.status, fetched.body) == (304, b"")
    assert site.asked[0].headers["if-modified-since"] == "Tue"


async def test_we_say_who_we_are(site: Site, web: Web) -> None:
    await get(web, site.url("/"))
    assert site.asked[0].headers["user-agent"] == "MorningDigest/test (+https://www.example.com/bot)"


async def test_a_packed_page_is_unpacked(site: Site, web: Web) -> None:
    site.page("/gzip", gzip.compress(b"text"), headers={"content-encoding": "gzip"})
    site.page("/deflate", zlib.compress(b"text"), headers={"content-encoding": "deflate"})
    assert (await get(web, site.url("/gzip"))).body == (await get(web, site.url("/deflate"))).body == b"text"


async def test_a_connection_serves_for_many_requests(site: Site, web: Web) -> None:
    site.page("/feed", b"<rss/>", headers={"etag": '"v1"'})
    for etag in ("", '"v1"', '"v1"', ""):
        await get(web, site.url("/feed"), etag=etag)
    assert site.connections == 1


async def test_a_host_is_asked_two_things_at_once_at_most(site: Site, web: Web) -> None:
    inside = most = 0
    go = asyncio.Event()

    async def slow(writer: asyncio.StreamWriter) -> None:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        if inside == http.AT_ONCE:
            asyncio.get_running_loop().call_later(0.05, go.set)
        await go.wait()
        inside -= 1
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")

    site.script("/slow", slow)
    await asyncio.gather(*(get(web, site.url("/slow")) for _ in range(6)))
    assert most == http.AT_ONCE


# ---------------------------------------------------------------- redirects


async def test_permanent_redirects_are_learnt_and_others_are_not(site: Site, web: Web) -> None:
    site.page("/old", status=301, headers={"location": "/newer"})
    site.page("/newer", status=308, headers={"location": "/new"})
    site.page("/now", status=302, headers={"location": "/new"})
    site.page("/both", status=301, headers={"location": "/now"})
    site.page("/new", b"here")
    assert (await get(web, site.url("/old"))).moved_to == site.url("/new")
    assert (await get(web, site.url("/now"))).moved_to == ""
    assert (await get(web, site.url("/both"))).moved_to == site.url("/now")
    assert (await get(web, site.url("/both"))).body == b"here"


async def test_a_chain_of_redirects_ends(site: Site, web: Web) -> None:
    for hop in range(21):
        site.page(f"/{hop}", status=302, headers={"location": f"/{hop + 1}"})
    with pytest.raises(Unsafe, match="more than 5 redirects"):
        await get(web, site.url("/0"))
    assert len(site.asked) == 6


async def test_a_redirect_without_a_place_is_an_answer(site: Site, web: Web) -> None:
    site.page("/", status=302)
    assert (await get(web, site.url("/"))).status == 302


# ---------------------------------------------------------------- what must not be reached

HOME = ["127.0.0.1", "2130706433", "0x7f.1", "127.1", "localhost", "good@127.0.0.1"]
PRIVATE = [
    *("[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
    *("100.64.0.1", "[fd00::1]", "[fe80::1]"),
]


@pytest.mark.parametrize("host", HOME + PRIVATE)
async def test_a_private_address_is_refused_before_a_connection(host: str, site: Site, web: Web) -> None:
    with pytest.raises(Unsafe):
        await web.get(f"http://{host}:{site.port}/")
    assert site.connections == 0


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "gopher://example.com/", "http://example.com:25/", "", "x", "http://[::1"]
)
async def test_an_address_that_is_none_of_the_webs_is_refused(url: str, web: Web) -> None:
    with pytest.raises(Unsafe):
        await web.get(url)


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Names and the addresses they resolve to, one answer after the other; the last one stays."""
    known: dict[str, list[str]] = {}

    async def resolve(_: Any, host: str, port: int, **__: Any) -> list[Any]:
        if host not in known:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        answers = known[host]
        address = answers.pop(0) if len(answers) > 1 else answers[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(asyncio.base_events.BaseEventLoop, "getaddrinfo", resolve)
    return known


async def test_a_name_that_leads_home_is_refused(names: dict[str, list[str]], site: Site, web: Web) -> None:
    names["inside.example"] = ["127.0.0.1"]
    with pytest.raises(Unsafe, match=r"inside\.example is in a private network"):
        await web.get(site.url("/", host="inside.example"))
    assert site.connections == 0


@pytest.mark.usefixtures("public_loopback")
@pytest.mark.parametrize("target", [f"http://{host}/" for host in PRIVATE] + ["file:///etc/passwd"])
async def test_a_public_page_cannot_lead_to_a_private_one(target: str, site: Site, web: Web) -> None:
    site.page("/", status=302, headers={"location": target})
    with pytest.raises(Unsafe):
        await web.get(site.url("/"))
    assert site.paths() == ["/"]


@pytest.fixture
def public_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if 127.0.0.1, and it alone, were an address of the internet."""
    monkeypatch.setattr(sockets, "is_public", lambda ip: str(ip) == "127.0.0.1" or is_public(ip))


@pytest.mark.usefixtures("public_loopback")
async def test_the_address_connected_to_is_the_one_that_was_checked(
    names: dict[str, list[str]], site: Site, web: Web
) -> None:
    """The name is asked for once a connection: a second answer, after the check, comes too late."""
    names["rebinding.example"] = ["127.0.0.1", "10.0.0.1"]
    site.page("/", b"here", headers={"connection": "close"})
    assert (await web.get(site.url("/", host="rebinding.example"))).body == b"here"
    with pytest.raises(Unsafe):
        await web.get(site.url("/next", host="rebinding.example"))
    assert site.paths() == ["/"]


# ---------------------------------------------------------------- large, slow and broken


async def send(writer: asyncio.StreamWriter, parts: Iterable[bytes]) -> None:
    for part in parts:
        writer.write(part)
        await writer.drain()


def endless(part: bytes) -> Iterable[bytes]:
    while True:
        yield part


async def test_a_body_over_the_limit_is_cut_off(site: Site, web: Web) -> None:
    async def flood(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
        await send(writer, endless(b"10000\r\n" + bytes(65536) + b"\r\n"))

    site.script("/", flood)
    with pytest.raises(TooMuch, match="larger than 5 MB"):
        await get(web, site.url("/"))


@pytest.mark.parametrize("encoding", ["gzip", "gzip, gzip"])
async def test_a_bomb_costs_little_memory(encoding: str, site: Site, web: Web) -> None:
    bomb = gzip.compress(bytes(60_000_000), 1)
    for _ in encoding.split(",")[1:]:
        bomb = gzip.compress(bomb)
    site.page("/", bomb, headers={"content-encoding": encoding})
    del bomb
    tracemalloc.start()
    with pytest.raises(TooMuch, match="larger than 5 MB"):
        await get(web, site.url("/"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 30_000_000


async def silent(writer: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


async def headless(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nx: y\r\n")
    await asyncio.Event().wait()


async def dripping(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")
    while True:
        writer.write(b".")
        await asyncio.sleep(0.02)


@pytest.mark.parametrize("script", [silent, headless, dripping])
async def test_the_whole_of_it_has_a_time_limit(
    script: Any, site: Site, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "SECONDS", 0.3)
    site.script("/", script)
    with pytest.raises(TooMuch, match="no whole answer"):
        await get(web, site.url("/"))


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nx: " + b"y" * 200_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\n\r\njunk",
        b"HTTP/1.1 302 Found\r\nlocation: http://[::1\r\ncontent-length: 0\r\n\r\n",
    ],
    ids=["closed", "nonsense", "huge header", "half a body", "bad chunk", "bad gzip", "bad location"],
)
async def test_a_broken_answer_is_one_line(answer: bytes, site: Site, web: Web) -> None:
    async def broken(writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        await writer.drain()
        writer.close()

    site.script("/", broken)
    with pytest.raises(SourceError) as error:
        await get(web, site.url("/"))
    assert "\n" not in str(error.value)


async def test_a_password_in_an_address_is_sent_and_never_told(site: Site, web: Web) -> None:
    address = f"http://me:secret@127.0.0.1:{site.port}"
    site.page("/", b"here")
    fetched = await get(web, address + "/")
    assert site.asked[0].headers["authorization"].startswith("Basic ")
    assert fetched.url == site.url("/")
    site.page("/away", status=302, headers={"location": "ftp://example.com/"})
    with pytest.raises(Unsafe) as error:
        await get(web, address + "/away")
    assert "secret" not in str(error.value)


async def test_a_host_that_is_not_there_is_named(names: dict[str, list[str]], web: Web) -> None:
    with pytest.raises(SourceError, match=r"nowhere\.example is not known"):
        await web.get("http://nowhere.example/")


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (429, {"retry-after": "120"}),
        (429, {}),
        (503, {"retry-after": "120"}),
        (429, {"retry-after": "120", "date": "Mon, 01 Jan 2024 00:00:00 +99999999999999999999"}),
        (
            429,
            {"retry-after": "Tue, 10 Mar 2026 07:00:00 GMT", "date": "Tue, 10 Mar 2026 06:30:00 GMT"},
        ),
    ],
)
async def test_a_host_that_asks_for_rest_is_asked_for_nothing_else(
    status: int, headers: dict[str, str], site: Site, web: Web
) -> None:
    site.page("/feed", status=status, headers=headers)
    site.page("/other", b"<rss/>")
    assert (await get(web, site.url("/feed"))).status == status
    with pytest.raises(Declined, match="asks to be left alone") as declined:
        await get(web, site.url("/other"))
    assert int(declined.value.retry_after) >= 59
    assert site.paths() == ["/feed"]
    assert (await get(web, site.url("/other", host="localhost"))).status == 200  # another host


async def test_a_server_that_merely_fails_keeps_nobody_else_waiting(site: Site, web: Web) -> None:
    site.page("/feed", status=503)
    site.page("/other", b"<rss/>")
    await get(web, site.url("/feed"))
    assert (await get(web, site.url("/other"))).status == 200


async def test_the_pages_of_one_site_are_paced_whoever_asks(site: Site, web: Web) -> None:
    clock = asyncio.get_running_loop().time
    started = clock()
    await asyncio.gather(*(web.pace(site.url(f"/{n}"), 0.05) for n in range(4)))
    assert clock() - started >= 0.15
    started = clock()
    await web.pace("http://elsewhere.example.com/", 60)
    assert clock() - started < 60
