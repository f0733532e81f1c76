from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from digest.collect import rules
from digest.collect.harvest import Gathered, Harvest
from digest.errors import ConfigError
from digest.model import Found, Source

MORNING = datetime(2026, 3, 10, 6, tzinfo=UTC)


def found(title: str, **more: object) -> Found:
    return Found(identity=title, url="https://example.com/a", title=title, **more)  # type: ignore[arg-type]  # by name


def taken(source: Source, *stories: Found) -> list[str]:
    harvest = rules.apply(source, Harvest(tuple(Gathered(story) for story in stories)))
    return [item.found.title for item in harvest.items]


@pytest.mark.parametrize(
    ("rule", "title", "matches"),
    [
        ("ferry", "Ferry aground", True),
        ("ferry", "Ferrying goods", False),
        ("port ellery", "At Port  Ellery", True),
        ("C++", "The C++ report", True),
        ("/ferr(y|ies)/", "Ferries late", True),
        ("/^Live:/", "Live: the debate", True),
        ("/^Live:/", "Debate live: now", False),
    ],
)
def test_a_rule_is_a_phrase_or_a_regular_expression(rule: str, title: str, matches: bool) -> None:
    assert rules.wants(Source("s", include=(rule,)), found(title)) is matches
    assert rules.wants(Source("s", exclude=(rule,)), found(title)) is not matches


def test_exclusion_goes_before_inclusion() -> None:
    source = Source("s", include=("ferry", "bus"), exclude=("advertisement",))
    assert taken(source, found("Ferry"), found("Bus advertisement"), found("Train")) == ["Ferry"]


def test_a_broken_expression_is_a_configuration_error() -> None:
    with pytest.raises(ConfigError, match="is not a regular expression"):
        rules.compiled("/(/")


def test_the_newest_are_taken_and_undated_count_as_new() -> None:
    stories = [found(f"{age}", published=MORNING - timedelta(hours=age)) for age in (3, 1, 2)]
    assert taken(Source("s", max_stories=3), *stories, found("undated")) == ["undated", "1", "2"]


def test_the_sources_section_stands_and_the_storys_language() -> None:
    harvest = Harvest((Gathered(found("T", section="Welt", language="de")), Gathered(found("U"))))
    marked = rules.apply(Source("s", section="World", language="en"), harvest)
    assert [(item.found.section, item.found.language) for item in marked.items] == [
        ("World", "de"),
        ("World", "en"),
    ]


def test_without_a_section_of_its_own_a_source_leaves_the_storys() -> None:
    assert (
        rules.apply(Source("s"), Harvest((Gathered(found("T", section="Sport")),))).items[0].found.section
        == "Sport"
    )


def test_what_is_left_out_is_counted_by_why() -> None:
    stories = [found(title) for title in ("Ferry", "Ferry again", "Ferry once more", "Train")]
    harvest = rules.apply(
        Source("s", include=("ferry",), max_stories=2), Harvest(tuple(map(Gathered, stories)))
    )
    assert (len(harvest.items), harvest.ruled_out, harvest.too_many) == (2, 1, 1)
