from __future__ import annotations

from digest.collect.harvest import Gathered, Harvest, completed, with_leads
from digest.model import Document, Found, Picture, Summary


def gathered(identity: str = "", url: str = "", title: str = "", canonical: str = "") -> Gathered:
    return Gathered(Found(identity, url, title, canonical=canonical), Document("html", "<p>Its text."))


def test_what_the_giver_said_stands_and_the_rest_comes_from_the_document() -> None:
    summary = Summary(lead="Found lead", title="Found title", byline="Jane Doe", paragraphs=("One", "Two"))
    found = completed(gathered(identity="g", title="Given title", url="https://example.com/a"), summary)
    assert (found.title, found.lead, found.byline, found.body) == (
        "Given title",
        "Found lead",
        "Jane Doe",
        "One\n\nTwo",
    )


def test_a_page_without_an_address_is_known_by_the_one_it_names() -> None:
    found = completed(gathered(), Summary(title="T", canonical="https://www.example.com/a?utm_source=x"))
    assert (found.url, found.identity) == ("https://www.example.com/a?utm_source=x", "example.com/a")


def test_a_page_that_names_none_is_known_by_its_headline() -> None:
    assert completed(gathered(), Summary(title="Ferry aground")).identity == "Ferry aground"


def test_the_pages_own_idea_of_its_address_tells_who_carries_the_same_report() -> None:
    known = gathered(identity="g", url="https://mirror.example/a", canonical="mirror.example/a")
    assert completed(known, Summary(canonical="https://www.example.org/a")).canonical == "example.org/a"
    assert completed(known, Summary(canonical="javascript:alert(1)")).canonical == "mirror.example/a"


def test_what_the_lead_finder_gives_is_clean_as_well() -> None:
    assert completed(gathered(), Summary(lead="It\x92s \ud800so")).lead == "It’s so"


def test_a_document_that_trips_the_lead_finder_costs_its_lead_alone() -> None:
    def finder(document: Document) -> Summary:
        if document.text == "odd":
            raise IndexError("list index out of range")
        return Summary(lead=document.text)

    odd = Gathered(Found("1", "https://example.com/1", "One"), Document("html", "odd"))
    good = Gathered(Found("2", "https://example.com/2", "Two"), Document("html", "good"))
    given = Gathered(Found("3", "https://example.com/3", "Three", lead="given"))
    harvest = with_leads(Harvest((odd, good, given), ("before",)), finder)
    assert [item.found.lead for item in harvest.items] == ["", "good", "given"]
    assert all(item.document is None for item in harvest.items)
    assert harvest.problems == (
        "before",
        "https://example.com/1: no lead: IndexError: list index out of range",
    )


def test_a_picture_without_an_address_of_the_web_is_none() -> None:
    for url in ("", "data:image/gif;base64,R0lGODlhAQABAAAAACw=", "javascript:alert(1)"):
        assert completed(gathered(), Summary(picture=Picture(url, caption="A ferry"))).picture is None
    shown = completed(gathered(), Summary(picture=Picture("https://example.com/a.jpg", alt="A \x07ferry")))
    assert shown.picture == Picture("https://example.com/a.jpg", alt="A ferry")


def test_what_a_page_says_of_itself_is_bounded() -> None:
    found = completed(gathered(), Summary(language="x" * 900, byline="y" * 900, section="A\u202eB"))
    assert (len(found.language), len(found.byline), found.section) == (20, 200, "AB")
