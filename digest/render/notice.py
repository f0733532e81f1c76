"""The mails that are no edition: confirm, welcome, goodbye, preferences, a correction, an incident, a draft.

They share the edition's frame. What a stranger typed is never in them: only what we say, our links, and the
texts of an editor or of the service itself.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import NamedTuple

from digest.errors import UsageError
from digest.model import Look
from digest.render.catalogue import Wording
from digest.render.choice import PREHEADER, SUBJECT_LIMIT
from digest.render.encode import domain, mailbox, quoted_printable, recipient, unstructured
from digest.render.frame import frame_values
from digest.render.head import lines
from digest.render.inline import inline
from digest.render.jinja import render_templates
from digest.render.splice import PART
from digest.render.texts import clean, clip, link, unfilled

FOOT = ("preferences", "unsubscribe", "archive")  # values that are links in the foot
TEMPLATES = ("email/notice.html", "email/notice.txt")


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "to be translated later"
    return message


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """One kind of notice, in English; its values stand as %(name)s. `button` leads to the value `url`."""

    subject: str
    paragraphs: tuple[str, ...]
    button: str = ""
    after: tuple[str, ...] = ()


WEEK = N_("The button works for seven days.")  # store.retention keeps the numbers

KINDS = {
    "confirm": NoticeKind(
        N_("One tap is left: confirm %(newsletter)s"),
        (N_("Somebody, we hope you, asked for %(newsletter)s at this address. Confirm it, and it starts."),),
        N_("Yes, send me %(newsletter)s"),
        (WEEK, N_("If it was not you, do nothing: no further mail will come.")),
    ),
    "welcome": NoticeKind(
        N_("Welcome to %(newsletter)s"),
        (
            N_("You are on the list. The next edition comes to you."),
            N_("Your next edition of %(newsletter)s: %(first)s."),
        ),
        N_("Choose sections, days and hour"),
    ),
    "goodbye": NoticeKind(
        N_("You have left %(newsletter)s"),
        (N_("You were unsubscribed, and no further edition will come. Thank you for reading."),),
        N_("Take me back"),
        (N_("The button works for one day. After that, subscribing anew brings you back."),),
    ),
    "preferences": NoticeKind(
        N_("Your preferences for %(newsletter)s"),
        (N_("Here is the link to your sections, days and hour. Keep it to yourself: it needs no password."),),
        N_("Open my preferences"),
        (N_("If you did not ask for it, do nothing: nothing has changed."),),
    ),
    "move": NoticeKind(
        N_("Confirm this address for %(newsletter)s"),
        (N_("Somebody, we hope you, wants %(newsletter)s to come to this address from now on."),),
        N_("Yes, send it here"),
        (WEEK, N_("If it was not you, do nothing: nothing changes.")),
    ),
    "notice": NoticeKind("%(subject)s", ("%(text)s",), N_("Read online")),
    "incident": NoticeKind("%(subject)s", ("%(text)s",), N_("Open the desk")),
    "draft": NoticeKind("%(subject)s", ("%(text)s",), "Approve the edition"),  # in the desk's one language
}


class Entry(NamedTuple):
    """One of the things that a notice lists, under its label, and what may be done with it."""

    label: str
    title: str
    links: Sequence[tuple[str, str]] = ()  # what each does, and its address


@dataclass(frozen=True, slots=True)
class Notice:
    """A composed notice: plain subject, whole HTML, plain text."""

    subject: str
    html: str
    text: str


def compose_notice(
    kind: str,
    values: Mapping[str, str],
    look: Look,
    locale: str = "en",
    entries: Sequence[Entry] = (),
) -> Notice:
    """One of KINDS, filled in and rendered in the language `locale`.

    `values`: `newsletter` (its title) and `url` (the button's address) for confirm, welcome, goodbye, move
    and preferences, `first` (when the next edition comes) for welcome; `subject` and `text` (paragraphs
    parted by empty lines) for a notice, an incident and a draft, which may have a `newsletter` and a `url`
    too. The links named in FOOT stand there where given; who reads the newsletter is told why at the
    `address`. `entries` follow the button. Raises UsageError when a value is missing.
    """
    wording = Wording(locale, look.labels)
    said = _filled(KINDS[kind], {"newsletter": look.site, **values}, wording)
    subject = clip(said.subject, SUBJECT_LIMIT)
    preheader = clip(clean(" ".join((*said.paragraphs, *said.after, look.site))), PREHEADER[1])
    context = {
        **frame_values(look, wording),
        "said": said,
        "title": clean(values.get("newsletter", look.site)),
        "url": link(values.get("url", "")),
        "entries": list(map(_printable, entries)),
        "links": {name: link(values[name]) for name in FOOT if values.get(name)},
        "address": values.get("address", ""),
        "slots": {"subject": subject, "preheader": preheader},
    }
    html, text = render_templates(look.templates, TEMPLATES, context, wording)
    return Notice(subject, unfilled(inline(html)), text)


def _filled(kind: NoticeKind, values: Mapping[str, str], wording: Wording) -> NoticeKind:
    """The kind in the reader's language, its values filled in."""
    try:
        return NoticeKind(
            clean(wording.gettext(kind.subject) % values),
            tuple(_paragraphs(kind.paragraphs, values, wording)),
            clean(wording.gettext(kind.button) % values) if kind.button else "",
            tuple(_paragraphs(kind.after, values, wording)),
        )
    except KeyError as missing:
        raise UsageError(f"the notice lacks a value for {missing}") from missing


def _printable(entry: Entry) -> Entry:
    return Entry(clean(entry.label), clean(entry.title), [(does, link(url)) for does, url in entry.links])


def _paragraphs(messages: tuple[str, ...], values: Mapping[str, str], wording: Wording) -> Iterator[str]:
    """Paragraphs that hold anything; their lines stay lines, as a list has them."""
    for message in messages:
        for paragraph in re.split(r"\n\s*\n", wording.gettext(message) % values):
            if lines := list(filter(None, map(clean, paragraph.split("\n")))):
                yield "\n".join(lines)


def notice_bytes(
    notice: Notice,
    *,
    sender: str,
    to: str,
    key: str,
    date: datetime,
    reply_to: str = "",
    listed: Mapping[str, str] | None = None,
) -> bytes:
    """The whole message, encoded as an edition's mail is, without the final "." line.

    `key` names the mail in the outbox: the same key gives the same Message-ID at every attempt. `date` is
    aware. `listed` are the headers of mail that goes to many, from `head.list_fields`.
    """
    name = hashlib.sha256(key.encode()).hexdigest()[:32]
    head = lines(
        {
            "From": mailbox(clean(sender)),
            "To": recipient(to).decode(),
            "Reply-To": mailbox(clean(reply_to)),
            "Subject": unstructured(notice.subject, len("Subject: ")),
            "Date": format_datetime(date.astimezone(UTC)),
            "Message-ID": f"<{name}@{domain(sender)}>",
            **(listed or {}),
            "Auto-Submitted": "auto-generated",
            "MIME-Version": "1.0",
            "Content-Type": f'multipart/alternative;\r\n boundary="=_{name}"',
        }
    )
    parts = (("plain", notice.text), ("html", notice.html))
    bodies = b"".join(
        PART.format(f"=_{name}", kind).encode() + quoted_printable(body) for kind, body in parts
    )
    return head + b"\r\n" + bodies + f"--=_{name}--\r\n".encode()
