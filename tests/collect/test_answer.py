"""What a web server's answer asks for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from digest.collect.answer import retry_after

NOW = datetime(2026, 3, 10, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("3600", 3600),
        ("Tue, 10 Mar 2026 07:30:00 GMT", 3600),
        ("Tue, 10 Mar 2026 05:30:00 GMT", 0),
        ("999999999999999999", 86400),
        ("9" * 5000, 86400),
        ("Mon, 01 Jan 2024 00:00:00 +99999999999999999999", 0),
        ("Tue, 10 Mar 2099 05:30:00 GMT", 86400),
        ("soon", 0),
        ("-5", 0),
        ("", 0),
    ],
)
def test_a_server_may_ask_for_patience_up_to_a_day(header: str, seconds: int) -> None:
    assert retry_after(header, NOW) == timedelta(seconds=seconds)
