"""All that pipeline and sender ask of the outside world, as questions. store/ and the edges answer them.

What one step alone asks is declared there: see `steps/correcting.py`, `steps/calling.py`, `steps/telling.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol

from digest.addresses import Address
from digest.model import (
    Complaints,
    Consent,
    Counts,
    Edit,
    Edition,
    EditionState,
    Found,
    Incident,
    Letter,
    Mail,
    Moment,
    Newsletter,
    Order,
    Outcome,
    Picture,
    Plan,
    Rendering,
    Rhythm,
    Saved,
    Sent,
    Single,
    SourceState,
    StoredEdition,
    Story,
    Subscribed,
    Subscription,
)


class Visits(Protocol):
    """What the next visit to each source must know."""

    def state(self, name: str) -> SourceState: ...
    def record(
        self, name: str, state: SourceState, now: datetime, told: Mapping[str, Any] | None = ...
    ) -> None: ...


class Stories(Protocol):
    """The stored headlines."""

    def save(
        self, source: str, found: Sequence[Found], now: datetime, keep_first: int | None = ...
    ) -> Saved: ...
    def published_since(self, opens: datetime) -> list[Story]: ...
    def rhythms(self, now: datetime) -> list[Rhythm]: ...


class Pictures(Protocol):
    """Pictures that our own pages serve."""

    def want(self, urls: Sequence[str], now: datetime, *, private: bool) -> None: ...
    def claim(self, now: datetime, limit: int = ...) -> Sequence[tuple[str, bool]]: ...
    def keep(self, picture: Picture, jpeg: bytes) -> None: ...
    def failed(self, url: str, reason: str) -> None: ...


class Editions(Protocol):
    """Editions: one a newsletter, date and wave; drafted, then frozen once by whoever comes first."""

    def find(self, newsletter: Newsletter, day: date, wave: str = "") -> StoredEdition | None: ...
    def at_home(self, newsletter: Newsletter, day: date) -> StoredEdition | None: ...
    def draft(self, edition: Edition) -> int: ...
    def freeze(self, edition: Edition, rendered: Sequence[Rendering], now: datetime) -> StoredEdition: ...
    def load(self, newsletter: Newsletter, edition_id: int) -> Edition: ...
    def named(self, edition: int) -> tuple[str, date, str]: ...
    def issue(self, edition_id: int, now: datetime, *, again: bool) -> None: ...
    def close(
        self,
        newsletter: Newsletter,
        day: date,
        cutoff: datetime,
        state: EditionState,
        reason: str,
        wave: str = ...,
    ) -> bool: ...


class Renderings(Protocol):
    """Renderings of frozen editions, by their numbers."""

    def of(self, edition: int) -> Mapping[str, int]: ...
    def load(self, rendering: int) -> Rendering: ...
    def for_sending(self, rendering: int) -> tuple[Rendering, str]: ...


class Retold(Protocol):
    """What the editions of a newsletter have told."""

    def before(self, newsletter: Newsletter, cutoff: datetime) -> tuple[datetime | None, frozenset[int]]: ...
    def told(self, newsletter: Newsletter, since: datetime, cutoff: datetime) -> Mapping[int, Sent]: ...
    def shared(self, rendering: int) -> Sequence[tuple[int, date, int, Sent, Sent]]: ...
    def sizes(self, newsletter: Newsletter, limit: int) -> Sequence[tuple[date, int]]: ...


class Edits(Protocol):
    """What editors changed in a date's edition, in order."""

    def of(self, newsletter: Newsletter, day: date) -> Sequence[Edit]: ...
    def add(self, newsletter: Newsletter, day: date, edits: Sequence[Edit], now: datetime) -> bool: ...


class Promotions(Protocol):
    """Promoted links booked for a date, each with the section it ends."""

    def of(self, newsletter: Newsletter, day: date) -> Sequence[tuple[Story, str]]: ...


class Staff(Protocol):
    """Who works at the desk."""

    def editors(self) -> Sequence[str]: ...


class Planning(Protocol):
    """The moments at which readers are due, and the deliveries planned from them."""

    def own(self, newsletter: Newsletter, now: datetime) -> Moment: ...
    def moments(self, newsletter: Newsletter) -> list[Moment]: ...
    def due(self, newsletter: Newsletter, now: datetime) -> list[Moment]: ...
    def advance(self, to: Mapping[Moment, datetime]) -> Sequence[Moment]: ...
    def plan(self, moments: Sequence[Moment], plan: Plan) -> int: ...
    def readers(self, moments: Sequence[Moment], plan: Plan) -> int: ...
    def has_readers(self, moments: Sequence[Moment]) -> bool: ...


class Deliveries(Protocol):
    """What became of the deliveries of an edition."""

    def counts(self, edition: int) -> Counts: ...
    def letter(self, reader: Subscription, edition: int) -> Letter | None: ...
    def edition_for(self, reader: Subscription, day: date) -> int | None: ...
    def editions_since(self, reader: Subscription, since: date) -> Sequence[int]: ...
    def earlier(self, letters: Sequence[Letter], since: date) -> Mapping[int, Sequence[int]]: ...
    def retry(self, edition: int, now: datetime) -> int: ...
    def finish(self, now: datetime) -> list[int]: ...


class Readers(Protocol):
    """Subscribers and their subscriptions."""

    def subscribe(
        self, address: Address, newsletter: Newsletter, order: Order, consent: Consent, *, confirmed: bool
    ) -> Subscribed: ...
    def take_in(
        self,
        people: Sequence[tuple[Address, Order]],
        newsletter: Newsletter,
        consent: Consent,
        *,
        confirmed: bool,
        proofs: Mapping[str, Consent] = ...,
    ) -> list[Subscribed]: ...
    def take_out(
        self,
        people: Sequence[tuple[Address, Order]],
        newsletter: Newsletter,
        consent: Consent,
        proofs: Mapping[str, Consent],
    ) -> int: ...
    def by_ref(self, ref: bytes) -> Subscription | None: ...
    def of(self, address: Address) -> list[Subscription]: ...
    def leave(self, ref: bytes, now: datetime) -> Subscription | None: ...


class Strikes(Protocol):
    """Failures that count against an address, and when a mail last arrived there."""

    def of(self, reader: Subscription) -> tuple[list[datetime], datetime | None]: ...
    def add(self, reader: Subscription, now: datetime, reason: str = ...) -> None: ...


class Taken(NamedTuple):
    """What came back and is about a reader of ours, as it is recorded."""

    key: str  # of the mail or notice: the same again is not another
    kind: str  # hard | soft | complaint
    address: Address
    why: str  # the reason of a suppression; "" for none
    detail: str


class Returns(Protocol):
    """What came back and counted, once each; and the day's complaints, by domain."""

    def add(self, taken: Sequence[Taken], now: datetime) -> set[str]: ...
    def complaints(self, since: datetime) -> Sequence[Complaints]: ...


class Outbox(Protocol):
    """Single mails beside the editions: each put in once under its key, sent until accepted."""

    def put(self, single: Single, now: datetime) -> bool: ...
    def claim(self, now: datetime, limit: int = ...) -> Sequence[Mail]: ...
    def record(self, outcome: Outcome, now: datetime) -> None: ...
    def due(self, now: datetime) -> int: ...


class Incidents(Protocol):
    """What went wrong, told once under a key, and closed when it is over."""

    def open(self, key: str, kind: str, text: str, now: datetime) -> bool: ...
    def untold(self) -> list[Incident]: ...
    def tell(self, incident: Incident, now: datetime) -> None: ...
    def lasting(self, since: datetime) -> list[Incident]: ...
    def remind(self, incident: Incident, now: datetime) -> None: ...
    def over(self) -> list[Incident]: ...
    def end(self, incident: Incident, now: datetime) -> None: ...
    def settle(self, slug: str, day: date, now: datetime) -> None: ...
    def close(self, key: str, now: datetime) -> bool: ...
    def current(self) -> list[Incident]: ...


class Settlement(NamedTuple):
    """The answer to `Ledger.settle`: marks that must not go, and why all must stop, if so."""

    denied: frozenset[int] = frozenset()
    halted: str = ""  # the reason of a stop or pause; "" to go on
    released: frozenset[int] = frozenset()  # claimed letters to drop: their edition was stopped or paused


class Ledger(Protocol):
    """The delivery record, as one sending worker sees it.

    A worker claims letters, marks each `sending` before its body leaves, and records each outcome, the two
    in one durable transaction. If it dies, its marks are in doubt and its claims free, told by nothing but
    what it committed. All times are UTC seconds.
    """

    async def claim(self, now: int) -> list[Letter]:
        """The next batch of letters that are due, ours until settled or released; [] when none is due."""

    async def settle(self, now: int, outcomes: Sequence[Outcome], marks: Sequence[int]) -> Settlement:
        """Record outcomes of marked deliveries and mark others `sending`, durably, in one transaction.

        A mark is denied when its reader left or was suppressed meanwhile; all are when the edition was
        stopped. Raises Fenced when another worker took over; StoreError when nothing was recorded.
        """

    async def pause(self, now: int, scope: str, reason: str, until: int | None = None) -> None:
        """Stop "all", "edition:ID" or "domain:NAME", for every worker, until then or until lifted."""

    async def next_due(self, now: int) -> int | None:
        """When the next delivery may be tried, by whomever; None when nothing is left to try.

        What another living worker has claimed counts as due: it may yet come back.
        """

    async def reserve(self, now: float, mails: int, rate: float) -> float:
        """Take the right to send so many mails; the time (UTC seconds) from which they may go.

        `rate` is the limit of the whole installation, in mails a second, all processes together.
        """

    async def release(self, now: int) -> None:
        """Give back what was claimed and not settled; marks without an outcome become in doubt."""
