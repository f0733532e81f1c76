"""A received mail is taken apart into what a reader wants to see, however broken it is."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.inbox.mail import open_mail


def digest() -> EmailMessage:
    message = EmailMessage()
    message["From"] = "The Morning Tide <news@example.com>"
    message["To"] = "reader@example.com"
    message["Subject"] = "Fähren ohne Öl – zwei Jahre früher"
    message.set_content("Plain words.\n")
    message.add_alternative("<html><body><p>Fine words.</p></body></html>", subtype="html")
    return message


def test_headers_are_decoded() -> None:
    mail = open_mail(digest().as_bytes())
    assert mail.header("subject") == "Fähren ohne Öl – zwei Jahre früher"
    assert mail.sender == "The Morning Tide"
    assert mail.header("List-Id") == ""


def test_both_parts_are_found() -> None:
    mail = open_mail(digest().as_bytes())
    assert mail.text == "Plain words.\n"
    assert "<p>Fine words.</p>" in mail.html


def test_an_attached_page_is_not_the_mail() -> None:
    message = EmailMessage()
    message.set_content("See the page.")
    message.add_attachment("<p>The page</p>", subtype="html", filename="page.html")
    assert open_mail(message.as_bytes()).html == ""


def test_source_is_the_mail_as_it_came() -> None:
    assert (
        open_mail(b"Subject: =?utf-8?q?a=C3=A9?=\r\n\r\nbody\r\n").source
        == "Subject: =?utf-8?q?a=C3=A9?=\r\n\r\nbody\r\n"
    )


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (b"Subject: one\r\n two", "one two"),
        (b"Subject: =?utf-8?b?w6k=?=\r\n =?utf-8?b?w6g=?=", "éè"),
        ("Subject: ungeschützt".encode(), "ungeschützt"),
        (b"Subject: =?no-such-charset?q?a?=", "=?no-such-charset?q?a?="),
        (b"Subject: =?utf-8?b?a?=", "=?utf-8?b?a?="),
        (b"Subject: caf\xe9", "caf\ufffd"),
    ],
)
def test_subject_is_shown_even_if_broken(line: bytes, shown: str) -> None:
    assert open_mail(line + b"\r\n\r\n").header("Subject") == shown


@pytest.mark.parametrize("charset", ["no-such-charset", "idna", "base64"])
def test_body_in_an_impossible_charset_is_shown_all_the_same(charset: str) -> None:
    raw = f"Content-Type: text/plain; charset={charset}\r\n\r\nWords stay.\r\n".encode()
    assert open_mail(raw).text == "Words stay.\r\n"


@pytest.mark.parametrize(
    ("html", "snippet"),
    [
        ("<head><title>No</title></head><body><div>Two stories&nbsp;more</div>", "Two stories more"),
        ("<style>p { color: red }</style><!-- note --><p>Seen</p><p>too</p>", "Seen too"),
        ("<p>A&#847;&zwnj;&nbsp;&#847;&zwnj;&nbsp;B</p>", "A B"),
        ("<p>" + "morning " * 40 + "</p>", "morning " * 16 + "morning…"),
        ("<img src='x'>", "Plain words."),
    ],
)
def test_snippet_is_what_an_inbox_shows_first(html: str, snippet: str) -> None:
    message = EmailMessage()
    message.set_content("Plain words.\n")
    message.add_alternative(html, subtype="html")
    assert open_mail(message.as_bytes()).snippet == snippet


header = st.tuples(
    st.sampled_from(["From", "Subject", "Content-Type", "Content-Transfer-Encoding", "Content-Disposition"]),
    st.text(alphabet="abc<>@\"'(),;:=?\\[]. \t/%*0123-_utf8QBé", max_size=40)
    | st.sampled_from(["text/html; charset=punycode", "multipart/mixed; boundary=a", "base64", "x-uuencode"]),
)


@given(st.lists(header, max_size=4), st.binary(max_size=60))
def test_no_mail_is_too_broken_to_be_shown(headers: list[tuple[str, str]], body: bytes) -> None:
    raw = "".join(f"{name}: {value}\r\n" for name, value in headers).encode() + b"\r\n" + body
    mail = open_mail(raw)
    assert len(mail.snippet) <= 140
    assert mail.source
