"""Our token, wherever a returned mail carries it."""

from __future__ import annotations

import base64

import pytest

from digest.record import understand
from digest.record.bounces.mail import read
from digest.record.bounces.token import token
from tests.record.mails import TOKEN, VERP, complaint, mail, multipart, report

OTHER = "z" * 43
ELSEWHERE = f"To: {VERP}\n".encode()  # the line that mails.py puts into every mail


@pytest.mark.parametrize(
    "head",
    [
        f"To: {VERP}",
        f"Delivered-To: {VERP}",
        f"X-Original-To: <{VERP}>",
        f"Envelope-To: {VERP}",
        f"To: BOUNCE+{TOKEN}@DIGEST.EXAMPLE.ORG",
    ],
)
def test_the_envelope_address_carries_it(head: str) -> None:
    raw = f"{head}\nSubject: x\n\nhi".encode()
    assert token(read(raw), raw) == TOKEN


@pytest.mark.parametrize(
    "original",
    [
        f"Return-Path: <{VERP}>\n",
        f"List-Unsubscribe: <https://news.example.org/unsubscribe/{TOKEN}>,\n <mailto:x@example.org>\n",
        f"X-Digest-Token: {TOKEN}\n",
    ],
)
def test_the_returned_headers_carry_it(original: str) -> None:
    attached = report(original=original).replace(ELSEWHERE, b"")
    quoted = mail(f"Not delivered.\n\n--- Original message follows\n{original}").replace(ELSEWHERE, b"")
    nested = base64.b64encode(original.encode()).decode()
    encoded = multipart(f"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n{nested}").replace(
        ELSEWHERE, b""
    )
    assert [token(read(raw), raw) for raw in (attached, quoted, encoded)] == [TOKEN] * 3


def test_a_complaint_carries_it_in_its_fields() -> None:
    raw = complaint("abuse", f"Original-Mail-From: <{VERP}>", original="From: x\n").replace(ELSEWHERE, b"")
    assert token(read(raw), raw) == TOKEN


def test_the_envelope_comes_before_the_returned_headers() -> None:
    raw = report(original=f"X-Digest-Token: {OTHER}\n")
    assert token(read(raw), raw) == TOKEN


def test_a_changed_case_is_kept_for_the_caller_to_judge() -> None:
    raw = f"To: {VERP.lower()}\n\nhi".encode()
    assert token(read(raw), raw) == TOKEN.lower()


@pytest.mark.parametrize(
    "line", ["To: bounce+short@example.org", f"To: {TOKEN}@example.org", f"X-Digest-Token: {TOKEN}x", ""]
)
def test_what_only_looks_like_it_is_none(line: str) -> None:
    raw = f"{line}\nSubject: x\n\nhi".encode()
    assert token(read(raw), raw) == ""


def test_it_comes_with_every_recipient() -> None:
    raw = mail("could not be delivered to\n<anna@example.com>: no\n<bert@example.com>: no")
    assert {returned.token for returned in understand(raw)} == {TOKEN}
