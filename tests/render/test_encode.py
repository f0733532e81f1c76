import quopri
import re
from email import message_from_bytes
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.render.encode import domain, mailbox, quoted_printable, recipient, unstructured, value

TEXT = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")
)
SLOT = re.compile("@@slot@@")


def lines(encoded: bytes) -> list[bytes]:
    return encoded.split(b"\r\n")


@given(TEXT)
def test_any_text_comes_back_as_it_was(text: str) -> None:
    decoded = quopri.decodestring(quoted_printable(text)).replace(b"\r\n", b"\n").decode()
    assert decoded == text.removesuffix("\n") + "\n"


@given(TEXT)
def test_no_line_is_long_starts_with_a_dot_or_has_blanks_that_relays_change(text: str) -> None:
    for line in lines(quoted_printable(text)):
        assert len(line) <= 76
        assert not line.startswith((b".", b"From "))
        assert not line.endswith((b" ", b"\t"))
        assert b"  " not in line
        assert b"\t" not in line


@given(before=TEXT, filling=TEXT, after=TEXT)
def test_a_value_in_a_slot_reads_as_if_it_had_always_stood_there(
    before: str, filling: str, after: str
) -> None:
    encoded = quoted_printable(f"{before}@@slot@@{after}", SLOT).replace(b"@@slot@@", value(filling))
    assert all(len(line) <= 76 and not line.startswith(b".") for line in lines(encoded))
    decoded = quopri.decodestring(encoded).replace(b"\r\n", b"\n").decode()
    assert decoded == (before + filling + after.removesuffix("\n")) + "\n"


def test_no_character_is_torn_between_two_lines() -> None:
    for line in lines(quoted_printable("ä€🚂" * 60)):
        bytes.fromhex(line.removesuffix(b"=").decode().replace("=", "")).decode()


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1))
def test_a_subject_comes_back_as_it_was(text: str) -> None:
    raw = f"Subject: {unstructured(text, 9)}\r\n\r\n".encode("ascii")
    assert all(len(line) <= 78 for line in lines(raw))
    assert str(message_from_bytes(raw, policy=default)["subject"]).strip() == text.strip()


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ("news@example.org", "news@example.org"),
        ("Morning <news@example.org>", "Morning <news@example.org>"),
        ('"Morning, Noon" <news@example.org>', '"Morning, Noon" <news@example.org>'),
        ("Frühblatt <news@example.org>", "=?utf-8?b?RnLDvGhibGF0dA==?= <news@example.org>"),
    ],
)
def test_senders_are_written_as_mail_wants_them(given: str, sent: str) -> None:
    assert mailbox(given) == sent


@pytest.mark.parametrize(
    "address",
    [
        "reader@example.net",
        "a@example.com\r\nBcc: x@evil.example",
        "a@example.com\n",
        "a@example.com, b@example.com",
        "<a@example.com>",
        "a@example.com\x00",
        "übung@example.com",
        "a b@example.com",
        "",
    ],
)
def test_no_address_adds_a_line_or_a_second_recipient(address: str) -> None:
    raw = b"To: " + recipient(address) + b"\r\nX-Next: here\r\n\r\n"
    assert raw.isascii()
    message = message_from_bytes(raw, policy=default)
    assert message.keys() == ["To", "X-Next"]
    assert len(message["to"].addresses) == (1 if address == "reader@example.net" else 0)


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("News <n@example.org>", "example.org"),
        ("n@müller.example", "xn--mller-kva.example"),
        ("nobody", "localhost"),
    ],
)
def test_the_senders_domain_is_ascii(given: str, found: str) -> None:
    assert domain(given) == found
