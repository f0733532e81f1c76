"""With images = "host": collected from a feed, its picture is ours in the mail, and the file is there."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from PIL import Image

from tests.cli.conftest import CONFIG, Digest

FEED = """<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><item>
<title>Ferry comes home</title><link>https://news.example.com/ferry</link><pubDate>{date}</pubDate>
<description>The old ferry came home on Tuesday, to the cheers of a town that had given it up.</description>
<media:content url="http://{host}/ferry.jpg" width="1600" height="1000"/>
</item></channel></rss>"""


class NewsSite(BaseHTTPRequestHandler):
    """A feed of one story, and its picture."""

    def do_GET(self) -> None:
        kind = "image/jpeg" if self.path.endswith(".jpg") else "text/xml"
        body = picture() if kind == "image/jpeg" else feed(self.headers["host"])
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


def feed(host: str) -> bytes:
    return FEED.format(date=format_datetime(datetime.now(UTC)), host=host).encode()


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (1600, 1000), "#336").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), NewsSite)
    threading.Thread(target=server.serve_forever).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_pictures_way_from_a_feed_into_the_mail(digest: Digest, tmp_path: Path, address: str) -> None:
    (tmp_path / "config").mkdir()
    source = f'[[sources]]\nname = "wire"\nurl = "{address}/feed"\nallow_private = true\nsection = "World"\n'
    (tmp_path / "config" / "digest.toml").write_text(f'images = "host"\n{CONFIG}{source}')
    assert digest("collect").code == 0
    [file] = (tmp_path / "var" / "pictures").iterdir()
    assert Image.open(io.BytesIO(file.read_bytes())).size == (1120, 700)
    assert digest("preview", "--out", "today.html").code == 0
    mail = (tmp_path / "today.html").read_text()
    assert f'src="https://digest.example.com/pictures/{file.name}"' in mail
    assert address not in mail
