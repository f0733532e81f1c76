"""What is a mail address."""

from __future__ import annotations

import pytest

from digest.addresses import accept
from digest.errors import UsageError


@pytest.mark.parametrize(
    ("typed", "mailed", "key"),
    [
        (" ada@example.com ", "ada@example.com", "ada@example.com"),
        ("Ada.Moss+news@EXAMPLE.com", "Ada.Moss+news@example.com", "ada.moss+news@example.com"),
        ("ida@exämple.com", "ida@exämple.com", "ida@exämple.com"),
        ("{{7*7}}@example.com", "{{7*7}}@example.com", "{{7*7}}@example.com"),
    ],
)
def test_what_the_rfcs_allow_is_accepted_and_normalised(typed: str, mailed: str, key: str) -> None:
    assert accept(typed) == (mailed, key)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ada",
        "ada@",
        "@example.com",
        "a@example.com\r\nBcc: x@example.org",
        "a@example.com\n",
        "a@b.example,d@e.example",
        "<a@b.example>",
        "a b@example.com",
        "a@example.com\0",
        "a@exam\u2028ple.com",
        "a@" + "x" * 250 + ".example",
    ],
)
def test_what_could_be_more_than_one_address_is_refused(typed: str) -> None:
    with pytest.raises(UsageError, match="is not a mail address"):
        accept(typed)
