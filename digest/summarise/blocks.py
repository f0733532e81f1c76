"""A block: one run of text as a reader sees it, with what its place on the page tells about it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from digest.summarise import lines, shape


@dataclass(eq=False)
class Block:
    """A paragraph, heading, caption, list item or other run of text between two breaks.

    `path` numbers the elements around it, outermost first; the last is its own. It is empty in plain
    text. `marks` are the class, id, role and itemprop of its own element, `around` those of all elements
    around it, its own last. `inside` names the telling elements it stands in: "aside", "li", "figure" ...
    """

    text: str
    tag: str = "p"
    path: tuple[int, ...] = ()
    marks: str = ""
    around: str = ""
    inside: frozenset[str] = frozenset()
    linked: int = 0  # characters that are links
    styled: int = 0  # characters in bold or italics
    order: int = 0  # its place among the page's blocks

    @cached_property
    def words(self) -> int:
        return shape.count_words(self.text)

    @cached_property
    def letters(self) -> str:
        return shape.letters(self.text[:400])

    @cached_property
    def stems(self) -> frozenset[str]:
        return shape.stems(self.text[:600])

    @cached_property
    def whole(self) -> bool:
        """It ends as a sentence ends."""
        return shape.ends_sentence(self.text)

    @cached_property
    def is_meta(self) -> bool:
        """A byline or a date."""
        return lines.is_byline(self.text) or lines.is_date(self.text)

    @cached_property
    def is_credit(self) -> bool:
        return lines.is_credit(self.text)

    @cached_property
    def is_note(self) -> bool:
        return lines.is_note(self.text)

    @property
    def link_share(self) -> float:
        return min(1.0, self.linked / max(1, len(self.text)))

    @property
    def styled_share(self) -> float:
        return min(1.0, self.styled / max(1, len(self.text)))

    @property
    def parent(self) -> int:
        return self.path[-2] if len(self.path) > 1 else 0

    def looks_like(self, other: Block) -> bool:
        """The template treats both alike."""
        return self.tag == other.tag and self.marks == other.marks

    def kinship(self, other: Block) -> float:
        """1 under the same parent, less the farther up the nearest common element is."""
        if not self.path or self.parent == other.parent:
            return 1.0
        shared = 0
        for mine, theirs in zip(self.path, other.path, strict=False):
            if mine != theirs:
                break
            shared += 1
        steps = max(len(self.path), len(other.path)) - shared
        return {2: 0.7, 3: 0.5, 4: 0.3}.get(steps, 0.1)
