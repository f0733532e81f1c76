"""Pages made to hurt end soon and in little memory; each test's time limit is far above what it takes."""

from __future__ import annotations

import subprocess
import sys

import pytest

from digest.model import Document
from digest.summarise import summarise
from tests.summarise.newsroom import LEAD, NEXT

BOMB = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
HOSTILE = {
    "nested divs": ("html", "<div>" * 200_000 + f"<p>{LEAD}</p>"),
    "nested spans": ("html", "<span>" * 200_000 + LEAD),
    "one line of words": ("html", f"<p>{'word ' * 2_000_000}</p>"),
    "one line of text": ("text", "word " * 2_000_000),
    "one word": ("text", "a" * 10_000_000),
    "entity bomb": ("html", f'<!DOCTYPE x [<!ENTITY l0 "lol">{BOMB}]><p>&l9; {LEAD}</p>'),
    "line breaks": ("html", "<br>" * 500_000),
    "paragraphs": ("html", f"<p>{LEAD}</p>" * 50_000),
    "lines": ("text", f"{NEXT}\n" * 50_000),
    "attributes": ("html", f"<p {' '.join(f'a{n}=1' for n in range(200_000))}>{LEAD}</p>"),
    "open tags": ("entry", "<" * 1_000_000),
    "ampersands": ("entry", "&amp;" * 500_000 + "lt;p&gt;"),
    "brackets": ("text", "[" * 500_000 + "](" * 100_000),
    "stars": ("text", "*a " * 300_000 + "_" * 300_000),
    "deep JSON": ("html", f'<script type="application/ld+json">{"[" * 100_000}</script>'),
    "surrogates": ("html", f"<p>\ud800 {LEAD}</p>"),
}


@pytest.mark.timeout(20)
@pytest.mark.parametrize(("kind", "text"), HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_page_ends(kind: str, text: str) -> None:
    assert len(summarise(Document(kind, text)).lead) <= 600


def test_nul_characters_are_nothing() -> None:
    text = "".join(f"<p>{paragraph.replace('o', 'o' + chr(0))}</p>" for paragraph in (LEAD, NEXT))
    assert summarise(Document("html", text)).lead == LEAD


MEASURE = """
import resource
from digest.model import Document
from digest.summarise import summarise
summarise(Document("html", "<p>The council voted to close the bridge.</p>"))
pages = [("html", "<p>" + "word " * 2_000_000), ("html", "<div>" * 200_000), ("html", "<br>" * 500_000)]
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for kind, text in pages:
    summarise(Document(kind, text))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_hostile_pages_take_little_memory() -> None:
    grown = subprocess.run(
        [sys.executable, "-c", MEASURE], capture_output=True, text=True, check=True, timeout=60
    )
    unit = 1 if sys.platform == "darwin" else 1024  # ru_maxrss counts bytes there, kilobytes here
    assert int(grown.stdout) * unit < 200 * 1024 * 1024
