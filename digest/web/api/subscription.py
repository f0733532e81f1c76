"""What is said of a subscriber, and what may be asked for one.

A subscriber here is one subscription: a person, a newsletter, and an id that names no one.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, Field

from digest.model import Subscription, SubscriptionState
from digest.web.api.pages import Mailbox, Text

Ident = Annotated[Text, Field(pattern="^[0-9a-f]{32}$", examples=["9f8c2b7e6d5a4c3b2a1908f7e6d5c4b3"])]
Said = Annotated[Text, Field(min_length=1)]


class Subscriber(BaseModel):
    """One person's standing order for one newsletter, with the proof of consent."""

    id: Ident
    address: str = Field(examples=["ada@example.com"])
    newsletter: str = Field(examples=["morning"])
    state: SubscriptionState
    zone: str = Field(examples=["Europe/Dublin"])
    at: str = Field(examples=["07:00"])
    days: str = Field(examples=["daily"])
    sections: list[str] = Field(description="Empty for all of them.")
    own_only: bool = Field(description="No mail on a day with nothing in these sections.")
    language: str = Field("", description="Empty for the newsletter's.")
    paused_until: date | None = Field(None, description="The first local date that is sent again.")
    asked_at: datetime | None = None
    asked_from: str = ""
    confirmed_at: datetime | None = None
    left_at: datetime | None = None


class Proof(BaseModel):
    """How a person consented: without it nobody is subscribed but by their own click in a mail."""

    model_config = {"extra": "forbid"}
    at: AwareDatetime = Field(description="When.", examples=["2026-03-10T06:30:00Z"])
    origin: Said = Field(description="Where, and from which address.", examples=["checkout, 192.0.2.7"])
    wording: Said = Field(description="What was agreed to.", examples=["newsletter-box-3"])


class Subscribe(BaseModel):
    """What somebody asks for; the newsletter's own hour, days and sections where nothing is said."""

    model_config = {"extra": "forbid"}
    address: Mailbox
    newsletter: Text = Field("", description="Needed where there are several.", examples=["morning"])
    zone: Text = Field("", examples=["Europe/Dublin"])
    at: Text = Field("", description="A quarter hour.", examples=["07:00"])
    days: Text = Field("", description="daily, weekdays, or sat,sun.", examples=["weekdays"])
    sections: list[Text] = Field(default_factory=list, max_length=100, examples=[["World"]])
    own_only: bool = False
    proof: Proof | None = Field(None, description="Consent that is proven: no mail to confirm is sent.")


class Change(BaseModel):
    """What is to be another; what is left out stays."""

    model_config = {"extra": "forbid"}
    zone: Text = ""
    at: Text = ""
    days: Text = ""
    sections: list[Text] | None = Field(None, max_length=100, description="An empty list for all.")
    own_only: bool | None = None
    language: Text | None = None
    paused_until: date | None = Field(None, description="null ends a pause.")


def shown(one: Subscription) -> Subscriber:
    return Subscriber(
        id=one.ref.hex(),
        address=one.address,
        newsletter=one.newsletter,
        state=one.state,
        zone=one.zone,
        at=f"{one.at:%H:%M}",
        days=one.days,
        sections=list(one.sections),
        own_only=one.own_only,
        language=one.language,
        paused_until=one.paused_until,
        asked_at=one.asked_at,
        asked_from=one.asked_from,
        confirmed_at=one.confirmed_at,
        left_at=one.left_at,
    )
