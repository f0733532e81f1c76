"""From planned deliveries, and single mails, to recorded outcomes."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import parseaddr
from itertools import groupby
from typing import NamedTuple

from digest.addresses import Address
from digest.deliver.options import Options, Relay
from digest.deliver.report import Report
from digest.deliver.sender import send
from digest.deliver.warmup import Warmup
from digest.model import Letter, Mail, Newsletter, Outcome, Verdict
from digest.ports import Deliveries, Ledger, Outbox, Renderings, Retold
from digest.render.encode import recipient
from digest.render.splice import Splicer
from digest.steps.past import Past, past_of, remembered
from digest.steps.service import Service
from digest.steps.signing import signing
from digest.steps.singles import Singles
from digest.steps.watching import watch
from digest.tokens import Purpose, Tokens

RETRY = 60  # seconds until a single mail is tried again that no relay could be asked about
CLAIMS = 5  # of single mails, before it is the editions' turn again
RENDERINGS_KEPT = 8  # splicers in memory: two newsletters, a few languages, the last correction


class Ready(NamedTuple):
    """A rendering at hand. `past` tells which of its stories readers may have had, and is None where none."""

    splicer: Splicer
    sender: str
    past: Past | None


class Composer:
    """Letters become mails, by the stored renderings they name. Implements deliver.connection.Composer."""

    def __init__(
        self,
        renderings: Renderings,
        retold: Retold,
        deliveries: Deliveries,
        tokens: Tokens,
        newsletters: Sequence[Newsletter],
        *,
        verp: bool = False,
    ) -> None:
        self._renderings = renderings
        self._retold = retold
        self._deliveries = deliveries
        self._tokens = tokens
        self._verp = verp
        self._newsletters = {newsletter.slug: newsletter for newsletter in newsletters}
        self._ready: dict[int, Ready] = {}

    async def prepare(self, letters: Sequence[Letter]) -> Sequence[Letter]:
        """Read the renderings not yet at hand, and of a rolling edition what these readers had before."""
        return await asyncio.to_thread(self._prepared, letters)

    def _prepared(self, letters: Sequence[Letter]) -> Sequence[Letter]:
        for rendering in {letter.rendering for letter in letters} - self._ready.keys():
            while len(self._ready) >= RENDERINGS_KEPT:
                del self._ready[next(iter(self._ready))]
            self._ready[rendering] = self._read(rendering)
        by_rendering = groupby(letters, lambda letter: letter.rendering)
        return [
            letter
            for rendering, some in by_rendering
            for letter in remembered(self._deliveries, self._ready[rendering].past, list(some))
        ]

    def _read(self, rendering: int) -> Ready:
        stored, slug = self._renderings.for_sending(rendering)
        newsletter = self._newsletters[slug]
        past = past_of(self._retold, rendering) if newsletter.is_rolling else None
        return Ready(Splicer(stored), envelope_sender(newsletter), past)

    def sender(self, letter: Letter) -> str:
        """The envelope sender; with VERP it tells whose mail comes back."""
        sender = self._ready[letter.rendering].sender
        if not self._verp:
            return sender
        return f"bounce+{self._tokens.sign(Purpose.BOUNCE, letter.ref)}@{sender.rpartition('@')[2]}"

    def body(self, letter: Letter) -> bytes:
        """The whole mail; b"" where nothing is left in it for this reader."""
        splicer = self._ready[letter.rendering].splicer
        if splicer.is_empty(letter):
            return b""
        return splicer.mail(letter, *self._tokens.of_mail(letter.ref))


@dataclass(frozen=True, slots=True)
class Post:
    """The way out: the relays, how a run behaves, how a ledger is opened for it, who composes."""

    relays: Sequence[Relay]
    options: Options
    open_ledger: Callable[[], AbstractAsyncContextManager[Ledger]]
    composer: Composer
    clock: Callable[[], float]  # UTC seconds
    warmup: Callable[[], Warmup] | None = None  # asked at the start of each run
    signer: Callable[[bytes], bytes] | None = None  # a whole mail in, the signed one out


async def send_due(
    post: Post,
    *,
    wait: bool = False,
    stop: asyncio.Event | None = None,
    progress: Callable[[Report], None] | None = None,
) -> Report:
    """Send every letter that is due; with `wait`, stay until nothing is left to try."""
    options = replace(post.options, wait=wait, warmup=post.warmup() if post.warmup else None)
    composer = signing(post.composer, post.signer)
    async with post.open_ledger() as ledger:
        return await send(ledger, post.relays, composer, post.clock, options, stop=stop, progress=progress)


async def send_outbox(post: Post, outbox: Outbox, now: datetime) -> str:
    """Send the single mails that wait; why no relay took them, or "".

    A few at a time: of those a crash leaves without an outcome, readers may get a second one.
    """
    for _ in range(CLAIMS):
        mails = outbox.claim(now)
        halted = await _send_singles(post, outbox, mails, now) if mails else ""
        if not mails or halted:
            return halted
    return ""


async def _send_singles(post: Post, outbox: Outbox, mails: Sequence[Mail], now: datetime) -> str:
    singles = Singles(mails, now)
    report = await send(singles, post.relays, signing(singles, post.signer), post.clock, post.options)
    for mail in mails:
        outbox.record(singles.outcomes.get(mail.id) or _not_tried(mail, report.halted, now), now)
    return report.halted


def _not_tried(mail: Mail, why: str, now: datetime) -> Outcome:
    """No relay could be asked."""
    return Outcome(mail.id, Verdict.DEFERRED, reply=why, counted=False, next_at=int(now.timestamp()) + RETRY)


async def send_copies(
    post: Post, copy: bytes, people: Sequence[Address], now: datetime
) -> list[tuple[Address, Outcome]]:
    """Send test copies outside the record."""
    mails = [Mail(n, person.mailed, addressed(copy, person), 0) for n, person in enumerate(people)]
    singles = Singles(mails, now)
    report = await send(singles, post.relays, signing(singles, post.signer), post.clock, post.options)
    return [
        (person, singles.outcomes.get(mail.id) or _not_tried(mail, report.halted, now))
        for person, mail in zip(people, mails, strict=True)
    ]


def addressed(copy: bytes, person: Address) -> bytes:
    """The copy with this person in To, and a Message-ID of its own: the same one again might be hidden."""
    name = b"Message-ID: <test." + secrets.token_hex(8).encode() + b"@"
    copy = re.sub(rb"(?m)^Message-ID: <[^@\r\n]*@", name, copy, count=1)
    return re.sub(rb"(?m)^To: .*$", b"To: " + recipient(person.mailed) + b"\r", copy, count=1)


def envelope_sender(newsletter: Newsletter) -> str:
    """Where returned mail goes: the address in From."""
    return parseaddr(newsletter.sender)[1]


def finish(service: Service, report: Report, now: datetime) -> None:
    """Close the editions that have nothing left to try, and tell of what stopped the run."""
    if report.halted:
        service.incidents.open("paused", "paused", f"Sending is paused: {report.halted}", now)
    elif report.accepted:
        service.incidents.close("paused", now)
    if report.accepted:
        watch(service, now)  # what nobody had is late no more
    for edition in service.deliveries.finish(now):
        counts = service.deliveries.counts(edition)
        missed = counts.refused + counts.expired + counts.in_doubt
        if missed:
            slug, day, wave = service.editions.named(edition)
            text = (
                f"{slug} of {day} reached {counts.accepted} of {counts.all} readers: "
                f"{counts.refused} refused, {counts.expired} expired, {counts.in_doubt} in doubt; "
                "digest status names them"
            )
            service.incidents.open(f"partly:{slug}:{wave}:{day}", "partly sent", text, now)
