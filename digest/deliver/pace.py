"""How fast: decisions from counts and times, without a clock. Times are seconds, of any one clock."""

from __future__ import annotations

from collections import deque

from digest.addresses import domain_of

POLICY_WINDOW = 100  # a domain's last mails that are looked at
POLICY_LIMIT = 5  # policy refusals among them that are borne
CONTENT_LIMIT = 20  # mails refused for their content, in a row, that are borne
MOST_PATIENCE = 60.0


class Window:
    """How many connections a relay is given: one more for each round of mails, half when it says slow down.

    At a single connection it also rests between mails, longer each time. (Additive increase, multiplicative
    decrease: Chiu and Jain, 1989, as in TCP.)
    """

    def __init__(self, most: int, patience: float) -> None:
        self.size = float(most)
        self.narrow = False  # it was slowed down, and has not recovered
        self._most = most
        self._patience = patience
        self._rest = 0.0
        self.rests_until = 0.0
        self._halved_at = float("-inf")

    def accepted(self) -> None:
        self._rest = 0.0
        self.size = min(self._most, self.size + 1 / self.size)
        self.narrow = self.size < self._most

    def slow(self, now: float) -> None:
        """Answers that come within one patience are one sign, not many."""
        if now - self._halved_at < self._patience:
            return
        self._halved_at = now
        self.narrow = True
        if self.size <= 1:
            self._rest = min(MOST_PATIENCE * self._patience, max(self._patience, 2 * self._rest))
            self.rests_until = now + self._rest
        self.size = max(1.0, self.size / 2)


class Bucket:
    """Mails a second, up to a second's worth at once. Rate 0 is no limit."""

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._tokens = max(1.0, rate)
        self._at = 0.0

    def take(self, now: float) -> bool:
        if not self._rate:
            return True
        most = max(1.0, self._rate)
        self._tokens = min(most, self._tokens + (now - self._at) * self._rate) if self._at else most
        self._at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


class Refusals:
    """Watches for refusals that are about us: of a domain (policy), and of the mail itself (content)."""

    def __init__(self) -> None:
        self._domains: dict[str, deque[bool]] = {}
        self._content = 0
        self.any = False  # some were seen that may still count

    def accepted(self, address: str) -> None:
        self._content = 0
        self.any = bool(self._domains)  # only those that ever refused are watched: the others cost nothing
        watched = self._domains.get(domain_of(address))
        if watched is not None:
            watched.append(False)

    def policy(self, address: str) -> bool:
        """A policy refusal; True when its domain must be paused. What was seen is then forgotten."""
        name = domain_of(address)
        watched = self._domains.setdefault(name, deque(maxlen=POLICY_WINDOW))
        watched.append(True)
        self.any = True
        if sum(watched) <= POLICY_LIMIT:
            return False
        del self._domains[name]
        return True

    def content(self) -> bool:
        """A mail refused after its final dot; True when the run must be paused."""
        self._content += 1
        self.any = True
        return self._content > CONTENT_LIMIT
