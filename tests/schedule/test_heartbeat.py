"""The address elsewhere that misses us: asked once a beat, and a silence there is in the log here."""

from __future__ import annotations

import asyncio
import logging

import pytest

from digest.schedule.heartbeat import beat


@pytest.mark.parametrize(
    ("status", "heard"), [("204 No Content", True), ("500 Internal Server Error", False)]
)
async def test_a_beat_is_heard_or_it_is_told(
    status: str, heard: bool, caplog: pytest.LogCaptureFixture
) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append((await reader.readline()).decode())
        writer.write(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        writer.close()

    asked: list[str] = []
    caplog.set_level(logging.WARNING)
    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        assert await beat(f"http://127.0.0.1:{port}/ping/morning") is heard
    assert asked == ["GET /ping/morning HTTP/1.1\r\n"]
    assert bool(caplog.records) is not heard


async def test_nobody_there_is_no_fault_of_the_service(caplog: pytest.LogCaptureFixture) -> None:
    assert not await beat("http://127.0.0.1:9/")
    assert "heartbeat.failed" in caplog.text
