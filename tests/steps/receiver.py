"""Somebody's server on loopback that takes web hooks, or does not."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple


class Taken(NamedTuple):
    """One request that came."""

    headers: dict[str, str]
    body: bytes


class Receiver:
    """Keeps what comes, and answers with `status`."""

    def __init__(self) -> None:
        self.status = 204
        self.came: list[Taken] = []
        self.url = ""


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver, as long as this is open."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            receiver.came.append(Taken({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(receiver.status)
            self.send_header("location", "/elsewhere")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its own name for it
            """A test's output is for what failed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    receiver.url = f"http://127.0.0.1:{server.server_port}/hooks/"
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
