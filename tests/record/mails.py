"""Mails for the tests of returned mail, all invented: short to write, whole on the wire."""

from __future__ import annotations

TOKEN = "Ab-_" + "0123456789abcdefghijklmnopqrstuvwxyzABC"
VERP = f"bounce+{TOKEN}@digest.example.org"

ORIGINAL = f"""\
Return-Path: <{VERP}>
From: World News <news@example.org>
To: anna@example.com
Subject: This morning
List-Unsubscribe: <https://news.example.org/unsubscribe/{TOKEN}>
"""


def mail(
    text: str,
    *,
    subject: str = "Undelivered Mail Returned to Sender",
    sender: str = "Mail Delivery System <MAILER-DAEMON@mx.example.net>",
    head: str = "",
) -> bytes:
    """A plain text mail as a mail system sends it."""
    return (
        f"From: {sender}\nTo: {VERP}\nSubject: {subject}\n{head}MIME-Version: 1.0\n"
        f"Content-Type: text/plain; charset=utf-8\n\n{text}\n"
    ).encode()


def multipart(
    *parts: str, kind: str = "report; report-type=delivery-status", subject: str = "Returned mail"
) -> bytes:
    """A multipart mail of parts that bring their own Content-Type line."""
    mark = "=_outer" if "=_inner" in "".join(parts) else "=_inner"
    body = "".join(f"--{mark}\n{part}\n" for part in parts)
    return (
        f"From: MAILER-DAEMON@mx.example.net\nTo: {VERP}\nSubject: {subject}\nMIME-Version: 1.0\n"
        f'Content-Type: multipart/{kind}; boundary="{mark}"\n\n{body}--{mark}--\n'
    ).encode()


def report(*recipients: str, told: str = "Something went wrong.", original: str = ORIGINAL) -> bytes:
    """A delivery status (RFC 3464); each recipient is a block of its fields."""
    blocks = "\n".join(
        f"{fields.strip()}\n" for fields in ("Reporting-MTA: dns; mx.example.net", *recipients)
    )
    return multipart(
        f"Content-Type: text/plain\n\n{told}",
        f"Content-Type: message/delivery-status\n\n{blocks}",
        f"Content-Type: message/rfc822\n\n{original}\nGood morning.",
    )


def recipient(address: str, *, action: str = "failed", status: str = "5.1.1", diagnostic: str = "") -> str:
    """The fields of one recipient."""
    fields = f"Final-Recipient: rfc822; {address}\nAction: {action}\nStatus: {status}\n"
    return fields + (f"Diagnostic-Code: smtp; {diagnostic}\n" if diagnostic else "")


def complaint(kind: str, *fields: str, original: str = ORIGINAL) -> bytes:
    """A feedback report (RFC 5965)."""
    lines = "\n".join((f"Feedback-Type: {kind}", "User-Agent: Example/1", "Version: 1", *fields))
    return multipart(
        "Content-Type: text/plain\n\nA reader pressed the button.",
        f"Content-Type: message/feedback-report\n\n{lines}\n",
        f"Content-Type: message/rfc822\n\n{original}\nGood morning.",
        kind="report; report-type=feedback-report",
        subject="FW: This morning",
    )
