"""The operator is told of each incident once, by mail."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes

from digest.steps.alerting import tell_operator
from digest.store.database import Database
from digest.store.outbox import Outbox
from tests.builders import NOON
from tests.steps.conftest import Serve
from tests.steps.mornings import DAY, HOUR


def test_an_incident_is_told_once_in_a_plain_sentence(serve: Serve, database: Database) -> None:
    service = replace(serve(), operator="desk@example.com")
    service.incidents.open("empty:morning", "empty", "The Morning Tide was empty.", NOON)
    assert tell_operator(service, NOON) == 1
    assert tell_operator(service, NOON) == 0
    [mail] = Outbox(database).claim(NOON)
    assert mail.address == "desk@example.com"
    assert message_from_bytes(mail.mail)["Subject"] == "The Morning Tide: empty"
    assert b"The Morning Tide was empty." in mail.mail


def test_with_no_operator_named_nobody_is_told_and_nothing_is_lost(serve: Serve) -> None:
    service = serve()
    service.incidents.open("empty:morning", "empty", "The Morning Tide was empty.", NOON)
    assert tell_operator(service, NOON) == 0
    assert len(service.incidents.untold()) == 1


def subjects(database: Database) -> list[str]:
    return [message_from_bytes(mail.mail)["Subject"] for mail in Outbox(database).claim(NOON + 2 * DAY)]


def test_what_lasts_is_told_once_more_and_its_end_as_well(serve: Serve, database: Database) -> None:
    service = replace(serve(), operator="desk@example.com")
    service.incidents.open("source:wire", "dead source", "Source wire is dead.", NOON)
    for hours in (0, 1, 5, 6, 20):
        tell_operator(service, NOON + hours * HOUR)
    service.incidents.close("source:wire", NOON + 21 * HOUR)
    for hours in (21, 22):
        tell_operator(service, NOON + hours * HOUR)
    assert subjects(database) == [
        "The Morning Tide: dead source",
        "The Morning Tide: still: dead source",
        "The Morning Tide: over: dead source",
    ]


def test_what_ended_before_it_was_told_is_told_once(serve: Serve, database: Database) -> None:
    service = replace(serve(), operator="desk@example.com")
    service.incidents.open("source:wire", "dead source", "Source wire is dead.", NOON)
    service.incidents.close("source:wire", NOON)
    assert [tell_operator(service, NOON + n * HOUR) for n in range(3)] == [2, 0, 0]
