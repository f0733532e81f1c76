"""The mailbox that returned mail comes to, read by IMAP (RFC 3501).

Nothing is deleted before it is recorded: a mail is marked only when its taker came back from the database.
Who dies in between reads it again, which does no harm. What was ours is deleted; what is none of ours (a
reader's letter, a forged report) stays, marked as seen, for a person.
"""

from __future__ import annotations

import imaplib
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from digest.errors import ConfigError, ReturnsError
from digest.record.bounces.understanding import AT_ONCE, READ

SECONDS = 60.0  # that one answer may take
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
DONE, SEEN = r"(\Seen \Deleted)", r"(\Seen)"


class Box(NamedTuple):
    """A mailbox and the way to it."""

    host: str
    port: int
    tls: bool  # from the first byte; else STARTTLS, except on this machine
    user: str
    password: str
    folder: str

    @classmethod
    def parse(cls, url: str, password: str) -> Box:
        """imaps://USER@HOST[:PORT][/FOLDER]; the folder is INBOX unless named. Raises ConfigError."""
        parts = urlsplit(url)
        if (
            parts.scheme not in {"imap", "imaps"}
            or not parts.hostname
            or not parts.username
            or parts.password
        ):
            raise ConfigError("returns: imap: must be imaps://USER@HOST/FOLDER, without a password")
        tls = parts.scheme == "imaps"
        port = parts.port or (993 if tls else 143)
        return cls(
            parts.hostname, port, tls, unquote(parts.username), password, unquote(parts.path[1:]) or "INBOX"
        )


def visit(box: Box, take: Callable[[Sequence[bytes]], Sequence[bool]]) -> int:
    """Give all new mails to `take`, some at a time, which records them and says of each whether it was ours.

    How many were. Raises ReturnsError where the mailbox cannot be read, and whatever `take` raises: those
    mails stay new.
    """
    ours = 0
    with _told(box), _open(box) as imap:
        new = _new(imap)
        while some := new[:AT_ONCE]:
            del new[:AT_ONCE]
            done = take([_read(imap, number) for number in some])
            for number, was_ours in zip(some, done, strict=True):
                imap.uid("STORE", number, "+FLAGS.SILENT", DONE if was_ours else SEEN)
                ours += was_ours
        imap.expunge()
    return ours


def _new(imap: imaplib.IMAP4) -> list[str]:
    _, found = imap.uid("SEARCH", "UNSEEN")
    return str((found[0] or b"").decode()).split()


def _read(imap: imaplib.IMAP4, number: str) -> bytes:
    """The mail's beginning, without marking it as seen."""
    _, answer = imap.uid("FETCH", number, f"(BODY.PEEK[]<0.{READ}>)")
    return next((part[1] for part in answer if isinstance(part, tuple)), b"")


@contextmanager
def _open(box: Box) -> Iterator[imaplib.IMAP4]:
    context = ssl.create_default_context()
    if box.tls:
        imap: imaplib.IMAP4 = imaplib.IMAP4_SSL(box.host, box.port, ssl_context=context, timeout=SECONDS)
    else:
        imap = imaplib.IMAP4(box.host, box.port, timeout=SECONDS)
    with imap:
        if not box.tls and box.host not in LOOPBACK:
            imap.starttls(context)
        imap.login(box.user, box.password)
        status, answer = imap.select(_quoted(box.folder))
        if status != "OK":
            raise imaplib.IMAP4.error(answer[0])
        yield imap


@contextmanager
def _told(box: Box) -> Iterator[None]:
    try:
        yield
    except (imaplib.IMAP4.error, OSError) as error:
        place = f"{box.host}:{box.port}/{box.folder}"
        raise ReturnsError(f"the mailbox of returned mail at {place} cannot be read: {error}") from error


def _quoted(folder: str) -> str:
    escaped = folder.replace("\\", r"\\").replace('"', r"\"")
    return f'"{escaped}"'
