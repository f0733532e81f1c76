"""Opening a session with a relay, step by step, so that a failure names its step. By aiosmtplib."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

import aiosmtplib

from digest.deliver.options import Relay, Tls, Waits
from digest.deliver.outcome import NoSession
from digest.deliver.wire import reply
from digest.model import Stage


async def open_session(relay: Relay, waits: Waits, local_hostname: str | None) -> aiosmtplib.SMTP:
    """A session that is ready for MAIL. Raises NoSession; never goes on in clear where TLS is required."""
    smtp = aiosmtplib.SMTP(
        hostname=relay.host,
        port=relay.port,
        use_tls=relay.tls is Tls.IMPLICIT,
        start_tls=False,
        tls_context=None if relay.tls is Tls.NEVER else tls_context(relay.ca_file),
        timeout=waits.greeting,
        local_hostname=local_hostname or await asyncio.to_thread(own_name),
    )
    try:
        with step(relay, Stage.CONNECT):
            await smtp.connect()
        with step(relay, Stage.GREETING):
            await hello(smtp)
        with step(relay, Stage.TLS):
            await secure(smtp, relay)
        with step(relay, Stage.AUTH):
            await sign_in(smtp, relay)
    except BaseException:
        smtp.close()
        raise
    return smtp


@lru_cache(1)  # the resolver is asked, which where none answers takes seconds: not for each connection
def own_name() -> str:
    return socket.getfqdn()


async def hello(smtp: aiosmtplib.SMTP) -> None:
    """EHLO, or HELO where that is refused: without extensions, but with mail."""
    try:
        await smtp.ehlo()
    except aiosmtplib.SMTPHeloError:
        if not smtp.is_connected:
            raise
        await smtp.helo()


async def secure(smtp: aiosmtplib.SMTP, relay: Relay) -> None:
    offered = smtp.supports_extension("starttls")
    if relay.tls is Tls.REQUIRED and not offered:
        why = "STARTTLS is not offered, and mail would go in clear; allow that with ?starttls=if-offered"
        raise NoSession(Stage.TLS, None, why, unsafe=True)
    if relay.tls is Tls.REQUIRED or (relay.tls is Tls.IF_OFFERED and offered):
        await smtp.starttls()
        await hello(smtp)


async def sign_in(smtp: aiosmtplib.SMTP, relay: Relay) -> None:
    """One try with one method: a second one with a wrong password may lock the account."""
    if not relay.username:
        return
    methods = smtp.server_auth_methods
    if "plain" in methods:
        await smtp.auth_plain(relay.username, relay.password)
    elif "login" in methods:
        await smtp.auth_login(relay.username, relay.password)
    elif "cram-md5" in methods:
        await smtp.auth_crammd5(relay.username, relay.password)
    else:
        why = f"no known method of signing in is offered ({', '.join(methods) or 'none'})"
        raise NoSession(Stage.AUTH, None, why, unsafe=True)


@contextmanager
def step(relay: Relay, stage: Stage) -> Iterator[None]:
    """Names the step at which a session failed."""
    try:
        yield
    except aiosmtplib.SMTPResponseException as error:
        if error.code < 0:  # not an SMTP answer at all
            raise NoSession(stage, None, error.message) from error
        stage = Stage.GREETING if stage is Stage.CONNECT else stage
        raise NoSession(stage, reply(error.code, error.message)) from error
    except (aiosmtplib.SMTPException, OSError) as error:
        bad = error if isinstance(error, ssl.SSLError) else error.__cause__
        if isinstance(bad, ssl.SSLError):
            raise NoSession(Stage.TLS, None, in_words(bad, relay), unsafe=True) from error
        raise NoSession(stage, None, str(error)) from error


def in_words(error: ssl.SSLError, relay: Relay) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate of {relay.host} is not to be trusted: {error.verify_message}"
    return f"the handshake with {relay.host} failed: {error.reason or error}"


@lru_cache(maxsize=8)  # reading the system's certificates takes 20 ms, and there are many connections
def tls_context(ca_file: str) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=ca_file or None)
