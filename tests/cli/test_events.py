"""What the service's work comes to, told once."""

from __future__ import annotations

import logging

import pytest

from digest.cli.events import Standstill


def test_a_pause_is_told_on_change_alone_with_its_relay(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    away = "relay mail.example.com:587: sign-in: 535 no"
    standstill = Standstill()
    for reason in ("", away, away, away, "stopped by hand", "", ""):
        standstill.seen(reason)
    told = [(one.message, getattr(one, "facts", {})) for one in caplog.records]
    assert told == [
        ("paused", {"relay": "mail.example.com:587", "reason": away}),
        ("paused", {"reason": "stopped by hand"}),
        ("resumed", {}),
    ]
