import json
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html import escape

import pytest

from digest.model import Item, Letter, Rendering, Role
from digest.render.edition import render
from digest.render.splice import Splicer
from tests.render.editions import (
    EDITIONS,
    HEADLINES,
    LETTER,
    LOOK,
    PREFERENCES,
    SECTIONS,
    UNSUBSCRIBE,
    edition,
    newsletter,
    story,
)

SAMPLE = render(EDITIONS["sample"](), LOOK)


def sent(rendering: Rendering = SAMPLE, letter: Letter = LETTER, had: frozenset[int] = frozenset()) -> bytes:
    return Splicer(rendering).mail(letter._replace(had=had), UNSUBSCRIBE, PREFERENCES)


def parsed(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=default)


def part(raw: bytes, kind: str) -> str:
    body = parsed(raw).get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def choosing(*sections: str) -> Letter:
    return LETTER._replace(choice=json.dumps(sections))


def test_without_a_mailbox_for_it_nobody_is_told_to_leave_by_mail() -> None:
    rendering = render(EDITIONS["three stories"](), replace(LOOK, unsubscribe=""))
    assert (
        parsed(sent(rendering))["List-Unsubscribe"] == f"<https://news.example.org/unsubscribe/{UNSUBSCRIBE}>"
    )


def test_the_head_is_what_bulk_senders_must_send() -> None:
    head = {name: str(value) for name, value in parsed(sent()).items()}
    assert head == {
        "From": "Aldermoor Morning <news@example.org>",
        "To": "reader@example.net",
        "Subject": HEADLINES[0],
        "Date": "Tue, 19 May 2026 05:00:00 +0000",
        "Message-ID": "<1267.000102030405060708090a0b0c0d0e0f@example.org>",
        "List-Id": "Aldermoor Morning <morning.example.org>",
        "List-Unsubscribe": f"<https://news.example.org/unsubscribe/{UNSUBSCRIBE}>, "
        f"<mailto:unsubscribe+{UNSUBSCRIBE}@example.org>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Archive": "<https://news.example.org/archive/morning>",
        "Precedence": "bulk",
        "Feedback-ID": "20260519:morning:digest:exampleorg",
        "Auto-Submitted": "auto-generated",
        "MIME-Version": "1.0",
        "Content-Type": f'multipart/alternative; boundary="{SAMPLE.boundary}"',
    }


@pytest.mark.parametrize("name", EDITIONS)
def test_every_mail_is_clean_on_the_wire(name: str) -> None:
    raw = sent(render(EDITIONS[name](), LOOK))
    assert raw.isascii()
    assert b"\x00" not in raw
    assert raw.replace(b"\r\n", b"").find(b"\n") == raw.replace(b"\r\n", b"").find(b"\r") == -1
    assert all(len(line) <= 998 and not line.startswith(b".") for line in raw.split(b"\r\n"))
    assert raw.endswith(b"--\r\n")
    assert not parsed(raw).defects
    assert [each.get_content_type() for each in parsed(raw).iter_parts()] == ["text/plain", "text/html"]
    assert not any(each.defects for each in parsed(raw).walk())


def test_the_same_letter_gives_the_same_mail_and_another_delivery_another_message_id() -> None:
    again = parsed(sent(letter=LETTER._replace(attempts=3)))
    assert sent() == sent(letter=LETTER._replace(attempts=3))
    assert parsed(sent(letter=LETTER._replace(delivery=4712)))["message-id"] != again["message-id"]


@pytest.mark.parametrize(
    "address",
    [
        "o'brien+news@example.net",
        'a"b@example.net',
        "a=b@example.net",
        "ü&<b>@example.net",
        ".dot@example.net",
        "x" * 200 + "@example.net",
    ],
)
def test_an_address_is_shown_as_it_is(address: str) -> None:
    raw = sent(letter=LETTER._replace(address=address))
    assert all(len(line) <= 998 and not line.startswith(b".") for line in raw.split(b"\r\n"))
    assert f"It went to {address}." in part(raw, "plain")
    assert f"It went to {escape(address)}." in part(raw, "html")


def test_nothing_in_an_address_adds_a_header() -> None:
    letter = LETTER._replace(address="a@example.com\r\nBcc: x@example.com")
    raw = sent(letter=letter)
    assert parsed(raw).keys() == parsed(sent()).keys()
    assert b"Bcc" not in raw.partition(b"\r\n\r\n")[0]


def test_a_reader_of_all_sections_gets_every_story() -> None:
    for kind in ("plain", "html"):
        text = part(sent(), kind)
        assert all(f"https://news.example.org/{item.story.id}" in text for item in EDITIONS["sample"]().items)


def test_a_reader_gets_the_chosen_sections_and_what_is_for_all() -> None:
    items = EDITIONS["sample"]().items
    for kind, end in (("plain", "\n"), ("html", '"')):
        text = part(sent(letter=choosing("World", "Sport")), kind)
        got = {item.story.id for item in items if f"https://news.example.org/{item.story.id}{end}" in text}
        assert got == {item.story.id for item in items if item.section in ("", "World", "Sport")}


def test_headings_go_with_their_last_story() -> None:
    items = EDITIONS["sample"]().items
    had = frozenset(item.story.id for item in items if item.section == "Town" or item.role is Role.PICK)
    text = part(sent(had=had), "plain")
    assert "WORLD" in text
    for heading in ("TOWN", "Also in Town", "EDITORS’ CHOICE"):
        assert heading not in text


def test_a_section_keeps_its_head_while_links_are_left() -> None:
    had = frozenset(
        i.story.id for i in EDITIONS["sample"]().items if (i.section, i.role) == ("Town", Role.SECTION)
    )
    text = part(sent(had=had), "plain")
    assert text.index("TOWN") < text.index("Also in Town")


def test_the_greeting_names_the_three_main_stories_of_that_mail() -> None:
    titles = [item.story.title for item in EDITIONS["sample"]().items]
    greeting = Splicer(SAMPLE).pieces("", frozenset()).said.greeting
    assert greeting == f"Good morning. The main stories today: {titles[0]}; {titles[1]}; and {titles[2]}."
    assert f"{titles[3]}; {titles[4]}" in Splicer(SAMPLE).pieces("", frozenset({1, 2, 3})).said.greeting


@pytest.mark.parametrize(
    ("headlines", "said"),
    [
        ((), "Good morning."),
        (("Rain stops.",), "Good morning. The main story today: Rain stops."),
        (("Will it rain?",), "Good morning. The main story today: Will it rain?"),
        (("One", "Two"), "Good morning. The main stories today: One; and Two."),
        (("{0}", "%s %(first)s"), "Good morning. The main stories today: {0}; and %s %(first)s."),
    ],
)
def test_greetings_of_few_and_odd_headlines(headlines: tuple[str, ...], said: str) -> None:
    items = tuple(Item(story(n, title), Role.PICK) for n, title in enumerate(headlines))
    rendering = render(edition(items=items, subject="Morning"), LOOK)
    assert Splicer(rendering).pieces("", frozenset()).said.greeting == said


def test_minutes_are_those_of_the_chosen_stories() -> None:
    splicer = Splicer(SAMPLE)
    words = sum(segment.words for segment in splicer.segments())
    assert splicer.pieces("", frozenset()).said.minutes == f"{-(-words // 230)} minute read"
    assert splicer.pieces(choosing().choice, frozenset()).said.minutes == "2 minute read"


@pytest.mark.parametrize("name", EDITIONS)
@pytest.mark.parametrize("sections", [None, ("Town",), ()])
def test_the_preheader_has_a_good_length_and_is_not_the_subject(
    name: str, sections: tuple[str, ...] | None
) -> None:
    choice = "" if sections is None else json.dumps(sections)
    told = Splicer(render(EDITIONS[name](), LOOK)).pieces(choice, frozenset()).said
    assert 35 <= len(told.preheader) <= 140
    assert told.subject not in told.preheader


def test_the_editors_preheader_stands_for_the_whole_edition_only() -> None:
    own = "The weir, the orchards and a train that sleeps: a good morning to you"
    splicer = Splicer(render(edition(preheader=own), LOOK))
    assert splicer.pieces("", frozenset()).said.preheader == own
    assert splicer.pieces('["Town"]', frozenset()).said.preheader != own


def test_a_reader_who_had_the_main_story_gets_the_next_one_as_subject() -> None:
    splicer = Splicer(SAMPLE)
    assert splicer.subject() == HEADLINES[0]
    assert splicer.subject(had=frozenset({1})) == HEADLINES[1]


def test_a_subject_in_any_script_arrives_as_written() -> None:
    for name in ("Arabic", "Japanese", "German compounds"):
        made = EDITIONS[name]()
        assert str(parsed(sent(render(made, LOOK)))["subject"]).rstrip("…") in made.subject


def test_a_reply_address_and_a_name_in_another_script_are_encoded() -> None:
    paper = replace(
        newsletter(),
        sender="Frühblatt <news@example.org>",
        reply_to="Möwe <desk@example.org>",
        title="Frühblatt",
    )
    message = parsed(sent(render(edition(newsletter=paper), LOOK)))
    assert str(message["from"]) == "Frühblatt <news@example.org>"
    assert str(message["reply-to"]) == "Möwe <desk@example.org>"
    assert str(message["list-id"]) == "<morning.example.org>"


def test_a_rendering_keeps_its_wordings(monkeypatch: pytest.MonkeyPatch) -> None:
    """After an upgrade of the catalogues, a stored rendering still gives the same mail."""
    before = sent()
    monkeypatch.setattr("digest.render.catalogue.Wording.gettext", lambda *_: "changed")
    monkeypatch.setattr("digest.render.catalogue.Wording.ngettext", lambda *_: "changed")
    assert sent() == before


def test_every_choice_of_sections_is_spliced_once() -> None:
    splicer = Splicer(SAMPLE)
    for _ in range(3):
        for section in SECTIONS:
            splicer.mail(choosing(section), UNSUBSCRIBE, PREFERENCES)
    assert splicer.pieces.cache_info().misses == len(SECTIONS)
