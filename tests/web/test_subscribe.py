"""From the front page to the second click."""

from __future__ import annotations

import pytest
from lxml import html

from tests.web.site import Newspaper, form_of, heading, link_in, recipient, text_of


async def test_two_clicks_and_the_next_edition_comes(paper: Newspaper) -> None:
    paper.issue("harbour", "glacier")
    answer = await paper.ask("ada@example.com")
    assert (answer.status_code, heading(answer)) == (200, "Look into your inbox")
    assert paper.state("ada@example.com") == "pending"
    confirm = link_in(paper.mails()[0], "confirm")
    page = await paper.get(confirm)
    assert heading(page) == "One tap is left"
    done = await paper.post(confirm)
    assert (done.status_code, heading(done)) == (200, "You are on the list")
    assert "Wednesday, March 11, 2026, at 07:00" in done.text
    assert paper.state("ada@example.com") == "active"


async def test_the_welcome_mail_brings_the_last_edition(paper: Newspaper) -> None:
    paper.issue("harbour", "glacier")
    await paper.ask("ada@example.com")
    await paper.post(link_in(paper.mails()[0], "confirm"))
    welcome = paper.mails()[1]
    assert (recipient(welcome), welcome["Subject"]) == ("ada@example.com", "Welcome to The Harbour Post")
    assert "The glacier story" in text_of(welcome)
    assert (await paper.get(link_in(welcome, "preferences"))).status_code == 200
    assert welcome["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


async def test_before_the_first_edition_the_welcome_is_a_word_alone(paper: Newspaper) -> None:
    await paper.ask("ada@example.com")
    await paper.post(link_in(paper.mails()[0], "confirm"))
    welcome = paper.mails()[1]
    assert "Your next edition of The Harbour Post: Wednesday" in text_of(welcome).replace("\n", " ")
    assert "It went to ada@example.com." in text_of(welcome)
    assert welcome["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for page in ("preferences", "unsubscribe"):
        assert (await paper.get(link_in(welcome, page))).status_code == 200


async def test_the_front_page_shows_the_last_edition(paper: Newspaper) -> None:
    assert "latest edition" not in (await paper.get("/")).text
    paper.issue("harbour", "glacier")
    page = await paper.get("/")
    assert "The harbour story" in page.text
    assert 'href="/archive/morning/2026-03-10"' in page.text


@pytest.mark.parametrize("page", ["/", "/subscribe"])
async def test_one_labelled_field_is_all_it_takes(paper: Newspaper, page: str) -> None:
    response = await paper.get(page)
    action, fields = form_of(response)
    assert action == "/subscribe"
    assert set(fields) == {"email", "website", "stamp"}
    field = html.fromstring(response.text).get_element_by_id("email")
    assert (field.get("type"), field.get("autocomplete")) == ("email", "email")
    assert field.label is not None
    assert "<script" not in response.text


async def test_of_two_newsletters_one_is_chosen(house: Newspaper) -> None:
    _, fields = form_of(await house.get("/subscribe?newsletter=weekend"))
    assert fields["newsletter"] == ["weekend"]
    await house.ask("ada@example.com", newsletter="weekend")
    assert house.state("ada@example.com", "weekend") == "pending"
    assert house.state("ada@example.com", "morning") == ""


async def test_a_newsletter_that_is_not_offered_cannot_be_had(house: Newspaper) -> None:
    assert (await house.ask("ada@example.com", newsletter="secret")).status_code == 404


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "nobody",
        "a@example.com\r\nBcc: x@evil.example",
        "a@example.com%0ABcc:x@evil.example",
        "a@example.com\n",
        "a@example.com\u2028",
        "a@b.c,d@e.f",
        "<a@b.c>",
        "a@example.com>\r\nRCPT TO:<evil",
        "a\x00@example.com",
        "x" * 300 + "@example.com",
    ],
)
async def test_what_is_no_address_comes_back_to_be_mended(paper: Newspaper, typed: str) -> None:
    answer = await paper.ask(typed)
    assert answer.status_code == 422
    assert "This is no mail address" in answer.text
    assert html.fromstring(answer.text).get_element_by_id("email").get("aria-invalid") == "true"
    assert paper.mails() == []


async def test_what_was_typed_is_shown_again_and_harmless(paper: Newspaper) -> None:
    answer = await paper.ask('"><script>alert(1)</script>{{7*7}}')
    assert "<script" not in answer.text
    assert "{{7*7}}" in answer.text


async def test_a_form_from_another_site_takes_one_more_press(paper: Newspaper) -> None:
    embedded = await paper.post("/subscribe", {"email": "ada@example.com", "newsletter": "morning"})
    assert "One more press" in embedded.text
    assert paper.settle() == 0
    action, fields = form_of(embedded)
    assert fields["email"] == ["ada@example.com"]
    paper.clock.turn(seconds=2)
    assert heading(await paper.post(action, fields)) == "Look into your inbox"
    paper.settle()
    assert paper.state("ada@example.com") == "pending"


async def test_the_form_for_other_sites_works_as_shown(paper: Newspaper) -> None:
    (shown,) = html.fromstring((await paper.get("/embed")).text).xpath("//pre")
    (form,) = html.fromstring(f"<main>{shown.text_content()}</main>").forms
    assert (form.method, form.action) == ("POST", "https://news.example.com/subscribe")
    assert [field.name for field in form.inputs] == ["email", "newsletter"]


async def test_the_proof_of_consent_is_kept(paper: Newspaper) -> None:
    await paper.ask("ada@example.com", ip="198.51.100.7")
    asked = paper.clock()
    paper.clock.turn(minutes=9)
    await paper.post(link_in(paper.mails()[0], "confirm"))
    (reader,) = paper.app.readers.every()
    assert reader.asked_from == "form 198.51.100.7"
    assert (reader.asked_at, reader.confirmed_at) == (asked, paper.clock())


async def test_a_link_to_the_preferences_comes_by_mail(paper: Newspaper) -> None:
    paper.reader("ada@example.com")
    answer = await paper.ask("ada@example.com", page="/preferences")
    assert heading(answer) == "Look into your inbox"
    page = await paper.get(link_in(paper.mails()[0], "preferences"))
    assert heading(page) == "Your preferences"


async def test_pages_without_any_newsletter_still_stand(paper: Newspaper) -> None:
    bare = Newspaper(paper.app.settings.folder, newsletters=())
    for path in ("/", "/subscribe", "/archive", "/embed"):
        assert (await bare.get(path)).status_code == 200
    assert (await bare.post("/subscribe", {"email": "ada@example.com"})).status_code == 404
    bare.close()


async def test_an_own_morning_is_in_the_zone_that_was_chosen(house: Newspaper) -> None:
    _, fields = form_of(await house.get("/subscribe?newsletter=weekend"))
    assert fields["zone"] == ["UTC"]
    await house.ask("ada@example.com", newsletter="weekend", zone="America/Lima")
    (mail,) = house.mails()
    assert "Lima" not in mail.as_string()
    confirm = link_in(mail, "confirm")
    assert "Saturday, Sunday at 07:00 (Lima)" in (await house.get(confirm)).text
    assert "Saturday, March 14, 2026, at 07:00 (Lima)" in (await house.post(confirm)).text
    (reader,) = house.app.readers.every("weekend")
    assert reader.zone == "America/Lima"


@pytest.mark.parametrize(
    ("newsletter", "zone"), [("weekend", "Mars/Olympus"), ("weekend", ""), ("morning", "America/Lima")]
)
async def test_where_there_is_no_such_choice_the_home_zone_holds(
    house: Newspaper, newsletter: str, zone: str
) -> None:
    await house.ask("ada@example.com", newsletter=newsletter, zone=zone)
    (reader,) = house.app.readers.every()
    assert reader.zone == house.app.newsletter(newsletter).zone


async def test_a_form_that_is_shown_again_keeps_the_zone(house: Newspaper) -> None:
    sent = {"email": "ada@example.com", "newsletter": "weekend", "zone": "America/Lima"}
    _, fields = form_of(await house.post("/subscribe", sent))
    assert (fields["newsletter"], fields["zone"]) == (["weekend"], ["America/Lima"])
