"""Events reach others' servers, signed, again and again until they are taken."""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from digest.collect.http import Web
from digest.model import Event, Hook
from digest.steps.calling import Calling, call_hooks
from digest.store import tables
from digest.store.database import Database
from digest.store.hooks import Hooks
from digest.store.incidents import Incidents
from tests.builders import NOON
from tests.steps.receiver import Receiver, Taken, receiving

SECRET = "whsec_" + b64encode(b"a secret of thirty-two characters").decode()
MINUTE = timedelta(minutes=1)


class House:
    """A service with one incident after another, and the servers that are told of them."""

    def __init__(self, folder: Path, *hooks: Hook, secrets: tuple[str, ...] = (SECRET,)) -> None:
        self.database = Database("sqlite:///digest.db", folder)
        with self.database.write() as connection:
            tables.metadata.create_all(connection)
        self.database.hooks = hooks
        self.incidents, self.hooks = Incidents(self.database), Hooks(self.database)
        self.calling = Calling(hooks, self.hooks, self.incidents, secrets)

    async def call(self, web: Web, now: datetime = NOON) -> int:
        return await call_hooks(self.calling, web, now)


Houses = Callable[..., House]


@pytest.fixture
def house_of(tmp_path: Path) -> Iterator[Houses]:
    """Makes houses on one database."""
    made: list[House] = []

    def make(*hooks: Hook, **more: tuple[str, ...]) -> House:
        made.append(House(tmp_path, *hooks, **more))
        return made[-1]

    yield make
    for house in made:
        house.database.close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


@pytest.fixture
def hook(receiver: Receiver) -> Hook:
    return Hook(receiver.url, frozenset(Event), allow_private=True)


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    async with Web("MorningDigest/0 (test)") as opened:
        yield opened


def signature(key: bytes, taken: Taken) -> str:
    """What the header must say, worked out as the specification tells a receiver to."""
    name, stamp = taken.headers["webhook-id"], taken.headers["webhook-timestamp"]
    content = f"{name}.{stamp}.".encode() + taken.body
    return "v1," + b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()


async def test_an_event_is_posted_once_and_signed(
    house_of: Houses, receiver: Receiver, hook: Hook, web: Web
) -> None:
    house = house_of(hook)
    house.incidents.open("one", "empty", "It was empty", NOON)
    assert [await house.call(web) for _ in range(2)] == [1, 0]
    [taken] = receiver.came
    data = {"key": "one", "kind": "empty", "text": "It was empty", "open": True}
    assert json.loads(taken.body) == {"type": "incident", "timestamp": "2026-03-10T12:00:00Z", "data": data}
    assert taken.headers["webhook-signature"] == signature(b64decode(SECRET[6:]), taken)
    assert taken.headers["webhook-timestamp"] == str(int(NOON.timestamp()))
    assert taken.headers["user-agent"].startswith("MorningDigest")


async def test_while_secrets_change_every_one_of_them_signs(
    house_of: Houses, receiver: Receiver, hook: Hook, web: Web
) -> None:
    house = house_of(hook, secrets=("new", "old"))
    house.incidents.open("one", "empty", "", NOON)
    await house.call(web)
    [taken] = receiver.came
    expected = f"{signature(b'new', taken)} {signature(b'old', taken)}"
    assert taken.headers["webhook-signature"] == expected


@pytest.mark.parametrize("status", [302, 404, 500])
async def test_what_is_not_taken_comes_again_later_under_the_same_name(
    house_of: Houses, receiver: Receiver, hook: Hook, web: Web, status: int
) -> None:
    house = house_of(hook)
    house.incidents.open("one", "empty", "", NOON)
    receiver.status = status
    assert await house.call(web) == 1
    assert await house.call(web, NOON + timedelta(seconds=9)) == 0
    receiver.status = 200
    assert await house.call(web, NOON + timedelta(seconds=10)) == 1
    assert len({taken.headers["webhook-id"] for taken in receiver.came}) == 1
    assert len(receiver.came) == 2
    assert await house.call(web, NOON + timedelta(days=1)) == 0


async def test_a_server_that_fails_is_asked_once_a_round_and_others_are_told_all(
    house_of: Houses, receiver: Receiver, hook: Hook, web: Web
) -> None:
    dead = Hook("http://127.0.0.1:9/", frozenset(Event), allow_private=True)
    house = house_of(dead, hook)
    for name in ("one", "two", "three"):
        house.incidents.open(name, "empty", "", NOON)
    assert await house.call(web) == 6
    assert [json.loads(taken.body)["data"]["key"] for taken in receiver.came] == ["one", "two", "three"]


async def test_after_three_days_an_event_is_given_up_and_the_operator_told(
    house_of: Houses, receiver: Receiver, hook: Hook, web: Web
) -> None:
    house, now = house_of(hook), NOON
    house.incidents.open("one", "empty", "", NOON)
    receiver.status = 503
    while not house.incidents.current()[1:]:
        now += timedelta(hours=6)
        await house.call(web, now)
    assert NOON + timedelta(days=2) < now <= NOON + timedelta(days=3, hours=6)
    [incident] = house.incidents.current()[1:]
    assert (incident.kind, "503" in incident.text) == ("web hook", True)
    receiver.status = 200
    await house.call(web, now)  # the event of that very incident
    assert [one.key for one in house.incidents.current()] == ["one"]


async def test_a_server_in_a_private_network_is_not_asked_unless_it_may_be(
    house_of: Houses, receiver: Receiver, hook: Hook, web: Web
) -> None:
    house = house_of(hook._replace(allow_private=False))
    house.incidents.open("one", "empty", "", NOON)
    await house.call(web)
    assert receiver.came == []
    with house.database.read() as connection:
        assert "allow_private" in str(
            connection.scalar(tables.hook.select().with_only_columns(tables.hook.c.reply))
        )


async def test_a_server_that_is_not_configured_any_more_is_told_nothing(
    house_of: Houses, receiver: Receiver, hook: Hook, web: Web
) -> None:
    house = house_of(hook)
    house.incidents.open("one", "empty", "", NOON)
    other = house_of()
    assert await other.call(web) == 1
    assert await house.call(web, NOON + timedelta(days=1)) == 0
    assert receiver.came == []
