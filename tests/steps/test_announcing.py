"""The editors' mail when a draft is ready."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email import message_from_bytes, policy

from digest.model import Duty
from digest.render.dissected import Dissected
from digest.render.rules import broken
from digest.steps.editions import as_it_stands
from digest.store.accounts import Accounts
from digest.store.database import Database
from digest.store.outbox import Outbox
from tests.builders import MORNING, NOON
from tests.steps.conftest import Live
from tests.steps.mornings import HOUR, MINUTE

SIX = datetime(2026, 3, 10, 6, tzinfo=UTC)


def test_every_editor_is_told_once_what_is_in_it(live: Live, database: Database) -> None:
    accounts = Accounts(database)
    for duty in Duty:
        accounts.add(f"{duty}@example.com", "", duty, NOON)
    mornings = live(MORNING)
    mornings.publish("pier", SIX - HOUR)
    for minutes in (-60, 0, 1):
        mornings.tick(SIX + minutes * MINUTE)
    mails = Outbox(database).claim(SIX + HOUR)
    assert [mail.address for mail in mails] == ["editor@example.com", "operator@example.com"]
    mail = message_from_bytes(mails[0].mail, policy=policy.default)
    assert mail["Subject"] == "The Morning Tide of 10 March: the draft is ready"
    body = mail.get_body(("plain",))
    assert body
    text = body.get_content().replace("\r\n", "\n")
    assert "Lead: The pier story" in text
    assert "It goes out by itself at 07:00 UTC with what stands then." in text
    assert "https://digest.example.com/desk/edition/morning/2026-03-10" in text.split()


def test_its_links_lead_to_the_pages_that_skip_pin_and_approve(live: Live, database: Database) -> None:
    Accounts(database).add("editor@example.com", "", Duty.EDITOR, NOON)
    mornings = live(MORNING)
    for name in ("pier", "ferry"):
        mornings.publish(name, SIX - HOUR)
    mornings.tick(SIX)
    [mail] = Outbox(database).claim(SIX + HOUR)
    html = message_from_bytes(mail.mail, policy=policy.default).get_body(("html",))
    assert html
    links = re.findall(
        r'href="https://digest.example.com/desk/edition/morning/2026-03-10/(.+?)"', html.get_content()
    )
    edition = as_it_stands(mornings.service, MORNING, SIX.date(), SIX)
    first, second = (item.story.id for item in edition.items)
    assert links == ["approve", f"skip/{first}", f"pin/{second}", f"skip/{second}"]
    of_lists = {"way out", "web edition", "one click"}
    assert {rule.name for rule in broken(Dissected(mail.mail))} <= of_lists
