"""What a program changed stands in the desk's log, by the name of its key, without an address."""

from __future__ import annotations

from tests.web.api.asking import PROOF, STORY, Backend


def lines(backend: Backend) -> list[tuple[str, str, str]]:
    return [(line.who, line.did, line.detail) for _, line in backend.paper.app.audit.newest(99)][::-1]


async def test_each_request_that_changed_something_has_one_line(backend: Backend) -> None:
    person = {"address": "ada@example.com", "proof": PROOF}
    ref = (await backend.post("/v1/subscribers", person)).json()["id"]
    await backend.ask("PATCH", f"/v1/subscribers/{ref}", {"days": "weekdays"})
    await backend.ask("DELETE", f"/v1/subscribers/{ref}")
    await backend.post("/v1/suppressions", {"address": "ada@example.com", "reason": "asked by phone"})
    await backend.ask("DELETE", "/v1/suppressions?address=ada%40example.com")
    backend.paper.issue("harbour")
    await backend.post("/v1/editions/1/stop", None)
    assert lines(backend) == [
        ("api backend", "subscribed", f"reader {ref}"),
        ("api backend", "changed a reader", f"reader {ref}"),
        ("api backend", "unsubscribed", f"reader {ref}"),
        ("api backend", "suppressed", "by address"),
        ("api backend", "lifted a suppression", "by address"),
        ("api backend", "stopped", "morning of 2026-03-10"),
    ]
    assert backend.key not in str(lines(backend))


async def test_what_changed_nothing_has_none(backend: Backend) -> None:
    reader = backend.paper.reader("ada@example.com")
    await backend.post("/v1/subscribers", {"address": "ada@example.com"})
    await backend.ask("PATCH", f"/v1/subscribers/{reader.ref.hex()}", {})
    await backend.post("/v1/suppressions", {"address": "ada"})
    await backend.get("/v1/subscribers")
    await backend.post("/v1/stories", STORY)
    assert lines(backend) == []


async def test_twice_the_same_has_one(backend: Backend) -> None:
    reader = backend.paper.reader("ada@example.com")
    for _ in range(2):
        await backend.post("/v1/suppressions", {"address": "bob@example.com"})
        await backend.ask("DELETE", f"/v1/subscribers/{reader.ref.hex()}")
    assert [did for _, did, _ in lines(backend)] == ["suppressed", "unsubscribed"]
