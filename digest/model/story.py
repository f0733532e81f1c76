"""A story, from a source's entry to a stored headline with its lead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Picture:
    """A story's picture; sizes in pixels, 0 where not known. `url` is a path where our own pages serve it."""

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


class Rhythm(NamedTuple):
    """How a source gave new stories in the last two weeks: the first and the newest, its longest silence
    between two, and how many in each of the last eight times 24 hours, today first.
    """

    source: str
    first: datetime
    newest: datetime
    longest: timedelta
    days: tuple[int, ...]


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
