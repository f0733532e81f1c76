"""What the frame of every mail is given, an edition's or a notice's: language, fonts and colours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from digest.model import Look
from digest.render.catalogue import Wording
from digest.render.colour import readable
from digest.render.texts import COLUMNS

# No pure black or white in the dark: programs that change colours by themselves keep these readable.
DUSK, NIGHT, HAIR_DARK = "#1d1d1d", "#141414", "#2c2c2c"
SOFT, HAIR = "#595959", "#dedad2"


def palette(look: Look) -> Mapping[str, str]:
    """Colours by their part, each readable on the grounds it stands on."""
    accent = readable(readable(look.accent, look.paper), look.ground)
    return {
        "paper": look.paper,
        "ground": look.ground,
        "hair": HAIR,
        "ink": readable(look.ink, look.ground),
        "soft": readable(readable(SOFT, look.paper), look.ground),
        "accent": accent,
        "accent_dark": readable(look.accent, HAIR_DARK, ratio=6),
        "on_accent": readable("#ffffff", accent),
        "dusk": DUSK,
        "night": NIGHT,
        "hair_dark": HAIR_DARK,
    }


def frame_values(look: Look, wording: Wording) -> dict[str, Any]:
    return {
        "lang": wording.tag.replace("_", "-"),
        "dir": wording.direction,
        "latin": not wording.joined_script,
        "look": look,
        "colours": palette(look),
        "fonts": {"serif": look.serif, "sans": look.sans},
        "rule": "-" * COLUMNS,
        "thick": "=" * COLUMNS,
    }
