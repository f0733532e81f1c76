"""Numbers for charts: growth, outcomes, pace, troubles, and when readers have their mornings."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from digest.model import EditionState
from digest.web.api.access import Reading
from digest.web.api.editions import Outcomes, edition_of, outcomes
from digest.web.api.pages import Number, Text
from digest.web.api.problems import Problem
from digest.web.site import Here

LONGEST = 731  # days at once
router = APIRouter(prefix="/statistics", tags=["statistics"])

Slug = Annotated[Text, Query(description="Needed where there are several.", examples=["morning"])]
Day = Annotated[date, Query(description="Local to the newsletter.", examples=["2026-03-10"])]
Edition = Annotated[Number, Query(examples=[7])]


class DayOfGrowth(BaseModel):
    """One day's readers."""

    day: date
    joined: int
    left: int
    readers: int = Field(description="At the end of the day.")


class ShownRun(BaseModel):
    """One edition and what came of it."""

    edition: int
    date: date
    wave: str
    subject: str
    state: EditionState
    deliveries: Outcomes
    unsubscribed: int = Field(description="Left after it, and before the next one.")


class DomainOutcomes(BaseModel):
    """An edition at one recipient domain; empty for readers who were erased since."""

    domain: str = Field(examples=["example.com"])
    deliveries: Outcomes


class ShownMinute(BaseModel):
    """Mails that were accepted within a minute."""

    at: datetime
    accepted: int


class ShownTrouble(BaseModel):
    """A day's bounces and complaints of one kind."""

    day: date
    kind: str = Field(examples=["hard"])
    number: int


class ShownHour(BaseModel):
    """A morning that active readers have chosen."""

    zone: str = Field(examples=["Europe/Dublin"])
    at: time
    days: str = Field(examples=["weekdays"])
    readers: int


@router.get("/growth")
def growth(site: Here, _key: Reading, first: Day, last: Day, newsletter: Slug = "") -> list[DayOfGrowth]:
    """Readers day by day; each of the days is told."""
    of = site.app.newsletter(newsletter or None)
    _check(first, last)
    rows = site.app.statistics.growth(of.slug, first, last, of.zone)
    return [DayOfGrowth(**row._asdict()) for row in rows]


@router.get("/runs")
def runs(
    site: Here,
    _key: Reading,
    newsletter: Slug = "",
    before: Annotated[date | None, Query(description="Only editions of earlier dates.")] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 30,
) -> list[ShownRun]:
    """The newest editions that were sent, newest first."""
    of = site.app.newsletter(newsletter or None)
    rows = site.app.statistics.runs(of.slug, limit, before)
    return [ShownRun(**row._asdict(), deliveries=outcomes(row.counts)) for row in rows]


@router.get("/domains")
def domains(
    site: Here, _key: Reading, edition: Edition, limit: Annotated[int, Query(ge=1, le=1000)] = 20
) -> list[DomainOutcomes]:
    """An edition's outcomes by recipient domain, the largest first."""
    rows = site.app.statistics.domains(edition_of(site, edition).id, limit)
    return [DomainOutcomes(domain=row.domain, deliveries=outcomes(row.counts)) for row in rows]


@router.get("/minutes")
def minutes(site: Here, _key: Reading, edition: Edition) -> list[ShownMinute]:
    """The pace of an edition's run: minutes in which mails were accepted."""
    rows = site.app.statistics.minutes(edition_of(site, edition).id)
    return [ShownMinute(**row._asdict()) for row in rows]


@router.get("/troubles")
def troubles(site: Here, _key: Reading, first: Day, last: Day) -> list[ShownTrouble]:
    """Suppressions by reason, and single failures ("strike"), on each day that had any."""
    _check(first, last)
    rows = site.app.statistics.troubles(first, last, site.app.home_zone)
    return [ShownTrouble(**row._asdict()) for row in rows]


@router.get("/hours")
def hours(site: Here, _key: Reading, newsletter: Slug = "") -> list[ShownHour]:
    """When readers have their mornings, the most chosen first."""
    rows = site.app.statistics.hours(site.app.newsletter(newsletter or None).slug)
    return [ShownHour(**row._asdict()) for row in rows]


def _check(first: date, last: date) -> None:
    if not date(1971, 1, 1) <= first <= last <= date(9000, 1, 1):
        raise Problem(422, "first: a date of our days, and not after last")
    if last - first >= timedelta(days=LONGEST):
        raise Problem(422, f"last: at most {LONGEST} days are told at once")
