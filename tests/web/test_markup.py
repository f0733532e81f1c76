"""Every page a reader meets is written as the standard wants it."""

from __future__ import annotations

from digest.tokens import Purpose
from tests.markup import errors
from tests.web.site import Newspaper

OPEN = (
    "/",
    "/subscribe",
    "/preferences",
    "/embed",
    "/archive",
    "/archive/morning",
    "/confirm/gone",
    "/nowhere",
)


async def test_no_page_has_an_error_or_is_large(house: Newspaper) -> None:
    house.clock.turn(hours=-2)
    ida, eva = house.reader("ida@example.com"), house.reader("eva@example.com", confirmed=False)
    house.clock.turn(hours=2)
    house.issue("harbour", "glacier", "orchard")
    day = house.app.editions.latest(house.app.newsletters[0], 1)[0].date
    personal = [house.path(purpose, ida) for purpose in (Purpose.PREFERENCES, Purpose.UNSUBSCRIBE)]
    for path in (*OPEN, f"/archive/morning/{day}", *personal, house.path(Purpose.CONFIRM, eva)):
        answer = await house.get(path)
        assert errors(answer.text) == [], path
        assert len(answer.content) < 100_000, path
    for path in (house.path(Purpose.CONFIRM, eva), personal[1]):
        assert errors((await house.post(path)).text) == [], f"POST {path}"
