"""The tables of newsletters and of the sources of their stories."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from digest.deliver.options import redacted
from digest.model import Newsletter, Section, Source
from digest.settings.kinds import (
    Cutoff,
    Days,
    Duration,
    Hours,
    Language,
    Mailbox,
    Param,
    ParamName,
    Quarter,
    Rule,
    Slug,
    Zone,
)
from digest.settings.table import Table

_SECTION = Section("")
_NEWSLETTER = Newsletter("", "", "")
_SOURCE = Source("")


class SectionTable(Table):
    """A `model.Section` as written, where `limit` is called max."""

    name: str
    max: int = Field(_SECTION.limit, ge=1)
    also_in: int = Field(_SECTION.also_in, ge=0)


def _section(value: object) -> object:
    return {"name": value} if isinstance(value, str) else value


class NewsletterTable(Table):
    """A `model.Newsletter` as written; every key has that class's default, if it has one."""

    slug: Slug
    title: str
    sender: Mailbox = Field(alias="from")
    reply_to: str = _NEWSLETTER.reply_to
    zone: Zone = _NEWSLETTER.zone
    language: Language = _NEWSLETTER.language
    send_at: Quarter = _NEWSLETTER.send_at
    mornings: Literal["home", "reader"] = "home"
    days: Days = _NEWSLETTER.days
    cutoff: Cutoff = _NEWSLETTER.cutoff
    sections: tuple[Annotated[SectionTable, BeforeValidator(_section)], ...] = ()
    max_stories: int = Field(_NEWSLETTER.max_stories, ge=1, le=100)
    review: Literal["auto", "hold"] = "auto"
    late_by: Duration = _NEWSLETTER.late_by
    skip: tuple[date, ...] = _NEWSLETTER.skip
    link_params: dict[ParamName, Param] = Field(default_factory=dict)


class SourceTable(Table):
    """A `model.Source` as written; every key but `name` has that class's default."""

    name: str
    kind: Literal["feed", "pages", "sitemap", "sql", "push", "files"] = "feed"
    url: str = _SOURCE.url
    section: str = _SOURCE.section
    language: Language = _SOURCE.language
    priority: int = _SOURCE.priority
    max_stories: int = Field(_SOURCE.max_stories, ge=1)
    include: tuple[Rule, ...] = _SOURCE.include
    exclude: tuple[Rule, ...] = _SOURCE.exclude
    active_hours: Hours = _SOURCE.active_hours
    zone: Zone = _SOURCE.zone
    every: Duration = _SOURCE.every
    allow_private: bool = _SOURCE.allow_private
    urls: tuple[str, ...] = _SOURCE.urls
    links: str = _SOURCE.links
    robots: bool = _SOURCE.robots
    query: str = _SOURCE.query
    path: str = _SOURCE.path
    follow: bool = _SOURCE.follow

    @model_validator(mode="after")
    def _has_a_place(self) -> Self:
        """What a kind of source cannot be visited without. Raises ValueError."""
        web = ("http://", "https://")
        if self.kind in ("feed", "pages", "sitemap"):
            places = [*filter(None, [self.url]), *self.urls]
            if bad := [place for place in places if not place.startswith(web)]:
                raise ValueError(f"url: must be an address that starts with https://, not {bad[0]!r}")
            if not places and not (self.kind == "feed" and self.path):
                raise ValueError(f"a source of kind {self.kind} needs a url")
        if self.kind == "sql" and not self.url.startswith(("postgresql://", "postgres://", "sqlite:///")):
            raise ValueError(
                f"url: must be postgresql://USER@HOST/NAME or sqlite:///FILE, not {redacted(self.url)!r}"
            )
        if self.kind == "sql" and not self.query.strip():
            raise ValueError("a source of kind sql needs a query")
        if self.kind == "files" and not self.path:
            raise ValueError("a source of kind files needs a path: the folder that is watched")
        return self
