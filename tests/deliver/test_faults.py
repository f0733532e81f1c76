"""What goes wrong with mail servers, and what must come of it: first for every mail, then for every seventh.

The fault lasts a while, then ends. After that, whatever it was: nobody is lost, nobody has two (readers in
doubt: at most one more, with the same Message-ID), and suppressed are those alone whose address is dead.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from digest.deliver import run
from digest.deliver.options import Waits
from digest.deliver.warmup import Warmup
from digest.model import DeliveryState, Letter
from tests.deliver.relay import BadRelay, Fault
from tests.deliver.run_of import DOMAINS, WAITS, Morning, Plain
from tests.morning import prepare

READERS = 200  # ten mails a connection
MAILS = 12  # that meet it
CALLS = 2  # that meet it, where it is met before any mail


@pytest.fixture(scope="session")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store in which fewer readers are due: a hundred runs and more are begun here."""
    path = tmp_path_factory.mktemp("planned") / "digest.db"
    prepare(str(path), READERS, domains=DOMAINS)
    return path


@dataclass(frozen=True)
class Row:
    """A fault. With `taken`, the relay has the mail although its answer is bad; `mail`: see Fault."""

    step: str
    does: str
    taken: bool = False
    mail: int = 0

    def __str__(self) -> str:
        return f"{self.step} {self.does[:24]}{' though taken' if self.taken else ''}{self.mail or ''}"

    def fault(self, every: int) -> Fault:
        before = self.step in {"connect", "greeting", "ehlo"}
        return Fault(self.step, self.does, every, CALLS if before else MAILS, self.taken, self.mail)

    @property
    def waits(self) -> Waits:
        """Short for the answer that never comes, long for all others."""
        soon = SOON_ENOUGH if self.step == "dot" else SOON
        return dataclasses.replace(WAITS, **{self.step: soon}) if self.does in SILENT else WAITS


SILENT = {"silence", "mute"}
SOON = 0.2  # seconds
SOON_ENOUGH = 0.5  # longer than any answer takes that does come, on a busy machine too: a mail hangs on it


@pytest.fixture(autouse=True)
def quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits for the look at the clock that finds an answer overdue waits a quarter as long."""
    monkeypatch.setattr(run, "TICK", 0.05)


PASSING = [
    Row("connect", "close"),
    Row("connect", "reset"),
    Row("greeting", "silence"),
    Row("greeting", "421 4.3.2 too busy"),
    Row("greeting", "half"),
    Row("greeting", "garbage"),
    Row("ehlo", "500 5.5.1 what?"),
    Row("ehlo", "close"),
    Row("mail", "421 4.7.0 try later"),
    Row("mail", "450 4.3.2 try later"),
    Row("mail", "451 4.3.0 try later"),
    Row("mail", "452 4.3.1 insufficient system storage"),
    Row("mail", "close"),
    Row("mail", "reset"),
    Row("mail", "silence"),
    Row("rcpt", "421 4.3.2 closing"),
    Row("rcpt", "450 4.2.0 greylisted, try again in 6 minutes"),
    Row("rcpt", "451 4.7.1 greylisting in action"),
    Row("rcpt", "452 4.5.3 too many recipients"),
    Row("rcpt", "450-4.2.1 first line\r\n450-4.2.1 second line\r\n450 4.2.1 third line"),
    Row("rcpt", "close"),
    Row("rcpt", "reset"),
    Row("rcpt", "long"),
    Row("rcpt", "garbage"),
    Row("data", "421 4.3.2 closing"),
    Row("data", "451 4.3.0 later"),
    Row("data", "close"),
    Row("data", "reset"),
    Row("data", "bytewise"),
    Row("dot", "421 4.3.2 closing"),
    Row("dot", "451 4.3.0 later"),
    Row("dot", "452 4.3.1 insufficient system storage"),
    Row("dot", "bytewise", taken=True),
    Row("dot", "late", taken=True),
    Row("mail", "close", mail=5),
    Row("mail", "421 4.7.0 enough on this connection", mail=5),
    Row("quit", "close"),
    Row("quit", "500 5.5.1 stay"),
    Row("quit", "silence"),
    Row("rcpt", "454 4.7.1 throttled: rate limit exceeded"),
]


@pytest.mark.parametrize("every", [1, 7])
@pytest.mark.parametrize("row", PASSING, ids=str)
async def test_what_passes_costs_nobody_the_mail(
    morning: Morning, row: Row, every: int, caplog: pytest.LogCaptureFixture
) -> None:
    async with BadRelay(row.fault(every)).running() as relay:
        await morning.send_all(relay.settings(), waits=row.waits)
    assert relay.fault
    assert relay.fault.hit
    assert relay.copies == {morning.address(n): 1 for n in range(1, READERS + 1)}
    assert morning.count(DeliveryState.ACCEPTED) == READERS
    assert (morning.suppressed, morning.soft) == ([], [])
    assert relay.max_open <= 20
    assert len(told(caplog)) <= 3


def told(caplog: pytest.LogCaptureFixture) -> set[str]:
    """The different things the log says."""
    events = [record for record in caplog.records if record.name == "digest"]
    return {getattr(one, "facts", {}).get("reason", one.message) for one in events}


DOUBTS = [
    Row("dot", "close"),
    Row("dot", "close", taken=True),
    Row("dot", "reset"),
    Row("dot", "silence"),
    Row("dot", "silence", taken=True),
    Row("dot", "half", taken=True),
    Row("dot", "garbage", taken=True),
]


@pytest.mark.parametrize("every", [1, 7])
@pytest.mark.parametrize("row", DOUBTS, ids=str)
async def test_a_mail_that_got_no_answer_goes_out_once_more_and_is_the_same(
    morning: Morning, row: Row, every: int, caplog: pytest.LogCaptureFixture
) -> None:
    async with BadRelay(row.fault(every)).running() as relay:
        await morning.send_all(relay.settings(), waits=row.waits)
    assert relay.fault
    doubted = relay.fault.readers
    assert doubted
    copies = relay.copies
    assert {address: n for address, n in copies.items() if n > 1} == dict.fromkeys(
        doubted if row.taken else (), 2
    )
    assert len(copies) == READERS
    assert len(set(relay.taken)) == READERS  # the second one has the same Message-ID
    assert morning.count(DeliveryState.ACCEPTED) == READERS
    rows = morning.store.rows("SELECT id, doubts FROM delivery WHERE doubts > 0")
    assert {(morning.address(n), doubts) for n, doubts in rows} == {(address, 1) for address in doubted}
    assert len(told(caplog)) <= 3


async def test_a_mail_that_never_gets_an_answer_is_held_after_the_second(morning: Morning) -> None:
    async with BadRelay(Fault("dot", "close", every=7, taken=True)).running() as relay:
        await morning.send_all(relay.settings())
        held = morning.store.rows("SELECT id FROM delivery WHERE state = 2 AND next_at IS NULL")
    assert all(relay.copies[morning.address(n)] == 2 for (n,) in held)
    assert max(relay.copies.values()) == 2


FAILS = [
    ("rcpt", "550 5.1.1 no such user", "suppressed"),
    ("rcpt", "550 5.1.2 no such host", "suppressed"),
    ("rcpt", "550-5.1.1 first line\r\n550 5.1.1 no such user here", "suppressed"),
    ("rcpt", "550 requested action not taken: user unknown", "suppressed"),
    ("rcpt", "550 5.6.7 SMTPUTF8 address", ""),
    ("rcpt", "550 something is wrong", "soft"),
    ("rcpt", "554 5.7.1 blocked, see https://example.net/why", ""),
    ("dot", "550 5.7.1 looks like spam", ""),
]


@pytest.mark.parametrize(("step", "reply", "consequence"), FAILS, ids=lambda value: str(value)[:24])
async def test_a_refusal_is_final_for_that_mail_and_suppresses_the_dead_alone(
    morning: Morning, step: str, reply: str, consequence: str
) -> None:
    async with BadRelay(Fault(step, reply, every=9, times=4)).running() as relay:
        await morning.send_all(relay.settings())
    assert relay.fault
    met = {n for n in range(1, READERS + 1) if morning.address(n) in relay.fault.readers}
    assert len(met) == 4
    assert set(morning.suppressed) == (met if consequence == "suppressed" else set())
    assert set(morning.soft) == (met if consequence == "soft" else set())
    assert {n for n, state in morning.store.states().items() if state == DeliveryState.REFUSED} == met
    assert relay.copies == {morning.address(n): 1 for n in range(1, READERS + 1) if n not in met}


@pytest.mark.parametrize("reply", ["452 4.2.2 mailbox full", "552 5.2.2 over quota"])
async def test_a_full_mailbox_is_tried_again_and_counts_softly(morning: Morning, reply: str) -> None:
    async with BadRelay(Fault("rcpt", reply, every=9, times=4)).running() as relay:
        await morning.send_all(relay.settings())
    assert len(morning.soft) == 4
    assert morning.suppressed == []
    assert relay.copies == {morning.address(n): 1 for n in range(1, READERS + 1)}


# About us, not about a reader: the run stops, nobody is refused, and a person is told.
PAUSES = [
    ("greeting", "554 5.7.1 your host is blocked"),
    ("mail", "550 5.1.8 sender refused"),
    ("mail", "553 5.7.1 sender not owned"),
    ("rcpt", "550 5.7.26 this mail is unauthenticated"),
    ("dot", "550 5.7.515 access denied"),
    ("rcpt", "421 4.7.32 no alignment"),
]


@pytest.mark.parametrize("every", [1, 7])
@pytest.mark.parametrize(("step", "reply"), PAUSES)
async def test_what_is_about_us_pauses_the_run_and_burns_no_reader(
    morning: Morning, step: str, reply: str, every: int
) -> None:
    every = 1 if step == "greeting" else every
    async with BadRelay(Fault(step, reply, every)).running() as relay:
        report = await morning.send(relay.settings())
        assert reply[4:12] in report.halted
        assert morning.store.rows("SELECT scope, until FROM pause") == [("all", None)]
        assert morning.count(DeliveryState.REFUSED) == 0
        assert len(relay.taken) < READERS - 20
        assert (await morning.send(relay.settings())).halted == report.halted
        relay.fault = None
        morning.store.execute("DELETE FROM pause")
        await morning.send_all(relay.settings())
    assert relay.copies == {morning.address(n): 1 for n in range(1, READERS + 1)}
    assert (morning.suppressed, morning.soft) == ([], [])


async def test_content_refused_mail_after_mail_pauses_the_run(morning: Morning) -> None:
    async with BadRelay(Fault("dot", "554 5.7.1 message content rejected")).running() as relay:
        report = await morning.send(relay.settings())
    assert "refused for its content" in report.halted
    assert 21 <= morning.count(DeliveryState.REFUSED) <= 20 + 1 + 20  # what was under way is answered, too
    assert morning.suppressed == []


@pytest.mark.parametrize("extensions", [("PIPELINING", "SIZE 100"), ("SIZE 100",)])
async def test_an_edition_too_large_for_the_relay_pauses_with_the_cure(
    morning: Morning, extensions: tuple[str, ...]
) -> None:
    class Long(Plain):
        def body(self, letter: Letter) -> bytes:
            return super().body(letter) + 20 * b"More of the news.\r\n"

    async with BadRelay(extensions=extensions).running() as relay:
        report = await morning.send(relay.settings(), composer=Long())
    assert "make the edition smaller" in report.halted
    assert not any(command.startswith("MAIL") for command in relay.commands)
    assert morning.count(DeliveryState.PLANNED) == READERS


async def test_a_domain_that_refuses_by_policy_is_left_alone_for_a_while(morning: Morning) -> None:
    class Strict(Fault):
        def strikes(self, step: str, reader: str, mails: int) -> bool:
            return step == "rcpt" and reader.endswith("@example.net")

    async with BadRelay(Strict("rcpt", "554 5.7.1 not wanted here")).running() as relay:
        report = await morning.send(relay.settings())
        assert report.halted == ""
        assert 6 <= report.refused <= 30
        assert morning.count(DeliveryState.ACCEPTED) == READERS * 4 // 5
        assert morning.store.rows("SELECT scope FROM pause") == [("domain:example.net",)]
        relay.fault = None
        await morning.send_all(relay.settings())
    assert morning.count(DeliveryState.ACCEPTED) == READERS - report.refused
    assert morning.suppressed == []


async def test_a_new_sender_gives_a_domain_its_mails_of_the_day_and_keeps_the_rest(morning: Morning) -> None:
    day = datetime.fromtimestamp(morning.now, UTC).date()
    warmup = Warmup(day, 2, {"example.net": 10}, {"example.net": 3}, day)
    async with BadRelay().running() as relay:
        report = await morning.send(relay.settings(), warmup=warmup)
    assert (report.halted, report.accepted) == ("", READERS * 4 // 5 + 7)
    [(scope, until)] = morning.store.rows("SELECT scope, until FROM pause")
    assert scope == "domain:example.net"
    assert datetime.fromtimestamp(until, UTC) == datetime(2026, 1, 2, tzinfo=UTC)
    assert morning.count(DeliveryState.REFUSED) == 0
    assert morning.suppressed == []


@pytest.mark.parametrize(
    "does", ["mute", "twice", "503 5.5.1 improper command pipelining"], ids=["lost", "twice", "503"]
)
@pytest.mark.parametrize("step", ["mail", "rcpt"])
async def test_broken_pipelining_is_noticed_and_not_used_again(
    morning: Morning, step: str, does: str, caplog: pytest.LogCaptureFixture
) -> None:
    row = Row(step, does)
    async with BadRelay(Fault(step, does, every=7, times=1)).running() as relay:
        await morning.send_all(relay.settings(), waits=dataclasses.replace(row.waits, data=SOON))
    assert relay.copies == {morning.address(n): 1 for n in range(1, READERS + 1)}
    assert any("PIPELINING is offered but broken" in text for text in told(caplog))


async def test_after_its_limit_of_mails_a_connection_is_left_before_the_relay_ends_it(
    morning: Morning,
) -> None:
    async with BadRelay(Fault("mail", "421 4.7.0 enough", mail=4)).running() as relay:
        report = await morning.send(relay.settings())
    assert report.accepted == READERS
    assert relay.fault
    assert relay.fault.hit <= 40  # and READERS / 4 connections were used
    assert relay.copies == {morning.address(n): 1 for n in range(1, READERS + 1)}


async def test_a_relay_that_is_gone_pauses_the_run_which_goes_on_when_it_is_back(morning: Morning) -> None:
    relay = BadRelay()
    async with relay.running():
        pass
    report = await morning.send(relay.settings())
    assert "Connect call failed" in report.halted
    assert report.next_due
    assert report.next_due > morning.now
    assert morning.count(DeliveryState.PLANNED) == READERS
    assert morning.store.rows("SELECT max(attempts) FROM delivery") == [(0,)]
    morning.now = report.next_due
    async with relay.running():
        assert (await morning.send(relay.settings())).accepted == READERS


async def test_a_relay_that_hangs_at_sign_in_is_told_while_it_is_waited_for(
    morning: Morning, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("digest.deliver.crew.SLOW_SECONDS", 0.01)
    async with BadRelay(Fault("auth", "silence"), ("AUTH PLAIN",)).running() as relay:
        known = dataclasses.replace(relay.settings(), username="paper", password="quay")
        report = await morning.send(known, waits=dataclasses.replace(WAITS, greeting=SOON))
    assert any("has not let us in" in text for text in told(caplog))
    assert "sign-in" in report.fault
