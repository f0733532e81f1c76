"""An invented newsroom: one story, told in the shapes in which pages, texts and feeds tell theirs."""

from __future__ import annotations

from digest.model import Document, Summary
from digest.summarise import summarise

HEADLINE = "Swing bridge to close for a year"
DECK = "Repairs to the oldest crossing in town will begin in spring"
LEAD = "The harbour council voted on Monday to close the old swing bridge for a year of repairs."
NEXT = (
    "Work will begin in March, the town engineer said, and buses will take the coast road until it is done."
)
MORE = (
    "Shop owners on the quay fear that the summer trade will suffer, although the ferry will run more often.",
    "The bridge was built in 1911 and carries about four thousand cars on a working day.",
    "Its turning gear was last replaced forty years ago, and parts for it are no longer made.",
    "A temporary footbridge was found too costly, said Ruth Calder, who chairs the works committee.",
)
BODY = (LEAD, NEXT, *MORE)


def paragraphs(*texts: str, attributes: str = "") -> str:
    return "".join(f"<p{attributes}>{text}</p>" for text in texts)


def page(content: str, *, title: str = HEADLINE, head: str = "") -> str:
    """A page with what surrounds every article: menu, related stories, footer."""
    return f"""<!doctype html><html lang="en"><head><title>{title} - Harbour News</title>{head}</head><body>
    <header><nav><ul><li><a href="/">Home</a></li><li><a href="/town">Town news</a></li></ul></nav></header>
    <main>{content}</main>
    <aside class="related"><h3><a href="/a">Ferry fares will rise in June</a></h3>
    <p>The ferry company announced on Friday that single fares will rise by a tenth from June.</p></aside>
    <footer><p>Copyright Harbour News. All rights reserved. Sign up for our newsletter.</p></footer>
    </body></html>"""


def article(*above: str, headline: str = HEADLINE, body: tuple[str, ...] = BODY) -> str:
    """A page whose article has `above` between headline and first paragraph."""
    return page(f"<article><h1>{headline}</h1>{''.join(above)}{paragraphs(*body)}</article>")


def of_page(content: str, **fields: str) -> Summary:
    return summarise(Document("html", content, **fields))


def of_text(content: str, **fields: str) -> Summary:
    return summarise(Document("text", content, **fields))


def of_entry(content: str, summary: str = "", **fields: str) -> Summary:
    return summarise(Document("entry", content, summary, **fields))
