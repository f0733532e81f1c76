"""The head of an edition's mails, with slots for what differs from reader to reader.

RFC 5322, 2369 and 8058 (List-*), 2919 (List-Id), 3834 (Auto-Submitted), and Gmail's Feedback-ID. Only From,
Reply-To and Subject may hold encoded words; everything else is ASCII and folded at blanks of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from digest.model import Edition, Look, Newsletter
from digest.render.encode import domain, mailbox
from digest.render.texts import clean


def head(edition: Edition, look: Look, slots: Mapping[str, str], boundary: str) -> bytes:
    """The header lines, CRLF, the last one ended."""
    newsletter = edition.newsletter
    return lines(
        {
            "From": mailbox(clean(newsletter.sender)),
            "To": slots["to"],
            "Reply-To": mailbox(clean(newsletter.reply_to)),
            "Subject": slots["subject"],
            "Date": slots["date"],
            "Message-ID": slots["message_id"],
            **list_fields(newsletter, look, slots["unsubscribe"], edition.date),
            "Auto-Submitted": "auto-generated",
            "MIME-Version": "1.0",
            "Content-Type": f'multipart/alternative;\r\n boundary="{boundary}"',
        }
    )


def list_fields(newsletter: Newsletter, look: Look, unsubscribe: str, day: date) -> dict[str, str]:
    """What every mail to all readers of a newsletter carries. `unsubscribe` is the reader's token."""
    host = domain(newsletter.sender)
    box, _, its_host = look.unsubscribe.rpartition("@")
    by_mail = f",\r\n <mailto:{box}+{unsubscribe}@{its_host}>" if box else ""
    return {
        "List-Id": _list_id(newsletter.title, newsletter.slug, host),
        "List-Unsubscribe": f"<{look.url}/unsubscribe/{unsubscribe}>{by_mail}",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Archive": f"<{look.url}/archive/{newsletter.slug}>",
        "Precedence": "bulk",
        "Feedback-ID": f"{day:%Y%m%d}:{_label(newsletter.slug)}:digest:{sender_id(host)}",
    }


def lines(fields: Mapping[str, str]) -> bytes:
    """Header lines in ASCII; empty ones are left out."""
    return "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value).encode(
        "ascii", "ignore"
    )


def _label(text: str) -> str:
    """`text` as one label of a domain name."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", text)[:63].strip("-") or "digest"


def _list_id(title: str, slug: str, host: str) -> str:
    """RFC 2919 allows an encoded phrase, but some filters do not read it: it is left out if not ASCII."""
    phrase = re.sub(r"[^\w !#$%&'*+/=?^`{|}~-]", "", clean(title))
    phrase = f"{phrase} " if phrase.isascii() and len(phrase) < 100 else ""
    return f"{phrase}<{_label(slug)}.{host}>"


def sender_id(host: str) -> str:
    """Feedback-ID's last field: 5 to 15 characters that never change for a sending domain."""
    letters = re.sub(r"[^a-z0-9]", "", host.lower())
    return letters[:15] if len(letters) >= 5 else f"{letters}digest"
