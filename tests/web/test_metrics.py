"""`/metrics`: for whoever has the key, of the store as it is now, and every figure described."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.web.site import Newspaper

KEY = "k" * 32
DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture
def watched(paper: Newspaper) -> Newspaper:
    """A newspaper whose metrics have a key."""
    web = paper.app.settings.web.model_copy(update={"metrics_key": KEY})
    paper.app.settings = paper.app.settings.model_copy(update={"web": web})
    return paper


def by_name(labels: dict[str, str]) -> tuple[str, ...]:
    return tuple(value for _, value in sorted(labels.items()))


async def scrape(paper: Newspaper) -> dict[str, dict[tuple[str, ...], float]]:
    """Every sample by name, under the values of its labels."""
    async with paper.browser() as browser:
        answer = await browser.get("/metrics", headers={"authorization": f"Bearer {KEY}"})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(answer.text):
        for sample in family.samples:
            found.setdefault(sample.name, {})[by_name(sample.labels)] = sample.value
    return found


async def test_without_a_key_there_is_no_such_page(paper: Newspaper) -> None:
    async with paper.browser() as browser:
        assert (await browser.get("/metrics")).status_code == 404


async def test_a_stranger_is_turned_away(watched: Newspaper) -> None:
    async with watched.browser() as browser:
        assert (await browser.get("/metrics")).status_code == 401
        wrong = {"authorization": "Bearer " + "x" * 32}
        assert (await browser.get("/metrics", headers=wrong)).status_code == 401


async def test_an_edition_that_waits_to_be_sent_is_told_in_figures(watched: Newspaper) -> None:
    watched.reader("ada@example.com")
    watched.reader("bob@example.com", confirmed=False)
    watched.clock.turn(hours=1)
    watched.issue("bridge")
    watched.app.incidents.open("source:wire", "dead source", "gone", watched.clock())
    watched.clock.turn(minutes=5)
    found = await scrape(watched)
    assert found["digest_subscriptions"] == {("morning", "active"): 1, ("morning", "pending"): 1}
    assert found["digest_deliveries"]["morning", "planned"] == 1
    assert sum(found["digest_deliveries"].values()) == 1
    assert found["digest_edition_state"] == {("morning", "issued"): 1}
    assert found["digest_incidents"] == {("dead source",): 1}
    assert found["digest_queue_late_seconds"][()] >= 300
    assert found["digest_next_issue_timestamp_seconds"]["morning",] > watched.clock().timestamp()


async def test_latency_is_told_from_the_readers_moment(watched: Newspaper) -> None:
    watched.reader("ada@example.com")
    watched.clock.turn(hours=1)
    watched.issue("bridge")
    with watched.app.database.write() as connection:
        connection.exec_driver_sql("UPDATE delivery SET state = 3, at = due + 70")
    found = await scrape(watched)
    buckets = found["digest_delivery_seconds_bucket"]
    assert (buckets["60", "morning"], buckets["300", "morning"], buckets["+Inf", "morning"]) == (0, 1, 1)
    assert found["digest_delivery_seconds_sum"]["morning",] == 70


async def test_every_metric_is_described_and_shown(watched: Newspaper) -> None:
    watched.reader("ada@example.com")
    watched.issue("bridge")
    watched.app.visits.record("wire", watched.app.visits.state("wire"), watched.clock())
    names = {re.sub(r"_(bucket|count|sum)$", "", name) for name in await scrape(watched)}
    names |= {"digest_incidents", "digest_source_failures", "digest_source_success_timestamp_seconds"}
    described = set(re.findall(r"^\| `(\w+)`", (DOCS / "metrics.md").read_text(), re.MULTILINE))
    assert names == described
    dashboard = json.loads((DOCS / "grafana.json").read_text())
    shown = {
        name
        for panel in dashboard["panels"]
        for target in panel["targets"]
        for name in re.findall(r"digest_\w+", target["expr"])
    }
    assert {re.sub(r"_bucket$", "", name) for name in shown} == names
