"""The mail server: connection, EHLO, STARTTLS, sign-in, and good-bye. Nothing is sent."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

import aiosmtplib

from digest.deliver.options import Relay, Tls, Waits
from digest.deliver.outcome import STEPS, NoSession
from digest.deliver.smtp import open_session
from digest.doctor.finding import Finding, error, ok, warning
from digest.hosts import is_loopback
from digest.model import Stage

PATIENCE = 5.0  # seconds for the greeting

CURES = {
    Stage.CONNECT: "is the name and port in smtp.url right, and does a firewall let it through?",
    Stage.GREETING: "ask whoever runs it whether this machine may send by it",
    Stage.TLS: "put its certificate right, or set ?starttls=if-offered where the way to it is safe",
    Stage.AUTH: "set smtp.user and DIGEST_SMTP__PASSWORD right",
}


async def mail_server(relay: Relay, patience: float = PATIENCE) -> AsyncIterator[Finding]:
    """Whether the relay would take mail from us, as far as it says before the first mail."""
    try:
        session = await open_session(relay, Waits(greeting=patience), None)
    except NoSession as failed:
        yield error("smtp", f"{relay.name}: {STEPS[failed.stage]}: {failed}", CURES[failed.stage])
        return
    yield _judged(relay, session)
    with contextlib.suppress(aiosmtplib.SMTPException, OSError):
        await session.quit(timeout=patience)


def _judged(relay: Relay, session: aiosmtplib.SMTP) -> Finding:
    secure = session.get_transport_info("ssl_object") is not None
    spoken = [
        *(["TLS"] if secure else []),
        *([f"signed in as {relay.username}"] if relay.username else []),
        *(["pipelining"] if session.supports_extension("pipelining") else []),
    ]
    said = f"{relay.name}: {', '.join(spoken) or 'answers'}"
    if secure or (relay.tls is Tls.NEVER and is_loopback(relay.host)):
        return ok("smtp", said)
    return warning("smtp", f"{said}; mail and password go in clear", "use a relay that speaks TLS")
