"""Letters become mails: whole, in a reader's own sections, without what they had, or none at all."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from digest.model import Mornings, Newsletter, Subscription
from digest.pipeline import issue
from digest.steps.by_hand import issue_by_hand
from digest.steps.previewing import preview
from digest.steps.sending import Composer
from digest.steps.service import Service
from digest.store.database import Database
from digest.store.deliveries import Deliveries
from digest.store.ledger import open_ledger
from digest.store.readers import Readers
from digest.store.renderings import Renderings
from digest.store.retold import Retold
from tests.builders import TOKENS, found, newsletter, order, sections, subscribe
from tests.steps.conftest import Serve
from tests.steps.mornings import DAY, HOUR

EVENING = datetime(2026, 3, 9, 20, tzinfo=UTC)
SEVEN = datetime(2026, 3, 10, 7, tzinfo=UTC)
TODAY = date(2026, 3, 10)
NAMES = sections("World", "Sport")


async def mails(database: Database, letter: Newsletter, now: datetime) -> dict[str, bytes]:
    """What the sender would hand over now, by address; b"" for who gets none."""
    composer = Composer(Renderings(database), Retold(database), Deliveries(database), TOKENS, [letter])
    ledger = await open_ledger(database.driver_url, int(now.timestamp()))
    found_mails: dict[str, bytes] = {}
    while letters := await ledger.claim(int(now.timestamp())):
        found_mails |= {one.address: composer.body(one) for one in await composer.prepare(letters)}
    await ledger.close(int(now.timestamp()))
    return found_mails


def publish(service: Service, at: datetime, **named: str) -> None:
    service.stories.save(
        "wire", [found(name, published=at, section=section) for name, section in named.items()], at
    )


def join(
    readers: Readers, letter: Newsletter, name: str, *names: str, own_only: bool = False
) -> Subscription:
    wish = order(sections=names)._replace(own_only=own_only)
    return subscribe(readers, f"{name}@example.com", letter, wish, at=EVENING).subscription


@pytest.fixture
def rolling() -> Newsletter:
    return newsletter(mornings=Mornings.READER, cutoff=None, sections=NAMES)


async def test_a_reader_whose_sections_are_empty_today_gets_the_lead_or_nothing_where_they_said_so(
    serve: Serve, readers: Readers, database: Database
) -> None:
    letter = newsletter(sections=NAMES)
    service = serve(letter)
    publish(service, EVENING, harbour="World", bridge="World")
    issue(service, EVENING)
    join(readers, letter, "all")
    join(readers, letter, "sport", "Sport")
    join(readers, letter, "strict", "Sport", own_only=True)
    join(readers, letter, "world", "World", own_only=True)
    issue(service, SEVEN)
    sent = await mails(database, letter, SEVEN)
    assert b"harbour" in sent["sport@example.com"]
    assert b"bridge" not in sent["sport@example.com"]
    assert sent["strict@example.com"] == b""
    assert b"bridge" in sent["world@example.com"]
    assert b"bridge" in sent["all@example.com"]


async def test_in_a_rolling_newsletter_stories_had_are_left_out_and_an_empty_mail_is_not_sent(
    serve: Serve, readers: Readers, database: Database, rolling: Newsletter
) -> None:
    service = serve(rolling)
    issue(service, EVENING)
    publish(service, EVENING, harbour="World", bridge="World")
    join(readers, rolling, "ada")
    issue(service, SEVEN)
    subscribe(readers, "newcomer@example.com", rolling, order(), at=SEVEN + HOUR)
    issue(service, SEVEN + DAY)
    sent = await mails(database, rolling, SEVEN + DAY)
    assert sent["ada@example.com"] == b"", "her second morning brought nothing new"
    assert b"harbour" in sent["newcomer@example.com"]


async def test_the_same_letter_gives_the_same_bytes_whatever_is_planned_after_it(
    serve: Serve, readers: Readers, database: Database, rolling: Newsletter
) -> None:
    service = serve(rolling)
    issue(service, EVENING)
    join(readers, rolling, "ada")
    publish(service, EVENING, harbour="World", bridge="World")
    issue(service, SEVEN)
    first = (await mails(database, rolling, SEVEN))["ada@example.com"]
    publish(service, SEVEN + HOUR, fair="World")
    issue(service, SEVEN + DAY)
    ledger = await open_ledger(database.driver_url, int(SEVEN.timestamp()))
    [again] = await ledger.claim(int(SEVEN.timestamp()))
    composer = Composer(Renderings(database), Retold(database), Deliveries(database), TOKENS, [rolling])
    [prepared] = await composer.prepare([again])
    await ledger.close(int(SEVEN.timestamp()))
    assert composer.body(prepared) == first


@pytest.mark.parametrize("cutoff", ["frozen", "rolling"])
async def test_preview_for_a_reader_is_what_they_get_byte_for_byte(
    serve: Serve, readers: Readers, database: Database, rolling: Newsletter, cutoff: str
) -> None:
    letter = rolling if cutoff == "rolling" else newsletter(mornings=Mornings.READER, sections=NAMES)
    service = serve(letter)
    issue(service, EVENING)
    reader = join(readers, letter, "ada", "Sport")
    publish(service, EVENING, harbour="World", match="Sport", bridge="World")
    issue(service, SEVEN)
    await mails(database, letter, SEVEN)
    publish(service, SEVEN + HOUR, regatta="Sport")
    issue(service, SEVEN + DAY)
    tomorrow = date(2026, 3, 11)
    sent = (await mails(database, letter, SEVEN + DAY))["ada@example.com"]
    shown = preview(service, TOKENS, letter, tomorrow, reader, SEVEN + DAY + HOUR)
    assert b"regatta" in sent
    assert b"match" not in sent
    assert shown.mail == sent


def test_preview_before_the_wave_leaves_out_what_the_reader_had(
    serve: Serve, readers: Readers, rolling: Newsletter
) -> None:
    service = serve(rolling)
    issue(service, EVENING)
    reader = join(readers, rolling, "ada")
    publish(service, EVENING, harbour="World", bridge="World")
    issue(service, SEVEN)
    publish(service, SEVEN + HOUR, fair="World")
    shown = preview(service, TOKENS, rolling, date(2026, 3, 11), reader, SEVEN + 2 * HOUR)
    assert b"fair" in shown.mail
    assert b"bridge" not in shown.mail
    assert shown.facts["stories"] == 1


def test_preview_for_a_reader_whose_morning_comes_before_the_freeze_is_the_edition_they_get(
    serve: Serve, readers: Readers
) -> None:
    letter = newsletter(mornings=Mornings.READER, zone="Europe/Dublin", sections=NAMES)
    service = serve(letter)
    wish = order(zone="Asia/Tokyo")
    reader = subscribe(readers, "tokyo@example.com", letter, wish, at=EVENING).subscription
    publish(service, SEVEN - DAY - 3 * HOUR, yesterday="World")
    issue_by_hand(service, letter, date(2026, 3, 9), SEVEN - DAY, everyone=False, approve=False)
    publish(service, EVENING, harbour="World")
    shown = preview(service, TOKENS, letter, TODAY, reader, EVENING)
    assert shown.edition.date == date(2026, 3, 9)
    assert b"yesterday" in shown.mail
