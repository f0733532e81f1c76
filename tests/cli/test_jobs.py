"""The service says what it does: one event a unit of work."""

from __future__ import annotations

import asyncio
import logging
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from digest.cli.events import announce_next
from digest.cli.jobs import Chores, jobs, sending_jobs
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
    chores = jobs(Chores(app, asyncio.Event(), cast("Collector", Gone())))
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


async def test_the_next_morning_that_is_told_is_none_that_is_skipped(
    digest: Digest, mornings: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    with opened(load()) as app:
        [letter] = app.newsletters
        tomorrow = datetime.now(UTC).date() + timedelta(days=1)
        app.newsletters = (replace(letter, skip=(tomorrow,)),)
        announce_next(app)
    [(event, facts)] = told(caplog)
    assert event == "next"
    assert f"{tomorrow + timedelta(days=1)} 07:00" in facts["text"]


async def test_a_worker_tells_the_operator_beside_its_event_loop(
    digest: Digest, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    told_in = list[threading.Thread]()
    telling = "digest.steps.alerting.tell_operator"
    monkeypatch.setattr(telling, lambda _service, _at: told_in.append(threading.current_thread()))
    await asyncio.to_thread(digest, "subscribe", "ada@example.com")
    with opened(load()) as app:
        _, send_singles = sending_jobs(Chores(app, asyncio.Event()))["single mails"]
        await send_singles(datetime.now(UTC))
    assert told_in
    assert threading.current_thread() not in told_in
    assert mail_server.addresses() == ["ada@example.com"]
