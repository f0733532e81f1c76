"""The letters a run has claimed and not yet given to a connection."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable, Mapping

from digest.addresses import domain_of
from digest.deliver.options import DomainPace
from digest.deliver.pace import Bucket
from digest.model import Letter

MOST_PARKED = 5000  # letters of slow domains that are held in memory while others go out


class Queue:
    """First in, first out, but for domains that have their own pace: theirs wait aside."""

    def __init__(self, domains: Mapping[str, DomainPace]) -> None:
        self._paces = {name.lower(): pace for name, pace in domains.items()}
        self.paced = bool(domains)
        self._buckets = {name: Bucket(pace.rate) for name, pace in self._paces.items()}
        self._busy: Counter[str] = Counter()
        self._ready: deque[Letter] = deque()
        self._parked: dict[str, deque[Letter]] = {}

    def __len__(self) -> int:
        return len(self._ready) + self.parked

    @property
    def ready(self) -> int:
        return len(self._ready)

    @property
    def parked(self) -> int:
        return sum(map(len, self._parked.values()))

    @property
    def full(self) -> bool:
        return self.parked >= MOST_PARKED

    def add(self, letters: Iterable[Letter]) -> None:
        self._ready.extend(letters)

    def put_back(self, letter: Letter) -> None:
        self._ready.appendleft(letter)

    def take(self, now: float) -> Letter | None:
        """The next letter whose domain may have one now; None when there is none."""
        if self._parked:
            for name, parked in self._parked.items():
                if self._may_go(name, now):
                    letter = parked.popleft()
                    if not parked:
                        del self._parked[name]
                    return letter
        while self._ready:
            letter = self._ready.popleft()
            if not self.paced:
                return letter
            name = domain_of(letter.address)
            if name not in self._paces or (name not in self._parked and self._may_go(name, now)):
                return letter
            self._parked.setdefault(name, deque()).append(letter)
        return None

    def _may_go(self, name: str, now: float) -> bool:
        most = self._paces[name].connections
        if (most and self._busy[name] >= most) or not self._buckets[name].take(now):
            return False
        self._busy[name] += 1
        return True

    def settled(self, letter: Letter) -> None:
        """Its connection is done with it: its domain may have another."""
        if self.paced:
            name = domain_of(letter.address)
            if self._busy[name]:
                self._busy[name] -= 1

    def drop(self, deliveries: Collection[int]) -> None:
        """Forget these letters: the ledger took them back."""
        self._split(lambda letter: letter.delivery in deliveries)

    def withdraw(self, name: str) -> list[Letter]:
        """Take out all letters to a domain."""
        return self._split(lambda letter: domain_of(letter.address) == name)

    def _split(self, goes: Callable[[Letter], bool]) -> list[Letter]:
        letters = [*self._ready, *(letter for parked in self._parked.values() for letter in parked)]
        self._parked.clear()
        self._ready = deque(letter for letter in letters if not goes(letter))
        return [letter for letter in letters if goes(letter)]
