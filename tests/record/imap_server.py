"""As much of an IMAP server as reading one mailbox needs, in a thread, on loopback."""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Mapping

DONE = "OK done"


class ImapServer:
    """One user (post, secret), one folder (INBOX); `flags` by number, and the numbers that are left."""

    def __init__(self, mails: Mapping[int, bytes]) -> None:
        self.mails = dict(mails)
        self.flags: dict[int, str] = dict.fromkeys(self.mails, "")
        outer = self

        class Session(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                self.wfile.write(b"* OK ready\r\n")
                while line := self.rfile.readline().decode().strip():
                    tag, _, said = line.partition(" ")
                    answer, result = outer._answer(said)
                    self.wfile.write(answer + f"{tag} {result}\r\n".encode())
                    if said == "LOGOUT":
                        return

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]

    def __enter__(self) -> ImapServer:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, said: str) -> tuple[bytes, str]:
        """Untagged lines, and how it ended."""
        if said.startswith("LOGIN") and "secret" not in said:
            return b"", "NO wrong password"
        if said.startswith("SELECT") and '"INBOX"' not in said:
            return b"", "NO no such folder"
        if found := re.match(r"UID FETCH (\d+) \(BODY.PEEK\[\]<0.(\d+)>\)", said):
            raw = self.mails[int(found[1])][: int(found[2])]
            return b"* 1 FETCH (UID %b BODY[]<0> {%d}\r\n%b)\r\n" % (found[1].encode(), len(raw), raw), DONE
        if found := re.match(r"UID STORE (\d+) \+FLAGS.SILENT \((.*)\)", said):
            self.flags[int(found[1])] = found[2]
        elif said == "EXPUNGE":
            self.mails = {n: raw for n, raw in self.mails.items() if "Deleted" not in self.flags[n]}
        new = " ".join(str(number) for number in self.mails if "Seen" not in self.flags[number])
        untagged = {"CAPABILITY": "CAPABILITY IMAP4rev1", "UID SEARCH UNSEEN": f"SEARCH {new}"}.get(said)
        return f"* {untagged}\r\n".encode() if untagged else b"", DONE
