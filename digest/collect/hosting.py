"""Pictures served by ourselves (`images = "host"`): fetched once, checked, made a JPEG of a mail's width."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from digest.collect.answer import declined
from digest.collect.children import Children
from digest.collect.http import Web
from digest.collect.pictures import WANTED, usable
from digest.errors import SourceError, TooMuch
from digest.model import Picture

if TYPE_CHECKING:
    from PIL import Image

BYTES = 10_000_000
PIXELS = 30_000_000  # a 24 megapixel camera's picture passes, a bomb does not
QUALITY = 80
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")  # a decoder that is not named is a decoder that cannot be attacked


@dataclass(frozen=True, slots=True)
class Hosted:
    """A picture as it is to be stored: its JPEG, and the Picture with the JPEG's own width and height."""

    picture: Picture
    jpeg: bytes


async def host(picture: Picture, web: Web, children: Children, *, allow_private: bool = False) -> Hosted:
    """Fetch a picture and shrink it in a child process.

    Raises SourceError where there is none, TooMuch over the limits; then the story goes without.
    """
    answer = await web.get(picture.url, allow_private=allow_private, size=BYTES)
    if answer.status != 200:
        raise declined(answer)
    jpeg, width, height = await children.run(shrunk, answer.body, picture.url)
    return Hosted(replace(picture, width=width, height=height), jpeg)


def shrunk(data: bytes, url: str) -> tuple[bytes, int, int]:
    """The picture as an RGB JPEG at most 1120 px wide, upright, without EXIF; and its width and height."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            if image.width * image.height > PIXELS:
                raise TooMuch(f"{url}: {image.width} x {image.height} pixels; at most {PIXELS:,} are read")
            if not usable(Picture(url, width=image.width, height=image.height)):
                raise SourceError(f"{url}: {image.width} x {image.height} is no shape for a story's picture")
            image.draft("RGB", (WANTED, WANTED))  # lets a JPEG be read at a fraction of its size
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((WANTED, WANTED * 2))
            small = _on_white(upright)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise SourceError(f"{url}: not a picture that can be read: {error}") from error
    jpeg = io.BytesIO()
    small.save(jpeg, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return jpeg.getvalue(), small.width, small.height


def _on_white(image: Image.Image) -> Image.Image:
    """JPEG knows no transparency; what shows through is paper."""
    from PIL import Image

    if not image.has_transparency_data:
        return image.convert("RGB")
    layered = image.convert("RGBA")
    paper = Image.new("RGBA", layered.size, "white")
    return Image.alpha_composite(paper, layered).convert("RGB")
