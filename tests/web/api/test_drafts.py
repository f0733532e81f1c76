"""A date's edition, changed by a program: with the desk's rules, and beside the desk's people."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from httpx2 import Response

from digest.model import Scope
from tests.builders import found
from tests.web.api.asking import Backend, problem

DAY = "/v1/editions/morning/2026-03-11"


@pytest.fixture
def drafted(backend: Backend) -> Backend:
    """Three stories for tomorrow's edition."""
    at = backend.paper.clock() - timedelta(hours=1)
    stories = [found(name, published=at, section="Harbour") for name in ("pier", "ferry", "crane")]
    backend.paper.app.stories.save("wire", stories, at)
    return backend


async def stories(backend: Backend) -> dict[str, int]:
    """The draft's headlines in order, with their numbers."""
    draft = (await backend.get(DAY)).json()
    return {item["story"]["title"]: item["story"]["id"] for item in draft["items"]}


async def change(backend: Backend, *changes: dict[str, Any], seen: int = 0, **more: Any) -> Response:
    return await backend.post(f"{DAY}/changes", {"seen": seen, "changes": changes}, **more)


async def test_a_draft_is_told_as_it_stands(drafted: Backend) -> None:
    draft = (await drafted.get(DAY)).json()
    assert (draft["newsletter"], draft["date"], draft["id"], draft["seen"]) == (
        "morning",
        "2026-03-11",
        None,
        0,
    )
    assert len(draft["items"]) == 3
    assert draft["subject"] == draft["items"][0]["story"]["title"]
    assert (draft["frozen"], draft["changes"]) == (False, [])


async def test_changes_are_made_together_and_stand_in_the_history(drafted: Backend) -> None:
    crane, pier = [(await stories(drafted))[f"The {name} story"] for name in ("crane", "pier")]
    answer = await change(
        drafted,
        {"verb": "skip", "story": crane},
        {"verb": "title", "story": pier, "text": "The pier is open"},
        {"verb": "subject", "text": "Ships"},
    )
    draft = answer.json()
    assert (answer.status_code, draft["seen"], draft["skipped"], draft["subject"]) == (
        200,
        3,
        [crane],
        "Ships",
    )
    assert "The pier is open" in await stories(drafted)
    assert {(one["verb"], one["who"], one["stands"]) for one in draft["changes"]} == {
        (verb, "api backend", True) for verb in ("skip", "title", "subject")
    }
    back = (await change(drafted, {"verb": "undo", "n": 1}, seen=3)).json()
    assert (back["skipped"], [one["stands"] for one in back["changes"]]) == ([], [False, True, True, False])


async def test_whoever_saw_an_older_state_is_told_and_overwrites_nothing(drafted: Backend) -> None:
    first, second, *_ = (await stories(drafted)).values()
    await change(drafted, {"verb": "skip", "story": first})
    late = await change(drafted, {"verb": "skip", "story": second})
    assert late.status_code == 409
    assert problem(late).startswith("api backend made a change since you looked")
    assert (await drafted.post(f"{DAY}/approve", {"seen": 0})).status_code == 409
    assert (await drafted.post(f"{DAY}/approve", {"seen": 1})).status_code == 200
    assert (await drafted.get(DAY)).json()["skipped"] == [first]


async def test_the_same_change_sent_again_is_made_once(drafted: Backend) -> None:
    first, *_ = (await stories(drafted)).values()
    named = {"idempotency-key": "skip-1"}
    answers = [await change(drafted, {"verb": "skip", "story": first}, headers=named) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert [line.did for _, line in drafted.paper.app.audit.newest(9)] == ["edited"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"verb": "pin"},
        {"verb": "title", "story": 1},
        {"verb": "pin", "story": 1, "text": "x"},
        {"verb": "subject", "story": 1, "text": "x"},
        {"verb": "picture", "story": 1, "url": "javascript:alert(1)", "alt": ""},
        {"verb": "title", "story": 1, "text": "a\u0000b"},
        {"verb": "dance", "story": 1},
    ],
)
async def test_what_no_change_can_be_is_refused_whole(drafted: Backend, wrong: dict[str, Any]) -> None:
    answer = await change(drafted, {"verb": "subject", "text": "Ships"}, wrong)
    assert answer.status_code == 422
    assert problem(answer)
    assert (await drafted.get(DAY)).json()["seen"] == 0


async def test_held_it_waits_and_approved_it_goes(drafted: Backend) -> None:
    held = (await drafted.post(f"{DAY}/hold", None)).json()
    assert (held["state"], held["held"], held["approved"]) == ("draft", True, False)
    approved = (await drafted.post(f"{DAY}/approve", {"seen": 0})).json()
    assert (approved["held"], approved["approved"]) == (False, True)


async def test_only_dates_that_somebody_works_on_have_a_draft(backend: Backend) -> None:
    for day in ("0001-01-01", "2026-03-01", "2026-06-01", "9999-12-31"):
        assert problem(await backend.get(f"/v1/editions/morning/{day}")).startswith("date: from 2026-03-03")
    assert (await backend.get("/v1/editions/evening/2026-03-11")).status_code == 404
    assert (await backend.get("/v1/editions/morning/items")).status_code == 422


async def test_what_is_out_is_stopped_resumed_and_corrected_not_edited(backend: Backend) -> None:
    backend.paper.reader("ada@example.com")
    backend.paper.issue("harbour", "ferry")
    frozen = await backend.post(
        "/v1/editions/morning/2026-03-10/changes",
        {"seen": 0, "changes": [{"verb": "subject", "text": "Ships"}]},
    )
    assert "is frozen" in problem(frozen)
    assert (await backend.post("/v1/editions/1/stop", None)).json()["deliveries"]["planned"] == 1
    standing, now = backend.paper.app.pauses.standing, backend.paper.clock()
    assert [pause.scope for pause in standing(now)] == ["edition:1"]
    await backend.post("/v1/editions/1/resume", None)
    assert standing(now) == []
    assert (await backend.post("/v1/editions/1/retry", None)).status_code == 200
    story = (await backend.get("/v1/editions/1/items")).json()[0]["story"]["id"]
    put_right = {"said": "It opens at nine.", "story": story, "title": "Open at nine"}
    corrected = await backend.post("/v1/editions/1/correct", put_right)
    assert corrected.json() == {"revision": 1, "waiting": 1}
    assert (await backend.get("/v1/editions/1")).json()["subject"] == "Open at nine"
    assert problem(await backend.post("/v1/editions/2/correct", put_right)) == "there is no edition 2"


async def test_a_key_to_stories_changes_no_edition(drafted: Backend) -> None:
    for scope in (Scope.READ, Scope.STORIES, Scope.SUBSCRIBERS):
        key = drafted.key_to(scope)
        assert (await drafted.post(f"{DAY}/hold", None, key=key)).status_code == 403
        assert (await drafted.post("/v1/editions/1/stop", None, key=key)).status_code == 403
