from __future__ import annotations

import gzip

import pytest

from digest.collect import decode

UMLAUT = "Grüße aus Köln: „Äpfel“ für 5 €"


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (UMLAUT.encode(), ""),
        (UMLAUT.encode("utf-8-sig"), ""),
        (UMLAUT.encode("utf-16"), ""),
        (UMLAUT.encode("utf-32"), ""),
        (UMLAUT.encode("cp1252"), "text/xml; charset=iso-8859-1"),
        (UMLAUT.encode("cp1252"), "text/xml; charset=nonsense"),
        (UMLAUT.encode(), "text/xml; charset=iso-8859-1"),
        (UMLAUT.encode(), "text/xml; charset=utf-16"),
    ],
    ids=["utf-8", "mark", "utf-16", "utf-32", "latin-1", "unknown name", "a lie", "a utf-16 lie"],
)
def test_the_text_is_what_was_meant(data: bytes, content_type: str) -> None:
    assert decode.text(data, content_type) == UMLAUT


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Президент посетил вчера город и встретился с мэром. ", "koi8-r"),
        ("昨日の朝、東京で会議が開かれました。", "shift_jis"),
        ("昨日の朝、東京で会議が開かれました。", "euc_jp"),
        ("昨天上午，会议在北京举行。市长出席了会议。", "gb18030"),
    ],
)
def test_an_encoding_nobody_names_is_guessed(text: str, encoding: str) -> None:
    data = f"<rss>{text * 20}</rss>".encode(encoding)
    assert text in decode.text(data)


def test_the_documents_own_word_counts_where_the_header_has_none() -> None:
    data = '<?xml version="1.0" encoding="windows-1251"?><t>Привет</t>'.encode("cp1251")
    assert "Привет" in decode.text(data, "text/xml")


def test_utf_16_without_a_mark_is_seen_by_its_look() -> None:
    assert decode.text("<rss>é</rss>".encode("utf-16-le")) == "<rss>é</rss>"
    assert decode.text("<rss>é</rss>".encode("utf-16-be")) == "<rss>é</rss>"


def test_one_bad_byte_costs_one_character() -> None:
    assert decode.text("Straße und Brücke ".encode() * 9 + b"\xff").endswith("Brücke \ufffd")


@pytest.mark.parametrize(
    ("given", "harmless"),
    [
        ("a &#xD800; b", "a \ufffd b"),
        ("a &#0; b", "a \ufffd b"),
        ("a &#1114112; b", "a \ufffd b"),
        ("it&#146;s", "it’s"),
        ("a \x00\x0b b", "a  b"),
        ("&#8212; &#x1F600;", "&#8212; &#x1F600;"),
    ],
)
def test_references_that_end_a_parser_are_made_harmless(given: str, harmless: str) -> None:
    assert decode.xml(given.encode()) == harmless


def test_a_bomb_is_unpacked_no_further_than_the_limit() -> None:
    packed = gzip.compress(bytes(50_000_000))
    assert len(decode.inflated(packed, 1000)) == 1001
    assert decode.inflated(b"plain", 1000) == b"plain"
    assert decode.inflated(b"\x1f\x8bbroken", 1000) == b""
