"""A notice as one mail of the outbox: whoever writes to one person does it here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from digest.model import Single
from digest.render.notice import Notice, notice_bytes


def single(
    kind: str,
    key: str,
    notice: Notice,
    now: datetime,
    *,
    sender: str,
    to: str,
    reply_to: str = "",
    listed: Mapping[str, str] | None = None,
) -> Single:
    """The mail, encoded; see `notice_bytes` for what is said of it."""
    mail = notice_bytes(notice, sender=sender, to=to, key=key, date=now, reply_to=reply_to, listed=listed)
    return Single(key, kind, to, mail)
