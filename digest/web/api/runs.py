"""A frozen edition's run: stopped in the middle, going on, tried again; and a mistake in it put right."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from digest.model import ApiKey, Newsletter, StoredEdition, edition_name
from digest.steps.by_hand import retry
from digest.steps.correcting import Correction, correct
from digest.web.api.access import ChangingEditions
from digest.web.api.drafts import Words
from digest.web.api.editions import Edition, WholeEdition, edition_of, outcomes
from digest.web.api.log import noted
from digest.web.api.pages import Number
from digest.web.api.problems import Problem
from digest.web.api.repeats import REPEATABLE, Repeatable
from digest.web.site import Here, Site

router = APIRouter(prefix="/editions/{edition}", tags=["editions"], route_class=Repeatable)
Sentence = Annotated[Words, Field(min_length=1)]


class Correct(BaseModel):
    """What is put right: a sentence on top of the edition, and new words for one story or none."""

    model_config = {"extra": "forbid"}
    said: Sentence = Field(
        description="What was wrong.", examples=["The ferry sails at nine, not at eight as we wrote."]
    )
    story: Number | None = Field(None, description="The story that is put right.", examples=[41])
    title: Words = Field("", description="Its headline; empty: as it was.")
    lead: Words = Field("", description="Its lead; empty: as it was.", examples=["It sails at nine."])
    withdraw: bool = Field(False, description="Take the story out.")
    tell: bool = Field(False, description="Write to those who have the edition.")


class Corrected(BaseModel):
    """What a correction came to."""

    revision: int = Field(examples=[1])
    waiting: int = Field(description="Readers who have not had it, and get the new words.", examples=[812])


@router.post("/stop", openapi_extra=REPEATABLE)
def stop_run(site: Here, key: ChangingEditions, edition: Edition) -> WholeEdition:
    """Stop its run at once, for every process; nobody else gets it until it goes on."""
    site.app.pauses.add(f"edition:{edition_of(site, edition).id}", f"stopped by {key.who}", site.clock())
    return _done(site, key, edition, "stopped")


@router.post("/resume", openapi_extra=REPEATABLE)
def resume_run(site: Here, key: ChangingEditions, edition: Edition) -> WholeEdition:
    """Go on, also where everything was paused; nobody gets two."""
    site.app.pauses.lift(f"edition:{edition_of(site, edition).id}", "all")
    return _done(site, key, edition, "resumed")


@router.post("/retry", openapi_extra=REPEATABLE)
def retry_run(site: Here, key: ChangingEditions, edition: Edition) -> WholeEdition:
    """Try deferred ones now, and those refused for no fault of the reader's."""
    retry(site.app.service, edition_of(site, edition).id, site.clock())
    site.app.incidents.close(f"partly:{edition}", site.clock())
    return _done(site, key, edition, "retried")


@router.post("/correct", openapi_extra=REPEATABLE)
def correct_edition(site: Here, key: ChangingEditions, edition: Edition, given: Correct) -> Corrected:
    """New words for whoever has not had it, and a mail to the others where that is asked for."""
    newsletter, stored = _stored(site, edition)
    wanted = Correction(given.said, given.story, given.title, given.lead, given.withdraw, given.tell)
    revision, waiting = correct(site.app.correcting, newsletter, stored, wanted, site.clock())
    noted(site, key, "corrected", edition_name(newsletter.slug, stored.date, stored.wave))
    return Corrected(revision=revision, waiting=waiting)


def _done(site: Site, key: ApiKey, edition: int, did: str) -> WholeEdition:
    found = edition_of(site, edition)
    noted(site, key, did, edition_name(found.newsletter, found.date, found.wave))
    return WholeEdition(**found._asdict(), deliveries=outcomes(site.app.deliveries.counts(edition)))


def _stored(site: Site, number: int) -> tuple[Newsletter, StoredEdition]:
    edition = edition_of(site, number)
    if edition.newsletter not in site.newsletters:
        raise Problem(404, f"the newsletter {edition.newsletter} is not configured any more")
    return site.newsletters[edition.newsletter], edition
