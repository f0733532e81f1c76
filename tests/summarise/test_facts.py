"""Title, byline, agency, section and date, from where pages keep them."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from tests.summarise.newsroom import BODY, HEADLINE, LEAD, article, of_page, of_text, page, paragraphs

LINKED = {
    "@graph": [
        {
            "@type": "NewsArticle",
            "headline": HEADLINE,
            "datePublished": "2021-05-03T07:30:00+02:00",
            "author": [{"@type": "Person", "name": "Ruth Calder"}, {"@type": "Person", "name": "Ana Díaz"}],
            "image": {"url": "https://example.com/b.jpg"},
            "inLanguage": "en-GB",
        },
        {
            "@type": "BreadcrumbList",
            "itemListElement": [{"name": "Home"}, {"item": {"name": "Town"}}, {"name": HEADLINE}],
        },
    ]
}


def test_json_ld_tells_author_date_image_and_section() -> None:
    head = f'<script type="application/ld+json">{json.dumps(LINKED)}</script>'
    summary = of_page(page(f"<h1>{HEADLINE}</h1>{paragraphs(*BODY)}", head=head))
    assert summary.byline == "Ruth Calder, Ana Díaz"
    assert summary.published == datetime(2021, 5, 3, 5, 30, tzinfo=UTC)
    assert summary.section == "Town"
    assert summary.picture is not None
    assert summary.picture.url == "https://example.com/b.jpg"


def test_meta_elements_tell_the_same() -> None:
    head = (
        '<meta name="author" content="Ruth Calder"><meta property="article:section" content="Town">'
        '<meta property="article:published_time" content="2021-05-03"><link rel="canonical" href="/bridge">'
    )
    summary = of_page(
        page(f"<h1>{HEADLINE}</h1>{paragraphs(*BODY)}", head=head), url="https://example.com/x?y"
    )
    assert (summary.byline, summary.section) == ("Ruth Calder", "Town")
    assert summary.published == datetime(2021, 5, 3, tzinfo=UTC)
    assert summary.canonical == "https://example.com/bridge"


@pytest.mark.parametrize(
    "script", ["{", "[" * 50_000, '{"@type": 7, "author": [[]], "image": []}', "null", '"text"']
)
def test_broken_json_ld_is_left_aside(script: str) -> None:
    head = f'<script type="application/ld+json">{script}</script>'
    assert of_page(page(f"<h1>{HEADLINE}</h1>{paragraphs(*BODY)}", head=head)).lead == LEAD


def test_byline_on_the_page_is_a_name_alone() -> None:
    assert of_page(article("<p>By Ruth Calder, Monday 3 May 2021</p>")).byline == "Ruth Calder"


def test_headline_on_the_page_before_the_title_with_the_site_s_name() -> None:
    assert of_page(article()).title == HEADLINE


def test_headline_known_from_elsewhere() -> None:
    assert of_page(paragraphs(*BODY), title=HEADLINE).title == HEADLINE


@pytest.mark.parametrize(
    ("dateline", "signed"),
    [("SALTWICK (AFP) - ", ""), ("", "AFP"), ("", "(AFP)")],
    ids=["dateline", "line", "brackets"],
)
def test_agency_is_found_in(dateline: str, signed: str) -> None:
    text = "\n\n".join((HEADLINE, dateline + LEAD, *BODY[1:], signed))
    assert of_text(text, title=HEADLINE).agency == "AFP"


def test_section_trail_with_separators() -> None:
    text = "\n\n".join((f"Home > News > Town > {HEADLINE}", HEADLINE, *BODY))
    assert of_text(text, title=HEADLINE).section == "Town"
