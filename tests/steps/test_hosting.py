"""Pictures are fetched beside the collecting, and never hold anything up."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from digest.collect.harvest import Gathered, Harvest
from digest.collect.hosting import Hosted
from digest.errors import SourceError
from digest.model import Found, Picture, Source, Story
from digest.steps import hosting
from digest.steps.collecting import take_in
from digest.steps.hosting import host_pictures
from digest.steps.service import Service
from tests.builders import LOOK, NOON, found
from tests.steps.conftest import Serve


class Pictures:
    """A web on which some pictures are, some are not, and some never come."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, bool]] = []

    async def host(self, picture: Picture, *, allow_private: bool) -> Hosted:
        self.asked.append((picture.url, allow_private))
        if "slow" in picture.url:
            await asyncio.sleep(3600)
        if "gone" in picture.url:
            raise SourceError(f"{picture.url}: status 404")
        return Hosted(replace(picture, width=1120, height=700), picture.url.encode())


@pytest.fixture
def service(serve: Serve) -> Service:
    plain = serve()
    source = Source("wire", allow_private=True)
    return replace(plain, look=replace(LOOK, images="host"), sources=(source,))


def pictured(name: str, **more: object) -> Found:
    return replace(found(name, **more), picture=Picture(f"https://news.example.com/{name}.jpg"))


def store(service: Service, *found: Found, at: datetime = NOON) -> None:
    take_in(service, "wire", Harvest(tuple(map(Gathered, found))), at, None)


def stories(service: Service) -> dict[str, str]:
    """Where each story's picture is."""
    known: Sequence[Story] = service.stories.published_since(NOON - timedelta(days=30))
    return {story.title: story.picture.url if story.picture else "" for story in known}


async def test_the_pictures_of_new_stories_are_fetched_once(service: Service) -> None:
    web = Pictures()
    for _ in range(2):
        store(service, pictured("ferry"), found("bridge"))
        await host_pictures(service, web, NOON)
    assert web.asked == [("https://news.example.com/ferry.jpg", True)]
    assert stories(service)["The ferry story"].startswith("/pictures/")


async def test_one_that_is_gone_costs_the_others_nothing(service: Service) -> None:
    store(service, pictured("gone"), pictured("ferry"))
    await host_pictures(service, Pictures(), NOON)
    assert stories(service)["The ferry story"].startswith("/pictures/")
    assert stories(service)["The gone story"] == "https://news.example.com/gone.jpg"


async def test_a_slow_host_is_left_and_tried_again(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hosting, "PATIENCE", 0.2)
    web = Pictures()
    store(service, pictured("slow"), pictured("ferry"))
    await host_pictures(service, web, NOON)
    assert stories(service)["The ferry story"].startswith("/pictures/")
    await host_pictures(service, web, NOON + timedelta(hours=1))
    assert [url for url, _ in web.asked].count("https://news.example.com/slow.jpg") == 2


async def test_old_news_needs_no_picture(service: Service) -> None:
    web = Pictures()
    store(service, pictured("archive", published=NOON - timedelta(days=3)))
    await host_pictures(service, web, NOON)
    assert web.asked == []


@pytest.mark.parametrize("images", ["link", "none"])
async def test_unless_we_host_them_nothing_is_fetched(service: Service, images: str) -> None:
    web, plain = Pictures(), replace(service, look=replace(LOOK, images=images))
    store(plain, pictured("ferry"))
    await host_pictures(plain, web, NOON)
    assert web.asked == []
