"""Who may ask, what every answer has, and how errors are told."""

from __future__ import annotations

import re

import pytest

from digest.model import Scope
from digest.web.api.bodies import LARGEST
from tests.web.api.asking import STORY, Backend, problem
from tests.web.site import heading


async def test_no_operation_answers_without_a_key(backend: Backend) -> None:
    paths = (await backend.get("/openapi.json", key="")).json()["paths"]
    operations = [(method, path) for path, methods in paths.items() for method in methods]
    assert len(operations) > 20
    before = backend.paper.everything()
    for method, path in operations:
        answer = await backend.ask(method.upper(), re.sub(r"\{\w+\}", "1", path), key="")
        assert answer.status_code == 401, (method, path)
        assert answer.headers["www-authenticate"] == "Bearer"
        assert problem(answer).startswith("a key is needed")
    assert backend.paper.everything() == before


async def test_a_wrong_or_removed_key_is_refused(backend: Backend) -> None:
    assert problem(await backend.get("/v1/stories", key="dk_0_0")).startswith("this key does not work")
    backend.paper.app.keys.remove("backend")
    assert (await backend.get("/v1/stories")).status_code == 401


@pytest.mark.parametrize(
    ("scope", "method", "path", "status"),
    [
        (Scope.READ, "GET", "/v1/stories", 200),
        (Scope.READ, "POST", "/v1/stories", 403),
        (Scope.READ, "DELETE", "/v1/suppressions?address=ada%40example.com", 403),
        (Scope.STORIES, "GET", "/v1/subscribers", 403),
        (Scope.STORIES, "POST", "/v1/suppressions", 403),
        (Scope.SUBSCRIBERS, "GET", "/v1/stories", 403),
        (Scope.SUBSCRIBERS, "DELETE", "/v1/suppressions?address=ada%40example.com", 404),
    ],
)
async def test_a_key_allows_what_its_scopes_say(
    backend: Backend, scope: Scope, method: str, path: str, status: int
) -> None:
    body = {"address": "ada@example.com"} if method == "POST" else None
    answer = await backend.ask(method, path, body, key=backend.key_to(scope))
    assert answer.status_code == status
    if status == 403:
        assert "insufficient_scope" in answer.headers["www-authenticate"]


async def test_who_guesses_keys_is_slowed_and_who_has_one_is_not(backend: Backend) -> None:
    most = backend.paper.site.limits.wrong_tokens
    statuses = [(await backend.get("/v1/sources", key="dk_1_2")).status_code for _ in range(most + 1)]
    assert statuses == [401] * most + [429]
    assert (await backend.get("/v1/sources")).status_code == 200
    backend.paper.clock.turn(minutes=11)
    assert (await backend.get("/v1/sources", key="dk_1_2")).status_code == 401


async def test_every_answer_has_the_safe_headers_and_is_kept_by_nobody(backend: Backend) -> None:
    for path in ("/v1/stories", "/v1/stories/9", "/v1/nowhere"):
        headers = (await backend.get(path)).headers
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"


async def test_every_kind_of_error_is_a_problem(backend: Backend) -> None:
    assert "there is nothing" in problem(await backend.get("/v1/nowhere"))
    wrong_method = await backend.ask("DELETE", "/v1/stories")
    assert problem(wrong_method).startswith("this address takes other methods")
    assert "GET" in wrong_method.headers["allow"]
    unreadable = await backend.get("/v1/stories?limit=0&since=yesterday")
    assert {one["where"] for one in unreadable.json()["errors"]} == {"query.limit", "query.since"}
    assert problem(await backend.get("/v1/stories?cursor=nonsense")).startswith("cursor:")
    assert problem(await backend.get("/v1/stories/7")) == "there is no story 7"
    assert problem(await backend.get("/v1/stories/%0Ax")).startswith("path.story:")


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_body_that_is_too_large_is_refused(backend: Backend, chunked: bool) -> None:
    async def endless() -> object:
        for _ in range(LARGEST // 1_000_000 + 1):
            yield b" " * 1_000_000

    content = endless() if chunked else b" " * (LARGEST + 1)
    answer = await backend.ask("POST", "/v1/stories", content=content)
    assert answer.status_code == 413
    assert "smaller batches" in problem(answer)


async def test_halves_of_characters_and_deep_nests_are_told_not_tripped_over(backend: Backend) -> None:
    for content in (b'{"address": "\\ud800@example.com"}', b'{"\\ud800": 1}', b"\xff\xfe", b"[" * 100_000):
        answer = await backend.ask(
            "POST", "/v1/suppressions", content=content, headers={"content-type": "application/json"}
        )
        assert answer.status_code in {400, 422}
        assert problem(answer)


async def test_the_same_request_is_done_once_and_answered_alike(backend: Backend) -> None:
    named = {"idempotency-key": "import-1"}
    person = {"address": "ada@example.com"}
    first = await backend.post("/v1/subscribers", person, headers=named)
    again = await backend.post("/v1/subscribers", person, headers=named)
    assert (first.status_code, first.json()) == (201, again.json())
    assert (again.status_code, again.headers["idempotent-replayed"]) == (201, "true")
    other = await backend.post("/v1/subscribers", {"address": "bob@example.com"}, headers=named)
    assert (other.status_code, backend.paper.state("bob@example.com")) == (422, "")
    assert "another request" in problem(other)
    backend.paper.clock.turn(hours=25)
    late = await backend.post("/v1/subscribers", person, headers=named)
    assert (late.status_code, "idempotent-replayed" in late.headers) == (200, False)


async def test_a_request_that_was_refused_may_be_put_right_under_its_name(backend: Backend) -> None:
    named = {"idempotency-key": "import-1"}
    assert (await backend.post("/v1/subscribers", {"address": "ada"}, headers=named)).status_code == 422
    put_right = await backend.post("/v1/subscribers", {"address": "ada@example.com"}, headers=named)
    assert put_right.status_code == 201
    nameless = await backend.post("/v1/stories", STORY, headers={"idempotency-key": ""})
    assert problem(nameless).startswith("Idempotency-Key:")


async def test_the_docs_tell_every_operation_without_scripts_or_foreign_parts(backend: Backend) -> None:
    document = (await backend.get("/openapi.json", key="")).json()
    answer = await backend.get("/docs", key="")
    assert heading(answer) == "API"
    for path, methods in document["paths"].items():
        for method in methods:
            assert f"{method.upper()} {path}" in answer.text
    assert "<script" not in answer.text
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', answer.text)
