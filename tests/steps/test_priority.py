"""A source's priority puts its stories first, as it is configured now."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from digest.model import Source
from digest.steps.editions import composed
from digest.steps.service import Service
from tests.builders import MORNING, NOON, found
from tests.steps.conftest import Serve

REPORT = (
    "The ferry Santa Brisa ran aground off Port Ellery with 214 people aboard, the coastguard said on Monday."
)


def headlines(service: Service) -> list[tuple[str, str]]:
    items = composed(service, MORNING, NOON.date(), NOON + timedelta(hours=1)).items
    return [(item.story.source, item.story.title) for item in items]


def test_the_higher_goes_first_even_if_it_is_older(serve: Serve) -> None:
    service = serve()
    service.stories.save("wire", [found("harbour")], NOON)
    service.stories.save("ours", [found("glacier", published=NOON - timedelta(hours=5))], NOON)
    assert headlines(service)[0][0] == "wire"
    raised = replace(service, sources=(Source("wire"), Source("ours", priority=1)))
    assert headlines(raised)[0][0] == "ours"


def test_of_two_reports_on_one_event_the_highers_is_shown(serve: Serve) -> None:
    service = replace(serve(), sources=(Source("wire"), Source("ours", priority=1)))
    for source, title in (
        ("wire", "Ferry Brisa aground off Ellery"),
        ("ours", "Brisa runs aground near Ellery"),
    ):
        service.stories.save(source, [found(source, title=title, lead=REPORT)], NOON)
    assert headlines(service) == [("ours", "Brisa runs aground near Ellery")]
