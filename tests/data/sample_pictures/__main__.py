"""Draws the pictures of the sample headlines: `python -m tests.data.sample_pictures [NAME ...]`.

The same code draws the same files. Colours keep clear of pure black and white, so that a mail program's
dark mode has nothing to invert.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from . import halls, hills, sea, town

FOLDER = Path(__file__).parents[3] / "config" / "sample" / "pictures"
MAX_BYTES = 40_000
PICTURES = (
    sea.harbour,
    sea.delta,
    hills.glacier,
    town.skyline,
    sea.lighthouse,
    hills.orchard,
    town.bridge,
    halls.concert,
    halls.library,
    halls.stadium,
    sea.regatta,
    hills.cycling,
    sea.turbines,
    hills.observatory,
    town.market,
    town.viaduct,
    town.garden,
)


def save(picture: Image.Image, path: Path) -> int:
    """The best quality that fits the limit, as a progressive JPEG."""
    for quality in range(86, 40, -4):
        picture.save(path, "JPEG", quality=quality, optimize=True, progressive=True)
        if path.stat().st_size <= MAX_BYTES:
            return quality
    raise SystemExit(f"{path.name} does not fit into {MAX_BYTES} bytes; draw it with fewer details")


def main(wanted: Sequence[str]) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for draw in PICTURES:
        if not wanted or draw.__name__ in wanted:
            path = FOLDER / f"{draw.__name__}.jpg"
            quality = save(draw().finished(), path)
            print(f"{path.name}: {path.stat().st_size} bytes, quality {quality}")


if __name__ == "__main__":
    main(sys.argv[1:])
