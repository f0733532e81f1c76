from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from digest.collect.children import Children
from digest.collect.hosting import host, shrunk
from digest.collect.http import Web
from digest.errors import SourceError, TooMuch
from digest.model import Picture
from tests.collect.site import Site

URL = "https://example.com/f.jpg"


def drawn(width: int, height: int, kind: str = "JPEG", mode: str = "RGB", **more: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, (width, height), "#c03" if mode != "RGBA" else (0, 0, 0, 0)).save(out, kind, **more)
    return out.getvalue()


def opened(jpeg: bytes) -> Image.Image:
    return Image.open(io.BytesIO(jpeg))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_large_picture_becomes_a_jpeg_of_a_mails_width(kind: str) -> None:
    jpeg, width, height = shrunk(drawn(1680, 1120, kind), URL)
    assert (width, height) == (1120, 747)
    assert (opened(jpeg).format, opened(jpeg).mode, opened(jpeg).size) == ("JPEG", "RGB", (1120, 747))


def test_a_small_picture_keeps_its_size() -> None:
    assert shrunk(drawn(640, 400), URL)[1:] == (640, 400)


def test_transparency_becomes_paper() -> None:
    jpeg, *_ = shrunk(drawn(640, 400, "PNG", "RGBA"), URL)
    assert opened(jpeg).getpixel((9, 9)) == (255, 255, 255)


def test_a_picture_is_turned_upright_and_tells_no_place() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned a quarter
    exif[0x8825] = {1: "N"}  # where it was taken
    jpeg, width, height = shrunk(drawn(800, 600, exif=exif), URL)
    assert (width, height) == (600, 800)
    assert not opened(jpeg).getexif()


def bomb(width: int, height: int) -> bytes:
    """A PNG that says it is huge, in a hundred bytes."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("size", [(6000, 6000), (60_000, 60_000)])
def test_a_picture_of_too_many_pixels_is_not_unpacked(size: tuple[int, int]) -> None:
    with pytest.raises((TooMuch, SourceError)):
        shrunk(bomb(*size), URL)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg/>",
        drawn(640, 400)[:200],
        drawn(640, 400, "BMP"),
        drawn(1, 1),
        drawn(1200, 90),
        bomb(600, 400),
    ],
    ids=["nothing", "svg", "cut off", "another format", "a pixel", "a strip", "empty inside"],
)
def test_what_is_no_storys_picture_is_refused_in_one_line(data: bytes) -> None:
    with pytest.raises(SourceError) as error:
        shrunk(data, URL)
    assert "\n" not in str(error.value)


@pytest.mark.asyncio(loop_scope="module")
async def test_a_picture_is_fetched_and_hosted(site: Site, web: Web, children: Children) -> None:
    site.page("/f.jpg", drawn(2240, 1400))
    hosted = await host(Picture(site.url("/f.jpg"), alt="A ferry"), web, children, allow_private=True)
    assert hosted.picture == Picture(site.url("/f.jpg"), alt="A ferry", width=1120, height=700)
    assert hosted.jpeg.startswith(b"\xff\xd8")


@pytest.mark.asyncio(loop_scope="module")
async def test_a_picture_that_is_not_there_is_an_error(site: Site, web: Web, children: Children) -> None:
    with pytest.raises(SourceError, match="404"):
        await host(Picture(site.url("/none.jpg")), web, children, allow_private=True)
