"""What the configuration leaves out, or leaves as `digest init` wrote it. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from email.utils import parseaddr

from digest.doctor.finding import Finding, error, ok, warning
from digest.render.encode import domain
from digest.settings import Settings

PLACEHOLDERS = ("example.com", "example.org", "example.net", "example", "test", "invalid", "localhost")


def configuration(settings: Settings) -> Iterator[Finding]:
    """One finding for each thing that a person still has to decide; one in all where there is none."""
    found = [*_newsletters(settings), *_rest(settings)]
    yield from found
    if not found:
        count = len(settings.newsletters), len(settings.sources)
        yield ok("configuration", f"newsletters: {count[0]}, sources: {count[1]}; nothing is missing")


def _newsletters(settings: Settings) -> Iterator[Finding]:
    check = "configuration"
    if not settings.newsletters:
        yield error(check, "no newsletter is configured", "add a [[newsletters]] table to config/digest.toml")
    for one in settings.newsletters:
        named = domain(one.sender)
        if is_placeholder(named):
            yield warning(
                check, f"{one.slug}: from: {named} is a placeholder", "set from to an address of your own"
            )
        if one.reply_to and not parseaddr(one.reply_to)[1]:
            yield error(check, f"{one.slug}: reply_to: {one.reply_to!r} is no mailbox", "give an address")


def _rest(settings: Settings) -> Iterator[Finding]:
    check = "configuration"
    if not settings.sources:
        cure = "add a [[sources]] table, or bring stories by digest import"
        yield warning(check, "no source is configured", cure)
    if not settings.site.postal_address:
        cure = "set site.postal_address: the law asks for one in many countries"
        yield warning(check, "the mails carry no postal address", cure)
    if not settings.operator.mail:
        yield warning(check, "nobody is told when something is wrong", "set operator.mail")
    if settings.smtp.user and not settings.smtp.password:
        cure = "set DIGEST_SMTP__PASSWORD in the environment of the service, too"
        yield error(check, f"smtp.user is {settings.smtp.user!r}, and there is no password", cure)


def is_placeholder(name: str) -> bool:
    """Whether no mail can ever come from it: a name set aside for examples (RFC 2606, RFC 6761)."""
    return any(f".{name.lower()}".endswith(f".{one}") for one in PLACEHOLDERS)
