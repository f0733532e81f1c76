from __future__ import annotations

import pytest

from digest.collect.opml import parse_opml
from digest.errors import SourceError
from digest.model import Source

LIST = b"""<opml version="2.0"><head><title>Feeds</title></head><body>
<outline text="World"><outline type="rss" text="Example News" xmlUrl="https://www.example.com/rss"/>
  <outline type="rss" text="Example News" xmlUrl="https://www.example.org/rss"/></outline>
<outline type="rss" text="Again" xmlUrl="https://www.example.com/rss"/>
<outline type="rss" text="Bad" xmlUrl="file:///etc/passwd"/>
<outline type="rss" text="" xmlUrl="https://example.net/feed.xml"/>
</body></opml>"""


def test_every_feed_becomes_a_source_once_with_its_folder_as_section() -> None:
    assert parse_opml(LIST) == (
        Source("example-news", url="https://www.example.com/rss", section="World"),
        Source("example-news-2", url="https://www.example.org/rss", section="World"),
        Source("example-net-feed-xml", url="https://example.net/feed.xml"),
    )


@pytest.mark.parametrize("data", [b"", b"<rss/>", b"<opml><body/></opml>", b"no xml"])
def test_what_lists_no_feeds_is_refused(data: bytes) -> None:
    with pytest.raises(SourceError):
        parse_opml(data)


def test_titles_in_other_scripts_get_names_as_well() -> None:
    feeds = [f'<outline text="{title}" xmlUrl="https://example.com/{title}"/>' for title in "報朝晩"]
    sources = parse_opml(f"<opml><body>{''.join(feeds)}</body></opml>".encode())
    assert [source.name for source in sources] == ["feed", "feed-2", "feed-3"]
