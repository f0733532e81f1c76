"""Which clicks on a link count: how often people went there, never who.

Mail scanners follow every link of a mail. So a click counts where a browser says that a person went there
(`Sec-Fetch-Mode: navigate`, `Sec-Fetch-Dest: document`: every browser since 2023), not in advance
(`Sec-Purpose`), under no robot's name; and of one address on the net the first few of any ten seconds.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from datetime import datetime, timedelta
from threading import Lock

from starlette.datastructures import Headers

from digest.store.clicks import Click
from digest.web.limits import network

AT_ONCE = 3  # links that a person opens from one mail in HURRY; a scanner opens them all
HURRY = timedelta(seconds=10)
_ROBOT = re.compile(
    r"bot|crawl|spider|scan|preview|fetch|monitor|headless|python|curl|wget|java/", re.IGNORECASE
)


def is_person(headers: Headers) -> bool:
    """Whether a browser says that somebody went there."""
    went = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
    early = "sec-purpose" in headers or "purpose" in headers
    return went and not early and not _ROBOT.search(headers.get("user-agent") or "bot")


class Tally:
    """What was counted and is not written down yet, and who was here in the last seconds. Never on a disk."""

    def __init__(self) -> None:
        self._counts: Counter[Click] = Counter()
        self._lately: deque[tuple[datetime, str]] = deque(maxlen=10_000)
        self._turn = Lock()  # requests are answered by many threads

    def is_calm(self, host: str, now: datetime) -> bool:
        """Whether an address on the net is not following link after link; this one included."""
        who = network(host)
        with self._turn:
            self._lately.append((now, who))
            return sum(one == who for at, one in self._lately if at > now - HURRY) <= AT_ONCE

    def count(self, click: Click) -> None:
        with self._turn:
            self._counts[click] += 1

    def taken(self) -> Counter[Click]:
        """What has been counted since the last time."""
        with self._turn:
            taken, self._counts = self._counts, Counter()
        return taken
