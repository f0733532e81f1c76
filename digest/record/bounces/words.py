"""The words by which mail systems are known: `bounces.toml`, and what it says of one mail."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from digest.model import Stage
from digest.record.bounces.mail import Mail
from digest.record.bounces.report import ADDRESS, Event
from digest.replies import normalise, phrases

LINES_READ = 400  # of the server's own words; a report of one recipient has some twenty
RULE = " \t-=*_>#|"  # what markers are drawn with
AUTOMATIC = {"x-autoreply", "x-autorespond", "x-vacation", "list-id", "list-post", "list-unsubscribe"}


@dataclass(frozen=True, slots=True)
class Table:
    """The phrases of `bounces.toml`, each list as one pattern for normalised text."""

    senders: re.Pattern[str]
    subjects: re.Pattern[str]
    successes: re.Pattern[str]
    personal: re.Pattern[str]
    notices: re.Pattern[str]
    signs: re.Pattern[str]
    ends: re.Pattern[str]
    delays: re.Pattern[str]
    at_rcpt: re.Pattern[str]
    after_data: re.Pattern[str]
    recipient_line: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Account:
    """A mail as the account of a mail system: its own words, and after them the returned mail's."""

    mail: Mail
    own: str
    returned: str
    words: str  # its own words, normalised


def account(mail: Mail) -> Account:
    """The mail's text parted at the first line that announces the returned mail."""
    lines = mail.text.splitlines()
    marked = (
        n for n, line in enumerate(lines[:LINES_READ]) if table().ends.match(normalise(line.lstrip(RULE)))
    )
    end = next(marked, LINES_READ)
    own = "\n".join(lines[:end])
    return Account(mail, own, "\n".join(lines[end:]), normalise(own))


def says_it_came_back(told: Account) -> bool:
    """Whether a mail system says so in a family's words or in the subject; anyone else needs both."""
    titled = titled_as_returned(told.mail) and not arrived(told)
    clues = [titled, bool(table().signs.search(told.words))]
    return any(clues) if from_a_mail_system(told.mail) else all(clues)


def arrived(told: Account) -> bool:
    """Whether it tells of a success; `delivery report` is a title of both."""
    return bool(table().successes.search(f"{normalise(told.mail.header('subject'))} {told.words}"))


def may_have_come_back(mail: Mail) -> bool:
    """Whether sender, subject or return path fit returned mail: enough for detectors that need a form."""
    return from_a_mail_system(mail) or titled_as_returned(mail) or mail.header("return-path") == "<>"


def titled_as_returned(mail: Mail) -> bool:
    return bool(table().subjects.search(normalise(mail.header("subject"))))


def from_a_mail_system(mail: Mail) -> bool:
    """Whether the sender's name or local part is a mail system's; nobody (`<>`) is one."""
    pieces = [piece.strip() for piece in re.split(r"[<>\"()]", normalise(mail.header("from")))]
    return not any(pieces) or any(table().senders.match(piece) for piece in pieces)


def something_else(mail: Mail) -> bool:
    """Answers, forwards, lists, the answering machines of people who are away, and mail systems' notices."""
    subject = normalise(mail.header("subject"))
    personal = table().personal.match(subject) or AUTOMATIC & mail.head.keys()
    return bool(table().notices.search(subject) or (personal and not from_a_mail_system(mail)))


def event(told: Account) -> Event:
    said = f"{told.words} {normalise(told.mail.header('subject'))}"
    return Event.DELAYED if table().delays.search(said) else Event.FAILED


def stage(text: str) -> Stage | None:
    """The step of the SMTP transaction at which the refusal came; None where the text does not tell."""
    words = normalise(text)
    if table().after_data.search(words):
        return Stage.DOT
    return Stage.RCPT if table().at_rcpt.search(words) else None


@cache
def table() -> Table:
    data = tomllib.loads(files("digest.record.bounces").joinpath("bounces.toml").read_text(encoding="utf-8"))
    families = {
        key: [p for f in data["family"] for p in f.get(key, ())] for key in ("signs", "ends", "delays")
    }
    single = ("senders", "subjects", "successes", "personal", "notices", "at_rcpt", "after_data")
    lists = {key: pattern(data[key]) for key in single}
    lists |= {key: pattern(words) for key, words in families.items()}
    return Table(**lists, recipient_line=recipient_line(data["labels"]))


def pattern(wanted: Iterable[str]) -> re.Pattern[str]:
    found = phrases(list(wanted))
    assert found is not None  # no list of the table is empty
    return found


def recipient_line(labels: list[str]) -> re.Pattern[str]:
    """A line that opens with an address: after a reply code, a label, or nothing but punctuation."""
    longest_first = "|".join(re.escape(label) for label in sorted(labels, key=len, reverse=True))
    return re.compile(
        rf"(?i)^[^\w@]{{0,20}}(?:[45]\d\d[ -]+)?(?:\d\.\d\.\d+ +)?(?:(?:{longest_first})\b[\s:=]{{1,9}})?"
        rf"[^\w@]{{0,9}}{ADDRESS.pattern}"
    )
