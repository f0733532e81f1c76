"""Debian's Postfix and Dovecot, started by a test in a folder of their own, on loopback."""

from __future__ import annotations

import imaplib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

SERVICES = """\
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
piped unix - n n - 1 pipe
  flags=DORq user=nobody argv={folder}/into-pipe
"""

MAIN = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = {folder}/postfix.log
maillog_file_prefixes = {folder}
myhostname = mail.example.com
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
recipient_delimiter = +
smtpd_recipient_restrictions = permit_mynetworks, reject
smtpd_reject_unlisted_recipient = no
relay_domains = piped.example.com
transport_maps = inline:{{ piped.example.com=piped: }}
virtual_mailbox_domains = example.com
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = texthash:{folder}/boxes
virtual_uid_maps = static:8
virtual_gid_maps = static:8
virtual_minimum_uid = 1
"""

READING = """\
base_dir = {folder}/dovecot
log_path = {folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{folder}/mail/%n
first_valid_uid = 1
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid=mail gid=mail home={folder}/mail/%n
}}
service imap-login {{
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
"""


class PostOffice:
    """A domain example.com with these mailboxes, read by IMAP with the password "secret".

    Who is not in it is found out only after the mail was taken: it comes back. What is addressed to
    piped.example.com goes into the named pipe.
    """

    def __init__(self, folder: Path, boxes: list[str]) -> None:
        self.folder = folder
        self.smtp, self.imap = _free_port(), _free_port()
        self.pipe = folder / "pipe"
        os.mkfifo(self.pipe)
        self.pipe.chmod(0o666)
        for name in ("mail", "data", "queue", "etc"):
            (folder / name).mkdir()
        shutil.chown(folder / "mail", "mail", "mail")
        shutil.chown(folder / "data", "postfix")
        values = {"folder": folder, "port": self.smtp}
        (folder / "into-pipe").write_text(f"#!/bin/sh\nexec cat > {self.pipe}\n")
        (folder / "into-pipe").chmod(0o755)
        (folder / "boxes").write_text("".join(f"{name}@example.com {name}/\n" for name in boxes))
        (folder / "etc" / "main.cf").write_text(MAIN.format(**values))
        (folder / "etc" / "master.cf").write_text(SERVICES.format(**values))
        (folder / "dovecot.conf").write_text(READING.format(folder=folder, port=self.imap))

    def postfix(self, command: str) -> None:
        """start, stop or abort; ends when it is done."""
        subprocess.run(
            ["/usr/sbin/postfix", "-c", str(self.folder / "etc"), command], check=True, capture_output=True
        )

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Dovecot runs."""
        command = ["/usr/sbin/dovecot", "-F", "-c", str(self.folder / "dovecot.conf")]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            try:
                wait_for(lambda: _listens(self.imap))
                yield
            finally:
                process.terminate()

    def read(self, name: str) -> list[bytes]:
        """A person reads their mailbox."""
        with imaplib.IMAP4("127.0.0.1", self.imap, timeout=10) as imap:
            imap.login(name, "secret")
            imap.select(readonly=True)
            numbers = imap.search(None, "ALL")[1][0].split()
            fetched = (imap.fetch(number.decode(), "(RFC822)")[1][0] for number in numbers)
            return [part[1] for part in fetched if isinstance(part, tuple)]

    def counts(self) -> dict[str, int]:
        """How many mails lie in each mailbox."""
        return {box.name: len(list(box.glob("*/*:*")) + list(box.glob("new/*"))) for box in self._boxes()}

    def _boxes(self) -> list[Path]:
        return [box for box in (self.folder / "mail").iterdir() if (box / "new").is_dir()]


@contextmanager
def open_for(*boxes: str) -> Iterator[PostOffice]:
    """A post office, Postfix and Dovecot running, and gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="post-office-"))
    folder.chmod(0o755)  # its programs run as several users
    office = PostOffice(folder, list(boxes))
    try:
        office.postfix("start")
        with office.reading():
            yield office
    finally:
        subprocess.run(
            ["/usr/sbin/postfix", "-c", str(folder / "etc"), "abort"], check=False, capture_output=True
        )
        shutil.rmtree(folder, ignore_errors=True)


def wait_for(true: Callable[[], object], seconds: float = 30) -> None:
    """Other processes are at work: there is nothing to be told by."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0
