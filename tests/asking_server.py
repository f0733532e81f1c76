"""A PostgreSQL that asks for a password, notes it, and lets nobody in: what was handed to it is seen."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedRWPair

REFUSED = b"SFATAL\0C28P01\0Mno entry\0\0"


class AskingServer:
    """Speaks as much of PostgreSQL's protocol (3.0) as comes before a session."""

    def __init__(self) -> None:
        self.passwords: list[str] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"postgresql://digest@127.0.0.1:{self._listening.getsockname()[1]}/digest"

    def serve(self) -> None:
        while True:
            try:
                caller, _ = self._listening.accept()
            except OSError:  # closed
                return
            with caller, caller.makefile("rwb") as stream:
                self._refuse(stream)

    def _refuse(self, stream: BufferedRWPair) -> None:
        while (asked := self._packet(stream)) and asked[:2] == b"\x04\xd2":  # SSL, GSSAPI: no
            stream.write(b"N")
            stream.flush()
        stream.write(b"R" + struct.pack("!II", 8, 3))
        stream.flush()
        if stream.read(1) == b"p":
            self.passwords.append(self._packet(stream).rstrip(b"\0").decode())
            stream.write(b"E" + struct.pack("!I", 4 + len(REFUSED)) + REFUSED)
            stream.flush()

    @staticmethod
    def _packet(stream: BufferedRWPair) -> bytes:
        size = stream.read(4) or b"\0\0\0\4"
        return stream.read(struct.unpack("!I", size)[0] - 4) or b""

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()


@contextmanager
def asking_server() -> Iterator[AskingServer]:
    server = AskingServer()
    thread = threading.Thread(target=server.serve)
    thread.start()
    try:
        yield server
    finally:
        server.close()
        thread.join()
