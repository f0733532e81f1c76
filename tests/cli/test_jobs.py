"""The service says what it does: one event a unit of work."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from digest.cli.jobs import jobs
from digest.collect.collector import Collector
from digest.collect.harvest import Collected
from digest.model import Source, SourceState
from digest.settings import load
from digest.steps.by_hand import issue_by_hand
from digest.wiring import App, opened
from tests.cli.conftest import Digest, MailServer


class Gone:
    """A fetcher to whom no source answers."""

    web = None

    async def fetch(self, source: Source, state: SourceState, now: object) -> Collected:
        return Collected(source.name, "failed", state, reason="nobody answers")


def told(caplog: pytest.LogCaptureFixture) -> list[tuple[str, dict[str, Any]]]:
    return [(one.message, getattr(one, "facts", {})) for one in caplog.records if one.name == "digest"]


async def work(app: App, *names: str) -> None:
    chores = jobs(app, cast("Collector", Gone()), asyncio.Event())
    for name in names:
        await chores[name][1](datetime.now(UTC))


async def test_a_run_is_told_when_it_starts_and_with_its_counts_when_it_ends(
    digest: Digest, mail_server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for name in ("ada", "bob"):
        await asyncio.to_thread(digest, "subscribe", f"{name}@example.com", "--confirmed")
    with opened(load()) as app:
        now = datetime.now(UTC)
        issue_by_hand(app.service, app.newsletters[0], now.date(), now, everyone=True, approve=True)
        await work(app, "deliver", "deliver")
    (started, _), (ended, counts) = told(caplog)
    assert (started, ended) == ("run.started", "run.ended")
    assert (counts["accepted"], counts["deferred"], counts["refused"]) == (2, 0, 0)
    assert len(mail_server.mailbox) == 2


async def test_a_source_that_fails_is_told_by_name(
    digest: Digest, mail_server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    with opened(load()) as app:
        app.sources = (Source("wire"),)
        await work(app, "collect")
    [(event, facts)] = told(caplog)
    assert event == "source.visited"
    assert (facts["source"], facts["status"], facts["reason"]) == ("wire", "failed", "nobody answers")
