"""A concert, a library and a stadium: places where people gather."""

from __future__ import annotations

from .canvas import WIDTH, Canvas, between


def concert() -> Canvas:
    """A hall of curved wood, one player in the light."""
    c = Canvas("concert", "#2a1a1c", "#4a2c25", "#2a1a1c")
    for n in range(15):
        radius = 700 - n * 38
        c.disc(560, 640, radius, between("#5b3226", "#e0a765", n / 14), 0.42)
        c.disc(560, 644, radius - 12, between("#3a2220", "#a56b3f", n / 14), 0.42)
    c.area([(500, -20), (620, -20), (820, 640), (300, 640)], "#ffe7b8", 0.22, soft=30)
    c.oval(250, 505, 870, 650, "#f0c88b", 0.9)
    c.oval(440, 560, 700, 600, "#8a5a3a", 0.5, soft=8)
    _cellist(c, "#22161b")
    for row in range(2):
        for n in range(19 + row):
            c.disc(n * 62 - row * 31, 622 + row * 22, 27, "#1a1116" if row else "#22171b")
    return c


def _cellist(c: Canvas, ink: str) -> None:
    c.disc(548, 398, 21, ink)
    c.area([(518, 430), (548, 418), (582, 432), (592, 512), (570, 575), (536, 575), (516, 512)], ink, soft=1)
    c.area([(520, 508), (498, 582), (520, 584), (548, 520)], ink)
    c.area([(580, 508), (606, 582), (584, 584), (556, 520)], ink)
    c.disc(566, 540, 30, "#8e4322")
    c.disc(562, 498, 22, "#8e4322")
    c.box(550, 500, 26, 36, "#8e4322")
    c.line([(558, 500), (546, 406)], "#3a2018", 6)
    c.line([(564, 566), (566, 590)], ink, 3)
    c.line([(580, 442), (604, 480), (596, 514)], ink, 10)
    c.line([(524, 442), (520, 470), (548, 446)], ink, 9)
    c.line([(500, 530), (640, 506)], "#d9b98a", 3)


def library() -> Canvas:
    """Shelves of spines, a lamp at the end of the aisle."""
    c = Canvas("library", "#3a2a22", "#4a3428", "#33241d")
    spines = [
        "#8c3b32",
        "#c58a3d",
        "#2f5d62",
        "#e0c896",
        "#5a4a6f",
        "#7b8a5a",
        "#b5643f",
        "#31445f",
        "#d6a99a",
    ]
    for shelf in range(3):
        floor, x = 196 + shelf * 206, -10.0
        while x < WIDTH:
            width, height = c.random.uniform(26, 58), c.random.uniform(118, 172)
            if c.random.random() < 0.06:
                x += width
                continue
            _spine(c, x, floor, width, height, c.random.choice(spines))
            x += width + 1.5
        c.box(0, floor, WIDTH, 16, "#6b4a34")
        c.box(0, floor + 16, WIDTH, 9, "#241812", 0.7)
    c.glow(560, 240, 560, "#ffdf9e", 0.42)
    c.area([(0, 0), (130, 0), (0, 630)], "#1d1410", 0.55, soft=70)
    c.area([(WIDTH, 0), (WIDTH - 130, 640), (WIDTH, 640)], "#1d1410", 0.55, soft=70)
    return c


def _spine(c: Canvas, x: float, floor: float, width: float, height: float, colour: str) -> None:
    lean = c.random.choice([0, 0, 0, 0, 0, 0, 5])
    top = floor - height
    c.area([(x + lean, top), (x + lean + width, top), (x + width, floor), (x, floor)], colour)
    c.area([(x + lean, top), (x + lean + 4, top), (x + 4, floor), (x, floor)], "#f3e2c2", 0.16)
    if width > 36:
        c.box(x + lean * 0.8 + 5, top + 16, width - 10, 4, "#f0d9a8", 0.75)
        c.box(x + lean * 0.3 + 5, floor - 24, width - 10, 4, "#f0d9a8", 0.75)


def stadium() -> Canvas:
    """Floodlights over an evening pitch."""
    c = Canvas("stadium", "#14213d", "#27406a", "#5c7191")
    c.area([(-40, 330), (560, 262), (1160, 330), (1160, 400), (-40, 400)], "#1b2746")
    for row in range(7):
        for n in range(130):
            x = n * 8.7 + c.random.uniform(-2, 2)
            y = 300 + row * 13 + abs(x - 560) * 0.035 + c.random.uniform(-3, 3)
            if c.random.random() < 0.62:
                c.box(
                    x, y, 3.2, 3.2, c.random.choice(["#e8d5b5", "#c8553d", "#8aa0c0", "#f0b95a", "#5d7399"])
                )
    c.area([(-300, 650), (250, 392), (870, 392), (1420, 650)], "#3f7d4e")
    for n in range(0, 10, 2):
        left, right = 250 + n * 62, 312 + n * 62
        c.area([(left, 392), (right, 392), (-300 + (n + 1) * 172, 650), (-300 + n * 172, 650)], "#4d8f5b")
    c.line([(190, 420), (930, 420)], "#e8eee0", 2, 0.8)
    c.line([(560, 392), (560, 650)], "#e8eee0", 3, 0.8)
    c.shape([(400, 462), (720, 552)], lambda draw, at: draw.ellipse(at, outline=255, width=7), "#e8eee0", 0.8)
    for x in (110, 380, 740, 1010):
        _floodlight(c, x, 96 if x in {110, 1010} else 130)
    return c


def _floodlight(c: Canvas, x: float, y: float) -> None:
    c.line([(x, y), (x, 330)], "#0f1830", 6)
    c.box(x - 38, y - 28, 76, 44, "#0f1830")
    for row in range(2):
        for n in range(4):
            c.disc(x - 27 + n * 18, y - 17 + row * 21, 7, "#fff6da")
    c.glow(x, y - 6, 190, "#fff2c8", 0.62)
