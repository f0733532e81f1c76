"""A letter made ready for one relay."""

from __future__ import annotations

import pytest

from digest.deliver.envelope import Features
from digest.deliver.making import TooLarge, make
from digest.model import Letter
from tests.deliver.run_of import Plain

LETTER = Letter(1, 1, "reader@example.com", b"s%015d" % 1, "", 0, 0, 0)


def test_envelope_and_body_stand_ready_for_the_wire() -> None:
    mail = make(Plain(), LETTER, Features(size=0))
    assert mail
    assert mail.body == Plain().body(LETTER)
    assert mail.envelope == (
        b"MAIL FROM:<bounce-s000000000000001@news.example.com> SIZE=%d\r\n"
        b"RCPT TO:<reader@example.com>\r\nDATA\r\n" % len(mail.body)
    )


def test_where_nothing_is_left_for_the_reader_there_is_no_mail() -> None:
    class Empty(Plain):
        def body(self, letter: Letter) -> bytes:
            return b""

    assert make(Empty(), LETTER, Features()) is None


def test_a_mail_that_the_relay_will_not_take_is_not_offered() -> None:
    octets = len(Plain().body(LETTER))
    assert make(Plain(), LETTER, Features(size=octets))
    with pytest.raises(
        TooLarge, match=rf"has {octets} bytes, and the relay takes {octets - 1}: make the edi"
    ):
        make(Plain(), LETTER, Features(size=octets - 1))
