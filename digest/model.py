"""The values that travel through the service. All frozen; times aware and in UTC unless a name says local.

The same thing at another moment has another type: a story is `Found` by a source, then stored as a `Story`,
then chosen as an `Item` of an `Edition`, then part of a `Rendering`, then one reader's `Letter`.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import NamedTuple

# ---------------------------------------------------------------- stories


@dataclass(frozen=True, slots=True)
class Picture:
    """A story's picture; sizes in pixels, 0 where not known."""

    url: str
    alt: str = ""
    caption: str = ""
    credit: str = ""
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """A story as one source gave it, cleaned but not yet stored.

    `identity` tells it from the source's other stories: the feed's guid, else the canonical address.
    `body` is clean plain text, paragraphs parted by an empty line; `lead` is set only where the giver
    wrote one himself (an import, the push API) and then stands as given. `published` is None where the
    source gave no date, or one that cannot be read. `promoted` is the label shown above a paid link
    ("Advertisement", "Sponsored by Harbour Bakery"), empty for journalism.
    """

    identity: str
    url: str
    title: str
    published: datetime | None = None
    section: str = ""
    summary: str = ""
    body: str = ""
    lead: str = ""
    byline: str = ""
    agency: str = ""
    picture: Picture | None = None
    language: str = ""
    pick: bool = False
    promoted: str = ""
    canonical: str = ""  # the address without tracking: two sources with the same one carry the same report


@dataclass(frozen=True, slots=True)
class Story:
    """A stored headline, at one version of its text. `first_seen` decides which edition it belongs to."""

    id: int
    version: int
    source: str
    first_seen: datetime
    published: datetime
    url: str
    title: str
    section: str
    lead: str
    byline: str = ""
    agency: str = ""
    picture: Picture | None = None
    language: str = ""
    pick: bool = False
    promoted: str = ""
    priority: int = 0
    updated: bool = False
    also_by: tuple[str, ...] = ()


class Sent(NamedTuple):
    """A story's words, as an edition told them."""

    title: str
    lead: str


class Saved(NamedTuple):
    """What a visit to a source changed."""

    new: int = 0
    changed: int = 0
    same: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """One text to find a lead in: a page's HTML, a page's plain text, or a feed entry's own fields."""

    kind: str  # "html" | "text" | "entry"
    text: str = ""  # html: the page; text: the page's text; entry: its content (HTML or text)
    summary: str = ""  # entry only: its summary or description (HTML or text)
    url: str = ""
    title: str = ""  # the headline where it is known from elsewhere


@dataclass(frozen=True, slots=True)
class Candidate:
    """A paragraph that was considered as the lead, and what spoke for or against it."""

    text: str
    score: float
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """What a document tells about its story. `lead` is empty where there is no article in it."""

    lead: str = ""
    dateline: str = ""  # "LONDON (Reuters)", as it stood before the lead
    title: str = ""
    byline: str = ""
    agency: str = ""
    section: str = ""
    published: datetime | None = None
    picture: Picture | None = None
    language: str = ""
    canonical: str = ""  # the page's own idea of its address
    paragraphs: tuple[str, ...] = ()  # the report, clean, lead first
    candidates: tuple[Candidate, ...] = ()  # best first: why this lead and not another
    reason: str = ""  # one sentence: why this lead, or why none


# ---------------------------------------------------------------- what is configured


class Mornings(enum.StrEnum):
    """Whose clock decides when the digest goes out."""

    HOME = "home"
    READER = "reader"


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a newsletter: `limit` stories in full, then `also_in` headline links under "Also in …"."""

    name: str
    limit: int = 4
    also_in: int = 5


@dataclass(frozen=True, slots=True)
class Newsletter:
    """A product readers subscribe to, as configured. `cutoff` None means rolling: composed for each wave."""

    slug: str
    title: str
    sender: str  # a From header value: "World News <news@example.com>"
    reply_to: str = ""
    zone: str = "UTC"
    language: str = "en"
    send_at: time = time(7)
    mornings: Mornings = Mornings.HOME
    days: str = "daily"
    cutoff: time | None = time(5, 30)
    sections: tuple[Section, ...] = ()
    max_stories: int = 20
    review: str = "auto"
    late_by: int = 4 * 3600  # seconds
    skip: tuple[date, ...] = ()  # holidays and pauses: nothing goes out on these dates, each in its own zone

    @property
    def is_rolling(self) -> bool:
        """Whether each wave of mornings gets an edition composed afresh."""
        return self.cutoff is None


@dataclass(frozen=True, slots=True)
class Look:
    """What an operator may change in the mail and on the pages without touching a template."""

    site: str = "World News"
    url: str = "http://127.0.0.1:8000"  # public address of the pages, without a slash at the end
    postal_address: str = ""
    accent: str = "#1f4e8c"
    logo: str = ""  # address of a picture; the masthead is live text without it
    templates: str = ""  # folder of the operator's own templates, rendered in a sandbox
    serif: str = "Georgia, 'Times New Roman', serif"  # headlines and text: fonts every computer has
    sans: str = "Arial, Helvetica, sans-serif"  # labels and small print
    labels: tuple[tuple[str, str], ...] = ()  # own wordings, each with the English text it replaces
    logo_width: int = 240  # CSS pixels; the file should be twice as wide
    ink: str = "#1a1a1a"  # text; colours are #rrggbb, and made darker or lighter where they cannot be read
    paper: str = "#ffffff"
    ground: str = "#f4f2ee"  # around the paper, and under promoted links


@dataclass(frozen=True, slots=True)
class Source:
    """A place stories come from, as configured. What a kind of source does not need stays at its default.

    `include` and `exclude` hold rules: a word or phrase, or a regular expression between slashes.
    """

    name: str
    kind: str = "feed"  # feed | pages | sitemap | sql | push | files
    url: str = ""  # feed, sitemap, pages (a section page), sql (the database)
    section: str = ""  # the section of all its stories; "" leaves them their own
    language: str = ""
    priority: int = 0  # higher goes first where two stories are equal
    max_stories: int = 100  # the newest that one visit takes
    include: tuple[str, ...] = ()  # a story must match one of them
    exclude: tuple[str, ...] = ()  # and none of these
    active_hours: str = ""  # "06:00-22:00" in `zone`; "" is always
    zone: str = "UTC"
    every: int = 900  # seconds between visits
    allow_private: bool = False  # may live in a private network or on this machine
    urls: tuple[str, ...] = ()  # pages: articles by address, beside or instead of a section page
    links: str = ""  # pages: the part that an article's address on the section page must have
    robots: bool = True  # pages, sitemap: robots.txt is obeyed; False only for one's own site
    query: str = ""  # sql: one SELECT with the columns of a story; may use :since
    path: str = ""  # files: the folder that is watched; feed: an OPML file, each of whose feeds is a source
    follow: bool = False  # feed: read the article's page where the entry holds too little for a lead


@dataclass(frozen=True, slots=True)
class SourceState:
    """What earlier visits to a source have taught; kept by the store between visits.

    It belongs to the configured address `of`: when that is changed, the state starts afresh.
    """

    of: str = ""
    moved_to: str = ""  # where a permanent redirect has led
    etag: str = ""
    last_modified: str = ""
    last_success: datetime | None = None
    failing_since: datetime | None = None
    failures: int = 0  # in a row
    reason: str = ""  # of the last failure
    next_at: datetime | None = None  # not visited before
    pages: tuple[str, ...] = ()  # pages, sitemap: the articles already read, the last ones first


# ---------------------------------------------------------------- editions


class Role(enum.StrEnum):
    """The place a story has in an edition, in reading order."""

    LEAD = "lead"
    PICK = "pick"
    SECTION = "section"
    ALSO = "also"
    PROMOTED = "promoted"


@dataclass(frozen=True, slots=True)
class Item:
    """A story chosen for an edition. `section` is the heading it stands under, "" for lead and picks."""

    story: Story
    role: Role
    section: str = ""


@dataclass(frozen=True, slots=True)
class Edition:
    """One newsletter's issue for one date (its home zone's), chosen and ordered; drafted or frozen.

    `wave` is empty for an edition that is the same for all, else the UTC quarter hour it was composed for.
    """

    newsletter: Newsletter
    date: date
    items: tuple[Item, ...]
    subject: str
    preheader: str
    cutoff: datetime
    wave: str = ""
    id: int = 0
    correction: str = ""  # said on top of a corrected edition


class EditionState(enum.StrEnum):
    """An edition's life. Only a draft changes; a frozen edition gets a new revision by correction only."""

    DRAFT = "draft"
    FROZEN = "frozen"
    ISSUED = "issued"
    DONE = "done"
    MISSED = "missed"
    EMPTY = "empty"
    CANCELLED = "cancelled"


class StoredEdition(NamedTuple):
    """An edition's row, without its items."""

    id: int
    date: date
    wave: str
    state: EditionState
    cutoff: datetime
    subject: str
    approved: bool
    held: bool
    frozen_at: datetime | None
    reason: str

    @property
    def is_frozen(self) -> bool:
        return self.state in {EditionState.FROZEN, EditionState.ISSUED, EditionState.DONE}


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of the encoded mail, in mail order: quoted-printable, whole CRLF lines, slots still open.

    A reader gets it when `section` is "" or chosen, and `story` is None or not had before. A section's
    head (`story` None, `section` set) is dropped when none of the section's stories are left.
    """

    html: bytes
    text: bytes
    section: str = ""
    story: int | None = None
    words: int = 0
    headline: str = ""  # of a story told in full, for greeting and preheader; "" for links
    heads: tuple[int, ...] = ()  # a heading's stories: it is dropped when none of them is left


@dataclass(frozen=True, slots=True)
class Rendering:
    """A frozen edition as encoded segments: one language, one revision. All a mail needs but the reader.

    Slots stand as `mark + name + mark` in `head`, `html` and `text`; `mark` occurs in no story.
    Per reader: to, message_id, date, unsubscribe, preferences, address (see render/splice.py).
    Per choice of sections: greeting, preheader, minutes, whose wordings are kept in `phrases`, so that
    a later upgrade of the catalogues changes no mail of this edition.
    """

    mark: str
    head: bytes  # the header lines, CRLF, the last one ended; Content-Type and boundaries included
    boundary: str
    segments: tuple[Segment, ...]
    phrases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    locale: str = "en"
    revision: int = 0
    domain: str = "localhost"  # right side of the Message-ID


# ---------------------------------------------------------------- readers


@dataclass(frozen=True, slots=True)
class Consent:
    """The proof that a reader asked: when, from where, and under which wording."""

    at: datetime
    origin: str  # "form" | "api" | "cli" | "import" and what is known of it
    wording: str = ""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A reader's standing order for one newsletter."""

    id: int
    ref: bytes  # 16 random bytes: the only name of it that ever leaves the house
    address: str
    newsletter: str
    state: str  # pending | active | unsubscribed
    zone: str
    at: time
    days: str
    choice: str = ""  # the chosen sections as a JSON list, sorted; "" for all
    language: str = ""
    asked_at: datetime | None = None
    asked_from: str = ""
    confirmed_at: datetime | None = None
    left_at: datetime | None = None
    paused_until: date | None = None  # a local date: the first one that is sent again
    own_only: bool = False  # no mail on a day that has nothing in the chosen sections

    @property
    def sections(self) -> tuple[str, ...]:
        """The chosen sections; empty for all of them."""
        return tuple(json.loads(self.choice)) if self.choice else ()


class Order(NamedTuple):
    """What a reader asks for: when, and which sections (empty: all)."""

    zone: str
    at: time
    days: str
    sections: tuple[str, ...] = ()
    own_only: bool = False  # no mail on a day that has nothing in these sections


class Subscribed(NamedTuple):
    """What came of asking for a subscription."""

    subscription: Subscription
    created: bool  # False: it was there already, and nothing changed
    suppressed: bool = False


# ---------------------------------------------------------------- delivery


class DeliveryState(enum.IntEnum):
    """Where a delivery is, as the ledger stores it. Sending is told by the worker's own row."""

    PLANNED = 0
    DEFERRED = 1
    IN_DOUBT = 2
    ACCEPTED = 3
    REFUSED = 4
    WITHDRAWN = 5
    EXPIRED = 6


@dataclass(frozen=True, slots=True)
class Moment:
    """A zone, hour and days at which readers are due; `next_due` is what the tick compares."""

    id: int
    zone: str
    at: time
    days: str
    next_due: datetime
    moves: int = 0  # grows with every reader who comes to it from another moment


@dataclass(frozen=True, slots=True)
class Plan:
    """One delivery for each reader of a moment: which mail, under which local date, how long to try."""

    edition: int
    rendering: int
    local_date: date
    due: datetime
    expires: datetime


class Counts(NamedTuple):
    """The deliveries of an edition by what became of them; they always add up to `all`."""

    planned: int = 0
    deferred: int = 0
    sending: int = 0
    in_doubt: int = 0
    accepted: int = 0
    refused: int = 0
    withdrawn: int = 0
    expired: int = 0

    @property
    def all(self) -> int:
        return sum(self)

    @property
    def open(self) -> int:
        """Those that may still change by themselves or by a person's word."""
        return self.planned + self.deferred + self.sending + self.in_doubt


class DeliveryLine(NamedTuple):
    """One delivery, for people."""

    address: str
    state: str
    attempts: int
    at: datetime | None
    code: int | None
    status: str | None
    reply: str | None
    next_at: datetime | None


class Incident(NamedTuple):
    """One thing that went wrong, in a plain sentence."""

    id: int
    key: str
    kind: str
    text: str
    opened: datetime


class Pause(NamedTuple):
    """What is stopped, and why: scope "all", "edition:ID" or "domain:NAME"; `until` None needs a person."""

    scope: str
    reason: str
    since: datetime
    until: datetime | None


class Coming(NamedTuple):
    """A moment's next morning: the instant, the local date and zone, and who reads then."""

    at: datetime
    day: date  # the local date
    zone: str
    readers: int


class Letter(NamedTuple):
    """One delivery as its sender needs it. A plain tuple: a million of them pass in a morning."""

    delivery: int
    rendering: int
    address: str
    ref: bytes  # the subscription's
    choice: str  # the chosen sections as JSON, "" for all: the key under which spliced pieces are kept
    due: int  # UTC seconds; the mail's Date
    attempts: int
    expires: int  # UTC seconds: when to give up
    own_only: bool = False  # as in Subscription
    had: frozenset[int] = frozenset()  # stories of this edition that the reader got before


class Mail(NamedTuple):
    """A single mail to be sent, beside the editions: whole, as it goes on the wire but for the final dot."""

    id: int
    address: str
    mail: bytes
    attempts: int


class Stage(enum.IntEnum):
    """How far an SMTP transaction had come. Only what fails after the final dot can be in doubt."""

    CONNECT = 0
    GREETING = 1
    TLS = 2
    AUTH = 3
    MAIL = 4
    RCPT = 5
    DATA = 6
    DOT = 7


class Verdict(enum.StrEnum):
    """What one SMTP attempt came to, or why there was none: the reader's mail would have been empty."""

    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    REFUSED = "refused"
    IN_DOUBT = "in doubt"
    WITHDRAWN = "withdrawn"


class Effect(enum.StrEnum):
    """What an outcome asks beyond its own delivery."""

    NONE = "none"
    SUPPRESS = "suppress"  # the address is dead: never mail it again
    SOFT = "soft"  # count it against the address
    SLOW = "slow"  # the relay asks for patience
    PAUSE_DOMAIN = "pause domain"  # counts towards pausing the recipient's domain
    PAUSE = "pause"  # it is about us: stop the run, tell the operator


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one attempt, as the ledger records it. `reply` is the server's whole text."""

    delivery: int
    verdict: Verdict
    code: int = 0
    status: str = ""  # RFC 3463, "5.1.1"
    reply: str = ""
    effect: Effect = Effect.NONE
    counted: bool = True  # False: not the reader's attempt (the connection failed, a domain was paused)
    next_at: int = 0  # UTC seconds, for Deferred


@dataclass(frozen=True, slots=True)
class Returned:
    """One recipient of a returned mail, as understood. `kind` is hard, soft, complaint or none."""

    address: str
    kind: str
    status: str = ""
    reply: str = ""
    token: str = ""  # ours, where the mail carries one: decides the reader whatever the text says
    meaning: str = ""  # a replies.Kind: a policy refusal, say, never counts against the reader
