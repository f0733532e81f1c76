"""Grouping of reports on one event, measured on invented and labelled headlines (data/collect/events.txt)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from digest.collect.events import shown_as_one
from digest.model import Story

DATA = Path(__file__).parents[1] / "data" / "collect" / "events.txt"
LEAD = (
    "The ferry Santa Brisa ran aground off Port Ellery with 214 people aboard, the coastguard said on Monday."
)
MONDAY = datetime(2026, 3, 2, 5, tzinfo=UTC)


class Labelled(NamedTuple):
    event: str
    story: Story


def labelled() -> list[Labelled]:
    lines = [line.split(" | ") for line in DATA.read_text().splitlines() if not line.startswith("#")]
    return [
        Labelled(event, story(number, source, title, lead, float(hour)))
        for number, (event, _, source, hour, title, lead) in enumerate(lines)
    ]


def story(number: int, source: str, title: str, lead: str, hour: float = 0) -> Story:
    at = MONDAY + timedelta(hours=hour)
    return Story(number, 1, source, at, at, f"https://example.com/{number}", title, "World", lead)


def merged(stories: Iterable[Story]) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.title, one.also_by) for one in shown_as_one(list(stories))]


def halves(labels: Sequence[Labelled]) -> tuple[list[Labelled], list[Labelled]]:
    """Every second event, each with the stories that stand alone after it: its near misses."""
    parted: tuple[list[Labelled], list[Labelled]] = ([], [])
    events: list[str] = []
    for one in labels:
        if one.event not in ("-", *events[-1:]):
            events.append(one.event)
        parted[len(events) % 2].append(one)
    return parted


@pytest.mark.parametrize("part", ["all", "one half", "the other"])
def test_no_two_events_are_taken_for_one_and_most_reports_of_one_are_found(part: str) -> None:
    everything = labelled()
    one, other = halves(everything)
    labels = {"all": everything, "one half": one, "the other": other}[part]
    sources: dict[str, set[str]] = {}
    for event, told in labels:
        sources.setdefault(event if event != "-" else str(told.id), set()).add(told.source)
    events = {told.id: event if event != "-" else str(told.id) for event, told in labels}

    shown = shown_as_one([told for _, told in labels])

    found = sum(len(one.also_by) for one in shown)
    right = sum(len(sources[events[one.id]] & set(one.also_by)) for one in shown)
    repeats = len(labels) - len(sources)
    assert found == right, "a false merge hides a story"
    assert right / repeats > 0.65, f"{right} of {repeats} repeated stories found"
    assert len(shown) == len(labels) - found


def test_the_first_story_stays_and_names_the_others_sources() -> None:
    shown = merged(
        [
            story(1, "north", "Ferry Brisa runs aground off Ellery", LEAD),
            story(2, "wire", "Brisa ferry aground near Ellery", LEAD, hour=2),
            story(
                3, "echo", "Price of coffee rises", "Coffee costs a tenth more than a year ago, shops say."
            ),
        ]
    )
    assert shown == [("Ferry Brisa runs aground off Ellery", ("wire",)), ("Price of coffee rises", ())]


def test_stories_of_one_source_are_never_taken_for_the_same() -> None:
    twice = [
        story(1, "north", "Ferry aground off Ellery", LEAD),
        story(2, "north", "Ferry aground off Ellery", LEAD),
    ]
    assert len(merged(twice)) == 2


def test_a_promoted_story_is_never_taken_for_another() -> None:
    paid = replace(story(2, "wire", "Ferry Brisa aground off Ellery", LEAD), promoted="Advertisement")
    assert len(merged([story(1, "north", "Ferry Brisa aground off Ellery", LEAD), paid])) == 2


def test_what_is_told_a_day_later_is_another_story() -> None:
    first = story(
        1, "north", "Ferry Brisa runs aground", "The ferry Brisa ran aground off Ellery, tugs came."
    )
    later = story(
        2, "wire", "Brisa ferry runs aground", "The ferry Brisa ran aground off Ellery, a day later.", 30
    )
    assert len(merged([first, later])) == 2


def test_names_already_known_of_a_story_are_kept_and_not_repeated() -> None:
    one = replace(story(1, "north", "Ferry Brisa aground off Ellery", LEAD), also_by=("wire",))
    other = replace(story(2, "echo", "Ferry Brisa aground off Ellery", LEAD), also_by=("wire", "north"))
    assert merged([one, other]) == [("Ferry Brisa aground off Ellery", ("wire", "echo"))]


def test_stories_without_words_or_leads_do_no_harm() -> None:
    assert len(merged([story(1, "a", "", ""), story(2, "b", "", ""), story(3, "c", "!", "?")])) == 3
