"""Links that lead nowhere are found before readers find them."""

from __future__ import annotations

from dataclasses import replace

from digest.collect.answer import Fetched
from digest.errors import SourceError
from digest.model import Edition, Item, Picture, Role, Source
from digest.steps.dead_links import dead_links
from tests.builders import MORNING, NOON, story
from tests.steps.conftest import Serve

SITE = "https://news.example.com"


class Web:
    """A site whose answers are in the addresses."""

    def __init__(self) -> None:
        self.private: dict[str, bool] = {}

    async def get(self, url: str, *, allow_private: bool = False) -> Fetched:
        self.private[url] = allow_private
        if "silent" in url:
            raise SourceError(f"{url}: no answer")
        return Fetched(url, int(url.rpartition("-")[2]))


def edition(*paths: str, picture: str = "") -> Edition:
    items = [
        Item(story(n, url=f"{SITE}/{path}" if path else ""), Role.PICK) for n, path in enumerate(paths, 2)
    ]
    lead = story(1, url=f"{SITE}/lead-200", picture=Picture(picture) if picture else None, source="cms")
    return Edition(MORNING, NOON.date(), (Item(lead, Role.LEAD), *items), "Lead", "", NOON)


async def test_what_is_gone_or_silent_is_dead_and_what_refuses_robots_is_not(serve: Serve) -> None:
    made = edition("a-200", "b-404", "c-403", "d-503", "e-410", "silent", "")
    dead = await dead_links(serve(), Web(), made)
    assert sorted(url.removeprefix(f"{SITE}/") for url in dead) == ["b-404", "d-503", "e-410", "silent"]
    assert "404" in dead[f"{SITE}/b-404"]


async def test_the_main_picture_is_asked_for_and_our_own_is_not(serve: Serve) -> None:
    web = Web()
    assert f"{SITE}/p-404" in await dead_links(serve(), web, edition(picture=f"{SITE}/p-404"))
    assert await dead_links(serve(), web, edition(picture="/pictures/0.jpg")) == {}


async def test_a_private_network_is_asked_only_for_sources_that_may_live_there(serve: Serve) -> None:
    web, service = Web(), replace(serve(), sources=(Source("cms", allow_private=True),))
    await dead_links(service, web, edition("a-200"))
    assert web.private == {f"{SITE}/lead-200": True, f"{SITE}/a-200": False}
