import pytest

from digest.render.texts import clean, clip, columns, link, tagged, without_stop, words, wrap


@pytest.mark.parametrize(
    ("given", "printed"),
    [
        ("It\x92s \x93here\x94 \x85", "It’s “here” …"),
        ("a\r\nBcc: b\u2028c\x0bd", "a Bcc: b c d"),
        ("\u202ereversed\u202c", "reversed"),
        ("nul\x00 bell\x07 lost\ufffd half\ud800", "nul bell lost half"),
        ("family 👩‍👩‍👧", "family 👩‍👩‍👧"),
        ("  two \t blanks ", "two blanks"),
        ("{{7*7}} %(x)s &amp; <b>", "{{7*7}} %(x)s &amp; <b>"),
    ],
)
def test_foreign_text_becomes_one_printable_line(given: str, printed: str) -> None:
    assert clean(given) == printed


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("short", "short"),
        ("one two three four", "one two…"),
        ("x" * 20, "x" * 11 + "…"),
        ("one two, three four", "one two…"),
    ],
)
def test_long_text_is_cut_at_a_word(given: str, kept: str) -> None:
    assert clip(given, 12) == kept


@pytest.mark.parametrize(
    ("given", "width", "wrapped"),
    [
        ("one two three", 7, "one two\nthree"),
        ("x" * 10, 4, "xxxx\nxxxx\nxx"),
        ("堰を石ひとつ", 8, "堰を石ひ\nとつ"),
        ("堰を石ひ。とつ", 8, "堰を石\nひ。とつ"),
        ("夜行 train 復活", 10, "夜行 train\n復活"),
        ("😀" * 5, 4, "😀😀\n😀😀\n😀"),
        ("", 5, ""),
    ],
)
def test_text_is_wrapped_by_columns(given: str, width: int, wrapped: str) -> None:
    assert wrap(given, width) == wrapped
    assert all(columns(line) <= width for line in wrapped.split("\n"))


@pytest.mark.parametrize(
    ("given", "found"), [("one two three", 3), ("堰を石ひとつ", 3), ("the 堰を", 2), ("", 0)]
)
def test_two_japanese_characters_count_as_a_word(given: str, found: int) -> None:
    assert words(given) == found


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ("https://example.org/a?b=c&d=%C3%A9#e", "https://example.org/a?b=c&d=%C3%A9#e"),
        ("https://example.org/é ü\"'<>()[]", "https://example.org/%C3%A9%20%C3%BC%22%27%3C%3E%28%29%5B%5D"),
        ("https://müller.example:8443/", "https://xn--mller-kva.example:8443/"),
        ("HTTPS://example.org", "https://example.org"),
        ("https://example.org/a\r\nb", "https://example.org/ab"),
        ("http://[2001:db8::1]/", "http://[2001:db8::1]/"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("file:///etc/passwd", ""),
        ("//example.org/a", ""),
        ("/relative", ""),
        ("https://user:pass@example.org/", ""),
        ("https://", ""),
        ("https://[broken", ""),
        ("https://example.org:notaport/", ""),
        ("https://example.org/\ud800", ""),
        ("", ""),
    ],
)
def test_only_plain_web_addresses_become_links(given: str, sent: str) -> None:
    assert link(given) == sent


def test_a_headline_loses_its_own_stop_inside_a_sentence() -> None:
    assert [without_stop(h) for h in ("Rain stops.", "終わる。", "Really?")] == [
        "Rain stops",
        "終わる",
        "Really?",
    ]


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        ("https://news.example.org/1", "https://news.example.org/1?utm_source=digest&via=e+mail"),
        (
            "https://news.example.org/1?page=2",
            "https://news.example.org/1?page=2&utm_source=digest&via=e+mail",
        ),
        (
            "https://news.example.org/1?a=%20b&c#top",
            "https://news.example.org/1?a=%20b&c&utm_source=digest&via=e+mail#top",
        ),
        ("https://news.example.org/1?utm_source=own", "https://news.example.org/1?utm_source=own&via=e+mail"),
        ("", ""),
    ],
)
def test_parameters_come_after_what_a_link_has_already(url: str, sent: str) -> None:
    assert tagged(url, (("utm_source", "digest"), ("via", "e mail"))) == sent
