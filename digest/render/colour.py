"""Colours that can be read: an operator names one accent, each ground gets a shade of it with contrast."""

from __future__ import annotations

import re
from colorsys import hls_to_rgb, rgb_to_hls

from digest.errors import ConfigError

READABLE = 4.5  # WCAG 2.2, 1.4.3: contrast of text under 24 px
_HEX = re.compile(r"#[0-9a-fA-F]{6}")
Channels = tuple[int, int, int]


def channels(colour: str) -> Channels:
    """The red, green and blue of "#rrggbb". Raises ConfigError for other forms, which mail programs drop."""
    if not _HEX.fullmatch(colour):
        raise ConfigError(
            f"colour {colour!r} is not of the form #rrggbb, the only one all mail programs read"
        )
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:], 16)


def _luminance(colour: str) -> float:
    """WCAG's relative luminance, 0 for black to 1 for white."""
    parts = (c / 255 for c in channels(colour))
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG's contrast ratio, 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def readable(colour: str, ground: str, ratio: float = READABLE) -> str:
    """`colour`, made lighter or darker in steps of 2 % until it stands out from `ground`; its hue stays."""
    hue, lightness, saturation = rgb_to_hls(*(c / 255 for c in channels(colour)))
    step = 0.02 if _luminance(ground) < 0.18 else -0.02  # 0.18: the grey that contrasts alike with both ends
    while contrast(colour, ground) < ratio and 0 <= lightness + step <= 1:
        lightness += step
        colour = "#" + "".join(f"{round(c * 255):02x}" for c in hls_to_rgb(hue, lightness, saturation))
    return colour
