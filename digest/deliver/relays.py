"""What a run has learned about each of its relays."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence

from digest.deliver.envelope import Features
from digest.deliver.options import Options, Relay
from digest.deliver.outcome import Setback
from digest.deliver.pace import Window

FAILURES = 3  # in a row, before a relay counts as away
LESSONS = 3  # connections in a row that it ended after the same number of mails, before that is its limit


class RelayState:
    """One relay: how much it bears, and whether it is there. Times are the event loop's."""

    def __init__(self, settings: Relay, patience: float) -> None:
        self.settings = settings
        self.window = Window(settings.connections, patience)
        self.features = Features()
        self.welcome: bytes | None = None  # how it says yes to MAIL, RCPT and DATA
        self.pipelining = settings.pipelining
        self.mails_per_connection = settings.mails_per_connection
        self.open = 0
        self.opening = 0
        self.cap = 1  # connections it may have now
        self.proven = False  # a session was opened in this run: more may follow
        self.away = False
        self.not_before = 0.0  # the next try
        self.failures = 0  # in a row
        self.auth_failures = 0
        self._endings: deque[int] = deque(maxlen=LESSONS)

    def begin(self) -> None:
        """A new run: one connection tries, and one more failure is enough where there were many."""
        self.open = self.opening = 0
        self.proven = self.away = False
        self.not_before = 0.0
        self.failures = min(self.failures, FAILURES - 1)

    def came(self, features: Features) -> None:
        """A session was opened."""
        self.features = features
        self.proven, self.away = True, False
        self.auth_failures = 0

    def accepted(self) -> None:
        self.failures = 0
        if self.window.narrow:
            self.window.accepted()

    def failed(self, setback: Setback, now: float, options: Options, *, opened: bool) -> None:
        """A session could not be opened, or was opened and ended before it took a mail."""
        self.failures += 1
        self.auth_failures += bool(setback.wait)
        if setback.operator or setback.wait or (self.failures >= FAILURES and not self.open):
            self.away = True
            self.proven = False
            self.not_before = now + max(setback.wait, options.probe)
        elif self.open and not opened:  # it has as many as it takes
            self.not_before = now + options.probe
        else:
            self.not_before = now + options.patience * self.failures

    def ended_after(self, mails: int) -> None:
        """It ended a connection between two mails. Always after as many: then from now on we do so first."""
        self._endings.append(mails)
        if mails and list(self._endings) == [mails] * LESSONS:
            self.mails_per_connection = mails

    def used_up(self, mails: int) -> bool:
        return 0 < self.mails_per_connection <= mails

    def bears(self, mails: int, now: float) -> bool:
        """Whether a connection that has carried so many may have another mail now."""
        return self.open <= self.cap and self.window.rests_until <= now and not self.used_up(mails)


def share_out(relays: Sequence[RelayState], now: float) -> None:
    """Set how many connections each relay may have: by its weight among those that are there.

    Weight 0 stands by until all others are away. One that is away gets a single try when its time has come.
    """
    heaviest = max((relay.settings.weight for relay in relays if not relay.away), default=0)
    for relay in relays:
        part = relay.settings.weight / heaviest if heaviest else 1.0
        most = min(math.floor(relay.window.size), math.ceil(part * relay.settings.connections))
        wanted = bool(part) and (not relay.away or now >= relay.not_before)
        relay.cap = (max(1, most) if relay.proven else 1) if wanted else 0
