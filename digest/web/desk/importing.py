"""Readers from a file, as many as there are; the page says how far it has come."""

from __future__ import annotations

import io
import secrets
from collections import Counter
from dataclasses import dataclass, field

from fastapi import APIRouter, BackgroundTasks, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from digest.errors import DigestError, UsageError
from digest.model import Newsletter
from digest.steps.enrolling import Enrolling, enrol
from digest.steps.roster import Roster
from digest.web.desk.frame import Desk, Here
from digest.web.desk.guard import Editing, Operating
from digest.words import counted

LARGEST = 50 * 1024 * 1024  # bytes of a file
TOLD = 50  # bad lines that are named
COUNTED = ("created", "known", "left", "suppressed", "elsewhere", "bad")
KEPT = 20  # imports of this process that can still be looked at

router = APIRouter()


@dataclass
class Import:
    """One import under way, or done."""

    newsletter: Newsletter
    lines: int
    counts: Counter[str] = field(default_factory=lambda: Counter(dict.fromkeys(COUNTED, 0)))
    bad: list[str] = field(default_factory=list)
    is_done: bool = False

    @property
    def share(self) -> int:
        """Percent done."""
        return 100 if self.is_done else min(99, 100 * sum(self.counts.values()) // max(1, self.lines))

    def refuse(self, number: int, why: str) -> None:
        self.counts["bad"] += 1
        if len(self.bad) < TOLD:
            self.bad.append(f"line {number}: {why}")


@router.api_route("/import", methods=["GET", "HEAD"])
def ask(desk: Here, request: Request, me: Editing) -> HTMLResponse:
    return desk.page(request, "import.html", me, done=None, ended=False)


@router.post("/import")
def take(desk: Here, me: Operating, background: BackgroundTasks) -> Response:
    """Take the file, answer at once, and work through it."""
    data = me.file or me.field("list").encode()
    if not data.strip():
        raise UsageError("choose a file, or write addresses into the field")
    if len(data) > LARGEST:
        raise UsageError("the file has more than 50 MB: use digest subscribers import")
    if b"," not in data.split(b"\n", 1)[0] and b"@" in data.split(b"\n", 1)[0]:
        data = b"address\n" + data  # a plain list of addresses
    newsletter, name = desk.newsletter(me.field("newsletter")), secrets.token_hex(8)
    desk.imports[name] = job = Import(newsletter, max(1, data.count(b"\n")))
    while len(desk.imports) > KEPT:
        del desk.imports[next(iter(desk.imports))]
    confirmed, who = me.field("confirmed") == "yes", me.account.address
    desk.app.audit.note(
        who, "began an import", f"{newsletter.slug}: {counted(job.lines, 'line', 'lines')}", desk.clock()
    )
    background.add_task(_work, desk, job, data, confirmed, who)
    return desk.back(f"/import/{name}")


@router.api_route("/import/{name}", methods=["GET", "HEAD"])
def progress(desk: Here, request: Request, me: Editing, name: str) -> HTMLResponse:
    """How far it has come. One of another process is not known here: it ended with that process."""
    done = desk.imports.get(name)
    status = 200 if done else 404
    return desk.page(request, "import.html", me, status=status, done=done, ended=not done)


def _work(desk: Desk, job: Import, data: bytes, confirmed: bool, who: str) -> None:
    roster = Roster(io.BytesIO(data), f"by {who}", job.newsletter, desk.clock())
    suppress = desk.app.suppressions.add_all
    list_ = Enrolling(desk.app.joining, suppress, job.newsletter, roster.origin, confirmed)
    try:
        for people in roster.batches(job.refuse):
            job.counts.update(enrol(list_, people, desk.clock()))
            job.counts["elsewhere"] = roster.elsewhere
    except DigestError as error:
        job.bad.append(str(error))
    job.is_done = True
    told = ", ".join(f"{number} {kind}" for kind, number in job.counts.items() if number)
    desk.app.audit.note(who, "imported readers", f"{job.newsletter.slug}: {told}", desk.clock())
