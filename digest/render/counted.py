"""An edition's links led over our own pages, where they are counted: one link a story, the same for everyone.

A link names the edition and the story and nobody who reads it. It is signed, so that it leads to a story of
that edition or nowhere (no open redirect), and no count can be made up for an edition that is not out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import blake2b

from digest.model import Edition, Item, Newsletter
from digest.tokens import Purpose, Tokens


@dataclass(frozen=True, slots=True)
class Counted:
    """Makes these links. `url` is the public address of the pages."""

    url: str
    tokens: Tokens

    def __call__(self, edition: Edition) -> Edition:
        """The edition with our own links for its stories'; to be rendered, and kept nowhere."""
        return replace(edition, items=tuple(self._led(edition, item) for item in edition.items))

    def _led(self, edition: Edition, item: Item) -> Item:
        if not item.story.url:
            return item
        key = edition_key(edition)
        token = self.tokens.sign(Purpose.LINK, _name(edition.newsletter, key, item.story.id))
        url = f"{self.url}/to/{edition.newsletter.slug}/{key}/{item.story.id}/{token}"
        return replace(item, story=replace(item.story, url=url))

    def is_ours(self, newsletter: Newsletter, key: str, story: int, token: str) -> bool:
        """Whether a token was made for this story of this edition."""
        return self.tokens.verify(Purpose.LINK, token) == _name(newsletter, key, story)


def edition_key(edition: Edition) -> str:
    """An edition among its newsletter's, as it stands in a link: its date, and its wave where it has one."""
    return f"{edition.date}.{edition.wave}" if edition.wave else f"{edition.date}"


def _name(newsletter: Newsletter, key: str, story: int) -> bytes:
    return blake2b(f"{newsletter.slug} {key} {story}".encode(), digest_size=16).digest()
