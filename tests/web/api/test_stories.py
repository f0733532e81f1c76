"""Stories that a CMS posts, and stories as they are stored."""

from __future__ import annotations

import pytest

from tests.web.api.asking import STORY, Backend, problem


def many(number: int) -> list[dict[str, str]]:
    told = {"published_at": STORY["published_at"], "lead": "It was told."}
    return [{**told, "id": f"s{n}", "title": f"Story {n}"} for n in range(number)]


async def test_a_posted_story_is_stored_with_its_lead_and_again_changes_nothing(backend: Backend) -> None:
    answer = await backend.post("/v1/stories", STORY)
    assert answer.json() == {"new": 1, "changed": 0, "same": 0, "problems": []}
    assert (await backend.post("/v1/stories", STORY)).json()["same"] == 1
    [stored] = (await backend.get("/v1/stories")).json()["items"]
    assert stored["lead"].startswith("The harbour of Port Ellery reopened on Tuesday")
    assert (stored["source"], stored["published_at"], stored["version"]) == ("cms", STORY["published_at"], 1)


async def test_a_correction_is_another_version(backend: Backend) -> None:
    await backend.post("/v1/stories", STORY)
    answer = await backend.post("/v1/stories", {**STORY, "title": "Harbour stays shut"})
    assert answer.json()["changed"] == 1
    [stored] = (await backend.get("/v1/stories")).json()["items"]
    assert (stored["title"], stored["version"]) == ("Harbour stays shut", 2)
    assert (await backend.get(f"/v1/stories/{stored['id']}")).json() == stored


@pytest.mark.parametrize("wrapped", [False, True])
async def test_bad_stories_are_told_by_number_and_good_ones_taken(backend: Backend, wrapped: bool) -> None:
    stories = [*many(2), {"id": "x"}, {"id": "y", "title": "Y", "headline": "?"}]
    told = (await backend.post("/v1/stories", {"stories": stories} if wrapped else stories)).json()
    assert told["new"] == 2
    assert [problem.partition(":")[0] for problem in told["problems"]] == ["story 3", "story 4"]


async def test_where_nothing_can_be_taken_it_is_an_error(backend: Backend) -> None:
    answer = await backend.post("/v1/stories", [{"id": "x"}])
    assert answer.status_code == 422
    assert problem(answer).startswith("no story was taken; story 1")
    not_json = await backend.ask("POST", "/v1/stories", content=b"<rss>")
    assert (not_json.status_code, problem(not_json)[:8]) == (422, "not JSON")


async def test_a_thousand_stories_are_taken_at_once_and_no_more(backend: Backend) -> None:
    assert (await backend.post("/v1/stories", many(1000))).json()["new"] == 1000
    assert (await backend.post("/v1/stories", many(1001))).status_code == 413


async def test_only_a_source_that_is_pushed_to_can_be_pushed_to(backend: Backend) -> None:
    assert (await backend.post("/v1/stories?source=cms", STORY)).status_code == 200
    for name in ("world", "nowhere"):
        answer = await backend.post(f"/v1/stories?source={name}", STORY)
        assert (answer.status_code, "known are cms" in problem(answer)) == (422, True)


async def test_stories_are_listed_a_page_at_a_time_the_last_stored_first(backend: Backend) -> None:
    await backend.post("/v1/stories", many(5))
    backend.paper.clock.turn(hours=1)
    await backend.post("/v1/stories", STORY)
    assert [one["title"] for one in await backend.every("/v1/stories?limit=2")] == [
        STORY["title"],
        *(f"Story {n}" for n in (4, 3, 2, 1, 0)),
    ]
    assert len(await backend.every("/v1/stories?since=2026-03-10T12:30:00Z")) == 1
    assert await backend.every("/v1/stories?source=world") == []


async def test_a_source_that_pushed_is_known_to_be_active(backend: Backend) -> None:
    states = {one["name"]: one["state"] for one in (await backend.get("/v1/sources")).json()}
    assert states == {"cms": "new", "world": "new"}
    await backend.post("/v1/stories", STORY)
    states = {one["name"]: one["state"] for one in (await backend.get("/v1/sources")).json()}
    assert states == {"cms": "active", "world": "new"}
