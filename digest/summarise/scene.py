"""A document as a whole: its headline, where its prose stands, and what its head claims."""

from __future__ import annotations

from functools import cached_property

from digest.summarise import shape, words
from digest.summarise.blocks import Block
from digest.summarise.metadata import Metadata
from digest.summarise.shape import letters

REACH = 14  # blocks without prose that end a report
WINDOW = 40  # blocks looked at on either side
FULL = 600.0  # words beyond which more prose says no more
SHARES = (1.0, 0.5, 0.25, 0.12)  # of a paragraph's weight, for the four elements above it
OUTSIDE = frozenset(("nav", "footer", "figcaption", "a"))


class Scene:
    """What a block's signs are read against."""

    def __init__(self, blocks: list[Block], claims: Metadata, title: str = "") -> None:
        self.blocks = blocks
        self.titles = [letters(t) for t in (title, *claims.titles) if t]
        self.title_stems = shape.stems(title or (claims.titles[0] if claims.titles else ""))
        self.descriptions = [d for d in map(letters, claims.descriptions) if len(d) >= 30]
        self.article = letters(claims.article_body)
        self.prose = [prose(block) for block in blocks]
        self.headline = self._headline()

    def _headline(self) -> int:
        """The place of the block that is the headline, -1 without one."""
        rated = [(self._as_headline(block), block) for block in self.blocks if block.words <= 40]
        best = max((rating for rating, _ in rated), default=0.0)
        if best <= 0:
            return -1
        # A title may stand in the menu, above and below its article: the report follows the right one.
        equals = [block for rating, block in rated if rating == best][:20]
        return max(equals, key=lambda block: self.mass(block, 1)).order

    def _as_headline(self, block: Block) -> float:
        if len(block.letters) < 8:
            return 0.0
        told = max((alike(block.letters, title) for title in self.titles), default=0.0)
        tag = {"h1": 1.5 if told else 0.8, "h2": 0.5 * bool(told), "h3": 0.5 * bool(told)}.get(block.tag, 0.0)
        return 3 * told + tag - bool({"nav", "li", "aside", "footer"} & block.inside)

    @cached_property
    def containers(self) -> dict[int, float]:
        """Element number → the prose in it and, discounted, below it."""
        found: dict[int, float] = {}
        for block, weight in zip(self.blocks, self.prose, strict=True):
            for serial, share in zip(reversed(block.path[:-1]), SHARES, strict=False) if weight else ():
                found[serial] = found.get(serial, 0.0) + weight * share
        return found

    def body_share(self, block: Block) -> float:
        """How near the block's parent comes to holding the most prose: 1 is the body itself."""
        return (
            self.containers.get(block.parent, 0.0) / max(1.0, *self.containers.values())
            if self.containers
            else 0.0
        )

    @cached_property
    def repeats(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for block in self.blocks:
            found[block.letters] = found.get(block.letters, 0) + 1
        return found

    def mass(self, block: Block, step: int) -> float:
        """Words of related prose after the block (step 1) or before it (step -1)."""
        total, gap = 0.0, 0
        stop = block.order + step * (WINDOW + 1)
        for place in range(block.order + step, min(max(stop, -1), len(self.blocks)), step):
            if self.prose[place]:
                total, gap = total + self.prose[place] * block.kinship(self.blocks[place]), 0
            else:
                gap += 1
            if gap >= REACH or total > FULL:
                break
        return total

    def next_prose(self, block: Block) -> Block | None:
        following = range(block.order + 1, min(len(self.blocks), block.order + 15))
        return next((self.blocks[place] for place in following if self.prose[place]), None)

    def previous_prose(self, block: Block) -> Block | None:
        before = range(block.order - 1, max(-1, block.order - 15, self.headline), -1)
        return next((self.blocks[place] for place in before if self.prose[place]), None)

    def between(self, block: Block) -> list[Block]:
        """What stands between the headline and the block."""
        return self.blocks[self.headline + 1 : block.order] if 0 <= self.headline < block.order else []


def prose(block: Block) -> float:
    """How much of a report a block can hold, in words; standfirsts, notes and captions count for less."""
    if block.words < 6 or block.link_share > 0.5 or block.tag in ("h1", "h2", "h3") or OUTSIDE & block.inside:
        return 0.0
    if not block.whole and block.words < 20:
        return 0.0
    aside = (
        block.styled_share > 0.85
        or block.is_credit
        or block.is_note
        or words.marks("deck").search(block.marks)
    )
    return min(block.words, 80.0) * (0.3 if aside else 1.0)


def alike(one: str, other: str) -> float:
    """1 for equal letters, the shorter's share where one holds the other, else 0."""
    if one == other:
        return 1.0
    short, long = sorted((one, other), key=len)
    return 0.67 * len(short) / len(long) if len(short) > 8 and short in long else 0.0


def shared(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of the first's telling words that the second has too."""
    return len(one & other) / len(one) if one else 0.0
