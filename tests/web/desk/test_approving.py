"""A draft is approved, held, or sent to oneself as a copy."""

from __future__ import annotations

from digest.model import Duty
from tests.builders import found
from tests.web.desk.office import Office
from tests.web.desk.test_table import PAGE, desk, rows

__all__ = ["desk"]


async def test_held_it_waits_and_approved_it_goes(desk: Office) -> None:
    await desk.press(f"{PAGE}/hold", Duty.EDITOR)
    assert "It waits for approval" in (await desk.look(PAGE)).text
    await desk.press(f"{PAGE}/approve", Duty.EDITOR)
    assert "It goes out at 07:00" in (await desk.look(PAGE)).text


async def test_holding_closes_no_stories(desk: Office) -> None:
    await desk.press(f"{PAGE}/hold", Duty.EDITOR)
    desk.clock.turn(hours=2)
    desk.app.stories.save("wire", [found("late", published=desk.clock(), section="Harbour")], desk.clock())
    assert "The late story" in rows(await desk.look(PAGE))
