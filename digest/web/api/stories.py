"""Stories: what is stored, and what a CMS posts."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from pydantic import AwareDatetime, BaseModel, Field

from digest.collect.push import BATCH, read_push
from digest.model import Source, Story
from digest.steps.collecting import take_pushed
from digest.store.listing import LAST
from digest.summarise import summarise
from digest.web.api.access import PostingStories, Reading
from digest.web.api.pages import Cursor, Limit, Number, Page, Text, after, page
from digest.web.api.problems import Problem, Wrong
from digest.web.api.repeats import REPEATABLE, Repeatable
from digest.web.site import Here, Site

router = APIRouter(prefix="/stories", tags=["stories"], route_class=Repeatable)


class Image(BaseModel):
    """A picture; sizes in pixels, 0 where not known."""

    url: str = Field(examples=["https://www.example.com/harbour.jpg"])
    alt: str = ""
    caption: str = ""
    credit: str = ""
    width: int = 0
    height: int = 0


class StoredStory(BaseModel):
    """A stored headline, at its newest version."""

    id: int = Field(examples=[41])
    source: str = Field(examples=["cms"])
    url: str = Field(examples=["https://www.example.com/harbour"])
    title: str = Field(examples=["Harbour reopens after the storm"])
    section: str = Field(examples=["World"])
    lead: str = Field(examples=["The harbour reopened on Tuesday, two days after the storm closed it."])
    published_at: datetime
    first_seen: datetime
    version: int = Field(description="Grows with each correction.", examples=[1])
    byline: str = ""
    agency: str = ""
    image: Image | None = None
    language: str = ""
    pick: bool = False
    promoted: str = ""


class Pushed(BaseModel):
    """What a push changed. Stories that the source's own rules leave out are counted nowhere."""

    new: int = Field(examples=[2])
    changed: int = Field(description="Corrections: the old text is kept.", examples=[0])
    same: int = Field(description="Known already, and unchanged.", examples=[1])
    problems: list[str] = Field(
        default_factory=list,
        description="One sentence for each story that was not taken, with its number in the batch.",
        examples=[['story 3: "title" is missing: a story needs its headline']],
    )


@router.get("")
def list_stories(
    site: Here,
    _key: Reading,
    source: Annotated[Text, Query(description="Only this source's.")] = "",
    since: Annotated[AwareDatetime | None, Query(description="Only those first seen since.")] = None,
    cursor: Cursor = "",
    limit: Limit = 100,
) -> Page[StoredStory]:
    """Stored stories, the last stored first."""
    if since and not 1970 <= since.year <= 9000:
        raise Problem(422, "since: a time of our days")
    rows = site.app.listing.stories(after(cursor, LAST), limit + 1, source, since)
    return page(rows, limit, lambda row: row.id, shown)


@router.get("/{story}")
def show_story(site: Here, _key: Reading, story: Annotated[Number, Path(examples=[41])]) -> StoredStory:
    """One story."""
    found = site.app.listing.story(story)
    if found is None:
        raise Problem(404, f"there is no story {story}")
    return shown(found)


_STORY = {
    "type": "object",
    "required": ["title"],
    "additionalProperties": False,
    "description": "`title`, and `url` or `id`. Keys and kinds as in docs/sources.md.",
    "properties": {
        "id": {"type": "string"},
        "url": {"type": "string"},
        "title": {"type": "string"},
        "section": {"type": "string"},
        "published_at": {"type": "string"},
        "body": {"type": "string", "description": "HTML or text; the lead is found in it."},
        "summary": {"type": "string"},
        "lead": {"type": "string", "description": "As it is to stand; then none is looked for."},
        "byline": {"type": "string"},
        "agency": {"type": "string"},
        "language": {"type": "string"},
        "image": {"type": "object", "properties": {"url": {"type": "string"}, "alt": {"type": "string"}}},
        "pick": {"type": "boolean"},
        "promoted": {"type": "string", "description": 'The label above a paid link: "Advertisement".'},
    },
}
_EXAMPLE = {
    "id": "cms-2026-1041",
    "url": "https://www.example.com/harbour",
    "title": "Harbour reopens after the storm",
    "section": "World",
    "published_at": "2026-03-10T06:30:00Z",
    "body": "<p>The harbour reopened on Tuesday, two days after the storm closed it.</p>",
}
_BODY: dict[str, Any] = {
    **REPEATABLE,
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "anyOf": [
                        _STORY,
                        {"type": "array", "items": _STORY, "maxItems": BATCH},
                        {"type": "object", "properties": {"stories": {"type": "array", "items": _STORY}}},
                    ]
                },
                "example": _EXAMPLE,
            }
        },
    },
}


@router.post("", openapi_extra=_BODY)
async def push_stories(
    site: Here,
    _key: PostingStories,
    request: Request,
    source: Annotated[Text, Query(description="Its [[sources]] table, where several are pushed to.")] = "",
) -> Pushed:
    """Post one story, a list of them, or {"stories": […]}: 1,000 at once, again and again harmlessly.

    A story is known by its `id`, else by its address; sent with another text it is a correction. Bad stories
    are told by their number and the good ones are taken; where all are bad the answer is 422.
    """
    chosen = _source(site, source)
    harvest = await site.app.children.run(read_push, await request.body(), summarise)
    if harvest.problems and not harvest.items:
        errors = [Wrong(where="body", detail=problem) for problem in harvest.problems]
        raise Problem(422, f"no story was taken; {harvest.problems[0]}", errors)
    saved = await asyncio.to_thread(take_pushed, site.app.service, chosen, harvest, site.clock())
    return Pushed(new=saved.new, changed=saved.changed, same=saved.same, problems=list(harvest.problems))


def shown(story: Story) -> StoredStory:
    return StoredStory(
        id=story.id,
        source=story.source,
        url=story.url,
        title=story.title,
        section=story.section,
        lead=story.lead,
        published_at=story.published,
        first_seen=story.first_seen,
        version=story.version,
        byline=story.byline,
        agency=story.agency,
        image=Image(**asdict(story.picture)) if story.picture else None,
        language=story.language,
        pick=story.pick,
        promoted=story.promoted,
    )


def _source(site: Site, name: str) -> Source:
    """The source that is pushed to; its name may be left out where there is one."""
    pushed = {one.name: one for one in site.app.service.sources if one.kind == "push"}
    if not name and len(pushed) == 1:
        return next(iter(pushed.values()))
    if name not in pushed:
        known = f"known are {', '.join(pushed)}" if pushed else 'add a [[sources]] table with kind = "push"'
        raise Problem(422, f"source: {name!r} is not a source that is pushed to; {known}")
    return pushed[name]
