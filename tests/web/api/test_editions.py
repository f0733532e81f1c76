"""Editions, deliveries, incidents and numbers, as a program reads them."""

from __future__ import annotations

import pytest

from tests.web.api.asking import Backend, problem


@pytest.fixture
def issued(backend: Backend) -> Backend:
    """Two readers, and an edition planned for them."""
    for name in ("ada", "bob"):
        backend.paper.reader(f"{name}@example.com")
    backend.paper.issue("harbour", "ferry", "storm")
    return backend


async def test_an_edition_is_told_with_its_stories_and_outcomes(issued: Backend) -> None:
    [listed] = await issued.every("/v1/editions?newsletter=morning")
    assert (listed["id"], listed["date"], listed["state"]) == (1, "2026-03-10", "issued")
    shown = (await issued.get("/v1/editions/1")).json()
    assert (shown["deliveries"]["planned"], shown["deliveries"]["all"]) == (2, 2)
    items = (await issued.get("/v1/editions/1/items")).json()
    assert items[0]["role"] == "lead"
    assert {item["story"]["title"] for item in items} == {
        f"The {name} story" for name in ("harbour", "ferry", "storm")
    }
    assert problem(await issued.get("/v1/editions/2/items")) == "there is no edition 2"
    assert await issued.every("/v1/editions?newsletter=evening") == []


async def test_deliveries_are_told_by_edition_and_by_reader(issued: Backend) -> None:
    listed = await issued.every("/v1/deliveries?edition=1&limit=1")
    assert [one["address"] for one in listed] == ["ada@example.com", "bob@example.com"]
    assert {one["state"] for one in listed} == {"planned"}
    of_bob = await issued.every(f"/v1/deliveries?subscriber={listed[1]['subscriber']}")
    assert of_bob == listed[1:]
    assert await issued.every("/v1/deliveries?edition=1&state=accepted") == []


@pytest.mark.parametrize(
    ("query", "status"),
    [("", 422), ("?edition=1&subscriber=" + "0" * 32, 422), ("?edition=2", 404), ("?subscriber=1", 422)],
)
async def test_deliveries_are_told_of_one_edition_or_one_reader(
    issued: Backend, query: str, status: int
) -> None:
    assert (await issued.get(f"/v1/deliveries{query}")).status_code == status


async def test_incidents_are_told_open_and_closed(backend: Backend) -> None:
    incidents, now = backend.paper.app.incidents, backend.paper.clock()
    for name in ("one", "two", "three"):
        incidents.open(f"source:{name}", "dead source", f"Source {name} gives nothing", now)
    incidents.close("source:two", now)
    listed = await backend.every("/v1/incidents?limit=2")
    assert [one["key"] for one in listed] == ["source:three", "source:two", "source:one"]
    assert [one["key"] for one in await backend.every("/v1/incidents?open=true")] == [
        "source:three",
        "source:one",
    ]


async def test_numbers_are_told(issued: Backend) -> None:
    growth = (await issued.get("/v1/statistics/growth?first=2026-03-09&last=2026-03-10")).json()
    assert growth[-1] == {"day": "2026-03-10", "joined": 2, "left": 0, "readers": 2}
    [run] = (await issued.get("/v1/statistics/runs")).json()
    assert (run["edition"], run["deliveries"]["planned"], run["unsubscribed"]) == (1, 2, 0)
    [domain] = (await issued.get("/v1/statistics/domains?edition=1")).json()
    assert (domain["domain"], domain["deliveries"]["all"]) == ("example.com", 2)
    assert (await issued.get("/v1/statistics/minutes?edition=1")).json() == []
    assert (await issued.get("/v1/statistics/hours")).json() == [
        {"zone": "Europe/Dublin", "at": "07:00:00", "days": "daily", "readers": 2}
    ]
    assert (await issued.get("/v1/statistics/troubles?first=2026-03-09&last=2026-03-10")).json() == []


@pytest.mark.parametrize("days", ["first=2026-03-10&last=2026-03-09", "first=2000-01-01&last=2026-01-01"])
async def test_days_that_make_no_span_are_refused(backend: Backend, days: str) -> None:
    assert (await backend.get(f"/v1/statistics/growth?{days}")).status_code == 422
    assert (await backend.get(f"/v1/statistics/troubles?{days}")).status_code == 422
