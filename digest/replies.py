"""What a mail server's reply means: one table, `replies.toml`, for SMTP answers and for returned mail alike.

The number alone is not believed. Servers say 550 5.1.1 for a full mailbox and 550 5.7.1 for an unknown user,
so words are heard before enhanced status codes (RFC 3463), and those before reply codes (RFC 5321). Where
nothing says that the address is dead, it is not: a reader wrongly suppressed is lost, a dead address kept
costs one more refusal.
"""

from __future__ import annotations

import enum
import re
import tomllib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from digest.model import Effect, Stage

TEXT_READ = 4000  # characters of a reply that are looked at; a real one is under 2,000 (RFC 5321 4.5.3.1.5)
GAP = r" (?:.{0,80}? )?"  # what " * " in a phrase stands for: bounded, so that no text is slow to search
ACCENTS = re.compile(r"[\u0300-\u036f]")
UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u4e00-\u9fff]")  # Thai, Japanese, Chinese


class Kind(enum.StrEnum):
    """What a refusal says; `EFFECTS` tells what each asks beyond its own delivery."""

    HARD = "hard"  # no such user, no such host: the address is dead
    FULL = "full"  # the mailbox is full: passes, is retried within the day, and counts
    POLICY = "policy"  # refused for what we are or sent, by that domain: never the reader's fault
    AUTHENTICATION = "authentication"  # SPF, DKIM or DMARC is broken: about us, every reader will fail
    SENDER = "sender"  # our envelope sender is refused at MAIL: about us
    TOO_LARGE = "too large"  # this edition, not this reader
    THROTTLED = "throttled"  # we send too fast
    GREYLISTED = "greylisted"  # come back after five minutes, same sender, same host
    TOO_MANY_RECIPIENTS = "too many recipients"  # the rest goes in the next transaction, at once
    UNSUPPORTED = "unsupported"  # needs SMTPUTF8 where there is none: this reader cannot be mailed that way
    TEMPORARY = "temporary"  # any other 4xx: later
    FAILED = "failed"  # any other 5xx: not this time, and it counts


EFFECTS = {
    Kind.HARD: Effect.SUPPRESS,
    Kind.FULL: Effect.SOFT,
    Kind.POLICY: Effect.PAUSE_DOMAIN,
    Kind.AUTHENTICATION: Effect.PAUSE,
    Kind.SENDER: Effect.PAUSE,
    Kind.TOO_LARGE: Effect.PAUSE,
    Kind.THROTTLED: Effect.SLOW,
    Kind.GREYLISTED: Effect.NONE,
    Kind.TOO_MANY_RECIPIENTS: Effect.NONE,
    Kind.UNSUPPORTED: Effect.NONE,
    Kind.TEMPORARY: Effect.NONE,
    Kind.FAILED: Effect.SOFT,
}


class Meaning(NamedTuple):
    """A reply, understood. `rule` is the name of the table's row that decided, for whoever asks why.

    `permanent` is False where the same mail may be tried again: for every 4xx, and for a full mailbox even
    when the server said 5xx.
    """

    kind: Kind
    permanent: bool
    rule: str

    @property
    def effect(self) -> Effect:
        """What the reply asks beyond its own delivery."""
        return EFFECTS[self.kind]


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of the table, ready to be matched."""

    name: str
    kind: Kind
    status: re.Pattern[str] | None
    codes: frozenset[int]
    words: re.Pattern[str] | None
    unless: re.Pattern[str] | None
    when: bool | None  # the permanence it is for; None for both
    stages: frozenset[Stage | None]

    def fits(self, code: int, status: str, text: str, permanent: bool, stage: Stage | None) -> bool:
        if self.when not in {None, permanent} or (self.stages and stage not in self.stages):
            return False
        if self.unless and (self.unless.search(text) or self.unless.search(status)):
            return False
        anything = self.status is None and self.words is None and not self.codes
        return (
            anything
            or code in self.codes
            or bool(self.status and self.status.fullmatch(status))
            or bool(self.words and self.words.search(text))
        )


def meaning(code: int, status: str, text: str, stage: Stage | None = Stage.RCPT) -> Meaning:
    """What a refusal means.

    `code` is the SMTP reply code, 0 where it is not known; `status` the enhanced status, "" where there is
    none; `text` the whole reply. The stage matters: a refusal at MAIL is about us, not the reader, and one
    of the mail's text says less of the address; None is for returned mail that does not tell the stage.
    Without code and status the refusal counts as permanent: returned mail comes after the last try.
    Replies before MAIL (greeting, TLS, AUTH) are about the connection and have no row here.
    """
    permanent = is_permanent(code, status)
    text = normalise(text[:TEXT_READ])
    rule = next(r for r in table() if r.fits(code, status, text, permanent, stage))
    return Meaning(rule.kind, permanent and rule.kind is not Kind.FULL, rule.name)


def is_permanent(code: int, status: str) -> bool:
    """The code decides where it is known: RFC 5321 clients act on its first digit, servers' statuses vary."""
    first = str(code) if code else status
    return not first.startswith("4")


def normalise(text: str) -> str:
    """Lower case, no accents, blanks as one, apostrophes straight: how the table's phrases are sought.

    Servers write their accents in any charset or none, so a phrase must be found without them.
    """
    plain = ACCENTS.sub("", unicodedata.normalize("NFKD", text.replace("’", "'")))
    return " ".join(plain.casefold().split())


@cache
def table() -> tuple[Rule, ...]:
    """The rules of `replies.toml`, in order. The last ones fit anything."""
    data = tomllib.loads(files("digest").joinpath("replies.toml").read_text(encoding="utf-8"))
    return tuple(_as_rule(row) for row in data["rule"])


def _as_rule(row: dict[str, Any]) -> Rule:
    return Rule(
        name=row["name"],
        kind=Kind(row["meaning"]),
        status=_one_of([re.escape(s).replace(r"\*", r"\d{1,3}") for s in row.get("status", ())]),
        codes=frozenset(row.get("code", ())),
        words=phrases(row.get("words", ())),
        unless=phrases(row.get("unless", ())),
        when={"permanent": True, "temporary": False}.get(row.get("when", "")),
        stages=frozenset(None if s == "untold" else Stage[s.upper()] for s in row.get("stage", ())),
    )


def phrases(wanted: Sequence[str]) -> re.Pattern[str] | None:
    """One pattern that finds any of the phrases: as whole words, but for scripts that part no words."""
    spaced = [_pattern(normalise(p)) for p in wanted if not UNSPACED.search(p)]
    unspaced = [_pattern(normalise(p)) for p in wanted if UNSPACED.search(p)]
    return _one_of(([rf"(?<!\w)(?:{'|'.join(map(_whole, spaced))})"] if spaced else []) + unspaced)


def _whole(phrase: str) -> str:
    """Ended at its word's end; a phrase such as `re:` ends in itself."""
    return phrase + (r"(?!\w)" if phrase[-1].isalnum() else "")


def _pattern(phrase: str) -> str:
    """A phrase as a regular expression; `*` at a word's end takes the word's rest, ` * ` whole words."""
    parts = re.escape(phrase).replace(r"\ ", " ").split(r" \* ")
    return GAP.join(part.replace(r"\*", r"\w*") for part in parts)


def _one_of(patterns: Sequence[str]) -> re.Pattern[str] | None:
    return re.compile("|".join(patterns)) if patterns else None
