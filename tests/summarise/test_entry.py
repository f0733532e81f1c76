"""Feed entries: content before summary, and never the furniture around them."""

from __future__ import annotations

from html import escape

import pytest

from tests.summarise.newsroom import DECK, HEADLINE, LEAD, NEXT, of_entry, paragraphs

WHOLE = paragraphs(LEAD, NEXT)
PIXEL = '<img src="https://example.com/t.gif" width="1" height="1" alt="">'
ENTRIES = {
    "content": (WHOLE, ""),
    "summary alone": ("", WHOLE),
    "plain summary": ("", LEAD),
    "content before summary": (WHOLE, "A bridge will close."),
    "summary richer than the content": ("The bridge (Jane Doe)", WHOLE),
    "escaped once too often": (escape(WHOLE), ""),
    "escaped twice too often": (escape(escape(WHOLE)), ""),
    "standfirst first": (paragraphs(DECK, LEAD, NEXT), ""),
    "picture and caption first": (
        f'<p><img src="b.jpg"></p><p class="wp-caption-text">The bridge. (AP Photo/Jane Doe)</p>{WHOLE}',
        "",
    ),
    "byline and date first": (f"<p>By Ruth Calder</p><p>3 May 2021</p>{WHOLE}", ""),
    "syndication notice last": (
        f"<p>{LEAD} The post <a>Bridge</a> appeared first on <a>Harbour News</a>.</p>",
        "",
    ),
    "pointer last": (f"<p>{LEAD} <a href='/x'>Continue reading...</a></p>", ""),
    "tracking pixel": (f"{LEAD}{PIXEL}", ""),
    "tags as links in brackets": (f'{LEAD} (<a href="/1">Town</a>, <a href="/2">Traffic</a>) {PIXEL}', ""),
    "source after a line break": (f"{LEAD}<br><i>Harbour News</i>", ""),
    "plain paragraphs": (f"{LEAD}\n\n{NEXT}", ""),
    "label": (f"<p>Video: {LEAD}</p>", ""),
    "dateline": (f"<p>SALTWICK, May 3 (AP) - {LEAD}</p><p>{NEXT}</p>", ""),
    "share text": (f"<p>{LEAD}</p><p>Share this on Facebook</p>", ""),
}


@pytest.mark.parametrize(("content", "summary"), ENTRIES.values(), ids=ENTRIES.keys())
def test_lead_of_an_entry_with(content: str, summary: str) -> None:
    assert of_entry(content, summary, title=HEADLINE).lead == LEAD


def test_truncated_entry_ends_at_its_last_whole_sentence() -> None:
    assert of_entry(f"{LEAD} Work will begin in March, the town …").lead == LEAD


def test_empty_entry_has_no_lead_and_keeps_its_title() -> None:
    summary = of_entry("", title=HEADLINE)
    assert (summary.lead, summary.title) == ("", HEADLINE)
    assert summary.reason == "No lead: no paragraph was found."
