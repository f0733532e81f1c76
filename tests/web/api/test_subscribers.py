"""Subscribers by a publisher's own program: the rules of address, consent and suppression are everyone's."""

from __future__ import annotations

from typing import Any

import pytest

from digest.addresses import accept
from digest.web.limits import Limits
from tests.web.api.asking import PROOF, Backend, problem
from tests.web.site import recipient


async def added(backend: Backend, address: str = "ada@example.com", **more: Any) -> dict[str, Any]:
    answer = await backend.post("/v1/subscribers", {"address": address, **more})
    assert answer.status_code == 201
    told: dict[str, Any] = answer.json()
    return told


async def test_without_proof_a_subscriber_is_pending_and_gets_a_mail_to_confirm(backend: Backend) -> None:
    told = await added(backend)
    assert (told["state"], told["at"], told["zone"]) == ("pending", "07:00", "Europe/Dublin")
    assert [recipient(mail) for mail in backend.paper.mails()] == ["ada@example.com"]


async def test_with_proof_a_subscriber_is_active_and_the_proof_is_kept(backend: Backend) -> None:
    told = await added(backend, proof=PROOF, sections=["world"], days="weekdays")
    assert (told["state"], told["sections"], told["days"]) == ("active", ["World"], "weekdays")
    assert told["asked_from"] == "api backend: checkout, 192.0.2.7, 2026-03-09T10:00:00+00:00"
    assert backend.paper.mails() == []
    known = backend.paper.site.app.people.known(bytes.fromhex(told["id"]))
    assert known["subscriptions"][0]["wording"] == "newsletter-box-3"


@pytest.mark.parametrize("missing", ["at", "origin", "wording"])
async def test_half_a_proof_proves_nothing(backend: Backend, missing: str) -> None:
    proof = {name: value for name, value in PROOF.items() if name != missing}
    answer = await backend.post("/v1/subscribers", {"address": "ada@example.com", "proof": proof})
    assert (answer.status_code, backend.paper.state("ada@example.com")) == (422, "")
    future = {**PROOF, "at": "2026-03-11T10:00:00Z"}
    answer = await backend.post("/v1/subscribers", {"address": "ada@example.com", "proof": future})
    assert problem(answer).startswith("proof.at")


async def test_subscribing_again_changes_nothing(backend: Backend) -> None:
    first = await added(backend, proof=PROOF)
    again = await backend.post("/v1/subscribers", {"address": "Ada@Example.com", "at": "09:00"})
    assert (again.status_code, again.json()) == (200, first)


async def test_a_suppressed_address_is_refused(backend: Backend) -> None:
    await backend.post("/v1/suppressions", {"address": "ada@example.com", "reason": "asked by phone"})
    for more in ({}, {"proof": PROOF}):
        answer = await backend.post("/v1/subscribers", {"address": "ada@example.com", **more})
        assert (answer.status_code, "suppressed" in problem(answer)) == (409, True)
    assert backend.paper.mails() == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"address": "ada"},
        {"address": "ada@example.com\r\nBcc: eve@example.com"},
        {"at": "07:05"},
        {"zone": "Europe/Atlantis"},
        {"days": "yesterday"},
        {"sections": ["Gossip"]},
        {"newsletter": "evening"},
        {"confirmed": True},
    ],
)
async def test_what_cannot_be_taken_is_refused_in_words(backend: Backend, wrong: dict[str, Any]) -> None:
    answer = await backend.post("/v1/subscribers", {"address": "ada@example.com", **wrong})
    assert answer.status_code == 422
    assert problem(answer)
    assert backend.paper.state("ada@example.com") == ""


async def test_strangers_limits_are_not_for_a_program_with_a_key(backend: Backend) -> None:
    for n in range(Limits().requests_an_ip + 5):
        await added(backend, f"reader{n}@example.com")
    assert len(backend.paper.mails()) == Limits().requests_an_ip + 5


async def test_a_subscriber_is_found_changed_and_leaves(backend: Backend) -> None:
    told = await added(backend, proof=PROOF)
    path = f"/v1/subscribers/{told['id']}"
    assert (await backend.get("/v1/subscribers?address=ada%40example.com")).json()["items"] == [told]
    changed = await backend.ask(
        "PATCH", path, {"at": "08:15", "sections": ["Sport"], "language": "ga", "paused_until": "2026-04-01"}
    )
    assert changed.json() == {
        **told,
        "at": "08:15",
        "sections": ["Sport"],
        "language": "ga",
        "paused_until": "2026-04-01",
    }
    resumed = (await backend.ask("PATCH", path, {"paused_until": None, "sections": []})).json()
    assert (resumed["paused_until"], resumed["sections"], resumed["at"]) == (None, [], "08:15")
    for _ in range(2):
        assert (await backend.ask("DELETE", path)).status_code == 204
    assert (await backend.get(path)).json()["state"] == "unsubscribed"


async def test_whoever_left_comes_back_by_their_own_word_alone(backend: Backend) -> None:
    told = await added(backend, proof=PROOF)
    await backend.ask("DELETE", f"/v1/subscribers/{told['id']}")
    assert (await added(backend))["state"] == "pending"


async def test_an_unknown_or_erased_subscriber_is_not_there(backend: Backend) -> None:
    told = await added(backend, proof=PROOF)
    assert problem(await backend.get(f"/v1/subscribers/{'0' * 32}")).startswith("there is no subscriber")
    backend.paper.app.suppressions.erase(accept("ada@example.com"), backend.paper.clock())
    assert (await backend.get(f"/v1/subscribers/{told['id']}")).status_code == 404
    assert await backend.every("/v1/subscribers") == []


async def test_subscribers_are_listed_a_page_at_a_time(backend: Backend) -> None:
    for n in range(5):
        await added(backend, f"reader{n}@example.com", **({"proof": PROOF} if n % 2 else {}))
    listed = await backend.every("/v1/subscribers?limit=2")
    assert [one["address"] for one in listed] == [f"reader{n}@example.com" for n in range(5)]
    assert len(await backend.every("/v1/subscribers?state=active&newsletter=morning")) == 2
    assert (await backend.get("/v1/subscribers?state=asleep")).status_code == 422


async def test_suppressions_are_listed_added_and_lifted(backend: Backend) -> None:
    await added(backend, proof=PROOF)
    for address in ("ada@example.com", "eve@example.com", "mallory@example.com"):
        answer = await backend.post("/v1/suppressions", {"address": address})
        assert answer.json()["address"] == address
    listed = await backend.every("/v1/suppressions?limit=1")
    assert sorted(str(one["address"]) for one in listed) == ["None", "None", "ada@example.com"]
    found = (await backend.get("/v1/suppressions?address=eve%40example.com")).json()["items"]
    assert [one["reason"] for one in found] == ["by API"]
    assert (await backend.ask("DELETE", "/v1/suppressions?address=ada%40example.com")).status_code == 204
    assert (await backend.ask("DELETE", "/v1/suppressions?address=ada%40example.com")).status_code == 404
    assert backend.paper.state("ada@example.com") == "active"
