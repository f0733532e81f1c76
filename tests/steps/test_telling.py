"""The operator is told of each incident once, by mail."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes

from digest.steps.telling import tell_operator
from digest.store.database import Database
from digest.store.outbox import Outbox
from tests.builders import NOON
from tests.steps.conftest import Serve


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
