"""Which block is the lead: every candidate's signs are weighed, and the heaviest wins."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from digest.summarise.blocks import Block
from digest.summarise.scene import Scene
from digest.summarise.signs import Signs, signs

MOST = 400  # candidates looked at; a page with more paragraphs is a listing
NEVER = frozenset(("nav", "figcaption"))


@dataclass(frozen=True, slots=True)
class Choice:
    """A candidate with its signs weighed."""

    block: Block
    score: float
    parts: tuple[tuple[str, float], ...]  # sign and what it adds, weightiest first


@cache
def weights(kind: str) -> dict[str, float]:
    """Sign → weight, for a reading of kind "page", "entry" or "text"."""
    with files("digest.summarise").joinpath("weights.toml").open("rb") as file:
        return {name: float(value) for name, value in tomllib.load(file)[kind].items()}


def may_lead(block: Block) -> bool:
    """Worth weighing: some words, not a headline, not a menu, not one link."""
    return (
        block.words >= 4
        and block.tag != "h1"
        and not NEVER & block.inside
        and len(block.letters) > 12
        and block.link_share < 0.95
    )


def rank(scene: Scene, kind: str) -> list[Choice]:
    """The candidates, best first."""
    candidates = [block for block in scene.blocks if may_lead(block)][:MOST]
    weighed = [weigh(block, signs(scene, block), weights(kind)) for block in candidates]
    return sorted(weighed, key=lambda choice: -choice.score)


def weigh(block: Block, found: Signs, table: dict[str, float]) -> Choice:
    parts = [(name, table.get(name, 0.0) * strength) for name, strength in found.items()]
    parts.sort(key=lambda part: -abs(part[1]))
    return Choice(block, sum(value for _, value in parts), tuple(parts))
