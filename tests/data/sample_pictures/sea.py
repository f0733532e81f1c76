"""Harbours, sails and everything by the water."""

from __future__ import annotations

import math

from .canvas import HEIGHT, WIDTH, Canvas, between


def harbour() -> Canvas:
    """A ferry under cranes at first light."""
    c = Canvas("harbour", "#27406b", "#5b6f95", "#d99a86", "#f6cf9c")
    c.glow(760, 400, 420, "#ffe3b0", 0.9)
    c.disc(760, 392, 34, "#fff0cf")
    c.ridge(395, 40, "#7d7f9b", 0.45)
    c.ridge(410, 22, "#5f6786", 0.5)
    for x in (120, 232, 344):
        _crane(c, x, 418, 150, "#26324f")
    _ferry(c, 590, 418, "#f1e6d6", "#22304f", "#c8553d")
    c.box(0, 412, WIDTH, 10, "#26324f")
    c.water(420, "#33486f", 0.35)
    c.area([(700, 420), (820, 420), (900, 630), (640, 630)], "#ffe3b0", 0.16, soft=26)
    return c


def _crane(c: Canvas, x: float, y: float, height: float, colour: str) -> None:
    top = y - height
    for leg in (0, 46):
        c.line([(x + leg, y), (x + 23 + (leg - 23) * 0.5, top)], colour, 5)
    c.line([(x + 4, y - 40), (x + 42, y - 40)], colour, 4)
    c.line([(x - 30, top), (x + 150, top)], colour, 6)
    c.line([(x + 23, top - 40), (x + 148, top)], colour, 2)
    c.line([(x + 23, top - 40), (x - 28, top)], colour, 2)
    c.line([(x + 23, top), (x + 23, top - 40)], colour, 5)
    c.line([(x + 112, top), (x + 112, top + 46)], colour, 2)
    c.box(x + 96, top + 46, 32, 15, "#b6543f")


def _ferry(c: Canvas, x: float, y: float, hull: str, dark: str, band: str) -> None:
    c.area([(x, y - 34), (x + 330, y - 34), (x + 300, y), (x + 24, y)], dark)
    c.box(x + 6, y - 40, 320, 8, band)
    c.area([(x + 30, y - 40), (x + 282, y - 40), (x + 270, y - 66), (x + 40, y - 66)], hull)
    c.area(
        [(x + 62, y - 66), (x + 240, y - 66), (x + 228, y - 88), (x + 70, y - 88)], between(hull, dark, 0.12)
    )
    c.area([(x + 180, y - 88), (x + 214, y - 88), (x + 208, y - 118), (x + 186, y - 118)], band)
    for n in range(11):
        c.box(x + 52 + n * 20, y - 58, 10, 8, "#f8c873")
    for n in range(7):
        c.box(x + 80 + n * 21, y - 81, 10, 7, "#f8c873")


def delta() -> Canvas:
    """A river's branches, seen from the air."""
    c = Canvas("delta", "#b98d5c", "#a9a06b", "#6f8f74")
    for _ in range(90):
        x, y = c.random.uniform(-40, WIDTH), c.random.uniform(-40, HEIGHT)
        colour = c.random.choice(["#8f9a63", "#c49b66", "#7d9a7a", "#d0ac77", "#5f8268"])
        c.disc(x, y, c.random.uniform(30, 110), colour, 0.35, soft=20)
    for start, spread in ((300, -0.55), (420, -0.1), (540, 0.28), (640, 0.7)):
        _branch(c, start, -30, spread, 30)
    c.mist(660, 160, "#2f6f86", 0.95)
    return c


def _branch(c: Canvas, x: float, y: float, spread: float, width: float) -> None:
    path, phase = [], c.random.uniform(0, 6)
    while y < HEIGHT + 60 and width > 3:
        path.append((x, y))
        x += spread * 12 + 13 * math.sin(y / 46 + phase)
        y += 12
        if c.random.random() < 0.04 and width > 12:
            _branch(c, x, y, spread + c.random.choice([-0.8, 0.8]), width * 0.55)
            width *= 0.9
    if len(path) > 2:
        c.line(path, "#e2c893", width + 9, 0.5)
        c.line(path, "#2f6f86", width)
        c.line(path, "#3f7f95", width * 0.55, 0.6)


def lighthouse() -> Canvas:
    """A tower on a rock, its beam over the evening sea."""
    c = Canvas("lighthouse", "#17254a", "#2f4a77", "#7b7f9f", "#d8a48c")
    for _ in range(70):
        c.disc(
            c.random.uniform(0, WIDTH), c.random.uniform(0, 250), c.random.uniform(0.7, 1.7), "#e9e4d4", 0.8
        )
    c.water(430, "#1c2f55", 0.5, 4)
    c.area([(792, 172), (-60, 20), (-60, 210)], "#ffe9ae", 0.34, soft=10)
    c.area([(792, 172), (1180, 110), (1180, 196)], "#ffe9ae", 0.3, soft=8)
    c.area(
        [(560, 640), (640, 520), (720, 470), (860, 462), (940, 500), (1040, 560), (1130, 590), (1130, 640)],
        "#141c33",
    )
    c.area([(700, 640), (760, 540), (880, 520), (990, 640)], "#1f2a47")
    c.area([(766, 470), (774, 204), (812, 204), (820, 470)], "#e9e1d3")
    for top in (250, 340, 430):
        c.area(
            [
                (773 - (top - 204) * 0.03, top),
                (813 + (top - 204) * 0.03, top),
                (814 + (top - 180) * 0.03, top + 42),
                (772 - (top - 180) * 0.03, top + 42),
            ],
            "#b4483c",
        )
    c.box(762, 196, 62, 10, "#22304f")
    c.box(776, 156, 34, 40, "#f6d78c")
    c.area([(768, 156), (793, 130), (818, 156)], "#22304f")
    c.glow(793, 176, 150, "#fff0bf", 0.75)
    return c


def regatta() -> Canvas:
    """Sails leaning to one wind."""
    c = Canvas("regatta", "#7fb2cf", "#bcd9e2", "#f0ead8")
    c.glow(240, 190, 340, "#fff6df", 0.85)
    c.ridge(330, 34, "#8fb0b8", 0.45)
    c.ridge(340, 16, "#6d97a5", 0.5)
    for n in range(15):
        y = 338 + n * n * 1.4
        c.box(0, y, WIDTH, HEIGHT - y + 4, between("#6aa3b8", "#1f5a78", n / 14))
    for _ in range(150):
        y = 350 + c.random.random() ** 1.4 * 280
        x, wide = c.random.uniform(0, WIDTH), (y - 320) * 0.22
        c.line([(x, y), (x + wide, y)], "#cfe6ea", 1.2 + (y - 340) / 260, 0.35)
    for x, y, size, colour in (
        (180, 372, 70, "#f4efe2"),
        (930, 382, 84, "#e6b04e"),
        (700, 412, 128, "#f7f2e6"),
        (390, 492, 230, "#c8503f"),
    ):
        _yacht(c, x, y, size, colour)
    return c


def _yacht(c: Canvas, x: float, y: float, size: float, colour: str) -> None:
    lean = size * 0.16
    c.area(
        [(x + 4 + lean, y - size * 1.25), (x + 4, y - size * 0.06), (x + size * 0.62, y - size * 0.06)],
        colour,
    )
    c.area(
        [(x - 3 + lean, y - size * 1.1), (x - 4, y - size * 0.06), (x - size * 0.42, y - size * 0.06)],
        between(colour, "#fbf6ea", 0.6),
    )
    c.line([(x, y), (x + lean + 1, y - size * 1.3)], "#33424f", max(1.5, size * 0.016))
    c.area(
        [
            (x - size * 0.5, y - size * 0.05),
            (x + size * 0.68, y - size * 0.05),
            (x + size * 0.5, y + size * 0.09),
            (x - size * 0.34, y + size * 0.09),
        ],
        "#223746",
    )
    c.area(
        [
            (x - size * 0.34, y + size * 0.1),
            (x + size * 0.5, y + size * 0.1),
            (x + size * 0.36, y + size * 0.34),
            (x - size * 0.1, y + size * 0.34),
        ],
        colour,
        0.2,
        soft=5,
    )


def turbines() -> Canvas:
    """Turbines at sea, in a row towards the sunrise."""
    c = Canvas("turbines", "#5a7fa3", "#a9bfc9", "#f2cfa4", "#f6dcb6")
    c.glow(300, 420, 380, "#fff0c8", 0.9)
    c.disc(300, 418, 40, "#fff3d4")
    c.box(0, 440, WIDTH, 200, "#5e86a0")
    c.water(440, "#3f6d8c", 0.55, 4)
    for n in range(7):
        scale = 0.24 + 0.76 * (n / 6) ** 1.7
        x = 330 + 640 * (n / 6) ** 1.35
        _turbine(c, x, 440 + 90 * scale**2, scale, n * 23.0, between("#c4ccd0", "#f3f0e8", scale))
    return c


def _turbine(c: Canvas, x: float, foot: float, scale: float, turn: float, colour: str) -> None:
    hub = foot - 400 * scale
    c.area([(x - 9 * scale, foot), (x - 4 * scale, hub), (x + 4 * scale, hub), (x + 9 * scale, foot)], colour)
    c.box(x - 13 * scale, foot - 22 * scale, 26 * scale, 24 * scale, "#e0a93f")
    for blade in range(3):
        angle = math.radians(turn + blade * 120)
        tip = (x + 190 * scale * math.cos(angle), hub + 190 * scale * math.sin(angle))
        side = (math.cos(angle + 1.57) * 9 * scale, math.sin(angle + 1.57) * 9 * scale)
        near = (x + 36 * scale * math.cos(angle), hub + 36 * scale * math.sin(angle))
        c.area([(x, hub), (near[0] + side[0], near[1] + side[1]), tip], colour)
    c.disc(x, hub, 10 * scale, between(colour, "#8a98a3", 0.35))
