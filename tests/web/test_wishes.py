"""What a filled-in preferences form means."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest

from digest.model import Mornings, Subscription, SubscriptionState
from digest.web.wishes import Wrong, wishes
from tests.builders import newsletter, sections

TODAY = date(2026, 3, 10)
DAILY = newsletter(sections=sections("World", "Sport"), zone="Europe/Dublin")
OWN = newsletter(slug="own", mornings=Mornings.READER, days="sat,sun")
MINE = {
    "morning": Subscription(
        1, bytes(16), "ada@example.com", "morning", SubscriptionState.ACTIVE, "UTC", time(7), "daily"
    )
}
FORM: dict[str, Any] = {
    "newsletter": ["morning"],
    "morning.sections": ["World", "Sport"],
    "morning.days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
    "email": ["ada@example.com"],
}


def wished(**changes: Any) -> Any:
    form = {**FORM, **{name.replace("__", "."): value for name, value in changes.items()}}
    return wishes(form, [DAILY, OWN], MINE, TODAY)


def test_everything_ticked_is_the_newsletter_as_it_is() -> None:
    assert wished().orders == {"morning": ("UTC", time(7), "daily", (), False)}


def test_fewer_days_and_sections_are_kept_in_one_order() -> None:
    order = wished(morning__days=["sun", "mon"], morning__sections=["Sport"]).orders["morning"]
    assert (order.days, order.sections) == ("mon,sun", ("Sport",))


def test_what_a_newsletter_does_not_offer_cannot_be_chosen() -> None:
    order = wished(newsletter=["own", "forged"], own__days=["mon", "sat"]).orders
    assert {slug: one.days for slug, one in order.items()} == {"own": "sat"}


def test_hour_and_zone_are_the_readers_own_where_mornings_are() -> None:
    changed = wished(newsletter=["own"], own__days=["sat", "sun"], own__at=["06:45"], zone=["America/Lima"])
    assert changed.orders["own"][:3] == ("America/Lima", time(6, 45), "sat,sun")


def test_an_hour_is_not_promised_where_the_newsletter_has_its_own() -> None:
    assert wished(morning__at=["06:45"]).orders["morning"].at == time(7)


@pytest.mark.parametrize(
    ("changes", "until"),
    [
        ({}, None),
        ({"pause_for": ["7"]}, date(2026, 3, 17)),
        ({"pause_until": ["2026-04-01"]}, date(2026, 4, 1)),
        ({"pause_for": ["0"], "pause_until": ["2026-04-01"]}, None),
        ({"pause_until": ["2026-03-10"]}, None),
        ({"pause_until": ["2020-01-01"]}, None),
    ],
)
def test_a_pause_ends_on_its_day(changes: dict[str, Any], until: date | None) -> None:
    assert wished(**changes).paused_until == until


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"morning__days": []}, "days"),
        ({"morning__days": ["someday"]}, "days"),
        ({"morning__sections": []}, "sections"),
        ({"zone": ["Mars/Olympus"]}, "zone"),
        ({"zone": ["../../etc/passwd"]}, "zone"),
        ({"newsletter": ["own"], "own__days": ["sat"], "own__at": ["06:50"]}, "at"),
        ({"pause_until": ["tomorrow"]}, "pause"),
        ({"pause_until": ["2036-01-01"]}, "pause"),
        ({"pause_for": ["9" * 30]}, "pause"),
        ({"email": ["nobody"]}, "email"),
        ({"email": []}, "email"),
    ],
)
def test_a_field_that_cannot_be_taken_is_named(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Wrong) as wrong:
        wished(**changes)
    assert wrong.value.field == field


@pytest.mark.parametrize(("sent", "kept"), [("de", "de"), ("", ""), ("tlh", ""), ("../en", "")])
def test_a_language_is_one_of_ours(sent: str, kept: str) -> None:
    assert wished(language=[sent]).language == kept
