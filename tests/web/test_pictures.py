"""Pictures that we host: the same address in the mail and on the page, kept for ever by who has them."""

from __future__ import annotations

import re

from digest.model import Picture
from tests.builders import found
from tests.web.site import URL, Newspaper

THEIRS = "https://pictures.example.net/ferry.jpg"
JPEG = b"\xff\xd8 a ferry"


def hosted(paper: Newspaper) -> None:
    """A story is collected, and its picture."""
    now = paper.clock()
    paper.app.stories.save("wire", [found("ferry", picture=Picture(THEIRS, "A ferry"))], now)
    paper.app.pictures.want([THEIRS], now, private=False)
    paper.app.pictures.claim(now)
    paper.app.pictures.keep(Picture(THEIRS, width=1120, height=700), JPEG)
    paper.clock.turn(minutes=1)


async def test_a_past_edition_shows_the_picture_that_we_serve(paper: Newspaper) -> None:
    hosted(paper)
    paper.issue()
    page = (await paper.get(f"/archive/morning/{paper.clock().date()}")).text
    [address] = re.findall(r'src="([^"]+/pictures/[0-9a-f]{32}\.jpg)"', page)
    assert address.startswith(URL)
    answer = await paper.get(address.removeprefix(URL))
    assert (answer.content, answer.headers["content-type"]) == (JPEG, "image/jpeg")
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"  # webmail is another origin


async def test_the_mail_has_the_same_address(paper: Newspaper) -> None:
    hosted(paper)
    paper.issue()
    [newsletter] = paper.app.newsletters
    stored = paper.app.editions.find(newsletter, paper.clock().date())
    assert stored is not None
    [rendering] = paper.app.renderings.of(stored.id).values()
    html = b"".join(one.html for one in paper.app.renderings.load(rendering).segments)
    mail = html.replace(b"=\r\n", b"").decode()
    assert re.search(rf'src=3D"{URL}/pictures/[0-9a-f]{{32}}\.jpg"', mail)
    assert "pictures.example.net" not in mail


async def test_what_is_no_picture_of_ours_is_not_found(paper: Newspaper) -> None:
    for name in ("0" * 32, "..%2f..%2fsecret", "x"):
        assert (await paper.get(f"/pictures/{name}.jpg")).status_code == 404
