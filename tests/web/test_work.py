"""Where work is asked for, a form causes a mail once its sum is done, for that form and by nobody else's."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from altcha import Challenge, Payload, solve_challenge
from lxml import html

from digest.tokens import Tokens
from digest.web import work
from digest.web.work import challenge, solved
from tests.builders import TOKENS
from tests.web.site import Newspaper, copy_of, form_of, heading, recipient

ON = {"web": {"proof_of_work": True}}


@pytest.fixture(autouse=True)
def little(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same sum, over in a moment."""
    monkeypatch.setattr(work, "ROUNDS", 2)
    monkeypatch.setattr(work, "TRIES", 20)


@pytest.fixture
def careful(prepared: Path, tmp_path: Path) -> Iterator[Newspaper]:
    made = Newspaper(copy_of(prepared, tmp_path), tables=ON)
    yield made
    made.close()


def answer(given: str, **changes: Any) -> str:
    """What a browser sends for a challenge, changed."""
    asked = Challenge.from_dict(json.loads(given))
    solution = solve_challenge(asked)
    assert solution is not None
    vars(solution).update(changes)
    return Payload(asked, solution).to_base64()


async def given_out(paper: Newspaper, page: str = "/") -> tuple[str, dict[str, Any], str]:
    """A form: where it goes, its fields, its challenge."""
    response = await paper.get(page)
    (script,) = html.fromstring(response.text).xpath("//form//script")
    paper.clock.turn(seconds=5)
    return *form_of(response), script.get("data-challenge")


async def sends(
    paper: Newspaper, action: str, fields: dict[str, Any], address: str = "ada@example.com"
) -> str:
    """The heading of the page that comes back."""
    response = await paper.post(action, {**fields, "email": address})
    paper.settle()
    return heading(response)


@pytest.mark.parametrize("page", ["/", "/subscribe", "/confirm/gone"])
async def test_a_form_whose_sum_is_done_subscribes(careful: Newspaper, page: str) -> None:
    action, fields, asked = await given_out(careful, page)
    assert await sends(careful, action, {**fields, "work": answer(asked)}) == "Look into your inbox"
    assert [recipient(mail) for mail in careful.mails()] == ["ada@example.com"]


@pytest.mark.parametrize("page", ["/preferences", "/preferences/gone"])
async def test_so_does_the_form_for_a_link(careful: Newspaper, page: str) -> None:
    careful.reader("ada@example.com")
    action, fields, asked = await given_out(careful, page)
    assert await sends(careful, action, fields) == "Your preferences"
    assert careful.mails() == []
    assert await sends(careful, action, {**fields, "work": answer(asked)}) == "Look into your inbox"
    assert len(careful.mails()) == 1


async def test_without_it_the_form_comes_back_and_says_what_is_missing(careful: Newspaper) -> None:
    action, fields, _ = await given_out(careful)
    response = await careful.post(action, {**fields, "email": "ada@example.com"})
    (told,) = html.fromstring(response.text).xpath("//noscript")
    assert "JavaScript" in told.text_content()
    assert form_of(response)[1]["email"] == ["ada@example.com"]
    assert careful.settle() == 0


async def test_a_form_that_comes_back_has_a_sum_of_its_own(careful: Newspaper) -> None:
    embedded = await careful.post("/subscribe", {"email": "ada@example.com", "newsletter": "morning"})
    (script,) = html.fromstring(embedded.text).xpath("//form//script")
    action, fields = form_of(embedded)
    careful.clock.turn(seconds=2)
    work_done = answer(script.get("data-challenge"))
    assert (
        await sends(careful, action, {**fields, "work": work_done}, *fields["email"])
        == "Look into your inbox"
    )
    assert len(careful.mails()) == 1


async def test_a_wrong_sum_causes_nothing(careful: Newspaper) -> None:
    action, fields, asked = await given_out(careful)
    for wrong in (answer(asked, counter=99), answer(asked, derived_key="00" * 32), "pills"):
        assert await sends(careful, action, {**fields, "work": wrong}) != "Look into your inbox"
    assert careful.mails() == []


async def test_one_sum_is_good_for_one_form(careful: Newspaper) -> None:
    action, fields, asked = await given_out(careful)
    _, others, _ = await given_out(careful)
    done = answer(asked)
    assert (
        await sends(careful, action, {**others, "work": done}, "victim@example.org") != "Look into your inbox"
    )
    await sends(careful, action, {**fields, "work": done})
    await sends(careful, action, {**fields, "work": done}, "victim@example.com")
    assert [recipient(mail) for mail in careful.mails()] == ["ada@example.com"]


async def test_a_sum_of_yesterday_is_too_old(careful: Newspaper) -> None:
    action, fields, asked = await given_out(careful)
    careful.clock.turn(days=1)
    assert await sends(careful, action, {**fields, "work": answer(asked)}) != "Look into your inbox"
    assert careful.mails() == []


async def test_only_a_page_that_asks_for_work_may_run_a_script(careful: Newspaper) -> None:
    for page, many in (("/", 1), ("/preferences", 1), ("/embed", 0), ("/archive", 0)):
        response = await careful.get(page)
        assert response.headers["content-security-policy"].count("; script-src 'self'") == many
        assert response.text.count("<script") == many


async def test_the_script_is_ours_and_kept(careful: Newspaper) -> None:
    (script,) = html.fromstring((await careful.get("/")).text).xpath("//script")
    served = await careful.get(script.get("src"))
    assert served.headers["content-type"].startswith("text/javascript")
    assert "immutable" in served.headers["cache-control"]
    assert "no-cache" in (await careful.get("/work-old.js")).headers["cache-control"]


def test_an_easier_sum_than_ours_is_none() -> None:
    asked = json.loads(challenge(TOKENS, "stamp"))
    asked["parameters"] |= {"cost": 1, "keyPrefix": ""}
    assert not solved(TOKENS, answer(json.dumps(asked)), "stamp")


def test_a_sum_that_another_service_set_is_none() -> None:
    assert not solved(TOKENS, answer(challenge(Tokens(["another secret"]), "stamp")), "stamp")


def test_a_sum_set_under_the_last_secret_still_counts() -> None:
    rotated = Tokens(["a new secret", "a secret for tests only"])
    assert solved(rotated, answer(challenge(TOKENS, "stamp")), "stamp")


@pytest.mark.parametrize(
    "sent",
    [
        "null",
        "[]",
        "7",
        "{}",
        '{"challenge": 1, "solution": {}}',
        '{"challenge": {"parameters": []}}',
        "[" * 3000,
    ],
)
def test_nonsense_is_no_sum(sent: str) -> None:
    assert not solved(TOKENS, b64encode(sent.encode()).decode(), "stamp")


def test_neither_is_what_is_no_base64() -> None:
    assert not solved(TOKENS, "ünwell", "stamp")
