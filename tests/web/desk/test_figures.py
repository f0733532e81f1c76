"""Pictures with their numbers beneath: readable without eyes, in the dark, and by a spreadsheet."""

from __future__ import annotations

import pytest
from lxml import etree

from digest.model import DeliveryState
from digest.web.desk.numbers import FIGURES
from tests.web.desk.office import Office
from tests.web.desk.test_front import issued, settle
from tests.web.site import heading


@pytest.fixture
def desk(office: Office) -> Office:
    """A desk after a morning with five readers."""
    issued(office)
    settle(office, DeliveryState.ACCEPTED, DeliveryState.REFUSED, DeliveryState.ACCEPTED)
    return office


@pytest.mark.parametrize("name", FIGURES)
async def test_every_figure_is_a_picture_with_its_table(desk: Office, name: str) -> None:
    page = await desk.look(f"/figures/morning/{name}")
    assert page.status_code == 200
    if name == "troubles":
        assert "There is nothing to show yet." in page.text
    else:
        assert "<table>" in page.text
        assert "picture.svg" in page.text


async def test_a_picture_loads_nothing_and_runs_nothing(desk: Office) -> None:
    answer = await desk.look("/figures/morning/readers/picture.svg")
    assert answer.headers["content-type"] == "image/svg+xml"
    svg = etree.fromstring(answer.content)
    assert not list(svg.iter("{*}script"))
    assert "prefers-color-scheme:dark" in answer.text
    assert 'href="http' not in answer.text


async def test_the_numbers_as_a_file(desk: Office) -> None:
    lines = (await desk.look("/figures/morning/domains/numbers.csv")).text.splitlines()
    assert lines == ["what,planned,accepted,refused", "example.com,2,2,1"]


async def test_growth_counts_the_readers_of_each_day(desk: Office) -> None:
    lines = (await desk.look("/figures/morning/readers/numbers.csv")).text.splitlines()
    assert lines[-1] == "10 Mar,5,5,0"
    assert len(lines) == 61


async def test_the_first_figure_is_of_the_readers(desk: Office) -> None:
    assert (await desk.look("/figures")).headers["location"] == "/desk/figures/morning/readers"
    assert heading(await desk.look("/figures/morning/readers")) == "Subscribers over time"
    assert (await desk.look("/figures/morning/none")).status_code == 404
