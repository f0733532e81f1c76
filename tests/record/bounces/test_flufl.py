"""The kept library behind its guard."""

from __future__ import annotations

import pytest

from digest.record.bounces.flufl import findings
from digest.record.bounces.report import Event
from tests.record.mails import mail, recipient, report


def test_its_detectors_know_old_forms() -> None:
    raw = mail("Your message to anna@example.com was automatically rejected:\nNo.")
    assert [(f.address, f.event, f.reply) for f in findings(raw, "told")] == [
        ("anna@example.com", Event.FAILED, "told")
    ]


def test_it_tells_delays_from_failures() -> None:
    raw = report(recipient("anna@example.com", action="delayed"), recipient("bert@example.com"))
    assert {f.address: f.event for f in findings(raw, "")} == {
        "anna@example.com": Event.DELAYED,
        "bert@example.com": Event.FAILED,
    }


def test_what_is_no_address_is_left_out() -> None:
    assert findings(report(recipient("@gateway.example.com")), "") == []


def test_its_exceptions_are_no_news(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise IndexError

    monkeypatch.setattr("flufl.bounce._detectors.dsn.DSN.process", broken)
    assert findings(report(recipient("anna@example.com")), "") == []
    assert caplog.records == []
