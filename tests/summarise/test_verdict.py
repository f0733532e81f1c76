"""A page without a report has no lead, and says why."""

from __future__ import annotations

import pytest

from tests.summarise.newsroom import (
    BODY,
    HEADLINE,
    LEAD,
    article,
    of_entry,
    of_page,
    of_text,
    page,
    paragraphs,
)

TEASERS = "".join(
    f'<div><h2><a href="/{n}">Story number {n} of the day</a></h2><p>{t}</p></div>'
    for n, t in enumerate(BODY)
)
PICTURES = "".join(
    f"<figure><img src='{n}.jpg'><figcaption>{t}</figcaption></figure>" for n, t in enumerate(BODY)
)
NO_ARTICLE = {
    "nothing": ("", "no paragraph"),
    "a frame for a script": (
        "<div id='root'></div><noscript>Please enable JavaScript</noscript>",
        "no paragraph",
    ),
    "a front page": (page(TEASERS, title="Harbour News"), "list of stories"),
    "an error page": (
        "<title>Page not found</title><h1>Page not found</h1><p>It may have been moved."
        "</p><p>Please go back to the home page or use the search above to find it.</p>",
        "error page",
    ),
    "a log-in page": (
        "<title>Sign in</title><h1>Log in to your account</h1><p>Enter your address and password to go on."
        "</p><p>Forgotten your password? We will send you a link.</p>",
        "log-in",
    ),
    "a cookie wall": (
        "<title>Harbour News</title><h2>We value your privacy</h2><p>We and our partners store and"
        "/or access information on a device, such as cookies, to show personalised ads and content.</p>",
        "consent wall",
    ),
    "a gallery": (page(f"<h1>The bridge in pictures</h1>{PICTURES}"), "not about the headline"),
    "captions as paragraphs": (
        "<h1>The bridge in pictures</h1><p>The bridge at dawn, seen from the quay. (Photo: Jane Doe)</p>"
        "<p>Fishermen under the bridge at high water. (Photo: Jane Doe)</p>",
        "No lead",
    ),
}


@pytest.mark.parametrize(("content", "why"), NO_ARTICLE.values(), ids=NO_ARTICLE.keys())
def test_no_lead_from(content: str, why: str) -> None:
    summary = of_page(content, url="https://example.com/page")
    assert (summary.lead, summary.paragraphs) == ("", ())
    assert why in summary.reason


def test_root_of_a_site_is_a_front_page() -> None:
    assert of_page(page(paragraphs(*BODY)), url="https://example.com/").lead == ""


@pytest.mark.parametrize(
    "content",
    [
        "Page not found\n\nThe page could not be found.",
        "Home\nNews\nSport\nSign in",
        "",
        "Subscribe\n\nSign up for our newsletter today.",
    ],
    ids=["error", "menu", "nothing", "call"],
)
def test_no_lead_from_plain_text(content: str) -> None:
    assert of_text(content).lead == ""


def test_report_about_walls_and_cookies_is_a_report() -> None:
    body = (
        "The council's web site showed visitors a cookie notice that was against the law, a court found.",
        *BODY,
    )
    assert of_page(article(headline="Cookie notice was against the law", body=body)).lead == body[0]


def test_short_report_is_a_report() -> None:
    assert of_page(f"<h1>{HEADLINE}</h1><p>{LEAD}</p>").lead == LEAD


def test_headline_stays_where_there_is_no_lead() -> None:
    assert of_page("<h1>In pictures: the bridge</h1><p>Menu</p>").title == "In pictures: the bridge"


def test_entry_is_taken_at_its_word() -> None:
    assert (
        of_entry("<p>Log in to see how the council votes tonight.</p>").lead
        == "Log in to see how the council votes tonight."
    )
