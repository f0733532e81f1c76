"""What the pictures are painted with.

Coordinates are those of the finished picture, 1120 by 630; everything is drawn at twice that size and
scaled down, which is Pillow's way to smooth edges.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

WIDTH, HEIGHT, TWICE = 1120, 630, 2

Point = tuple[float, float]
Paint = Callable[[ImageDraw.ImageDraw, list[Point]], None]


def rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def between(one: str, other: str, share: float) -> str:
    mixed = (round(a + (b - a) * share) for a, b in zip(rgb(one), rgb(other), strict=True))
    return "#{:02x}{:02x}{:02x}".format(*mixed)


class Canvas:
    """A picture in the making, begun with a sky of colours from top to bottom."""

    def __init__(self, seed: str, *sky: str) -> None:
        self.random = Random(seed)
        self.image = _gradient(sky)

    def shape(
        self, points: Iterable[Point], paint: Paint, colour: str, strength: float = 1, soft: float = 0
    ) -> None:
        """Paints what the points outline. The mask is no larger, or a window would cost a whole picture."""
        scaled = [(x * TWICE, y * TWICE) for x, y in points]
        spare = math.ceil(soft * 3 * TWICE) + 2
        left, top = (math.floor(min(p[k] for p in scaled)) - spare for k in (0, 1))
        right, bottom = (math.ceil(max(p[k] for p in scaled)) + spare for k in (0, 1))
        mask = Image.new("L", (right - left, bottom - top))
        paint(ImageDraw.Draw(mask), [(x - left, y - top) for x, y in scaled])
        if soft:
            mask = mask.filter(ImageFilter.GaussianBlur(soft * TWICE))
        self.image.paste(
            rgb(colour), (left, top, right, bottom), mask.point(lambda level: round(level * strength))
        )

    def area(self, points: Iterable[Point], colour: str, strength: float = 1, soft: float = 0) -> None:
        self.shape(points, lambda draw, at: draw.polygon(at, fill=255), colour, strength, soft)

    def box(self, x: float, y: float, width: float, height: float, colour: str, strength: float = 1) -> None:
        self.area([(x, y), (x + width, y), (x + width, y + height), (x, y + height)], colour, strength)

    def line(self, points: Iterable[Point], colour: str, width: float = 2, strength: float = 1) -> None:
        path = list(points)
        thick = max(1, round(width * TWICE))
        corners = [(x + d, y + d) for x, y in path for d in (-width, width)]

        def paint(draw: ImageDraw.ImageDraw, at: Sequence[Point]) -> None:
            middles = [((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) for a, b in zip(at[::2], at[1::2], strict=True)]
            draw.line(middles, 255, thick, "curve")

        self.shape(corners, paint, colour, strength)

    def oval(
        self,
        left: float,
        top: float,
        right: float,
        bottom: float,
        colour: str,
        strength: float = 1,
        soft: float = 0,
    ) -> None:
        self.shape(
            [(left, top), (right, bottom)],
            lambda draw, at: draw.ellipse(at, fill=255),
            colour,
            strength,
            soft,
        )

    def disc(
        self, x: float, y: float, radius: float, colour: str, strength: float = 1, soft: float = 0
    ) -> None:
        self.oval(x - radius, y - radius, x + radius, y + radius, colour, strength, soft)

    def glow(self, x: float, y: float, radius: float, colour: str, strength: float = 1) -> None:
        """Light that fades outwards."""
        size = round(radius * 2 * TWICE)
        # Pillow's gradient reaches 255 in the corners and 181 in the middle of the sides.
        distance = Image.radial_gradient("L").resize((size, size))
        faded = distance.point(lambda far: round(max(0, 1 - far / 180) ** 2 * 255 * strength))
        corner = (round((x - radius) * TWICE), round((y - radius) * TWICE))
        self.image.paste(rgb(colour), (corner[0], corner[1], corner[0] + size, corner[1] + size), faded)

    def ridge(self, base: float, height: float, colour: str, rough: float = 0.5) -> list[Point]:
        """A range of hills across the whole width, filled down to the bottom; its crest is given back."""
        waves = [
            (self.random.uniform(0.6, 1.4) * 2**n, self.random.uniform(0, 6.3), rough**n) for n in range(7)
        ]
        crest = [(float(x), base - height * _wave(waves, x / WIDTH)) for x in range(0, WIDTH + 8, 4)]
        self.area([*crest, (WIDTH + 8, HEIGHT + 4), (-4, HEIGHT + 4)], colour)
        return crest

    def mist(self, y: float, height: float, colour: str, strength: float = 0.6) -> None:
        band = [
            (-90, y - height / 2),
            (WIDTH + 90, y - height / 2),
            (WIDTH + 90, y + height / 2),
            (-90, y + height / 2),
        ]
        self.area(band, colour, strength, soft=height / 3)

    def water(self, horizon: float, colour: str, strength: float = 0.45, ripple: float = 5) -> None:
        """Mirrors what stands above the horizon, broken by ripples that grow towards the shore."""
        line, deep = round(horizon * TWICE), round((HEIGHT - horizon) * TWICE)
        mirror = self.image.crop((0, max(0, line - deep), self.image.width, line)).transpose(
            Image.Transpose.FLIP_TOP_BOTTOM
        )
        mirror = mirror.resize((self.image.width, deep)).filter(ImageFilter.GaussianBlur(3))
        mirror = Image.blend(mirror, Image.new("RGB", mirror.size, rgb(colour)), strength)
        for y in range(0, deep, 3):
            near = y / deep
            shift = round(ripple * TWICE * near * math.sin(y / (3 + 14 * near) + 2 * math.sin(y / 31)))
            strip = ImageChops.offset(mirror.crop((0, y, mirror.width, min(y + 3, deep))), shift, 0)
            self.image.paste(strip, (0, line + y))

    def finished(self) -> Image.Image:
        return self.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def _gradient(colours: Sequence[str]) -> Image.Image:
    column = Image.new("RGB", (1, len(colours)))
    column.putdata([rgb(colour) for colour in colours])
    # Half a pixel more at each end would be flat: BICUBIC interpolates between the centres of pixels.
    edge = 0.5
    box = (0, edge, 1, len(colours) - edge)
    return column.resize((WIDTH * TWICE, HEIGHT * TWICE), Image.Resampling.BICUBIC, box)


def _wave(waves: Sequence[tuple[float, float, float]], at: float) -> float:
    total = sum(weight for _, _, weight in waves)
    return sum(weight * math.sin(6.28 * pace * at + phase) for pace, phase, weight in waves) / total
