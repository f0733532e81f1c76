"""What holds for every document, whatever it is."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from digest.model import Document
from digest.summarise import summarise
from digest.summarise.clean import plain, trimmed
from digest.summarise.report import tidy
from digest.summarise.sentences import cut
from digest.summarise.shape import WORD
from tests.summarise.newsroom import BODY, DECK, HEADLINE

KINDS = st.sampled_from(["html", "text", "entry", "other"])
MARKUP = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<div class='deck'>",
        "</div>",
        "<br>",
        "<a href='x'>",
        "</a>",
        "<h1>",
        "</h1>",
        "<li>",
        "&amp;",
        "&lt;p&gt;",
        "<!--",
        "-->",
        "<script>",
        "<",
        ">",
        "&",
        "\n\n",
        "\x00",
        "* ",
        "# ",
        "(AP) — ",
        "Video: ",
        "…",
        "By ",
        "3 May 2021",
    ]
)
PROSE = st.sampled_from((*BODY, HEADLINE, DECK))
SOUP = st.lists(st.one_of(MARKUP, PROSE, st.text(max_size=20)), max_size=30).map("".join)
PARAGRAPHS = st.lists(PROSE, min_size=1, max_size=8)


@given(
    kind=KINDS,
    text=SOUP,
    summary=SOUP,
    title=st.text(max_size=30),
    url=st.text(max_size=30),
    limit=st.integers(0, 700),
)
@settings(max_examples=80)
def test_never_raises_and_never_longer_than_asked(
    kind: str, text: str, summary: str, title: str, url: str, limit: int
) -> None:
    found = summarise(Document(kind, text, summary, url, title), limit)
    assert len(found.lead) <= limit
    assert found.reason


@given(kind=KINDS, texts=PARAGRAPHS)
@settings(max_examples=40)
def test_every_word_of_a_lead_is_the_page_s(kind: str, texts: list[str]) -> None:
    wrap = "<p>{}</p>" if kind in ("html", "entry") else "{}\n\n"
    lead = summarise(Document(kind, "".join(map(wrap.format, texts)))).lead
    assert set(WORD.findall(lead)) <= set(WORD.findall(" ".join(texts)))


@given(text=SOUP)
@settings(max_examples=40)
def test_same_document_same_summary(text: str) -> None:
    document = Document("html", text)
    assert summarise(document) == summarise(document)


@given(texts=PARAGRAPHS)
@settings(max_examples=40)
def test_lead_of_a_lead_is_itself(texts: list[str]) -> None:
    lead = summarise(Document("entry", "".join(f"<p>{text}</p>" for text in texts))).lead
    assert summarise(Document("entry", f"<p>{lead}</p>")).lead == lead


@given(text=st.one_of(SOUP, st.text()))
@settings(max_examples=80)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert plain(plain(text)) == plain(text)
    assert trimmed(trimmed(text)) == trimmed(text)
    assert tidy(tidy(text)) == tidy(text)


@given(
    text=st.lists(st.one_of(PROSE, st.text(max_size=30)), max_size=6).map(" ".join), limit=st.integers(0, 300)
)
@settings(max_examples=40)
def test_cutting_keeps_the_limit_and_cuts_once(text: str, limit: int) -> None:
    short = cut(text, limit)
    assert len(short) <= limit or short == text
    assert cut(short, limit) == short
