from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest

from digest.errors import UsageError
from digest.render.dissected import Dissected
from digest.render.head import list_fields
from digest.render.notice import KINDS, compose_notice, notice_bytes
from digest.render.rules import broken
from digest.render.texts import columns
from digest.store.people import UNDO
from digest.store.retention import MOVE, UNCONFIRMED
from tests.render.editions import LOOK, NOW, UNSUBSCRIBE, newsletter

VALUES = {
    "newsletter": "Aldermoor Morning",
    "url": f"https://news.example.org/confirm/{UNSUBSCRIBE}",
    "first": "Wednesday, 20 May 2026, at 07:00 (London)",
    "subject": "No mail server takes our mail",
    "text": "The relay has refused every connection since 07:02.\n\nThe run has paused; 1,204 have theirs.",
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("locale", ["en", "ga", "fr", "de", "es", "ar", "ja"])
def test_every_notice_says_the_same_in_both_parts(kind: str, locale: str) -> None:
    notice = compose_notice(kind, VALUES, LOOK, locale)
    assert VALUES["url"] in notice.text
    assert VALUES["url"] in notice.html
    assert notice.html.startswith("<!DOCTYPE html>")
    assert notice.html.count("<h1") == 1
    assert all(columns(line) <= 72 for line in notice.text.split("\n") if "://" not in line)
    assert 0 < len(notice.subject) <= 70


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("locale", ["en", "ar", "ja"])
def test_a_single_mail_keeps_every_rule_but_those_of_mail_to_many(kind: str, locale: str) -> None:
    notice = compose_notice(kind, VALUES, LOOK, locale)
    raw = notice_bytes(notice, sender="Press <a@example.org>", to="b@example.net", key=kind, date=NOW)
    of_lists = {"way out", "web edition", "one click"}
    assert {rule.name for rule in broken(Dissected(raw))} <= of_lists


@pytest.mark.parametrize("kind", ["confirm", "move", "preferences"])
def test_a_mail_to_a_stranger_holds_one_link_and_nothing_they_wrote(kind: str) -> None:
    notice = compose_notice(kind, VALUES | {"name": "Buy pills https://spam.example"}, LOOK)
    assert notice.html.count("href=") == 1
    assert "spam" not in notice.html + notice.text


def test_paragraphs_of_a_notice_are_kept_apart() -> None:
    notice = compose_notice("incident", VALUES, LOOK)
    assert "since 07:02.\n\nThe run has paused" in notice.text
    assert notice.html.count('<p class="said"') == 2


def test_lines_of_a_paragraph_stay_lines() -> None:
    notice = compose_notice("incident", VALUES | {"text": "Town:\r\n– Otters & eels\n– Weir"}, LOOK)
    assert "\nTown:\n– Otters & eels\n– Weir\n" in notice.text
    assert "Town:<br>– Otters &amp; eels<br>– Weir" in notice.html


@pytest.mark.parametrize("kind", ["confirm", "move"])
def test_it_says_how_long_its_button_works(kind: str) -> None:
    assert UNCONFIRMED == MOVE == timedelta(days=7)
    assert "The button works for seven days." in compose_notice(kind, VALUES, LOOK).text


def test_a_goodbye_says_how_long_it_can_be_taken_back() -> None:
    assert timedelta(days=1) == UNDO
    assert "The button works for one day." in compose_notice("goodbye", VALUES, LOOK).text


def test_a_reader_is_told_why_a_mail_comes_and_to_which_address() -> None:
    notice = compose_notice("welcome", VALUES | {"address": "ada@example.net"}, LOOK)
    for said in ("because you subscribed to Aldermoor Morning", "It went to ada@example.net."):
        assert said in notice.html
        assert said in notice.text


def test_foreign_text_is_shown_not_obeyed() -> None:
    notice = compose_notice(
        "notice", VALUES | {"text": "<b>{{7*7}}</b> %(url)s", "url": "javascript:x"}, LOOK
    )
    assert "&lt;b&gt;{&#123;7*7}}&lt;/b&gt; %(url)s" in notice.html
    assert "javascript" not in notice.html + notice.text


def test_the_foot_has_the_links_that_are_given() -> None:
    links = {name: f"https://news.example.org/{name}/x" for name in ("preferences", "unsubscribe", "archive")}
    notice = compose_notice("notice", VALUES | links, LOOK)
    assert all(url in notice.html and url in notice.text for url in links.values())


def test_a_missing_value_is_named() -> None:
    with pytest.raises(UsageError, match="'text'"):
        compose_notice("incident", {"subject": "x"}, LOOK)


def test_a_notice_becomes_one_clean_message() -> None:
    notice = compose_notice("goodbye", VALUES, LOOK, "ar")
    sender, to = "Frühblatt <news@example.org>", "reader@example.net"
    raw = notice_bytes(notice, sender=sender, to=to, key="goodbye:7", date=NOW, reply_to="desk@example.org")
    assert raw == notice_bytes(
        notice, sender=sender, to=to, key="goodbye:7", date=NOW, reply_to="desk@example.org"
    )
    assert raw.isascii()
    assert raw.endswith(b"--\r\n")
    assert all(len(line) <= 78 and not line.startswith(b".") for line in raw.split(b"\r\n"))
    message = message_from_bytes(raw, policy=default)
    assert str(message["from"]) == sender
    assert str(message["subject"]) == notice.subject
    assert str(message["reply-to"]) == "desk@example.org"
    assert message["auto-submitted"] == "auto-generated"
    assert "list-unsubscribe" not in message
    bodies = [part.get_content().replace("\r\n", "\n") for part in message.iter_parts()]
    assert bodies == [notice.text.rstrip("\n"), notice.html.rstrip("\n")]


def test_the_message_id_names_the_outbox_row() -> None:
    notice = compose_notice("goodbye", VALUES, LOOK)
    ids = {
        message_from_bytes(
            notice_bytes(notice, sender="a@example.org", to="b@example.net", key=key, date=NOW)
        )["message-id"]
        for key in ("one", "one", "two")
    }
    assert len(ids) == 2


def test_a_notice_to_all_readers_is_list_mail() -> None:
    listed = list_fields(newsletter(), LOOK, UNSUBSCRIBE, NOW.date())
    notice = compose_notice("notice", VALUES, LOOK)
    raw = notice_bytes(notice, sender="a@example.org", to="b@example.net", key="k", date=NOW, listed=listed)
    message = message_from_bytes(raw, policy=default)
    assert message["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    assert str(message["list-id"]) == "Aldermoor Morning <morning.example.org>"
