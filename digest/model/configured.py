"""What the configuration says: newsletters and their sections, sources, the look."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date, datetime, time

LINK_WORDS = ("date", "newsletter")  # which in braces in link_params stand for the edition's own


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
    link_params: tuple[tuple[str, str], ...] = ()  # added to the query of every story's link
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
    images: str = "link"  # link (where they are) | host (by our own pages, else left out) | none
    unsubscribe: str = ""  # mailbox that takes wishes to leave, each at its own +TOKEN; "" for none


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
    priority: int = 0  # stories of a source with a higher one go first
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
