"""The pages show what came, and let a foreign mail do nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from html import unescape

import pytest
from httpx2 import ASGITransport, AsyncClient, Response

from digest.inbox.mailbox import Mailbox
from digest.inbox.pages import PER_PAGE, SOURCE_SHOWN, pages

AT = datetime(2025, 5, 14, 7, tzinfo=UTC)
SMTP_URL = "smtp://127.0.0.1:1025"


def mail(
    subject: str = "Ferries without oil", html: str = "<html><head></head><body><p>News</p></body></html>"
) -> bytes:
    message = EmailMessage()
    message["From"] = "The Morning Tide <news@example.com>"
    message["To"] = "reader@example.com"
    message["Subject"] = subject
    message.set_content("The news in plain words.\n")
    if html:
        message.add_alternative(html, subtype="html")
    return message.as_bytes()


def holding(*raws: bytes) -> Mailbox:
    mailbox = Mailbox()
    for n, raw in enumerate(raws):
        mailbox.add(AT + timedelta(minutes=n), "bounce@example.com", ("reader@example.com",), raw)
    return mailbox


async def get(mailbox: Mailbox, path: str) -> Response:
    transport = ASGITransport(app=pages(mailbox, SMTP_URL))
    async with AsyncClient(transport=transport, base_url="http://inbox.example.com") as client:
        return await client.get(path)


async def test_the_list_shows_newest_first() -> None:
    page = (await get(holding(mail("Older"), mail("Newer")), "/")).text
    assert page.index("Newer") < page.index("Older")
    assert "2 mails caught" in page
    assert 'href="/mail/2"' in page


async def test_an_empty_list_says_where_to_send() -> None:
    page = (await get(Mailbox(), "/")).text
    assert "No mail yet" in page
    assert unescape(page).count(SMTP_URL) == 2


async def test_a_long_list_goes_on_overleaf() -> None:
    mailbox = holding(*(mail(f"Mail {n:03}", html="") for n in range(1, PER_PAGE + 3)))
    first, second = await get(mailbox, "/"), await get(mailbox, "/before/3")
    assert 'href="/before/3"' in first.text
    assert "Mail 003" in first.text
    assert "Mail 002" not in first.text
    assert "Mail 002" in second.text
    assert "Older mails" not in second.text


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/mail/1", 'src="/mail/1/frame"'),
        ("/mail/1/text", "The news in plain words."),
        ("/mail/1/headers", "bounce@example.com"),
        ("/mail/1/source", "Subject: Ferries without oil"),
    ],
)
async def test_each_view_shows_its_side_of_the_mail(path: str, shown: str) -> None:
    response = await get(holding(mail()), path)
    assert response.status_code == 200
    assert shown in response.text
    assert f'href="{path}" aria-current="page"' in response.text


async def test_a_mail_without_html_opens_as_text() -> None:
    mailbox = holding(mail(html=""))
    page = (await get(mailbox, "/mail/1")).text
    assert "The news in plain words." in page
    assert "<iframe" not in page
    assert (await get(mailbox, "/mail/1/frame")).status_code == 404


async def test_a_mail_without_text_says_so() -> None:
    raw = b"Subject: Bare\r\nContent-Type: text/html\r\n\r\n<p>News</p>\r\n"
    assert "no text part" in (await get(holding(raw), "/mail/1/text")).text


async def test_the_download_is_the_mail_byte_for_byte() -> None:
    raw = mail()
    response = await get(holding(raw), "/mail/1.eml")
    assert response.content == raw
    assert response.headers["content-disposition"] == 'attachment; filename="mail-1.eml"'


async def test_a_long_source_is_cut_and_says_so() -> None:
    raw = b"Subject: Long\r\n\r\n" + b"x" * (SOURCE_SHOWN + 1)
    page = (await get(holding(raw), "/mail/1/source")).text
    assert len(page) < SOURCE_SHOWN + 5_000
    assert f"Cut after {SOURCE_SHOWN} of {len(raw)} characters" in page


@pytest.mark.parametrize(
    "path", ["/mail/2", "/mail/2/text", "/mail/2.eml", "/mail/x", "/nowhere", "/sample/pictures/no.jpg"]
)
async def test_what_is_not_there_is_explained(path: str) -> None:
    response = await get(holding(mail()), path)
    assert response.status_code == 404
    assert "Nothing here" in response.text


async def test_foreign_words_are_escaped() -> None:
    page = (await get(holding(mail(subject="<script>alert(1)</script>")), "/")).text
    assert "<script" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize(
    "path", ["/", "/mail/1", "/mail/1/text", "/mail/9", "/style.css", "/sample/pictures/harbour.jpg"]
)
async def test_no_page_runs_scripts_or_sets_cookies(path: str) -> None:
    headers = (await get(holding(mail()), path)).headers
    assert headers["content-security-policy"].startswith(
        "default-src 'none'; style-src 'self'; img-src 'self'"
    )
    assert "script-src" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in headers


async def test_the_mail_itself_is_shut_in_a_sandbox() -> None:
    policy = (await get(holding(mail()), "/mail/1/frame")).headers["content-security-policy"]
    rules = dict(rule.strip().partition(" ")[::2] for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["sandbox"] == "allow-popups allow-popups-to-escape-sandbox"
    assert rules["frame-ancestors"] == "'self'"
    assert "script-src" not in rules


@pytest.mark.parametrize(
    ("html", "framed"),
    [
        (
            '<html><head class="x"><meta charset="utf-8"></head>',
            '<html><head class="x"><base target="_blank"><meta',
        ),
        ("<header>News</header>", '<base target="_blank"><header>'),
    ],
)
async def test_links_in_a_mail_open_beside_the_inbox(html: str, framed: str) -> None:
    assert (await get(holding(mail(html=html)), "/mail/1/frame")).text.startswith(framed)


async def test_sample_pictures_are_served() -> None:
    response = await get(Mailbox(), "/sample/pictures/harbour.jpg")
    assert response.headers["content-type"] == "image/jpeg"
    assert response.content.startswith(b"\xff\xd8")
