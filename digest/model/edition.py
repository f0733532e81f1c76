"""An edition, from the chosen stories to encoded segments."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from digest.model.configured import Newsletter
from digest.model.story import Story


class Role(enum.StrEnum):
    """The place a story has in an edition, in reading order."""

    LEAD = "lead"
    PICK = "pick"
    SECTION = "section"
    ALSO = "also"
    PROMOTED = "promoted"


@dataclass(frozen=True, slots=True)
class Item:
    """A story chosen for an edition. `section` is the heading it stands under, "" for lead and picks.

    `edited` where an editor changed its words or picture: `story` then tells them, in this edition only.
    """

    story: Story
    role: Role
    section: str = ""
    edited: bool = False


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
    edits: int = 0  # how many edits of its date it was composed with


class EditionState(enum.StrEnum):
    """An edition's life. Only a draft changes; a frozen edition gets a new revision by correction only."""

    DRAFT = "draft"
    FROZEN = "frozen"
    ISSUED = "issued"
    DONE = "done"
    MISSED = "missed"
    EMPTY = "empty"
    CANCELLED = "cancelled"


FROZEN = (EditionState.FROZEN, EditionState.ISSUED, EditionState.DONE)


class StoredEdition(NamedTuple):
    """An edition's row, without its items."""

    id: int
    newsletter: str  # its slug
    date: date
    wave: str
    state: EditionState
    subject: str
    preheader: str
    cutoff: datetime
    approved: bool
    held: bool
    frozen_at: datetime | None
    reason: str

    @property
    def is_frozen(self) -> bool:
        return self.state in FROZEN


def waits(newsletter: Newsletter, stored: StoredEdition | None) -> bool:
    """Whether an edition that is not frozen must not go before an editor has approved it."""
    held = newsletter.review == "hold" or (stored is not None and stored.held)
    return held and not (stored is not None and stored.approved)


def edition_name(slug: str, day: date, wave: str) -> str:
    """What an edition is called in the log: "morning of 2026-03-10", and its wave where it has one."""
    return f"{slug} of {day} {wave}".rstrip()


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
