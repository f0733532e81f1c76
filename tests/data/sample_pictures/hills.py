"""Mountains, orchards and the night above them."""

from __future__ import annotations

import math
from collections.abc import Sequence

from .canvas import WIDTH, Canvas, Point


def glacier() -> Canvas:
    """Ice between mountains, a hut with one light."""
    c = Canvas("glacier", "#5f87ad", "#a9c4d6", "#eadfd3")
    c.glow(260, 210, 360, "#fff3dc", 0.8)
    for base, height, colour in ((330, 150, "#9fb4c9"), (390, 130, "#7c96b2"), (450, 110, "#5b7898")):
        c.ridge(base, height, colour, 0.56)
        c.mist(base + 60, 70, "#dfe6ea", 0.4)
    middle = [(610 + 90 * math.sin(n / 7.5 + 0.4) - n * 4, 318 + n * 11) for n in range(31)]
    edge = [9.0 + n**1.66 for n in range(31)]
    left = [(x - e, y) for (x, y), e in zip(middle, edge, strict=True)]
    right = [(x + e, y) for (x, y), e in zip(middle, edge, strict=True)]
    c.area([*left, *reversed(right)], "#e6eff2")
    c.area(
        [*right, *[(x - e * 0.5, y) for (x, y), e in zip(right[::-1], edge[::-1], strict=True)]],
        "#bcd3de",
        0.7,
        soft=6,
    )
    for (x, y), e in zip(middle[2:], edge[2:], strict=True):
        sag = [
            (x + e * (k / 5 - 1) * 0.94, y + e * 0.16 * (1 - (k / 5 - 1) ** 2) + c.random.uniform(-2, 2))
            for k in range(11)
        ]
        c.line(sag, "#8fb9cc", 1.2 + e / 70, 0.5)
    c.area([(0, 470), (150, 430), (330, 560), (420, 640), (0, 640)], "#34495f")
    c.area([(1120, 440), (960, 470), (820, 580), (780, 640), (1120, 640)], "#2c3f54")
    c.area([(972, 452), (972, 420), (998, 400), (1024, 420), (1024, 452)], "#8c4a3c")
    c.box(990, 426, 14, 14, "#ffd98a")
    c.glow(997, 433, 60, "#ffd98a", 0.5)
    return c


def orchard() -> Canvas:
    """Blossom in rows under a morning hill."""
    c = Canvas("orchard", "#9cc3d8", "#d9e3d5", "#f6e3c4")
    c.glow(880, 150, 330, "#fff2cf", 0.9)
    c.ridge(290, 60, "#a9c0a4", 0.4)
    c.ridge(330, 46, "#86a884", 0.4)
    c.ridge(375, 26, "#6b9270", 0.35)
    c.area([(0, 372), (WIDTH, 372), (WIDTH, 640), (0, 640)], "#7ea168", 0.9)
    for row in range(7):
        y, size = 385 + row * row * 5.4, 13 + row * 7.5
        step = size * 2.9
        for n in range(-1, int(WIDTH / step) + 2):
            _blossom(c, n * step + (step / 2 if row % 2 else 0), y, size)
    return c


def _blossom(c: Canvas, x: float, y: float, size: float) -> None:
    c.disc(x + size * 0.35, y + size * 0.95, size * 0.75, "#5a7d4e", 0.5, soft=size * 0.12)
    c.line([(x, y + size), (x, y)], "#6a4b3c", size * 0.16)
    for _ in range(7):
        angle, far = c.random.uniform(0, 6.3), c.random.uniform(0.1, 0.62) * size
        colour = c.random.choice(["#f6dfe2", "#efc3cc", "#fbeee9", "#e8aebd"])
        c.disc(x + far * math.cos(angle), y - size * 0.35 + far * math.sin(angle) * 0.8, size * 0.46, colour)


def cycling() -> Canvas:
    """A pass road in hairpins, and the field strung out on it."""
    c = Canvas("cycling", "#6aa0c4", "#b9d3da", "#f3e2c0")
    c.glow(900, 130, 300, "#fff2cf", 0.85)
    c.ridge(250, 110, "#93a9b4", 0.58)
    c.ridge(330, 80, "#72917f", 0.5)
    c.area([(0, 420), (300, 300), (620, 262), (900, 320), (1130, 300), (1130, 640), (0, 640)], "#6f9358")
    c.area([(0, 520), (420, 430), (1130, 520), (1130, 640), (0, 640)], "#5d824b", 0.8, soft=14)
    bends: list[Point] = [
        (-20, 612),
        (700, 566),
        (930, 530),
        (890, 494),
        (420, 470),
        (268, 438),
        (320, 412),
        (660, 392),
        (790, 368),
        (750, 346),
        (560, 334),
        (490, 316),
        (540, 300),
        (640, 272),
    ]
    road = _smooth(bends)
    for n in range(len(road) - 1):
        width = 5 + 26 * ((road[n][1] - 270) / 340) ** 1.3
        c.line(road[n : n + 2], "#d9cfbd", width)
    for n, colour in zip(
        range(10, 92, 3), ["#c8503f", "#f0b74f", "#2f5f8a", "#efe7d8", "#3f7d5c"] * 8, strict=False
    ):
        x, y = road[n]
        _rider(c, x, y, 0.16 + 0.55 * (y - 270) / 340, colour)
    return c


def _smooth(points: Sequence[Point], steps: int = 9) -> list[Point]:
    """A Catmull-Rom curve through the points."""
    padded = [points[0], *points, points[-1]]
    curve = []
    for a, b, d, e in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        for n in range(steps):
            t = n / steps
            weights = (
                (-t + 2 * t**2 - t**3) / 2,
                (2 - 5 * t**2 + 3 * t**3) / 2,
                (t + 4 * t**2 - 3 * t**3) / 2,
                (t**3 - t**2) / 2,
            )
            curve.append(
                tuple(sum(w * p[k] for w, p in zip(weights, (a, b, d, e), strict=True)) for k in (0, 1))
            )
    return [(x, y) for x, y in curve]


def _rider(c: Canvas, x: float, y: float, size: float, colour: str) -> None:
    for wheel in (-22, 22):
        c.disc(x + wheel * size, y - 15 * size, 15 * size, "#2c3036")
        c.disc(x + wheel * size, y - 15 * size, 11 * size, "#d9cfbd")
    c.line(
        [(x - 20 * size, y - 18 * size), (x, y - 22 * size), (x + 20 * size, y - 40 * size)],
        "#2c3036",
        5 * size,
    )
    c.line([(x - 2 * size, y - 24 * size), (x - 10 * size, y - 52 * size)], "#38404a", 9 * size)
    c.line([(x - 10 * size, y - 52 * size), (x + 14 * size, y - 66 * size)], colour, 19 * size)
    c.disc(x + 24 * size, y - 74 * size, 10 * size, colour)


def observatory() -> Canvas:
    """A dome under the Milky Way."""
    c = Canvas("observatory", "#0f1a35", "#1c2d55", "#39476f", "#7a6a80")
    for n in range(60):
        share = n / 60
        c.disc(
            60 + share * 1060 + c.random.gauss(0, 16),
            425 - share * 505 + c.random.gauss(0, 22),
            c.random.uniform(34, 84),
            "#8d86b0",
            0.075,
            soft=26,
        )
    for _ in range(420):
        x, y = c.random.uniform(0, WIDTH), c.random.uniform(0, 430)
        near = math.exp(-(((y - (457 - x * 0.478)) / 110) ** 2))
        if c.random.random() < 0.35 + 0.65 * near:
            c.disc(x, y, c.random.choice([0.6, 0.8, 0.8, 1.1, 1.7]), "#f0eadc", c.random.uniform(0.5, 1))
    c.ridge(540, 50, "#2a2f4d", 0.5)
    c.ridge(585, 34, "#161c33", 0.5)
    c.box(640, 470, 190, 90, "#c9c3c4")
    c.box(640, 470, 60, 90, "#e4ddd6", 0.6)
    c.shape([(632, 376), (838, 582)], lambda draw, at: draw.pieslice(at, 180, 360, fill=255), "#b3afb8")
    c.shape([(632, 376), (838, 582)], lambda draw, at: draw.pieslice(at, 196, 262, fill=255), "#d9d4d3", 0.7)
    c.area([(722, 478), (712, 372), (756, 372), (764, 478)], "#1b2240")
    c.line([(742, 470), (728, 392)], "#e0c48c", 9)
    c.box(630, 474, 210, 8, "#8a8794")
    c.box(776, 512, 22, 48, "#f6cf86")
    c.glow(787, 532, 90, "#f6cf86", 0.45)
    c.area([(0, 600), (500, 556), (900, 552), (WIDTH, 590), (WIDTH, 640), (0, 640)], "#11172b")
    return c
