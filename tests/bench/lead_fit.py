"""Fits the weights of digest/summarise/weights.toml to pages of your own.

    python -m tests.bench.lead_fit PAGES.jsonl [--table page|text] [--folds 8]

PAGES.jsonl is as for tests.bench.lead. Prints the fitted table and, before it, the share of pages whose lead
comes first: on all pages fitted to, and on pages held out of the fitting, fold by fold. The second is the one
to believe. Some 140 pages take about a minute, on one core.

Every candidate of a page weighs the sum of its signs' weights; the fit makes the right ones heaviest (a
softmax over each page's candidates, by gradient descent with momentum), and pulls every weight towards what
newsrooms' habits let one expect, so that a sign seen on few pages keeps its sense.
"""

from __future__ import annotations

import argparse
import hashlib
import math
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from digest.summarise.choose import may_lead
from digest.summarise.lead import READERS
from digest.summarise.report import tidy
from digest.summarise.scene import Scene
from digest.summarise.signs import Signs, signs
from tests.bench.lead import document, judge, pages

PULL = 1.0  # how strongly weights are held to EXPECTED, against one page's evidence
STEPS = 400
PACE = 0.02
EXPECTED = {
    "article start": 2.5,
    "dateline": 1.5,
    "starts with description": 0.7,
    "starts description": 0.5,
    "lower-case start": -0.3,
    "ends with colon": -0.3,
    "deck own": -0.8,
    "deck unlike": -0.8,
    "in aside": -0.4,
    "in form": -0.4,
    "all links": -0.5,
    "caption own": -0.7,
    "furniture, short": -0.7,
    "article later": -1.0,
    "credit": -1.0,
    "in figcaption": -1.0,
    "in footer": -1.0,
    "in h2": -1.0,
    "in h3": -1.0,
    "in h4": -1.0,
    "note, short": -1.0,
    "opening bracket": -1.0,
    "not in article": -1.2,
    "byline or date": -1.5,
    "description apart": -1.2,
    "is title": -1.5,
    "retold by next": -1.5,
    "styled unlike": -1.5,
    "wall": -2.0,
}


class Case(NamedTuple):
    """One page's candidates: their signs, and which of them are right."""

    name: str
    candidates: list[Signs]
    right: list[bool]


Weights = dict[str, float]


def case(page: dict[str, Any]) -> Case:
    asked = document(page)
    reading = READERS[asked.kind](asked)
    scene = Scene(reading.blocks, reading.claims, asked.title)
    blocks = [block for block in scene.blocks if may_lead(block)]
    right = [judge(tidy(block.text), page) == "right" for block in blocks]
    return Case(str(page["id"]), [signs(scene, block) for block in blocks], right)


def fit(cases: Iterable[Case]) -> Weights:
    usable = [one for one in cases if any(one.right)]
    weights: Weights = defaultdict(float, EXPECTED)
    speed: Weights = defaultdict(float)
    for _ in range(STEPS):
        for name, slope in gradient(usable, weights).items():
            speed[name] = 0.9 * speed[name] - PACE * slope / math.sqrt(len(usable))
            weights[name] += speed[name]
    return dict(weights)


def gradient(cases: list[Case], weights: Weights) -> Weights:
    slopes: Weights = defaultdict(float)
    for one in cases:
        chances = softmax([score(found, weights) for found in one.candidates])
        hoped = sum(chance for chance, right in zip(chances, one.right, strict=True) if right)
        for found, chance, right in zip(one.candidates, chances, one.right, strict=True):
            pull = chance - (chance / hoped if right else 0.0)
            for name, strength in found.items() if abs(pull) > 1e-6 else ():
                slopes[name] += pull * strength
    for name in {*slopes, *EXPECTED}:
        slopes[name] += 2 * PULL * (weights[name] - EXPECTED.get(name, 0.0))
    return slopes


def score(found: Signs, weights: Weights) -> float:
    return sum(weights.get(name, 0.0) * strength for name, strength in found.items())


def softmax(scores: list[float]) -> list[float]:
    top = max(scores)
    raised = [math.exp(one - top) for one in scores]
    total = sum(raised)
    return [max(one / total, 1e-12) for one in raised]


def share_right(cases: list[Case], weights: Weights) -> float:
    return sum(is_right(one, weights) for one in cases) / max(1, len(cases))


def is_right(one: Case, weights: Weights) -> bool:
    scores = [score(found, weights) for found in one.candidates]
    return bool(scores) and one.right[scores.index(max(scores))]


def held_out(cases: list[Case], folds: int) -> float:
    """Each page is judged by weights fitted without it."""
    found = 0.0
    for fold in range(folds):
        kept = [one for one in cases if fold_of(one.name, folds) != fold]
        others = [one for one in cases if fold_of(one.name, folds) == fold]
        found += share_right(others, fit(kept)) * len(others)
    return found / max(1, len(cases))


def fold_of(name: str, folds: int) -> int:
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % folds


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pages", type=Path)
    parser.add_argument("--table", choices=["page", "text"], default="page")
    parser.add_argument("--folds", type=int, default=8)
    asked = parser.parse_args()
    kind = {"page": "html", "text": "text"}[asked.table]
    cases = [case(page) for page in pages(asked.pages) if kind in page]
    weights = fit(cases)
    apart = held_out(cases, asked.folds)
    print(f"# {len(cases)} pages, right {share_right(cases, weights):.3f}, held out {apart:.3f}")
    print(f"[{asked.table}]")
    for name, weight in sorted(weights.items(), key=lambda pair: -pair[1]):
        if abs(weight) >= 0.02:
            print(f'"{name}" = {weight:.2f}')


if __name__ == "__main__":
    main()
