"""Streets, bridges and roofs."""

from __future__ import annotations

import math

from .canvas import WIDTH, Canvas, Point, between


def skyline() -> Canvas:
    """Towers before sunrise, with the first windows lit."""
    c = Canvas("skyline", "#20284f", "#5a4a78", "#c8748a", "#f3b48c")
    c.glow(420, 470, 420, "#ffd6a0", 0.75)
    for layer, (colour, low, high) in enumerate(
        (("#6d5a86", 150, 300), ("#473f6b", 120, 350), ("#272850", 70, 250))
    ):
        x = -30.0
        while x < WIDTH:
            width, height = c.random.uniform(44, 92), c.random.uniform(low, high)
            c.box(x, 560 - height, width, height + 80, colour)
            if c.random.random() < 0.35:
                c.box(x + width / 2 - 2, 560 - height - 34, 4, 34, colour)
            if layer:
                _windows(c, x, 560 - height, width, height, 0.24 if layer == 1 else 0.34)
            x += width + c.random.uniform(2, 30)
    c.box(0, 585, WIDTH, 50, "#1b1c3a")
    return c


def _windows(c: Canvas, x: float, y: float, width: float, height: float, lit: float) -> None:
    for row in range(int(height // 17)):
        for column in range(int((width - 14) // 13)):
            if c.random.random() < lit:
                c.box(x + 9 + column * 13, y + 12 + row * 17, 6, 8.5, "#ffcf86", 0.85)


def bridge() -> Canvas:
    """A suspension bridge coming out of the fog."""
    c = Canvas("bridge", "#c9b9ac", "#e3cdb8", "#f1ddc5", "#d9cfc6")
    c.glow(330, 190, 300, "#fff4dd", 0.85)
    c.disc(330, 190, 42, "#fff6e4", 0.9)
    c.ridge(430, 60, "#b9b2ad", 0.45)
    c.mist(450, 130, "#e9dccd", 0.7)
    _span(c, 470, 330, 1.0, "#8f3f34")
    c.mist(560, 170, "#eadfd2", 0.9)
    c.mist(630, 160, "#eadfd2", 0.97)
    return c


def _span(c: Canvas, tower: float, deck: float, scale: float, colour: str) -> None:
    top = deck - 220 * scale
    far = tower + 620 * scale
    for x in (tower, far):
        for leg in (-16, 16):
            c.box(x + leg * scale - 5 * scale, top, 10 * scale, 640 * scale, colour)
        for y in (0, 70, 140, 260):
            c.box(x - 18 * scale, top + y * scale, 36 * scale, 9 * scale, colour)
    c.box(-20, deck, WIDTH + 40, 11 * scale, colour)
    for start, end in ((tower - 620 * scale, tower), (tower, far), (far, far + 620 * scale)):
        curve = [
            (start + (end - start) * n / 40, top + 195 * scale * (1 - (n / 20 - 1) ** 2)) for n in range(41)
        ]
        c.line(curve, colour, 4 * scale)
        for hanger, sag in curve[1:-1]:
            c.line([(hanger, sag), (hanger, deck)], colour, 1.2 * scale, 0.8)


def market() -> Canvas:
    """Striped awnings and crates on a square."""
    c = Canvas("market", "#e9d9bd", "#efe3cd", "#dcc7a4")
    for n, colour in enumerate(["#cf9f7d", "#b9b08d", "#d4b48a", "#b58d79", "#c9bb9b", "#c79a86"]):
        x = n * 196 - 30
        c.area([(x, 300), (x, 90), (x + 98, 34 + (n % 3) * 22), (x + 196, 90), (x + 196, 300)], colour)
        for k in range(3):
            c.box(x + 30 + k * 52, 130, 26, 44, between(colour, "#4a4038", 0.55))
            c.box(x + 30 + k * 52, 206, 26, 44, between(colour, "#4a4038", 0.55))
    c.box(0, 298, WIDTH, 340, "#cbb793")
    for n, colour in enumerate(["#b5483b", "#2f6b62", "#d29a35", "#3c5a86"]):
        _stall(c, 40 + n * 272, 286, colour)
    return c


def _stall(c: Canvas, x: float, y: float, colour: str) -> None:
    c.box(x + 6, y + 30, 7, 300, "#5b4636")
    c.box(x + 217, y + 30, 7, 300, "#5b4636")
    c.box(x + 8, y + 60, 214, 150, "#6d5847", 0.55)
    for n in range(8):
        stripe = colour if n % 2 else "#f3e9d6"
        c.area(
            [
                (x + 18 + n * 24.5, y - 34),
                (x + 42.5 + n * 24.5, y - 34),
                (x + (n + 1) * 28.75, y + 46),
                (x + n * 28.75, y + 46),
            ],
            stripe,
        )
        c.disc(x + (n + 0.5) * 28.75, y + 46, 14.4, stripe)
    c.box(x - 4, y + 196, 238, 96, "#8a6a4b")
    for n in range(3):
        left = x + 4 + n * 77
        c.box(left, y + 210, 70, 66, "#a9835c")
        c.box(left, y + 238, 70, 5, "#8a6a4b")
        fruit = c.random.choice(["#d9683f", "#c43d3a", "#e2b33f", "#7a9a45", "#7b4a74"])
        for k in range(11):
            c.disc(
                left + 8 + (k % 6) * 11 + (k // 6) * 5,
                y + 207 - (k // 6) * 10,
                8.5,
                between(fruit, "#fbe9c6", c.random.uniform(0, 0.28)),
            )


def viaduct() -> Canvas:
    """A night train over the arches."""
    c = Canvas("viaduct", "#1b2745", "#34456b", "#7d7791", "#d49a86")
    c.glow(860, 420, 380, "#f6c89a", 0.7)
    c.disc(214, 118, 44, "#f3e6c8", 0.95)
    c.ridge(420, 90, "#5f6a8a", 0.5)
    c.mist(440, 80, "#c9b2ae", 0.45)
    c.ridge(480, 60, "#3f4d70", 0.5)
    c.box(-10, 318, WIDTH + 20, 26, "#8a7a78")
    for n in range(7):
        x = n * 176 - 40
        c.area(_arch(x, 344, 176), "#756769")
    c.mist(600, 150, "#2b3656", 0.95)
    for n in range(5):
        _coach(c, 90 + n * 176, 276)
    c.area([(970, 276), (1030, 276), (1066, 312), (1066, 318), (970, 318)], "#a23f3a")
    c.box(1020, 286, 18, 12, "#ffe1a0")
    c.glow(1066, 310, 130, "#ffe9b8", 0.7)
    return c


def _arch(x: float, y: float, width: float) -> list[Point]:
    middle, radius = x + width / 2, width / 2 - 20
    curve = [
        (middle - radius * math.cos(a / 20 * math.pi), y + 110 - radius * math.sin(a / 20 * math.pi))
        for a in range(21)
    ]
    return [
        (x, 640),
        (x, y),
        (x + width, y),
        (x + width, 640),
        (middle + radius, 640),
        *reversed(curve),
        (middle - radius, 640),
    ]


def _coach(c: Canvas, x: float, y: float) -> None:
    c.box(x, y, 170, 42, "#263a5e")
    c.box(x, y + 27, 170, 4, "#d9b25f")
    for n in range(8):
        c.box(x + 9 + n * 20, y + 9, 13, 13, "#ffd98f")
    for wheel in (22, 44, 128, 150):
        c.disc(x + wheel, y + 42, 5, "#141b30")


def garden() -> Canvas:
    """Roof gardens and beehives above the streets."""
    c = Canvas("garden", "#8fbdd0", "#cfe0d8", "#f7e6c6")
    c.glow(220, 150, 300, "#fff4d6", 0.85)
    for colour, low, high in (("#b9c3c2", 90, 190), ("#98aab0", 60, 150)):
        x = -20.0
        while x < WIDTH:
            width, height = c.random.uniform(60, 120), c.random.uniform(low, high)
            c.box(x, 400 - height, width, 300, colour)
            x += width + 3
    c.box(-10, 400, WIDTH + 20, 250, "#5f5a3c")
    c.box(-10, 400, WIDTH + 20, 14, "#a4573f")
    for _ in range(230):
        x, y = c.random.uniform(0, WIDTH), c.random.uniform(426, 640)
        colour = c.random.choice(["#5c8a4c", "#77a05a", "#3f7048", "#8fb36a"])
        c.disc(x, y, c.random.uniform(10, 30), colour)
    for _ in range(170):
        x, y = c.random.uniform(0, WIDTH), c.random.uniform(430, 640)
        c.disc(
            x,
            y,
            c.random.uniform(2.5, 6),
            c.random.choice(["#e7c24f", "#d9788f", "#f2ead6", "#8a6fb0", "#e08a4a"]),
        )
    for x, colour in ((330, "#f0d9a0"), (452, "#d98f5a"), (574, "#8fb5bf")):
        _hive(c, x, 452, colour)
    for _ in range(22):
        c.disc(c.random.gauss(500, 130), c.random.gauss(300, 54), 2.6, "#5a4326")
    return c


def _hive(c: Canvas, x: float, y: float, colour: str) -> None:
    for n in range(3):
        c.box(x, y - 40 - n * 42, 88, 39, between(colour, "#fff5dd", n * 0.14))
        c.box(x, y - 5 - n * 42, 88, 4, "#6b5138", 0.55)
    c.box(x - 6, y - 138, 100, 13, "#6f7d84")
    c.box(x + 26, y - 12, 36, 6, "#3b2c1e")
    c.box(x + 6, y, 9, 30, "#6b5138")
    c.box(x + 73, y, 9, 30, "#6b5138")
